"""An alert in one plain sentence: what, since when, why, what it costs, what to do."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from marketmover.history import Line
from marketmover.kit import counted
from marketmover.monitoring.lines.days import spoken
from marketmover.plans import PLATFORM_NAMES

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert

FACTORS = {
    "spend": "What is spent",
    "cpm": "Price of impressions",
    "ctr": "Click rate",
    "conversion_rate": "Conversion rate",
    "value": "Value of an outcome",
}
"""The factors of a change."""

_RATES, _MONEY = ("ctr", "conversion_rate"), ("cpm", "value")
_NAMED, _CAUSES = 2, 2
_SMALL = 10.0


def sentence(alert: "Alert", lines: Sequence[Line], currency: str) -> str:
    """What has happened since when, why, what it costs, and what to do: in this order, in plain sentences."""
    end = f" It was over by {spoken(_day(alert.resolved_on))}." if alert.resolved_on else ""
    todo = f" What to do: {alert.recommendations[0].reason}." if alert.recommendations and not alert.resolved_on else ""
    parts = f"{end} {why(alert)}".rstrip() + f" {cost(alert, currency)}".rstrip() + todo
    return f"{who(alert, lines)}: {what(alert, currency)}.{parts}"


def why(alert: "Alert") -> str:
    """The likeliest causes in sentences; empty where none was found."""
    return " ".join(f"{one['words'][0].upper()}{one['words'][1:]}." for one in alert.cause.found[:_CAUSES])


def headline(alert: "Alert") -> str:
    """The trouble in one line, as the subject of a mail: who, and what is wrong."""
    if alert.kind == "underperforming":
        goal = alert.metric.replace("_", " ")
        return f"{alert.who} will miss {'the goal' if is_of_all(alert) else 'the plan'}: {goal}"
    if alert.kind == "tracking":
        return f"{alert.who}: conversions are not counted"
    said = _HEADLINES.get((alert.metric, alert.direction))
    return f"{alert.who}: {said or alert.metric.replace('_', ' ')}"


_HEADLINES = {
    ("cost", "up"): "more is spent than planned",
    ("cost", "down"): "less is spent than planned",
    ("impressions", "down"): "hardly shown any more",
    ("conversions", "down"): "conversions are not counted",
    ("cpm", "up"): "impressions cost more",
    ("cpm", "down"): "impressions cost less",
    ("ctr", "up"): "more people click",
    ("ctr", "down"): "fewer people click",
    ("conversion_rate", "up"): "more clicks become a result",
    ("conversion_rate", "down"): "fewer clicks become a result",
    ("value", "up"): "a result is worth more",
    ("value", "down"): "a result is worth less",
}


def who(alert: "Alert", lines: Sequence[Line]) -> str:
    """Whom it is about."""
    if is_of_all(alert):
        return "All lines together"
    names = [line.name or line.id for line in lines]
    platform = PLATFORM_NAMES.get(alert.platform, alert.platform)
    if len(names) <= _NAMED:
        return f"{' and '.join(names)} ({platform})"
    return f"{counted(len(names), 'line')} of {platform}"


def is_of_all(alert: "Alert") -> bool:
    """Whether it is a goal's, which is for all lines together; its lines are those that miss it most."""
    return alert.kind == "underperforming" and alert.expected.low == alert.expected.high


def figure(metric: str, value: float, currency: str) -> str:
    """A figure of a metric as people read it."""
    if metric in _RATES:
        return f"{value:.2%}"
    if metric.startswith("cost") or metric in _MONEY:
        return f"{value:,.{_decimals(value, currency)}f} {currency}"
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:.1f}"


def _decimals(value: float, currency: str) -> int:
    """As many as the currency has; one of a small figure of a currency that has none."""
    from babel.numbers import get_currency_precision

    digits = get_currency_precision(currency)
    return max(digits, 1) if value < _SMALL else digits


def what(alert: "Alert", currency: str) -> str:
    """What has happened since when, without a full stop."""
    seen, due = (figure(alert.metric, value, currency) for value in (alert.observed, alert.expected.mid))
    begun, many = spoken(_day(alert.since)), len(alert.line_ids) > 1
    where = " on the largest" if many else ""
    since = f"since {begun}" if alert.resolved_on is None else f"from {begun} on"
    if alert.kind == "underperforming":
        return _behind(alert.metric, seen, due, "they" if is_of_all(alert) else "it")
    if alert.kind == "pacing":
        more = "more" if alert.direction == "up" else "less"
        return (
            f"{since} {'they spend' if many else 'it spends'} {more} than planned, {seen} a day instead of {due}{where}"
        )
    begin, a_day = _BEGINS[alert.metric]
    begin = begin.replace("it is", "they are").replace("its", "their") if many else begin
    return f"{since} {begin} {seen}{a_day} instead of about {due}{a_day}{where}"


_BEGINS = {
    "impressions": ("it is hardly shown:", " impressions a day"),
    "conversions": ("its conversions are not counted:", " a day"),
    "cpm": ("a thousand impressions cost", ""),
    "ctr": ("the share of impressions that people click on is", ""),
    "conversion_rate": ("the share of clicks that become a result is", ""),
    "value": ("a conversion is worth", ""),
}


def _behind(metric: str, seen: str, asked: str, who: str) -> str:
    noun = metric.removeprefix("cost_per_").replace("_", " ")
    if metric.startswith("cost_per_"):
        return f"at this rate a {noun} will cost {seen} by the end, where at most {asked} was asked for"
    return f"at this rate {who} will bring {seen} {noun} by the end instead of {asked}"


def cost(alert: "Alert", currency: str) -> str:
    """What it has cost and may cost yet, in a sentence; empty for nothing."""
    lost = f"{alert.money_lost:,.0f} {currency}"
    if alert.resolved_on:
        return f"It cost {lost}." if alert.money_lost > 0 else ""
    if alert.money_at_risk <= 0:
        return ""
    so_far = f"It has cost {lost} so far;" if alert.money_lost > 0 else ""
    risk = f"{alert.money_at_risk:,.0f} {currency}"
    return f"{so_far} {risk} {'more ' if so_far else ''}are at risk.".strip()


def _day(day: str) -> date:
    return date.fromisoformat(day)
