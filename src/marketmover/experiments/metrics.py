"""What is compared: a column, a column per another, or a metric by its usual name."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketmover.errors import InputError
from marketmover.kit import did_you_mean

PEOPLE = ("users", "visitors", "people", "units", "participants", "assigned")
"""Columns that count who was assigned to an arm, each once; the sample-ratio check needs one of them.

Visits and sessions are not among them: an arm may win more of them, which is no fault of the test.
"""
_RATIOS = {
    "cost_per_lead": ("cost", "leads"),
    "cost_per_qualified_lead": ("cost", "qualified_leads"),
    "cost_per_acquisition": ("cost", "conversions"),
    "cost_per_conversion": ("cost", "conversions"),
    "cost_per_sale": ("cost", "sales"),
    "cost_per_click": ("cost", "clicks"),
    "cpm": ("cost", "impressions"),
    "ctr": ("clicks", "impressions"),
    "conversion_rate": ("conversions", "clicks"),
    "roas": ("revenue", "cost"),
}
_USUAL = ("qualified_leads", "leads", "conversions", "orders", "sales", "installs", "revenue", "clicks")
_MONEY = {"cost", "revenue", "profit", "value", "spend"}
_SINGULAR = {"people": "person", "leads": "lead", "qualified_leads": "qualified lead", "cost": "unit of cost"}


@dataclass(frozen=True)
class Metric:
    """A metric: the sum of `numerator`, per `denominator` where there is one.

    Attributes:
        name: As it was asked for.
        numerator, denominator: Columns; without a denominator arms are compared by their share of the traffic.
        per_person: Whether the denominator counts who was assigned to an arm.
    """

    name: str
    numerator: str
    denominator: str | None = None
    per_person: bool = False

    @property
    def lower_is_better(self) -> bool:
        """Whether less of it is good: what money is paid for something."""
        return self.numerator in {"cost", "spend"}

    @property
    def in_money(self) -> bool:
        """Whether the numerator is an amount of money."""
        return self.numerator in _MONEY

    @property
    def words(self) -> str:
        """The metric within a sentence: `leads`, `cost per lead`, `orders per visitor`."""
        if self.denominator is None or self.per_person:
            return plain(self.numerator)
        return f"{plain(self.numerator)} per {one_of(self.denominator)}"

    @property
    def numerator_words(self) -> str:
        """What is summed, as the head of a column: `Orders`."""
        return plain(self.numerator).capitalize()

    def rate_words(self, *, of_units: bool) -> str:
        """What arms are compared by, as the head of a column: `Orders per visitor`."""
        if self.denominator is None:
            return f"{self.numerator_words} per unit" if of_units else "At all traffic, a day"
        return f"{self.numerator_words} per {one_of(self.denominator)}"


def resolve_metric(asked: str | None, columns: Sequence[str]) -> Metric:
    """The metric that was asked for, or the one that matters most among the columns.

    Args:
        asked: A column, `a/b`, a usual name such as `cost_per_lead`, or `None`.
        columns: Columns of numbers that the file has.

    Raises:
        InputError: A column is not there, or nothing can be compared.
    """
    people = next((name for name in PEOPLE if name in columns), None)
    if asked is None:
        return _usual(columns, people)
    name = asked.strip().lower()
    top, slash, bottom = (part.strip() for part in name.partition("/"))
    if not slash and name not in columns and name in _RATIOS:
        top, bottom = _RATIOS[name]
    for column in (top, *([bottom] if bottom else [])):
        if column not in columns:
            raise InputError(
                f"{asked!r} needs a column {column!r}, which the file does not have.", _hint(column, columns)
            )
    if bottom:
        return Metric(name, top, bottom, per_person=bottom in PEOPLE)
    return Metric(name, top, people if top != people else None, per_person=people is not None and top != people)


def plain(column: str) -> str:
    """A column's name in a sentence."""
    return column.replace("_", " ")


def one_of(column: str) -> str:
    """One of what a column counts: `lead` of `leads`."""
    if column in _SINGULAR:
        return _SINGULAR[column]
    words = plain(column)
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def _usual(columns: Sequence[str], people: str | None) -> Metric:
    found = next((name for name in _USUAL if name in columns), None)
    if found is None:
        left = [name for name in columns if name != people]
        if len(left) != 1:
            raise InputError(
                "It is not clear which column is to be compared.",
                f"Name it with --metric: {', '.join(left)}." if left else "The file has no column of results.",
            )
        found = left[0]
    return Metric(found, found, people, per_person=people is not None)


def _hint(column: str, columns: Sequence[str]) -> str:
    return did_you_mean(column, list(columns))
