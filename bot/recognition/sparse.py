"""The little linear algebra that learning needs: a sparse matrix, its products, and an inverse in single precision.

Few words are frequent and very many are rare. The frequent ones are multiplied as dense blocks, the rare ones pair by
pair, so that every word can have a column of its own and learning still takes less than a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]
Whole = npt.NDArray[np.signedinteger]  # the shorter kind saves memory in learning

#: A column with more entries than this is multiplied densely.
RARE = 128
#: Dense columns that exist at the same time.
BLOCK = 1 << 10
#: Rows of a square matrix that are worked on at the same time: whole, a second one would be needed beside it.
STRIP = 1 << 9
#: Matrices up to this size are inverted directly.
SMALL = 300


@dataclass(frozen=True, slots=True)
class SparseVector:
    indices: Indices
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseMatrix:
    """Entries ordered by column."""

    height: int
    width: int
    rows: Whole
    values: Floats
    starts: Indices  # of each column's entries; one more at the end

    @classmethod
    def of(cls, rows: Whole, columns: Whole, values: Floats, *, height: int, width: int) -> "SparseMatrix":
        order = np.argsort(columns.astype(np.uint32))
        starts = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=width))])
        return cls(height=height, width=width, rows=rows[order], values=values[order], starts=starts)

    def with_rows_times(self, factors: npt.NDArray[np.float64]) -> "SparseMatrix":
        return replace(self, values=self.values * factors.astype(np.float32)[self.rows])

    def gram(self) -> Floats:
        """Every row times every row: computed below the diagonal, and mirrored."""
        total = np.zeros((self.height, self.height), dtype=np.float32)
        for _, block in self._dense():
            for at in range(0, self.height, STRIP):
                total[at : at + STRIP, : at + STRIP] += block[at : at + STRIP] @ block[: at + STRIP].T
        flat = total.reshape(-1)
        for _, rows, values in self._rare():
            one, other = np.tril_indices(rows.shape[1])
            below, right = np.maximum(rows[:, one], rows[:, other]), np.minimum(rows[:, one], rows[:, other])
            np.add.at(flat, (below * self.height + right).reshape(-1), (values[:, one] * values[:, other]).reshape(-1))
        _mirror(total)
        return total

    def transposed_times(self, right: Floats) -> Floats:
        product = np.zeros((self.width, right.shape[1]), dtype=np.float32)
        for columns, block in self._dense():
            product[columns] = block.T @ right
        for columns, rows, values in self._rare():
            product[columns] = (values[:, None, :] @ right[rows])[:, 0]
        return product

    def _dense(self) -> Iterator[tuple[Indices, Floats]]:
        """The frequent columns, a block at a time: whole they would be the largest thing in the process."""
        sizes = np.diff(self.starts)
        frequent = np.flatnonzero(sizes > RARE)
        for at in range(0, len(frequent), BLOCK):
            columns = frequent[at : at + BLOCK]
            entries = np.concatenate([np.arange(self.starts[c], self.starts[c + 1]) for c in columns])
            block = np.zeros((self.height, len(columns)), dtype=np.float32)
            block[self.rows[entries], np.repeat(np.arange(len(columns)), sizes[columns])] = self.values[entries]
            yield columns, block

    def _rare(self) -> Iterator[tuple[Indices, Whole, Floats]]:
        """The rare columns, all with the same number of entries at a time: columns, their rows, their values."""
        sizes = np.diff(self.starts)
        for size in range(1, RARE + 1):
            columns = np.flatnonzero(sizes == size)
            if len(columns):
                entries = self.starts[columns][:, None] + np.arange(size)
                yield columns, self.rows[entries], self.values[entries]


def _mirror(matrix: Floats) -> None:
    """What lies below the diagonal takes the place of what lies above."""
    for at in range(0, len(matrix), STRIP):
        strip = slice(at, at + STRIP)
        matrix[:at, strip] = matrix[strip, :at].T
        matrix[strip, strip] = np.tril(matrix[strip, strip]) + np.tril(matrix[strip, strip], -1).T


def invert(matrix: Floats) -> None:
    """A symmetric positive definite matrix, in its place and by halves; numpy inverts in double precision only."""
    size = len(matrix)
    if size <= SMALL:
        matrix[:] = np.linalg.inv(matrix)
        return
    half = size // 2
    first, second = matrix[:half, :half], matrix[half:, half:]
    invert(first)
    across = matrix[half:, :half] @ first
    second -= across @ matrix[:half, half:]
    invert(second)
    corner = second @ across
    first += across.T @ corner
    matrix[half:, :half] = -corner
    matrix[:half, half:] = -corner.T
