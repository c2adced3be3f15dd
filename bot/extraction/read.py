"""Puts the readers together: one post in, one Report out.

Masking comes first, so that nothing behind it ever sees a secret.
"""

import re
from dataclasses import replace

from bot.extraction.attached import Kind, find_attached
from bot.extraction.clients import find_client
from bot.extraction.error_bodies import find_bodies
from bot.extraction.error_lines import find_lines
from bot.extraction.identifiers import find_ids, find_retry_after
from bot.extraction.layers import find_layer
from bot.extraction.masking import Masked, mask
from bot.extraction.model_ids import find_model_ids
from bot.extraction.normalise import folded, plain_view
from bot.extraction.providers import find_providers
from bot.extraction.quotes import find_quotes
from bot.extraction.report import Catalogue, ErrorBody, Report, Vocabulary
from bot.extraction.spoken_models import find_spoken_models
from bot.extraction.status_codes import find_status_codes
from bot.extraction.words import Words

_MAX_TITLE_CHARS = 1000
_WORD = re.compile(r"[^\W\d_]{2,}")
#: First letters of words that people put before an error when they make a title of it.
_HEADING_WORDS = frozenset({"error", "reque", "inval", "messa", "api"})


def read(title: str, text: str, vocabulary: Vocabulary, catalogue: Catalogue, *, salt: bytes = b"") -> Report:
    """Everything that a post says. `salt` makes fingerprints of secrets worthless to whoever does not have it."""
    title = folded(title)[:_MAX_TITLE_CHARS]
    masked = mask(f"{title}\n\n{text}" if title else text, vocabulary, salt=salt)
    view = plain_view(masked.text)
    words = Words.of(view)
    statuses = find_status_codes(view)
    bodies = find_bodies(view)
    errors = _once([*bodies, *find_lines(view, words, bodies, statuses, vocabulary)])
    models = find_model_ids(view, vocabulary, catalogue)
    return Report(
        text=masked.text,
        title_length=_title_length(title, masked, vocabulary),
        was_cut=masked.was_cut,
        secrets=masked.secrets,
        errors=errors,
        status_codes=statuses,
        model_ids=models,
        spoken_models=find_spoken_models(view, models, catalogue),
        providers=find_providers(view, words, bodies, models, vocabulary),
        generation_ids=find_ids("generation", view, vocabulary),
        request_ids=find_ids("request", view, vocabulary),
        retry_after_s=find_retry_after(view),
        client=find_client(view, words, vocabulary),
        refused_by=find_layer(view, errors, vocabulary),
        quoted=find_quotes(masked.text),
        pictured=find_attached(masked.text, Kind.PICTURE),
        filed=find_attached(masked.text, Kind.FILE),
    )


def _title_length(title: str, masked: Masked, vocabulary: Vocabulary) -> int:
    alone = mask(title, vocabulary).text if title else ""
    # A key that goes on from the title into the text took the blank line between them with it.
    return len(alone) if masked.text.startswith(alone) else min(len(alone), len(masked.text))


def _once(errors: list[ErrorBody]) -> tuple[ErrorBody, ...]:
    """Without repetitions: the same words in the title, in a retry, or in a shorter form say nothing new."""
    kept: list[ErrorBody] = []
    for error in sorted(errors, key=lambda body: (not body.is_structured, -len(body.message))):
        twin = next((place for place, other in enumerate(kept) if _repeats(error, other)), None)
        if twin is None:
            kept.append(error)
        elif kept[twin].message.endswith(("...", "…")) and len(error.message) > len(kept[twin].message):
            kept[twin] = replace(kept[twin], message=error.message)
    return tuple(sorted(kept, key=lambda body: body.span))


def _repeats(error: ErrorBody, other: ErrorBody) -> bool:
    if error.is_structured and error.status not in (None, other.status):
        return False
    plain, known = _plain(error.message), _plain(other.message)
    if plain in known or (other.message.endswith(("...", "…")) and len(known) > 12 and plain.startswith(known)):
        return True
    return not error.is_structured and (
        _is_retold(error, other) or any(plain in _plain(outer) for outer in other.outer_messages)
    )


def _is_retold(error: ErrorBody, other: ErrorBody) -> bool:
    """Nearly all its words stand in the other one too: somebody's own spelling, or a body's words cut short."""
    mine, theirs = ({word[:5] for word in _WORD.findall(body.message.lower())} for body in (error, other))
    mine -= _HEADING_WORDS
    if mine <= theirs:
        return bool(mine)
    return len(mine) >= (2 if other.is_structured else 4) and len(mine - theirs) <= len(mine) // 6


def _plain(message: str) -> str:
    return "".join(character for character in message.lower() if character.isalnum())
