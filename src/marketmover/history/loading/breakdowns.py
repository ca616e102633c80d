"""Breakdowns of the lake laid to budget lines: each line's parts, each breakdown once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from marketmover.history.breakdowns import Breakdown, added
from marketmover.history.loading.daily import KEYS, Cut, chosen_by_use, listed_actions
from marketmover.history.loading.outcomes import meta_totals, orders_table
from marketmover.history.mapping import mapped
from marketmover.history.panel import Line, Panel
from marketmover.history.segments import people_of
from marketmover.history.tables import FACTS, IbisTable, current, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake

_OWNER = ("platform", "account_id", "campaign_id", "group_id", "segment")
_USES = ("leads", "sales", "installs")
_Owner = tuple[str, ...]
_Cut = tuple[str, tuple[str, ...]]
"""A line, and what it is broken down by."""


def load_breakdowns(
    lake: "Lake", panel: Panel, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[Breakdown, ...]:
    """What the exports say of parts of a panel's lines, summed over the days that they cover.

    Args:
        lake: Holds the history.
        panel: Its lines, of one currency, are those that are read of.
        as_of: The last day to see, as the panel was loaded.
        known_at: See only what was imported up to this moment, as the panel was loaded.

    Returns:
        Parts in the order of the panel's lines; empty where the exports break nothing down.
    """
    if not panel.lines:
        return ()
    ensure_tables(lake)
    cut = Cut(as_of, known_at)
    facts = _facts(lake, cut)
    rows = _summed(facts)
    if not rows:
        return ()
    outcomes = _meta_outcomes(lake, facts, cut)
    owners = _Owners(panel.lines)
    found: dict[_Cut, dict[_Way, list[Breakdown]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        line, people = owners.line_of(row), people_of(row["platform"], row["segment"])
        if line is None or people is None:
            continue
        part = _part(line, people[0], row, outcomes)
        found[line, part.by][_Way(bool(row["group_id"]), people[1])].append(part)
    shares = _Shares(panel)
    return tuple(
        part
        for cut in sorted(found, key=lambda one: (panel.line_ids.index(one[0]), one[1]))
        for part in shares.applied(_joined(_fullest(found[cut])))
    )


@dataclass(frozen=True)
class _Way:
    """A way in which one breakdown may stand in the exports: by group or campaign, and split by what else."""

    by_group: bool
    others: tuple[str, ...]


class _Owners:
    """Which line a campaign's or group's figures belong to."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines: dict[tuple[str, str, str | None], str] = {}
        of_campaign: dict[tuple[str, str], list[str]] = defaultdict(list)
        for line in lines:
            whole = line.budget_level == "campaign"
            self._lines[line.platform, line.campaign_id, None if whole else line.group_id] = line.id
            of_campaign[line.platform, line.campaign_id].append(line.id)
        self._alone = {owner: found[0] for owner, found in of_campaign.items() if len(found) == 1}

    def line_of(self, row: Mapping[str, Any]) -> str | None:
        """The line; none where a campaign's figures could be any of its ad sets'."""
        campaign = (row["platform"], row["campaign_id"])
        own = self._lines.get((*campaign, None)) or self._lines.get((*campaign, row["group_id"]))
        return own or (None if row["group_id"] else self._alone.get(campaign))


def _facts(lake: "Lake", cut: Cut) -> IbisTable:
    """Breakdowns, and daily figures that are split by device, hour or network."""
    facts = current(lake, FACTS, cut.known_at)
    facts = facts.filter((facts.kind == "breakdown") | ((facts.kind == "daily") & (facts.segment != "")))
    return facts if cut.as_of is None else facts.filter(facts.date <= cut.as_of)


