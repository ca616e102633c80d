"""Daily figures aggregated in the lake: each key and day once, whatever it is split by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from marketmover.history.once import once
from marketmover.history.tables import FACTS, LEADS, IbisTable, current

if TYPE_CHECKING:
    from marketmover.store import Lake

ArrowTable = Any
"""A pyarrow table, which comes without types."""

KEYS = ("platform", "account_id", "campaign_id", "group_id", "date")
COUNTS = ("impressions", "clicks", "cost_micros", "conversions", "conversions_value")
SHARES = ("search_impression_share", "budget_lost_share", "rank_lost_share")


@dataclass(frozen=True)
class Cut:
    """How much of the history is seen: days up to `as_of`, imports up to `known_at`; `None` for all."""

    as_of: date | None = None
    known_at: datetime | None = None

    def facts(self, lake: "Lake", kind: str) -> IbisTable:
        """Current facts of a kind."""
        facts = current(lake, FACTS, self.known_at)
        facts = facts.filter(facts.kind == kind)
        return facts if self.as_of is None else facts.filter(facts.date <= self.as_of)


def daily_figures(lake: "Lake", cut: Cut) -> ArrowTable:
    """One row a platform, account, campaign, group and day: counts, shares weighted by impressions, reach.

    Sums are handed out as float64, exact up to 2**53: what rows may hold adds up to more than int64 can.
    """
    return once(lake, "daily figures", cut, lambda: _daily_figures(lake, cut))


def _daily_figures(lake: "Lake", cut: Cut) -> ArrowTable:
    import ibis

    facts = cut.facts(lake, "daily")
    weighted = {f"{name}_sum": (facts[name] * facts.impressions).sum() for name in SHARES}
    weights = {f"{name}_weight": _total(facts[name].notnull().ifelse(facts.impressions, 0)) for name in SHARES}
    by_dims = facts.group_by([*KEYS, "dims"]).aggregate(
        **{name: _total(facts[name]).fill_null(0) for name in COUNTS}, **weighted, **weights, reach=_total(facts.reach)
    )
    rank = ibis.row_number().over(group_by=list(KEYS), order_by="dims")
    once = by_dims.mutate(rank=rank).filter(lambda rows: rows["rank"] == 0)
    return once.drop("rank").order_by(list(KEYS)).to_pyarrow()


def _total(column: Any) -> Any:
    return column.sum().cast("float64")


def google_actions(lake: "Lake", cut: Cut) -> IbisTable:
    """Conversions by Google's actions, an expression: one row a key, day and action, each day once."""
    import ibis

    facts = cut.facts(lake, "action")
    keys = [*KEYS, "action"]
    by_dims = facts.group_by([*keys, "dims"]).aggregate(
        action_category=facts.action_category.max(),
        conversions=facts.conversions.sum().fill_null(0),
        value=facts.conversions_value.sum().fill_null(0),
    )
    rank = ibis.row_number().over(group_by=keys, order_by="dims")
    once = by_dims.mutate(rank=rank).filter(lambda rows: rows["rank"] == 0)
    return once.drop("rank", "dims")


def meta_actions(lake: "Lake", cut: Cut) -> IbisTable:
    """Meta's actions, an expression: one row a key, day, action type and `is_value` (of `action_values`)."""
    return listed_actions(cut.facts(lake, "daily"), KEYS)


def listed_actions(facts: IbisTable, keys: Sequence[str]) -> IbisTable:
    """The actions that Meta's facts list, an expression: one row for `keys`, action type and `is_value`."""
    import ibis

    facts = facts.filter(facts.platform == "meta_ads")
    parts: list[IbisTable] = []
    for column, is_value in (("actions", False), ("action_values", True)):
        split = facts.select(*keys, item=facts[column].unnest())
        item: Any = split["item"]
        rows = split.mutate(action=item.action_type, amount=item.value, is_value=ibis.literal(is_value))
        parts.append(rows.drop("item"))
    both = parts[0].union(parts[1])
    return both.group_by([*keys, "action", "is_value"]).aggregate(amount=both.amount.sum())


def summed_by_use(actions: IbisTable, uses: ArrowTable) -> ArrowTable:
    """Google's conversions and value by use: `uses` says the `use` of each `account_id` and `action`."""
    import ibis

    joined = actions.join(ibis.memtable(uses), ["account_id", "action"])
    keys = [*KEYS, "use"]
    summed = joined.group_by(keys).aggregate(conversions=joined.conversions.sum(), value=joined.value.sum())
    return summed.order_by(keys).to_pyarrow()


def first_by_use(actions: IbisTable, orders: ArrowTable) -> ArrowTable:
    """Meta's amounts by use: of the types that count the same, each row's first in the order, never their sum.

    `orders` says the `use` and `rank` of each `account_id` and `action`.
    """
    return chosen_by_use(actions, orders, KEYS).order_by([*KEYS, "use", "is_value"]).to_pyarrow()


def chosen_by_use(actions: IbisTable, orders: ArrowTable, keys: Sequence[str]) -> IbisTable:
    """The same as an expression, for rows of `listed_actions` with these `keys`."""
    import ibis

    joined = actions.join(ibis.memtable(orders), ["account_id", "action"])
    unique = [*keys, "use", "is_value"]
    first = ibis.row_number().over(group_by=unique, order_by="rank")
    chosen = joined.mutate(place=first).filter(lambda rows: rows.place == 0)
    return chosen.select(*unique, "amount")


def lead_figures(lake: "Lake", cut: Cut) -> ArrowTable:
    """CRM leads: one row a platform, campaign, group and day created: leads, decided, qualified, won, revenue.

    A decision counts from the day it was made, where the CRM says that day.
    """
    import ibis

    leads = current(lake, LEADS, cut.known_at)
    decided = leads.qualified.notnull()
    won = leads.won.fill_null(ibis.literal(value=False))
    if cut.as_of is not None:
        leads = leads.filter(leads.date <= cut.as_of)
        decided = leads.qualified.notnull() & (leads.qualified_at.fill_null(cut.as_of) <= cut.as_of)
        won = leads.won.fill_null(ibis.literal(value=False)) & (leads.won_at.fill_null(cut.as_of) <= cut.as_of)
    keys = ["platform", "campaign_id", "group_id", "date"]
    grouped = leads.group_by([*keys, "currency"]).aggregate(
        leads=leads.count(),
        decided=decided.cast("int64").sum(),
        qualified=(decided & leads.qualified).cast("int64").sum(),
        won=won.cast("int64").sum(),
        revenue=won.ifelse(leads.revenue.fill_null(0.0), 0.0).sum(),
    )
    return grouped.order_by([*keys, "currency"]).to_pyarrow()
