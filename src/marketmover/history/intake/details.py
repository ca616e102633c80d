"""What is not a fact, taken into the lake: only what is new or changed against what is there."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from marketmover.history.intake.google_details import (
    google_change,
    google_creative,
    google_criterion,
    google_curve,
    google_settings,
)
from marketmover.history.intake.meta_details import (
    MetaObjects,
    meta_ad_set,
    meta_campaign,
    meta_change,
    meta_creative,
    meta_curve,
    meta_fact_settings,
    meta_targeting,
)
from marketmover.history.intake.reactions import meta_reaction
from marketmover.history.intake.values import Flags
from marketmover.history.tables import (
    CHANGES,
    CREATIVES,
    REACTIONS,
    SETTINGS,
    TARGETING,
    TableForm,
    append_rows,
    current_rows,
)

if TYPE_CHECKING:
    from marketmover.history.reading.staging import Staging
    from marketmover.store import Lake

Row = dict[str, Any]
_GOOGLE_OBJECTS = ("campaign", "budget", "ad_group")
_FACTS = "kind IN ('daily', 'action', 'breakdown', 'ad')"


class Details:
    """Rows for the lake's smaller tables, gathered in the order of reading.

    Attributes:
        unusable: Staged rows (by `seq`) that lack what they need, with reason and words.
    """

    def __init__(self) -> None:
        self.settings: list[Row] = []
        self.targeting: list[Row] = []
        self.creatives: list[Row] = []
        self.changes: list[Row] = []
        self.reactions: list[Row] = []
        self.flags = Flags()
        self.unusable: list[tuple[int, str, str]] = []
        self.targeted_groups: set[tuple[str, str]] = set()


def gather_google(staging: "Staging", details: Details, known: Sequence[Row]) -> None:
    """Everything but figures from Google's rows; `known` are settings of earlier imports."""
    homes = {row["campaign_id"]: row["account_id"] for row in known}
    homes |= dict(
        staging.db.execute("""
            SELECT campaign_id, min(account_id) FROM google_rows
            WHERE campaign_id IS NOT NULL AND account_id IS NOT NULL GROUP BY campaign_id""").fetchall()
    )
    only = next(iter(set(homes.values()))) if len(set(homes.values())) == 1 else ""
    for row in _latest(staging, "google", _GOOGLE_OBJECTS):
        row["account_id"] = row["account_id"] or homes.get(row["campaign_id"], only)
        details.settings += google_settings(row, staging.name_of(row["file"]), details.flags)
    builders = {
        "curve": (google_curve, details.settings, "a simulation without budget points or campaign"),
        "change": (google_change, details.changes, "a change without its time"),
        "creative": (google_creative, details.creatives, "an ad without its id"),
    }
    for row in _others(staging, "google"):
        kind = row["kind"]
        row["account_id"] = row["account_id"] or homes.get(row["campaign_id"] or "", only)
        if kind in ("ad", "creative"):
            kind = "creative"
        if kind in builders:
            build, into, lacking = builders[kind]
            _put(details, row, build(row), into, lacking)
        elif kind in ("criterion", "breakdown") and (
            criterion := google_criterion(row, staging.name_of(row["file"]), details.flags)
        ):
            details.targeting.append(criterion)
        elif kind == "criterion" and not row["campaign_id"]:
            details.unusable.append((row["seq"], "missing_id", "no campaign id"))


def gather_meta(staging: "Staging", details: Details, currency: Mapping[str, str], known: Sequence[Row]) -> None:
    """Everything but figures from Meta's rows; `known` are settings of earlier imports."""
    for row in _latest(staging, "meta", ()):
        details.settings += meta_fact_settings(row, staging.name_of(row["file"]), details.flags)
    rows = [(row, json.loads(row["extra"])) for row in _others(staging, "meta") if row["extra"]]
    objects = _objects(rows, details.settings, known, currency)
    for row, whole in rows:
        _gather_meta_object(row, whole, objects, details, staging.name_of(row["file"]))


def _objects(
    rows: Iterable[tuple[Row, Row]], settings: Iterable[Row], known: Iterable[Row], currency: Mapping[str, str]
) -> MetaObjects:
    homes: dict[str, str] = {}
    campaigns: dict[str, str] = {}
    for row in (*known, *settings):
        homes[row["campaign_id"]] = row["account_id"]
        if row["group_id"]:
            campaigns[row["group_id"]] = row["campaign_id"]
    objects = MetaObjects(homes, dict(currency), campaigns)
    for row, whole in rows:
        if row["kind"] == "campaign" and whole.get("id"):
            homes.setdefault(whole["id"], objects.account(whole, whole["id"]))
        if row["kind"] == "ad_set" and whole.get("id") and whole.get("campaign_id"):
            campaigns.setdefault(whole["id"], whole["campaign_id"])
            homes.setdefault(whole["campaign_id"], objects.account(whole, whole["campaign_id"]))
    return objects


