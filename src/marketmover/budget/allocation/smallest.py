"""Nothing, or enough to run on: lines whose best budget is a crumb are stopped or raised, whichever earns more."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.solver import Tree, solve
from marketmover.budget.priors import currency_size
from marketmover.plans import Platform

Floats = NDArray[np.float64]
# Meta takes no daily budget below about a dollar, and five where it pays by clicks or actions (Marketing API, Minimum
# budgets; in other currencies likewise). Google takes a cent, on which nothing runs.
_LEAST_DOLLARS: dict[Platform, float] = {"google_ads": 1.0, "meta_ads": 5.0}
_CRUMB = 0.002  # of the plan's daily spend: less than that is not worth anybody's work
_MOST_CRUMB = 0.02  # a small plan is not ruled by minimums
_WORK = 1200  # solves times units that may be spent on the search
_NEAR = 1e-7


def smallest_daily(currency: str, daily: float) -> dict[Platform, float]:
    """By platform, the daily budget below which a line is not worth running.

    Args:
        currency: ISO 4217.
        daily: What the plan spends a day, in that currency.
    """
    size = currency_size(currency)
    return {
        platform: min(max(dollars * size, _CRUMB * daily), _MOST_CRUMB * daily)
        for platform, dollars in _LEAST_DOLLARS.items()
    }


def with_least(curves: DemandCurves, tree: Tree, total: float, least: Floats) -> tuple[Floats, Tree]:
    """The best split in which each unit gets nothing or at least `least`, and the bounds that say which is which.

    Branch and bound on the units that stand between (Land and Doig 1960): the split without the demand is an upper
    bound for every way of meeting it. Exact where few units are in question; where many are, the search ends
    early, and what is lost is less than the gain of one small line.

    Args:
        curves: Marginal returns of the units.
        tree: Bounds.
        total: What to spend.
        least: What each unit must get if it gets anything, shape (units,). Where the bounds ask for some money anyway,
            or allow too little, they stand.
    """
    best: tuple[float, Floats, Tree] | None = None
    relaxed = solve(curves, tree, total)
    waiting = [(float(curves.gain(relaxed).sum()), relaxed, tree)]
    for _ in range(max(8, _WORK // len(least))):
        if not waiting:
            break
        # Depth first to a first answer, then the most promising branch.
        place = len(waiting) - 1 if best is None else int(np.argmax([bound for bound, _, _ in waiting]))
        bound, budgets, bounded = waiting.pop(place)
        if best is not None and bound <= best[0] * (1 + _NEAR):
            continue
        row = _in_question(budgets, bounded, least)
        if row is None:
            best = (bound, budgets, bounded)
            continue
        waiting += _branches(curves, bounded, total, least, row, nearer=bool(budgets[row] * 2 >= least[row]))
    return (best[1], best[2]) if best is not None else _rounded(curves, tree, total, least)


def _in_question(budgets: Floats, tree: Tree, least: Floats) -> int | None:
    """The unit that stands between nothing and enough the most evenly, `None` where none does."""
    crumbs = (budgets > 1e-6) & (budgets < least * (1 - 1e-9) - 1e-6) & (tree.line_low <= 0) & (tree.line_high >= least)
    if not crumbs.any():
        return None
    evenness = np.where(crumbs, np.abs(budgets / np.where(least > 0, least, 1.0) - 0.5), np.inf)
    return int(np.argmin(evenness))


def _branches(
    curves: DemandCurves, tree: Tree, total: float, least: Floats, row: int, *, nearer: bool
) -> list[tuple[float, Floats, Tree]]:
    """The unit stopped, and the unit raised; the likelier one last, so that it is looked at first."""
    stopped, raised = tree.line_high.copy(), tree.line_low.copy()
    stopped[row], raised[row] = 0.0, least[row]
    both = [replace(tree, line_high=stopped), replace(tree, line_low=raised)]
    found: list[tuple[float, Floats, Tree]] = []
    for branch in both if nearer else both[::-1]:
        if branch.allows(total):
            budgets = solve(curves, branch, total)
            found.append((float(curves.gain(budgets).sum()), budgets, branch))
    return found


def _rounded(curves: DemandCurves, tree: Tree, total: float, least: Floats) -> tuple[Floats, Tree]:
    """Units in question rounded one round after the other, where no search came to an end; bounds come first."""
    budgets = solve(curves, tree, total)
    for _ in range(len(least)):
        crumbs = (budgets > 1e-6) & (budgets < least - 1e-6) & (tree.line_low <= 0) & (tree.line_high >= least)
        if not crumbs.any():
            break
        drop = crumbs & (budgets * 2 < least)
        lift = crumbs & ~drop
        rounded = replace(
            tree,
            line_high=np.where(drop, 0.0, tree.line_high),
            line_low=np.where(lift, least, tree.line_low),
        )
        if not rounded.allows(total):
            break
        tree, budgets = rounded, solve(curves, rounded, total)
    return budgets, tree


def settled(budgets: Floats, curves: DemandCurves, tree: Tree, total: float, least: Floats) -> Floats:
    """A split that was changed after the fact, with its crumbs stopped or raised and the rest hardly moved."""
    crumbs = (budgets > 1e-6) & (budgets < least * (1 - 1e-9) - 1e-6) & (tree.line_low <= 0) & (tree.line_high >= least)
    if not crumbs.any():
        return budgets
    fixed = np.where(crumbs, np.where(budgets * 2 < least, 0.0, least), budgets)
    floor = np.maximum(tree.line_low, np.where(fixed > 1e-6, np.minimum(fixed, least), 0.0))
    for width in (0.02, 0.1, 0.3, 1.0):
        near = replace(
            tree,
            line_low=np.where(crumbs, fixed, np.clip(fixed * (1 - width), floor, tree.line_high)),
            line_high=np.where(crumbs, fixed, np.clip(fixed * (1 + width), floor, tree.line_high)),
        )
        if near.allows(total):
            return solve(curves, near, total)
    return budgets
