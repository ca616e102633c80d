"""The parameter `filtering` of edges and insights. Source: Marketing API, Insights parameters (`filtering`)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from marketmover.sandbox.serving.meta.calls import Call
from marketmover.sandbox.serving.meta.refusing import plain


class Condition(NamedTuple):
    """A field, an operator and a value that rows are held against."""

    field: str
    operator: str
    value: Any


def _listed(value: Any) -> list[str]:
    return [str(item) for item in cast("list[Any]", value)] if isinstance(value, list) else [str(value)]


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": lambda found, value: str(found) == str(value),
    "NOT_EQUAL": lambda found, value: str(found) != str(value),
    "CONTAIN": lambda found, value: str(value) in str(found),
    "NOT_CONTAIN": lambda found, value: str(value) not in str(found),
    "IN": lambda found, value: str(found) in _listed(value),
    "NOT_IN": lambda found, value: str(found) not in _listed(value),
    "GREATER_THAN": lambda found, value: float(found) > float(value),
    "LESS_THAN": lambda found, value: float(found) < float(value),
}


def read_filtering(call: Call) -> tuple[Condition, ...]:
    """The conditions of a call.

    Raises:
        GraphError: One is not written as it must be, or its operator is not known.
    """
    found: list[Condition] = []
    for entry in call.listed("filtering"):
        if not isinstance(entry, Mapping):
            raise plain("Param filtering must be an array of {field, operator, value}")
        one = cast("Mapping[str, Any]", entry)
        condition = Condition(str(one.get("field", "")), str(one.get("operator", "")), one.get("value"))
        if condition.operator not in _OPERATORS or not condition.field:
            raise plain(f"Filtering operator must be one of {', '.join(_OPERATORS)}, with a field")
        found.append(condition)
    return tuple(found)


def passes(row: Mapping[str, Any], conditions: Sequence[Condition]) -> bool:
    """Whether a row meets all conditions; one on a field that the row does not have is not met.

    Fields of objects above are written with a dot: `campaign.id` is a row's `campaign_id`.
    """
    for field, operator, value in conditions:
        found = row.get(field, row.get(field.replace(".", "_")))
        if found is None or not _OPERATORS[operator](found, value):
            return False
    return True
