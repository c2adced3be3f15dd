"""The text model: which article a post in the asker's own words is about, learnt from the examples alone.

A linear model over hashed text and over the articles whose literals stand in it, solved in closed form (ridge). Leaving
each example out once costs nothing in this form, so confidence is calibrated on posts that the model has not learnt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.triage.diagnosis import OUT_OF_SCOPE
from bot.triage.features import BUCKETS, Floats, SparseVector, counts

#: Strength of the ridge and weight of a literal against the whole text; chosen by leaving out on the examples.
RIDGE = 0.3
LITERAL_WEIGHT = 0.6
TEXT_NORM = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    text: str
    label: str
    literals: frozenset[str]  # articles one of whose literals stands in it
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Calibrated probabilities. `labels` sums to 1 over all labels, given that somebody asks for help."""

    labels: Mapping[str, float]
    out_of_scope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextModel:
    names: tuple[str, ...]  # label of each column of `weights`; the last column says "out of scope"
    literals: tuple[str, ...]  # article of each row behind the buckets
    idf: Floats
    weights: Floats  # (BUCKETS + literals, labels + 1)
    sharpness: float  # scores times this go into the softmax
    scope_line: tuple[float, float]  # slope and offset of the out-of-scope score in the logistic

    @classmethod
    def fit(cls, examples: Sequence[LabelledText], literals: Sequence[str]) -> "TextModel":
        names = tuple(sorted({e.label for e in examples} - {OUT_OF_SCOPE}))
        rows = [counts(e.text) for e in examples]
        idf = _idf(rows)
        targets, importance = _targets(examples, names)
        root = np.sqrt(importance)[:, None].astype(np.float32)
        weighted = _matrix(rows, idf, examples, tuple(literals))
        weighted *= root  # in place: the matrix is by far the largest thing here
        kernel = (weighted @ weighted.T).astype(np.float64)
        inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(examples)))
        dual = inverse @ (targets * root)
        weights = (weighted.T @ dual.astype(np.float32)).astype(np.float32)
        unseen = targets - dual / np.diag(inverse)[:, None] / root
        truth = np.array([names.index(e.label) if e.label in names else -1 for e in examples])
        return cls(
            names=names,
            literals=tuple(literals),
            idf=idf,
            weights=weights,
            sharpness=_fit_sharpness(unseen[:, :-1], truth),
            scope_line=_fit_line(unseen[:, -1], truth < 0),
        )

    def read(self, text: str, literals: frozenset[str]) -> Reading:
        row = _weigh(counts(text), self.idf)
        scores = (row.values @ self.weights[row.indices]).astype(np.float64)
        for article_id in literals:
            if article_id in self.literals:
                scores = scores + LITERAL_WEIGHT * self.weights[BUCKETS + self.literals.index(article_id)]
        slope, offset = self.scope_line
        shares = _softmax(scores[:-1] * self.sharpness)
        return Reading(
            labels={name: float(share) for name, share in zip(self.names, shares, strict=True)},
            out_of_scope=float(1 / (1 + np.exp(-(slope * scores[-1] + offset)))),
        )

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{id(self)}.npz")
        numbers = np.array([self.sharpness, *self.scope_line])
        np.savez(partial, names=self.names, literals=self.literals, idf=self.idf, weights=self.weights, numbers=numbers)
        partial.replace(path)  # two processes may start at once; each sees a whole file

    @classmethod
    def load(cls, path: Path) -> "TextModel":
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            sharpness, slope, offset = (float(x) for x in data["numbers"])
            return cls(
                names=tuple(map(str, data["names"])),
                literals=tuple(map(str, data["literals"])),
                idf=data["idf"],
                weights=data["weights"],
                sharpness=sharpness,
                scope_line=(slope, offset),
            )


def _idf(rows: Sequence[SparseVector]) -> Floats:
    seen = np.bincount(np.concatenate([row.indices for row in rows]), minlength=BUCKETS)
    return (np.log((1 + len(rows)) / (1 + seen)) + 1).astype(np.float32)


def _weigh(row: SparseVector, idf: Floats) -> SparseVector:
    values = row.values * idf[row.indices]
    length = float(np.sqrt(values @ values)) or 1.0
    return SparseVector(row.indices, (values * (TEXT_NORM / length)).astype(np.float32))


def _matrix(
    rows: Sequence[SparseVector], idf: Floats, examples: Sequence[LabelledText], literals: tuple[str, ...]
) -> Floats:
    matrix = np.zeros((len(rows), BUCKETS + len(literals)), dtype=np.float32)
    column = {article_id: BUCKETS + k for k, article_id in enumerate(literals)}
    for number, (row, example) in enumerate(zip(rows, examples, strict=True)):
        weighed = _weigh(row, idf)
        matrix[number, weighed.indices] = weighed.values
        for article_id in example.literals & column.keys():
            matrix[number, column[article_id]] = LITERAL_WEIGHT
    return matrix


def _targets(examples: Sequence[LabelledText], names: tuple[str, ...]) -> tuple[npt.NDArray[np.float64], Floats]:
    """+1 for the label and -1 for the others; a label that is right as well pulls to neither side."""
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
    return targets, np.array(share, dtype=np.float32)


def _softmax(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    raised: npt.NDArray[np.float64] = np.exp(scores - scores.max(axis=-1, keepdims=True))
    raised /= raised.sum(axis=-1, keepdims=True)
    return raised


def _fit_sharpness(scores: npt.NDArray[np.float64], truth: npt.NDArray[np.int64]) -> float:
    """The factor under which the softmax of unseen examples is most believable (least log loss)."""
    rows = np.flatnonzero(truth >= 0)

    def loss(sharpness: float) -> float:
        chosen = _softmax(scores[rows] * sharpness)[np.arange(len(rows)), truth[rows]]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    return min((1.5**k for k in range(-2, 12)), key=loss)


def _fit_line(scores: npt.NDArray[np.float64], is_true: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Logistic regression on one score, by Newton's method with a slight pull to zero."""
    slope, offset = 1.0, 0.0
    target = is_true.astype(np.float64)
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(slope * scores + offset)))
        gradient = design.T @ (chance - target) + 1e-3 * np.array([slope, offset])
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-3 * np.eye(2)
        move = np.linalg.solve(bend, gradient)
        slope, offset = slope - float(move[0]), offset - float(move[1])
    return slope, offset
