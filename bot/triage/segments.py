"""The parts of a post that may each hold a question of their own: sentences and list items, without error bodies."""

import re

from bot.extraction.report import Report, Span

#: Parts with fewer words say too little to be a problem of their own.
MIN_WORDS = 4
MAX_SEGMENTS = 8
_BREAK = re.compile(r"\n+|(?<=[.!?。！？])\s+|[。！？]")
_WORD = re.compile(r"\w+")


def segments(report: Report) -> list[Span]:
    """At most `MAX_SEGMENTS` spans of the body text, in order; none when the post is one sentence anyway."""
    found: list[Span] = []
    at = report.title_length
    for match in _BREAK.finditer(report.text, at):
        _add(found, report, at, match.start())
        at = match.end()
        if len(found) > MAX_SEGMENTS:
            break
    _add(found, report, at, len(report.text))
    return found[:MAX_SEGMENTS] if len(found) > 1 else []


def _add(found: list[Span], report: Report, start: int, end: int) -> None:
    if any(e.is_structured and e.span.start < end and start < e.span.end for e in report.errors):
        return
    part = report.text[start:end]
    is_wide = not part.isascii() and len(part.strip()) >= 2 * MIN_WORDS
    if is_wide or len(_WORD.findall(part, 0, 400)) >= MIN_WORDS:
        found.append(Span(start, min(end, start + 400)))
