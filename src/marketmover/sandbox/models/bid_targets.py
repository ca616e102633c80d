"""Bidding targets and cost caps: a platform spends no more than lets results cost what they may on average."""

from collections.abc import Callable

import numpy as np

from marketmover.sandbox.arrays import Floats

TARGETED = ("TARGET_CPA", "MAXIMIZE_CONVERSIONS", "TARGET_ROAS", "MAXIMIZE_CONVERSION_VALUE", "COST_CAP")
"""Strategies that can have a target."""

BY_RETURN = ("TARGET_ROAS", "MAXIMIZE_CONVERSION_VALUE")
"""Those whose target is a return: value over cost."""

_SHARES = np.geomspace(1.0, 0.05, 40)[:, None]  # what a platform tries to spend; it never stops altogether

Cost = Callable[[Floats], Floats]
"""What a conversion costs if so much of the budgets is spent: shares and costs of shape (levels, lines)."""


def spendable_share(most: Floats, cost: Cost) -> Floats:
    """The largest share of a budget at which a conversion costs no more than it may on average, shape (lines,).

    1 where nothing binds, and a twentieth where no share is cheap enough.

    Args:
        most: What a conversion may cost, shape (lines,); infinite where there is no target.
        cost: Asked of all lines at once.
    """
    held = np.isfinite(most)
    if not held.any():
        return np.ones_like(most)
    shares = np.where(held, _SHARES, 1.0)
    within = ~held | (cost(shares) <= most)
    within[-1] = True
    return np.asarray(shares[within.argmax(axis=0), np.arange(len(most))])
