"""What a line usually spends, the low spend at which lines are compared, and how its spend moves around each day."""

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import week_sum

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_AHEAD_DAYS = 14


def usual_spend(cost: Floats, platforms: NDArray[np.str_], usual: Floats) -> Floats:
    """Reference daily spend: the geometric mean of days with spend, else the platform's, else the usual one."""
    spent = cost > 0
    log_cost = np.where(spent, np.log(np.where(spent, cost, 1.0)), 0.0)
    count = spent.sum(axis=1)
    own = np.where(count > 0, log_cost.sum(axis=1) / np.maximum(count, 1), np.nan)
    for platform in np.unique(platforms):
        chosen = platforms == platform
        known = own[chosen & (count > 0)]
        idle = chosen & (count == 0)
        own[idle] = float(np.median(known)) if len(known) else np.log(usual[idle])
    return np.exp(own)


def low_spend(reference: Floats, platform: Integers, spent: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Log of a low spend, common to a platform, over each line's reference; and each line's log size in its platform.

    The low spend is that of the smallest lines, and well below the typical one. On a platform without any spend it is
    the reference, where typical prices hold.
    """
    log_reference, low, size = np.log(reference), np.zeros(len(reference)), np.zeros(len(reference))
    for group in np.unique(platform):
        chosen = platform == group
        own = log_reference[chosen]
        below = min(float(np.quantile(own, 0.1)), float(own.mean()) - 1.0)
        low[chosen] = below if spent[chosen].any() else own
        size[chosen] = own - own.mean()
    return low - log_reference, size


def wobble_of(log_u: Floats, spent: NDArray[np.bool_]) -> Floats:
    """Log spend of a day less the mean of the seven days around it."""
    total = week_sum(np.where(spent, log_u, 0.0))
    count = week_sum(spent.astype(np.float64))
    return np.where(spent, log_u - total / np.maximum(count, 1.0), 0.0)


def spend_ahead(log_u: Floats, spent: NDArray[np.bool_]) -> Floats:
    """Mean log spend over the days with spend in the two weeks after each; the day's own where there are none.

    Whoever raises budgets because demand is up spends more after it rose: what this goes with is no effect of spend.
    """
    days = log_u.shape[1]
    sums, counts = (
        np.concatenate([np.zeros((len(log_u), 1)), np.cumsum(one, axis=1)], axis=1)
        for one in (np.where(spent, log_u, 0.0), spent.astype(np.float64))
    )
    first, after = np.minimum(np.arange(days) + 1, days), np.minimum(np.arange(days) + 1 + _AHEAD_DAYS, days)
    total, count = sums[:, after] - sums[:, first], counts[:, after] - counts[:, first]
    return np.where(count > 0, total / np.maximum(count, 1.0), log_u)
