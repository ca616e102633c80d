"""What is not known, what it is worth to know it, and the test that would settle it."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.allocate import Allocation
from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.problem import Problem
from marketmover.budget.allocation.solver import solve
from marketmover.budget.allocation.table import Table
from marketmover.budget.response import Response
from marketmover.errors import InputError

Floats = NDArray[np.float64]
_SHARES = (0.2, 0.6, 0.2)  # of draws: a line's returns are at the low end, as expected, or at the high end
_MOST_LINES = 12
_STEP = 0.1  # log budget over which a slope is taken
_CHANGES = (0.3, -0.3, 0.5, -0.5, 1.0)
_WEEKS = (2, 3, 4, 6)
_BASE_DAYS = 28.0  # the weeks before the test are what it is compared with
_DRIFT_A_WEEK = 0.03  # spread (log) by which a stage wanders in a week, where the fit says nothing of it
_MOVES_ENOUGH = 0.22  # log budget: the plan's own change is a test when it is at least about a quarter
_NOTHING = 1e-250
_FAR_BEYOND = 4.0  # times the highest week's spend of a line: nobody tests by a leap like that
_MOST_COST = 0.1  # of the plan's budget: what a test may add at most
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
        daily: Its daily budget before the change.
        change: Relative change, 0.3 for 30% more.
        weeks: How long.
        metric: What is counted.
        planned: Whether the change is the plan's own, from today's spend to the advised budget; else it comes on top.
        now: What one more outcome costs at the advised budget: 10th, 50th and 90th percentile.
        then: The same as it is expected to be known after the test (around today's middle).
        settles: Whether the test narrows what is known to six tenths or less.
    """

    line_id: str
    daily: float
    change: float
    weeks: int
    metric: str
    planned: bool
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
    grid, gains = problem.means()
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
    """The cheapest test of a line that settles what its money brings; the best affordable one where none does.

    What a test is expected to leave unknown follows from draws: how well the change that it measures goes with the
    elasticity at the advised budget, against the chance of days and of counts, over the weeks of the test and the four
    weeks before it, with the other lines as the measure of what demand did meanwhile (linear and normal; Raiffa and
    Schlaifer 1961). Where the plan itself moves the line far enough, its own weeks are the test. `None` where the line
    gets no money, or so much more than ever before that it has to be raised in steps anyway.

    Args:
        allocation: The split that the test would change.
        line: The line.
        metric: What is counted; a metric of the response.
    """
    problem = _solved(allocation)
    row = problem.response.row(line)
    seen = float(problem.response.facts.highest_daily[row])
    if allocation.budgets[line] <= 0 or 0 < seen * _FAR_BEYOND < allocation.budgets[line] / problem.response.days:
        return None
    setting = _Setting.of(problem, allocation, line, metric)
    advised, days = allocation.budgets[line] / problem.response.days, problem.response.days
    today = float(problem.response.facts.recent_daily[row])
    options: list[tuple[float, float, int, bool]] = []  # daily budget before, change, weeks, planned
    if today > 0 and abs(np.log(advised / today)) >= _MOVES_ENOUGH:
        options += [(today, advised / today - 1.0, weeks, True) for weeks in _WEEKS if weeks * 7 <= max(days, 14)]
    up = advised >= today
    affordable = _MOST_COST * problem.total
    extra = [(advised, change, weeks, False) for weeks in _WEEKS for change in _CHANGES if (change > 0) == up]
    extra = [one for one in extra if one[0] * one[1] * one[2] * 7 <= affordable] or extra[:1]
    options += sorted(extra, key=lambda one: (one[2] * abs(one[1]), one[2]))
    left = [setting.left_unknown(daily, change, weeks) for daily, change, weeks, _ in options]
    chosen = next((row for row, share in enumerate(left) if share <= _SETTLED), int(np.argmin(left)))
    daily, change, weeks, planned = options[chosen]
    middle = float(np.median(setting.elasticity))
    then = _prices(setting.average, middle + (setting.elasticity - middle) * left[chosen])
    now = _prices(setting.average, setting.elasticity)
    return Trial(line, daily, change, weeks, metric, planned, now, then, settles=left[chosen] <= _SETTLED)


