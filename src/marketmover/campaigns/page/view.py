"""Everything that the plan's page shows, written out: the template only sets it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from marketmover.campaigns.page.answer import (
    Answer,
    answer,
    has_history,
    likelihood,
    main_metric,
    shown_metrics,
    target_sentences,
)
from marketmover.campaigns.page.changed import Changes, Tests, changes, said_in_memo, tests
from marketmover.campaigns.page.glossary import Entry, glossary
from marketmover.campaigns.page.lines import Group, Lines, Row, line_name
from marketmover.campaigns.page.reached import Reached, reached
from marketmover.campaigns.page.returned import Returned, returned
from marketmover.campaigns.page.similar import SimilarPart, similar
from marketmover.campaigns.page.sources import (
    Quote,
    SetAside,
    flagged_words,
    history_words,
    left_out,
    lit,
    quotes,
    set_aside,
)
from marketmover.campaigns.page.words import (
    OBJECTIVES,
    audience_words,
    listed,
    metric_name,
    metric_value,
    shortened,
)
from marketmover.charts import BandPoint, Formats, join, or_dash, range_strip, response_curve, tag
from marketmover.kit import counted, days_between, stable_hash
from marketmover.plans import PLATFORM_NAMES, ABTest, Plan, PlanLine, Range

_MEMO_LINES = 6
_MEMO_METRICS = 4
_MEMO_REASONS = 4
_CURVES, _MORE_CURVES = 9, 24
_FOLD_ABOVE = 40
_ADDS_UP = 0.1
_CHANCES = {
    "clear": "more",
    "likely": "likely more",
    "not_enough_data": "not enough data to tell",
    "likely_less": "likely less",
    "clearly_less": "less",
}
_METHODS = {"region_split": "region", "split_test": "split test", "campaign_experiment": "campaign experiment"}


@dataclass(frozen=True)
class Fact:
    """A fact of the masthead."""

    name: str
    value: str
    remark: str = ""


@dataclass(frozen=True)
class Comparison:
    """A metric under the plan beside today's split."""

    name: str
    main: bool
    advised: str
    between: str
    today: str
    today_between: str
    strip: Markup


@dataclass(frozen=True)
class PlanView:
    """The plan's page, ready to be set."""

    title: str
    facts: Sequence[Fact]
    answer: Answer
    headline: Markup
    metric: str
    comparisons: Sequence[Comparison]
    more_comparisons: Sequence[Comparison]
    compared_with: str
    targets: Sequence[str]
    has_today: bool
    memo_groups: Sequence[Group]
    total_today: str
    total: str
    exact_total: str
    reasons: Sequence[Row]
    risks: Sequence[str]
    stop_first: Sequence[str]
    would_change_it: Sequence[str]
    split_notes: Sequence[str]
    certainty: str
    chances: Sequence[Fact]
    tests: Tests
    changes: Changes | None
    reached: Sequence[Reached]
    reached_remarks: Sequence[str]
    returned: Returned | None
    similar: SimilarPart | None
    ab_test: ABTest | None
    ab_ways: Sequence[Fact]
    columns: str
    warnings: Sequence[str]
    set_up: Sequence[str]
    groups: Sequence[Group]
    folded: bool
    details: Sequence[Row]
    more_details: Sequence[Row]
    curves: Sequence[Markup]
    more_curves: Sequence[Markup]
    curves_left_out: int
    quotes: Sequence[Quote]
    brief: Markup | None
    brief_warnings: Sequence[str]
    assumptions: Sequence[str]
    left_out: Sequence[SetAside]
    history: str
    flagged: str
    quarantined: str
    set_aside: Sequence[SetAside]
    glossary: Sequence[Entry]
    agreement: str
    fingerprint: str


