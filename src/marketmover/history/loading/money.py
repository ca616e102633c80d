"""Changes of budgets and of what runs, laid to budget lines."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from marketmover.history.changes import MoneyChange
from marketmover.history.intake.values import minor_units, number
from marketmover.history.loading.change_rows import change_rows
from marketmover.history.panel import Panel

if TYPE_CHECKING:
    from marketmover.store import Lake

_MICROS = ("amountmicros", "amount_micros")
_ON = ("enabled", "active")


def load_money_changes(
    lake: "Lake", panel: Panel, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[MoneyChange, ...]:
    """Changes of daily budgets and pauses of a panel's lines, oldest first.

    Args:
        lake: Holds the history.
        panel: Its lines are those that are read of.
        as_of: The last day to see.
        known_at: See only what was imported up to this moment.
    """
    found: list[tuple[str, MoneyChange]] = []
    for row, line in change_rows(lake, panel, as_of, known_at):
        kind = money_kind(row)
        if kind is not None:
            before, after = money_values(row, kind, panel.currency)
            found.append((row["changed_at"], MoneyChange(line.id, row["date"], kind, before, after)))
    return tuple(change for _, change in sorted(found, key=lambda pair: (pair[1].date, pair[0], pair[1].line_id)))


def money_kind(row: Mapping[str, Any]) -> Literal["budget", "status"] | None:
    """Whether a row of the change log is of a budget, or of what runs; `None` for neither."""
    named = f"{row['what']} {row['fields']}".lower()
    if "budget" in named or any(word in named for word in _MICROS):
        return "budget"
    return "status" if "status" in named else None


def money_values(row: Mapping[str, Any], kind: str, currency: str) -> tuple[float | None, float | None]:
    """What stood before and after: a daily budget in account currency, or 1 where it ran and 0 where not."""
    if row["platform"] == "meta_ads":
        extra = read_object(row["after"])
        sides = (extra.get("old_value"), extra.get("new_value"))
    else:
        sides = (read_object(row["before"]), read_object(row["after"]))
    if kind == "status":
        before, after = (_runs(side) for side in sides)
        return before, after
    before, after = (_amount(side, currency) for side in sides)
    return before, after


def read_object(text: str | None) -> dict[str, Any]:
    """A text as the JSON object that it is; empty where it is none."""
    try:
        read: Any = json.loads(text) if text else {}
    except ValueError:
        return {}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {}


def _amount(side: Any, currency: str) -> float | None:
    """A daily budget: Google's in micros, Meta's in minor units, as a number or beside its currency."""
    for name, value in _leaves(side):
        if name.lower() in _MICROS:
            read = number(value)
            return None if read is None else read / 1_000_000
        if name in {"", "old_value", "new_value", "value"} and number(value) is not None:
            return minor_units(value, currency)
    return None


def _runs(side: Any) -> float | None:
    words = [str(value).lower() for _, value in _leaves(side)]
    return float(any(word in _ON for word in words)) if words else None


def _leaves(side: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(side, dict):
        for key, value in cast("dict[str, Any]", side).items():
            yield from _leaves(value, key)
    elif side is not None:
        yield name, side
