"""The memo as data: what a client is told of a plan, in words and figures, without how it is carried out."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from pydantic import Field

from marketmover.campaigns.page.answer import (
    answer,
    has_history,
    main_metric,
    shown_metrics,
    target_sentences,
)
from marketmover.campaigns.page.lines import Lines, line_name
from marketmover.campaigns.page.view import fingerprint
from marketmover.campaigns.page.words import (
    OBJECTIVES,
    ad_type_words,
    audience_words,
    metric_name,
    sentence,
    shortened,
)
from marketmover.charts import Formats, clean
from marketmover.kit import counted, days_between
from marketmover.plans import PLATFORM_NAMES, Plan, Platform, Range
from marketmover.plans import Form as _Form

_MOST_METRICS = 6


class MemoFact(_Form):
    """What a plan is for, in a name and a value."""

    name: str = Field(examples=["Goal"])
    value: str = Field(examples=["Get leads"])


class MemoMetric(_Form):
    """A result under the plan, beside the same money under today's split where there is one."""

    metric: str = Field(description="As in contract plan.", examples=["leads"])
    name: str = Field(examples=["Leads"])
    planned: Range
    today: Range | None = None


class MemoLine(_Form):
    """A line of the split. `today` is what it gets under today's split; `expected` is of the plan's main result."""

    name: str
    kind: str = Field(examples=["Search ads"])
    is_new: bool
    budget: float
    share: float = Field(description="Of the plan's budget, from 0 to 1.")
    today: float | None = None
    expected: Range | None = None


class MemoGroup(_Form):
    """A platform's part of the split, its largest line first."""

    platform: Platform
    name: str
    budget: float
    share: float
    today: float | None = None
    lines: list[MemoLine]


class Memo(_Form):
    """What a client is told of a plan. Money in major units of `currency`; ranges hold four times in five."""

    title: str
    simulated: bool
    currency: str
    start_date: date
    end_date: date
    days: int
    total_budget: float
    metric: str | None = Field(description="What the plan is judged by.")
    metric_name: str
    headline: str
    sureness: str
    price: str
    certainty: str
    probability_better: float | None
    facts: list[MemoFact]
    groups: list[MemoGroup]
    expected: list[MemoMetric]
    targets: list[str]
    notes: list[str]
    risks: list[str]
    stop_first: list[str]
    assumptions: list[str]
    rests_on: str = Field(description="What of the past it was made from.")
    fingerprint: str = Field(description="Eight digits that follow from the plan's content.")


def memo_of(plan: Plan) -> Memo:
    """What a client is told of a plan: no instructions to whoever books it, and no names of files."""
    formats = Formats(plan.currency)
    said, metric = answer(plan, formats), main_metric(plan)
    return Memo(
        title=_title(plan),
        simulated=plan.simulated,
        currency=plan.currency,
        start_date=plan.start_date,
        end_date=plan.end_date,
        days=days_between(plan.start_date, plan.end_date),
        total_budget=plan.total_budget,
        metric=metric,
        metric_name=metric_name(metric, formats) if metric else "",
        headline=clean(said.headline),
        sureness=said.sureness,
        price=said.price,
        certainty=plan.certainty.words if plan.certainty else "",
        probability_better=plan.probability_better_than_baseline,
        facts=_facts(plan, formats),
        groups=_groups(plan, formats),
        expected=_expected(plan, formats),
        targets=[sentence(words) for words in target_sentences(plan, formats)],
        notes=_notes(plan),
        risks=_clean(plan.risks),
        stop_first=_clean(plan.stop_first),
        assumptions=_clean(plan.assumptions),
        rests_on=_rests_on(plan, formats),
        fingerprint=fingerprint(plan),
    )


def _title(plan: Plan) -> str:
    sold = clean(shortened(plan.brief.product or "", 90))
    return sold[:1].upper() + sold[1:] if sold else "Media plan"


def _facts(plan: Plan, formats: Formats) -> list[MemoFact]:
    metric = main_metric(plan)
    goal = OBJECTIVES.get(plan.brief.objective or "") or (metric_name(metric, formats) if metric else "Not stated")
    judged = f", judged by {metric_name(metric, formats).lower()}" if metric and plan.brief.objective else ""
    audience = audience_words(plan.brief.audience, formats) or "Not narrowed by the brief"
    return [MemoFact(name="Goal", value=goal + judged), MemoFact(name="Audience", value=clean(audience))]


def _groups(plan: Plan, formats: Formats) -> list[MemoGroup]:
    lines = Lines(plan, formats)
    ordered = sorted(plan.lines, key=lambda line: (line.platform, -line.budget, line.id))
    parts = [list(members) for _, members in groupby(ordered, lambda line: line.platform)]
    return [
        MemoGroup(
            platform=members[0].platform,
            name=PLATFORM_NAMES[members[0].platform],
            budget=round(sum(line.budget for line in members), 2),
            share=_share(sum(line.budget for line in members), plan),
            today=_sum_today([lines.today[line.id] for line in members if line.id in lines.today and not line.is_new]),
            lines=[
                MemoLine(
                    name=clean(shortened(line_name(line), 120)),
                    kind=ad_type_words(line.ad_type),
                    is_new=line.is_new,
                    budget=line.budget,
                    share=_share(line.budget, plan),
                    today=None if line.is_new else lines.today.get(line.id),
                    expected=line.expected.get(lines.metric) if lines.metric else None,
                )
                for line in members
            ],
        )
        for members in parts
    ]


def _share(part: float, plan: Plan) -> float:
    return part / plan.total_budget if plan.total_budget > 0 else 0.0


def _sum_today(budgets: Sequence[float]) -> float | None:
    return round(sum(budgets), 2) if budgets else None


def _expected(plan: Plan, formats: Formats) -> list[MemoMetric]:
    today = plan.baseline.expected if has_history(plan) else {}
    return [
        MemoMetric(
            metric=metric,
            name=metric_name(metric, formats),
            planned=plan.expected[metric],
            today=today.get(metric),
        )
        for metric in shown_metrics(plan)[:_MOST_METRICS]
    ]


def _notes(plan: Plan) -> list[str]:
    """What else a client decides on: why so much is spent, which settings change, what is tried out."""
    told = [plan.as_much_as_pays, plan.settings, plan.exploration]
    return _clean([note.words for note in told if note is not None and note.words])


def _rests_on(plan: Plan, formats: Formats) -> str:
    history = plan.history
    if not has_history(plan) or history.first_date is None or history.last_date is None:
        return "There is no history of such campaigns to learn from, so the ranges are wide."
    days = formats.dates(history.first_date, history.last_date)
    return f"It rests on what {counted(history.lines, 'line')} brought from {days}."


def _clean(texts: Sequence[str]) -> list[str]:
    return [sentence(clean(text)) for text in texts]
