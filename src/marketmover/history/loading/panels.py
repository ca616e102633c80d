"""The panel: aggregated figures of the lake laid out as arrays of lines and days."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from marketmover.errors import InputError
from marketmover.history.loading.daily import COUNTS, KEYS, SHARES, Cut, daily_figures, lead_figures
from marketmover.history.loading.lines import Known, LineKey, describe_line, line_keys, owners_of
from marketmover.history.loading.outcomes import Outcomes, load_outcomes
from marketmover.history.mapping import ActionKind
from marketmover.history.panel import Bools, Days, Floats, Line, Panel, PlatformCurve
from marketmover.history.tables import (
    ACCOUNTS,
    CHANGES,
    CREATIVES,
    SETTINGS,
    TARGETING,
    count_rows,
    current_rows,
    ensure_tables,
    imports_known,
)

if TYPE_CHECKING:
    from marketmover.store import Lake

NO_CURRENCY = "XXX"
"""ISO 4217 for no currency: no export says what the money is."""

_CLEAR_SHARE = 0.6


def load_panel(
    lake: "Lake",
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    currency: str | None = None,
) -> Panel:
    """The history as arrays, aggregated in the lake.

    Args:
        lake: Holds imported histories.
        as_of: The last day to see.
        known_at: See only what was imported up to this moment.
        currency: Of several accounts' currencies the one to load; by default that of most spend.

    Returns:
        The panel; without lines and days where the lake holds no daily figures.

    Raises:
        InputError: No account is in `currency`.
    """
    ensure_tables(lake)
    return panel_with_actions(lake, Cut(as_of, known_at), currency)[0]


def panel_with_actions(lake: "Lake", cut: Cut, currency: str | None) -> tuple[Panel, tuple[ActionKind, ...]]:
    """The panel, and what each conversion action was taken for in it."""
    known = load_known(lake, cut.known_at)
    table = daily_figures(lake, cut)
    accounts = {(row["platform"], row["account_id"]): row for row in current_rows(lake, ACCOUNTS, cut.known_at)}
    chosen = _choose_currency(table, accounts, currency)
    grid = Grid.of(table, known, accounts, chosen)
    crm = _crm(lake, cut, grid, chosen)
    outcomes = load_outcomes(lake, cut, grid, known, crm["leads"])
    lines = tuple(describe_line(key, known, cut.as_of) for key in grid.keys)
    figures = grid.figures
    revenue, revenue_source = _revenue(outcomes, crm)
    panel = Panel(
        currency=chosen,
        dates=grid.days,
        lines=lines,
        observed=grid.observed,
        cost=figures["cost_micros"] / 1_000_000,
        impressions=figures["impressions"],
        clicks=figures["clicks"],
        conversions=outcomes.conversions,
        leads=outcomes.leads,
        sales=outcomes.sales,
        installs=outcomes.installs,
        revenue=revenue,
        crm_leads=crm["leads"],
        crm_decided=crm["decided"],
        crm_qualified=crm["qualified"],
        crm_won=crm["won"],
        reach=grid.reach,
        search_impression_share=grid.shares["search_impression_share"],
        budget_lost_share=grid.shares["budget_lost_share"],
        rank_lost_share=grid.shares["rank_lost_share"],
        has_crm=bool(crm["leads"].sum()),
        revenue_source=revenue_source,
        lead_source="platform" if outcomes.leads.any() else "none",
        curves=_curves(grid.keys, known),
        simulated=_simulated(lake, cut.known_at),
        holidays_country=_holidays_country(lines, figures["cost_micros"], accounts),
    )
    return panel, outcomes.kinds


def load_known(lake: "Lake", known_at: datetime | None) -> Known:
    """Settings, targeting, creatives and changes as known at a moment."""
    return Known.of(*(current_rows(lake, form, known_at) for form in (SETTINGS, TARGETING, CREATIVES, CHANGES)))


def load_lines(lake: "Lake", cut: Cut) -> tuple[list[LineKey], Known]:
    """The lines that have daily figures, of all accounts, and what else is known."""
    known = load_known(lake, cut.known_at)
    return line_keys(owners_of(daily_figures(lake, cut)), known), known


def _simulated(lake: "Lake", known_at: datetime | None) -> bool:
    imports = imports_known(lake, known_at)
    return count_rows(imports.filter(imports.simulated)) > 0


def _choose_currency(table: Any, accounts: Mapping[tuple[str, str], Any], wanted: str | None) -> str:
    spent: Counter[str] = Counter()
    for platform, account, cost in zip(
        *(table[n].to_pylist() for n in ("platform", "account_id", "cost_micros")), strict=True
    ):
        code = accounts.get((platform, account), {}).get("currency")
        if code:
            spent[code] += 1 + int(cost)
    if wanted is not None and spent and wanted not in spent:
        raise InputError(
            f"No account of the history is in {wanted}; it has {', '.join(sorted(spent))}.",
            "Ask for one of these currencies, or import the account that spends in the other.",
        )
    if wanted is not None:
        return wanted
    return max(sorted(spent), key=lambda code: spent[code]) if spent else NO_CURRENCY


@dataclass(frozen=True)
class Grid:
    """Lines and days, with the platforms' own figures laid out on them.

    Attributes:
        keys: Lines in the order of the panel.
        days: Consecutive days.
        row_of: (platform, campaign, group) to a line's row; the group is empty for a whole campaign.
        figures: Each of `COUNTS`, shape (lines, days).
        shares: Each of `SHARES`, NaN where unknown.
    """

    keys: list[LineKey]
    days: Days
    row_of: Mapping[tuple[str, str, str], int]
    observed: Bools
    figures: Mapping[str, Floats]
    shares: Mapping[str, Floats]
    reach: Floats

    def line_of(self, platform: str | None, campaign_id: str | None, group_id: str) -> int | None:
        """The row that a campaign's or group's figures belong to, if there is one."""
        exact = self.row_of.get((platform or "", campaign_id or "", group_id))
        return self.row_of.get((platform or "", campaign_id or "", "")) if exact is None else exact

    def column_of(self, day: date) -> int | None:
        """The column of a day, if it lies within the panel."""
        if not self.days.size:
            return None
        column = int((np.datetime64(day, "D") - self.days[0]).astype(np.int64))
        return column if 0 <= column < self.days.size else None

    def lay_out(self, rows: Any, column: str) -> Floats:
        """A column of rows that have platform, account, campaign, group and day, shape (lines, days)."""
        owners = list(zip(*(rows[name].to_pylist() for name in KEYS[:4]), strict=True))
        days = rows["date"].to_numpy().astype("datetime64[D]")
        inside = (days >= self.days[0]) & (days <= self.days[-1]) if self.days.size else np.zeros(days.size, dtype=bool)
        kept = [owner for owner, keep in zip(owners, inside, strict=True) if keep]
        placing = Placing(self.keys, kept, days[inside], self.days)
        return placing.lay_out(np.nan_to_num(rows[column].to_numpy().astype(np.float64)[inside]))

    @classmethod
    def of(cls, table: Any, known: Known, accounts: Mapping[tuple[str, str], Any], currency: str) -> "Grid":
        """Lay out the rows of `daily_figures` of the accounts in `currency`."""
        columns = {name: table[name].to_pylist() for name in ("platform", "account_id", "campaign_id", "group_id")}
        owners = list(zip(*columns.values(), strict=True))
        codes = {name: (row.get("currency") or currency) for name, row in accounts.items()}
        mine = np.array([codes.get(owner[:2], currency) == currency for owner in owners], dtype=bool)
        kept = [owner for owner, keep in zip(owners, mine, strict=True) if keep]
        keys = line_keys(dict.fromkeys(kept), known)
        days = table["date"].to_numpy().astype("datetime64[D]")[mine]
        span = np.arange(days.min(), days.max() + 1) if days.size else np.array([], dtype="datetime64[D]")
        placing = Placing(keys, kept, days, span)
        values = {
            name: np.nan_to_num(table[name].to_numpy().astype(np.float64)[mine])
            for name in (*COUNTS, *(f"{share}_{part}" for share in SHARES for part in ("sum", "weight")))
        }
        reach = table["reach"].to_numpy().astype(np.float64)[mine]
        return cls(
            keys,
            span,
            placing.row_of,
            placing.observed(),
            {name: placing.lay_out(values[name]) for name in COUNTS},
            {name: placing.lay_out_share(values[f"{name}_sum"], values[f"{name}_weight"]) for name in SHARES},
            placing.lay_out_reach(reach),
        )


class Placing:
    """Where rows of (platform, account, campaign, group) and days stand in arrays of lines and days.

    A line that is a whole campaign may have rows of the campaign and rows of its groups for one day: the campaign's
    figure stands, and the groups' sum where it is 0 or missing; they are never added up.
    """

    def __init__(self, keys: Sequence[LineKey], owners: Sequence[tuple[str, ...]], days: Days, span: Days) -> None:
        self.shape = (len(keys), span.size)
        self.row_of: dict[tuple[str, str, str], int] = {}
        alone: Counter[tuple[str, str]] = Counter((key.platform, key.campaign_id) for key in keys)
        for row, key in enumerate(keys):
            self.row_of[key.platform, key.campaign_id, (key.group_id or "") if key.by_group else ""] = row
            if key.by_group and alone[key.platform, key.campaign_id] == 1:
                self.row_of[key.platform, key.campaign_id, ""] = row
        whole = {(key.platform, key.campaign_id) for key in keys if not key.by_group}
        places = [self._place(owner, whole) for owner in owners]
        self._rows = np.array([row for row, _ in places], dtype=np.int64)
        self._parts = np.array([part for _, part in places], dtype=bool)
        self._columns = (days - span[0]).astype(np.int64) if span.size else np.array([], dtype=np.int64)

    def _place(self, owner: tuple[str, ...], whole: set[tuple[str, str]]) -> tuple[int, bool]:
        """A row's line, and whether it is a group of it (-1: a campaign's row that no single ad set can claim)."""
        platform, _, campaign, group = owner
        if (platform, campaign) in whole:
            return self.row_of[platform, campaign, ""], group != ""
        return self.row_of.get((platform, campaign, group), -1), group != ""

    def _sum(self, values: Floats, *, parts: bool) -> Floats:
        laid: Floats = np.zeros(self.shape)
        chosen = (self._rows >= 0) & (self._parts == parts)
        np.add.at(laid, (self._rows[chosen], self._columns[chosen]), values[chosen])
        return laid

    def lay_out(self, values: Floats) -> Floats:
        """A count, shape (lines, days)."""
        campaign, groups = self._sum(values, parts=False), self._sum(values, parts=True)
        return np.where(campaign != 0, campaign, groups)

    def observed(self) -> Bools:
        """Where there is any row."""
        ones: Floats = np.ones(self._rows.size)
        return (self._sum(ones, parts=False) + self._sum(ones, parts=True)) > 0

    def lay_out_share(self, sums: Floats, weights: Floats) -> Floats:
        """A share weighted by impressions; NaN where unknown."""
        top, bottom = self.lay_out(sums), self.lay_out(weights)
        return np.divide(top, bottom, out=np.full(self.shape, np.nan), where=bottom > 0)

    def lay_out_reach(self, values: Floats) -> Floats:
        """People reached: a campaign's own figure, or its only group's; NaN where several groups may share people."""
        known = np.isfinite(values)
        ones = np.where(known, 1.0, 0.0)
        campaign, n_campaign = self._sum(np.nan_to_num(values), parts=False), self._sum(ones, parts=False)
        groups, n_groups = self._sum(np.nan_to_num(values), parts=True), self._sum(ones, parts=True)
        return np.where(n_campaign > 0, campaign, np.where(n_groups == 1, groups, np.nan))


def _crm(lake: "Lake", cut: Cut, grid: Grid, currency: str) -> dict[str, Floats]:
    """CRM leads by line and day created; revenue only where it is in the panel's currency."""
    names = ("leads", "decided", "qualified", "won", "revenue")
    laid: dict[str, Floats] = {name: np.zeros(grid.observed.shape) for name in names}
    for row in lead_figures(lake, cut).to_pylist():
        line = grid.line_of(row["platform"], row["campaign_id"], row["group_id"])
        column = grid.column_of(row["date"])
        if line is None or column is None:
            continue
        for name in names[:-1]:
            laid[name][line, column] += row[name]
        if row["currency"] in (None, "", currency):
            laid["revenue"][line, column] += row["revenue"]
    return laid


