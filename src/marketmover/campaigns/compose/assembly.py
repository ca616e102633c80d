"""The plan's lines put together: budget, audience, bidding, creative, ranges, curve, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from marketmover.budget import NewLine
from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.further import Further, further
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.reasons import reasons
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.settings import reset
from marketmover.campaigns.compose.words import listed, quoted
from marketmover.campaigns.match import Guide
from marketmover.campaigns.parameters import Details
from marketmover.history import Line
from marketmover.kit import LineId, counted, from_cents, plural, round_to_cent
from marketmover.plans import (
    PLATFORM_NAMES,
    Bidding,
    Brief,
    Creative,
    CurvePoint,
    Expected,
    LineAudience,
    LineEvidence,
    PlanLine,
    Range,
)

_CURVE_POINTS = 25


@dataclass(frozen=True)
class Frame:
    """What all lines of a plan share: the brief, the currency, the days, creatives, past ads, and what is similar."""

    brief: Brief
    currency: str
    days: int
    creatives: Mapping[str, Creative | None]
    details: Details
    guide: Guide


def plan_lines(advice: Advice, scope: Scope, frame: Frame, notes: Notes) -> list[PlanLine]:
    """Every line of the plan, existing ones first, each group by budget."""
    returns = further(advice)
    existing = [_by_strategy(_existing(line, advice, returns, frame), frame) for line in scope.existing]
    new = [_opened(line, _line(line.id, None, line, advice, returns, frame), frame) for line in scope.new]
    _remark_on_reach(scope.existing, frame.brief, notes)
    return [*sorted(existing, key=lambda line: (-line.budget, line.id)), *new]


def _by_strategy(line: PlanLine, frame: Frame) -> PlanLine:
    """The line with the strategy that it follows."""
    found = frame.guide.strategy(line.platform, line.ad_type, line.name)
    return line.model_copy(update={"matched_strategy": found})


def _opened(source: NewLine, line: PlanLine, frame: Frame) -> PlanLine:
    """A new line with its strategy, and the past campaigns that it leans on."""
    leans = frame.guide.leans_on(line.platform) if source.likeness else []
    said = [f"It leans on the past campaigns most like it: {listed(map(quoted, leans), 3)}."] if leans else []
    return _by_strategy(line.model_copy(update={"reasons": [*line.reasons, *said]}), frame)


def _existing(line: Line, advice: Advice, returns: Further, frame: Frame) -> PlanLine:
    """A running line, with the settings that the plan changes."""
    kept = _line(line.id, line, None, advice, returns, frame)
    chosen = advice.proposals.changes.get(line.id, ())
    return reset(kept, line, chosen, frame.details, advice.metric, frame.currency) if chosen else kept


def _line(
    line_id: str, line: Line | None, new: NewLine | None, advice: Advice, returns: Further, frame: Frame
) -> PlanLine:
    budget = from_cents(advice.split[line_id])
    identity = LineId.parse(line_id)
    summary = advice.summaries[line_id]
    source = line or new
    assert source is not None  # noqa: S101 - a line is either of the history or new
    kind = source.ad_type.replace("_", " ").lower()
    return PlanLine(
        id=line_id,
        platform=source.platform,
        campaign_id=line.campaign_id if line else None,
        ad_group_id=line.group_id if line else None,
        is_new=line is None,
        name=line.name if line else f"New {kind} line on {PLATFORM_NAMES[source.platform]}",
        ad_type=source.ad_type,
        bidding=_bidding(line, source.platform, advice),
        audience=_audience(line, frame.brief),
        creative=frame.creatives.get(line_id),
        budget=budget,
        daily_budget=round_to_cent(budget / frame.days, frame.currency),
        expected=rounded(advice.expected.lines[line_id]),
        reasons=reasons(line_id, line, advice, returns, frame.currency, frame.days),
        evidence=LineEvidence(
            days=summary.days,
            spend=round_to_cent(summary.spend, frame.currency),
            campaign_ids=[identity.campaign_id] if line else [],
        ),
        curve=_curve(line_id, advice),
        on_trial=line_id in advice.on_trial,
    )


def _bidding(line: Line | None, platform: str, advice: Advice) -> Bidding:
    if line is not None:
        return Bidding(strategy=line.bidding_strategy, target=line.bidding_target)
    if platform == "meta_ads":
        return Bidding(strategy="LOWEST_COST_WITHOUT_CAP")
    learns_from_conversions = "conversions" in advice.response.metrics
    return Bidding(strategy="MAXIMIZE_CONVERSIONS" if learns_from_conversions else "TARGET_SPEND")


def _audience(line: Line | None, brief: Brief) -> LineAudience:
    """Whom the line reaches: its own targeting; where the exports do not say, the brief's audience."""
    asked = brief.audience
    if line is None:
        return LineAudience(**asked.model_dump())
    return LineAudience(
        countries=list(line.countries) or asked.countries,
        places=list(line.places),
        age_min=line.age_min if line.age_min is not None else asked.age_min,
        age_max=line.age_max if line.age_max is not None else asked.age_max,
        genders=list(line.genders) or list(asked.genders),
        interests=list(line.interests),
        keywords=list(line.keywords),
    )


def _curve(line_id: str, advice: Advice) -> list[CurvePoint]:
    most = from_cents(max(advice.split[line_id], advice.today.cents[line_id]))
    budgets = np.linspace(0.0, 2.0 * most if most > 0 else 1.0, _CURVE_POINTS)
    low, mid, high = advice.response.curve(line_id, advice.metric, budgets)
    return [
        CurvePoint(budget=_tidy(at), low=_tidy(a), mid=_tidy(b), high=_tidy(c))
        for at, a, b, c in zip(budgets, low, mid, high, strict=True)
    ]


def rounded(expected: Expected) -> Expected:
    """Ranges with figures that people can read: six significant digits."""
    return {
        metric: Range(low=_tidy(span.low), mid=_tidy(span.mid), high=_tidy(span.high))
        for metric, span in expected.items()
    }


def _tidy(value: float) -> float:
    return float(f"{float(value):.6g}")


def _remark_on_reach(lines: list[Line], brief: Brief, notes: Notes) -> None:
    wider = [line.name for line in lines if _reaches_beyond(line, brief)]
    if wider:
        notes.warn(
            f"{counted(len(wider), 'line')} {plural(len(wider), 'reaches', 'reach')} people beyond the brief's "
            f"audience, and the targeting is left as it is: {listed(map(quoted, wider))}. Narrow it where that matters."
        )


def _reaches_beyond(line: Line, brief: Brief) -> bool:
    asked = brief.audience
    return (
        bool(asked.countries and line.countries and set(line.countries) - set(asked.countries))
        or bool(asked.genders and line.genders and set(line.genders) - set(asked.genders))
        or (asked.age_min is not None and line.age_min is not None and line.age_min < asked.age_min)
        or (asked.age_max is not None and line.age_max is not None and line.age_max > asked.age_max)
    )
