"""The parts of the history's page: each a chart or a table of one thing."""

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from marketmover.kit import counted, plural
from marketmover.plans import PLATFORM_NAMES

if TYPE_CHECKING:
    from markupsafe import Markup

    from marketmover.charts import Formats
    from marketmover.history.panel import Bools, Floats
    from marketmover.history.report import HistoryReport

_LINES_DRAWN = 60
_OUTCOMES = (("leads", "Leads"), ("sales", "Sales"), ("installs", "Installs"))


def facts(report: "HistoryReport", formats: "Formats") -> "Markup":
    """The main figures, as a list of terms."""
    from marketmover.charts import tag

    conversions = sum(line.conversions for line in report.lines)
    spend = sum(line.spend for line in report.lines)
    shown = [("Conversions", formats.count(conversions))]
    if conversions:
        shown.append(("Cost per conversion", formats.money(spend / conversions, exact=True)))
    revenue = sum(line.revenue for line in report.lines)
    if revenue:
        shown.append(("Revenue", formats.money(revenue)))
    if report.crm:
        shown.append(
            ("CRM leads", f"{formats.count(report.crm.leads)}, {formats.count(report.crm.qualified)} qualified")
        )
    shown += [
        ("Missing days", formats.count(report.missing_days)),
        ("Odd days", formats.count(report.outliers)),
        ("Rows set aside", formats.count(sum(report.quarantine.values()))),
    ]
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in shown), class_="facts")


def daily_chart(report: "HistoryReport", formats: "Formats", metric: str) -> "Markup":
    """A figure of all lines together over days, with the days on which a line has an outlier marked."""
    from marketmover.charts import DaySeries, time_series

    panel = report.panel
    days: list[date] = [day.astype(object) for day in panel.dates]
    values: Floats = np.sum(getattr(panel, metric), axis=0)
    there: Bools = np.any(panel.observed, axis=0)
    marked: dict[date, str] = defaultdict(str)
    for line in report.lines:
        for outlier in line.outliers:
            if outlier.metric == metric:
                marked[outlier.date] = line.name
    series = DaySeries(
        days,
        [float(value) if seen else None for value, seen in zip(values, there, strict=True)],
        marked=sorted(marked.items()),
    )
    title, measure = (
        ("Spend a day", formats.money_measure("Spend a day"))
        if metric == "cost"
        else ("Conversions a day", formats.count_measure("Conversions a day"))
    )
    note = "Dots are days on which a line lies far above its own weeks; they are kept." if marked else ""
    return time_series(title, series, measure, formats, note=note)


def coverage_chart(report: "HistoryReport", formats: "Formats") -> "Markup":
    """A calendar of the days that each line has rows for, those that spent most."""
    from marketmover.charts import CoverageRow, coverage

    panel = report.panel
    rows = {line.id: row for row, line in enumerate(panel.lines)}
    first: date = panel.dates[0].astype(object)
    drawn = [
        CoverageRow(
            line.name,
            [bool(seen) for seen in panel.observed[rows[line.id]]],
            sorted({(outlier.date - first) // timedelta(days=1) for outlier in line.outliers}),
        )
        for line in report.lines[:_LINES_DRAWN]
    ]
    left = len(report.lines) - len(drawn)
    note = "Filled days have figures; marked days look odd." + (
        f" {counted(left, 'smaller line')} {plural(left, 'is', 'are')} left out." if left > 0 else ""
    )
    return coverage("Days with figures", first, drawn, formats, note=note)


def lines_table(report: "HistoryReport", formats: "Formats") -> "Markup":
    """What each line spent and brought."""
    from marketmover.charts import Column, name_of, sparkline, table, tag

    panel = report.panel
    row_of = {line.id: row for row, line in enumerate(panel.lines)}
    outcomes = [(name, head) for name, head in _OUTCOMES if getattr(panel, name).any()]
    heads = [
        *(Column("Line"), Column("Spend by week", minor=True), Column("Days", figures=True, minor=True)),
        *(Column("Missing", figures=True, minor=True), Column("Spend", figures=True)),
        *(Column(head, figures=True) for _, head in outcomes),
        Column("Cost per conversion", figures=True),
        *([Column("Revenue", figures=True, minor=True)] if panel.revenue.any() else []),
    ]
    cells: list[list[str]] = []
    for line in report.lines:
        row = row_of[line.id]
        weeks = panel.cost[row][: panel.dates.size // 7 * 7].reshape(-1, 7).sum(axis=1)
        kind = f"{PLATFORM_NAMES.get(line.platform, line.platform)}, {line.ad_type.replace('_', ' ').lower()}"
        per = formats.money(line.spend / line.conversions, exact=True) if line.conversions else "–"
        cells.append(
            [
                tag("span", name_of(line.name), tag("small", kind), class_="who"),
                sparkline([float(week) for week in weeks]),
                formats.count(line.days),
                formats.count(line.missing_days),
                formats.money(line.spend),
                *(formats.count(float(getattr(panel, name)[row].sum())) for name, _ in outcomes),
                per,
                *([formats.money(line.revenue)] if panel.revenue.any() else []),
            ]
        )
    return table(heads, cells)


def correlation_chart(report: "HistoryReport") -> "Markup":
    """Features against outcomes."""
    from marketmover.charts import correlation_table

    values = {(pair.feature, pair.outcome): pair.value for pair in report.correlations}
    outcomes = list(dict.fromkeys(pair.outcome for pair in report.correlations))
    features = [
        feature
        for feature in dict.fromkeys(pair.feature for pair in report.correlations)
        if any(values[feature, outcome] is not None for outcome in outcomes)
    ]
    return correlation_table(
        "Weekly figures within lines",
        [feature.capitalize() for feature in features],
        [outcome[0].upper() + outcome[1:] for outcome in outcomes],
        [[values[feature, outcome] for outcome in outcomes] for feature in features],
        note="From -1 to 1, of logarithms, each line against its own mean. Neither need cause the other.",
    )


def actions_table(report: "HistoryReport", formats: "Formats") -> "Markup":
    """What each conversion action was taken for, and why."""
    from marketmover.charts import Column, name_of, table

    rows = [
        [
            name_of("all conversions" if action.action == "*" else action.action),
            PLATFORM_NAMES.get(action.platform, action.platform),
            action.kind.replace("_", " "),
            formats.count(action.total),
            action.reason,
        ]
        for action in report.actions
    ]
    heads = ["Action", Column("Platform", minor=True), "Counts as", Column("Total", figures=True), "Why"]
    return table(heads, rows)


def set_aside_tables(report: "HistoryReport", formats: "Formats") -> "list[Markup]":
    """Counts of rows that were set aside, and of values that were kept though odd."""
    from marketmover.charts import Column, table

    counted = (
        ("Set aside", "Reason", {name.replace("_", " "): count for name, count in report.quarantine.items()}),
        ("Kept, but no list knows the value", "Value", report.flags),
        ("Of unknown kinds", "What they are", report.unknown),
    )
    parts = [
        table(
            [head, Column("Rows", figures=True)],
            [[name, formats.count(count)] for name, count in counts.items()],
            caption=caption,
        )
        for caption, head, counts in counted
        if counts
    ]
    odd = [
        [line.name, formats.day(found.date), found.metric, formats.count(found.value), formats.count(found.usual)]
        for line in report.lines
        for found in line.outliers
    ]
    if odd:
        heads = ["Line", "Day", "Figure", Column("Value", figures=True), Column("Usual", figures=True)]
        parts.append(table(heads, odd, caption="Far above their own weeks"))
    return parts
