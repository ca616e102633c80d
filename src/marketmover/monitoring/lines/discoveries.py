"""Which of a day's many tests to believe."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WINDOWS_TRIED = 4.0
"""Windows of one figure overlap; the least p-value of all counts as the least of so many independent ones."""


def tail(deviation: float) -> float:
    """Two-sided p-value of the largest deviation of a figure's windows."""
    return min(1.0, WINDOWS_TRIED * math.erfc(abs(deviation) / math.sqrt(2.0)))


def discovered(tails: Floats, level: float) -> NDArray[np.bool_]:
    """Which tests of one day to believe, with a false discovery rate of at most `level` among them.

    Benjamini and Hochberg 1995, "Controlling the false discovery rate". What was believed once is watched apart and is
    not tested again while it lasts, so that over a run of days at most `level` false ones a day are to be expected.

    Args:
        tails: p-values; 1 where nothing is tested.
        level: Of false discoveries.
    """
    order = np.argsort(tails, axis=None)
    ordered = tails.reshape(-1)[order]
    within = ordered <= level * np.arange(1, ordered.size + 1) / max(ordered.size, 1)
    believed = np.zeros(ordered.size, dtype=np.bool_)
    if within.any():
        believed[order[: int(np.flatnonzero(within)[-1]) + 1]] = True
    return believed.reshape(tails.shape)
