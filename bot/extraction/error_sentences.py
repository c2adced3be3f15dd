"""Known error sentences in free text, also retyped with errors.

The sentences are the community's; how they are matched is here.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.extraction.report import Span, Vocabulary
from bot.extraction.words import Words

#: Words that a wildcard may stand for.
_WILD_REACH = 14
_MIN_TYPO_LENGTH = 5
#: Places where one sentence is tried in one text: a text that repeats one word has as many of them as words.
_MAX_TRIES = 40

#: The words of a group in order; None is a wildcard.
_Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceHit:
    span: Span
    is_word: bool  # one word of a machine: worth less than any sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    lead: tuple[_Group, ...]  # groups that may be missing
    core: _Group
    tail: tuple[_Group, ...]
    needed: int  # words of the core that must be there
    is_word: bool
    anchors: tuple[int, ...]  # its rarest words: where one of them stands, the sentence is tried

    @property
    def reach(self) -> int:
        """How many words of somebody's own may stand between two of the sentence: few words allow none."""
        return 1 + (len(self.core) > 3) + (len(self.core) > 6)


#: What may stand between two sentences that a program printed as one: no end of a sentence, no quote, no word of the
#: asker.
_GAP = re.compile(
    r"[ :.,;-]{0,3}|[ :]{1,3}[A-Z]{3,20}(?: [A-Z]{3,20})?[ :]{1,3}(?:\w{1,30}(?:Error|Exception): )?"
    r"|[ :]{0,3}\w{1,30}(?:Error|Exception): "
)


def find_sentences(words: Words, vocabulary: Vocabulary) -> list[SentenceHit]:
    """Known sentences in order; what overlaps or follows at once is one."""
    merged: list[SentenceHit] = []
    for hit in sorted(_index(vocabulary).find(words), key=lambda hit: hit.span):
        last = merged[-1] if merged else None
        if last and _GAP.fullmatch(words.text, last.span.end, max(last.span.end, hit.span.start)):
            merged[-1] = SentenceHit(
                span=Span(last.span.start, max(hit.span.end, last.span.end)), is_word=last.is_word and hit.is_word
            )
        else:
            merged.append(hit)
    return merged


@lru_cache(maxsize=4)
def _index(vocabulary: Vocabulary) -> "SentenceIndex":
    return SentenceIndex(vocabulary.error_sentences)


class SentenceIndex:
    def __init__(self, sentences: Iterable[str]) -> None:
        sentences = tuple(sentences)
        parsed = [_parse(sentence) for sentence in sentences]
        frequency = Counter(word for groups in parsed for _, group in groups for word in group if word)
        self._known = frozenset(frequency)
        self._typos: dict[str, str] = {}
        for word in sorted(self._known, key=lambda word: frequency[word]):
            if len(word) >= _MIN_TYPO_LENGTH:
                self._typos.update((shorter, word) for shorter in _one_letter_less(word))
        self._by_anchor: dict[str, list[tuple[_Sentence, int]]] = defaultdict(list)
        for text, groups in zip(sentences, parsed, strict=True):
            sentence = _sentence(groups, frequency, is_word=" " not in text)
            for anchor in sentence.anchors:
                self._by_anchor[sentence.core[anchor] or ""].append((sentence, anchor))

    def find(self, words: Words) -> Iterator[SentenceHit]:
        forms = [self._recognised(form) for form in words.forms]
        bounds = _paragraphs(words)
        tries: Counter[int] = Counter()
        for place, form in enumerate(forms):
            for sentence, anchor in self._by_anchor.get(form, ()):
                tries[id(sentence)] += 1
                if tries[id(sentence)] > _MAX_TRIES:
                    continue
                if ends := _align(sentence, anchor, _Walk(forms=forms, bounds=_around(place, bounds)), place):
                    span = _with_wild_edges(sentence, words, *ends)
                    if sentence.is_word or re.search(r"\s", words.text[span.start : span.end]):
                        yield SentenceHit(span=span, is_word=sentence.is_word)

    def _recognised(self, form: str) -> str:
        """The known word that is meant.

        As it stands, in the singular, or with one letter missing, doubled, wrong or swapped.
        """
        form = _CONTRACTED.get(form, _singular(form))
        if form in self._known or not _MIN_TYPO_LENGTH - 1 <= len(form) <= 24:
            return form
        if form in self._typos:
            return self._typos[form]
        doubled = form
        for shorter in _one_letter_less(form):
            if shorter in self._typos:  # a wrong letter or two swapped: as long as the word that was meant
                return self._typos[shorter]
            if shorter in self._known and len(shorter) >= _MIN_TYPO_LENGTH - 1:
                doubled = shorter
        return doubled


