"""Budgets in whole coins (cents; whole yen) that add up, within bounds."""

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.solver import Tree, sums
from marketmover.budget.allocation.units import Units
from marketmover.kit import apportion

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bounds = tuple[Integers, Integers]
_PLENTY = 1e15


def to_whole_cents(budgets: Floats, tree: Tree, total: int, coin: int = 1) -> list[int]:
    """Whole cents that add up to `total`, with every unit, campaign and platform within its own bounds.

    Sums are rounded from above: platforms first, then the campaigns of each, then their units.

    Args:
        budgets: Budgets of units, shape (units,).
        tree: Bounds.
        total: Cents, a multiple of `coin`.
        coin: Cents in the smallest sum (`coin_of` the currency), of which every part is a multiple.
    """
    worth = 100 / coin
    units = _in_coins(tree.line_low, tree.line_high, worth)
    campaigns = _around(units, tree.campaign, _in_coins(tree.campaign_low, tree.campaign_high, worth))
    platforms = _around(campaigns, tree.platform, _in_coins(tree.platform_low, tree.platform_high, worth))
    of_campaigns = sums(tree.campaign, budgets, len(tree.campaign_low))
    of_platforms = sums(tree.platform, of_campaigns, len(tree.platform_low))
    root = np.zeros(len(of_platforms), dtype=np.int64)
    above = _rounded(of_platforms * worth, platforms, root, np.array([total // coin]))
    above = _rounded(of_campaigns * worth, campaigns, tree.platform, above)
    return [int(value) * coin for value in _rounded(budgets * worth, units, tree.campaign, above)]


def _in_coins(low: Floats, high: Floats, worth: float) -> Bounds:
    """Bounds in coins, of which `worth` make a unit of money."""
    least = np.ceil(low * worth - 1e-6).astype(np.int64)
    return least, np.maximum(least, np.floor(np.minimum(high, _PLENTY) * worth + 1e-6).astype(np.int64))


def _around(children: Bounds, parent: Integers, own: Bounds) -> Bounds:
    """A level's bounds, as far as its children can keep them."""
    least, most = np.zeros_like(own[0]), np.zeros_like(own[1])
    np.add.at(least, parent, children[0])
    np.add.at(most, parent, children[1])
    low = np.clip(own[0], least, most)
    return low, np.clip(own[1], low, most)


def _rounded(amounts: Floats, within: Bounds, parent: Integers, sums_of_parents: Integers) -> Integers:
    """Whole coins near `amounts` whose sum by parent is as given; what is left over goes to the largest remainders.

    Where bounds leave no such coins (they are finer than a coin), the sum is kept and a bound is missed by a coin.
    """
    low, high = within
    coins = np.clip(np.floor(amounts + 1e-6).astype(np.int64), low, high)
    for node in np.unique(parent):
        rows = np.flatnonzero(parent == node)
        left = int(sums_of_parents[node] - coins[rows].sum())
        while left:
            remainder = amounts[rows] - coins[rows]
            order = rows[np.argsort(-remainder if left > 0 else remainder, kind="stable")]
            free = [row for row in order if (coins[row] < high[row] if left > 0 else coins[row] > low[row])]
            chosen = (free or [row for row in order if left > 0 or coins[row] > 0])[: abs(left)]
            for row in chosen:
                room = int(high[row] - coins[row] if left > 0 else coins[row] - low[row]) if free else 1
                step = min(max(abs(left) // len(chosen), 1), room, abs(left)) * (1 if left > 0 else -1)
                coins[row] += step
                left -= step
                if left == 0:
                    break
    return coins


def of_lines(cents: list[int], units: Units, coin: int = 1) -> list[int]:
    """Cents of lines from cents of units: a pool's sum is kept."""
    if not units.pooled:
        return cents
    lines = np.zeros(len(units.unit), dtype=np.int64)
    for unit, amount in enumerate(cents):
        members = np.flatnonzero(units.unit == unit)
        parts = apportion(amount // coin, [float(units.share[row]) for row in members])
        lines[members] = np.array(parts) * coin
    return [int(value) for value in lines]
