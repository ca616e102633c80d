"""Nothing, or enough to run on: lines whose best budget is a crumb are stopped or raised, whichever earns more."""

from collections.abc import Iterator
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
_KNEE = 1.01  # an S-shaped line has a knee where its money earns so much more than at its least
_WORK = 3000  # solves times units that may be spent on improving a choice of units
_PRICES = 6
_PAIRS = 6
_ROOMS = 24
_NEAR = 1e-7


def smallest_daily(currency: str, daily: float) -> dict[Platform, float]:
    """By platform, the daily budget below which a line is not worth running.

    Args:
        currency: ISO 4217.
        daily: What the plan spends a day, in that currency.
    """
    size = currency_size(currency)
    return {platform: max(dollars * size, _CRUMB * daily) for platform, dollars in _LEAST_DOLLARS.items()}


def knees(grid: Floats, gains: Floats, least: Floats) -> Floats:
    """The budget above `least` at which each unit earns the most for its money, shape (units,); `least` for most.

    Only where returns first rise (an S) that is more than the least. Between nothing and that knee no budget is ever
    best: the same money on fewer such units earns more (the concave envelope; Rockafellar 1970, section 12).

    Args:
        grid: Budgets, ascending from 0, shape (units, points).
        gains: Expected gain at them, shape (units, points).
        least: What each unit must get if it gets anything, shape (units,).
    """
    rows = np.arange(len(grid))
    returns = gains[:, 1:] / grid[:, 1:]
    allowed = grid[:, 1:] >= least[:, None]
    best = np.where(allowed, returns, -np.inf).argmax(axis=1)
    first = np.minimum(allowed.argmax(axis=1), returns.shape[1] - 1)
    rising = allowed.any(axis=1) & (returns[rows, best] > returns[rows, first] * _KNEE)
    return np.where(rising, grid[rows, best + 1], least)


def with_least(curves: DemandCurves, tree: Tree, total: float, least: Floats) -> tuple[Floats, Tree]:
    """The best split in which each unit gets nothing or at least `least`, and the bounds that say which is which.

    At the price of money, a unit in question is worth opening when its gain at `least` is above what that money earns
    elsewhere; with many units that is nearly exact, since what is lost is less than one small unit's gain (Shapley and
    Folkman; see Bertsekas 1982). With few, units are then stopped, raised and exchanged as long as that earns more.

    Args:
        curves: Marginal returns of the units.
        tree: Bounds.
        total: What to spend.
        least: What each unit must get if it gets anything, shape (units,). Where the bounds ask for some money anyway,
            or allow too little, they stand.
    """
    budgets = solve(curves, tree, total)
    asked = (least > 0) & (tree.line_low <= 0) & (tree.line_high >= least)
    if not _crumbs(budgets, asked, least).any():
        return budgets, tree
    found = _by_price(curves, tree, total, np.where(asked, least, 0.0), budgets)
    if found is None:
        return budgets, tree
    return _improved(curves, tree, total, np.where(asked, least, 0.0), found)


_Opened = tuple[float, Floats, NDArray[np.bool_]]
"""A way of opening units: its gain, its split, and which of the units with a minimum are open."""


def _crumbs(budgets: Floats, asked: NDArray[np.bool_], least: Floats) -> NDArray[np.bool_]:
    return asked & (budgets > 1e-6) & (budgets < least * (1 - 1e-9) - 1e-6)


def _opened(curves: DemandCurves, tree: Tree, total: float, least: Floats, on: NDArray[np.bool_]) -> _Opened | None:
    """The best split with just these units open; `None` where bounds forbid it."""
    bounded = _tree_of(tree, least, on)
    if not bounded.allows(total):
        return None
    budgets = solve(curves, bounded, total)
    return float(curves.gain(budgets).sum()), budgets, on


def _tree_of(tree: Tree, least: Floats, on: NDArray[np.bool_]) -> Tree:
    return replace(
        tree,
        line_low=np.where((least > 0) & on, least, tree.line_low),
        line_high=np.where((least > 0) & ~on, 0.0, tree.line_high),
    )


