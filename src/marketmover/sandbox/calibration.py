"""Finds the budgets of a manager of the wanted kind, by search against the truth.

An ordinary manager's split is the best one bent by how each line is misjudged. How far it is bent is found by
bisection, so that the last 28 days' split earns the wanted share of what the best split of the same money earns in the
28 days after the history. A good manager follows the best split, found anew every quarter.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

import numpy as np

from marketmover.kit import coin_of
from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.ledger import keep_books
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.market import Market, steady_optimum
from marketmover.sandbox.models.managers import (
    Habits,
    budget_paths,
    draw_habits,
    misjudgements,
    running,
    weekend_factor,
)
from marketmover.sandbox.models.market_day import blank, live, stack_states
from marketmover.sandbox.streams import stream
from marketmover.sandbox.truth import Truth
from marketmover.sandbox.world import Setting, platform_index

_QUARTER = 91
_STARVED, _OVERFED = -1.85, 1.8
_MOST_REACHED = 0.85
_LEAST = {"ordinary": 0.15, "good": 0.03}


def with_manager(
    setting: Setting, manager: str, lines: tuple[SimulatedLine, ...], truth: Truth, effects: dict[str, dict[str, float]]
) -> Market:
    """The market with the history that this kind of manager made."""
    rng = stream(setting.seed, "manager", manager)
    habits = draw_habits(manager, rng)
    total = float(truth.scale.sum()) * rng.uniform(0.55, 1.3)
    wanted = float(rng.uniform(0.72, 0.83))
    best = _best_over_time(setting, lines, truth, total, manager)
    bends = misjudgements(best[:, -1], _costs(truth, best[:, -1]), rng)

    def history(bend: Floats, strength: float) -> Market:
        weights = best * np.exp(np.clip(strength * bend, _STARVED, _OVERFED))[:, None]
        plan = weights / weights.sum(axis=0) * total * _growth(setting.days, habits)
        plan = _spendable(plan, truth.inventory)
        return _run(setting, manager, lines, truth, effects, plan, habits)

    if manager == "good" or len(lines) == 1:
        return history(bends[0], 0.0)
    return _ordinary(history, bends, wanted)


def _ordinary(history: Callable[[Floats, float], Market], bends: Sequence[Floats], wanted: float) -> Market:
    """The history by the first of `bends` that can be bent far enough to waste what an ordinary manager wastes."""
    found = [_bent(partial(history, bends[0]), wanted)]
    for bend in bends[1:]:
        if found[-1][1] > _MOST_REACHED:
            found.append(_bent(partial(history, bend), wanted))
    return min(found, key=lambda market_and_share: abs(market_and_share[1] - wanted))[0]


def _bent(history: Callable[[float], Market], wanted: float, steps: int = 9) -> tuple[Market, float]:
    """The history whose share of the optimum comes close to `wanted`, by bisection over how far the split is bent.

    The optimum is costly and hardly moves with the bend, so it is found once and then scaled to each total by its
    elasticity of a half.
    """
    market = history(1.0)
    total, best = _spent(market), _optimum(market)
    low, high, strength = 0.0, 4.0, 1.0
    for _ in range(steps):
        share = _share(market, best, total)
        if abs(share - wanted) < 0.01:
            break
        low, high = (strength, high) if share > wanted else (low, strength)
        strength = 0.5 * (low + high)
        market = history(strength)
    return market, _share(market, best, total)


def _share(market: Market, best: float, total: float) -> float:
    """What the last split earns over the best, where `best` is what could be earned with `total` a day."""
    return _earned(market) / max(best * (_spent(market) / total) ** 0.5, 1e-9)


def share_of_optimum(market: Market) -> float:
    """What the last 28 days' split earns in the 28 days after the history, over what the best split earns."""
    earned = _earned(market)
    return earned / max(_optimum(market), earned, 1e-9)


