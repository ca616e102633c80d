"""Writes what watching found: alerts.json, and a page for people."""

import json
from pathlib import Path

from marketmover.charts import save_page
from marketmover.errors import UsageError
from marketmover.monitoring.watching import WatchReport


def deliver(found: WatchReport, out: Path, html: Path | None, table: Path | None = None) -> list[Path]:
    """Write the alerts, and the page and the table of daily figures where they are wanted; says where they lie.

    Raises:
        UsageError: A place is a folder.
        InputError: It cannot be written.
    """
    from marketmover.store import write_together

    for place in (out, html, table):
        if place is not None and place.is_dir():
            raise UsageError(f"{place} is a folder.", "Name the file to write.")
    text = json.dumps(found.to_json(), indent=1, ensure_ascii=False) + "\n"
    written = write_together(out.parent, {out.name: text}, "The alerts")
    if table is not None:
        from marketmover.monitoring.evidence import daily_csv

        rows = daily_csv(found.alerts, found.figures.panel.lines)
        written += write_together(table.parent, {table.name: rows}, "The daily figures")
    if html is not None:
        from marketmover.monitoring.page import render_page

        save_page(render_page(found), html)
        written = [*written, html]
    return written
