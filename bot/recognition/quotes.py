"""The asker's own line around a piece of evidence: short, whole, without the JSON that surrounds it."""

import re

from bot.extraction.report import Span
from bot.recognition.tokens import words

#: Longest line that is quoted.
MAX_QUOTE = 160
#: Words of a sentence that prove something by themselves.
TELLING_WORDS = 3
_STOP = re.compile(r"(?<=[^\d\s])[.!?](?=\s)")
# What an error's sentence ends at: quotes, braces, line breaks (also escaped), and the end of a sentence.
_END = re.compile(r"""\\+["'nr]|["“”{}\[\]\n\r`|⏎]|(?:(?<=[^\d\s])|(?<=\d\d))[.!?。！？](?=\s)""")
# It begins behind one of these, or behind a colon; a colon inside it stands before the numbers that prove it.
_BEGIN = re.compile(_END.pattern + r"|(?<=[:：])\s")


def clause_around(text: str, span: Span) -> Span:
    """The clause that these words belong to, at most `MAX_QUOTE` characters around them.

    Words that run over several sentences prove with the first one that says something.
    """
    for stop in _STOP.finditer(text, span.start, span.end):
        if len(words(text[span.start : stop.start()])) >= TELLING_WORDS:
            span = Span(span.start, stop.start())
            break
    low, high = max(0, span.start - MAX_QUOTE), min(len(text), span.end + MAX_QUOTE)
    start = max((m.end() for m in _BEGIN.finditer(text, low, span.start) if m.end() <= span.start), default=low)
    after = next(_END.finditer(text, span.end, high), None)
    end = after.start() if after else high
    if end - start > MAX_QUOTE:
        start, end = _shortened(text, span, start, end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
        end -= 1
    return Span(start, end)


def _shortened(text: str, span: Span, start: int, end: int) -> tuple[int, int]:
    """Cuts at word boundaries, first behind the evidence and then before it."""
    end = min(end, max(span.end, start + MAX_QUOTE))
    if end - start > MAX_QUOTE:
        start = max(start, min(span.start, end - MAX_QUOTE))
    if end - start > MAX_QUOTE:
        end = start + MAX_QUOTE
    if end < len(text) and not text[end].isspace():
        space = text.rfind(" ", max(span.end, start + 1), end)
        end = space if space > start else end
    return start, end
