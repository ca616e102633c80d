"""The conditions of a query: typed by their fields, and held against rows."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from marketmover.sandbox.serving.google.fields import Field
from marketmover.sandbox.serving.google.gaql import Condition, Value
from marketmover.sandbox.serving.google.refusing import GoogleRefusalError, refused

Row = Mapping[str, Any]
Test = Callable[[Row], bool]

_ORDERED = {">", ">=", "<", "<=", "BETWEEN"}
_TEXT = {"LIKE", "NOT LIKE", "REGEXP_MATCH", "NOT REGEXP_MATCH"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPANS: dict[str, Callable[[date], tuple[date, date]]] = {
    "TODAY": lambda day: (day, day),
    "YESTERDAY": lambda day: (day - timedelta(1), day - timedelta(1)),
    "LAST_7_DAYS": lambda day: (day - timedelta(7), day - timedelta(1)),
    "LAST_14_DAYS": lambda day: (day - timedelta(14), day - timedelta(1)),
    "LAST_30_DAYS": lambda day: (day - timedelta(30), day - timedelta(1)),
    "THIS_MONTH": lambda day: (day.replace(day=1), day),
    "LAST_MONTH": lambda day: (
        (day.replace(day=1) - timedelta(1)).replace(day=1), day.replace(day=1) - timedelta(1)
    ),
}  # fmt: skip


def value_of(row: Row, path: tuple[str, ...]) -> Any:
    """What stands at a path of a row; `None` where nothing does."""
    here: Any = row
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None  # a Mapping in general is ten times as slow
    return here


def sortable(field: Field, row: Row) -> tuple[bool, Any]:
    """A row's value by which to sort; rows without any first."""
    found = _typed(field, value_of(row, field.path))
    return (found is not None, found if found is not None else 0)


def test_of(field: Field, condition: Condition, today: date) -> Test:
    """Whether a row meets a condition.

    Raises:
        GoogleRefusalError: The operator does not go with the field, or a value with its type.
    """
    operator = condition.operator
    if operator in {"IS NULL", "IS NOT NULL"}:
        return lambda row: (value_of(row, field.path) is None) == (operator == "IS NULL")
    _check_operator(field, operator)
    if operator == "DURING":
        first, last = span_of(condition.values[0], today)
        return lambda row: first.isoformat() <= str(value_of(row, field.path) or "") <= last.isoformat()
    wanted = [_wanted(field, value) for value in condition.values]
    if field.repeated:
        return _of_lists(field, operator, wanted)
    test = _comparing(operator, wanted)
    return lambda row: test(_typed(field, value_of(row, field.path)))


def span_of(value: Value, today: date) -> tuple[date, date]:
    """The days of a function such as LAST_7_DAYS."""
    if value.text not in _SPANS:
        raise refused("query_error", "INVALID_VALUE_WITH_DURING_OPERATOR", f"Invalid date range '{value.text}'.")
    return _SPANS[value.text](today)


def day_of(value: Value) -> date:
    """A day in a query."""
    wrong = refused("query_error", "INVALID_DATE_FORMAT", f"Invalid date '{value.text}'.")
    if not _DAY.fullmatch(value.text):
        raise wrong
    try:
        return date.fromisoformat(value.text)
    except ValueError as error:
        raise wrong from error


def _check_operator(field: Field, operator: str) -> None:
    listed = operator.startswith("CONTAINS")
    wrong = (
        listed != field.repeated
        or field.kind == "message"
        or (operator in _TEXT and field.kind != "string")
        or (operator in _ORDERED and field.kind in {"enum", "bool"})
        or (operator == "DURING" and field.name != "segments.date")
    )
    if wrong:
        raise refused(
            "query_error", "OPERATOR_FIELD_MISMATCH", f"Operator '{operator}' cannot be used with field '{field.name}'."
        )


def _wanted(field: Field, value: Value) -> Any:
    """A value of the query as the field's type has it; an id may stand in quotes."""
    if field.name == "segments.date":
        return day_of(value).isoformat()
    if field.kind == "enum":
        if value.text not in field.enum:
            raise _bad("BAD_ENUM_CONSTANT", f"Invalid enum value cannot be included in WHERE clause: '{value.text}'.")
        return value.text
    if field.kind == "number":
        try:
            return float(value.text) if "." in value.text else int(value.text)
        except ValueError as error:
            raise _bad("BAD_NUMBER", f"'{field.name}' is a number, not '{value.text}'.") from error
    if field.kind == "bool":
        if value.text.lower() not in {"true", "false"}:
            raise _bad("BAD_VALUE", f"'{field.name}' is true or false, not '{value.text}'.")
        return value.text.lower() == "true"
    if value.kind != "string":
        raise _bad("BAD_VALUE", f"'{field.name}' holds a string: put '{value.text}' in quotes.")
    return value.text


def _bad(code: str, words: str) -> GoogleRefusalError:
    return refused("query_error", code, words)


def _typed(field: Field, found: Any) -> Any:
    """A value of a row as the field's type has it; unset booleans are false, unset numbers in figures 0."""
    if found is None:
        return {"bool": False, "enum": "UNSPECIFIED"}.get(field.kind, 0 if field.owner == "metrics" else None)
    return (float(found) if "." in str(found) else int(found)) if field.kind == "number" else found


def _comparing(operator: str, wanted: list[Any]) -> Callable[[Any], bool]:
    if operator in {"IN", "NOT IN"}:
        return lambda found: (found in wanted) == (operator == "IN")
    if operator == "BETWEEN":
        return lambda found: found is not None and wanted[0] <= found <= wanted[1]
    only = wanted[0]
    if operator in _TEXT:
        pattern = _like(only) if operator.endswith("LIKE") else _regular(only)
        return lambda found: (pattern.fullmatch(found or "") is not None) != operator.startswith("NOT")
    if operator in {"=", "!="}:
        return lambda found: (found == only) == (operator == "=")
    return {
        ">": lambda found: found is not None and found > only,
        ">=": lambda found: found is not None and found >= only,
        "<": lambda found: found is not None and found < only,
        "<=": lambda found: found is not None and found <= only,
    }[operator]


def _of_lists(field: Field, operator: str, wanted: list[Any]) -> Test:
    chosen = set(wanted)

    def test(row: Row) -> bool:
        found = set(value_of(row, field.path) or ())
        if operator == "CONTAINS ALL":
            return chosen <= found
        return bool(chosen & found) == (operator == "CONTAINS ANY")

    return test


def _like(text: str) -> re.Pattern[str]:
    """LIKE knows % and _, a sign in brackets stands for itself, and capitals do not matter."""
    parts = re.findall(r"\[.\]|.", text, re.DOTALL)
    plain = {"%": ".*", "_": "."}
    pattern = (plain.get(part) or re.escape(part[1] if len(part) == 3 else part) for part in parts)
    return re.compile("".join(pattern), re.IGNORECASE | re.DOTALL)


def _regular(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise refused("query_error", "BAD_VALUE", f"'{text}' is no regular expression: {error}.") from error
