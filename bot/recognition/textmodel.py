"""The text model: which article a post in the asker's own words is about, and whether it wants anything at all.

Linear over hashed text and over marks (such as the articles whose literals stand in it); `fitting` learns it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.recognition.chances import Doubles, softmax
from bot.recognition.features import counts
from bot.recognition.sparse import Floats, Indices, SparseVector

#: Length of a text as a vector, and weight of a mark beside it; chosen by leaving out on the examples.
TEXT_NORM = 1.4
MARK_WEIGHT = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Calibrated probabilities. `labels` sums to 1 over all labels, given that somebody asks for help."""

    labels: Mapping[str, float]
    out_of_scope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReadings:
    """The same as arrays, a row for each group; columns in the order of the model's names."""

    shares: Doubles
    out_of_scope: Doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class TextModel:
    names: tuple[str, ...]  # label of each column of `weights`; the last column says "out of scope"
    marks: tuple[str, ...]  # mark of each row behind the words
    hashes: Indices  # of the words that are known, in order
    idf: Floats
    weights: Floats  # (words + marks, labels + 1): summed up, a label's score in the softmax, and in the last column
    scope_offset: float  # with this added, the log of the odds

    def read(self, text: str, marks: frozenset[str]) -> Reading:
        read = self.read_groups([text], [marks], [range(1)])
        return Reading(
            labels={name: float(share) for name, share in zip(self.names, read.shares[0], strict=True)},
            out_of_scope=float(read.out_of_scope[0]),
        )

    def read_groups(
        self, texts: Sequence[str], marks: Sequence[frozenset[str]], groups: Sequence[range]
    ) -> "GroupReadings":
        """Every group of these texts as if it were one text; each text is looked at once, however often it is used."""
        rows = [_known(counts(text), self.hashes) for text in texts]
        words, place = np.unique(np.concatenate([row.indices for row in rows]), return_inverse=True)
        said = np.zeros((len(texts), len(words)), dtype=np.float32)
        said[np.repeat(np.arange(len(rows)), [len(row.indices) for row in rows]), place] = np.concatenate(
            [row.values for row in rows]
        )
        member = np.zeros((len(groups), len(texts)), dtype=np.float32)
        for number, group in enumerate(groups):
            member[number, group.start : group.stop] = 1.0
        together = member @ said
        weighed = np.where(together > 0, 1 + np.log(np.maximum(together, 1)), 0) * self.idf[words]
        length = np.maximum(np.sqrt((weighed * weighed).sum(axis=1, keepdims=True)), 1e-9)
        scores = (weighed * (TEXT_NORM / length)) @ self.weights[words]
        known = [[mark in found for mark in self.marks] for found in marks]
        marked = np.minimum(member @ np.array(known, dtype=np.float32).reshape(len(texts), len(self.marks)), 1)
        scores = (scores + MARK_WEIGHT * (marked @ self.weights[len(self.hashes) :])).astype(np.float64)
        return GroupReadings(
            shares=softmax(scores[:, :-1]),
            out_of_scope=1 / (1 + np.exp(-(scores[:, -1] + self.scope_offset))),
        )

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{id(self)}.npz")
        np.savez(
            partial,
            names=self.names,
            marks=self.marks,
            hashes=self.hashes,
            idf=self.idf,
            weights=self.weights,
            scope_offset=self.scope_offset,
        )
        partial.replace(path)  # two processes may start at once; each sees a whole file

    @classmethod
    def load(cls, path: Path) -> "TextModel":
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return cls(
                names=tuple(map(str, data["names"])),
                marks=tuple(map(str, data["marks"])),
                hashes=data["hashes"],
                idf=data["idf"],
                weights=data["weights"],
                scope_offset=float(data["scope_offset"]),
            )


def _known(row: SparseVector, hashes: Indices) -> SparseVector:
    """Hashes as numbers of the words that are known; the others fall away."""
    places = np.minimum(np.searchsorted(hashes, row.indices), len(hashes) - 1)
    known = hashes[places] == row.indices
    return SparseVector(places[known], row.values[known])
