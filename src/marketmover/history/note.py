"""What of the history a plan rests on, in the plan's own form."""

from datetime import date
from typing import TYPE_CHECKING

from marketmover.history.describing import line_coverages
from marketmover.history.loading.daily import Cut
from marketmover.history.loading.panels import load_lines, load_panel
from marketmover.history.panel import Panel
from marketmover.history.tables import FLAGS, IMPORTS, QUARANTINE, count_rows, current, current_rows, ensure_tables
from marketmover.plans import HistoryNote

if TYPE_CHECKING:
    from marketmover.store import Lake


def history_note(lake: "Lake", as_of: date | None = None, *, panel: Panel | None = None) -> HistoryNote:
    """First and last day, rows of daily figures, lines, quarantined rows by reason, odd values and outliers flagged.

    Args:
        lake: Holds the history.
        as_of: The last day to see.
        panel: What `load_panel` gave for it, where it was loaded already; outliers are those of its lines.
    """
    ensure_tables(lake)
    daily = Cut(as_of).facts(lake, "daily")
    span = (
        daily.aggregate(first=daily.date.min(), last=daily.date.max(), rows=daily.count()).to_pyarrow().to_pylist()[0]
    )
    lines = line_coverages(load_panel(lake, as_of=as_of) if panel is None else panel)
    outliers = sum(len({outlier.date for outlier in line.outliers}) for line in lines)
    quarantine = current(lake, QUARANTINE)
    reasons = quarantine.group_by("reason").aggregate(rows=quarantine.count()).to_pyarrow().to_pylist()
    return HistoryNote(
        first_date=span["first"],
        last_date=span["last"],
        rows=span["rows"],
        lines=len(load_lines(lake, Cut(as_of))[0]),
        quarantined=sum(row["rows"] for row in reasons),
        quarantine_reasons={row["reason"]: row["rows"] for row in sorted(reasons, key=lambda row: row["reason"])},
        flagged=count_rows(current(lake, FLAGS)) + outliers,
    )


def day_named_today(lake: "Lake") -> date | None:
    """The day that the last import was told to take for today (`--as-of`); None where it took that of the calendar."""
    ensure_tables(lake)
    imports = current_rows(lake, IMPORTS)
    if not imports:
        return None
    last = max(imports, key=lambda row: row["import_id"])
    named: date = last["as_of"]
    return None if named == last["imported_at"].date() else named
