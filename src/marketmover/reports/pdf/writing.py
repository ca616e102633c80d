"""Figures as the memo writes them."""

from marketmover.charts import Formats, or_dash
from marketmover.plans import Range

_MONEY = ("cost", "revenue", "profit")


def span_of(value: Range | None, metric: str | None, formats: Formats) -> str:
    """A range in words: money, a ratio, per cent, or a count, whole from one on."""
    if value is None or metric is None:
        return or_dash(None, str)
    if metric.startswith(_MONEY):
        return formats.between(value.low, value.high, formats.money)
    if metric == "roas":
        return formats.between(value.low, value.high, formats.per_unit)
    if metric == "ctr":
        return formats.between(value.low, value.high, lambda part: f"{formats.ratio(part)}%")
    return formats.between(value.low, value.high, lambda part: formats.count(round(part) if part >= 1 else part))
