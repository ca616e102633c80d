"""The answer first, in words: what the plan moves, what that is expected to bring, and how sure that is."""

from dataclasses import dataclass

from marketmover.campaigns.page.words import (
    cost_metric,
    in_order,
    listed,
    metric_name,
    metric_phrase,
    metric_value,
)
from marketmover.charts import Formats
from marketmover.kit import counted, days_between
from marketmover.plans import PLATFORM_NAMES, Plan, Range, TargetOutlook

_HARDLY = 0.005
_RATHER_NOT = 0.4
# An account that counts leads alone has the same figures under both names.
_TWINS = {"conversions": "leads", "cost_per_acquisition": "cost_per_lead", "sales": "conversions"}
_AN_OUTCOME = ("leads", "qualified_leads", "conversions", "revenue", "clicks", "impressions", "reach")


@dataclass(frozen=True)
class Answer:
    """The plan in three sentences; the last two may be empty.

    Attributes:
        headline: What is moved and what it is expected to bring.
        figure: The words of the headline that matter most: the expected result.
        sureness: How likely that is to beat today's split, or why it cannot be said.
        price: What a result would cost beside today.
    """

    headline: str
    figure: str
    sureness: str
    price: str


def answer(plan: Plan, formats: Formats) -> Answer:
    """The plan's answer in words."""
    metric = main_metric(plan)
    figure = metric_phrase(metric, plan.expected[metric].mid, formats) if metric else ""
    return Answer(_headline(plan, formats), figure, _sureness(plan), _price(plan, formats))


def main_metric(plan: Plan) -> str | None:
    """The metric that the plan is judged by: its objective, else the first outcome that it has a figure for."""
    wished = "revenue" if plan.objective == "profit" and "profit" not in plan.expected else plan.objective
    return next((metric for metric in (wished, *_AN_OUTCOME) if metric in plan.expected), None)


def shown_metrics(plan: Plan) -> list[str]:
    """The metrics that the plan has figures for, in a client's order; what says the same twice is said once."""
    known = dict(plan.expected)
    main = main_metric(plan)
    for metric, twin in _TWINS.items():
        if metric != main and metric in known and known[metric] == known.get(twin):
            del known[metric]
    return in_order(known, main)


def target_sentences(plan: Plan, formats: Formats) -> list[str]:
    """What the client asked to be kept, what is expected of it, and how likely it is kept."""
    return [_target(target, formats) for target in plan.targets]


def share_moved(plan: Plan) -> float | None:
    """The share of the budget that lies elsewhere than under today's split; `None` where there is no such split."""
    today = {line.id: line.budget for line in plan.baseline.lines}
    if plan.total_budget <= 0 or sum(today.values()) <= 0:
        return None
    gained = sum(max(line.budget - today.get(line.id, 0.0), 0.0) for line in plan.lines)
    return gained / plan.total_budget


def has_history(plan: Plan) -> bool:
    """Whether any line of the plan ran before."""
    return plan.history.rows > 0 and any(not line.is_new for line in plan.lines)


def likelihood(probability: float) -> str:
    """A probability as people say it; never 0% or 100%.

    >>> likelihood(0.926), likelihood(0.9996), likelihood(0.0)
    ('93%', 'more than 99%', 'less than 1%')
    """
    if probability > 0.99:
        return "more than 99%"
    return f"{probability * 100:.0f}%" if probability >= 0.01 else "less than 1%"


def _target(target: TargetOutlook, formats: Formats) -> str:
    bound = "at most" if target.comparison == "at_most" else "at least"
    asked = f"{metric_name(target.metric, formats)} of {bound} {metric_value(target.metric, target.value, formats)}"
    if target.expected is None:
        return f"{asked}: what it will be cannot be said from this history."
    span = target.expected
    between = formats.between(span.low, span.high, lambda value: metric_value(target.metric, value, formats))
    expected = f"{asked}: {metric_value(target.metric, span.mid, formats)} is expected ({between})"
    return (
        f"{expected}."
        if target.probability is None
        else f"{expected}, {likelihood(target.probability)} likely to be kept."
    )


def _headline(plan: Plan, formats: Formats) -> str:
    metric = main_metric(plan)
    days = days_between(plan.start_date, plan.end_date)
    if metric is None:
        return (
            f"{formats.money(plan.total_budget)} over {days} days. What it will bring cannot be said yet: "
            "the history holds no results to learn from."
        )
    what = _expectation(metric, plan.expected[metric], formats)
    moved = share_moved(plan)
    today = plan.baseline.expected.get(metric)
    if moved is None or today is None or not has_history(plan):
        names = listed([PLATFORM_NAMES[name] for name in sorted({line.platform for line in plan.lines})])
        return f"{formats.money(plan.total_budget)} on {names} over {days} days is expected to bring {what}."
    settings = sum(len(line.changes) for line in plan.lines)
    if moved < _HARDLY and not settings:
        return f"Keeping today's split is expected to bring {what}."
    instead = metric_value(metric, today.mid, formats)
    return f"{_done(moved, settings, formats)} is expected to bring {what} instead of {instead}."


def _done(moved: float, settings: int, formats: Formats) -> str:
    changed = f"changing {counted(settings, 'setting')}"
    if moved < _HARDLY:
        return f"Keeping today's split and {changed}"
    return f"Moving {formats.share(moved)} of the budget{f' and {changed}' if settings else ''}"


def _expectation(metric: str, expected: Range, formats: Formats) -> str:
    between = formats.between(expected.low, expected.high, lambda value: metric_value(metric, value, formats))
    return f"{metric_phrase(metric, expected.mid, formats)} ({between})"


def _sureness(plan: Plan) -> str:
    probability = plan.probability_better_than_baseline
    if probability is None:
        return "" if has_history(plan) else "There is no history of these lines to compare with, so the range is wide."
    moved = share_moved(plan)
    hardly = moved is not None and moved < _HARDLY
    if probability < _RATHER_NOT and not hardly:
        return (
            f"It is only {likelihood(probability)} likely to do better than today's split: what the brief or the "
            "limits ask for leaves no better way."
        )
    if plan.certainty is not None and plan.certainty.verdict == "not_enough_data":
        return _not_enough(probability, hardly=hardly, settled=bool(plan.certainty.tests))
    if hardly:
        return "No other split that the limits allow is expected to do clearly better."
    if probability < 0.6:
        return (
            f"It is {likelihood(probability)} likely to do better than today's split: about as likely as not, so the "
            "move is not urgent."
        )
    return f"It is {likelihood(probability)} likely to do better than today's split."


def _not_enough(probability: float, *, hardly: bool, settled: bool) -> str:
    settle = " A test would settle it (see below)." if settled else ""
    if hardly:
        return f"There is not enough data yet to say which split is better, so hardly any money moves.{settle}"
    return (
        "There is not enough data yet to say that it does better than today's split: it is "
        f"{likelihood(probability)} likely to, so the move is not urgent.{settle}"
    )


def _price(plan: Plan, formats: Formats) -> str:
    metric = main_metric(plan)
    price = cost_metric(metric) if metric else None
    if metric is None or price is None or price not in plan.expected:
        return ""
    written = metric_value(price, plan.expected[price].mid, formats)
    today = plan.baseline.expected.get(price)
    before = metric_value(price, today.mid, formats) if today and has_history(plan) else written
    than = f" rather than {before}" if before != written else ""
    if price == "roas":
        return f"Each {formats.short_money(1)} spent would bring back about {written}{than}."
    one = price.removeprefix("cost_per_").replace("_", " ").replace("acquisition", "conversion")
    return f"Each {one} would cost about {written}{than}."
