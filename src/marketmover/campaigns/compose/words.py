"""Figures as a person says them: money, counts, the price of one more, changes."""

from collections.abc import Iterable

_SINGULAR = {
    "leads": "lead",
    "qualified_leads": "qualified lead",
    "conversions": "conversion",
    "sales": "sale",
    "clicks": "click",
    "installs": "install",
}
_MONEY = {"revenue", "profit"}


def metric_words(metric: str) -> str:
    """A metric as a person says it: `qualified_leads` is `qualified leads`."""
    return metric.replace("_", " ")


def money(amount: float, currency: str) -> str:
    """`1,234 USD`; cents only where the sum is small."""
    return f"{amount:,.0f} {currency}" if abs(amount) >= 100 else f"{amount:,.2f} {currency}"


def count(value: float) -> str:
    """A count without decimals unless it is small: `612`, `3.4`."""
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:,.1f}".removesuffix(".0")


def listed(names: Iterable[str], most: int = 4) -> str:
    """`A, B and C`, cut to `most` names with the number of the others."""
    items = list(names)
    if len(items) > most:
        items = [*items[:most], f"{len(items) - most} more"]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def quoted(name: str) -> str:
    """A name in quotation marks."""
    return f"“{name}”"


def price_of_one_more(metric: str, per_unit: float, currency: str) -> str:
    """What a further unit of money buys, turned so that a person can compare it.

    Args:
        metric: What is bought.
        per_unit: Expected `metric` for one further unit of money.
        currency: ISO 4217.
    """
    if per_unit <= 0:
        return f"more money brings no more {metric_words(metric)}"
    if metric in _MONEY:
        return f"each further 100 {currency} bring {money(100 * per_unit, currency)} of {metric_words(metric)}"
    if metric in _SINGULAR:
        return f"one more {_SINGULAR[metric]} costs about {money(1 / per_unit, currency)}"
    return f"a thousand more {metric_words(metric)} cost about {money(1000 / per_unit, currency)}"


def change(now: float, then: float) -> str:
    """`+31%`, `-40%`, `as today`, `new money`."""
    if now <= 0:
        return "new money" if then > 0 else "as today"
    share = then / now - 1
    return "as today" if abs(share) < 0.02 else f"{share:+.0%}".replace("-", "−")
