"""What is not known, what it is worth to know it, and the test that would settle it."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.allocate import Allocation
from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.problem import Problem
from marketmover.budget.allocation.solver import solve
from marketmover.errors import InputError

Floats = NDArray[np.float64]
_SHARES = (0.2, 0.6, 0.2)  # of draws: a line's returns are at the low end, as expected, or at the high end
_MOST_LINES = 12
_STEP = 0.1  # log budget over which a slope is taken
_CHANGES = (0.3, -0.3, 0.5, -0.5, 1.0)
_WEEKS = (2, 3, 4, 6, 8)
_BASE_DAYS = 28.0  # the weeks before the test are what it is compared with
_DRIFT_A_WEEK = 0.03  # spread (log) by which a line's returns wander in a week, beyond what other lines show
_SETTLED = 0.6  # a test settles a line when the spread of its elasticity falls to this share


@dataclass(frozen=True)
class Turn:
    """What the best split would do if a line's next unit of money brought more, or less, than expected.

    Attributes:
        factor: Return of the line's next unit of money over what is expected, mean of the fifth of draws at that end.
        change: What would be added to the line's best budget, in account currency.
        other: The line that the money would mostly come from or go to, and how much of it; `None` where there is none.
    """

    factor: float
    change: float
    other: tuple[str, float] | None


@dataclass(frozen=True)
class Doubt:
    """A line whose uncertain returns matter for the split.

    Attributes:
        line_id: The line; where lines share a budget, the largest of them.
        worth: Share of the expected objective that could be gained by knowing the line's returns before deciding (the
            expected value of perfect information on one line).
        worse: If its returns are at the low end.
        better: If they are at the high end.
        trial: The test that would settle it; `None` where the line gets no money.
    """

    line_id: str
    worth: float
    worse: Turn
    better: Turn
    trial: "Trial | None" = None


@dataclass(frozen=True)
class Trial:
    """A test of one line: its daily budget changed for some weeks, the other lines' left alone.

    Attributes:
        line_id: The line.
        daily: Its daily budget under the advised split, from which the change counts.
        change: Relative change, 0.3 for 30% more.
        weeks: How long.
        metric: What is counted.
        now: What one more outcome costs, 10th, 50th and 90th percentile; infinite where more money may bring nothing.
        then: The same as it is expected to be known after the test (around today's middle).
        settles: Whether the test narrows what is known to six tenths or less.
    """

    line_id: str
    daily: float
    change: float
    weeks: int
    metric: str
    now: tuple[float, float, float]
    then: tuple[float, float, float]
    settles: bool


def doubts(allocation: Allocation, metric: str, most: int = 3) -> list[Doubt]:
    """The lines whose returns, if they were known, would change the split the most, the weightiest first.

    For each line, draws are sorted by what the line's next unit of money brings, and the split is solved again for the
    low end, the middle and the high end with the other lines as expected (Raiffa and Schlaifer 1961; by sorting as in
    Strong, Oakley and Brennan 2014). Learning phases and caution about moving money are left aside.

    Args:
        allocation: The split.
        metric: What tests count; a metric of the response.
        most: How many lines.
    """
    problem = _solved(allocation)
    if problem.total <= 0 or len(problem.units.names) < 2:
        return []
    grid, gains = problem.table.means()
    best = solve(DemandCurves.from_gains(grid, gains), problem.tree, problem.total)
    outcome = float(problem.table.mean(best).sum())
    slopes = _slopes(problem, _at(problem, best))
    spread = slopes.std(axis=0) * _at(problem, best)
    rows = np.argsort(-spread, kind="stable")[:_MOST_LINES]
    found = [_doubt(problem, int(row), (grid, gains), best, slopes[:, row]) for row in rows]
    found = [replace(doubt, worth=doubt.worth / max(outcome, 1e-12)) for doubt in found]
    weightiest = sorted(found, key=lambda doubt: (-doubt.worth, doubt.line_id))[:most]
    return [replace(doubt, trial=settling_trial(allocation, doubt.line_id, metric)) for doubt in weightiest]


def settling_trial(allocation: Allocation, line: str, metric: str) -> Trial | None:
    """The smallest and shortest test of a line that settles what its money brings; the best there is where none does.

    The test's precision follows from the line's own chance of days and counts, against the four weeks before it, with
    the other lines as the measure of what demand did meanwhile. `None` where the line gets no money.

    Args:
        allocation: The split that the test would change.
        line: The line.
        metric: What is counted; a metric of the response.
    """
    problem = _solved(allocation)
    unit = int(problem.units.unit[problem.members.lines.index(line)])
    budgets = problem.units.sums(np.array([allocation.budgets[one] for one in problem.members.lines]))
    if budgets[unit] <= 0:
        return None
    daily = float(budgets[unit]) / problem.response.days
    table = problem.tables.of(metric)
    at = np.where(budgets > 0, budgets, 1.0)
    rate = float(table.mean(at)[unit]) / problem.response.days
    elasticity = np.log(table.at(at * np.exp(_STEP))[:, unit] / table.at(at * np.exp(-_STEP))[:, unit]) / (2 * _STEP)
    spread = float(elasticity.std())
    up = allocation.budgets[line] >= problem.today.get(line, 0.0)
    options = sorted(
        ((weeks, abs(change), change) for weeks in _WEEKS for change in _CHANGES if (change > 0) == up),
        key=lambda option: (option[0] * option[1], option[0]),
    )
    errors = [_error(problem, line, metric, rate, change, weeks, elasticity) for weeks, _, change in options]
    left = [1.0 / np.sqrt(1.0 + (spread / error) ** 2) for error in errors]
    chosen = next((row for row, share in enumerate(left) if share <= _SETTLED), int(np.argmin(left)))
    now = _prices(daily / max(rate, 1e-12), elasticity)
    middle = float(np.median(elasticity))
    then = _prices(daily / max(rate, 1e-12), middle + (elasticity - middle) * left[chosen])
    weeks, _, change = options[chosen]
    return Trial(line, daily, change, weeks, metric, now, then, settles=left[chosen] <= _SETTLED)


def _solved(allocation: Allocation) -> Problem:
    if allocation.problem is None:
        raise InputError("This split was not solved here, so nothing can be said of what it does not know.")
    return allocation.problem


def _at(problem: Problem, budgets: Floats) -> Floats:
    """Where a unit's returns are judged: at its best budget, or at a small one where that is nothing."""
    small = np.maximum(problem.least, 0.01 * problem.total)
    return np.minimum(np.where(budgets > 0, budgets, small), np.maximum(problem.tables.tops, 0.01))


def _slopes(problem: Problem, at: Floats) -> Floats:
    """What a further unit of money brings on each unit, in draws, shape (draws, units)."""
    up, down = at * np.exp(_STEP), at * np.exp(-_STEP)
    return (problem.table.at(up) - problem.table.at(down)) / (up - down)


def _doubt(problem: Problem, row: int, table: tuple[Floats, Floats], best: Floats, slopes: Floats) -> Doubt:
    grid, gains = table
    expected = DemandCurves.from_gains(grid, gains)
    order = np.argsort(slopes, kind="stable")
    edges = np.round(np.cumsum((0.0, *_SHARES)) * len(order)).astype(np.int64)
    worth, turns = 0.0, list[Turn]()
    for part, (first, after) in enumerate(itertools.pairwise(edges)):
        weights = np.zeros(len(order))
        weights[order[first:after]] = 1.0 / max(after - first, 1)
        curves = _with_row(expected, problem, row, weights)
        told = solve(curves, problem.tree, problem.total)
        worth += _SHARES[part] * max(float(curves.gain(told).sum() - curves.gain(best).sum()), 0.0)
        turns.append(_turn(problem, row, best, told, float(weights @ slopes / max(slopes.mean(), 1e-12))))
    members = np.flatnonzero(problem.units.unit == row)
    line = problem.members.lines[int(members[np.argmax(problem.units.share[members])])]
    return Doubt(line, worth, turns[0], turns[-1])


def _with_row(curves: DemandCurves, problem: Problem, row: int, weights: Floats) -> DemandCurves:
    """The curves with one unit's taken over some draws only."""
    own = replace(problem.table, tops=problem.table.tops[[row]], logs=problem.table.logs[:, [row]]).curves(weights)
    slopes = curves.slopes.copy()
    slopes[row] = own.slopes[0]
    return DemandCurves(curves.budgets, slopes)


def _turn(problem: Problem, row: int, best: Floats, told: Floats, factor: float) -> Turn:
    change = told - best
    others = np.where(np.arange(len(change)) == row, 0.0, -np.sign(change[row]) * change)
    other = int(np.argmax(others))
    names = [problem.members.lines[int(np.flatnonzero(problem.units.unit == unit)[0])] for unit in range(len(change))]
    return Turn(factor, float(change[row]), (names[other], float(others[other])) if others[other] > 0 else None)


def _error(
    problem: Problem, line: str, metric: str, rate: float, change: float, weeks: int, elasticity: Floats
) -> float:
    """Standard error of the elasticity that a test finds (the difference of two log rates over that of log budgets)."""
    chain = problem.response.chain(metric)
    row = problem.response.row(line)
    a_day = sum(float(stage.noise[row]) ** 2 for stage in chain) * problem.response.days
    count = rate / float(np.prod([stage.unit for stage in chain]))
    days = 7.0 * weeks
    during = count * (1.0 + change) ** float(np.mean(elasticity))
    chance = (
        a_day * (1.0 / days + 1.0 / _BASE_DAYS) + 1.0 / max(during * days, 1e-9) + 1.0 / max(count * _BASE_DAYS, 1e-9)
    )
    drift = _DRIFT_A_WEEK**2 * (days + _BASE_DAYS) / 14.0
    return float(np.sqrt(chance + drift) / abs(np.log1p(change)))


def _prices(average: float, elasticity: Floats) -> tuple[float, float, float]:
    """Cost of the next outcome: the average cost over the elasticity; 10th, 50th, 90th percentile."""
    price = average / np.maximum(elasticity, 0.01)
    low, mid, high = np.percentile(price, [10, 50, 90])
    return float(low), float(mid), float(high)
