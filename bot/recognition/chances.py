"""Scores made believable: from what a linear model says to a share of a hundred."""

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]


def softmax(scores: Doubles) -> Doubles:
    raised: Doubles = np.exp(scores - scores.max(axis=-1, keepdims=True))
    raised /= raised.sum(axis=-1, keepdims=True)
    return raised


def fit_sharpness(scores: Doubles, truth: npt.NDArray[np.int64]) -> float:
    """The factor under which the softmax of unseen examples is most believable (least log loss)."""
    rows = np.flatnonzero(truth >= 0)

    def loss(sharpness: float) -> float:
        chosen = softmax(scores[rows] * sharpness)[np.arange(len(rows)), truth[rows]]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    return min((1.2**k for k in range(-4, 24)), key=loss)


def fit_logistic(
    signs: Doubles, is_true: npt.NDArray[np.bool_], importance: Doubles | None = None, pull: float = 1e-3
) -> Doubles:
    """A weight for each column, by Newton's method with a slight pull to zero."""
    weights = np.zeros(signs.shape[1])
    weights[0] = 1.0
    counts = np.ones(len(signs)) if importance is None else importance
    target = is_true.astype(np.float64)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(signs @ weights)))
        gradient = signs.T @ ((chance - target) * counts) + pull * weights
        bend = (signs * (counts * chance * (1 - chance))[:, None]).T @ signs + pull * np.eye(len(weights))
        weights = weights - np.linalg.solve(bend, gradient)
    return weights
