"""Plants every kind of defect in a written history and lists each in `truth/defects.json`."""

import copy
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.dirt import dialects
from marketmover.sandbox.dirt.rows import CRM, GOOGLE, META, FreeDays, Row, Spoil, bad_row
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream

_OUTLIER = 40


@dataclass
class Defects:
    """What was planted. Rows are counted from 0 within their file, over all its batches or lines."""

    root: Path
    quarantine: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    flags: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    gaps: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    dialects: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def name(self, path: Path) -> str:
        """The file as listed: its place in the history."""
        return path.relative_to(self.root).as_posix()

    def save(self) -> None:
        """Write the list beside the truth."""
        listed = {
            "version": 1,
            "quarantine": self.quarantine,
            "flags": self.flags,
            "gaps": self.gaps,
            "dialects": self.dialects,
        }
        (self.root / "truth" / "defects.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def plant_defects(market: Market, root: Path) -> Defects:
    """Spoil the history in `root`; every clean row stays there but those of the listed gaps."""
    defects = Defects(root)
    rng = stream(market.setting.seed, "defects")
    days = FreeDays(market.setting.first_date)
    for path, spoils in (
        (root / "google_ads" / "daily_recent-001.json", GOOGLE),
        (root / "meta_ads" / "insights_recent-001.json", META),
    ):
        if path.exists():
            _spoil_facts(path, spoils, days, defects, rng)
    _spoil_leads(root / "crm" / "leads-001.json", defects, rng)
    _spoil_enums(root, defects)
    _mix_dialects(root, defects)
    defects.save()
    return defects


def _spoil_facts(
    path: Path, spoils: dict[str, Spoil], days: FreeDays, defects: Defects, rng: np.random.Generator
) -> None:
    """A gap and an outlier; then bad rows among the good; then a tail that breaks off."""
    google = spoils is GOOGLE
    rows = dialects.rows_of(path)
    rows = _cut_gap(rows, path, google, defects)
    outlier = _outlier(rows, google, rng)
    marked: list[tuple[Any, str]] = [(row, "outlier" if at == outlier else "") for at, row in enumerate(rows)]
    tail = marked[-min(40, len(marked) // 4) :] if outlier < len(marked) - 40 else []
    marked = marked[: len(marked) - len(tail)]
    for reason, spoil in spoils.items():
        at = int(rng.integers(1, len(marked)))
        marked.insert(at, (bad_row(spoil, rows[at], days.take()), reason))
    _repeat(marked, google, rng)
    if google:
        dialects.write_batches(path, [row for row, _ in marked], "*")
        _broken_lines(path.with_name("daily_tail.json"), tail, days, defects)
    else:
        dialects.write_page(path, [row for row, _ in marked], {})
        _broken_page(path.with_name("insights_tail.json"), tail, days, defects)
    _list(marked, path, defects)


def _list(marked: list[tuple[Any, str]], path: Path, defects: Defects) -> None:
    for at, (_, reason) in enumerate(marked):
        place = {"file": defects.name(path), "row": at}
        if reason == "outlier":
            defects.flags.append({**place, "flag": "outlier", "times": _OUTLIER})
        elif reason:
            defects.quarantine.append({**place, "reason": reason})


def _day(row: Row, google: bool) -> str:
    return row["segments"]["date"] if google else row["date_start"]


def _owner(row: Row, google: bool) -> tuple[str, ...]:
    if google:
        return row["campaign"]["id"], row.get("adGroup", {}).get("id", "")
    return row["campaign_id"], row["adset_id"]


def _cut_gap(rows: list[Row], path: Path, google: bool, defects: Defects) -> list[Row]:
    """Take four days out of the middle of the first group's rows."""
    owner = _owner(rows[0], google)
    own = sorted({_day(row, google) for row in rows if _owner(row, google) == owner})
    if len(own) < 20:
        return rows
    middle = date.fromisoformat(own[len(own) // 2])
    lost = [(middle + timedelta(offset)).isoformat() for offset in range(4)]
    platform = "google_ads" if google else "meta_ads"
    defects.gaps.append(
        {"file": defects.name(path), "platform": platform, "campaign_id": owner[0], "group_id": owner[1] or None,
         "first_date": lost[0], "last_date": lost[-1]}
    )  # fmt: skip
    return [row for row in rows if _owner(row, google) != owner or _day(row, google) not in lost]


def _outlier(rows: list[Row], google: bool, rng: np.random.Generator) -> int:
    """Make one row's cost forty times what it was; returns where."""
    at = int(rng.integers(len(rows) // 4, max(len(rows) // 2, len(rows) // 4 + 1)))
    if google:
        rows[at]["metrics"]["costMicros"] = str(_OUTLIER * int(rows[at]["metrics"]["costMicros"]))
    else:
        rows[at]["spend"] = f"{_OUTLIER * float(rows[at]['spend']):.2f}"
    return at


def _repeat(marked: list[tuple[Any, str]], google: bool, rng: np.random.Generator) -> None:
    """Four rows said twice, and three told differently before the row that stays."""
    for reason, times in (("duplicate", 4), ("conflict", 3)):
        for _ in range(times):
            clean = [at for at, (_, mark) in enumerate(marked) if not mark]
            at = clean[int(rng.integers(len(clean)))]
            again = copy.deepcopy(marked[at][0])
            if reason == "duplicate":
                marked.insert(at + 1, (again, reason))
                marked[at] = (marked[at][0], "")
            else:
                _alter(again, google)
                marked.insert(at, (again, reason))


def _alter(row: Row, google: bool) -> None:
    """Another cost."""
    if google:
        row["metrics"]["costMicros"] = str(int(row["metrics"]["costMicros"]) + 1_230_000)
    else:
        row["spend"] = f"{float(row['spend']) + 1.23:.2f}"


def _broken_lines(path: Path, tail: list[tuple[Any, str]], days: FreeDays, defects: Defects) -> None:
    """The last rows as snake_case lines, with a line of noise among them, the last line broken off."""
    if not tail:
        return
    lines = [json.dumps(dialects.snake_case(row)) for row, _ in tail]
    extra = copy.deepcopy(tail[0][0])
    extra["segments"]["date"] = days.take().isoformat()
    middle = len(lines) // 2
    lines.insert(middle, '{"campaign": {"id": 55, "name: ')
    path.write_text("\n".join([*lines, json.dumps(dialects.snake_case(extra))[:150]]), encoding="utf-8")
    name = defects.name(path)
    defects.quarantine.append({"file": name, "row": middle, "reason": "unreadable"})
    defects.quarantine.append({"file": name, "row": len(lines), "reason": "truncated"})
    defects.dialects.append({"file": name, "dialect": "JSONL, snake_case"})


def _broken_page(path: Path, tail: list[tuple[Any, str]], days: FreeDays, defects: Defects) -> None:
    """The last rows as a page that breaks off in the middle of a row."""
    if not tail:
        return
    extra = {**tail[0][0], "date_start": days.take().isoformat()}
    rows = [json.dumps(row) for row, _ in tail]
    path.write_text('{"data":[' + ",\n".join([*rows, json.dumps(extra)[:120]]), encoding="utf-8")
    defects.quarantine.append({"file": defects.name(path), "row": len(rows), "reason": "truncated"})


def _spoil_leads(path: Path, defects: Defects, rng: np.random.Generator) -> None:
    """Bad leads among the good, written one a line."""
    if not path.exists():
        return
    rows = dialects.rows_of(path)
    if not rows:
        return
    marked: list[tuple[Any, str]] = [(row, "") for row in rows]
    for number, (reason, spoil) in enumerate(CRM.items()):
        at = int(rng.integers(len(rows)))
        bad = bad_row(spoil, {**rows[at], "lead_id": f"X{number:07d}"}, date.min)
        marked.insert(at, (bad, reason))
    at = int(rng.integers(len(rows)))
    marked.insert(at + 1, (copy.deepcopy(marked[at][0]), "duplicate")) if not marked[at][1] else None
    dialects.write_json_lines(path, [row for row, _ in marked])
    _list(marked, path, defects)
    defects.dialects.append({"file": defects.name(path), "dialect": "JSONL"})


def _spoil_enums(root: Path, defects: Defects) -> None:
    """A bid strategy and a match type that nobody knows yet."""
    ad_sets = root / "meta_ads" / "adsets-001.json"
    if ad_sets.exists() and (rows := dialects.rows_of(ad_sets)):
        rows[0]["optimization_goal"] = "BRAND_NEW_GOAL"
        dialects.write_page(ad_sets, rows, {})
        defects.flags.append(
            {"file": defects.name(ad_sets), "row": 0, "flag": "unknown_enum", "field": "optimization_goal"}
        )
    criteria = root / "google_ads" / "ad_group_criteria-001.json"
    if criteria.exists():
        rows = dialects.rows_of(criteria)
        at = next((at for at, row in enumerate(rows) if "keyword" in row["adGroupCriterion"]), None)
        if at is not None:
            rows[at]["adGroupCriterion"]["keyword"]["matchType"] = "NEARLY"
            field_name = "adGroupCriterion.keyword.matchType"
            defects.flags.append(
                {"file": defects.name(criteria), "row": at, "flag": "unknown_enum", "field": field_name}
            )
        dialects.write_batches(criteria, rows, "*")


def _mix_dialects(root: Path, defects: Defects) -> None:
    """Rewrite some clean files in the other forms that the contract knows."""
    google, meta = root / "google_ads", root / "meta_ads"

    def note(path: Path, dialect: str) -> None:
        defects.dialects.append({"file": defects.name(path), "dialect": dialect})

    if (path := google / "daily_earlier-001.json").exists():
        dialects.write_array(path, [dialects.snake_case(row) for row in dialects.rows_of(path)])
        note(path, "bare array, snake_case")
    if (path := google / "conversions_by_action_earlier-001.json").exists():
        note(dialects.compress(path), "gzip")
    if (path := google / "change_events-001.json").exists():
        for page in dialects.write_search_pages(path, dialects.rows_of(path), "*"):
            note(page, "search page")
    if (path := meta / "insights_earlier-001.json").exists():
        dialects.write_array(path, dialects.rows_of(path))
        note(path, "bare array")
    if (path := meta / "ads-001.json").exists():
        dialects.write_json_lines(path, dialects.rows_of(path))
        note(dialects.compress(path), "JSONL, gzip")
