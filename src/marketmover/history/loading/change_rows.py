"""The rows of the accounts' change logs, laid to budget lines: what readers of changes share."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from marketmover.history.loading.parts import Owners
from marketmover.history.panel import Line, Panel
from marketmover.history.tables import CHANGES, current_rows, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake


def change_rows(
    lake: "Lake", panel: Panel, as_of: date | None, known_at: datetime | None
) -> Iterator[tuple[dict[str, Any], Line]]:
    """Each dated change of a panel's lines up to a day, with its line.

    Args:
        lake: Holds the history.
        panel: Its lines are those that are read of.
        as_of: The last day to see; `None` for all.
        known_at: See only what was imported up to this moment; `None` for all.
    """
    ensure_tables(lake)
    owners = Owners(panel.lines)
    for row in current_rows(lake, CHANGES, known_at):
        place = owners.row_of(row["platform"], row["campaign_id"] or "", row["group_id"] or "")
        if place is not None and row["date"] is not None and (as_of is None or row["date"] <= as_of):
            yield row, panel.lines[place]
