"""Gaps, outliers and correlations in arrays of lines and days."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from marketmover.history.panel import Bools, Floats

_WINDOW_DAYS = 14
_LEAST_DAYS = 21
_FAR = 6.0
_TIMES = 3.0
_LEAST_SCALE = 0.15
_LEAST_WEEKS = 12


def gaps(observed: Bools) -> list[tuple[int, int]]:
    """Runs of days without a row between a line's first and last day with one.

    Args:
        observed: Whether there is a row, shape (days,).

    Returns:
        First and last index of each run, both included.
    """
    days = np.flatnonzero(observed)
    return [(int(a) + 1, int(b) - 1) for a, b in pairwise(days) if b - a > 1]


@dataclass(frozen=True)
class Spike:
    """A day far above what the weeks around it would have: its index, its value, and what was usual there."""

    day: int
    value: float
    usual: float


def spikes(values: Floats, observed: Bools) -> list[Spike]:
    """Days that lie far above their surroundings.

    A day is told apart by its log ratio to the median of the fortnights around it, against the median absolute
    deviation of all such ratios (Hampel 1974, The influence curve and its role in robust estimation).

    Args:
        values: A daily figure, not negative, shape (days,).
        observed: Which days count, shape (days,).
    """
    days = np.flatnonzero(observed)
    if days.size < _LEAST_DAYS:
        return []
    figures = values[days]
    reach = 2 * _WINDOW_DAYS + 1
    padded = np.pad(figures, _WINDOW_DAYS, mode="reflect")
    usual = np.median(np.lib.stride_tricks.sliding_window_view(padded, reach), axis=1)
    base = 0.1 * figures.mean() + 1e-9
    ratio = np.log((figures + base) / (usual + base))
    scale = max(1.4826 * float(np.median(np.abs(ratio - np.median(ratio)))), _LEAST_SCALE)
    noise = 6 * np.sqrt(usual + 1)  # counts vary by chance: a handful of conversions is no spike
    far = (ratio > _FAR * scale) & (figures > _TIMES * usual + noise)
    return [Spike(int(days[at]), float(figures[at]), float(usual[at])) for at in np.flatnonzero(far)]


def weekly(values: Floats) -> Floats:
    """Sums of seven days, shape (lines, weeks); days of a last part-week are left out."""
    weeks = values.shape[1] // 7
    return values[:, : weeks * 7].reshape(values.shape[0], weeks, 7).sum(axis=2)


def within_line_correlation(first: Floats, second: Floats, minimum: int = _LEAST_WEEKS) -> float | None:
    """Pearson correlation of two weekly figures after each line's own mean is taken out, over all lines' weeks.

    Args:
        first: Shape (lines, weeks); NaN where unknown.
        second: The other figure, of the same shape.
        minimum: Weeks needed.

    Returns:
        From -1 to 1; `None` where there are too few weeks or nothing varies.
    """
    known: Bools = np.isfinite(first) & np.isfinite(second)
    enough = known & (known.sum(axis=1, keepdims=True) >= 2)
    if enough.sum() < minimum:
        return None
    a, b = _centred(first, enough), _centred(second, enough)
    spread = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum() / spread) if spread > 1e-12 else None


def _centred(values: Floats, known: Bools) -> Floats:
    filled = np.where(known, values, 0.0)
    counts = np.maximum(known.sum(axis=1, keepdims=True), 1)
    return np.where(known, filled - filled.sum(axis=1, keepdims=True) / counts, 0.0)
