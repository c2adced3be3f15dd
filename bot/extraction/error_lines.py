"""Error messages outside of bodies, chosen from known sentences, printed lines and quoted words.

Each place is read once.
"""

import re
from collections.abc import Iterator, Sequence

from bot.extraction import printed_lines
from bot.extraction.error_bodies import error_body
from bot.extraction.error_sentences import SentenceHit, find_sentences
from bot.extraction.json_text import unescaped
from bot.extraction.normalise import folded
from bot.extraction.report import ErrorBody, Found, Span, Vocabulary
from bot.extraction.words import Words

_LINE = re.compile(r"[^\n]+")
_MAX_LINES = 400
_MAX_LINE = 2000


def find_lines(
    view: str, words: Words, bodies: Sequence[ErrorBody], statuses: Sequence[Found[int]], vocabulary: Vocabulary
) -> list[ErrorBody]:
    """Messages outside of `bodies`, the surest first; a place is read once."""
    taken = [Span(_lead_of_body(view, body.span.start), body.span.end) for body in bodies]
    found: list[ErrorBody] = []
    sentences = find_sentences(words, vocabulary)
    for span in _candidates(view, sentences):
        _add(found, taken, span, view, statuses)
    return _without_mere_reasons(found, bodies)


def _add(found: list[ErrorBody], taken: list[Span], span: Span, view: str, statuses: Sequence[Found[int]]) -> None:
    if any(span.start < other.end and other.start < span.end for other in taken):
        return
    message = _without_quotes(folded(unescaped(view[span.start : span.end])))
    if len(message) >= 4:
        taken.append(span)
        found.append(error_body([message], span=span, status=_status_at(span, view, statuses)))


def _lead_of_body(view: str, start: int) -> int:
    """What a program prints in front of a body on its line is no message of its own."""
    line_start = max(view.rfind("\n", 0, start) + 1, start - 200)
    return printed_lines.start_of_lead(view, line_start, start)


def _without_quotes(message: str) -> str:
    """Without the quotes around it; one that closes a quotation inside it stays."""
    message = message.lstrip("\"'`* ")
    while message and (message[-1] == "*" or (message[-1] in "\"'`" and message.count(message[-1]) % 2)):
        message = message[:-1].rstrip()
    return message


def _candidates(view: str, sentences: Sequence[SentenceHit]) -> Iterator[Span]:
    yield from (_to_closing(hit.span, view) for hit in sentences if not hit.is_word)
    for number, line in enumerate(_LINE.finditer(view)):
        if number == _MAX_LINES:
            break
        yield from printed_lines.messages_on_line(view, line.start(), min(line.end(), line.start() + _MAX_LINE))
    yield from printed_lines.announced_messages(view)
    yield from printed_lines.quoted_messages(view)
    yield from (hit.span for hit in sentences if hit.is_word and not printed_lines.is_field_value(view, hit.span))


def _to_closing(span: Span, view: str) -> Span:
    """A sentence's own full stop or closing bracket belongs to it."""
    end = span.end
    while end < len(view) and view[end] in ").!'" and end - span.end < 3:
        end += 1
    return Span(span.start, end)


def _status_at(span: Span, view: str, statuses: Sequence[Found[int]]) -> int | None:
    """The code in front of the message on its line."""
    line_start = view.rfind("\n", 0, span.start) + 1
    before = [code.value for code in statuses if line_start <= code.span.start < span.end]
    return before[-1] if before else None


def _without_mere_reasons(found: list[ErrorBody], bodies: Sequence[ErrorBody]) -> list[ErrorBody]:
    """A bare "404 Not Found" counts only where nothing says more about that code, "API Request Failed" likewise."""
    if any(error.message and not printed_lines.is_wrapper(error.message) for error in (*found, *bodies)):
        found = [error for error in found if not printed_lines.is_wrapper(error.message)]
    telling = {error.status for error in (*found, *bodies) if not printed_lines.is_mere_reason(error.message)}
    return [
        error
        for error in found
        if not (
            printed_lines.is_mere_reason(error.message) and (error.status in telling or (telling and not error.status))
        )
    ]
