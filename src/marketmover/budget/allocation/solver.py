"""The exact split: separable concave gains under bounds on lines, campaigns, platforms and the total.

The bounds form a tree (line in campaign in platform in total), so that one price of money for each node solves it:
a node takes what its children would take at the price, held between its bounds, and a node that is held has a price of
its own inside. Prices are found by bisection for all nodes of a level at once (the nested resource allocation problem;
see Hochbaum 1994, "Lower and upper bounds for the allocation problem and other nonlinear optimization problems").
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.demand import DemandCurves

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_STEPS = 56  # halvings of a price range of 14 decades: to the last digits of a double


@dataclass(frozen=True)
class Tree:
    """Bounds of every node, in money. `campaign` maps lines to campaigns, `platform` campaigns to platforms."""

    line_low: Floats
    line_high: Floats
    campaign: Integers
    campaign_low: Floats
    campaign_high: Floats
    platform: Integers
    platform_low: Floats
    platform_high: Floats

    def reach(self) -> tuple["Tree", "float", "float"]:
        """The tree with every node's bounds tightened to what its children can take, and the total's range."""
        low, high = _tightened(self.line_low, self.line_high, self.campaign, self.campaign_low, self.campaign_high)
        lows, highs = _tightened(low, high, self.platform, self.platform_low, self.platform_high)
        tight = Tree(self.line_low, self.line_high, self.campaign, low, high, self.platform, lows, highs)
        return tight, float(lows.sum()), float(highs.sum())

    def keeps(self, budgets: Floats) -> bool:
        """Whether budgets of lines (lines,) keep every bound, to a cent."""
        campaigns = sums(self.campaign, budgets, len(self.campaign_low))
        platforms = sums(self.platform, campaigns, len(self.platform_low))
        levels = (
            (budgets, self.line_low, self.line_high),
            (campaigns, self.campaign_low, self.campaign_high),
            (platforms, self.platform_low, self.platform_high),
        )
        return all(bool(((low - 0.01 <= spent) & (spent <= high + 0.01)).all()) for spent, low, high in levels)

    def allows(self, total: float) -> bool:
        """Whether every bound can be kept while `total` is spent."""
        tight, least, most = self.reach()
        fits = (tight.campaign_low <= tight.campaign_high + 1e-9).all()
        fits = fits and (tight.platform_low <= tight.platform_high + 1e-9).all()
        return bool(fits and least <= total + 1e-9 and most >= total - 1e-9)


def sums(parent: Integers, values: Floats, nodes: int) -> Floats:
    """Sum of the children's values by parent, shape (nodes,)."""
    return np.bincount(parent, values, minlength=nodes).astype(np.float64)


def _tightened(
    child_low: Floats, child_high: Floats, parent: Integers, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    lows = sums(parent, child_low, len(low))
    highs = sums(parent, child_high, len(high))
    return np.maximum(low, lows), np.minimum(high, highs)


def solve(curves: DemandCurves, tree: Tree, total: float) -> Floats:
    """Budgets that maximise the gain and add up to `total`, shape (lines,).

    Args:
        curves: Marginal returns of the lines.
        tree: Bounds that allow `total` (see `Tree.reach`).
        total: What to spend.
    """
    tight, _, _ = tree.reach()
    root = np.zeros(len(tight.platform_low), dtype=np.int64)

    def of_lines(price: Floats) -> Floats:
        return np.clip(curves.at_price(price), tight.line_low, tight.line_high)

    def of_campaigns(price: Floats) -> Floats:
        spent = sums(tight.campaign, of_lines(price[tight.campaign]), len(tight.campaign_low))
        return np.clip(spent, tight.campaign_low, tight.campaign_high)

    def of_platforms(price: Floats) -> Floats:
        spent = sums(tight.platform, of_campaigns(price[tight.platform]), len(tight.platform_low))
        return np.clip(spent, tight.platform_low, tight.platform_high)

    ceiling = float(curves.slopes.max(initial=1e-12)) * 1.01 + 1e-12
    by_platform = _meet(np.array([total]), root, of_platforms, ceiling)
    by_campaign = _meet(by_platform, tight.platform, of_campaigns, ceiling)
    return _meet(by_campaign, tight.campaign, of_lines, ceiling)


def _meet(amounts: Floats, parent: Integers, demand: Callable[[Floats], Floats], ceiling: float) -> Floats:
    """What each child takes when the children of each parent share `amounts` at one price.

    Where several children stand at the same price, the answers just above and just below it are mixed.
    """
    low = np.full(len(amounts), np.log(ceiling) + np.log(1e-14))
    high = np.full(len(amounts), np.log(ceiling))
    for _ in range(_STEPS):
        middle = (low + high) / 2
        enough = sums(parent, demand(np.exp(middle)[parent]), len(amounts)) >= amounts
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    cheap, dear = demand(np.exp(low)[parent]), demand(np.exp(high)[parent])
    most = sums(parent, cheap, len(amounts))
    least = sums(parent, dear, len(amounts))
    share = np.clip((amounts - least) / np.where(most > least, most - least, 1.0), 0.0, 1.0)[parent]
    return dear + share * (cheap - dear)
