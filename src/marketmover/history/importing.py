"""Importing a folder of exports into the lake: all of it or nothing, and never the same thing twice."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from marketmover.history.faults import EmptyHistoryError
from marketmover.history.intake.details import Details, append_changed, append_details, gather_google, gather_meta
from marketmover.history.intake.facts import PLATFORMS, append_facts, settle_facts
from marketmover.history.intake.leads import append_leads, settle_leads
from marketmover.history.intake.quarantine import append_quarantine
from marketmover.history.loading.lines import count_lines
from marketmover.history.reading.sources import SourceFile, find_sources
from marketmover.history.reading.staging import Staging, bounds_of
from marketmover.history.reading.unknown import unknown_kinds
from marketmover.history.tables import (
    ACCOUNTS,
    FLAGS,
    IMPORTS,
    SETTINGS,
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


@dataclass(frozen=True)
class ImportReport:
    """What an import took.

    Attributes:
        import_id: Number of the import, counting up.
        imported_at: When.
        as_of: The day taken as today.
        folder: What was read.
        files: Files read; `empty_files` of them held nothing.
        rows: Rows by what they are: `daily`, `action`, `breakdown`, `ad`, `lead`, `creative`, `settings`, ...
        unknown: Rows of a kind that is not known, by what they seem to be, else by platform and the keys they have.
        added: Facts, leads and objects that were new or changed.
        known: Those that were known already.
        quarantine: Rows that could not be used, by reason.
        flags: What was kept but looks odd: field and value to rows.
        first_date, last_date: Of the daily facts in these files.
        lines: Budget lines with daily facts in these files, as plans count them.
        spend: Spend in these files by currency, in major units, each day once.
        simulated: Whether the history says of itself that it is simulated.
    """

    import_id: int
    imported_at: datetime
    as_of: date
    folder: str
    files: int
    empty_files: int = 0
    rows: dict[str, int] = field(default_factory=dict[str, int])
    unknown: dict[str, int] = field(default_factory=dict[str, int])
    added: int = 0
    known: int = 0
    quarantine: dict[str, int] = field(default_factory=dict[str, int])
    flags: dict[str, int] = field(default_factory=dict[str, int])
    first_date: date | None = None
    last_date: date | None = None
    lines: int = 0
    spend: dict[str, float] = field(default_factory=dict[str, float])
    simulated: bool = False

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, text: str) -> "ImportReport":
        """A report from the JSON that the lake keeps."""
        values: dict[str, Any] = json.loads(text)
        known = {form.name for form in fields(cls)}
        read: dict[str, Any] = {name: value for name, value in values.items() if name in known}
        for name in ("as_of", "first_date", "last_date"):
            read[name] = date.fromisoformat(read[name]) if read[name] else None
        read["imported_at"] = datetime.fromisoformat(read["imported_at"])
        return cls(**read)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def import_history(
    lake: "Lake",
    folder: Path,
    *,
    now: datetime,
    as_of: date | None = None,
    progress: Callable[[float, str], None],
) -> ImportReport:
    """Read a folder of exports into the lake. Importing the same files again adds nothing.

    Args:
        lake: Where it goes; changed all at once at the end, or not at all.
        folder: Holds `google_ads/`, `meta_ads/`, `crm/` (contract: history); its `truth/` is never read.
        now: The moment of the import, aware.
        as_of: Today; nothing after it is used. By default the day of `now`.
        progress: Called with the share done and the present step.

    Returns:
        What was taken, what was set aside and why.

    Raises:
        NotFoundError: The folder is not there.
        EmptyHistoryError: It holds no export, or no row is of use.
        InputError: A file cannot be read at all; names it and the place.
    """
    sources = find_sources(folder)
    today = as_of or now.date()
    ensure_tables(lake, columns_too=lake.has(IMPORTS.name))
    with TemporaryDirectory(prefix="marketmover-") as copies, lake.scratch(*bounds_of(sources)) as scratch:
        staging = Staging(scratch, Path(copies), today)
        staging.stage(sources, lambda share, step: progress(0.8 * share, step))
        progress(0.8, "checking")
        return _take(lake, staging, sources, _Import(folder, now, today), progress)


@dataclass(frozen=True)
class _Import:
    folder: Path
    now: datetime
    today: date


def _take(
    lake: "Lake",
    staging: Staging,
    sources: list[SourceFile],
    this: _Import,
    progress: Callable[[float, str], None],
) -> ImportReport:
    import_id = 1 + count_rows(lake.table(IMPORTS.name))
    is_first = import_id == 1
    accounts = [] if is_first else current_rows(lake, ACCOUNTS)
    currency: dict[str, dict[str, str]] = {}
    for source, platform in PLATFORMS.items():
        known = {row["account_id"]: row["currency"] for row in accounts if row["platform"] == platform}
        currency[source] = settle_facts(staging, source, {name: code for name, code in known.items() if code})
    settle_leads(staging)
    details = Details()
    settings = [] if is_first else current_rows(lake, SETTINGS)
    gather_google(staging, details, [row for row in settings if row["platform"] == "google_ads"])
    gather_meta(staging, details, currency["meta"], [row for row in settings if row["platform"] == "meta_ads"])
    progress(0.9, "writing")
    with lake.transaction():
        set_aside = append_quarantine(staging, lake, details.unusable, import_id)
        _require_some_use(staging, this.folder, set_aside)
        counts = append_leads(staging, lake, import_id)
        for source in PLATFORMS:
            counts += append_facts(staging, lake, source, import_id)
        counts += append_details(lake, details, import_id)
        append_changed(lake, ACCOUNTS, _account_rows(staging, currency), import_id, partial=True)
        flags = [
            {"file": file, "field": name, "value": value, "rows": count}
            for (file, name, value), count in details.flags.items()
        ]
        append_changed(lake, FLAGS, flags, import_id, partial=False)
        report = _report(staging, lake, sources, this, import_id, counts, set_aside, details)
        _append_import(lake, report)
    progress(1.0, "done")
    return report


def _require_some_use(staging: Staging, folder: Path, set_aside: Counter[str]) -> None:
    kinds = _kinds(staging)
    if kinds.keys() - {"daily", "action", "breakdown", "ad", "lead", "unknown"}:
        return
    if any(_count(staging, f"SELECT count(*) FROM {source}_facts") for source in ("google", "meta", "crm")):  # noqa: S608 - our own names
        return
    why = ", ".join(f"{count} {reason}" for reason, count in sorted(set_aside.items()))
    unknown = [f"{counted(count, 'row')} of {name}" for name, count in unknown_kinds(staging).items()]
    found = [why] * bool(why) + unknown[:_UNKNOWN_SHOWN] + ["..."] * (len(unknown) > _UNKNOWN_SHOWN)
    raise EmptyHistoryError(
        f"The history {folder} holds no row that can be used" + (f" ({'; '.join(found)})." if found else "."),
        "Export daily reports from the ad platforms as the contract says, with date and campaign id.",
    )


def _count(staging: Staging, sql: str) -> int:
    found = staging.db.execute(sql).fetchone()
    return int(found[0]) if found else 0


def _kinds(staging: Staging) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for source in ("google", "meta", "crm"):
        rows = staging.db.execute(f"SELECT kind, count(*) FROM {source}_rows GROUP BY kind").fetchall()  # noqa: S608 - our own names
        counts += Counter(dict(rows))
    return dict(sorted(counts.items()))


def _account_rows(staging: Staging, currency: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    zones = dict(
        staging.db.execute("""
            SELECT account_id, max(time_zone) FROM google_usable
            WHERE time_zone IS NOT NULL GROUP BY account_id""").fetchall()
    )
    return [
        {
            "platform": platform,
            "account_id": account,
            "currency": code,
            "time_zone": zones.get(account) if source == "google" else None,
        }
        for source, platform in PLATFORMS.items()
        for account, code in sorted(currency[source].items())
    ]


def _report(
    staging: Staging,
    lake: "Lake",
    sources: list[SourceFile],
    this: _Import,
    import_id: int,
    counts: Counter[str],
    set_aside: Counter[str],
    details: Details,
) -> ImportReport:
    summaries = [_summary(staging, source) for source in PLATFORMS]
    spend: Counter[str] = Counter()
    for summary in summaries:
        spend.update(summary[2])
    firsts = [summary[0] for summary in summaries if summary[0]]
    lasts = [summary[1] for summary in summaries if summary[1]]
    return ImportReport(
        import_id=import_id,
        imported_at=this.now,
        as_of=this.today,
        folder=str(this.folder),
        files=len(sources),
        empty_files=sum(file.shape.name == "EMPTY" for file in sources),
        rows=_kinds(staging),
        unknown=unknown_kinds(staging),
        added=counts["added"],
        known=counts["known"],
        quarantine=dict(sorted(set_aside.items())),
        flags={f"{name}={value}": count for (_, name, value), count in sorted(details.flags.items())},
        first_date=min(firsts, default=None),
        last_date=max(lasts, default=None),
        lines=count_lines(_owners(staging), _budgets(lake)),
        spend={code: micros / 1_000_000 for code, micros in sorted(spend.items())},
        simulated=(this.folder / SIMULATED_MARK).is_file(),
    )


def _summary(staging: Staging, source: str) -> tuple[date | None, date | None, dict[str, int]]:
    """First and last day, and micros spent by currency, of the daily facts."""
    daily = f"{source}_facts WHERE kind = 'daily'"
    first, last = staging.db.execute(f"SELECT min(date), max(date) FROM {daily}").fetchone() or (None, None)  # noqa: S608 - our own names
    by_currency = staging.db.execute(_spend_sql(staging, source)).fetchall()
    return first, last, dict(by_currency)


def _owners(staging: Staging) -> list[tuple[str, str, str, str]]:
    """Platform, account, campaign and group of the daily facts, each once."""
    return [
        (platform, *owner)
        for source, platform in PLATFORMS.items()
        for owner in staging.db.execute(
            f"SELECT DISTINCT account_id, campaign_id, group_id FROM {source}_facts WHERE kind = 'daily'"  # noqa: S608 - our own names
        ).fetchall()
    ]


def _budgets(lake: "Lake") -> list[dict[str, Any]]:
    """Who holds a budget, of the current settings: what tells an ad set that is a line from one that is not."""
    settings = current(lake, SETTINGS).order_by(list(SETTINGS.key))
    return settings.select("campaign_id", "group_id", "daily_budget", "lifetime_budget").to_pyarrow().to_pylist()


def _spend_sql(staging: Staging, source: str) -> str:
    """Micros by currency, each day once; where rows are of one level and not split, their plain sum."""
    daily = f"{source}_facts WHERE kind = 'daily'"
    split = staging.db.execute(
        f"SELECT bool_or(dims <> ''), count(DISTINCT group_id = '') > 1 FROM {daily}"  # noqa: S608 - our own names
    ).fetchone()
    if split is None or not any(split):
        return f"SELECT coalesce(currency, '?'), sum(cost_micros)::HUGEINT FROM {daily} GROUP BY 1"  # noqa: S608 - our own names
    return f"""
        WITH keyed AS (SELECT campaign_id, group_id, date, dims, sum(cost_micros) AS cost, max(currency) AS currency
            FROM {daily} GROUP BY ALL),
        once AS (SELECT campaign_id, group_id, date, arg_min(cost, dims) AS cost, max(currency) AS currency
            FROM keyed GROUP BY ALL),
        levels AS (SELECT campaign_id, date, max(currency) AS currency, sum(cost) FILTER (group_id = '') AS whole,
            sum(cost) FILTER (group_id <> '') AS parts FROM once GROUP BY ALL)
        SELECT coalesce(currency, '?'), sum(coalesce(nullif(whole, 0), parts, 0))::HUGEINT FROM levels GROUP BY 1"""  # noqa: S608 - our own names


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
