"""The text model: which article a post in the asker's own words is about, learnt from the examples alone.

A linear model over hashed text and over marks (such as the articles whose literals stand in it), solved in closed form
(ridge). Leaving each example out once costs nothing in this form, so confidence is calibrated on posts that the model
has not learnt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.recognition.chances import Doubles, fit_line, fit_sharpness, softmax
from bot.recognition.diagnosis import OUT_OF_SCOPE
from bot.recognition.features import HASHES, counts
from bot.recognition.sparse import Floats, Indices, SparseMatrix, SparseVector, inverse

#: Strength of the ridge and weight of a mark against the whole text; chosen by leaving out on the examples.
RIDGE = 0.3
MARK_WEIGHT = 0.3
TEXT_NORM = 1.4
#: Hashes that are kept, the commonest first. What only one example of thousands says helps nobody.
VOCABULARY = 90_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    text: str
    label: str
    marks: frozenset[str]  # what is known of the text beside its words: articles one of whose literals stands in it
    also: frozenset[str] = frozenset()


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
    weights: Floats  # (words + marks, labels + 1)
    sharpness: float  # scores times this go into the softmax
    scope_line: tuple[float, float]  # slope and offset of the out-of-scope score in the logistic

    @classmethod
    def fit(cls, examples: Sequence[LabelledText], marks: Sequence[str]) -> "TextModel":
        names = tuple(sorted({e.label for e in examples} - {OUT_OF_SCOPE}))
        targets, root = _targets(examples, names)
        hashes, idf, matrix = _matrix(examples, marks, root)
        kernel = matrix.gram()
        kernel[np.diag_indices_from(kernel)] += RIDGE
        undone = inverse(kernel)
        del kernel
        dual = undone @ (targets * root[:, None]).astype(np.float32)
        unseen = targets - dual.astype(np.float64) / (np.diag(undone) * root)[:, None]
        del undone
        truth = np.array([names.index(e.label) if e.label in names else -1 for e in examples])
        return cls(
            names=names,
            marks=tuple(marks),
            hashes=hashes,
            idf=idf,
            weights=matrix.transposed_times(dual),
            sharpness=fit_sharpness(unseen[:, :-1], truth),
            scope_line=fit_line(unseen[:, -1], truth < 0),
        )

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
        slope, offset = self.scope_line
        return GroupReadings(
            shares=softmax(scores[:, :-1] * self.sharpness),
            out_of_scope=1 / (1 + np.exp(-(slope * scores[:, -1] + offset))),
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
            numbers=np.array([self.sharpness, *self.scope_line]),
        )
        partial.replace(path)  # two processes may start at once; each sees a whole file

    @classmethod
    def load(cls, path: Path) -> "TextModel":
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            sharpness, slope, offset = (float(x) for x in data["numbers"])
            return cls(
                names=tuple(map(str, data["names"])),
                marks=tuple(map(str, data["marks"])),
                hashes=data["hashes"],
                idf=data["idf"],
                weights=data["weights"],
                sharpness=sharpness,
                scope_line=(slope, offset),
            )


def _matrix(
    examples: Sequence[LabelledText], marks: Sequence[str], importance: Doubles
) -> tuple[Indices, Floats, SparseMatrix]:
    """The vocabulary, the weight of each word of it, and every example as a row of words and marks."""
    found = [counts(e.text) for e in examples]
    rows = np.repeat(np.arange(len(found), dtype=np.int32), [len(row.indices) for row in found])
    said = np.concatenate([row.indices for row in found], dtype=np.int32)
    values = np.concatenate([row.values for row in found])
    del found  # it is as large as everything else together
    seen = np.bincount(said, minlength=HASHES)
    hashes = np.flatnonzero(seen)
    hashes = np.sort(hashes[np.argsort(-seen[hashes], kind="stable")[:VOCABULARY]])
    idf = (np.log((1 + len(examples)) / (1 + seen[hashes])) + 1).astype(np.float32)
    place = np.full(HASHES, -1, dtype=np.int32)
    place[hashes] = np.arange(len(hashes), dtype=np.int32)
    columns = place[said]
    known = columns >= 0
    rows, columns, values = rows[known], columns[known], values[known]
    del said, known
    values = (1 + np.log(values)) * idf[columns]
    length = np.sqrt(np.bincount(rows, values * values, minlength=len(examples))).astype(np.float32)
    values = values * (TEXT_NORM / np.maximum(length, 1e-9))[rows]
    marked = [(n, len(hashes) + k) for n, e in enumerate(examples) for k, mark in enumerate(marks) if mark in e.marks]
    mark_rows, mark_columns = np.array(marked, dtype=np.int32).reshape(-1, 2).T
    rows, columns = np.concatenate([rows, mark_rows]), np.concatenate([columns, mark_columns])
    values = np.concatenate([values, np.full(len(marked), MARK_WEIGHT, dtype=np.float32)])
    values *= importance.astype(np.float32)[rows]
    width = len(hashes) + len(marks)
    return hashes, idf, SparseMatrix.of(rows, columns, values, height=len(examples), width=width)


def _known(row: SparseVector, hashes: Indices) -> SparseVector:
    """Hashes as numbers of the words that are known; the others fall away."""
    places = np.minimum(np.searchsorted(hashes, row.indices), len(hashes) - 1)
    known = hashes[places] == row.indices
    return SparseVector(places[known], row.values[known])


def _targets(examples: Sequence[LabelledText], names: tuple[str, ...]) -> tuple[Doubles, Doubles]:
    """+1 for the label and -1 for the others; a label that is right as well pulls to neither side.

    Beside them the root of each example's importance: rare labels count as much as common ones, half-way.
    """
    targets = np.full((len(examples), len(names) + 1), -1.0)
    tally: dict[str, int] = {}
    for number, example in enumerate(examples):
        tally[example.label] = tally.get(example.label, 0) + 1
        for other in example.also & set(names):
            targets[number, names.index(other)] = 0.0
        if example.label == OUT_OF_SCOPE:
            targets[number, -1] = 1.0
        else:
            targets[number, names.index(example.label)] = 1.0
    share = [(len(examples) / (len(tally) * tally[e.label])) ** 0.5 for e in examples]
    return targets, np.sqrt(np.array(share))
