"""Ids of single requests and how long to wait: identifiers whose shape alone tells what they are."""

import re
from functools import lru_cache

from bot.extraction.report import Found, Span, Vocabulary

_RETRY_AFTER = re.compile(
    r"""retry[-_ ]?after(?:_seconds(?:_raw)?)?["'\\]{0,4}\s{0,3}[:=]?\s{0,3}["'\\]{0,4}"""
    r"""(\d{1,6}(?:\.\d{1,6})?)(?!\d)\s{0,2}(ms\b|m(?:in(?:utes?)?)?\b|h(?:ours?)?\b)?""",
    re.IGNORECASE,
)
_UNITS = {"": 1.0, "ms": 0.001, "m": 60.0, "h": 3600.0}


@lru_cache(maxsize=16)
def _patterns(vocabulary: Vocabulary, kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(shape.pattern) for shape in vocabulary.id_shapes if shape.kind == kind)


def find_ids(kind: str, view: str, vocabulary: Vocabulary) -> tuple[Found[str], ...]:
    """Every id of this kind, once, where it stands first."""
    found: dict[str, Found[str]] = {}
    for pattern in _patterns(vocabulary, kind):
        for match in pattern.finditer(view):
            found.setdefault(match[0], Found(value=match[0], span=Span(*match.span())))
    return tuple(sorted(found.values(), key=lambda one: one.span))


def find_retry_after(view: str) -> Found[float] | None:
    match = _RETRY_AFTER.search(view)
    if not match:
        return None
    unit = (match[2] or "").lower()
    seconds = float(match[1]) * _UNITS["ms" if unit == "ms" else unit[:1]]
    return Found(value=seconds, span=Span(*match.span()))