def _gather_meta_object(row: Row, whole: Row, objects: MetaObjects, details: Details, file: str) -> None:
    kind = row["kind"]
    if kind == "campaign":
        _put(
            details, row, meta_campaign(whole, objects, file, details.flags), details.settings, "a campaign without id"
        )
    elif kind == "ad_set":
        ad_set = meta_ad_set(whole, objects, file, details.flags)
        _put(details, row, ad_set, details.settings, "an ad set without its id or its campaign's")
        if ad_set is not None and whole.get("targeting"):
            details.targeting += meta_targeting(whole, ad_set)
            details.targeted_groups.add((ad_set["campaign_id"], ad_set["group_id"]))
    elif kind == "creative":
        _put(details, row, meta_creative(whole, objects), details.creatives, "an ad without its id")
    elif kind == "reaction":
        _put(details, row, meta_reaction(whole, objects), details.reactions, "a comment without its id or its day")
    elif kind == "change":
        _put(details, row, meta_change(whole, objects), details.changes, "a change without its time", "missing_date")
    elif kind == "curve":
        _put(details, row, meta_curve(whole, objects), details.settings, "a curve without its ad set or campaign")


def _put(
    details: Details, row: Row, built: Row | None, into: list[Row], lacking: str, reason: str = "missing_id"
) -> None:
    if built is None:
        details.unusable.append((row["seq"], reason, lacking))
    else:
        into.append(built)


def _latest(staging: "Staging", source: str, structs: tuple[str, ...]) -> Iterator[Row]:
    """The latest row of each campaign and group in each file: what it says of their settings."""
    said = ", ".join(structs or ("campaign_name", "adset_name", "objective"))
    kinds = f"({_FACTS} OR kind = 'settings')" if source == "google" else _FACTS
    there = " AND campaign IS NOT NULL" if structs else ""
    found = staging.db.execute(f"""
        SELECT seq, file, account_id, campaign_id, group_id, {said} FROM {source}_rows WHERE seq IN (
            SELECT arg_max(seq, coalesce(date, DATE '9999-12-31')) FROM {source}_rows
            WHERE {kinds} AND reason IS NULL AND campaign_id IS NOT NULL{there}
            GROUP BY file, campaign_id, group_id)
        ORDER BY seq""")  # noqa: S608 - our own names
    names = [column[0] for column in found.description or []]
    return (dict(zip(names, values, strict=True)) for values in found.fetchall())


def _others(staging: "Staging", source: str) -> Iterator[Row]:
    """Rows that are about something beside figures; of an ad's daily rows only the latest."""
    wanted = f"NOT {_FACTS} AND kind NOT IN ('settings', 'unknown')"
    ads = f"""SELECT arg_max(seq, date) FROM {source}_rows WHERE kind IN ('ad', 'breakdown') AND extra IS NOT NULL
        GROUP BY campaign_id, group_id, segment"""  # noqa: S608 - our own names
    found = staging.db.execute(f"""
        SELECT seq, file, kind, account_id, campaign_id, group_id, extra FROM {source}_rows
        WHERE ({wanted}) OR seq IN ({ads}) ORDER BY seq""")  # noqa: S608 - our own names
    names = [column[0] for column in found.description or []]
    while rows := found.fetchmany(10_000):
        yield from (dict(zip(names, values, strict=True)) for values in rows)


def append_details(lake: "Lake", details: Details, import_id: int) -> Counter[str]:
    """Append what is new or changed of all the smaller tables."""
    counts: Counter[str] = Counter()
    targeting = details.targeting + ([] if import_id == 1 else _gone(lake, details))
    for form, rows, partial in (
        (SETTINGS, details.settings, True),
        (TARGETING, targeting, False),
        (CREATIVES, details.creatives, True),
        (CHANGES, details.changes, False),
        (REACTIONS, details.reactions, False),
    ):
        counts += append_changed(lake, form, rows, import_id, partial=partial)
    return counts


def append_changed(
    lake: "Lake", form: TableForm, rows: Sequence[Row], import_id: int, *, partial: bool
) -> Counter[str]:
    """Append rows whose content differs from the current version of the same key.

    Args:
        lake: Where they go.
        form: The table.
        rows: In the order of reading; of a repeated key the later one wins.
        import_id: Number of this import.
        partial: Whether nulls mean "not said" and leave what is known, rather than "nothing".
    """
    if not rows:
        return Counter()
    fields = [name for name in form.columns if name != "import_id"]
    there = [] if import_id == 1 else current_rows(lake, form)
    known = {_key(form, row): {name: row.get(name) for name in fields} for row in there}
    latest: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = _key(form, row)
        base = latest.get(key) or known.get(key)
        full = {name: row.get(name) for name in fields}
        if partial and base:
            full = {name: base[name] if value is None else value for name, value in full.items()}
        latest[key] = full
    fresh = [row for key, row in latest.items() if known.get(key) != row]
    append_rows(lake, form, [{"import_id": import_id, **row} for row in fresh])
    return Counter(added=len(fresh), known=len(latest) - len(fresh))


def _key(form: TableForm, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in form.key)


def _gone(lake: "Lake", details: Details) -> list[Row]:
    """Criteria of ad sets whose targeting came whole again without them."""
    if not details.targeted_groups:
        return []
    said = {_key(TARGETING, row) for row in details.targeting}
    return [
        {**{name: row[name] for name in TARGETING.columns if name != "import_id"}, "present": False}
        for row in current_rows(lake, TARGETING)
        if (row["campaign_id"], row["group_id"]) in details.targeted_groups
        and row["platform"] == "meta_ads"
        and row["present"]
        and _key(TARGETING, row) not in said
    ]
