"""Models that people call by a name without its author, where the name can mean only one id of the catalogue."""

import re
from collections.abc import Sequence

from bot.extraction.catalogue_index import index_of
from bot.extraction.report import Catalogue, Found, Span

_MAX_WORDS = 6
# The pieces that `name_words` makes of an id, with what may stand between them in speech.
_PIECE = re.compile(r"[a-z]+|\d+(?:\.\d+)*[a-z]?(?![a-z])")


def find_spoken_models(view: str, typed: Sequence[Found[str]], catalogue: Catalogue) -> tuple[Found[str], ...]:
    """`value` is the id that is meant; the longest name that fits counts: "gpt-6 mini" is not gpt-6."""
    by_name = index_of(catalogue).by_name
    lowered = view.lower()
    if len(lowered) != len(view):
        return ()
    pieces = list(_PIECE.finditer(lowered))
    starts = {name[0] for name in by_name}
    found: dict[str, Found[str]] = {}
    at = 0
    for index, piece in enumerate(pieces):
        if index < at or piece[0] not in starts or any(one.span.start <= piece.start() < one.span.end for one in typed):
            continue
        run = _run(lowered, pieces, index)
        for length in range(len(run), 1, -1):
            model_id = by_name.get(tuple(run[:length]))
            if model_id and lowered[piece.start() - 1 : piece.start()] != "/":
                span = Span(piece.start(), pieces[index + length - 1].end())
                found.setdefault(model_id, Found(value=model_id, span=span))
                at = index + length
                break
    return tuple(found.values())


def _run(lowered: str, pieces: list[re.Match[str]], index: int) -> list[str]:
    """The pieces from `index` on that stand side by side."""
    run = [pieces[index][0]]
    for before, after in zip(
        pieces[index : index + _MAX_WORDS - 1], pieces[index + 1 : index + _MAX_WORDS], strict=False
    ):
        if after.start() - before.end() > 1 or lowered[before.end() : after.start()] not in ("", " ", "-"):
            break
        run.append(after[0])
    return run