def _one_letter_less(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


_CONTRACTED = dict.fromkeys(("isnt", "isn", "arent", "aren", "doesnt", "doesn", "wasnt", "wasn"), "not")


def _singular(form: str) -> str:
    return form[:-1] if len(form) > 3 and form[-1] == "s" else form


_TOKEN = re.compile(r"[()*]|[^\W_]+")


def _parse(sentence: str) -> list[tuple[bool, _Group]]:
    """The groups of a sentence, each with whether it may be missing."""
    groups: list[tuple[bool, list[str | None]]] = [(False, [])]
    for token in _TOKEN.findall(sentence.lower()):
        if token in "()":
            groups.append((token == "(", []))
        elif token != "s":  # of "endpoint's"
            groups[-1][1].append(None if token == "*" else _singular(token))
    return [(is_optional, tuple(group)) for is_optional, group in groups if group]


def _sentence(groups: list[tuple[bool, _Group]], frequency: Counter[str], *, is_word: bool) -> _Sentence:
    at = next(place for place, (is_optional, _) in enumerate(groups) if not is_optional)
    core = groups[at][1]
    places = [place for place, word in enumerate(core) if word]
    anchors = sorted(places, key=lambda place: (frequency[core[place] or ""], -len(core[place] or "")))[:2]
    return _Sentence(
        lead=tuple(group for _, group in groups[:at]),
        core=core,
        tail=tuple(group for _, group in groups[at + 1 :]),
        needed=len(places) - len(places) // 6,
        is_word=is_word,
        anchors=tuple(anchors),
    )


_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def _paragraphs(words: Words) -> list[int]:
    """Numbers of the words that begin a paragraph: no sentence goes on behind a blank line."""
    firsts = {bisect_left(words.starts, match.end()) for match in _BLANK_LINE.finditer(words.text)}
    return sorted({0, *firsts, len(words.starts)})


def _around(place: int, bounds: list[int]) -> tuple[int, int]:
    at = bisect_right(bounds, place)
    return bounds[at - 1], bounds[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """The words of a text and how far one may walk in them."""

    forms: list[str]
    bounds: tuple[int, int]

    def follow(self, group: Sequence[str | None], place: int, step: int, reach: int) -> tuple[int, int]:
        """Walks along a group; returns how many of its words were met, and the place of the last one."""
        met, at, allowed = 0, place, reach
        first, end = self.bounds
        for word in group:
            if word is None:
                allowed = _WILD_REACH
                continue
            stop = max(first - 1, at - allowed - 1) if step < 0 else min(end, at + allowed + 1)
            for candidate in range(at + step, stop, step):
                if self.forms[candidate] == word:
                    met, at, allowed = met + 1, candidate, reach
                    break
        return met, at

    def extended(self, group: _Group, edge: int, step: int, is_open: bool) -> tuple[int, bool]:
        """The edge moved over a group, if enough of it is there; whether a wildcard is open behind it."""
        met, moved = self.follow(group if step > 0 else group[::-1], edge, step, _WILD_REACH if is_open else 2)
        size = sum(word is not None for word in group)
        if size == 0:
            return edge, True
        return (moved, group[-1] is None) if met >= max(1, round(0.7 * size)) else (edge, is_open)


def _align(sentence: _Sentence, anchor: int, walk: _Walk, place: int) -> tuple[int, int, bool] | None:
    """First and last word of the sentence around its anchor, and whether a wildcard follows.

    None when too much of its core is missing.
    """
    back, first = walk.follow(sentence.core[:anchor][::-1], place, -1, sentence.reach)
    ahead, last = walk.follow(sentence.core[anchor + 1 :], place, 1, sentence.reach)
    if back + ahead + 1 < sentence.needed:
        return None
    is_open = sentence.core[-1] is None
    for group in sentence.tail:
        last, is_open = walk.extended(group, last, 1, is_open)
    for group in sentence.lead[::-1]:
        first, _ = walk.extended(group, first, -1, False)
    return first, last, is_open


_WILD_LEAD = re.compile(r"\S{1,120} {1,3}\Z")
_WILD_TAIL = re.compile(
    r"[:=]? {1,2}(?:\"[^\"\n]{1,120}\"|'[^'\n]{1,120}'|`[^`\n]{1,120}`|\S{1,160}(?: [<>] \S{1,40})?)"
)
# "messages.14: `" in front of what a validator says
_PATH_LEAD = re.compile(r"(?<![\w./])[\w\[\]]{1,40}(?:[.\[][\w\]]{1,40}){1,8}(?<!Error)(?<!Exception): [`\"']?\Z")


def _with_wild_edges(sentence: _Sentence, words: Words, first: int, last: int, is_open: bool) -> Span:
    """What the wildcards at the edges stand for is part of the sentence: the model in front, the value behind."""
    span = words.span(first, last)
    start, end = span.start, span.end
    lead = (_WILD_LEAD if sentence.core[0] is None else _PATH_LEAD).search(words.text, max(0, start - 124), start)
    if lead:
        start = lead.start()
    if is_open and (tail := _WILD_TAIL.match(words.text, end)):
        end = tail.start() + len(tail[0].rstrip(",;:"))
    return Span(start, end)
