"""Making what is kept of the history anew, where the lake's history has changed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from marketmover.history.describing import describe_history
from marketmover.history.loading.lines import LineKey, describe_line
from marketmover.history.loading.panels import load_known
from marketmover.history.once import reading
from marketmover.history.overview.doubts import quarantine_days
from marketmover.history.overview.figures import Laid, Owner, accounts_of, laid_out, lines_of
from marketmover.history.overview.keeping import Made, keep, kept_digest
from marketmover.history.overview.line_settings import line_told
from marketmover.history.overview.records import FIGURES
from marketmover.history.sample import sample_accounts
from marketmover.history.tables import (
    FACTS,
    IMPORTS,
    LEADS,
    MAPPING,
    QUARANTINE,
    SETTINGS,
    count_rows,
    current,
    ensure_tables,
)
from marketmover.kit import stable_hash

if TYPE_CHECKING:
    from marketmover.history.loading.lines import Known
    from marketmover.history.report import HistoryReport, LineCoverage
    from marketmover.store import Lake, Stores

_FORM = 2
"""Counts up when what is kept changes its form, so that it is made anew."""

_MOST_SET_ASIDE = 20_000
_RAW = 1_000


def refresh(stores: "Stores", now: datetime) -> bool:
    """Make what is kept of the history anew, where the lake's history is not the one that it was made of.

    Call it after whatever changes the lake's history. A process that dies meanwhile leaves what was kept before.

    Returns:
        Whether it was made anew.
    """
    lake = stores.lake
    ensure_tables(lake)
    digest = _state_of(lake)
    with stores.records.session(read_only=True) as session:
        if kept_digest(session, stores.workspace) == digest:
            return False
    with reading(lake):
        made = _made(lake, digest)
    keep(stores.records, made, now)
    return True


def _state_of(lake: "Lake") -> str:
    """What tells one state of the lake's history from another: nothing of it is changed in place but the mapping."""
    imports = lake.table(IMPORTS.name)
    last = imports.aggregate(last=imports.import_id.max(), at=imports.imported_at.max()).to_pyarrow().to_pylist()
    counts = [count_rows(lake.table(form.name)) for form in (IMPORTS, FACTS, LEADS, SETTINGS, QUARANTINE)]
    said = lake.table(MAPPING.name).drop("workspace_id").to_pyarrow().to_pylist()
    return stable_hash(str(_FORM), str(last), str(counts), *sorted(map(str, said)))


def _made(lake: "Lake", digest: str) -> Made:
    report = describe_history(lake)
    content = {name: value for name, value in report.to_json().items() if name not in {"lines", "imports"}}
    made = Made(digest, json.loads(json.dumps(content, default=str)))  # days as text
    known, lines = load_known(lake, None), lines_of(lake, load_known(lake, None))
    others = [code for code in report.spend_by_currency if code not in {report.currency, "?"}]
    for currency in (report.currency, *others) if report.first_date else ():
        about = report if currency == report.currency else describe_history(lake, currency=currency)
        _Levels(made, known, lines, about).add(lake)
    made.content["lines"] = sum(member["line_id"] is not None for member in made.members)
    made.content["sample"] = bool(sample_accounts(lake))
    made.entries += [*_imports(report), *_quarantine(lake)]
    made.content["quarantine_days"] = quarantine_days(lake)
    return made


