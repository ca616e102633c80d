"""The split itself: what is learned, how the money is laid, and what to expect beside today's split."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
)
from marketmover.campaigns.compose.baseline import Split, todays_split
from marketmover.campaigns.compose.fences import on_trial, with_defaults, with_trials
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.objective import resolve_objective
from marketmover.campaigns.compose.question import Question
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.splitting import Splitter, remark_on_pools
from marketmover.history import Panel
from marketmover.kit import from_cents
from marketmover.plans import Expected, PayingNote, Range


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


def advise(panel: Panel, scope: Scope, question: Question, notes: Notes) -> Advice:
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
    splitter = Splitter(response, objective, scope, panel, question.currency)
    money, limits, paying = splitter.how_much(question, notes)
    today = todays_split(panel, scope, money, question.currency)
    trial = on_trial(scope, response)
    days = question.window.days
    limits = with_trials(with_defaults(limits, question.currency, money / days), trial, today, money, days)
    allocation = splitter.split(money, limits, today)
    for sentence in allocation.notes:
        notes.warn(sentence)
    remark_on_pools(splitter, allocation, money, limits, today, notes)
    no_app = objective != "installs" and not panel.installs.any()
    shown = [metric for metric in response.metrics if not (no_app and metric == "installs")]
    advice = _judge(response, objective, allocation, today, shown, limits.margin)
    kept = {line for line, new in trial.items() if allocation.cents[line] > 0 and (new or line in limits.lines)}
    return replace(advice, total=money, paying=paying, on_trial=frozenset(kept))


def _judge(
    response: Response,
    objective: Objective,
    allocation: Allocation,
    today: Split,
    shown: list[str],
    margin: float | None,
) -> Advice:
    advised, usual = _major(allocation.cents), _major(today.cents)
    metric = _spoken(response, objective, advised, margin)
    mix = {metric: 1.0} if isinstance(objective, str) else _worth(objective, margin)
    kept = margin if objective == "profit" else None
    return Advice(
        objective=objective if isinstance(objective, str) else metric,
        metric=metric,
        weights={} if isinstance(objective, str) else dict(objective),
        total=sum(advised.values()),
        paying=None,
        response=response,
        split=dict(allocation.cents),
        today=today,
        allocation=allocation,
        expected=_with_profit(expectation(response, advised, shown), advised, kept),
        expected_today=_with_profit(expectation(response, usual, shown), usual, kept),
        comparison=compare(response, advised, usual, mix),
        summaries={line: response.summary(line, metric) for line in allocation.cents},
        on_trial=frozenset(),
    )


def _spoken(response: Response, objective: Objective, budgets: Mapping[str, float], margin: float | None) -> str:
    """The metric that a plan speaks of: the objective's own, or that which most of a mix's value comes from."""
    if isinstance(objective, str):
        return "revenue" if objective == "profit" else objective
    spent = np.zeros(len(response.line_ids))
    for line, budget in budgets.items():
        spent[response.row(line)] = budget
    weights = _worth(objective, margin)
    return max(weights, key=lambda name: weights[name] * float(response.expected(spent, name).sum(axis=1).mean()))


def _worth(mix: Mapping[str, float], margin: float | None) -> dict[str, float]:
    """What one of each counted metric is worth in a mix; profit counts revenue by its margin."""
    worth: dict[str, float] = {}
    for name, weight in mix.items():
        counted, times = ("revenue", margin or 1.0) if name == "profit" else (name, 1.0)
        worth[counted] = worth.get(counted, 0.0) + weight * times
    return worth


def _with_profit(expected: Expectation, budgets: Mapping[str, float], margin: float | None) -> Expectation:
    """The ranges with profit (revenue times margin, less spend) among them, where it is the goal."""
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
