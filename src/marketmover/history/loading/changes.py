"""Changes of settings laid to budget lines."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from marketmover.history.changes import SettingChange
from marketmover.history.loading.change_rows import change_rows
from marketmover.history.panel import Panel

if TYPE_CHECKING:
    from marketmover.store import Lake

_OF_MONEY = ("budget", "amountmicros", "amount_micros", "status", "spend_cap")


def load_setting_changes(
    lake: "Lake", panel: Panel, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[SettingChange, ...]:
    """Changes of bidding and targeting of a panel's lines, oldest first; budgets and pauses are left out.

    Args:
        lake: Holds the history.
        panel: Its lines are those that are read of.
        as_of: The last day to see.
        known_at: See only what was imported up to this moment.
    """
    found: list[SettingChange] = []
    for row, line in change_rows(lake, panel, as_of, known_at):
        if not _of_money(row):
            before, after = (
                both_values(row["after"]) if row["platform"] == "meta_ads" else (row["before"], row["after"])
            )
            found.append(SettingChange(line.id, row["date"], row["what"], before, after))
    return tuple(sorted(found, key=lambda change: (change.date, change.line_id, change.what)))


def _of_money(row: Mapping[str, Any]) -> bool:
    named = f"{row['what']} {row['fields']}".lower()
    return any(word in named for word in _OF_MONEY)


def both_values(extra: str | None) -> tuple[str | None, str | None]:
    """Meta writes the old and the new value into one."""
    try:
        value = json.loads(extra) if extra else None
    except ValueError:
        return None, extra
    if not isinstance(value, dict):
        return None, extra
    return json.dumps(value.get("old_value")), json.dumps(value.get("new_value"))
