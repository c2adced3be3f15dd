"""Learns the text model from labelled posts alone.

A ridge regression, solved in closed form. Whether a post wants anything at all is judged by a second opinion as well,
one that errs differently: naive Bayes, which counts how much oftener a word stands in posts that want nothing. Leaving
each example out once costs next to nothing in either, so all is weighed and calibrated on posts not learnt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.recognition.chances import Doubles, fit_logistic, fit_sharpness
from bot.recognition.diagnosis import OUT_OF_SCOPE
from bot.recognition.features import HASHES, counts
from bot.recognition.sparse import Floats, Indices, SparseMatrix, invert
from bot.recognition.textmodel import MARK_WEIGHT, TEXT_NORM, TextModel

#: Strength of the ridge, chosen by leaving out on the examples.
RIDGE = 0.3
#: Hashes that are kept, the commonest first. What only one example of thousands says helps nobody.
VOCABULARY = 90_000
#: Of the weights of the two opinions to zero, so that a dozen examples make nobody sure.
PULL = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    text: str
    label: str
    marks: frozenset[str]  # what is known of the text beside its words: articles one of whose literals stands in it
    also: frozenset[str] = frozenset()


def fit_text_model(examples: Sequence[LabelledText], marks: Sequence[str]) -> TextModel:
    names = tuple(sorted({e.label for e in examples} - {OUT_OF_SCOPE}))
    truth = np.array([names.index(e.label) if e.label in names else -1 for e in examples])
    targets, root = _targets(examples, names)
    hashes, idf, matrix = _matrix(examples, marks)
    weights, unseen = _ridge(matrix.with_rows_times(root), targets, root)
    leans, unseen_leaning = leaning(matrix, truth < 0)
    signs = np.stack([unseen[:, -1], unseen_leaning, np.ones(len(truth))], axis=1)
    of_ridge, of_leaning, offset = fit_logistic(signs, truth < 0, pull=PULL)
    weights[:, :-1] *= fit_sharpness(unseen[:, :-1], truth)
    weights[:, -1] = of_ridge * weights[:, -1] + of_leaning * leans
    return TextModel(
        names=names, marks=tuple(marks), hashes=hashes, idf=idf, weights=weights, scope_offset=float(offset)
    )


def _ridge(matrix: SparseMatrix, targets: Doubles, root: Doubles) -> tuple[Floats, Doubles]:
    """The weights, and for each example the scores of a model without it."""
    kernel = matrix.gram()
    kernel[np.diag_indices_from(kernel)] += RIDGE
    invert(kernel)
    dual = kernel @ (targets * root[:, None]).astype(np.float32)
    unseen = targets - dual.astype(np.float64) / (np.diag(kernel) * root)[:, None]
    return matrix.transposed_times(dual), unseen


def leaning(matrix: SparseMatrix, is_out: npt.NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
    """For each column the log of how much oftener it stands in posts that want nothing than in others; and for each
    row the sum of these over its entries, had the row itself not been counted."""
    columns = np.repeat(np.arange(matrix.width), np.diff(matrix.starts))
    own = is_out[matrix.rows]
    out = np.bincount(columns, own, minlength=matrix.width) + 1
    within = np.bincount(columns, ~own, minlength=matrix.width) + 1
    balance = np.log(within.sum() / out.sum())
    unseen = np.log((out[columns] - own) / (within[columns] - ~own)) + balance
    total = np.bincount(matrix.rows, matrix.values * unseen, minlength=matrix.height)
    return np.log(out / within) + balance, total.astype(np.float64)


def _matrix(examples: Sequence[LabelledText], marks: Sequence[str]) -> tuple[Indices, Floats, SparseMatrix]:
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
    width = len(hashes) + len(marks)
    return hashes, idf, SparseMatrix.of(rows, columns, values, height=len(examples), width=width)


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
