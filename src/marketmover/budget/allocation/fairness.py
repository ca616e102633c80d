"""An outcome at the same cost on each platform, where that costs little."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.problem import Problem
from marketmover.budget.allocation.solver import Tree, solve, sums
from marketmover.budget.allocation.steps import is_sure

Floats = NDArray[np.float64]
EVEN = 0.05  # costs that differ by no more than this share of their mean count as even
_AIM = 0.01  # what is aimed at, since the costs themselves are estimates
_OF_GAIN = 0.25  # evenness is paid from the gain over today's split, and takes no more than this of it
_ESTABLISHED = 0.75  # share of draws in which the same platform is the dearer one
_STEPS = 24
_COUNTED = ("qualified_leads", "leads", "conversions", "sales", "installs")


@dataclass(frozen=True)
class Evenness:
    """What an outcome costs on each platform, and what was done about the difference.

    Attributes:
        metric: The outcome.
        cost: Expected cost of one, by platform.
        variation: Difference between the platforms' costs over their mean.
        before: The same before anything was evened out.
        price: Share of the expected objective that evening out costs, or would cost.
        evened: Whether the split was evened out.
        allowed: Share of the objective that it was allowed to cost.
        established: Whether the data tell which platform is the dearer one.
    """

    metric: str
    cost: dict[str, float]
    variation: float
    before: float
    price: float
    evened: bool
    allowed: float
    established: bool = True


def even_out(problem: Problem, curves: DemandCurves, tree: Tree, budgets: Floats) -> tuple[Floats, Evenness | None]:
    """Move money from the dearer to the cheaper platform until an outcome costs the same on both, if that costs little.

    The cheaper platform is the one with less room at its price, so more money there raises its cost. Within a platform
    every line moves about alike. The split is left as it is where the data do not tell which platform is the dearer
    one, where limits forbid another, where evening out would cost more than `limits.even_platforms` of the objective or
    a quarter of the gain over today's split, and where that gain would no longer be sure.

    Returns:
        The split, and what was found; `None` where there are not two platforms with an outcome that has a cost.
    """
    metric = next((one for one in _COUNTED if one in problem.aim.weights), None)
    if metric is None or problem.total <= 0:
        return budgets, None
    before = _costs(problem, budgets, metric)
    if len(before) != 2 or not np.isfinite(list(before.values())).all():
        return budgets, None
    mean = float(problem.table.totals(budgets).mean())
    allowed = _allowed(problem, mean)
    found = Evenness(metric, before, variation(before), variation(before), 0.0, evened=False, allowed=allowed)
    if found.variation <= _AIM or not problem.limits.even_platforms:
        return budgets, found
    if not _established(problem, budgets, metric):
        return budgets, replace(found, established=False)
    evened = _moved_until_even(problem, curves, tree, budgets, metric)
    if evened is None:
        return budgets, replace(found, price=float("inf"))
    after = _costs(problem, evened, metric)
    price = 1.0 - float(problem.table.totals(evened).mean()) / mean
    if price > allowed or not is_sure(problem, evened):
        return budgets, replace(found, price=price)
    return evened, replace(found, cost=after, variation=variation(after), price=price, evened=True)


def variation(cost: dict[str, float]) -> float:
    """Difference of the highest and the lowest cost over their mean.

    >>> round(variation({"google_ads": 38.0, "meta_ads": 42.0}), 3)
    0.1
    """
    highest, lowest = max(cost.values()), min(cost.values())
    return (highest - lowest) / ((highest + lowest) / 2)


def _allowed(problem: Problem, mean: float) -> float:
    """The share of the objective that evening out may cost."""
    most = problem.limits.even_platforms or 0.0
    if problem.current.sum() <= 0 or mean <= 0:
        return most
    gain = 1.0 - float(problem.table.totals(problem.current).mean()) / mean
    return min(most, _OF_GAIN * max(gain, 0.0))


def _costs(problem: Problem, budgets: Floats, metric: str) -> dict[str, float]:
    """Expected cost of an outcome by platform, for platforms that get money."""
    counted = np.where(budgets > 0, problem.tables.of(metric).mean(budgets), 0.0)  # what is stopped costs nothing now
    names = list(dict.fromkeys(problem.members.platforms))
    spent, found = (_by_platform(problem, values) for values in (budgets, counted))
    return {
        name: float(spent[row] / found[row]) if found[row] > 0 else float("inf")
        for row, name in enumerate(names)
        if spent[row] > 0
    }


def _established(problem: Problem, budgets: Floats, metric: str) -> bool:
    """Whether most draws agree on which platform is the dearer one."""
    tree = problem.tree
    counted = np.where(budgets > 0, problem.tables.of(metric).at(budgets), 0.0)
    first = (tree.platform[tree.campaign] == 0).astype(np.float64)
    spent = _by_platform(problem, budgets)
    share = float((counted @ first * spent[1] > counted @ (1.0 - first) * spent[0]).mean())
    return max(share, 1.0 - share) >= _ESTABLISHED


def _by_platform(problem: Problem, of_units: Floats) -> Floats:
    tree = problem.tree
    return sums(tree.platform, sums(tree.campaign, of_units, len(tree.campaign_low)), len(tree.platform_low))


def _moved_until_even(
    problem: Problem, curves: DemandCurves, tree: Tree, budgets: Floats, metric: str
) -> Floats | None:
    """The split with as much money moved as makes costs even, by bisection; `None` where nothing allowed does."""
    spent = _by_platform(problem, budgets)
    costs = _costs(problem, budgets, metric)
    names = list(dict.fromkeys(problem.members.platforms))
    dear = max(range(len(names)), key=lambda row: costs[names[row]])

    def at(share: float) -> Floats | None:
        amount = share * spent[dear]
        moved = np.where(np.arange(len(spent)) == dear, spent - amount, spent + amount)
        return _with_platforms(problem, curves, tree, budgets, moved)

    low, high, best = 0.0, 1.0, None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        trial = at(middle)
        if trial is None:
            high = middle
            continue
        now = _costs(problem, trial, metric)
        if len(now) == 2 and variation(now) <= _AIM:
            return trial
        if len(now) == 2 and max(now, key=lambda name: now[name]) == names[dear]:
            low = middle
            if variation(now) <= EVEN:
                best = trial
        else:
            high = middle
    return best


def _with_platforms(
    problem: Problem, curves: DemandCurves, tree: Tree, budgets: Floats, spent: Floats
) -> Floats | None:
    """The split with other sums of platforms, its lines moved about alike; `None` where bounds forbid the sums."""
    factor = (spent / np.maximum(_by_platform(problem, budgets), 1e-9))[tree.platform[tree.campaign]]
    target = budgets * factor
    for width in (0.02, 0.2, np.inf):
        low = np.maximum(tree.line_low, target * max(1 - width, 0.0))
        high = np.minimum(tree.line_high, target * (1 + width)) if np.isfinite(width) else tree.line_high
        near = replace(
            tree,
            line_low=np.minimum(low, tree.line_high),
            line_high=np.maximum(high, np.minimum(low, tree.line_high)),
            platform_low=np.maximum(tree.platform_low, spent),
            platform_high=np.minimum(tree.platform_high, spent),
        )
        if near.allows(problem.total):
            return solve(curves, near, problem.total)
    return None
