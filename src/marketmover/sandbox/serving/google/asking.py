"""A query checked as Google checks it, and ready to be answered."""

from dataclasses import dataclass
from datetime import date, timedelta

from marketmover.sandbox.serving.google.fields import Field, check_beside, check_together, field_of, resource_of
from marketmover.sandbox.serving.google.filtering import Test, day_of, span_of, test_of
from marketmover.sandbox.serving.google.gaql import Condition, Query, parse
from marketmover.sandbox.serving.google.refusing import refused
from marketmover.sandbox.serving.google.resources import CORE_DATES, Resource

_CHANGE_DAYS, _CHANGE_ROWS = 30, 10_000
_OPEN = (date.min, date.max)


@dataclass(frozen=True)
class Asked:
    """What a query asks for.

    Attributes:
        resource: Its name in FROM.
        served: What the sandbox has of it.
        select: Fields in the order of the query.
        first, last: The days; `None` where no bound is set.
        standing: Conditions on attributes.
        split: Conditions on segments.
        after: Conditions on figures, once they are added up.
        order: Fields to sort by, and whether downwards.
        limit: At most so many rows.
    """

    resource: str
    served: Resource
    select: tuple[Field, ...]
    first: date | None
    last: date | None
    standing: tuple[Test, ...]
    split: tuple[Test, ...]
    after: tuple[Test, ...]
    order: tuple[tuple[Field, bool], ...]
    limit: int | None

    @property
    def segments(self) -> tuple[Field, ...]:
        """The segments that rows are split by."""
        return tuple(field for field in self.select if field.owner == "segments")

    @property
    def metrics(self) -> tuple[Field, ...]:
        """The figures that are selected."""
        return tuple(field for field in self.select if field.owner == "metrics")


def ask(version: str, text: str, today: date) -> Asked:
    """Read and check a query.

    Raises:
        GoogleRefusalError: Google (or the sandbox) does not answer it.
    """
    query = parse(text)
    served = resource_of(version, query.resource)
    select = tuple(_checked(version, name, query.resource, "SELECT") for name in query.select)
    where = [(_checked(version, one.field, query.resource, "WHERE"), one) for one in query.where]
    check_together([*select, *(field for field, _ in where)])
    _check_segments(select, where)
    first, last = _days(where, today)
    if query.resource == "change_event":
        first, last = _changes(query, where, today)
    elif any(field.owner == "segments" and field.leaf in CORE_DATES for field in select) and None in {first, last}:
        raise refused(
            "query_error", "EXPECTED_FILTERS_ON_DATE_RANGE",
            "Selected date segments require a filter on a finite range of segments.date.",
        )  # fmt: skip
    tests: dict[str, list[Test]] = {"metrics": [], "segments": [], "": []}
    for field, one in where:
        tests.get(field.owner, tests[""]).append(test_of(field, one, today))
    order = tuple((_ordering(version, name, query), down) for name, down in query.order)
    standing, split, after = (tuple(tests[owner]) for owner in ("", "segments", "metrics"))
    return Asked(query.resource, served, select, first, last, standing, split, after, order, query.limit)


def _checked(version: str, name: str, resource: str, clause: str) -> Field:
    field = field_of(version, name)
    check_beside(field, resource, clause)
    return field


def _check_segments(select: tuple[Field, ...], where: list[tuple[Field, Condition]]) -> None:
    chosen = {field.name for field in select}
    for field, _ in where:
        if field.owner == "segments" and field.name not in chosen and field.leaf not in CORE_DATES:
            raise refused(
                "query_error", "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
                f"The following field must be present in SELECT clause: '{field.name}'.",
            )  # fmt: skip


def _ordering(version: str, name: str, query: Query) -> Field:
    field = _checked(version, name, query.resource, "SELECT")
    if field.kind == "message" or field.repeated:
        raise refused("query_error", "PROHIBITED_FIELD_IN_ORDER_BY_CLAUSE", f"Cannot order by '{name}'.")
    if name not in query.select and field.owner != query.resource:
        raise refused(
            "query_error", "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
            f"The following field must be present in SELECT clause: '{name}'.",
        )  # fmt: skip
    return field


def _days(where: list[tuple[Field, Condition]], today: date) -> tuple[date | None, date | None]:
    """The days that conditions on `segments.date` leave."""
    low, high = _OPEN
    for field, one in where:
        if field.name == "segments.date":
            first, last = _span(one, today)
            low, high = max(low, first), min(high, last)
    if low > high and high != date.max:
        raise refused("query_error", "DATE_RANGE_TOO_NARROW", f"The date range {low} to {high} is empty.")
    return (None if low == date.min else low), (None if high == date.max else high)


def _span(one: Condition, today: date) -> tuple[date, date]:
    if one.operator == "DURING":
        return span_of(one.values[0], today)
    if one.operator not in {"=", "IN", "BETWEEN", ">=", ">", "<=", "<"}:
        words = f"Operator '{one.operator}' cannot be used with '{one.field}'."
        raise refused("query_error", "OPERATOR_FIELD_MISMATCH", words)
    days = [day_of(value) for value in one.values]
    if one.operator == "BETWEEN":
        return days[0], days[1]
    first, last = min(days), max(days)
    if one.operator.startswith(">"):
        return (first if one.operator == ">=" else _moved(first, 1)), date.max
    if one.operator.startswith("<"):
        return date.min, (last if one.operator == "<=" else _moved(last, -1))
    return first, last


def _moved(day: date, by: int) -> date:
    """A day earlier or later; the ends of time stay where they are."""
    return day if day in {date.min, date.max} else day + timedelta(by)


def _changes(query: Query, where: list[tuple[Field, Condition]], today: date) -> tuple[date, date]:
    """The days of a query of the change log, which Google keeps for 30 days and shows 10,000 rows at a time."""
    if query.limit is None:
        raise refused("change_event_error", "LIMIT_NOT_SPECIFIED", "A query of change_event must have a LIMIT.")
    if query.limit > _CHANGE_ROWS:
        raise refused("change_event_error", "INVALID_LIMIT_CLAUSE", "The LIMIT of change_event is at most 10,000.")
    low, high = _OPEN
    for field, one in where:
        if field.name == "change_event.change_date_time":
            cut = one._replace(values=tuple(value._replace(text=value.text[:10]) for value in one.values))
            cut = cut._replace(operator={">": ">=", "<": "<="}.get(one.operator, one.operator))
            first, last = _span(cut, today)
            low, high = max(low, first), min(high, last)
    if low == date.min or high == date.max:
        raise refused(
            "change_event_error", "CHANGE_DATE_RANGE_INFINITE",
            "A query of change_event must have a finite range of change_event.change_date_time.",
        )  # fmt: skip
    if low > high:
        raise refused("change_event_error", "CHANGE_DATE_RANGE_NEGATIVE", "The range of change_date_time is negative.")
    if low < today - timedelta(_CHANGE_DAYS):
        raise refused(
            "change_event_error", "START_DATE_TOO_OLD", f"The start date is more than {_CHANGE_DAYS} days before today."
        )
    return low, high
