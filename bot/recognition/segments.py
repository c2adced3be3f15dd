"""The parts of a post that may each hold a question of their own: sentences and list items, without error bodies."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.extraction.report import Report, Span
from bot.knowledge.phrases import Phrases, is_spaceless

#: Parts with fewer words say too little to be a problem of their own.
MIN_WORDS = 3
MAX_SEGMENTS = 8
MAX_LENGTH = 400
#: Characters within which a second thing is announced.
MORE_WITHIN = 3000
# Line breaks, ends of sentences, items of a list in a line. A run of blanks is read from its start only, and never
# given back: otherwise its length would count twice.
_ENDS = r"\n+|(?<=[.!?;])\s++|[。！？；]|\s(?=\(?(?:\d|[a-d])[.)]\s)"
#: How people number two things.
_FIRST, _NEXT = (
    re.compile(rf"(?<![\w.])\(?(?:{mark})[.):]\s|\b{word}\b", re.IGNORECASE)
    for mark, word in (("1|a", "q1"), ("2|b", "q2"))
)
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"(?<!\S)\S+://\S*")


class Segmenter:
    """Knows, beside signs and numbers, the words in which people go on to a further thing. Compiled once."""

    def __init__(self, phrases: Phrases | None = None) -> None:
        goes_on, announces = (phrases.goes_on, phrases.announces_more) if phrases is not None else ((), ())
        wide = _any_of(phrase for phrase in goes_on if is_spaceless(phrase))
        spaced = _any_of(phrase for phrase in goes_on if not is_spaceless(phrase))
        self._border = re.compile(
            rf"{_ENDS}|(?:[,，]|(?<![\s,，]))\s*+(?={wide})|(?:,|(?<![\s,]))\s++(?={spaced})",
        )
        anywhere = _any_of(phrase for phrase in announces if is_spaceless(phrase))
        words = _any_of(phrase for phrase in announces if not is_spaceless(phrase))
        self._more = re.compile(rf"(?<!\w)(?:{words})|{anywhere}", re.IGNORECASE)

    def segments(self, report: Report, proved: Sequence[Span] = ()) -> list[Span]:
        """At most `MAX_SEGMENTS` spans of the body text, in order, around what is proved already.

        None when the post is one sentence anyway, that is when nothing borders on it.
        """
        taken = sorted((*proved, *report.attached, *(e.span for e in report.errors if e.is_structured)))
        pieces = [rest for part in self._sentences(report) for rest in _without(part, taken)]
        pieces = [rest for rest in pieces if report.text[rest.start : rest.end].strip()]
        found = [Span(p.start, min(p.end, p.start + MAX_LENGTH)) for p in pieces]
        found = [span for span in found if _says_something(report.text[span.start : span.end])]
        return found[:MAX_SEGMENTS] if len(pieces) > 1 else []

    def announces_more(self, report: Report) -> bool:
        """Whether the asker says that there is more than one thing, or numbers them."""
        text = report.text[:MORE_WITHIN]
        first = _FIRST.search(text)
        is_numbered = first is not None and _NEXT.search(text, first.end()) is not None
        return is_numbered or self._more.search(text) is not None

    def _sentences(self, report: Report) -> Iterator[Span]:
        at = report.title_length
        for number, match in enumerate(self._border.finditer(report.text, at)):
            if number > 4 * MAX_SEGMENTS:
                break
            yield Span(at, match.start())
            at = match.end()
        yield Span(at, len(report.text))


def _any_of(phrases: Iterable[str]) -> str:
    """A pattern that looks at a first letter once for all phrases that begin with it; it matches nothing for none."""
    by_letter: dict[str, list[str]] = {}
    for phrase in phrases:
        by_letter.setdefault(phrase[0], []).append(_behind_first_letter(phrase))
    return "|".join(f"{_star_or(first)}(?:{'|'.join(rest)})" for first, rest in by_letter.items()) or "(?!)"


def _behind_first_letter(phrase: str) -> str:
    words = [r"\w+" if word == "*" else "".join(map(_star_or, word)) for word in phrase[1:].split(" ")]
    is_word_to_its_end = not is_spaceless(phrase) and (phrase[-1].isalnum() or phrase[-1] == "*")
    return " ".join(words) + (r"(?!\w)" if is_word_to_its_end else "")


def _star_or(letter: str) -> str:
    """In a word: it may begin with, or go on in, whatever letters."""
    return r"\w*" if letter == "*" else re.escape(letter)


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
