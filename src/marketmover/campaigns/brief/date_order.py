"""How a text writes numeric dates: with the day first or the month first."""

import re

from marketmover.campaigns.brief.calendar import Span
from marketmover.campaigns.brief.document import Document

_DAY_FIRST_CURRENCIES = {
    "GBP",
    "EUR",
    "INR",
    "AUD",
    "NZD",
    "ZAR",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "BRL",
    "MXN",
    "SGD",
    "AED",
}


def numeric_order(text: str, countries: list[str], currencies: list[str]) -> tuple[str | None, bool]:
    """How numeric dates are written here (`dmy`, `mdy`, or unknown), and whether the text's own dates prove it."""
    numeric = [
        (int(one[1]), int(one[2]))
        for one in re.finditer(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:20)?\d{2}(?![\d/])", text)
    ]
    if any(a > 12 >= b for a, b in numeric):
        return "dmy", True
    if any(b > 12 >= a for a, b in numeric):
        return "mdy", True
    if re.search(r"\bdd[/.-]?mm", text):
        return "dmy", True
    if re.search(r"\bmm[/.-]?dd", text):
        return "mdy", True
    if re.search(r"(?<![\d/.-])\d{1,2}\.\d{1,2}\.20\d{2}", text):
        return "dmy", False
    named = set(countries)
    if named:
        return ("mdy" if "US" in named else "dmy") if len({code == "US" for code in named}) == 1 else None, False
    known = set(currencies)
    if known & _DAY_FIRST_CURRENCIES and "USD" not in known:
        return "dmy", False
    return None, False


def two_ways(document: Document, days: list[Span], order: str | None) -> str:
    """The warning of numeric dates that could be read with day and month the other way round."""
    texts = ", ".join(document.evidence(one.start, one.end) for one in days if one.ambiguous)
    how = {
        "dmy": "it was read with the day first",
        "mdy": "it was read with the month first",
        None: "the text names no country that would settle it, so it was left out",
    }[order]
    return f"{texts} can be read two ways; {how}"
