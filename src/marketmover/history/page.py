"""The history as a page of its own: charts and tables, light and dark, no script and no network."""

from importlib.resources import files
from typing import TYPE_CHECKING

from marketmover.history.page_parts import (
    actions_table,
    correlation_chart,
    coverage_chart,
    daily_chart,
    facts,
    lines_table,
    set_aside_tables,
)
from marketmover.kit import plural

if TYPE_CHECKING:
    from markupsafe import Markup

    from marketmover.charts import Formats
    from marketmover.history.report import HistoryReport


def render_page(report: "HistoryReport") -> str:
    """The page's text; the same report gives the same text."""
    from marketmover.charts import Formats, page, tag

    formats = Formats(report.currency)
    styles = files("marketmover.history").joinpath("page.css").read_text(encoding="utf-8")
    body = tag("main", *_head(report, formats), *_sections(report, formats), class_="history")
    return page(
        "Campaign history",
        body,
        simulated=report.simulated,
        description="What the campaign history holds, what is missing in it, and what was set aside.",
        styles=styles,
    )


def _head(report: "HistoryReport", formats: "Formats") -> list["Markup"]:
    from marketmover.charts import tag

    if report.first_date is None or report.last_date is None:
        return [tag("h1", "The history holds no daily figures")]
    spend = formats.money(sum(line.spend for line in report.lines))
    days = (report.last_date - report.first_date).days + 1
    lines = len(report.lines)
    title = f"{spend} on {formats.count(lines)} {plural(lines, 'line')} in {formats.count(days)} {plural(days, 'day')}"
    notes = [tag("ul", *(tag("li", note) for note in report.notes), class_="notes")] if report.notes else []
    span = formats.dates(report.first_date, report.last_date)
    return [tag("p", "Campaign history, ", span, class_="kicker"), tag("h1", title), facts(report, formats), *notes]


def _sections(report: "HistoryReport", formats: "Formats") -> list["Markup"]:
    from marketmover.charts import tag

    if not report.lines:
        return []
    charts = [daily_chart(report, formats, metric) for metric in ("cost", "conversions")]
    sections = [
        ("What was spent and what it brought", charts),
        ("Days that are there", [coverage_chart(report, formats)]),
        ("Lines", [lines_table(report, formats)]),
        ("What goes with what", [correlation_chart(report)]),
        ("What counts as what", [actions_table(report, formats)]),
        ("What was set aside, and what looks odd", set_aside_tables(report, formats)),
    ]
    return [tag("section", tag("h2", title), *parts) for title, parts in sections if parts]
