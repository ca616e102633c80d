"""Which of many tests to believe, day after day, so that few of all alerts are false."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FALSE_SHARE = 0.05
"""Share of false ones among all that is believed, at most: the precision asked for is 95%."""

WINDOWS_TRIED = 2.0
"""Windows of one figure overlap; the least p-value of all counts as the least of so many independent ones."""

MEMORY = 0.97
"""By how much a discovery, true or false, counts less the day after: half after three weeks."""

_REUSE = 30  # days over which what a discovery earns is spent


def tail(deviation: float) -> float:
    """One-sided p-value of the largest deviation of a figure's windows, in the direction that it has."""
    return min(1.0, WINDOWS_TRIED * 0.5 * math.erfc(abs(deviation) / math.sqrt(2.0)))


def level_of_day(past: Sequence[int], false_share: float = FALSE_SHARE) -> float:
    """False discoveries that may be expected on the next day, all its tests together.

    LORD with decaying memory (Javanmard and Montanari 2018, "Online rules for control of false discovery rate and false
    discovery exceedance"; Ramdas, Yang, Wainwright and Jordan 2017, "Online control of the false discovery rate with
    decaying memory"; Rebjock, Kurt, Januschowski and Callot 2021, "Online false discovery rate control for anomaly
    detection in time series", who add the floor without which nothing would be believed after long quiet).

    With `m` for `MEMORY` and `s` for `false_share`, a day's level is `s (1 - m + earned)`, where each earlier discovery
    has earned `m^age / 30` on each of 30 days. If each false discovery and each true one counts `m` to the power of its
    age, the floors of all days add up to `s` at most, and what a discovery earned to `s` times what it still counts.
    So at the end of any day the false discoveries expected are at most `s (1 + discoveries)`: a bound on their share
    (mFDR with one discovery in hand). It needs p-values that hold on a day whatever was found before.

    Args:
        past: How many were believed on each day so far, oldest first.
        false_share: See `FALSE_SHARE`.
    """
    ages = np.arange(len(past), 0, -1)
    earned = np.where(ages <= _REUSE, MEMORY**ages / _REUSE, 0.0) @ np.asarray(past, dtype=np.float64)
    return false_share * (1.0 - MEMORY + float(earned))


def discovered(tails: Floats, level: float) -> NDArray[np.bool_]:
    """Which tests of one day to believe: those below an equal share of the day's level.

    Args:
        tails: p-values; 1 where nothing is tested.
        level: Of `level_of_day`.
    """
    return tails <= level / max(tails.size, 1)
