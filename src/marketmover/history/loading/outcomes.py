"""Outcomes by line and day: conversions, and which of them are leads, sales and installs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from marketmover.history.loading.daily import (
    ArrowTable,
    Cut,
    first_by_use,
    google_actions,
    meta_actions,
    summed_by_use,
)
from marketmover.history.loading.grid import Grid
from marketmover.history.loading.lines import Known
from marketmover.history.mapping import (
    ALL_CONVERSIONS,
    ActionKind,
    ActionUse,
    google_kinds,
    mapped,
    meta_kinds,
    meta_orders,
)
from marketmover.history.once import once
from marketmover.history.panel import Floats
from marketmover.history.tables import IbisTable

if TYPE_CHECKING:
    from marketmover.store import Lake

_USES: tuple[ActionUse, ...] = ("leads", "sales", "installs")
_VALUE_BIDDING = ("TARGET_ROAS", "MAXIMIZE_CONVERSION_VALUE")


@dataclass(frozen=True)
class Outcomes:
    """Arrays of shape (lines, days), and what each conversion action was taken for."""

    conversions: Floats
    leads: Floats
    sales: Floats
    installs: Floats
    value: Floats
    kinds: tuple[ActionKind, ...]


def load_outcomes(lake: "Lake", cut: Cut, grid: Grid, known: Known, crm_leads: Floats) -> Outcomes:
    """Outcomes of a grid's lines: Google's by mapped actions, Meta's by the stated order of action types."""
    said = mapped(lake)
    google = google_actions(lake, cut)
    google_said = _google_kinds(google, said)
    by_use: dict[ActionUse, Floats] = {use: np.zeros(grid.observed.shape) for use in _USES}
    value = grid.figures["conversions_value"].copy()
    kinds = [kind for found in google_said.values() for kind in found]
    if kinds:
        _add_google_actions(by_use, grid, summed_by_use(google, _uses_table(google_said)))
    rest = _lines_without_actions(grid, set(google_said))
    kinds += _add_whole_conversions(by_use, grid, rest, known, crm_leads, said.get(("google_ads", ALL_CONVERSIONS)))
    conversions = grid.figures["conversions"].copy()
    meta = meta_actions(lake, cut)
    totals = meta_totals(lake, cut)
    if totals:
        chosen = first_by_use(meta, orders_table(totals, said))
        meta_value = _add_meta_actions(by_use, grid, chosen)
        value += meta_value
        kinds += [kind for actions in totals.values() for kind in meta_kinds(actions.items(), said)]
    for laid in by_use.values():
        laid[~grid.observed] = 0.0
    is_meta = np.array([key.platform == "meta_ads" for key in grid.keys], dtype=bool)
    conversions[is_meta] = sum(by_use[use][is_meta] for use in _USES)
    return Outcomes(conversions, by_use["leads"], by_use["sales"], by_use["installs"], value, _merged(kinds))


def _merged(kinds: Sequence[ActionKind]) -> tuple[ActionKind, ...]:
    """One entry an action: totals of several accounts together, in the order of totals."""
    totals: dict[tuple[str, str, str], float] = defaultdict(float)
    first: dict[tuple[str, str, str], ActionKind] = {}
    for kind in kinds:
        key = (kind.platform, kind.action, kind.kind)
        totals[key] += kind.total
        first.setdefault(key, kind)
    merged = [
        ActionKind(kind.platform, kind.action, kind.kind, kind.reason, totals[key], kind.guessed)
        for key, kind in first.items()
    ]
    return tuple(sorted(merged, key=lambda kind: (kind.platform, kind.kind == "other", -kind.total)))


def _google_kinds(actions: IbisTable, said: dict[tuple[str, str], ActionUse]) -> dict[str, list[ActionKind]]:
    summed = actions.group_by(["account_id", "action"]).aggregate(
        category=actions.action_category.max(), total=actions.conversions.sum()
    )
    by_account: dict[str, list[tuple[str, str | None, float]]] = defaultdict(list)
    for row in summed.order_by(["account_id", "action"]).to_pyarrow().to_pylist():
        by_account[row["account_id"]].append((row["action"], row["category"], row["total"]))
    return {account: google_kinds(rows, said) for account, rows in by_account.items()}


def _uses_table(kinds: dict[str, list[ActionKind]]) -> ArrowTable:
    import pyarrow as pa

    rows = [(account, kind.action, kind.kind) for account, found in kinds.items() for kind in found]
    return pa.table(dict(zip(("account_id", "action", "use"), zip(*rows, strict=True), strict=True)))


