"""Ceilings on what an outcome may cost: the objective is mixed with what the ceiling counts until it is kept."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.problem import Problem
from marketmover.budget.allocation.solver import solve
from marketmover.plans import Limits

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ceiling:
    """At most so much money for one of a metric; a least return is a ceiling on what a unit of revenue costs."""

    metric: str
    at_most: float
    marginal: bool
    words: str


def ceilings(limits: Limits) -> list[Ceiling]:
    """The ceilings among limits."""
    found: list[Ceiling] = []
    if limits.cost_per is not None:
        limit = limits.cost_per
        words = f"cost per {limit.metric} of {limit.at_most:g}"
        found.append(Ceiling(limit.metric, limit.at_most, limit.judged_by == "marginal", words))
    if limits.roas is not None:
        least = limits.roas.at_least
        words = f"return of {least:g} per unit spent"
        found.append(Ceiling("revenue", 1.0 / least, limits.roas.judged_by == "marginal", words))
    return found


def averages(limits: Limits) -> list[Ceiling]:
    """The ceilings that the whole of a plan has to keep."""
    return [one for one in ceilings(limits) if not one.marginal]


def kept(problem: Problem, ceiling: Ceiling, budgets: Floats) -> bool:
    """Whether the expected cost of a split (units,) keeps to a ceiling."""
    return float(problem.tables.of(ceiling.metric).totals(budgets).mean()) * ceiling.at_most >= problem.total * (
        1 - 1e-6
    )


def curves_under_ceilings(
    problem: Problem, weights: Floats | None, *, steps: int = 25
) -> tuple[DemandCurves, list[str]]:
    """Curves whose optimum keeps to the average ceilings, with what is to be said of them.

    Args:
        problem: The problem.
        weights: Weights of draws of the objective (draws,), `None` where all count alike.
        steps: Bisections for how much the ceiling must weigh.
    """
    grid, gains = problem.means(weights)
    notes: list[str] = []
    for ceiling in averages(problem.limits):
        gains, note = _under(problem, ceiling, (grid, gains), steps)
        notes += [note] if note else []
    return DemandCurves.from_gains(grid, gains), notes


def _under(problem: Problem, ceiling: Ceiling, table: tuple[Floats, Floats], steps: int) -> tuple[Floats, str]:
    grid, gains = table
    if kept(problem, ceiling, _solved(problem, grid, gains)):
        return gains, ""
    _, counted = problem.tables.of(ceiling.metric).means()
    scale = max(float(gains.max()), 1e-12) / max(float(counted.max()), 1e-12)

    def mixed(share: float) -> Floats:
        return (1.0 - share) * gains + share * scale * counted

    nearest = _solved(problem, grid, mixed(1.0))
    if not kept(problem, ceiling, nearest):
        reached = float(problem.tables.of(ceiling.metric).totals(nearest).mean())
        best = problem.total / reached if reached > 0 else float("inf")
        if ceiling.metric == "revenue":
            return mixed(
                1.0
            ), f"A {ceiling.words} cannot be reached at this budget; the best expected is {1 / best:.2f}."
        return mixed(1.0), f"A {ceiling.words} cannot be reached at this budget; the best expected is {best:.2f}."
    low, high = 0.0, 1.0
    for _ in range(steps):
        middle = (low + high) / 2
        if kept(problem, ceiling, _solved(problem, grid, mixed(middle))):
            high = middle
        else:
            low = middle
    return mixed(high), f"A {ceiling.words} is kept; without it the objective would be higher."


def _solved(problem: Problem, grid: Floats, gains: Floats) -> Floats:
    return solve(DemandCurves.from_gains(grid, gains), problem.tree, problem.total)
