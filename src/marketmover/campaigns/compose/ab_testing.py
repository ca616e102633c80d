"""The plan's own A/B test: the advised split against today's, how it is done, and whether it can show anything."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.split_ways import ways
from marketmover.campaigns.compose.window import Window
from marketmover.campaigns.compose.words import amount, day, metric_words
from marketmover.experiments import Baseline, Rules, days_needed, dispersion, smallest_effect
from marketmover.history import Panel
from marketmover.kit import counted, days_between, from_cents, round_to_cent
from marketmover.plans import ABTest, ABTestArm, Brief, PlanLine

_RULES = Rules()
_ADVISED_SHARES = (0.8, 0.7, 0.6, 0.5)
_HARDLY = 0.002
_UNKNOWN_DISPERSION = 2.0  # what daily counts of ad accounts commonly show
_MONEY = {"revenue"}
_COUNTED = ("conversions", "sales", "installs", "revenue", "clicks", "impressions")
_LOOK_BACK = 112
_WEEK, _TWO_WEEKS = 7, 14


@dataclass(frozen=True)
class _Case:
    """What a test is designed from: what is counted, at what rate under today's split, and what the plan changes."""

    metric: str
    baseline: Baseline
    effect: float
    days: int


def ab_test(
    advice: Advice,
    lines: Sequence[PlanLine],
    panel: Panel,
    brief: Brief,
    window: Window,
    currency: str,
    changed: Collection[str] = (),
) -> ABTest | None:
    """The test that would show whether the plan beats today's split and settings.

    Args:
        advice: The split and what it is expected to bring beside today's.
        lines: The plan's lines.
        panel: The history, which says how much daily results vary.
        brief: The brief.
        window: The plan's dates.
        currency: ISO 4217.
        changed: Lines whose settings the plan changes.

    Returns:
        The test, or `None` where nothing can be counted.
    """
    case = _case(advice, panel, window.days)
    if case is None:
        return None
    if abs(case.effect) < _HARDLY:
        return _nothing(case, window)
    share, needed = _share(case)
    days = min(_whole_weeks(needed), window.days)
    rules = replace(_RULES, share=share)
    seen = smallest_effect(case.baseline, days, rules) if days >= _WEEK else math.inf
    ready = needed <= window.days
    end = window.start + timedelta(days=days - 1)
    found = ABTest(
        verdict="ready" if ready else "too_small",
        words="",
        metric=case.metric,
        expected_effect=_tidy(case.effect),
        smallest_effect=_tidy(seen) if math.isfinite(seen) else None,
        start_date=window.start,
        end_date=end,
        weeks=max(math.ceil(days / _WEEK), 1),
        weeks_needed=math.ceil(needed / _WEEK) if math.isfinite(needed) else None,
        power=rules.power,
        alpha=rules.alpha,
        dispersion=_tidy(case.baseline.spread),
        held_back=_tidy((1.0 - share) * case.effect * case.baseline.per_day * days),
        arms=_arms(case, advice, share, days, window.days),
        ways=ways(
            lines, {line: from_cents(cents) for line, cents in advice.today.cents.items()}, brief, share, changed
        ),
    )
    return found.model_copy(update={"words": _words(found, currency), "decision_rule": _rule(found)})


def _case(advice: Advice, panel: Panel, days: int) -> _Case | None:
    metric = advice.metric
    now, then = advice.expected_today.total.get(metric), advice.expected.total.get(metric)
    if now is None or then is None or now.mid <= 0 or then.mid <= 0:
        return None
    spread = _dispersion(advice, panel, metric)
    if spread is None:
        return None
    baseline = Baseline.count(now.mid / days, spread, pieces=metric_words(metric))
    return _Case(metric, baseline, then.mid / now.mid - 1.0, days)


def _dispersion(advice: Advice, panel: Panel, metric: str) -> float | None:
    """How much what is counted a day varies; `None` where it is money of which the history says too little."""
    rows = [panel.line_ids.index(line) for line in advice.split if line in panel.line_ids]
    if metric in ("leads", "qualified_leads"):
        platform = panel.leads[rows, -_LOOK_BACK:]
        of_leads = dispersion(platform if platform.any() else panel.crm_leads[rows, -_LOOK_BACK:])
        kept = _qualified(advice) if metric == "qualified_leads" else 1.0
        return 1.0 + (max(of_leads or _UNKNOWN_DISPERSION, 1.0) - 1.0) * kept
    source = "impressions" if metric == "reach" else metric  # few lines export reach, and it varies as views do
    found = dispersion(getattr(panel, source)[rows, -_LOOK_BACK:]) if source in _COUNTED else None
    if metric in _MONEY:
        return found
    return max(found or _UNKNOWN_DISPERSION, 1.0)


