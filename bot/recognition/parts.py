"""What the text model makes of a post's parts: each by itself, and what stands before and behind each border."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.extraction.report import Report, Span
from bot.recognition.chances import Doubles
from bot.recognition.segments import Segmenter
from bot.recognition.textmodel import TextModel

#: Less than this speaks for nothing.
LEAST = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsReading:
    """By label, how much speaks for it in the part that it fits best."""

    count: int = 0
    announces_more: bool = False  # more than one thing, in so many words
    single: Mapping[str, float] = field(default_factory=dict)  # in one part alone
    side: Mapping[str, float] = field(default_factory=dict)  # on one side of a border, with another label beyond it
    places: Mapping[str, Span] = field(default_factory=dict)  # the part of `single`


def read_parts(
    report: Report,
    proved: Sequence[Span],
    model: TextModel,
    marks: Callable[[str], frozenset[str]],
    segmenter: Segmenter,
) -> PartsReading:
    """Of the parts that prove nothing yet."""
    spans = segmenter.segments(report, proved)
    if not spans:
        return PartsReading()
    texts = [report.text[s.start : s.end] for s in spans]
    count = len(texts)
    borders = range(1, count)
    groups = [range(n, n + 1) for n in range(count)]
    groups += [range(at) for at in borders] + [range(at, count) for at in borders]
    read = model.read_groups(texts, [marks(text) for text in texts], groups)
    shares = read.shares * (1 - read.out_of_scope)[:, None]
    best = shares[:count].argmax(axis=0)
    before, behind = shares[count : 2 * count - 1], shares[2 * count - 1 :]
    both = np.concatenate([np.minimum(before, _another(behind)), np.minimum(behind, _another(before))])
    return PartsReading(
        count=count,
        announces_more=segmenter.announces_more(report),
        single=_told(model.names, shares[:count].max(axis=0)),
        side=_told(model.names, both.max(axis=0, initial=0.0)),
        places={name: spans[place] for name, place in zip(model.names, best, strict=True)},
    )


def _another(shares: Doubles) -> Doubles:
    """For each label the largest share that another one has in the same row."""
    order = np.sort(shares, axis=1)
    first, second = order[:, -1:], order[:, -2:-1]
    another: Doubles = np.where(shares == first, second, first)
    return another


def _told(names: Sequence[str], shares: Doubles) -> dict[str, float]:
    return {names[int(place)]: float(shares[place]) for place in np.flatnonzero(shares >= LEAST)}
