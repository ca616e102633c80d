"""What `import` and `history` print for people."""

from typing import TYPE_CHECKING

from marketmover.console import Table, print_table, print_text
from marketmover.history.import_report import ImportReport
from marketmover.history.report import HistoryReport
from marketmover.kit import counted, plural

if TYPE_CHECKING:
    from marketmover.history.forgetting import AccountData

_SIMULATED = "SIMULATED: no advertiser, campaign or person in this history exists."
_NAMES = {
    "daily": "daily figures",
    "action": "conversions by action",
    "breakdown": "breakdowns",
    "ad": "figures of ads",
    "lead": "CRM leads",
    "settings": "campaign settings",
    "campaign": "campaigns",
    "ad_set": "ad sets",
    "creative": "ads",
    "criterion": "targeting",
    "change": "changes",
    "reaction": "comments beneath ads",
    "curve": "platforms' own curves",
    "conversion_action": "conversion actions",
    "place": "places",
    "account": "accounts",
    "unknown": "rows of unknown kinds",
}


def print_import(report: ImportReport) -> None:
    """What an import took, and what it could not use."""
    if report.simulated:
        print_text(_SIMULATED)
    span = f"{report.first_date} to {report.last_date}" if report.first_date else "no daily figures"
    read, lines = counted(report.files, "file"), counted(report.lines, "line")
    print_text(f"Read {read} of {report.folder}: {span}, {_money(report.spend)} spent on {lines}.")
    print_text(f"{report.added:,} new or changed, {report.known:,} known already (import {report.import_id}).")
    rows = [(_NAMES.get(kind, kind), f"{count:,}") for kind, count in report.rows.items()]
    print_table(Table("", ("rows", "count"), list(rows), frozenset({"count"})))
    _print_counts("Quarantined, by reason", "reason", report.quarantine)
    _print_counts("Kept, but odd", "value", report.flags)
    _print_counts("Of unknown kinds", "what they are", report.unknown)
    if report.empty_files:
        print_text(f"{counted(report.empty_files, 'file')} {plural(report.empty_files, 'is', 'are')} empty.")


def _money(spend: dict[str, float]) -> str:
    return ", ".join(f"{code} {amount:,.2f}" for code, amount in spend.items()) or "nothing"


def _print_counts(title: str, column: str, counts: dict[str, int]) -> None:
    if counts:
        print_text()
        rows = [(name, f"{count:,}") for name, count in counts.items()]
        print_table(Table(title, (column, "rows"), list(rows), frozenset({"rows"})))


def print_history(report: HistoryReport) -> None:
    """What a history holds: lines, gaps, outliers, actions, correlations, quarantine."""
    if report.simulated:
        print_text(_SIMULATED)
    if report.first_date is None:
        print_text("The history holds no daily figures. Read exports with: marketmover import DIR")
        return
    spent = _money(report.spend_by_currency)
    print_text(f"{report.first_date} to {report.last_date}: {counted(len(report.lines), 'line')}, {spent} spent.")
    for note in report.notes:
        print_text(f"Note: {note}")
    _print_lines(report)
    _print_gaps_and_outliers(report)
    _print_actions(report)
    _print_correlations(report)
    if report.crm:
        crm = report.crm
        print_text()
        print_text(
            f"CRM: {counted(crm.leads, 'lead')}, {crm.decided:,} decided, {crm.qualified:,} qualified, "
            f"{crm.won:,} won, {crm.of_unknown_campaigns:,} of campaigns that are in no export."
        )
    _print_counts("Quarantined, by reason", "reason", report.quarantine)
    _print_counts("Kept, but odd", "value", report.flags)
    _print_counts("Of unknown kinds", "what they are", report.unknown)


def print_account_data(found: "AccountData", what: str) -> None:
    """What is known of an account, and what is done with it."""
    rows = sum(found.rows.values())
    print_text(f"{what}: {found.platform} {found.account_id}, {rows:,} rows of the lake:")
    for name, count in found.rows.items():
        if count:
            print_text(f"  {name.removeprefix('history_')}: {count:,}")
    print_text(f"  and {counted(found.pulls, 'pull')} with {counted(found.files, 'file')}")


def _print_lines(report: HistoryReport) -> None:
    figures = ("days", "missing", "odd days", "spend", "conversions", "leads", "sales", "revenue")
    table = Table("", ("line", "name", "type", "first", "last", *figures), [], frozenset(figures))
    for line in report.lines:
        odd = len({outlier.date for outlier in line.outliers})
        counts = (f"{line.days:,}", f"{line.missing_days:,}", f"{odd:,}", f"{line.spend:,.2f}")
        outcomes = (f"{line.conversions:,.1f}", f"{line.leads:,.1f}", f"{line.sales:,.1f}", f"{line.revenue:,.2f}")
        days = (str(line.first_date), str(line.last_date))
        table.rows.append((line.id, line.name, line.ad_type, *days, *counts, *outcomes))
    print_text()
    print_table(table)


def _print_gaps_and_outliers(report: HistoryReport) -> None:
    gaps = [(line.id, str(gap.first), str(gap.last)) for line in report.lines for gap in line.gaps]
    if gaps:
        print_text()
        print_table(Table("Days without rows", ("line", "first", "last"), list(gaps)))
    odd = [
        (line.id, str(found.date), found.metric, f"{found.value:,.1f}", f"{found.usual:,.1f}")
        for line in report.lines
        for found in line.outliers
    ]
    if odd:
        print_text()
        columns = ("line", "day", "figure", "value", "usual")
        print_table(Table("Outliers (kept)", columns, list(odd), frozenset({"value", "usual"})))


def _print_actions(report: HistoryReport) -> None:
    if report.actions:
        print_text()
        rows = [(a.platform, a.action, a.kind, f"{a.total:,.1f}", a.reason) for a in report.actions]
        title = "Conversion actions (change: marketmover history map PLATFORM ACTION KIND)"
        print_table(Table(title, ("platform", "action", "counts as", "total", "why"), list(rows), frozenset({"total"})))


def _print_correlations(report: HistoryReport) -> None:
    outcomes = list(dict.fromkeys(pair.outcome for pair in report.correlations))
    values = {(pair.feature, pair.outcome): pair.value for pair in report.correlations}
    rows = [
        (feature, *(_signed(values[feature, outcome]) for outcome in outcomes))
        for feature in dict.fromkeys(pair.feature for pair in report.correlations)
        if any(values[feature, outcome] is not None for outcome in outcomes)
    ]
    if rows:
        print_text()
        title = "Correlations of weekly figures within lines (they go together; neither need cause the other)"
        print_table(Table(title, ("", *outcomes), list(rows), frozenset(outcomes)))


def _signed(value: float | None) -> str:
    """A correlation with its sign; nought has none."""
    if value is None:
        return "-"
    written = f"{value:+z.2f}"
    return "0.00" if written == "+0.00" else written
