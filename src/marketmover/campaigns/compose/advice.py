"""The split itself: what is learned, how the money is laid, and what to expect beside today's split."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from marketmover.budget import (
    Allocation,
    Comparison,
    Expectation,
    LineSummary,
    Response,
    allocate,
    compare,
    expectation,
    fit_response,
)
from marketmover.campaigns.compose.baseline import Split, todays_split
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.objective import resolve_objective
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.window import Window
from marketmover.history import Panel
from marketmover.kit import from_cents
from marketmover.plans import Brief, Limits, LineLimit, Outcome

_TRIAL_SHARE = 0.10
_YOUNG_DAYS = 28
_KEPT_OF_YOUNG = 0.5
_CRUMB = 0.002

Learner = Callable[..., Response]
"""Learns a response as `fit_response` does, with its arguments."""


@dataclass(frozen=True)
class Advice:
    """A split with everything that the plan says of it.

    Attributes:
        objective: The metric that was maximised (`profit` maximises revenue at a fixed total).
        metric: The response's metric behind the objective.
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
    response: Response
    split: dict[str, int]
    today: Split
    allocation: Allocation
    expected: Expectation
    expected_today: Expectation
    comparison: Comparison
    summaries: dict[str, LineSummary]
    on_trial: frozenset[str]


@dataclass(frozen=True)
class Question:
    """What is to be decided: the brief, the window, the money and the wishes; and what learns the response."""

    brief: Brief
    window: Window
    total: float
    objective: Outcome | None
    limits: Limits
    seed: int
    currency: str
    learn: Learner = fit_response


def advise(panel: Panel, scope: Scope, question: Question, notes: Notes) -> Advice:
    """Learn from the panel, split the budget, and say what both splits are expected to bring.

    Raises:
        InputError: The limits contradict each other or name lines that are not there.
    """
    even = question.total / question.window.days / (len(scope.existing) + len(scope.new))
    new = [replace(line, usual_daily=even) for line in scope.new]
    response = question.learn(panel, question.window.start, question.window.end, seed=question.seed, new_lines=new)
    for sentence in response.assumptions:
        notes.assume(sentence)
    objective = resolve_objective(question.brief, question.objective, response.metrics, question.limits.margin, notes)
    today = todays_split(panel, scope, question.total)
    trial = _on_trial(scope, response)
    limits = _with_trials(question.limits, trial, today, question.total)
    candidates = [line.id for line in (*scope.existing, *scope.new)]

    def split(among: list[str]) -> Allocation:
        return allocate(
            response,
            question.total,
            objective=objective,
            limits=limits,
            candidates=among,
            current=_major(today.cents),
            seed=question.seed,
        )

    allocation = _without_crumbs(split, candidates, limits)
    for sentence in allocation.notes:
        notes.warn(sentence)
    no_app = objective != "installs" and not panel.installs.any()
    shown = [metric for metric in response.metrics if not (no_app and metric == "installs")]
    return _judge(response, objective, allocation, today, frozenset(trial), shown)


def _without_crumbs(split: Callable[[list[str]], Allocation], lines: list[str], limits: Limits) -> Allocation:
    """The split, with lines that would get a crumb stopped instead: a platform cannot learn from cents a day."""
    allocation = split(lines)
    crumb = _CRUMB * sum(allocation.cents.values())
    free = [line for line, cents in allocation.cents.items() if 0 < cents < crumb and line not in limits.lines]
    if not free or len(free) == len(lines) or limits.campaigns or limits.platforms or limits.weekly_change:
        return allocation
    again = split([line for line in lines if line not in free])
    return replace(
        again,
        cents={line: again.cents.get(line, 0) for line in lines},
        marginal={line: again.marginal.get(line, allocation.marginal[line]) for line in lines},
    )


def _judge(
    response: Response,
    objective: str,
    allocation: Allocation,
    today: Split,
    trial: frozenset[str],
    shown: list[str],
) -> Advice:
    metric = "revenue" if objective == "profit" else objective
    advised, usual = _major(allocation.cents), _major(today.cents)
    return Advice(
        objective=objective,
        metric=metric,
        response=response,
        split=dict(allocation.cents),
        today=today,
        allocation=allocation,
        expected=expectation(response, advised, shown),
        expected_today=expectation(response, usual, shown),
        comparison=compare(response, advised, usual, metric),
        summaries={line: response.summary(line, metric) for line in allocation.cents},
        on_trial=trial,
    )


def _on_trial(scope: Scope, response: Response) -> dict[str, bool]:
    """Lines that get money in order to learn: new ones (`True`) and those too young to judge (`False`)."""
    young = [line.id for line in scope.existing if response.summary(line.id).days < _YOUNG_DAYS]
    return dict.fromkeys((line.id for line in scope.new), True) | dict.fromkeys(young, False)


def _with_trials(limits: Limits, trial: dict[str, bool], today: Split, total: float) -> Limits:
    """The user's limits, with a floor under lines on trial where the user set none for them.

    New lines share a tenth of the budget at least. A young line keeps half of its share of today: too little is
    known to stop it, and without money nothing more will be.
    """
    opened = sum(trial.values())
    floors = {
        line: total * _TRIAL_SHARE / opened if new else from_cents(today.cents[line]) * _KEPT_OF_YOUNG
        for line, new in trial.items()
        if line not in limits.lines
    }
    fenced = any((limits.campaigns, limits.platforms)) or any(limit.locked for limit in limits.lines.values())
    if fenced or not floors:
        return limits
    lines = limits.lines | {line: LineLimit(min=round(floor - 0.005, 2)) for line, floor in floors.items() if floor > 1}
    return limits.model_copy(update={"lines": lines})


def _major(cents: dict[str, int]) -> dict[str, float]:
    return {line: from_cents(value) for line, value in cents.items()}
