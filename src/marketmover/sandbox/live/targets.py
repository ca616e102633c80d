"""Bidding targets that are set in a live window, and what they let a conversion cost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.asked import PlanLine
from marketmover.sandbox.exports.bidding import shown_target
from marketmover.sandbox.live.world import World
from marketmover.sandbox.market import Market, averaged
from marketmover.sandbox.models.bid_targets import BY_RETURN, TARGETED
from marketmover.sandbox.models.market_day import live_day, settled

_AS_SHOWN = 0.01  # a target that differs by less from the one that is shown is that one, rounded


def bid_asked(market: Market, place: int, wanted: PlanLine, strategy: str) -> float | None:
    """The target that binds a line from now on; `None` where none does.

    Args:
        market: The market with its lines as they are set, up to the day before.
        place: The line.
        wanted: A plan's line; where it says nothing of bidding, or names the target that exports show, all stays.
        strategy: How the line will bid.
    """
    run, bidding = market.lines[place].runs[-1], wanted.get("bidding")
    kept = run.target if run.bidding == strategy else None
    if not isinstance(bidding, Mapping) or strategy not in TARGETED:
        return kept
    target = _number(bidding.get("target"))
    if target is None:
        return None
    shown = shown_target(market, place, run) if run.bidding == strategy else None
    return kept if shown and abs(target / shown - 1.0) < _AS_SHOWN else target


def bidding_towards(
    target: float | None, world: World, market: Market, place: int, strategy: str, budgets: Floats
) -> World:
    """The world in which a line bids towards `target` from the market's next day on.

    A target in place of another allows as much more or less as it is larger or smaller, counted from what the line's
    conversions cost so far: a platform that spent the whole budget under a target below that keeps it loosely.

    Args:
        target: As `bid_asked` has it.
        world: The window.
        market: The market with its lines as they are set, up to the day before.
        place: The line.
        strategy: How it will bid.
        budgets: Daily budgets in force, shape (all lines,).
    """
    day = market.setting.days - world.at
    run, most = market.lines[place].runs[-1], world.most.copy()
    if target is None:
        allowed = np.inf
    elif target == run.target and strategy == run.bidding:
        return world
    else:
        allowed = _as_cost(target, strategy, world, place)
        shown = shown_target(market, place, run) if run.bidding == strategy else None
        if shown:
            before = _as_cost(shown, strategy, world, place)
            usual = most[place, day]
            if not np.isfinite(usual):
                usual = max(before, _usual_cost(world, place, budgets, day))
            allowed = usual * allowed / before if np.isfinite(before) else np.inf
    most[place, day:] = allowed
    return replace(world, most=most)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _as_cost(target: float, strategy: str, world: World, place: int) -> float:
    """What a conversion may cost under a target; infinite for a return where nothing has a value."""
    if strategy not in BY_RETURN:
        return target
    value = float((1.0 - world.truth.lead_share[place]) * world.truth.order_value[place])
    return value / target if value > 0 else np.inf


def _usual_cost(world: World, place: int, budgets: Floats, day: int) -> float:
    """What a conversion of a line costs over the days ahead, if it spends its budget and nothing goes wrong."""
    mean = averaged(world.truth, slice(world.at + day, world.at + world.days))
    _, flow = live_day(mean, mean.curves, settled(mean, budgets), budgets, 0)
    return float(flow.spend[place] / max(float(flow.conversions[place]), 1e-9))
