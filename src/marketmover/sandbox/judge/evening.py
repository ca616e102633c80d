"""What it costs to make an outcome as dear on one platform as on the other."""

from datetime import date
from typing import cast

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.market import Market, steady_optimum
from marketmover.sandbox.outcome import Outcome
from marketmover.sandbox.world import platform_index

_LEAST, _CLOSE = 0.02, 0.005


def cost_of_evening_out(market: Market, daily: float, start: date, end: date) -> float | None:
    """The share of the best outcome that it costs to even out the platforms' cost per outcome.

    Each platform's money is laid as well as it can be, and the money is moved between the platforms until both pay the
    same. Held against the best split found in the same way, so that the search itself costs nothing.

    Args:
        market: The market; the outcome is its main metric.
        daily: Daily budget of all lines together.
        start: First day.
        end: Last day.

    Returns:
        The share that is lost, 0 for none; `None` where there is one platform, or none of the splits is even.
    """
    from scipy.optimize import brentq

    metric, platform = market.main_metric, platform_index(market.lines)[market.enabled]
    if len(set(platform)) < 2:
        return None
    first = (start - market.setting.first_date).days
    days = slice(first, first + (end - start).days + 1)

    def split(share: float) -> Floats:
        budgets = np.zeros(len(platform))
        for side, part in ((0, share), (1, 1.0 - share)):
            places = market.enabled[platform == side]
            budgets[platform == side] = steady_optimum(market.truth, places, part * daily, days, metric)
        return budgets

    def dearer(share: float) -> float:
        prices = costs_per_outcome(market, market.evaluate(split(share), start, end), metric)
        return float(np.log(prices[0] / prices[1]))

    if dearer(_LEAST) * dearer(1.0 - _LEAST) > 0:
        return None
    even = cast("float", brentq(dearer, _LEAST, 1.0 - _LEAST, xtol=_CLOSE))
    best = steady_optimum(market.truth, market.enabled, daily, days, metric)
    earned, most = (market.evaluate(one, start, end).total(metric) for one in (split(even), best))
    return 1.0 - earned / most if most > 0 else None


def costs_per_outcome(market: Market, outcome: Outcome, metric: str) -> Floats:
    """Expected cost per outcome on each platform, infinite where it brings none, shape (platforms,)."""
    platform = platform_index(market.lines)[market.enabled]
    cost, brought = (np.bincount(platform, outcome.expected[name], minlength=2) for name in ("cost", metric))
    return np.divide(cost, brought, out=np.full(2, np.inf), where=brought > 0)


def apart(prices: Floats) -> float:
    """How far two prices are apart: their difference over their mean; 2, the most, where one is infinite."""
    return float(abs(prices[0] - prices[1]) / prices.mean()) if np.isfinite(prices).all() else 2.0
