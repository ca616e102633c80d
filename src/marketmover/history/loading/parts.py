"""Ad-level facts and breakdowns of the lake laid to budget lines: each line's parts by day, each split once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from marketmover.history.loading.daily import COUNTS, KEYS, ArrowTable, Cut, chosen_by_use, listed_actions
from marketmover.history.loading.outcomes import meta_totals, orders_table
from marketmover.history.mapping import mapped
from marketmover.history.panel import Floats, Line, Panel
from marketmover.history.parts import Part
from marketmover.history.segments import names_of
from marketmover.history.tables import FACTS, IbisTable, current, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake

PartKind = Literal["breakdown", "ad"]

_OWNER = ("platform", "account_id", "campaign_id", "group_id", "segment")
_USES = ("leads", "sales", "installs")


def load_parts(
    lake: "Lake",
    panel: Panel,
    *,
    kinds: Sequence[PartKind] = ("breakdown",),
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> tuple[Part, ...]:
    """What the exports say of parts of a panel's lines, by day.

    Args:
        lake: Holds the history.
        panel: Its lines, of one currency, are those that are read of.
        kinds: `breakdown` for splits by people, place, device and hour; `ad` for figures of single ads.
        as_of: The last day to see, as the panel was loaded.
        known_at: See only what was imported up to this moment, as the panel was loaded.

    Returns:
        Parts in the order of the panel's lines; empty where the exports split nothing so.
    """
    if not panel.lines:
        return ()
    ensure_tables(lake)
    cut = Cut(as_of, known_at)
    facts = _facts(lake, cut, kinds)
    owners = facts.select(*_OWNER).distinct().order_by(list(_OWNER)).to_pyarrow()
    slots, placed = _slots(owners, panel)
    if not slots:
        return ()
    figures = _figures(facts, placed)
    _add_meta_outcomes(figures, lake, facts, placed, cut)
    shares = _Shares(panel)
    return tuple(
        part
        for _, found in sorted(_by_split(slots, figures).items(), key=lambda item: item[0])
        for part in _parts(found, figures, panel, shares)
    )


@dataclass(frozen=True)
class _Slot:
    """Where rows go: a part of a line, in one of the ways in which its split may stand in the exports."""

    line: int
    by: tuple[str, ...]
    values: tuple[str, ...]
    way: tuple[bool, tuple[str, ...]]
    """Whether by group, and by what else it is split: other ways show the same figures once more."""


class Owners:
    """Which line a campaign's or group's figures belong to."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._rows: dict[tuple[str, str, str | None], int] = {}
        of_campaign: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, line in enumerate(lines):
            whole = line.budget_level == "campaign"
            self._rows[line.platform, line.campaign_id, None if whole else line.group_id] = row
            of_campaign[line.platform, line.campaign_id].append(row)
        self._alone = {campaign: found[0] for campaign, found in of_campaign.items() if len(found) == 1}

    def row_of(self, platform: str, campaign: str, group: str) -> int | None:
        """The line's row; none where a campaign's figures could be any of its ad sets'."""
        own = self._rows.get((platform, campaign, None), self._rows.get((platform, campaign, group)))
        return self._alone.get((platform, campaign)) if own is None and not group else own


@dataclass(frozen=True)
class _Figures:
    """Sums by slot and day: slots, days and each count, of shape (rows,); Meta's outcomes by slot, use and day."""

    slots: Any
    dates: Any
    counts: Mapping[str, Floats]
    outcomes: dict[int, dict[str, dict[Any, float]]]


def _facts(lake: "Lake", cut: Cut, kinds: Sequence[PartKind]) -> IbisTable:
    """Facts of these kinds; among breakdowns are daily figures that are split by device, hour or network."""
    facts = current(lake, FACTS, cut.known_at)
    wanted = facts.kind.isin(list(kinds))
    if "breakdown" in kinds:
        wanted |= (facts.kind == "daily") & (facts.segment != "")
    facts = facts.filter(wanted)
    return facts if cut.as_of is None else facts.filter(facts.date <= cut.as_of)


def _slots(owners: ArrowTable, panel: Panel) -> tuple[list[_Slot], ArrowTable]:
    """The slots, and each owner of rows with the number of its slot."""
    import pyarrow as pa

    lines, numbers, kept = Owners(panel.lines), dict[_Slot, int](), list[dict[str, Any]]()
    for owner in owners.to_pylist():
        line = lines.row_of(owner["platform"], owner["campaign_id"], owner["group_id"])
        names = names_of(owner["platform"], owner["segment"])
        if line is None or names is None:
            continue
        pairs, others = names
        slot = _Slot(
            line,
            tuple(name for name, _ in pairs),
            tuple(value for _, value in pairs),
            (bool(owner["group_id"]), others),
        )
        kept.append({**owner, "slot": numbers.setdefault(slot, len(numbers))})
    schema = pa.schema([*((name, pa.string()) for name in _OWNER), ("slot", pa.int64())])
    return list(numbers), pa.Table.from_pylist(kept, schema=schema)


