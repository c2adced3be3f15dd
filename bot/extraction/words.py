"""A text as words with their places, and a dictionary of terms of several words that finds itself in them.

What a term means is not known here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.extraction.report import Span

#: Letters of scripts that put no space between words (Thai to Hangul, without the Latin and Greek among them): a Latin
#: name glued to them is a word of its own, as in "用Acme的时候".
_SPACELESS = "\u0e00-\u1dff\u2e80-\ud7ff\uf900-\ufaff"
_WORD = re.compile(rf"[^\W_{_SPACELESS}]+|(?:(?=[^\W_])[{_SPACELESS}])+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Runs of letters and digits, lower case."""

    text: str
    forms: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, view: str) -> "Words":
        starts = tuple(match.start() for match in _WORD.finditer(view))
        return cls(text=view, forms=tuple(form.lower() for form in _WORD.findall(view)), starts=starts)

    def end(self, index: int) -> int:
        # Lower case can be longer than what was typed (İ), so the end is read off the text.
        match = _WORD.match(self.text, self.starts[index])
        assert match is not None
        return match.end()

    def span(self, first: int, last: int) -> Span:
        return Span(self.starts[first], self.end(last))


@dataclass(frozen=True, slots=True, kw_only=True)
class TermHit:
    term: str
    span: Span


class Terms:
    """Terms that stand in a text word for word; of two that begin at one place the longer one is found."""

    def __init__(self, terms: Iterable[str]) -> None:
        found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for term in dict.fromkeys(terms):
            forms = tuple(form.lower() for form in _WORD.findall(term))
            if forms:
                found.setdefault(forms[0], []).append((forms, term))
        self._by_first: Mapping[str, list[tuple[tuple[str, ...], str]]] = {
            first: sorted(rows, key=lambda row: -len(row[0])) for first, rows in found.items()
        }

    def find(self, words: Words) -> Iterator[TermHit]:
        by_first, forms = self._by_first, words.forms
        at = 0
        for index in [index for index, form in enumerate(forms) if form in by_first]:
            if index < at:
                continue
            for wanted, term in by_first[forms[index]]:
                last = index + len(wanted) - 1
                if forms[index : last + 1] == wanted and (len(wanted) == 1 or self._is_close(words, index, last)):
                    yield TermHit(term=term, span=words.span(index, last))
                    at = last + 1
                    break

    @staticmethod
    def _is_close(words: Words, first: int, last: int) -> bool:
        """Nothing but one sign between the words.

        "Z.AI", "io-net", not the end of one sentence and the start of the next.
        """
        return all(words.starts[index + 1] - words.end(index) <= 1 for index in range(first, last))