def _spent(market: Market) -> float:
    """What the last 28 days' budgets spend a day: less than they come to where a line cannot spend its own."""
    return market.evaluate(market.status_quo(), *_after(market)).total("cost") / 28.0


def _after(market: Market) -> tuple[date, date]:
    return market.last_date + timedelta(1), market.last_date + timedelta(28)


def _earned(market: Market) -> float:
    return market.evaluate(market.status_quo(), *_after(market)).total(market.main_metric)


def _optimum(market: Market) -> float:
    _, best = market.optimum(_spent(market), *_after(market), effort=25)
    return best.total(market.main_metric)


def _best_over_time(
    setting: Setting, lines: tuple[SimulatedLine, ...], truth: Truth, total: float, manager: str
) -> Floats:
    """The best split of `total`, shape (lines, days): that of the end throughout, or for good managers by the quarter.

    Lines that have ended get what they would have got beside the others; no line gets less than a share of its scale.
    """
    metric = "conversions" if setting.sells == "ecommerce" else "leads"
    everyone = np.arange(len(lines))
    starts = range(0, setting.days, _QUARTER) if manager == "good" else [max(setting.days - 56, 0)]
    splits = [steady_optimum(truth, everyone, total, slice(start, start + _QUARTER), metric) for start in starts]
    least = _LEAST[manager] * total * truth.scale / truth.scale.sum()
    pieces = [np.maximum(split, least)[:, None] for split in splits]
    lengths = np.diff([0, *list(starts)[1:], setting.days])
    return np.repeat(np.concatenate(pieces, axis=1), lengths, axis=1)


def _costs(truth: Truth, budgets: Floats) -> Floats:
    """What a conversion costs on average at `budgets`, all else plain, shape (lines,)."""
    return budgets / np.maximum(truth.yields * truth.curves.volume(budgets / truth.scale), 1e-9)


def _spendable(plan: Floats, most: Floats, rounds: int = 8) -> Floats:
    """Budgets that can be spent, shape (lines, days): what a line has no room for goes to the others, in proportion.

    Platforms show budgets that are not spent, and managers do not leave them lying.
    """
    total, most = plan.sum(axis=0), np.broadcast_to(most[:, None], plan.shape)
    for _ in range(rounds):
        plan = np.minimum(plan, most)
        open_to_more = np.where(plan < most, plan, 0.0)
        plan = plan + open_to_more * (total - plan.sum(axis=0)) / np.maximum(open_to_more.sum(axis=0), 1e-9)
    return np.minimum(plan, most)


def _least_step(currency: str) -> float:
    """What people set budgets in at least: half a unit of money, a whole one where there are no hundredths."""
    return 1.0 if coin_of(currency) > 1 else 0.5


def _growth(days: int, habits: Habits) -> Floats:
    """The whole budget over time, 1 on the last day, shape (days,)."""
    return np.exp(habits.growth * (np.arange(days) - days + 1) / 730.0)


def _run(
    setting: Setting,
    manager: str,
    lines: tuple[SimulatedLine, ...],
    truth: Truth,
    effects: dict[str, dict[str, float]],
    plan: Floats,
    habits: Habits,
) -> Market:
    """Live through the history on the budgets that come of `plan` and the habits."""
    days = setting.days
    live_on = running(
        [line.first_day for line in lines], [line.last_day for line in lines], [line.pauses for line in lines], days
    )
    seen = (truth.demand * truth.shock)[:, :days]
    budgets = budget_paths(plan, seen, habits, stream(setting.seed, "budgets"), _least_step(setting.currency)) * live_on
    weekdays = [(setting.first_date + timedelta(day)).weekday() for day in range(days)]
    spendable = budgets * weekend_factor(weekdays, habits)
    states, flow = live(truth, blank(truth), spendable, 0)
    books = keep_books(truth, flow, platform_index(lines), setting.seed, coin_of(setting.currency))
    return Market(setting, manager, lines, truth, effects, budgets, spendable, stack_states(states), books)