def _figures(facts: IbisTable, placed: ArrowTable) -> _Figures:
    import ibis

    joined = facts.join(ibis.memtable(placed), list(_OWNER))
    sums = {name: joined[name].sum().cast("float64").fill_null(0) for name in COUNTS}
    rows = joined.group_by(["slot", "date"]).aggregate(**sums).order_by(["slot", "date"]).to_pyarrow()
    counts = {name: rows[name].to_numpy().astype(np.float64) for name in COUNTS}
    return _Figures(rows["slot"].to_numpy(), rows["date"].to_numpy().astype("datetime64[D]"), counts, {})


def _add_meta_outcomes(figures: _Figures, lake: "Lake", facts: IbisTable, placed: ArrowTable, cut: Cut) -> None:
    """Meta's outcomes by use, and the `value` of its sales."""
    import ibis

    totals = meta_totals(lake, cut)
    if not totals:
        return
    keys = (*KEYS, "segment")
    chosen = chosen_by_use(listed_actions(facts, keys), orders_table(totals, mapped(lake)), keys)
    joined = chosen.join(ibis.memtable(placed), list(_OWNER))
    by = ["slot", "use", "is_value", "date"]
    rows = joined.group_by(by).aggregate(amount=joined.amount.sum()).order_by(by).to_pyarrow()
    days = rows["date"].to_numpy().astype("datetime64[D]")
    columns = (rows[name].to_pylist() for name in ("slot", "use", "is_value", "amount"))
    for slot, use, is_value, amount, day in zip(*columns, days, strict=True):
        if use == "sales" or not is_value:
            name = "value" if is_value else use
            figures.outcomes.setdefault(slot, {}).setdefault(name, {})[day] = amount


_Found = list[tuple[int, _Slot]]


def _by_split(slots: Sequence[_Slot], figures: _Figures) -> dict[tuple[int, tuple[str, ...]], _Found]:
    """Line and split to its slots with their numbers, in the way that shows most impressions."""
    shown = np.bincount(figures.slots, figures.counts["impressions"], len(slots))
    ways: dict[tuple[int, tuple[str, ...]], dict[Any, _Found]] = defaultdict(lambda: defaultdict(list))
    for number, slot in enumerate(slots):
        ways[slot.line, slot.by][slot.way].append((number, slot))
    return {
        split: max(sorted(found.items()), key=lambda item: sum(shown[number] for number, _ in item[1]))[1]
        for split, found in ways.items()
    }


def _parts(found: _Found, figures: _Figures, panel: Panel, shares: "_Shares") -> list[Part]:
    numbers = np.array([number for number, _ in found])
    covered = figures.dates[np.isin(figures.slots, numbers)]
    first, last = covered.min(), covered.max()
    parts: list[Part] = []
    for number, slot in sorted(found, key=lambda item: item[1].values):
        own = slice(*np.searchsorted(figures.slots, [number, number + 1]))
        dates, counts = figures.dates[own], {name: each[own] for name, each in figures.counts.items()}
        line = panel.lines[slot.line]
        if line.platform == "meta_ads":
            outcomes = _meta_outcomes(figures.outcomes.get(number, {}), dates)
        else:
            outcomes = shares.of(slot.line, first, last, counts["conversions"]) | {"value": counts["conversions_value"]}
        parts.append(
            Part(
                line_id=line.id,
                by=slot.by,
                values=slot.values,
                first_date=first.astype(object),
                last_date=last.astype(object),
                dates=dates,
                impressions=counts["impressions"],
                clicks=counts["clicks"],
                cost=counts["cost_micros"] / 1_000_000,
                **outcomes,
            )
        )
    return parts


def _meta_outcomes(by_use: Mapping[str, Mapping[Any, float]], dates: Any) -> dict[str, Floats]:
    laid: dict[str, Floats] = {
        name: np.array([by_use.get(name, {}).get(day, 0.0) for day in dates], dtype=np.float64)
        for name in (*_USES, "value")
    }
    return {"conversions": laid["leads"] + laid["sales"] + laid["installs"], **laid}


class _Shares:
    """What Google's conversions of a line were, over the days of a split."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def of(self, row: int, first: Any, last: Any, conversions: Floats) -> dict[str, Floats]:
        """Conversions of a part, and their leads, sales and installs by the line's own shares."""
        counted = self._panel.conversions[row]
        days = (self._panel.dates >= first) & (self._panel.dates <= last)
        seen = days if counted[days].any() else np.ones(days.size, dtype=bool)
        total = float(counted[seen].sum())
        kinds = {use: float(getattr(self._panel, use)[row][seen].sum()) for use in _USES}
        shared = {use: conversions * (kind / total if total > 0 else 0.0) for use, kind in kinds.items()}
        return {"conversions": conversions, **shared}
