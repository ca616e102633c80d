"""From today's split to the best one: only changes that are worth their learning phase, and only as far as is sure."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.ceiling import averages, kept
from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.problem import Problem
from marketmover.budget.allocation.risk import worst
from marketmover.budget.allocation.solver import Tree, solve
from marketmover.budget.response import doubt_of_moving

Floats = NDArray[np.float64]
_SOME = 1e-6
LEARNING_LOSS = 0.2
"""Share of its outcome that a line loses while it learns."""

_QUIET = 0.2  # changes up to this share of a budget start no learning phase
_LEARNING_DAYS = 7.0  # what the platforms say of their learning phases
_SURE = 0.9  # how often a gain must be reached, unless the limits say otherwise


def without_idle_changes(
    problem: Problem, curves: DemandCurves, tree: Tree, budgets: Floats, loss: float = LEARNING_LOSS
) -> Floats:
    """The split without the changes that would earn less than the learning phase they start.

    A platform learns anew after a change of more than about a fifth; while it does, a line earns less. A line whose
    change is not worth that stays within a fifth of today's budget, and the rest is split again. A total that is far
    from today's spend changes every line anyway. `loss` is the share of its outcome that a line loses while it learns.
    """
    current = problem.current
    if problem.nearness <= 0:
        return budgets
    cost = loss * min(1.0, _LEARNING_DAYS / problem.response.days) * problem.nearness
    for _ in range(4):
        slopes = curves.slope_at(budgets)
        price = float(np.median(slopes[budgets > _SOME])) if (budgets > _SOME).any() else float(slopes.max())
        gain = curves.gain(budgets) - curves.gain(current) - price * (budgets - current)
        moved = np.abs(budgets - current) > _QUIET * current
        idle = moved & (gain < cost * np.maximum(curves.gain(budgets), curves.gain(current)))
        held = _held_near(tree, idle, current, problem.total)
        if not idle.any() or held is None:
            break
        tree = held
        budgets = solve(curves, tree, problem.total)
    return budgets


def as_far_as_is_sure(problem: Problem, budgets: Floats) -> Floats:
    """The best point on the way from today's split to `budgets` at which nine times out of ten something is gained.

    Where the gain is sure that is the whole way; where today's split may be as good, most of the money stays. Points
    that miss a ceiling on cost which the end of the way keeps are passed over. The further the total is from today's
    spend, the less today's split of it is a place to stay (`Problem.nearness`), and the less sure a gain must be.
    """
    current = problem.current
    if problem.nearness <= 0 or not problem.tree.keeps(current):
        return budgets
    due = [one for one in averages(problem.limits) if kept(problem, one, budgets)]
    ways = [current + share * (budgets - current) for share in np.linspace(0.0, 1.0, 21)]
    ways = [way for way in ways if all(kept(problem, one, way) for one in due)] or [budgets]
    today = problem.table.totals(current)
    gains = [_gain(problem, way, today) for way in ways]
    return ways[int(np.argmax([expected if sure >= 0 else -np.inf for expected, sure in gains]))]


def is_sure(problem: Problem, budgets: Floats) -> bool:
    """Whether a split gains something over today's nine times out of ten; so it does where there is none to keep."""
    if problem.nearness <= 0 or problem.current.sum() <= 0 or not problem.tree.keeps(problem.current):
        return True
    return _gain(problem, budgets, problem.table.totals(problem.current))[1] >= 0


def _gain(problem: Problem, budgets: Floats, today: Floats) -> tuple[float, float]:
    """The gain over today's outcomes as it is valued, and as it is reached nine times out of ten (normal; near today).

    Who is averse to risk values the gain of the bad outcomes too.
    """
    outcomes, aversion = problem.table.totals(budgets), problem.limits.risk_aversion
    gain = outcomes - today
    moved = float(np.abs(budgets - problem.current).sum()) / 2.0 / problem.total
    doubt = doubt_of_moving(moved) * float(today.mean())
    far = _deviations(problem.limits.sureness or _SURE) * problem.nearness
    sure = float(gain.mean() - far * np.hypot(gain.std(), doubt))
    if aversion <= 0:
        return float(gain.mean()), sure
    bad = float(worst(outcomes) @ outcomes - worst(today) @ today)
    valued = (1 - aversion) * float(gain.mean()) + aversion * bad
    return valued, min(sure, valued - far * doubt)


def _deviations(sureness: float) -> float:
    """So many standard deviations below its mean a gain is reached that often."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(sureness)


def _held_near(tree: Tree, idle: NDArray[np.bool_], current: Floats, total: float) -> Tree | None:
    """The tree with idle units held near today's budget, `None` where the total could not be spent then."""
    near_low = np.clip(current * (1.0 - _QUIET), tree.line_low, tree.line_high)
    near_high = np.clip(current * (1.0 + _QUIET), tree.line_low, tree.line_high)
    held = replace(
        tree,
        line_low=np.where(idle, near_low, tree.line_low),
        line_high=np.where(idle, near_high, tree.line_high),
    )
    return held if held.allows(total) else None
