"""The split itself: what is learned, how the money is laid, and what to expect beside today's split."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from marketmover.budget import (
    Allocation,
    Comparison,
    Expectation,
    LineSummary,
    Objective,
    Response,
    compare,
    expectation,
    with_changes,
)
from marketmover.campaigns.compose.baseline import Split, todays_split
from marketmover.campaigns.compose.fences import on_trial, with_defaults, with_trials
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.objective import resolve_objective
from marketmover.campaigns.compose.question import Question
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.settings import advised_settings
from marketmover.campaigns.compose.splitting import Splitter, remark_on_pools
from marketmover.campaigns.parameters import Details, Proposals
from marketmover.history import Panel
from marketmover.kit import from_cents
from marketmover.plans import Expected, PayingNote, Range

_TOGETHER = 0.65  # how likely all changes together must be for the better: lines may be surer than their sum


@dataclass(frozen=True)
class Advice:
    """A split with everything that the plan says of it.

    Attributes:
        objective: The metric that was maximised, or `profit`; of a mix, the metric that most of its value comes from.
        metric: The response's metric behind the objective.
        weights: Of a mix, what one of each metric is worth; empty otherwise.
        total: What is spent.
        paying: What is said of it where only as much is spent as pays.
        response: The fitted response.
        split: The advised split, in cents by line.
        today: Today's split at the same budget.
        allocation: How the split came about.
        expected: What the advised split is expected to bring.
        expected_today: What today's split is expected to bring.
        comparison: How likely the advised split beats today's.
        summaries: What is known of each line.
        on_trial: Lines that get money in order to learn.
        before: The response under today's settings; `response` is that under the plan's.
        proposals: Settings that are changed or tried.
        from_settings: What changed settings add to the best split alone, `None` where none is changed.
    """

    objective: str
    metric: str
    weights: dict[str, float]
    total: float
    paying: PayingNote | None
    response: Response
    split: dict[str, int]
    today: Split
    allocation: Allocation
    expected: Expectation
    expected_today: Expectation
    comparison: Comparison
    summaries: dict[str, LineSummary]
    on_trial: frozenset[str]
    before: Response
    proposals: Proposals
    from_settings: Comparison | None


def advise(panel: Panel, details: Details, scope: Scope, question: Question, notes: Notes) -> Advice:
    """Learn from the panel, split the budget, and say what both splits are expected to bring.

    Raises:
        InputError: The limits contradict each other, name lines that are not there, or nothing pays.
    """
    even = question.total / question.window.days / (len(scope.existing) + len(scope.new))
    new = [replace(line, usual_daily=even) for line in scope.new]
    response = question.learn(panel, question.window.start, question.window.end, seed=question.seed, new_lines=new)
    for sentence in response.assumptions:
        notes.assume(sentence)
    asked = question.objective or question.limits.objective
    objective = resolve_objective(question.brief, asked, response.metrics, question.limits.margin, notes)
    question.progress(0.5, "splitting the budget")
    splitter = Splitter(response, objective, scope, panel, question.currency)
    money, limits, paying = splitter.how_much(question, notes)
    today = todays_split(panel, scope, money, question.currency)
    trial = on_trial(scope, response)
    days = question.window.days
    limits = with_trials(with_defaults(limits, question.currency, money / days), trial, today, money, days)
    alone = splitter.split(money, limits, today)
    spoken = _spoken(response, objective, alone.budgets, limits.margin)
    question.progress(0.58, "comparing audiences, bidding and messages")
    proposals = advised_settings((panel, details), scope, question, response, spoken, alone.budgets)
    question.progress(0.68, "splitting the budget under the new settings")
    splitter, allocation = _resplit(splitter, proposals, alone, lambda one: one.split(money, limits, today))
    judged = _Judged(response, splitter.response, objective, spoken, limits.margin)
    added = judged.compared(allocation.budgets, alone.budgets) if proposals.changes else None
    if added is not None and added.probability < _TOGETHER:
        proposals, added, allocation = proposals.kept(), None, alone
        splitter = replace(splitter, response=response)
        judged = replace(judged, response=response)
    question.progress(0.72, "working out the ranges")
    for sentence in allocation.notes:
        notes.warn(sentence)
    remark_on_pools(splitter, allocation, money, limits, today, notes)
    no_app = objective != "installs" and not panel.installs.any()
    shown = [metric for metric in response.metrics if not (no_app and metric == "installs")]
    kept = {line for line, new in trial.items() if allocation.cents[line] > 0 and (new or line in limits.lines)}
    return Advice(
        total=money,
        paying=paying,
        on_trial=frozenset(kept),
        proposals=proposals,
        from_settings=added,
        **judged.figures(allocation, today, shown),
    )


def _resplit(
    splitter: Splitter, proposals: Proposals, alone: Allocation, split: Callable[[Splitter], Allocation]
) -> tuple[Splitter, Allocation]:
    """The splitter under the settings that are proposed, and its split; the given ones where nothing changes."""
    if not proposals.changes:
        return splitter, alone
    changed = with_changes(splitter.response, proposals.as_line_changes(splitter.response))
    splitter = replace(splitter, response=changed)
    return splitter, split(splitter)


@dataclass(frozen=True)
class _Judged:
    """What splits are judged by: the response before and under the plan's settings, and what is maximised."""

    before: Response
    response: Response
    objective: Objective
    metric: str
    margin: float | None

    def compared(self, budgets: Mapping[str, float], others: Mapping[str, float]) -> Comparison:
        """A split under the plan's settings against another under today's."""
        mix = {self.metric: 1.0} if isinstance(self.objective, str) else worth(self.objective, self.margin)
        return compare(self.response, budgets, others, mix, before=self.before)

    def figures(self, allocation: Allocation, today: Split, shown: list[str]) -> dict[str, Any]:
        """What an advice says of its split and of today's."""
        advised, usual = _major(allocation.cents), _major(today.cents)
        kept = self.margin if self.objective == "profit" else None
        return {
            "objective": self.objective if isinstance(self.objective, str) else self.metric,
            "metric": self.metric,
            "weights": {} if isinstance(self.objective, str) else dict(self.objective),
            "response": self.response,
            "before": self.before,
            "split": dict(allocation.cents),
            "today": today,
            "allocation": allocation,
            "expected": with_profit(expectation(self.response, advised, shown), advised, kept),
            "expected_today": with_profit(expectation(self.before, usual, shown), usual, kept),
            "comparison": self.compared(advised, usual),
            "summaries": {line: self.response.summary(line, self.metric) for line in allocation.cents},
        }