def _add_google_actions(by_use: dict[ActionUse, Floats], grid: Grid, rows: ArrowTable) -> None:
    """Actions by use; before the first and after the last day that actions are known for, by their share till then."""
    laid = {use: grid.lay_out(_where(rows, use), "conversions") for use in _USES}
    accounts = np.array([key.account_id for key in grid.keys])
    for account in sorted(set(rows["account_id"].to_pylist())):
        mine = accounts == account
        days = rows.filter(_equal(rows["account_id"], account))["date"].to_numpy().astype("datetime64[D]")
        covered = (grid.days >= days.min()) & (grid.days <= days.max())
        counted = grid.figures["conversions"]
        known_total = counted[mine][:, covered].sum(axis=1, keepdims=True)
        for use in _USES:
            done = laid[use][mine][:, covered].sum(axis=1, keepdims=True)
            pooled = done.sum() / known_total.sum() if known_total.sum() else 0.0
            share = np.divide(done, known_total, out=np.full(done.shape, pooled), where=known_total > 0)
            by_use[use][mine] += np.where(covered, laid[use][mine], counted[mine] * share)


def _where(rows: ArrowTable, use: str) -> ArrowTable:
    return rows.filter(_equal(rows["use"], use))


def _equal(column: Any, value: Any) -> Any:
    """A mask of arrow rows whose column has the value."""
    import pyarrow as pa

    return pa.array(np.array(column.to_pylist(), dtype=object) == value)


def _lines_without_actions(grid: Grid, accounts: set[str]) -> list[int]:
    return [row for row, key in enumerate(grid.keys) if key.platform == "google_ads" and key.account_id not in accounts]


def _add_whole_conversions(
    by_use: dict[ActionUse, Floats],
    grid: Grid,
    rows: list[int],
    known: Known,
    crm_leads: Floats,
    said: ActionUse | None,
) -> list[ActionKind]:
    """Conversions of lines whose account does not export them by action, each line's taken for one use as a whole."""
    kinds: list[ActionKind] = []
    for row in rows:
        total = float(grid.figures["conversions"][row].sum())
        use, reason = (said, "said so") if said else _guess_whole(grid, row, known, crm_leads)
        if use in by_use:
            by_use[use][row] += grid.figures["conversions"][row]
        kinds.append(ActionKind("google_ads", ALL_CONVERSIONS, use, reason, total, guessed=said is None))
    return kinds


def _guess_whole(grid: Grid, row: int, known: Known, crm_leads: Floats) -> tuple[ActionUse, str]:
    key = grid.keys[row]
    settings = known.settings.get((key.campaign_id, ""), {})
    ad_type, subtype = settings.get("ad_type"), str(settings.get("ad_subtype") or "")
    if subtype.startswith("APP_CAMPAIGN"):
        return "installs", "not exported by action; an app campaign"
    if ad_type == "SHOPPING":
        return "sales", "not exported by action; a shopping campaign"
    account = [other for other, its in enumerate(grid.keys) if its.account_id == key.account_id]
    if crm_leads[account].any():
        return "leads", "not exported by action; the CRM has leads of this account"
    if settings.get("bidding_strategy") in _VALUE_BIDDING:
        return "sales", "not exported by action; the campaign bids for value"
    if grid.figures["conversions_value"][account].any():
        return "sales", "not exported by action; the account's conversions have values"
    return "leads", "not exported by action; conversions have no value"


def meta_totals(lake: "Lake", cut: Cut) -> dict[str, dict[str, float]]:
    """Meta's actions by account and type, summed over all days."""
    return once(lake, "totals of Meta's actions", cut, lambda: _totals(meta_actions(lake, cut)))


def _totals(actions: IbisTable) -> dict[str, dict[str, float]]:
    counted = actions.filter(~actions.is_value)
    summed = counted.group_by(["account_id", "action"]).aggregate(total=counted.amount.sum())
    totals: dict[str, dict[str, float]] = defaultdict(dict)
    for row in summed.order_by(["account_id", "action"]).to_pyarrow().to_pylist():
        totals[row["account_id"]][row["action"]] = row["total"] or 0.0
    return dict(totals)


def orders_table(totals: dict[str, dict[str, float]], said: dict[tuple[str, str], ActionUse]) -> ArrowTable:
    """Which of Meta's action types to look for, by account and use, first one first: `chosen_by_use` takes it."""
    import pyarrow as pa

    rows = [
        (account, action, use, rank)
        for account, actions in totals.items()
        for use, order in meta_orders(actions, said).items()
        for rank, action in enumerate(order)
    ]
    return pa.table(dict(zip(("account_id", "action", "use", "rank"), zip(*rows, strict=True), strict=True)))


def _add_meta_actions(by_use: dict[ActionUse, Floats], grid: Grid, rows: ArrowTable) -> Floats:
    """Add Meta's outcomes to their uses; the value of its sales."""
    counts = rows.filter(_equal(rows["is_value"], value=False))
    for use in _USES:
        by_use[use] += grid.lay_out(_where(counts, use), "amount")
    return grid.lay_out(_where(rows.filter(rows["is_value"]), "sales"), "amount")
