"""Arms compared day by day: what both share (season, market, price of views) cancels, and each day is one piece.

A ratio of sums is linearised (delta method); days are clusters that hold both arms. Days that follow each other may be
alike beyond that: the variance grows by what a first-order autoregression of the daily contrasts says (Andrews and
Monahan 1992, "An improved heteroskedasticity and autocorrelation consistent covariance matrix estimator",
prewhitening), corrected for short series (Marriott and Pope 1954) and shrunk towards none as far as chance explains it.
"""

import numpy as np
from numpy.typing import NDArray

from marketmover.experiments.models.estimate import Estimate, log_ratio

Floats = NDArray[np.float64]

_MOST_ALIKE = 0.9
_CAUTION = 0.3  # below 1, so that a likeness which chance may explain is still partly believed


def by_days(numerators: Floats, denominators: Floats) -> Estimate:
    """Compare two arms over paired days.

    Args:
        numerators: What is counted by arm (control first) and day, shape (2, days).
        denominators: Per what: clicks, people, or the arm's share of the traffic. Same shape.
    """
    tops, bottoms = numerators.sum(axis=1), denominators.sum(axis=1)
    rates = tops / bottoms
    residuals = numerators - rates[:, None] * denominators
    difference = residuals[1] / bottoms[1] - residuals[0] / bottoms[0]
    alike = _alike(difference)
    growth = (1.0 + alike) / (1.0 - alike)
    days = numerators.shape[1]
    factor = growth * days / (days - 1)
    log = log_ratio(rates[0], rates[1])
    relative = residuals[1] / tops[1] - residuals[0] / tops[0] if np.isfinite(log) else np.full(days, np.nan)
    return Estimate(
        control=float(rates[0]),
        arm=float(rates[1]),
        log_ratio=log,
        log_variance=factor * float(relative @ relative),
        difference=float(rates[1] - rates[0]),
        difference_variance=factor * float(difference @ difference),
        dof=max(days / growth - 1.0, 1.0),
    )


def _alike(contrasts: Floats) -> float:
    """First-order autocorrelation of daily contrasts, never below 0."""
    days, square = len(contrasts), float(contrasts @ contrasts)
    if days < 4 or square <= 0:
        return 0.0
    raw = float(contrasts[1:] @ contrasts[:-1]) / square
    found = (raw + 1.0 / days) / (1.0 - 3.0 / days)
    if found <= 0:
        return 0.0
    return min(found * found**2 / (found**2 + _CAUTION / days), _MOST_ALIKE)
