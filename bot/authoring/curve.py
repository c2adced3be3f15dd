"""What a threshold buys: precision against coverage; and whether confidence means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.authoring.judged import Judged
from bot.proportions import Proportion

#: Equal slices of confidence in the reliability diagram.
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """As if Heron answered every post whose best article has at least this confidence."""

    threshold: float
    coverage: Proportion  # of the posts that need an answer
    precision: Proportion  # of what would be said


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Best articles whose confidence lies between `low` and `high`."""

    low: float
    high: float
    confidence: float  # their mean
    right: Proportion


def curve(judged: Sequence[Judged]) -> tuple[CurvePoint, ...]:
    """One point for each confidence that occurs, the highest first."""
    ranked = sorted(((c, one) for one in judged if (c := one.confidence) is not None), key=lambda pair: -pair[0])
    must = sum(not one.post.accepts_silence for one in judged)
    points: list[CurvePoint] = []
    said = right = covered = 0
    for place, (confidence, one) in enumerate(ranked):
        said, right = said + 1, right + one.is_best_right
        covered += not one.post.accepts_silence
        if place + 1 == len(ranked) or ranked[place + 1][0] < confidence:
            points.append(
                CurvePoint(threshold=confidence, coverage=Proportion(covered, must), precision=Proportion(right, said))
            )
    return tuple(points)


def reliability(judged: Sequence[Judged]) -> tuple[Bin, ...]:
    """Slices that hold anything, the lowest first."""
    slices: dict[int, list[tuple[float, bool]]] = {}
    for one in judged:
        if (confidence := one.confidence) is not None:
            slices.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, one.is_best_right))
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            confidence=sum(confidence for confidence, _ in held) / len(held),
            right=Proportion.of(is_right for _, is_right in held),
        )
        for number, held in sorted(slices.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """How far confidence is from the truth, on average over all posts."""
    n = sum(b.right.n for b in bins)
    return sum(abs(b.confidence * b.right.n - b.right.hits) for b in bins) / n if n else None
