"""An allocation problem put in order: who may get money, within which bounds, and what each budget is to bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.aim import Aim
from marketmover.budget.allocation.bounds import bounds, within_caps
from marketmover.budget.allocation.solver import Tree
from marketmover.budget.allocation.table import Table, Tables
from marketmover.budget.allocation.units import Members, Units
from marketmover.budget.response import Response
from marketmover.errors import InputError
from marketmover.plans import Limits

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_CAP_SEEN = 8.0  # a line may get this many times its highest seven-day spend
_LOOSENING = (1.0, 2.0, 4.0, 8.0, 1e6)
_NEAR, _FAR = 2.0, 8.0  # times (or parts of) what is spent today
_RESULTS = ("leads", "conversions", "sales", "installs")
_PLENTIFUL = {"clicks", "impressions", "reach"}
_ROOM_ABOVE_TODAY = 1.3  # tables reach beyond today's budgets, so that these can be judged as well


@dataclass(frozen=True)
class Problem:
    """What is to be split, over whom, for what.

    Attributes:
        response: The fitted response.
        members: Lines that may get money, with where they belong.
        rows: The lines' rows in the response, shape (lines,).
        units: Lines gathered into decisions.
        total: What is spent.
        aim: What is maximised.
        limits: What a person asks for.
        today: Budget of each line today, scaled to `total`; empty where there is none.
        currency: ISO 4217; `None` where it is not known.
        line_tree: Bounds of lines.
        tree: Bounds of units, held to what evidence supports.
        caps: Highest budget of each unit that evidence supports, shape (units,).
        tables: Outcomes at any budget.
    """

    response: Response
    members: Members
    rows: Integers
    units: Units
    total: float
    aim: Aim
    limits: Limits
    today: dict[str, float]
    currency: str | None
    line_tree: Tree
    tree: Tree
    caps: Floats
    tables: Tables

    @cached_property
    def table(self) -> Table:
        """What is maximised, by unit."""
        return self.tables.mixed(self.aim.weights)

    @cached_property
    def current(self) -> Floats:
        """Today's budgets of units, scaled to the total, shape (units,); all 0 where there are none."""
        now = self.units.sums(np.array([self.today.get(line, 0.0) for line in self.members.lines]))
        return now * (self.total / now.sum()) if now.sum() > 0 else now

    @cached_property
    def spent_today(self) -> Floats:
        """What each unit really spends in as many days, whatever the plan's total, shape (units,)."""
        return self.units.sums(self.response.facts.recent_daily[self.rows]) * self.response.days

    @cached_property
    def nearness(self) -> float:
        """How far today's split is a place to stay: 1 up to twice (or half) of what is spent today, 0 from eight times.

        Far from what is spent today nothing goes on as it is, and nobody has ever run today's split of such a sum.
        """
        spent = float(self.spent_today.sum())
        if spent <= 0 or self.total <= 0:
            return 1.0
        times = abs(float(np.log(self.total / spent)))
        return float(np.clip((np.log(_FAR) - times) / (np.log(_FAR) - np.log(_NEAR)), 0.0, 1.0))

    def means(self, weights: Floats | None = None) -> tuple[Floats, Floats]:
        """Budgets of units and what is maximised at them, both (units, points).

        Far beyond today's spend the mean over draws is that of a few draws whose returns never fall: the further, the
        more the typical draw counts.

        Args:
            weights: Weights of draws, shape (draws,); by default all count alike.
        """
        beyond = self.total > float(self.spent_today.sum()) > 0
        return self.table.means(weights, typical=1.0 - self.nearness if beyond else 0.0)

    @cached_property
    def needed(self) -> Floats:
        """What each unit must get if it gets anything, shape (units,): a line cannot be run on next to nothing.

        That is what its platform takes, and what is expected to bring a result now and then. A line that really runs on
        less today may go on doing so.
        """
        daily = self.limits.smallest_daily
        of_lines = np.array([daily.get(self.response.platforms[row], 0.0) for row in self.rows]) * self.response.days
        of_units = np.zeros(len(self.units.names))
        np.maximum.at(of_units, self.units.unit, of_lines)
        of_units = np.maximum(of_units, self._for_results())
        running = np.where((self.current > 0) & (self.spent_today > 0), self.spent_today, np.inf)
        return np.minimum(of_units, running)

    @cached_property
    def least(self) -> Floats:
        """The same, as far as bounds let a unit have it."""
        return np.minimum(self.needed, self.tree.line_high)

    def _for_results(self) -> Floats:
        """What brings each unit `limits.weekly_results` a week, shape (units,); 0 where that is not asked for."""
        counted = next((metric for metric in _RESULTS if metric in self.response.metrics), None)
        wanted = (self.limits.weekly_results or 0.0) * self.response.days / 7.0
        if counted is None or wanted <= 0 or not set(self.aim.metrics) - _PLENTIFUL:
            return np.zeros(len(self.units.names))
        grid, gains = self.tables.of(counted).means()
        enough = (gains < wanted).sum(axis=1)
        rows = np.arange(len(grid))
        return grid[rows, np.minimum(enough, grid.shape[1] - 1)]

    def around(self, budgets: Floats) -> "Problem":
        """The same problem with curves taken around a split (units,)."""
        return replace(self, tables=replace(self.tables, here=budgets))

    def at_total(self, total: float) -> "Problem":
        """The same problem for another total, with the same tables.

        Raises:
            InputError: The limits cannot be kept at that total.
        """
        scale = total / self.total if self.total > 0 else 0.0
        today = {line: budget * scale for line, budget in self.today.items()}
        return _bounded(replace(self, total=total, today=today))

    def lines(self, budgets: Floats) -> dict[str, float]:
        """Budgets by line from budgets of units (units,)."""
        return dict(zip(self.members.lines, (float(one) for one in self.units.lines(budgets)), strict=True))


