"""How much daily results vary beyond what all lines share, from a history: what a test's noise is judged by."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WINDOW = 15
_FEWEST_DAYS = 28


def dispersion(series: Floats) -> float | None:
    """Variance of a day's total over its mean, less what moves all lines alike (which two arms share).

    A line's level is its mean over 15 days, and each day lifts or lowers all lines by one factor (a single line: each
    weekday); what is left is summed over its expectation (Pearson), and corrected for what was fitted. Line-wide luck
    that both arms of a test would share stays in, so tests are sized on the safe side.

    Args:
        series: Counts or revenue by line and day, shape (lines, days).

    Returns:
        1 for pure chance in counts, more where days vary more; in units of the metric. `None` where the history holds
        fewer than 28 days with results.
    """
    busy = series[series.sum(axis=1) > 0]
    if busy.shape[0] == 0 or busy.shape[1] < _FEWEST_DAYS or (busy.sum(axis=0) > 0).sum() < _FEWEST_DAYS:
        return None
    level = _levels(busy)
    together = level.sum(axis=0)
    shared = busy.shape[0] > 1
    expected = level * (_ratio(busy.sum(axis=0), together) if shared else _weekdays(busy[0], level[0]))
    kept = 1.0 - 1.0 / _WINDOW - (0.0 if shared else 7.0 / busy.shape[1])
    share = _ratio(level, np.broadcast_to(together, level.shape))
    freedom = kept * (1.0 - share) if shared else np.full_like(level, kept)
    explained = float((expected * freedom).sum())
    return float(((busy - expected) ** 2).sum() / explained) if explained > 0 else None


def _levels(series: Floats) -> Floats:
    """Running means over a window that is whole everywhere: at the ends it leans inwards."""
    days = series.shape[1]
    sums = np.concatenate([np.zeros((series.shape[0], 1)), series.cumsum(axis=1)], axis=1)
    first = np.clip(np.arange(days) - _WINDOW // 2, 0, days - _WINDOW)
    return (sums[:, first + _WINDOW] - sums[:, first]) / _WINDOW


def _weekdays(series: Floats, level: Floats) -> Floats:
    day = np.arange(len(series)) % 7
    lift = _ratio(_by_weekday(day, series), _by_weekday(day, level))
    return lift[day]


def _by_weekday(day: NDArray[np.intp], values: Floats) -> Floats:
    return np.bincount(day, values, minlength=7).astype(np.float64)


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)