def _qualified(advice: Advice) -> float:
    """Share of leads that qualify: thinned counts vary less beyond chance."""
    totals = advice.expected_today.total
    leads = totals["leads"].mid if "leads" in totals else 0.0
    return min(totals["qualified_leads"].mid / leads, 1.0) if leads > 0 else 1.0


def _share(case: _Case) -> tuple[float, float]:
    """The largest share for the advised arm with which the test still fits the dates, and its days; else one half."""
    for share in _ADVISED_SHARES[:-1]:
        needed = _days_needed(case, share)
        if needed <= case.days:
            return share, needed
    return 0.5, _days_needed(case, 0.5)


def _days_needed(case: _Case, share: float) -> float:
    return days_needed(case.baseline, case.effect, replace(_RULES, share=share))


def _whole_weeks(days: float) -> int:
    return _WEEK * max(math.ceil(min(days, 1e6) / _WEEK), 2)


def _arms(case: _Case, advice: Advice, share: float, days: int, plan_days: int) -> list[ABTestArm]:
    daily = advice.total / plan_days
    rate = case.baseline.per_day * days
    usual, advised = round_to_cent(daily * (1.0 - share)), round_to_cent(daily * share)
    return [
        ABTestArm(
            name="usual",
            share=round(1.0 - share, 4),
            daily_budget=usual,
            expected=_tidy(rate * (1.0 - share)),
            what="Today's split and settings, left as they are.",
        ),
        ABTestArm(
            name="advised",
            share=round(share, 4),
            daily_budget=advised,
            expected=_tidy(rate * share * (1.0 + case.effect)),
            what="The plan's split and settings.",
        ),
    ]


def _nothing(case: _Case, window: Window) -> ABTest:
    return ABTest(
        verdict="nothing_to_test",
        words="The plan keeps nearly to today's split, so there is nothing to test it against.",
        metric=case.metric,
        expected_effect=_tidy(case.effect),
        start_date=window.start,
        end_date=window.end,
        weeks=max(math.ceil(window.days / _WEEK), 1),
        dispersion=_tidy(case.baseline.spread),
    )


def _words(test: ABTest, currency: str) -> str:
    what = metric_words(test.metric)
    effect = f"{test.expected_effect:+.1%} {what}".replace("-", "\N{MINUS SIGN}")
    weeks = counted(test.weeks, "week")
    usual = next(arm for arm in test.arms if arm.name == "usual")
    each = amount(usual.expected, test.metric, currency)
    held = (
        f"Holding {usual.share:.0%} of the budget at today's split for {weeks} gives up about "
        f"{amount(test.held_back, test.metric, currency)}."
        if test.held_back > 0
        else ""
    )
    if test.verdict == "ready":
        return (
            f"Beside today's split, the plan expects {effect}. A test with {1 - usual.share:.0%} of people and budget "
            f"for the plan and {usual.share:.0%} for today's split sees that within {weeks} ({test.power:.0%} of the "
            f"time; about {each} in the usual arm). {held}"
        ).strip()
    needed = f"about {counted(test.weeks_needed, 'week')}" if test.weeks_needed else "more than ten years"
    return (
        f"Too small to be told apart in the plan's dates: the plan expects {effect} beside today's split, and a test "
        f"of half against half sees {_seen(test.smallest_effect)} in {weeks}, with about {each} in each arm. To see "
        f"what is expected takes {needed}. {held} We would run the plan as a whole, and judge it by its ranges; test "
        "it where the proof is worth that price."
    ).replace("  ", " ")


def _seen(effect: float | None) -> str:
    if effect is None:
        return "nothing"
    return "nothing short of a doubling" if effect > 1 else f"a difference of {effect:.0%} or more"


def _rule(test: ABTest) -> str:
    by_region = any(way.method == "region_split" for way in test.ways)
    rows = (
        f"a row for each arm, region and day, with {test.metric} and {test.metric}_before (what the region brought in "
        "as long a time before)"
        if by_region
        else f"a row for each arm and day, with {test.metric}, cost and clicks"
    )
    first = min(_TWO_WEEKS, days_between(test.start_date, test.end_date))
    return (
        f"Read it as often as you like, from day {first} on: `marketmover experiment read RESULTS.csv --plan DIR`, "
        f"with {rows}. Its interval holds at every daily look, so stop as soon as it leaves out no difference, and "
        f"ship the arm that it favours. If that has not happened by {day(test.end_date)}, the difference is small: "
        "keep the arm that is likelier to be better. Meanwhile leave budgets, bids and ads alone in both arms."
    )


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")
