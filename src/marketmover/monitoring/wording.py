"""An alert in one plain sentence: what, since when, why, what it costs, what to do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from marketmover.history import Line
from marketmover.kit import counted

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert

PLATFORMS = {"google_ads": "Google Ads", "meta_ads": "Meta Ads"}
"""How people call the platforms."""

FIGURES = {
    "cpm": "a thousand impressions cost",
    "ctr": "the click rate is",
    "conversion_rate": "the conversion rate is",
    "cost": "it spends",
    "value": "a conversion is worth",
    "cost_per_lead": "a lead costs",
    "leads": "it brings",
}
"""How a metric's figure begins."""

FACTORS = {
    "spend": "What is spent",
    "cpm": "Price of impressions",
    "ctr": "Click rate",
    "conversion_rate": "Conversion rate",
    "value": "Value of an outcome",
}
"""The factors of a change."""

_RATES = ("ctr", "conversion_rate")
_NAMED = 2


def sentence(alert: "Alert", lines: Sequence[Line], currency: str) -> str:
    """The alert in a sentence or two."""
    found = f" ({alert.cause.found[0]['words']})" if alert.cause.found else ""
    end = f"; over since {alert.resolved_on}" if alert.resolved_on else ""
    what = f"{who(alert, lines)}: {_what(alert, currency)} since {alert.since}{found}{end}."
    cost = _cost(alert, currency)
    todo = f" To do: {alert.recommendations[0].reason}." if alert.recommendations and not alert.resolved_on else ""
    return f"{what}{cost}{todo}"


def who(alert: "Alert", lines: Sequence[Line]) -> str:
    """Whom it is about."""
    names = [line.name or line.id for line in lines]
    platform = PLATFORMS.get(alert.platform, alert.platform)
    if len(names) <= _NAMED:
        return f"{' and '.join(names)} ({platform})"
    return f"{counted(len(names), 'line')} of {platform}"


def figure(metric: str, value: float, currency: str) -> str:
    """A figure of a metric as people read it."""
    if metric in _RATES:
        return f"{value:.2%}"
    if metric in {"impressions", "conversions", "leads", "clicks"}:
        return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:.1f}"
    return f"{value:,.2f} {currency}"


def _what(alert: "Alert", currency: str) -> str:
    seen, due = (figure(alert.metric, value, currency) for value in (alert.observed, alert.expected.mid))
    if alert.kind == "delivery":
        return f"it does not show ({seen} impressions a day instead of {due})"
    if alert.kind == "tracking":
        return f"conversions are not counted ({seen} a day instead of {due})"
    if alert.kind == "pacing":
        return f"it spends {seen} a day instead of {due}"
    noun = f" {alert.metric.replace('_', ' ')}" if FIGURES.get(alert.metric) == FIGURES["leads"] else ""
    return f"{FIGURES.get(alert.metric, alert.metric)} {seen}{noun} instead of {due}"


def _cost(alert: "Alert", currency: str) -> str:
    if alert.resolved_on:
        return f" It cost {alert.money_lost:,.0f} {currency}." if alert.money_lost > 0 else ""
    if alert.money_at_risk <= 0:
        return ""
    return f" {alert.money_at_risk:,.0f} {currency} are at risk."
