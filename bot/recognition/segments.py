"""The parts of a post that may each hold a question of their own: sentences and list items, without error bodies."""

import re
from collections.abc import Iterator, Sequence

from bot.extraction.report import Report, Span

#: Parts with fewer words say too little to be a problem of their own.
MIN_WORDS = 3
MAX_SEGMENTS = 8
MAX_LENGTH = 400
#: Characters within which a second thing is announced.
MORE_WITHIN = 3000
# Line breaks, ends of sentences, items of a list in a line, and the words that open a second thing.
# A run of blanks is read from its start only, and never given back: otherwise its length would count twice.
_BREAK = re.compile(
    r"\n+|(?<=[.!?;])\s++|[。！？；]|\s(?=\(?(?:\d|[a-d])[.)]\s)|(?:[,，]|(?<![\s,，]))\s*+(?=另外|还有|顺便)"
    r"|(?:,|(?<![\s,]))\s++(?=(?:also|btw|plus|AND|another thing|second|außerdem|también|aussi"
    r"|também|anche|также|ayrıca|juga)\b)"
)
#: How people number two things, and in which words they go on to a second one.
_FIRST, _NEXT = (
    re.compile(rf"(?<![\w.])\(?(?:{mark})[.):]\s|\b{word}\b", re.IGNORECASE)
    for mark, word in (("1|a", "q1"), ("2|b", "q2"))
)
_MORE = re.compile(
    r"\b(?:also|another (?:thing|one|question|issue|problem)|second(?:ly)?[,: ]|separate(?:ly)?|unrelated|one more"
    r"|oh,? and|in addition"
    r"|(?:two|2|couple of|few) (?:\w{1,12} )?(?:things|questions|issues|problems|matters|qs)|besides|on top of that"
    r"|btw|meanwhile|(?:other|next) (?:question|thing|issue|problem)|first(?:ly| off)?(?=[:,])"
    r"|zweitens|außerdem|noch (?:was|eine frage)|zwei (?:sachen|fragen|dinge|probleme)"
    r"|segundo|además|también|dos (?:cosas|preguntas|dudas)|deuxièmement|aussi|par ailleurs|deux (?:choses|questions)"
    r"|também|além disso|duas (?:coisas|dúvidas|perguntas)|inoltre|anche|due (?:cose|domande)"
    r"|также|ещё|во-вторых|два (?:вопроса|момента)|poza tym|po drugie|ikinci(?:si)?|ayrıca|iki (?:sorun|soru|şey)"
    r"|juga|kedua|satu lagi|dua hal)\b"
    r"|第二|另外|还有|两个(?:问题|事)|二つ|もう一つ|それと|두 가지|그리고 또|ثانيا|أيضا|दूसर|और एक",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"(?<!\S)\S+://\S*")


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


def announces_more(report: Report) -> bool:
    """Whether the asker says that there is more than one thing, or numbers them."""
    text = report.text[:MORE_WITHIN]
    first = _FIRST.search(text)
    return _MORE.search(text) is not None or (first is not None and _NEXT.search(text, first.end()) is not None)


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
