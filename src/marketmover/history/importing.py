"""Importing a folder of exports into the lake: all of it or nothing, and never the same thing twice."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from marketmover.console import Progress
from marketmover.history.faults import EmptyHistoryError
from marketmover.history.import_report import ImportReport
from marketmover.history.intake.details import Details, append_changed, append_details, gather_google, gather_meta
from marketmover.history.intake.facts import PLATFORMS, append_facts, append_files, settle_facts
from marketmover.history.intake.leads import append_leads, settle_leads
from marketmover.history.intake.quarantine import append_quarantine
from marketmover.history.intake.totals import fact_totals, rows_by_kind
from marketmover.history.loading.lines import count_lines
from marketmover.history.reading.sources import SourceFile, find_sources
from marketmover.history.reading.staging import Staging, bounds_of
from marketmover.history.reading.unknown import unknown_kinds
from marketmover.history.tables import (
    ACCOUNTS,
    FLAGS,
    IMPORTS,
    QUARANTINE,
    SETTINGS,
    IbisTable,
    append_rows,
    count_rows,
    current,
    current_rows,
    ensure_tables,
)
from marketmover.kit import counted

if TYPE_CHECKING:
    from marketmover.store import Lake

SIMULATED_MARK = "simulated.json"
_UNKNOWN_SHOWN = 3
_MOST_LOOKED, _EXAMPLES, _RAW = 20_000, 5, 1_000


def import_history(
    lake: "Lake",
    folder: Path,
    *,
    now: datetime,
    as_of: date | None = None,
    progress: Progress,
    kept: bool = True,
) -> ImportReport:
    """Read a folder of exports into the lake. Importing the same files again adds nothing.

    Args:
        lake: Where it goes; changed all at once at the end, or not at all.
        folder: Holds `google_ads/`, `meta_ads/`, `crm/` (contract: history); its `truth/` is never read.
        now: The moment of the import, aware.
        as_of: Today; nothing after it is used. By default the day of `now`.
        progress: Called with the share done and the present step.
        kept: Else all is done and then undone, to tell what would come of it.

    Returns:
        What was taken, what was set aside and why.

    Raises:
        NotFoundError: The folder is not there.
        EmptyHistoryError: It holds no export, or no row is of use.
        InputError: A file cannot be read at all; names it and the place.
    """
    sources = find_sources(folder)
    today = as_of or now.date()
    with lake.alone():  # what is known already is looked for before it is written
        ensure_tables(lake, columns_too=lake.has(IMPORTS.name))
        with TemporaryDirectory(prefix="marketmover-") as copies, lake.scratch(*bounds_of(sources)) as scratch:
            staging = Staging(scratch, Path(copies), today)
            staging.stage(sources, lambda share, step: progress(0.8 * share, step))
            progress(0.8, "checking")
            try:
                return _take(lake, staging, sources, _Import(folder, now, today, kept), progress)
            except _TriedOutError as tried:
                return tried.report


@dataclass(frozen=True)
class _Import:
    folder: Path
    now: datetime
    today: date
    kept: bool


class _TriedOutError(Exception):
    """Undoes what was only to be tried out."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


def _take(
    lake: "Lake",
    staging: Staging,
    sources: list[SourceFile],
    this: _Import,
    progress: Progress,
) -> ImportReport:
    import_id = 1 + count_rows(lake.table(IMPORTS.name))
    is_first = import_id == 1
    accounts = [] if is_first else current_rows(lake, ACCOUNTS)
    platforms = [source for source in PLATFORMS if source in staging.sources]
    currency: dict[str, dict[str, str]] = {}
    for source in platforms:
        own = [row for row in accounts if row["platform"] == PLATFORMS[source] and row["currency"]]
        currency[source] = settle_facts(staging, source, {row["account_id"]: row["currency"] for row in own})
    if "crm" in staging.sources:
        settle_leads(staging)
    details = _gather(staging, currency, [] if is_first else current_rows(lake, SETTINGS))
    progress(0.9, "writing")
    with lake.transaction():
        set_aside = append_quarantine(staging, lake, details.unusable, import_id)
        counts = append_leads(staging, lake, import_id) if "crm" in staging.sources else Counter[str]()
        for source in platforms:
            counts += append_facts(staging, lake, source, import_id)
            append_files(staging, lake, source, import_id)
        kinds = rows_by_kind(staging)
        if not counts:
            _require_some_use(staging, this.folder, kinds, set_aside)
        counts += append_details(lake, details, import_id)
        append_changed(lake, ACCOUNTS, _account_rows(staging, currency), import_id, partial=True)
        flags = [
            {"file": file, "field": name, "value": value, "rows": count}
            for (file, name, value), count in details.flags.items()
        ]
        append_changed(lake, FLAGS, flags, import_id, partial=False)
        report = ImportReport(
            import_id=import_id,
            imported_at=this.now,
            as_of=this.today,
            folder=str(this.folder),
            files=len(sources),
            empty_files=sum(file.shape.name == "EMPTY" for file in sources),
            rows=kinds,
            unknown=unknown_kinds(staging) if "unknown" in kinds else {},
            added=counts["added"],
            known=counts["known"],
            quarantine=dict(sorted(set_aside.items())),
            flags={f"{name}={value}": count for (_, name, value), count in sorted(details.flags.items())},
            simulated=(this.folder / SIMULATED_MARK).is_file(),
            **_totals(staging, lake, platforms),
        )
        if not this.kept:
            raise _TriedOutError(replace(report, examples=_set_aside(lake, import_id)))
        _append_import(lake, report)
    progress(1.0, "done")
    return report