@dataclass
class _Levels:
    """Adds the members of one currency and their days."""

    made: Made
    known: "Known"
    lines: Mapping[Owner, str]
    report: "HistoryReport"
    coverage: "dict[str, LineCoverage]" = field(init=False)

    def __post_init__(self) -> None:
        self.coverage = {line.id: line for line in self.report.lines}

    def add(self, lake: "Lake") -> None:
        campaigns = laid_out(lake, self.report.currency, "campaign")
        groups = laid_out(lake, self.report.currency, "ad_group")
        accounts = accounts_of(campaigns)
        for level, laid in (("account", accounts), ("campaign", campaigns), ("ad_group", groups)):
            for row, owner in enumerate(laid.owners):
                if laid.observed[row].any():
                    self._add(level, laid, row, owner)

    def _add(self, level: str, laid: Laid, row: int, owner: Owner) -> None:
        days = np.flatnonzero(laid.observed[row])
        line = self.lines.get(owner)
        covered = self.coverage.get(line) if line else None
        number = len(self.made.members)
        platform, account, campaign, group = owner
        self.made.members.append(
            {
                "number": number,
                "level": level,
                "platform": platform,
                "account_id": account,
                "campaign_id": campaign,
                "group_id": group,
                "line_id": line,
                "currency": self.report.currency,
                "first_date": laid.days[days[0]].astype(object),
                "last_date": laid.days[days[-1]].astype(object),
                "days": int(days.size),
                "missing_days": covered.missing_days if covered else 0,
                "odd_days": len({outlier.date for outlier in covered.outliers}) if covered else 0,
                "content": _content(covered) | (self._set(owner) if line else {}),
                **self._described(level, owner),
            }
        )
        counts = self._lines_by_day(account) if level == "account" else None
        seen: set[date] = set()
        for day, figures in laid.rows(row):
            lines = counts.get(day, (0, 0)) if counts is not None else (int(line is not None), 0)
            self.made.days.append(_day(number, level, day, lines, figures))
            seen.add(day)
        for day, lines in (counts or {}).items():  # days on which all lines lack figures are told, too
            if lines[1] and day not in seen:
                self.made.days.append(_day(number, level, day, lines, dict.fromkeys(FIGURES, 0.0)))

    def _described(self, level: str, owner: Owner) -> dict[str, str]:
        platform, account, campaign, group = owner
        if level == "account":
            return {"name": account, "ad_type": "", "status": ""}
        key = LineKey(platform, account, campaign, group or None, by_group=bool(group))
        line = describe_line(key, self.known, None)
        own = self.known.settings.get((campaign, group), {}).get("name")
        name = str(own or (f"{platform}:{campaign}:{group}" if group else f"{platform}:{campaign}"))
        return {"name": name[:512], "ad_type": line.ad_type[:64], "status": line.status[:32]}

    def _set(self, owner: Owner) -> dict[str, Any]:
        platform, account, campaign, group = owner
        key = LineKey(platform, account, campaign, group or None, by_group=bool(group))
        return line_told(key, self.known, self.report.currency)

    def _lines_by_day(self, account: str) -> dict[date, tuple[int, int]]:
        """Of an account's lines, how many have figures on each day, and how many lack them between theirs."""
        panel = self.report.panel
        mine = [row for row, line in enumerate(panel.lines) if line.account_id == account]
        have = panel.observed[mine]
        begun, goes_on = np.maximum.accumulate(have, axis=1), np.maximum.accumulate(have[:, ::-1], axis=1)[:, ::-1]
        lack = (begun & goes_on & ~have).sum(axis=0)
        days: list[date] = panel.dates.tolist()
        return dict(zip(days, zip(have.sum(axis=0).tolist(), lack.tolist(), strict=True), strict=True))


def _day(number: int, level: str, day: date, lines: tuple[int, int], figures: Mapping[str, float]) -> dict[str, Any]:
    whole = {name: round(figures[name]) for name in ("impressions", "clicks")}
    about = {"member": number, "day": day, "level": level, "lines": lines[0], "missing": lines[1]}
    return {**about, **figures, **whole}


def _content(covered: "LineCoverage | None") -> dict[str, Any]:
    if covered is None:
        return {}
    return {
        "line_name": covered.name,
        "gaps": [{"first": gap.first.isoformat(), "last": gap.last.isoformat()} for gap in covered.gaps],
        "outliers": [asdict(outlier) | {"date": outlier.date.isoformat()} for outlier in covered.outliers],
    }


def _imports(report: "HistoryReport") -> Iterator[dict[str, Any]]:
    for one in report.imports:
        content = one.to_json()
        yield {"kind": "import", "number": one.import_id, "import_id": one.import_id, "reason": "", "content": content}


def _quarantine(lake: "Lake") -> Iterator[dict[str, Any]]:
    """The rows that could not be used, the newest first, as many as people may look at."""
    import ibis

    rows = current(lake, QUARANTINE)
    newest = rows.order_by([ibis.desc("import_id"), "file", "row"]).limit(_MOST_SET_ASIDE)
    for number, row in enumerate(newest.drop("workspace_id").to_pyarrow().to_pylist()):
        content = {name: row[name] for name in ("file", "position", "row", "detail")} | {"raw": row["raw"][:_RAW]}
        told = {"import_id": row["import_id"], "reason": row["reason"], "content": content}
        yield {"kind": "quarantine", "number": number, **told}