def plan_view(plan: Plan, formats: Formats, brief_text: str | None) -> PlanView:
    """Write out a plan for its page."""
    lines = Lines(plan, formats)
    said = answer(plan, formats)
    weighty = lines.by_weight()
    curved = [line for line in weighty if line.curve]
    comparisons = _comparisons(plan, formats)
    details = _details([lines.row(line) for line in weighty], plan)
    return PlanView(
        title=_title(plan),
        facts=_facts(plan, formats),
        answer=said,
        headline=_emphasised(said),
        metric=_judged_by(plan, formats),
        comparisons=comparisons[:_MEMO_METRICS],
        more_comparisons=comparisons[_MEMO_METRICS:],
        compared_with=plan.baseline.description,
        targets=target_sentences(plan, formats),
        has_today=has_history(plan) and bool(plan.baseline.expected),
        memo_groups=lines.by_platform(_MEMO_LINES),
        total_today=_today_words(plan, formats),
        total=formats.money(plan.total_budget),
        exact_total=formats.money(plan.total_budget, exact=True),
        reasons=[lines.row(line) for line in weighty if line.reasons][:_MEMO_REASONS],
        risks=plan.risks,
        stop_first=plan.stop_first,
        would_change_it=plan.would_change_it,
        split_notes=_split_notes(plan, formats),
        certainty=plan.certainty.words if plan.certainty else "",
        chances=_chances(plan, formats),
        tests=tests(plan),
        changes=changes(plan, formats),
        reached=reached(plan, formats),
        reached_remarks=plan.fairness.remarks,
        returned=returned(plan, formats),
        similar=similar(plan, formats),
        ab_test=plan.ab_test,
        ab_ways=_ways(plan),
        columns=_columns(plan.risks, plan.stop_first, plan.would_change_it),
        warnings=[warning for warning in plan.warnings if warning not in plan.set_up],
        set_up=plan.set_up,
        groups=lines.by_campaign() if len(plan.lines) > _FOLD_ABOVE else lines.by_platform(_FOLD_ABOVE),
        folded=len(plan.lines) > _FOLD_ABOVE,
        details=details[:_MORE_CURVES],
        more_details=details[_MORE_CURVES:],
        curves=[_curve(line, lines, formats) for line in curved[:_CURVES]],
        more_curves=[_curve(line, lines, formats) for line in curved[_CURVES:_MORE_CURVES]],
        curves_left_out=max(len(curved) - _MORE_CURVES, 0),
        quotes=quotes(plan.brief, formats),
        brief=lit(brief_text.strip(), plan.brief.evidence) if brief_text and brief_text.strip() else None,
        brief_warnings=[warning for warning in plan.brief.warnings if warning not in plan.warnings],
        assumptions=plan.assumptions,
        left_out=left_out(plan, formats),
        history=history_words(plan, formats),
        flagged=flagged_words(plan, formats),
        quarantined=formats.count(plan.history.quarantined) if plan.history.quarantined else "",
        set_aside=set_aside(plan, formats),
        glossary=glossary(plan),
        agreement=_agreement(plan, formats),
        fingerprint=fingerprint(plan),
    )


def _judged_by(plan: Plan, formats: Formats) -> str:
    metric = main_metric(plan)
    return metric_name(metric, formats) if metric else ""


def _details(rows: Sequence[Row], plan: Plan) -> list[Row]:
    """The lines' rows without the reasons that the memo gives already."""
    said = said_in_memo(plan)
    return [replace(row, reasons=tuple(reason for reason in row.reasons if reason not in said)) for row in rows]


def _today_words(plan: Plan, formats: Formats) -> str:
    today = sum(line.budget for line in plan.baseline.lines)
    return formats.money(today) if today and has_history(plan) else or_dash(None, str)


def _split_notes(plan: Plan, formats: Formats) -> list[str]:
    """What a client should know of the split as a whole: why so much is spent, what a result costs where, odd sums."""
    notes = [plan.as_much_as_pays.words] if plan.as_much_as_pays else []
    costs = plan.fairness.platforms
    return [*notes, *([costs.words] if costs else []), *_odd_sum(plan, formats)]


def _odd_sum(plan: Plan, formats: Formats) -> list[str]:
    """Why the lines' figures do not add up to the plan's, where anybody would see that they do not."""
    metric = main_metric(plan)
    total = plan.expected[metric].mid if metric else 0.0
    parts = sum(line.expected[metric].mid for line in plan.lines if metric in line.expected) if metric else 0.0
    if not metric or total <= 0 or abs(parts / total - 1) < _ADDS_UP:
        return []
    added, expected = (metric_value(metric, value, formats) for value in (parts, total))
    why = "each is the middle of its own range, and with ranges as wide as here middles do not add up"
    return [f"The lines' figures add up to {added}, the plan's is {expected}: {why}."]


def _chances(plan: Plan, formats: Formats) -> list[Fact]:
    """By metric, how likely the plan brings more than today's split, in words and as a figure."""
    if plan.certainty is None:
        return []
    words = plan.certainty.by_metric
    shown = [metric for metric in shown_metrics(plan) if metric in words and metric in plan.probability_better]
    return [
        Fact(metric_name(metric, formats), _CHANCES[words[metric]], likelihood(plan.probability_better[metric]))
        for metric in shown
    ]