def _by_price(curves: DemandCurves, tree: Tree, total: float, least: Floats, budgets: Floats) -> _Opened | None:
    """Units opened by their worth at the price of money, the price following; `None` where bounds forbid all ways."""
    best: _Opened | None = None
    at_least = curves.gain(least)
    for _ in range(_PRICES):
        price = _price(curves, budgets, least)
        worth = at_least - price * least
        on = (least <= 0) | (budgets >= least) | (worth > 0)
        trial = _opened(curves, tree, total, least, on)
        if trial is None:
            on = _that_fit(tree, total, least, worth / np.maximum(least, 1e-9))
            trial = _opened(curves, tree, total, least, on)
        if trial is None or (best is not None and (trial[2] == best[2]).all()):
            break
        best = trial if best is None or trial[0] > best[0] else best
        budgets = np.maximum(trial[1], 0.0)
    return best


def _that_fit(tree: Tree, total: float, least: Floats, worth: Floats) -> NDArray[np.bool_]:
    """As many units as the bounds let run together, the best for their money first."""
    on = least <= 0
    fits = on.copy()
    for row in np.argsort(-worth, kind="stable"):
        if least[row] > 0:
            on[row] = True
            bounded = _tree_of(tree, least, on)
            if bounded.allows(total):
                fits = on.copy()
            elif bounded.reach()[1] > total:
                on[row] = False
    return fits


def _price(curves: DemandCurves, budgets: Floats, least: Floats) -> float:
    """What a further unit of money earns: the middle of the slopes of units that stand free of their minimum."""
    free = budgets > np.maximum(least * 1.001, 1e-6)
    slopes = curves.slope_at(budgets)
    return float(np.median(slopes[free])) if free.any() else float(slopes.max(initial=0.0))


def _improved(curves: DemandCurves, tree: Tree, total: float, least: Floats, best: _Opened) -> tuple[Floats, Tree]:
    """Units flipped one by one, then exchanged two by two, the closest calls first, while that earns more."""
    left = _WORK // len(least)
    price = _price(curves, best[1], least)
    worth = np.where(
        least > 0, np.abs(curves.gain(np.maximum(best[1], least)) - price * np.maximum(best[1], least)), np.inf
    )
    order = [int(row) for row in np.argsort(worth, kind="stable") if least[row] > 0]
    tried: set[bytes] = {best[2].tobytes()}
    improved = True
    while improved and left > 0:
        improved = False
        for on in _neighbours(tree, total, least, best, order):
            if left <= 0 or on.tobytes() in tried:
                continue
            tried.add(on.tobytes())
            left -= 1
            trial = _opened(curves, tree, total, least, on)
            if trial is not None and trial[0] > best[0] * (1 + _NEAR):
                best, improved = trial, True
                break
    return best[1], _tree_of(tree, least, best[2])


def _neighbours(
    tree: Tree, total: float, least: Floats, best: _Opened, order: list[int]
) -> Iterator[NDArray[np.bool_]]:
    """Other choices of open units: one flipped; two exchanged; one opened in the place of as many as it needs."""
    opened, closed = ([row for row in order if best[2][row] == on] for on in (True, False))
    for rows in [*((row,) for row in order), *((one, other) for one in opened[:_PAIRS] for other in closed[:_PAIRS])]:
        on = best[2].copy()
        on[list(rows)] = ~on[list(rows)]
        yield on
    for row in closed[:_ROOMS]:
        on = best[2].copy()
        on[row] = True
        for other in opened:
            if _tree_of(tree, least, on).reach()[1] <= total:
                break
            on[other] = False
        yield on


def settled(budgets: Floats, curves: DemandCurves, tree: Tree, total: float, least: Floats) -> Floats:
    """A split that was changed after the fact, with its crumbs stopped or raised and the rest hardly moved."""
    crumbs = _crumbs(budgets, (tree.line_low <= 0) & (tree.line_high >= least), least)
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
    return with_least(curves, tree, total, least)[0]
