"""What a message says about the thread itself: solved, did not help, wants a person, stop."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.knowledge.phrases import Phrases, is_spaceless
from bot.recognition.tokens import Tokens, words

#: A whole message or line that makes Heron stop, or speak again.
_COMMAND = re.compile(r"^[ \t]*!(un)?mute[ \t]*$", re.IGNORECASE | re.MULTILINE)
#: Longer messages than this are more than agreement or a request to stop.
SHORT = 14
#: Longer messages than this are more than a cry for help.
CRY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    says_solved: bool = False
    says_not_helped: bool = False
    wants_person: bool = False
    says_stop: bool = False
    only_agrees: bool = False
    only_shares: bool = False
    asks: bool = False  # a question mark, of any script
    cries: bool = False  # for help, and tells nothing else


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    words: tuple[str, ...]
    is_spaceless: bool
    is_last: bool  # only at the end of a message

    def stands_in(self, tokens: Tokens, lowered: str) -> bool:
        if self.is_last:
            return tuple(tokens.words[-len(self.words) :]) == self.words
        return self.text in lowered if self.is_spaceless else tokens.contains(self.words)


class _Phrases:
    """Phrases of one meaning, found by their first words: of hundreds only a few are compared."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._spaceless: list[_Phrase] = []
        self._by_word: dict[str, list[_Phrase]] = {}
        for said in phrases:
            is_text = is_spaceless(said) or not words(said)
            phrase = _Phrase(said.lower(), words(said), is_text, said.endswith("$"))
            places = self._spaceless if is_text else self._by_word.setdefault(phrase.words[0], [])
            places.append(phrase)

    def said_in(self, tokens: Tokens, lowered: str) -> Iterator[_Phrase]:
        near = (phrase for word in self._by_word.keys() & tokens.places.keys() for phrase in self._by_word[word])
        return (phrase for phrase in chain(near, self._spaceless) if phrase.stands_in(tokens, lowered))


class Moods:
    """The phrases of a knowledge base, ready to be looked for."""

    def __init__(self, phrases: Phrases) -> None:
        self._solved = _Phrases(phrases.solved)
        self._not_helped = _Phrases(phrases.not_helped)
        self._wants_person = _Phrases(phrases.wants_person)
        self._stop = _Phrases(phrases.stop)
        self._agrees = _Phrases(phrases.agrees)
        self._shares = _Phrases(phrases.shares)
        self._cries = _Phrases(phrases.cries)

    def read(self, text: str) -> Mood:
        tokens, lowered = Tokens.of(text[:4000]), text[:4000].lower()

        def says(phrases: _Phrases) -> bool:
            return any(True for _ in phrases.said_in(tokens, lowered))

        not_helped = says(self._not_helped)
        return Mood(
            says_solved=says(self._solved) and not not_helped,
            says_not_helped=not_helped,
            wants_person=says(self._wants_person),
            says_stop=len(tokens.words) <= SHORT and says(self._stop),
            only_agrees=self._is_only(tokens, lowered),
            only_shares=says(self._shares),
            asks=any(mark in text for mark in "?？؟"),
            cries=self._is_cry(tokens, lowered),
        )

    def _is_only(self, tokens: Tokens, lowered: str) -> bool:
        """Agreement, thanks or an emoji, with at most two words beside them."""
        if len(tokens.words) > SHORT:
            return False
        covered = sum(len(phrase.words) for phrase in self._agrees.said_in(tokens, lowered))
        return not tokens.words or (covered > 0 and len(tokens.words) - covered <= 2)

    def _is_cry(self, tokens: Tokens, lowered: str) -> bool:
        """Mostly a cry for help, short and without a link."""
        if len(tokens.words) > CRY or "://" in lowered:
            return False
        covered = sum(len("".join(phrase.words)) for phrase in self._cries.said_in(tokens, lowered))
        return covered > 0 and 2 * covered >= sum(map(len, tokens.words))


def commands(text: str) -> str | None:
    """`mute` or `unmute` when a line of the message is that command; the last one counts."""
    found = _COMMAND.findall(text)
    if not found:
        return None
    return "unmute" if found[-1] else "mute"