def _ways(plan: Plan) -> list[Fact]:
    """How the arms of the plan's test are kept apart, by platform."""
    ways = plan.ab_test.ways if plan.ab_test else []
    return [Fact(PLATFORM_NAMES[way.platform], way.words, _METHODS[way.method]) for way in ways]


def fingerprint(plan: Plan) -> str:
    """Eight digits that follow from the plan's content, so that a signed page names the plan it was signed for."""
    return stable_hash(plan.model_dump_json())[:8].upper()


def _title(plan: Plan) -> str:
    product = shortened(plan.brief.product or "", 90)
    return product[:1].upper() + product[1:] if product else "Media plan"


def _emphasised(said: Answer) -> Markup:
    """The headline with its figure set apart."""
    before, figure, after = said.headline.partition(said.figure) if said.figure else (said.headline, "", "")
    return join(before, tag("em", figure), after) if figure else join(before)


def _columns(*lists: Sequence[str]) -> str:
    """Widths of columns of text (CSS), by how much each has to hold, so that together they need little height."""
    letters = [sum(map(len, sentences)) for sentences in lists if sentences]
    mean = sum(letters) / max(len(letters), 1)
    return " ".join(f"{min(max(count / mean, 0.6), 1.8):.2f}fr" for count in letters)


def _facts(plan: Plan, formats: Formats) -> list[Fact]:
    days = days_between(plan.start_date, plan.end_date)
    brief = plan.brief
    metric = main_metric(plan)
    goal = OBJECTIVES.get(brief.objective or "") or (metric_name(metric, formats) if metric else "Not stated")
    judged = f"judged by {metric_name(metric, formats).lower()}" if metric and brief.objective else ""
    platforms = listed([PLATFORM_NAMES[name] for name in sorted({line.platform for line in plan.lines})])
    return [
        Fact("Goal", goal, judged),
        Fact(
            "Budget",
            f"{formats.money(plan.total_budget)} {plan.currency}",
            f"{formats.money(plan.total_budget / days)} a day",
        ),
        Fact("Dates", formats.dates(plan.start_date, plan.end_date), counted(days, "day")),
        Fact("Platforms", platforms, counted(len(plan.lines), "line")),
        Fact("Audience", audience_words(brief.audience, formats) or "Not narrowed by the brief"),
    ]


def _comparisons(plan: Plan, formats: Formats) -> list[Comparison]:
    main = main_metric(plan)
    return [_comparison(metric, plan, metric == main, formats) for metric in shown_metrics(plan)]


def _comparison(metric: str, plan: Plan, main: bool, formats: Formats) -> Comparison:
    advised = plan.expected[metric]
    today = plan.baseline.expected.get(metric) if has_history(plan) else None
    spans = [advised, today] if today else [advised]
    low, high = min(span.low for span in spans), max(span.high for span in spans)
    return Comparison(
        name=metric_name(metric, formats),
        main=main,
        advised=metric_value(metric, advised.mid, formats),
        between=_between(metric, advised, formats),
        today=metric_value(metric, today.mid, formats) if today else or_dash(None, str),
        today_between=_between(metric, today, formats) if today else "",
        # Ranges are compared with each other, not with nought, so each strip shows their own stretch.
        strip=range_strip(
            _span(advised), _span(today) if today else None, high + (high - low) * 0.1, low - (high - low) * 0.1
        ),
    )


def _between(metric: str, value: Range, formats: Formats) -> str:
    return formats.between(value.low, value.high, lambda end: metric_value(metric, end, formats))


def _span(value: Range) -> tuple[float, float, float]:
    return (value.low, value.mid, value.high)


def _curve(line: PlanLine, lines: Lines, formats: Formats) -> Markup:
    row = lines.row(line)
    metric = lines.metric or "results"
    measure = (formats.money_measure if metric in {"revenue", "profit"} else formats.count_measure)(
        metric_name(metric, formats)
    )
    points = [
        BandPoint(point.budget, point.low, point.mid, point.high)
        for point in sorted(line.curve, key=lambda point: point.budget)
    ]
    today = None if line.is_new else lines.today.get(line.id)
    return response_curve(
        line_name(line),
        points,
        spend=formats.money_measure("Budget"),
        outcome=measure,
        today=today,
        advised=line.budget,
        note=row.advised if today is None else f"{row.today} to {row.advised}",
    )


def _agreement(plan: Plan, formats: Formats) -> str:
    return (
        f"Up to {formats.money(plan.total_budget, exact=True)} ({plan.currency}) is spent over "
        f"{formats.dates(plan.start_date, plan.end_date)} as set out in this plan."
    )
