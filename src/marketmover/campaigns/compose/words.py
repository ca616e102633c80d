"""Figures as a person says them: money, counts, the price of one more, changes."""

from collections.abc import Iterable
from datetime import date

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
    """A sum as people write it in the currency, `$1,234`; cents only where the sum is small."""
    from marketmover.charts import Formats

    return Formats(currency=currency).money(amount)


def day(value: date) -> str:
    """A day as every reader of English understands it: `5 January 2026`."""
    from babel.dates import format_date

    return format_date(value, "d MMMM y", locale="en")


def count(value: float) -> str:
    """A count without decimals unless it is small: `612`, `3.4`."""
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:,.1f}".removesuffix(".0")


def amount(value: float, metric: str, currency: str) -> str:
    """So much of a metric: `12 qualified leads`, `1 lead`, `$340 of revenue`."""
    if metric in _MONEY:
        return f"{money(value, currency)} of {metric_words(metric)}"
    written = count(value)
    return f"{written} {one_of(metric) if written == '1' else metric_words(metric)}"


def listed(names: Iterable[str], most: int = 4) -> str:
    """`A, B and C`, cut to `most` names with the number of the others."""
    items = list(names)
    if len(items) > most:
        items = [*items[:most], f"{len(items) - most} more"]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def one_of(metric: str) -> str:
    """A metric in the singular: `lead` of `leads`; revenue is counted by the unit of money."""
    return _SINGULAR.get(metric, "unit of money" if metric in _MONEY else metric_words(metric))


def quoted(name: str) -> str:
    """A name in quotation marks."""
    return f"“{name}”"


def prices_compared(metric: str, here: float, across: float, currency: str) -> str:
    """What one more outcome costs on a line and across the plan: `one more lead costs about 31 USD here, 44 USD ...`.

    Args:
        metric: What is bought.
        here: Expected `metric` for one further unit of money on the line.
        across: The same across the plan.
        currency: ISO 4217.
    """
    if here <= 0:
        return f"more money brings no more {metric_words(metric)} here"
    if metric in _MONEY:
        what = f"each further 100 {currency} bring"
        prices = [_finely(100 * max(rate, 0.0), currency) for rate in (here, across)]
        return f"{what} {prices[0]} of {metric_words(metric)} here and {prices[1]} across the plan"
    many = 1 if metric in _SINGULAR else 1000
    what = f"one more {_SINGULAR[metric]} costs" if many == 1 else f"a thousand more {metric_words(metric)} cost"
    compared = f" and about {money(many / across, currency)} across the plan" if across > 0 else ""
    return f"{what} about {money(many / here, currency)} here{compared}"


def next_one(metric: str, price: float, currency: str) -> str:
    """What the next outcome costs: `the next lead costs about $80`; of revenue, what the next money brings back."""
    if metric in _MONEY:
        return f"each further 100 {currency} bring back about {_finely(100 / max(price, 1e-9), currency)}"
    if metric in _SINGULAR:
        return f"the next {_SINGULAR[metric]} costs about {money(price, currency)}"
    return f"the next thousand {metric_words(metric)} cost about {money(1000 * price, currency)}"


def _finely(amount: float, currency: str) -> str:
    """A sum that keeps its decimals where it is small, also in currencies without any."""
    from marketmover.charts import Formats

    return Formats(currency=currency).per_unit(amount) if amount < 10 else money(amount, currency)


def change(now: float, then: float) -> str:
    """What becomes of a line's money, in words: `Gets more`, `Gets less`, `As today`, `No money`."""
    if then <= 0:
        return "No money"
    if abs(then - now) < 0.02 * now:
        return "As today"
    return "Gets more" if then > now else "Gets less"
