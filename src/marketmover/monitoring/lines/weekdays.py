"""What a weekday usually does to a figure."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_DAYS = 182
_SPREAD = 0.06  # how far lines' weekdays usually differ from those of all lines, log scale
_DAY_SD = 0.15  # scatter of a day beside chance of counts


def weekday_factors(numerator: Floats, denominator: Floats, valid: Bools, weekdays: NDArray[np.int64]) -> Floats:
    """Factors by line and weekday over the last half year, mean 1 on the log scale, shape (lines, 7).

    A line's own factors are drawn towards those of all lines, the more the fewer counts it has.

    Args:
        numerator: Shape (lines, days).
        denominator: The same.
        valid: Days that count.
        weekdays: Of the days, 0 to 6, shape (days,).
    """
    part = slice(max(0, numerator.shape[1] - _DAYS), None)
    top, base, days = (
        np.where(valid, numerator, 0.0)[:, part],
        np.where(valid, denominator, 0.0)[:, part],
        weekdays[part],
    )
    rate = (top.sum(axis=1, keepdims=True) + 1e-9) / (base.sum(axis=1, keepdims=True) + 1e-9)
    by_day = [(top[:, days == day].sum(axis=1), (base[:, days == day] * rate).sum(axis=1)) for day in range(7)]
    seen, due = (np.stack(side, axis=1) for side in zip(*by_day, strict=True))
    own = np.log((seen + 1.0) / (due + 1.0))
    variance = 1.0 / np.maximum(due, 1e-9) + _DAY_SD**2 / max(_DAYS / 7, 1)
    shared = (own / variance).sum(axis=0) / (1.0 / variance).sum(axis=0)
    drawn = shared + (own - shared) * _SPREAD**2 / (_SPREAD**2 + variance)
    return np.exp(drawn - drawn.mean(axis=1, keepdims=True))
