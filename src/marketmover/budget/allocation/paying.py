"""As much as pays: how much of a budget to spend at a target cost, at a target return, or for the most profit."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.ceiling import Ceiling, ceilings, curves_under_ceilings
from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.problem import Problem
from marketmover.budget.allocation.solver import solve
from marketmover.budget.allocation.table import Table
from marketmover.errors import InputError
from marketmover.kit import coin_of, round_to_cent

Floats = NDArray[np.float64]
_POINTS = 36
_MISSED = 1.0 / 3.0  # a ceiling on the average is kept in two draws of three
_LOWEST = 1e-3  # of the budget: what would spend less than this does not pay
_SHARES = (0.3, 0.45, 0.6, 0.7, 0.8, 0.88, 0.94, 1.0)


@dataclass(frozen=True)
class Paying:
    """How much pays, and at what prices.

    Attributes:
        total: What to spend, rounded down to three digits; 0 where nothing pays.
        most: What may be spent at most.
        metric: What the target counts; `revenue` for a return or for profit.
        target: Highest cost of one of it, `None` for profit, where money must bring back what it costs.
        judged_by: `average` (of the whole), `marginal` (of the next one), or `profit`.
        average: Expected cost of one at `total`.
        marginal: Expected cost of the next one at `total`.
        stricter: What would be spent until the next one costs the target, and the outcome expected of it; `None` where
            that is the rule already.
        outcome: Expected outcome in `metric` at `total`.
    """

    total: float
    most: float
    metric: str
    target: float | None
    judged_by: Literal["average", "marginal", "profit"]
    average: float
    marginal: float
    stricter: tuple[float, float] | None
    outcome: float


@dataclass(frozen=True)
class Worth:
    """How much of a large budget is worth spending.

    Attributes:
        total: What is spent until the next unit of the objective costs twice what it costs at today's spend.
        today: Cost of the next unit of the objective at today's spend.
        last: The same at the end of the budget.
        speaks_for: What the history speaks for at most, over all lines.
    """

    total: float
    today: float
    last: float
    speaks_for: float


@dataclass(frozen=True)
class Frontier:
    """The most of something that each total can bring.

    Attributes:
        totals: Ascending, shape (points,); totals that the limits do not allow are left out.
        outcomes: The most that each is expected to bring, shape (points,).
        likely: What each brings in two draws of three, shape (points,): who asks for a cost of at most so much wants it
            more likely kept than missed.
    """

    totals: Floats
    outcomes: Floats
    likely: Floats

    @classmethod
    def of(cls, problem: Problem, table: Table, *, typical: bool = False) -> "Frontier":
        """The frontier of a problem's units up to its total; where `typical`, by the draws' median, not their mean."""
        curves = DemandCurves.from_gains(*table.means(typical=1.0 if typical else 0.0))
        found: list[tuple[float, float, float]] = []
        for total in _totals(problem):
            try:
                tree = problem.at_total(float(total)).tree
            except InputError:
                continue  # so little cannot be spent under the limits
            drawn = table.totals(solve(curves, tree, float(total)))
            outcome = np.median(drawn) if typical else drawn.mean()
            found.append((float(total), float(outcome), float(np.quantile(drawn, _MISSED))))
        totals, outcomes, likely = (np.array(column) for column in zip(*found, strict=True))
        return cls(totals, np.maximum(outcomes, 1e-12), np.maximum(likely, 1e-12))

    def outcome(self, total: float) -> float:
        """The most that a total can bring."""
        return float(np.exp(np.interp(np.log(total), np.log(self.totals), np.log(self.outcomes))))

    def next_cost(self) -> tuple[Floats, Floats]:
        """Cost of the next one, and the totals (between the frontier's points) at which it is that."""
        cost = np.diff(self.totals) / np.maximum(np.diff(self.outcomes), 1e-12)
        return np.maximum.accumulate(cost), np.sqrt(self.totals[1:] * self.totals[:-1])

    def until_average(self, target: float) -> float:
        """The highest total at which one likely costs `target` on average; 0 where even the least costs more."""
        return _until(np.maximum.accumulate(self.totals / self.likely), self.totals, target, self.totals[-1])

    def until_next(self, target: float) -> float:
        """The total at which the next one costs `target`; 0 where even the first costs more."""
        return _until(*self.next_cost(), target, self.totals[-1])


def what_pays(problem: Problem) -> Paying:
    """How much of the problem's total to spend.

    Under a ceiling on the average, the most that keeps it (less, where the objective is another metric, of which more
    money would bring less); under one on the next outcome, until that costs as much; for profit, until the next unit of
    money brings back no more than itself. Several rules all hold.

    Raises:
        InputError: Neither a target nor profit says what pays.
    """
    rules = ceilings(problem.limits)
    if problem.aim.spend > 0:
        worth = problem.tables.mixed({metric: one / problem.aim.spend for metric, one in problem.aim.weights.items()})
        profit = Frontier.of(problem, worth).until_next(1.0)
    elif rules:
        profit = problem.total
    else:
        raise InputError(
            "To spend as much as pays, the plan must know what pays.",
            "Give a target cost (cost_per) or return (roas) in the limits, or maximise profit with a margin.",
        )
    frontiers = [Frontier.of(problem, problem.tables.of(rule.metric)) for rule in rules]
    totals = [_allowed(rule, frontier) for rule, frontier in zip(rules, frontiers, strict=True)]
    total = min([problem.total, profit, *totals])
    foreign = [rule for rule in rules if not rule.marginal and problem.aim.sole() != rule.metric]
    if foreign and total > 0 and problem.aim.spend <= 0:
        total = _best_under_ceilings(problem, total)
    total = _rounded_down(total, problem)
    if rules:
        tightest = int(np.argmin(totals))
        return _described(problem, total, rules[tightest], frontiers[tightest])
    return _described(problem, total, None, Frontier.of(problem, problem.tables.of("revenue")))


def what_is_worth(problem: Problem, times: float = 2.0) -> Worth | None:
    """The total from which the next unit of the objective costs `times` what it costs at today's spend.

    `None` where nothing is spent today, or not less than the problem's total.
    """
    spent = float(problem.spent_today.sum())
    if spent <= 0 or spent >= problem.total:
        return None
    frontier = Frontier.of(problem, problem.table, typical=True)
    if len(frontier.totals) < 3:
        return None
    costs, places = frontier.next_cost()
    today = float(np.exp(np.interp(np.log(spent), np.log(places), np.log(costs))))
    until = max(frontier.until_next(times * today), spent)
    return Worth(until, today, float(costs[-1]), float(np.minimum(problem.caps, problem.tree.line_high).sum()))


def _totals(problem: Problem) -> Floats:
    _, least, _ = problem.tree.reach()
    low = max(least, problem.total * _LOWEST, 0.01)
    return np.unique(np.geomspace(min(low, problem.total), problem.total, _POINTS))


def _until(costs: Floats, totals: Floats, target: float, top: float) -> float:
    """The total at which rising costs reach the target (in logs between points)."""
    if costs[-1] <= target:
        return float(top)
    if costs[0] > target:
        return 0.0
    return float(np.exp(np.interp(np.log(target), np.log(costs), np.log(totals))))


def _allowed(rule: Ceiling, frontier: Frontier) -> float:
    return frontier.until_next(rule.at_most) if rule.marginal else frontier.until_average(rule.at_most)


def _best_under_ceilings(problem: Problem, total: float) -> float:
    """The total, up to `total`, with the highest objective under the ceilings: the last money may only serve them."""
    best = (0.0, total)
    for share in _SHARES:
        try:
            trial = problem.at_total(total * share)
        except InputError:
            continue  # so little cannot be spent under the limits
        curves, _ = curves_under_ceilings(trial, None, steps=12)
        reached = float(trial.table.totals(solve(curves, trial.tree, trial.total)).mean())
        best = max(best, (reached, total * share))
    return best[1]


def _rounded_down(total: float, problem: Problem) -> float:
    """A sum that people would name: three digits, never more than `total`; the whole budget stays as it is."""
    most, currency = problem.total, problem.currency
    if total >= most * 0.995:
        return round_to_cent(most, currency)
    if total < most * _LOWEST * 1.001:
        return 0.0
    unit = max(10.0 ** (np.floor(np.log10(total)) - 2), coin_of(currency) / 100)
    return round_to_cent(float(np.floor(total / unit) * unit), currency)


def _described(problem: Problem, total: float, rule: Ceiling | None, frontier: Frontier) -> Paying:
    at = max(total, float(frontier.totals[0]))
    costs, places = frontier.next_cost()
    stricter = None
    if rule is not None and not rule.marginal:
        until = _rounded_down(min(frontier.until_next(rule.at_most), at), problem)
        stricter = (until, frontier.outcome(until)) if 0 < until < total else None
    return Paying(
        total=total,
        most=problem.total,
        metric=rule.metric if rule else "revenue",
        target=rule.at_most if rule else None,
        judged_by=("marginal" if rule.marginal else "average") if rule else "profit",
        average=at / frontier.outcome(at),
        marginal=float(np.exp(np.interp(np.log(at), np.log(places), np.log(costs)))),
        stricter=stricter,
        outcome=frontier.outcome(at),
    )
