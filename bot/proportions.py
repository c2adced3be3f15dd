"""Shares of counts, and how far they can be trusted."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: Standard deviations of a two-sided interval of 95 %.
Z = 1.96


@dataclass(frozen=True, slots=True)
class Proportion:
    hits: int
    n: int

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> "Proportion":
        counted = [bool(outcome) for outcome in outcomes]
        return cls(sum(counted), len(counted))

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def low(self) -> float | None:
        """Wilson's lower bound."""
        return self._bound(-1)

    @property
    def high(self) -> float | None:
        return self._bound(1)

    def _bound(self, side: int) -> float | None:
        if not self.n:
            return None
        share, n = self.hits / self.n, self.n
        width = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        bound = (share + Z * Z / (2 * n) + side * width) / (1 + Z * Z / n)
        return min(1.0, max(0.0, bound))


def f1(hits: int, predicted: int, labelled: int) -> float:
    precision = hits / predicted if predicted else 1.0
    recall = hits / labelled if labelled else 1.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
