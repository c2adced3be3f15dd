"""The text model: which article a post in the asker's own words is about, learnt from the examples alone.

A linear model over hashed text and over the articles whose literals stand in it, solved in closed form (ridge). Leaving
each example out once costs nothing in this form, so confidence is calibrated on posts that the model has not learnt.
"""

from collections.abc import Iterator, Mapping, Sequence
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
#: Columns of the matrix that exist at the same time.
BLOCK = 1 << 11


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
        vectors = _weighed(rows, idf, examples, tuple(literals), root)
        columns = BUCKETS + len(literals)
        kernel = np.zeros((len(examples), len(examples)))
        for _, block in _blocks(vectors, columns):
            kernel += block @ block.T
        kernel[np.diag_indices_from(kernel)] += RIDGE
        inverse = np.linalg.inv(kernel)
        del kernel
        dual = inverse @ (targets * root)
        weights = np.empty((columns, dual.shape[1]), dtype=np.float32)
        for where, block in _blocks(vectors, columns):
            weights[where] = block.T @ dual.astype(np.float32)
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


def _weighed(
    rows: Sequence[SparseVector], idf: Floats, examples: Sequence[LabelledText], literals: tuple[str, ...], root: Floats
) -> list[SparseVector]:
    """Every example with its text, its literals and its importance in one sparse vector."""
    column = {article_id: BUCKETS + k for k, article_id in enumerate(literals)}
    found = []
    for row, example, importance in zip(rows, examples, root[:, 0], strict=True):
        text = _weigh(row, idf)
        said = sorted(column[article_id] for article_id in example.literals & column.keys())
        indices = np.concatenate([text.indices, np.array(said, dtype=np.int64)])
        values = np.concatenate([text.values, np.full(len(said), LITERAL_WEIGHT, dtype=np.float32)])
        found.append(SparseVector(indices, (values * importance).astype(np.float32)))
    return found


def _blocks(vectors: Sequence[SparseVector], columns: int) -> Iterator[tuple[slice, Floats]]:
    """The matrix of these rows a few columns at a time: whole it would be the largest thing in the process."""
    number = np.repeat(np.arange(len(vectors)), [len(v.indices) for v in vectors])
    indices = np.concatenate([v.indices for v in vectors])
    values = np.concatenate([v.values for v in vectors])
    for start in range(0, columns, BLOCK):
        width = min(BLOCK, columns - start)
        inside = (indices >= start) & (indices < start + width)
        block = np.zeros((len(vectors), width), dtype=np.float32)
        block[number[inside], indices[inside] - start] = values[inside]
        yield slice(start, start + width), block


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