def _summed(facts: IbisTable) -> list[dict[str, Any]]:
    summed = facts.group_by(list(_OWNER)).aggregate(
        first=facts.date.min(),
        last=facts.date.max(),
        impressions=facts.impressions.sum().cast("float64").fill_null(0),
        clicks=facts.clicks.sum().cast("float64").fill_null(0),
        cost_micros=facts.cost_micros.sum().cast("float64").fill_null(0),
        conversions=facts.conversions.sum().fill_null(0),
        value=facts.conversions_value.sum().fill_null(0),
    )
    rows: list[dict[str, Any]] = summed.order_by(list(_OWNER)).to_pyarrow().to_pylist()
    return rows


def _meta_outcomes(lake: "Lake", facts: IbisTable, cut: Cut) -> dict[_Owner, dict[str, float]]:
    """Meta's outcomes by use, and the `value` of its sales, by owner and segment."""
    totals = meta_totals(lake, cut)
    if not totals:
        return {}
    keys = (*KEYS, "segment")
    chosen = chosen_by_use(listed_actions(facts, keys), orders_table(totals, mapped(lake)), keys)
    summed = chosen.group_by([*_OWNER, "use", "is_value"]).aggregate(amount=chosen.amount.sum())
    found: dict[_Owner, dict[str, float]] = defaultdict(dict)
    for row in summed.order_by([*_OWNER, "use", "is_value"]).to_pyarrow().to_pylist():
        name = row["use"] if not row["is_value"] else "value" if row["use"] == "sales" else ""
        found[tuple(row[key] for key in _OWNER)][name] = row["amount"]
    return found


def _part(
    line: str,
    people: tuple[tuple[str, str], ...],
    row: Mapping[str, Any],
    outcomes: Mapping[_Owner, Mapping[str, float]],
) -> Breakdown:
    meta = row["platform"] == "meta_ads"
    counted = outcomes.get(tuple(row[key] for key in _OWNER), {}) if meta else {}
    by_use = {use: counted.get(use, 0.0) for use in _USES}
    return Breakdown(
        line_id=line,
        by=tuple(name for name, _ in people),
        values=tuple(value for _, value in people),
        first_date=row["first"],
        last_date=row["last"],
        impressions=row["impressions"],
        clicks=row["clicks"],
        cost=row["cost_micros"] / 1_000_000,
        conversions=sum(by_use.values()) if meta else row["conversions"],
        value=counted.get("value", 0.0) if meta else row["value"],
        **by_use,
    )


def _fullest(ways: Mapping[_Way, list[Breakdown]]) -> list[Breakdown]:
    """The parts as they stand in the fullest of the ways: the others are the same figures once more."""
    return max(
        sorted(ways.items(), key=lambda item: (item[0].by_group, item[0].others)),
        key=lambda item: sum(part.impressions for part in item[1]),
    )[1]


def _joined(parts: Sequence[Breakdown]) -> list[Breakdown]:
    """One part for each of the values, with the days that the breakdown as a whole covers."""
    first, last = min(part.first_date for part in parts), max(part.last_date for part in parts)
    return [replace(part, first_date=first, last_date=last) for part in added(parts)]


class _Shares:
    """What Google's conversions of a line were, over the days of a breakdown."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._rows = {line.id: row for row, line in enumerate(panel.lines)}

    def applied(self, parts: Sequence[Breakdown]) -> list[Breakdown]:
        """The parts with Google's conversions shared out to leads, sales and installs."""
        row = self._rows[parts[0].line_id]
        if self._panel.lines[row].platform != "google_ads":
            return list(parts)
        days = (self._panel.dates >= np.datetime64(parts[0].first_date)) & (
            self._panel.dates <= np.datetime64(parts[0].last_date)
        )
        kinds = [getattr(self._panel, use)[row] for use in _USES]
        counted = self._panel.conversions[row]
        seen = days if counted[days].any() else np.ones(days.size, dtype=bool)
        total = float(counted[seen].sum())
        shares = {
            use: float(of[seen].sum()) / total if total > 0 else 0.0 for use, of in zip(_USES, kinds, strict=True)
        }
        return [replace(part, **{use: part.conversions * share for use, share in shares.items()}) for part in parts]