def _set_aside(lake: "Lake", import_id: int) -> list[dict[str, Any]]:
    """Some of the rows that an import could not use, each reason's first ones."""
    rows: IbisTable = lake.table(QUARANTINE.name)
    own = rows.filter(rows.import_id == import_id).order_by(["reason", "file", "row"])
    columns = ["reason", "detail", "file", "position", "row", "raw"]
    found, counts = list[dict[str, Any]](), Counter[str]()
    for row in own.select(columns).limit(_MOST_LOOKED).to_pyarrow().to_pylist():
        counts[row["reason"]] += 1
        if counts[row["reason"]] <= _EXAMPLES:
            found.append({**row, "raw": row["raw"][:_RAW]})
    return found


def _gather(staging: Staging, currency: dict[str, dict[str, str]], settings: list[dict[str, Any]]) -> Details:
    details = Details()
    if "google" in currency:
        gather_google(staging, details, [row for row in settings if row["platform"] == "google_ads"])
    if "meta" in currency:
        gather_meta(staging, details, currency["meta"], [row for row in settings if row["platform"] == "meta_ads"])
    return details


def _require_some_use(staging: Staging, folder: Path, kinds: dict[str, int], set_aside: Counter[str]) -> None:
    if kinds.keys() - {"daily", "action", "breakdown", "ad", "lead", "unknown"}:
        return
    why = ", ".join(f"{count} {reason}" for reason, count in sorted(set_aside.items()))
    unknown = [f"{counted(count, 'row')} of {name}" for name, count in unknown_kinds(staging).items()]
    found = [why] * bool(why) + unknown[:_UNKNOWN_SHOWN] + ["..."] * (len(unknown) > _UNKNOWN_SHOWN)
    raise EmptyHistoryError(
        f"The folder {folder} holds no row that can be used" + (f" ({'; '.join(found)})." if found else "."),
        "Export daily reports from the ad platforms as the contract says, with date and campaign id.",
        set_aside,
    )


_ZONES = {
    "google": "SELECT account_id, max(time_zone) FROM google_usable WHERE time_zone IS NOT NULL GROUP BY account_id",
    "meta": """
        SELECT account_id, max(zone) FROM (
            SELECT replace(coalesce(account_id, extra->>'id'), 'act_', '') AS account_id,
                extra->>'timezone_name' AS zone
            FROM meta_rows WHERE kind = 'account')
        WHERE zone IS NOT NULL AND account_id IS NOT NULL GROUP BY account_id""",
}


def _account_rows(staging: Staging, currency: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    zones: dict[str, dict[str, str]] = {}
    for source in currency:
        zones[source] = dict(staging.db.execute(_ZONES[source]).fetchall())
    return [
        {
            "platform": PLATFORMS[source],
            "account_id": account,
            "currency": code,
            "time_zone": zones[source].get(account),
        }
        for source, codes in currency.items()
        for account, code in sorted(codes.items())
    ]


def _totals(staging: Staging, lake: "Lake", platforms: list[str]) -> dict[str, Any]:
    """The part of the report that sums up daily facts."""
    totals = [fact_totals(staging, source) for source in platforms]
    spend: Counter[str] = Counter()
    for one in totals:
        spend.update(one.spend)
    return {
        "first_date": min((one.first_date for one in totals if one.first_date), default=None),
        "last_date": max((one.last_date for one in totals if one.last_date), default=None),
        "lines": count_lines([owner for one in totals for owner in one.owners], _budgets(lake)),
        "spend": {code: micros / 1_000_000 for code, micros in sorted(spend.items())},
    }


def _budgets(lake: "Lake") -> list[dict[str, Any]]:
    """Who holds a budget, of the current settings: what tells an ad set that is a line from one that is not."""
    settings = current(lake, SETTINGS).order_by(list(SETTINGS.key))
    return settings.select("campaign_id", "group_id", "daily_budget", "lifetime_budget").to_pyarrow().to_pylist()


def _append_import(lake: "Lake", report: ImportReport) -> None:
    row = {
        "import_id": report.import_id,
        "imported_at": report.imported_at,
        "as_of": report.as_of,
        "folder": report.folder,
        "files": report.files,
        "rows": sum(report.rows.values()),
        "added": report.added,
        "simulated": report.simulated,
        "report": json.dumps(report.to_json(), ensure_ascii=False),
    }
    append_rows(lake, IMPORTS, [row])
