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


def fit_line(scores: Doubles, is_true: npt.NDArray[np.bool_]) -> tuple[float, float]:
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
