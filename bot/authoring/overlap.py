"""Examples that are almost the same text: under two labels, they hide from the text model what keeps these apart."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bot.knowledge.examples import Example
from bot.knowledge.source import Problem

#: Share of common word triples from which two posts count as the same.
SAME = 0.85
#: Word triples that stand in more posts than this (error texts) find no pairs; the others of a post do.
COMMON = 40


def overlapping_examples(examples: Sequence[Example]) -> Iterator[Problem]:
    shingles = [_shingles(f"{e.title} {e.text}") for e in examples]
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, found in enumerate(shingles):
        for shingle in found:
            holders[shingle].append(place)
    for place, found in enumerate(shingles):
        shared: Counter[int] = Counter()
        for shingle in found:
            if len(holders[shingle]) <= COMMON:
                shared.update(other for other in holders[shingle] if other < place)
        for other, _ in shared.most_common(3):
            if _likeness(found, shingles[other]) >= SAME:
                yield _problem(examples[place], examples[other])
                break


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = text.lower().split()
    return frozenset(tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2)))


def _likeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other)


def _problem(example: Example, other: Example) -> Problem:
    where = "twice here" if other.label == example.label else f"also in examples/{other.label}.jsonl"
    message = f"almost the same post stands {where}, line {other.line}"
    return Problem(f"examples/{example.label}.jsonl", example.line, "text", message, "keep one of the two")