def put_problem(
    response: Response,
    total: float,
    aim: Aim,
    limits: Limits,
    *,
    lines: Sequence[str],
    current: Mapping[str, float],
    pools: Mapping[str, str],
    currency: str | None = None,
) -> Problem:
    """Put a problem in order and check it.

    Args:
        response: The fitted response.
        total: What is spent.
        aim: What is maximised.
        limits: What a person asks for.
        lines: Lines that may get money.
        current: Budget of each line today; any scale.
        pools: Name of the shared budget of each line that has one.
        currency: ISO 4217.

    Raises:
        InputError: Nobody may get money, the total is no budget, a metric is not supported, or limits contradict.
    """
    if not lines:
        raise InputError("No line may get any of the budget.", "Let at least one line or platform take part.")
    if not np.isfinite(total) or total < 0:
        raise InputError(f"A budget of {total} cannot be split.", "Give a budget of 0 or more.")
    for metric in aim.metrics:
        response.chain(metric)
    rows = np.array([response.row(line) for line in lines], dtype=np.int64)
    members = Members(
        tuple(lines), tuple(response.campaigns[row] for row in rows), tuple(response.platforms[row] for row in rows)
    )
    units = Units.of(lines, pools, current)
    nobody = bounds(members, Limits(), total, current={})
    problem = Problem(
        response, members, rows, units, total, aim, limits, dict(current), currency, nobody, nobody,
        caps=np.zeros(len(units.names)), tables=Tables(response, rows, units, np.zeros(len(units.names))),
    )  # fmt: skip
    problem = _bounded(problem)
    tops = np.maximum(problem.tree.line_high, _ROOM_ABOVE_TODAY * problem.current)
    return replace(problem, tables=Tables(response, rows, units, np.maximum(tops, 0.01)))


def _bounded(problem: Problem) -> Problem:
    members, units, total = problem.members, problem.units, problem.total
    line_tree = bounds(members, problem.limits, total, current=problem.today, currency=problem.currency)
    tree = units.tree(line_tree, members.lines)
    if units.pooled and not tree.allows(total):
        raise InputError(
            "Limits contradict: lines that draw on one shared budget are split by the platform as today, and no sum of "
            "theirs keeps the limits together with the rest of the budget.",
            "Loosen a limit of a line that shares a budget, or give it a budget of its own on the platform.",
        )
    caps = [units.sums(evidence_caps(problem.response, problem.rows, one)) for one in _LOOSENING]
    tree = within_caps(tree, caps, total)
    return replace(problem, line_tree=line_tree, tree=tree, caps=np.minimum(caps[0], total))


def evidence_caps(response: Response, rows: Integers, loosening: float = 1.0) -> Floats:
    """The most that a line may get on the evidence there is: a generous multiple of the spend that was ever seen.

    Beyond a few times the highest spend, curves rest on their form alone; beyond what impression shares leave to be
    had, nothing can be bought. A line that never spent may have as much as its kind usually spends.

    Args:
        response: The fitted response.
        rows: Its rows that are asked for.
        loosening: How many times as much form alone is trusted with; what can be bought stays what it is.

    Returns:
        Budgets over the window, shape (rows,).
    """
    highest = np.maximum(response.facts.highest_daily, 0.0)[rows]
    usual = response.reference[rows]
    daily = np.where(highest > 0, np.maximum(_CAP_SEEN * highest, usual), 2.0 * usual)
    return np.minimum(daily * loosening, response.most_daily[rows]) * response.days
