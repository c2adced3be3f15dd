"""The algebra of learning gives what the plain dense computation gives."""

import numpy as np
import pytest

from bot.recognition.sparse import RARE, SMALL, Floats, SparseMatrix, invert

HEIGHT, WIDTH = 3 * RARE, 40


@pytest.fixture(scope="module")
def dense() -> Floats:
    """Columns of every kind: empty ones, rare ones, and some with more entries than count as rare."""
    rng = np.random.default_rng(3)
    share = np.linspace(0, 0.9, WIDTH)
    filled = rng.random((HEIGHT, WIDTH)) < share
    return np.where(filled, rng.normal(size=(HEIGHT, WIDTH)), 0).astype(np.float32)


@pytest.fixture(scope="module")
def sparse(dense: Floats) -> SparseMatrix:
    rows, columns = np.nonzero(dense)
    return SparseMatrix.of(rows, columns, dense[rows, columns], height=HEIGHT, width=WIDTH)


def test_the_matrix_holds_both_rare_and_frequent_columns(sparse: SparseMatrix) -> None:
    sizes = np.diff(sparse.starts)
    assert 0 < np.count_nonzero(sizes > RARE) < WIDTH


def test_every_row_times_every_row(dense: Floats, sparse: SparseMatrix) -> None:
    np.testing.assert_allclose(sparse.gram(), dense @ dense.T, atol=1e-4)


def test_the_transposed_product(dense: Floats, sparse: SparseMatrix) -> None:
    right = np.random.default_rng(4).normal(size=(HEIGHT, 5)).astype(np.float32)
    np.testing.assert_allclose(sparse.transposed_times(right), dense.T @ right, atol=1e-4)


@pytest.mark.parametrize("size", [1, 2, SMALL, SMALL + 1, 2 * SMALL + 3])
def test_a_matrix_times_its_inverse_is_one(size: int) -> None:
    half = np.random.default_rng(5).normal(size=(size, size)).astype(np.float32) / np.float32(size**0.5)
    matrix = half @ half.T + np.eye(size, dtype=np.float32) * np.float32(0.3)
    inverse = matrix.copy()
    invert(inverse)
    np.testing.assert_allclose(matrix @ inverse, np.eye(size), atol=1e-3)
