"""What could go wrong, what to stop first, and what would change the advice."""

import math
from datetime import date, timedelta

from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.window import Window
from marketmover.campaigns.compose.words import count, listed, metric_words, money, quoted
from marketmover.kit import counted, from_cents, plural
from marketmover.plans import HistoryNote, PlanLine

_MUCH = 0.15
_ORDINARY = "Prices and demand can move within the plan's dates: the ranges hold four times in five, not always."
_ENOUGH_OUTCOMES = 10
_WORTH_WATCHING = 0.03
_HOPELESSLY_WIDE = 3.0
_NEARLY_ALL = 0.95
_COSTS = {
    "leads": "cost_per_lead",
    "qualified_leads": "cost_per_qualified_lead",
    "conversions": "cost_per_acquisition",
}


def risks(advice: Advice, lines: list[PlanLine], note: HistoryNote, days: int, currency: str) -> list[str]:
    """What could go wrong, in words, the weightiest first."""
    total = sum(line.budget for line in lines) or 1.0
    said = [
        _thin_evidence(advice, lines, total),
        _beyond_the_past(advice, lines, total, days),
        _concentration(lines, total),
        _wide_total(advice, currency),
        _doubtful_rows(note),
    ]
    return [sentence for sentence in said if sentence] or [_ORDINARY]


def _thin_evidence(advice: Advice, lines: list[PlanLine], total: float) -> str:
    thin = [line for line in lines if advice.summaries[line.id].certainty in ("uncertain", "hardly known")]
    share = sum(line.budget for line in thin) / total
    if share < _MUCH:
        return ""
    names = listed([quoted(line.name) for line in sorted(thin, key=lambda line: -line.budget)], most=2)
    return f"{share:.0%} of the budget stands on lines that the history says little of: {names}."


def _beyond_the_past(advice: Advice, lines: list[PlanLine], total: float, days: int) -> str:
    beyond = [line for line in lines if 0 < advice.summaries[line.id].highest_daily_spend < line.budget / days / 1.25]
    if not beyond:
        return ""
    names = listed([quoted(line.name) for line in sorted(beyond, key=lambda line: -line.budget)], most=2)
    share = sum(line.budget for line in beyond) / total
    return (
        f"{names} would spend more a day than ever before ({share:.0%} of the budget): returns may fall sooner "
        "than the curves say."
    )


def _concentration(lines: list[PlanLine], total: float) -> str:
    first = max(lines, key=lambda line: line.budget)
    share = first.budget / total
    if share < 0.4 or len(lines) < 3:
        return ""
    return (
        f"{share:.0%} of the budget stands on one line, {quoted(first.name)}: a trouble there is a trouble of the plan."
    )


def _wide_total(advice: Advice, currency: str) -> str:
    total = advice.expected.total[advice.metric]
    if total.mid <= 0 or (total.high - total.low) / total.mid < 0.5:
        return ""
    low, high = (
        money(value, currency) if advice.metric == "revenue" else count(value) for value in (total.low, total.high)
    )
    return (
        f"The range of the expected {metric_words(advice.metric)} is wide, {low} to {high}: decide on the low figure."
    )


def _doubtful_rows(note: HistoryNote) -> str:
    if not note.flagged and not note.quarantined:
        return ""
    flagged, unused = counted(note.flagged, "value"), counted(note.quarantined, "row")
    were = plural(note.flagged, "was", "were")
    return f"{flagged} of the history {were} flagged as unusual and {unused} could not be used."


def stop_first(advice: Advice, lines: list[PlanLine], currency: str, window: Window) -> list[tuple[date, str]]:
    """Which lines to stop first, when, and at what figure: those whose money is the least sure to come back."""
    metric = _COSTS.get(advice.metric)
    if metric is None:
        return []
    total = sum(line.budget for line in lines)
    open_lines = [line for line in lines if line.budget >= _WORTH_WATCHING * total and metric in line.expected]
    weakest = sorted(open_lines, key=lambda line: -line.expected[metric].high)[:3]
    return [_stop_rule(line, advice.metric, metric, currency, window) for line in weakest]


def _stop_rule(line: PlanLine, outcome: str, metric: str, currency: str, window: Window) -> tuple[date, str]:
    expected, days = line.expected[metric], window.days
    a_day = line.expected[outcome].mid / days
    wait = min(days, max(7, math.ceil(_ENOUGH_OUTCOMES / a_day) if a_day > 0 else days))
    day, after = window.start + timedelta(days=wait), counted(wait, "day")
    if expected.high > _HOPELESSLY_WIDE * expected.mid:
        twice = money(2 * expected.mid, currency)
        named = quoted(line.name)
        return day, f"{named}, if after {after} its {metric_words(metric)} is above {twice}, twice what is expected."
    return day, (
        f"{quoted(line.name)}, if after {after} its {metric_words(metric)} is above "
        f"{money(expected.high, currency)} (the plan expects {money(expected.mid, currency)})."
    )


def would_change_it(advice: Advice, lines: list[PlanLine]) -> list[str]:
    """What would have to turn out otherwise for today's split to be as good, in words."""
    gain = advice.comparison.difference.mid
    if gain <= 0:
        return ["Today's split is as good as anything found: newer or longer exports could change that."]
    names = {line.id: quoted(line.name) for line in lines}
    falls = sorted((fall, line) for line in names if (fall := _break_even(advice, line, gain)) is not None)
    said = [
        f"If {names[line]} brought {_less(fall)} expected, today's split would be as good." for fall, line in falls[:3]
    ]
    return said or ["No single line decides: even without the best of the moves the advised split stays ahead."]


def _less(fall: float) -> str:
    return f"{fall:.0%} less than" if fall < _NEARLY_ALL else "next to nothing of what is"


def _break_even(advice: Advice, line: str, gain: float) -> float | None:
    """The share of a line's expected outcome that would have to be missing for the gain to be gone."""
    advised = _mid(advice, line, advice.split[line])
    today = _mid(advice, line, advice.today.cents[line])
    if advised <= today or gain >= advised - today:
        return None
    return gain / (advised - today)


def _mid(advice: Advice, line: str, cents: int) -> float:
    import numpy as np

    return float(advice.response.curve(line, advice.metric, np.array([from_cents(cents)]))[1][0])
