"""The parts of a post that may each hold a question of their own: sentences and list items, without error bodies."""

import re
from collections.abc import Iterator, Sequence

from bot.extraction.report import Report, Span

#: Parts with fewer words say too little to be a problem of their own.
MIN_WORDS = 3
MAX_SEGMENTS = 8
MAX_LENGTH = 400
# Line breaks, ends of sentences, items of a list in a line, and the words that open a second thing.
# A run of blanks is read from its start only, and never given back: otherwise its length would count twice.
_BREAK = re.compile(
    r"\n+|(?<=[.!?;])\s++|[。！？；]|\s(?=\(?(?:\d|[a-d])[.)]\s)|(?:[,，]|(?<![\s,，]))\s*+(?=另外|还有|顺便)"
    r"|(?:,|(?<![\s,]))\s++(?=(?:also|btw|plus|AND|another thing|second|außerdem|también|aussi|também|anche|также|ayrıca|juga)\b)"
)
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"\S+://\S*")


def segments(report: Report, proved: Sequence[Span] = ()) -> list[Span]:
    """At most `MAX_SEGMENTS` spans of the body text, in order, around what is proved already.

    None when the post is one sentence anyway, that is when nothing borders on it.
    """
    taken = sorted((*proved, *report.attached, *(e.span for e in report.errors if e.is_structured)))
    pieces = [rest for part in _sentences(report) for rest in _without(part, taken)]
    pieces = [rest for rest in pieces if report.text[rest.start : rest.end].strip()]
    found = [Span(p.start, min(p.end, p.start + MAX_LENGTH)) for p in pieces]
    found = [span for span in found if _says_something(report.text[span.start : span.end])]
    return found[:MAX_SEGMENTS] if len(pieces) > 1 else []


def _sentences(report: Report) -> Iterator[Span]:
    at = report.title_length
    for number, match in enumerate(_BREAK.finditer(report.text, at)):
        if number > 4 * MAX_SEGMENTS:
            break
        yield Span(at, match.start())
        at = match.end()
    yield Span(at, len(report.text))


def _without(part: Span, taken: Sequence[Span]) -> Iterator[Span]:
    """What stands before, between and behind these in a sentence."""
    at = part.start
    for span in taken:
        if span.start < part.end and at < span.end:
            yield Span(at, max(at, span.start))
            at = max(at, span.end)
    yield Span(min(at, part.end), part.end)


def _says_something(text: str) -> bool:
    text = _ADDRESS.sub("", text)
    is_wide = not text.isascii() and len(text.strip()) >= 2 * MIN_WORDS
    return is_wide or len(_WORD.findall(text)) >= MIN_WORDS
