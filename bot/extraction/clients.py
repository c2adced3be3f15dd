"""Which program the asker uses: by what only its output has, else by its name."""

from functools import lru_cache

from bot.extraction.report import Found, Span, Vocabulary
from bot.extraction.words import Terms, Words


@lru_cache(maxsize=4)
def _names(vocabulary: Vocabulary) -> tuple[Terms, dict[str, str], tuple[tuple[str, str], ...]]:
    by_alias = {alias: client.name for client in vocabulary.clients for alias in client.aliases}
    signs = [(sign, client.name) for client in vocabulary.clients for sign in client.signs]
    return Terms(by_alias), by_alias, tuple(sorted(signs, key=lambda row: -len(row[0])))


def find_client(view: str, words: Words, vocabulary: Vocabulary) -> Found[str] | None:
    """A name that somebody typed is worth more than output: SDKs print the same lines inside many programs."""
    terms, by_alias, signs = _names(vocabulary)
    for hit in terms.find(words):
        typed = view[hit.span.start : hit.span.end]
        if _is_named(typed, hit.term) and not _is_in_link(view, hit.span.start):
            return Found(value=by_alias[hit.term], span=hit.span)
    for sign, name in signs:
        start = view.find(sign)
        if start >= 0:
            return Found(value=name, span=Span(start, start + len(sign)))
    return None


def _is_named(typed: str, alias: str) -> bool:
    """A name with capitals is also a word of everyday language, or short, and must be typed like that.

    Zed, Goose, ST.
    """
    return typed == alias if alias[0].isupper() and len(alias.split()) == 1 else True


def _is_in_link(view: str, start: int) -> bool:
    before = view[max(0, start - 200) : start]
    return "://" in before.rsplit(maxsplit=1)[-1] if before and not before[-1].isspace() and before.split() else False