def _revenue(outcomes: Outcomes, crm: Mapping[str, Floats]) -> tuple[Floats, str]:
    """Revenue and where it is from: the platform's values, unless they are of leads and the CRM knows better."""
    from_platform, from_crm = bool(outcomes.value.any()), bool(crm["revenue"].any())
    if from_platform and (outcomes.sales.any() or not from_crm):
        return outcomes.value, "platform"
    return (crm["revenue"], "crm") if from_crm else (np.zeros_like(outcomes.value), "none")


def _curves(keys: Sequence[LineKey], known: Known) -> tuple[PlatformCurve, ...]:
    curves: list[PlatformCurve] = []
    for key in keys:
        rows = [known.settings.get((key.campaign_id, (key.group_id or "") if key.by_group else ""))]
        row = next((row for row in rows if row and row["curve_spend"]), None)
        if row is not None:
            spend, conversions = (
                np.array(row[name], dtype=np.float64) for name in ("curve_spend", "curve_conversions")
            )
            curves.append(PlatformCurve(key.id, row["curve_date"], spend, conversions))
    return tuple(curves)


def _holidays_country(
    lines: Sequence[Line], cost: Floats, accounts: Mapping[tuple[str, str], Mapping[str, Any]]
) -> str | None:
    """The country that most spend is aimed at, where one is clear; else that of the account's time zone."""
    spent: dict[str, float] = defaultdict(float)
    for line, total in zip(lines, cost.sum(axis=1), strict=True):
        aimed = line.countries if len(line.countries) == 1 else ()
        for country in aimed or [_zone_country(accounts.get((line.platform, line.account_id), {}).get("time_zone"))]:
            spent[country] += float(total)
    if not spent:
        return None
    top = max(sorted(spent), key=lambda country: spent[country])
    return top if top and spent[top] >= _CLEAR_SHARE * sum(spent.values()) else None


def _zone_country(zone: str | None) -> str:
    from babel.core import get_global

    return str(get_global("zone_territories").get(zone, "")) if zone else ""
