"""Matrix products and inverses that stay on one core."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ALONE = 2**18
"""Multiplications up to which OpenBLAS wakes no other thread; for matrices as small as ours waking costs ten times
the work, above all on a busy machine."""

_WHOLE = 64
"""Rows up to which LAPACK inverts a matrix as a whole."""


def product(left: Floats, right: Floats) -> Floats:
    """`left @ right` for two matrices, in blocks of rows."""
    rows = max(2, _ALONE // max(right.size, 1))
    if len(left) <= rows:
        return left @ right
    found = np.empty((len(left), right.shape[1]))
    for first in range(0, len(left), rows):
        np.matmul(left[first : first + rows], right, out=found[first : first + rows])
    return found


def inverse(matrix: Floats) -> tuple[Floats, float]:
    """Inverse and log determinant of a positive definite matrix, by halves (Schur complements).

    Rounding grows with the square of the matrix's condition, so directions of great variance are not for it.
    """
    if len(matrix) <= _WHOLE:
        return np.linalg.inv(matrix).astype(np.float64), float(np.linalg.slogdet(matrix)[1])
    half = len(matrix) // 2
    beside = matrix[:half, half:]
    first, first_log = inverse(matrix[:half, :half])
    pulled = product(first, beside)
    second, second_log = inverse(matrix[half:, half:] - product(beside.T, pulled))
    corner = -product(pulled, second)
    return np.block([[first - product(corner, pulled.T), corner], [corner.T, second]]), first_log + second_log
