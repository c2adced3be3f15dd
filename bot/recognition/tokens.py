"""Text as tokens with places: the form in which rules and phrases are matched, blind to case and punctuation."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.extraction.report import Span

# Latin words and numbers apart from other scripts: an error stands inside a Chinese sentence without a space.
_TOKEN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
# An escaped line break inside a pasted body would glue its letter to the next word.
# Possessive, from the first back-slash of a run only: a megabyte of back-slashes is read once.
_ESCAPES = re.compile(r"(?<!\\)\\++[nrt](?=\W|[a-z])")


def words(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text.lower()))


def unescaped(text: str) -> str:
    """As many characters, with spaces where a body that was pasted escaped its line breaks."""
    return _ESCAPES.sub(lambda m: " " * len(m.group()), text)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text. `starts` and `ends` are character places in the text as it was given."""

    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    places: dict[str, list[int]]  # token -> its positions in `words`

    @classmethod
    def of(cls, text: str) -> "Tokens":
        found: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        places: dict[str, list[int]] = {}
        # `lower` may change the length of a few letters; spans then would drift, so those texts keep their case.
        lowered = text.lower()
        lowered = lowered if len(lowered) == len(text) else text
        lowered = unescaped(lowered)
        for match in _TOKEN.finditer(lowered):
            places.setdefault(match.group(), []).append(len(found))
            found.append(match.group())
            starts.append(match.start())
            ends.append(match.end())
        return cls(found, starts, ends, places)

    def occurrences(self, phrase: Sequence[str]) -> Iterator[int]:
        """Positions at which these words follow one another."""
        size = len(phrase)
        if not all(word in self.places for word in phrase):
            return
        for at in self.places[phrase[0]]:
            if tuple(self.words[at : at + size]) == tuple(phrase):
                yield at

    def contains(self, phrase: Sequence[str]) -> bool:
        return next(self.occurrences(phrase), None) is not None

    def span(self, first: int, last: int) -> Span:
        """From the beginning of token `first` to the end of token `last`, both included."""
        return Span(self.starts[first], self.ends[last])
