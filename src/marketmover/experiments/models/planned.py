"""Bounds for a test that is read daily up to an end that is planned.

Whoever knows the last day need not pay for looks after it. The bounds have the shape of the always valid ones, drawn in
until the chance of a false alarm over exactly the planned looks is what was promised, found by integration (`crossing`;
Jennison and Turnbull 2000, "Group Sequential Methods"). Such a test lasts about an eighth longer at most than one that
is read once, and is over sooner on average. After the planned end the bounds say nothing.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from marketmover.experiments.models.always_valid import boundary
from marketmover.experiments.models.crossing import crossing

Floats = NDArray[np.float64]

FIRST_DAY = 7
"""No verdict before a whole week: weekdays differ, and so may the people who come first."""
FIRST_DAY_BY_DAYS = 14
"""Nor before two where days are what varies: of fewer it cannot be told how much, nor how alike they are."""
_WIDTH = 1.0  # the mixture's prior variance over the last estimate's; smaller spends less on early looks
_MOST_LOOKS = 120
_MORE_LOOKS = 0.97  # what still more looks take from the level, on the safe side


def planned_bounds(
    looks: Floats, planned_days: int, alpha: float, dof: Floats | float = np.inf, first_day: int = FIRST_DAY
) -> Floats:
    """Bounds in standard errors for daily looks from the first on which there may be a verdict to the planned end.

    Args:
        looks: Days of the looks, none after `planned_days`, shape (looks,).
        planned_days: The test's last day.
        alpha: Chance of a false alarm over all daily looks.
        dof: Degrees of freedom of the variance at each look; bounds are then those that Student's t exceeds as rarely.
        first_day: Day of the first look that counts.
    """
    first = min(first_day, planned_days)
    many = planned_days - first + 1
    level = _level(min(many, _MOST_LOOKS), first / planned_days, alpha) * (1.0 if many <= _MOST_LOOKS else _MORE_LOOKS)
    return _as_student(boundary(_WIDTH * looks / planned_days, level), dof)


def scheduled_bounds(times: Floats, alpha: float) -> Floats:
    """Bounds for evenly spaced looks, given as shares of the planned length, the last of which is 1."""
    return boundary(_WIDTH * times, _level(len(times), float(times[0]), alpha))


def _as_student(bounds: Floats, dof: Floats | float) -> Floats:
    freedom = np.broadcast_to(np.asarray(dof, np.float64), bounds.shape)
    finite = np.where(np.isfinite(freedom), freedom, 1.0)
    return np.where(np.isfinite(freedom), -stdtrit(finite, ndtr(-bounds)), bounds)


@cache
def _level(looks: int, first: float, alpha: float) -> float:
    """The mixture's level with which evenly spaced looks raise a false alarm with chance `alpha`."""
    times = np.linspace(first, 1.0, looks) if looks > 1 else np.ones(1)

    def excess(log_level: float) -> float:
        above, _ = crossing(times, boundary(_WIDTH * times, float(np.exp(log_level))), 0.0)
        return float(ndtri(above[-1])) - float(ndtri(alpha / 2))  # nearly straight, so that few steps suffice

    low, high = np.log(alpha), np.log(0.9)
    at_low, at_high = excess(low), excess(high)
    middle = high
    for _ in range(12):
        middle = low - at_low * (high - low) / (at_high - at_low)
        found = excess(middle)
        if abs(found) < 1e-4:
            break
        low, high, at_low, at_high = (middle, high, found, at_high) if found < 0 else (low, middle, at_low, found)
    return float(np.exp(middle))