@dataclass(frozen=True)
class _Setting:
    """What tests of one line are judged by.

    Attributes:
        problem: The problem.
        table: Outcomes of what is counted.
        unit: The line's unit.
        share: Its share of the unit's budget.
        elasticity: Draws of its elasticity at the advised budget, shape (draws,).
        average: Expected cost of one outcome at the advised budget.
        a_day: Variance (log) of chance on a day.
        wandering: Variance (log) by which the line's returns wander in a week, beyond what other lines show.
        one: Amount of the metric that one count stands for.
    """

    problem: Problem
    table: Table
    unit: int
    share: float
    elasticity: Floats
    average: float
    a_day: float
    wandering: float
    one: float

    @classmethod
    def of(cls, problem: Problem, allocation: Allocation, line: str, metric: str) -> "_Setting":
        """The setting of a line's tests under an advised split."""
        place = problem.members.lines.index(line)
        unit, share = int(problem.units.unit[place]), float(problem.units.share[place])
        chain, row = problem.response.chain(metric), problem.response.row(line)
        a_day = sum(float(stage.noise[row]) ** 2 for stage in chain) * problem.response.days
        one = float(np.prod([stage.unit for stage in chain]))
        setting = cls(problem, problem.tables.of(metric), unit, share, np.zeros(1), 0.0, a_day, 0.0, one)
        budget = allocation.budgets[line]
        up, down = setting.logs(budget * np.exp(_STEP)), setting.logs(budget * np.exp(-_STEP))
        average = budget / max(float(np.exp(setting.logs(budget)).mean()), 1e-12)
        return replace(
            setting,
            elasticity=(up - down) / (2 * _STEP),
            average=average,
            wandering=_wandering(problem.response, metric, row),
        )

    def logs(self, budget: float) -> Floats:
        """Draws of the log outcome of the line at a budget over the window, shape (draws,)."""
        budgets = np.ones(len(self.table.tops))
        budgets[self.unit] = budget / max(self.share, 1e-9)
        return np.log(np.maximum(self.table.at(budgets)[:, self.unit], _NOTHING)) + np.log(max(self.share, 1e-9))

    def left_unknown(self, daily: float, change: float, weeks: int) -> float:
        """The share of the elasticity's spread that a test is expected to leave."""
        window, days = float(self.problem.response.days), 7.0 * weeks
        before, during = self.logs(daily * window), self.logs(daily * (1.0 + change) * window)
        counts = [float(np.exp(logs).mean()) / window / self.one * length
                  for logs, length in ((before, _BASE_DAYS), (during, days))]  # fmt: skip
        chance = self.a_day * (1.0 / days + 1.0 / _BASE_DAYS) + sum(1.0 / max(count, 1e-3) for count in counts)
        chance += self.wandering * (days + _BASE_DAYS) / 7.0 / 3.0  # of the difference of two means of a random walk
        measured = during - before
        if measured.std() <= 0 or self.elasticity.std() <= 0:
            return 1.0
        fit = float(np.corrcoef(measured, self.elasticity)[0, 1]) ** 2
        seen = float(measured.var()) / (float(measured.var()) + chance)
        return float(np.sqrt(max(1.0 - fit * seen, 0.0)))


def _wandering(response: Response, metric: str, row: int) -> float:
    """Variance (log) by which a line's returns wander in a week on their own, over all stages down to a metric."""
    daily = [response.steps[name][row] for name in response.chains[metric] if name in response.steps]
    return 7.0 * float(np.sum(daily)) if daily else _DRIFT_A_WEEK**2


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
    own = problem.table.row(row).curves(weights)
    slopes = curves.slopes.copy()
    slopes[row] = own.slopes[0]
    return DemandCurves(curves.budgets, slopes)


def _turn(problem: Problem, row: int, best: Floats, told: Floats, factor: float) -> Turn:
    change = told - best
    others = np.where(np.arange(len(change)) == row, 0.0, -np.sign(change[row]) * change)
    other = int(np.argmax(others))
    names = [problem.members.lines[int(np.flatnonzero(problem.units.unit == unit)[0])] for unit in range(len(change))]
    return Turn(factor, float(change[row]), (names[other], float(others[other])) if others[other] > 0 else None)


def _prices(average: float, elasticity: Floats) -> tuple[float, float, float]:
    """Cost of the next outcome: the average cost over the elasticity; 10th, 50th, 90th percentile."""
    price = average / np.maximum(elasticity, 0.01)
    low, mid, high = np.percentile(price, [10, 50, 90])
    return float(low), float(mid), float(high)
