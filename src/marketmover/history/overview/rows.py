"""The rows of exports that figures rest on, with their file and place. It looks into the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from marketmover.history.tables import FACTS, FILES, IMPORTS, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake

_FIGURES = ("impressions", "clicks", "conversions", "conversions_value", "reach")


@dataclass(frozen=True)
class Whose:
    """Whose rows of which day; an empty group means all of the campaign."""

    platform: str
    campaign_id: str
    day: date
    group_id: str = ""
    account_id: str = ""


def rows_behind(lake: "Lake", whose: Whose, *, skip: int = 0, limit: int = 500) -> list[dict[str, Any]]:
    """The rows that the figures of a day rest on, daily ones first, then by group and segment.

    Args:
        lake: Holds the history.
        whose: Which rows.
        skip: So many first ones are left out.
        limit: At most so many.
    """
    import ibis

    ensure_tables(lake, columns_too=True)
    facts: Any = lake.table(FACTS.name)
    wanted = {"platform": whose.platform, "campaign_id": whose.campaign_id, "date": whose.day}
    wanted |= {name: value for name in ("group_id", "account_id") if (value := getattr(whose, name))}
    for name, value in wanted.items():
        facts = facts.filter(facts[name] == value)
    latest = ibis.row_number().over(group_by=list(FACTS.key), order_by=ibis.desc("import_id"))
    facts = facts.mutate(version=latest).filter(lambda rows: rows.version == 0).drop("version")
    daily_first = (facts.kind != "daily").cast("int64")
    ordered = facts.order_by([daily_first, "kind", "group_id", "segment", "action"])
    rows = ordered.limit(limit, offset=skip).drop("workspace_id").to_pyarrow().to_pylist()
    return _told(lake, rows)


def shown_source(folder: str) -> str:
    """What an import read, without where the home lies."""
    parts = PurePath(folder).parts
    for kept in ("imports", "pulls"):
        if kept in parts and "files" in parts[: parts.index(kept)]:
            return "/".join(parts[parts.index(kept) :])
    return parts[-1] if parts else folder


def _told(lake: "Lake", rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ids = sorted({row["import_id"] for row in rows})
    if not ids:
        return []
    imports: Any = lake.table(IMPORTS.name)
    about = imports.filter(imports.import_id.isin(ids)).select("import_id", "imported_at", "folder")
    known = {row["import_id"]: row for row in about.to_pyarrow().to_pylist()}
    files: Any = lake.table(FILES.name)
    named = files.filter(files.import_id.isin(ids)).to_pyarrow().to_pylist()
    places = {(row["import_id"], row["file"]): row for row in named}
    return [_row(row, known[row["import_id"]], places.get((row["import_id"], row["file"]))) for row in rows]


def _row(row: Mapping[str, Any], about: Mapping[str, Any], place: Mapping[str, Any] | None) -> dict[str, Any]:
    figures = {name: float(row[name]) for name in _FIGURES if row[name] is not None}
    if row["cost_micros"] is not None:
        figures["cost"] = row["cost_micros"] / 1_000_000
    names = ("kind", "date", "platform", "account_id", "campaign_id", "group_id", "segment", "action", "import_id")
    return {
        **{name: row[name] for name in names},
        "figures": figures,
        "actions": {one["action_type"]: one["value"] for one in row["actions"] or () if one["value"] is not None},
        "imported_at": about["imported_at"],
        "source": shown_source(about["folder"]),
        "file": place["name"] if place else None,
        "row": row["place"] - place["first_place"] if place else None,
    }