def _spoken(response: Response, objective: Objective, budgets: Mapping[str, float], margin: float | None) -> str:
    """The metric that a plan speaks of: the objective's own, or that which most of a mix's value comes from."""
    if isinstance(objective, str):
        return "revenue" if objective == "profit" else objective
    spent = np.zeros(len(response.line_ids))
    for line, budget in budgets.items():
        spent[response.row(line)] = budget
    weights = worth(objective, margin)
    return max(weights, key=lambda name: weights[name] * float(response.expected(spent, name).sum(axis=1).mean()))


def worth(mix: Mapping[str, float], margin: float | None) -> dict[str, float]:
    """What one of each counted metric is worth in a mix; profit counts revenue by its margin."""
    worth: dict[str, float] = {}
    for name, weight in mix.items():
        counted, times = ("revenue", margin or 1.0) if name == "profit" else (name, 1.0)
        worth[counted] = worth.get(counted, 0.0) + weight * times
    return worth


def with_profit(expected: Expectation, budgets: Mapping[str, float], margin: float | None) -> Expectation:
    """The ranges with profit (revenue times margin, less spend) among them; without a margin as they are."""
    if margin is None:
        return expected

    def profit(figures: Expected, spend: float) -> Expected:
        revenue = figures["revenue"]
        low, mid, high = (value * margin - spend for value in (revenue.low, revenue.mid, revenue.high))
        return figures | {"profit": Range(low=low, mid=mid, high=high)}

    lines = {line: profit(figures, budgets[line]) for line, figures in expected.lines.items()}
    return Expectation(lines, profit(expected.total, sum(budgets.values())))


def _major(cents: dict[str, int]) -> dict[str, float]:
    return {line: from_cents(value) for line, value in cents.items()}
