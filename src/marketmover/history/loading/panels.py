"""The panel: aggregated figures of the lake laid out as arrays of lines and days."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from marketmover.errors import InputError
from marketmover.history.loading.daily import Cut, daily_figures, lead_figures
from marketmover.history.loading.grid import Grid
from marketmover.history.loading.lines import Known, LineKey, describe_line, line_keys, owners_of
from marketmover.history.loading.outcomes import Outcomes, load_outcomes
from marketmover.history.loading.refreshes import load_refreshed
from marketmover.history.mapping import ActionKind
from marketmover.history.panel import Floats, Line, Panel, PlatformCurve
from marketmover.history.tables import (
    ACCOUNTS,
    CHANGES,
    CREATIVES,
    FACTS,
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
    crm = crm_figures(lake, cut, grid, chosen)
    outcomes = load_outcomes(lake, cut, grid, known, crm["leads"])
    lines = tuple(describe_line(key, known, cut.as_of) for key in grid.keys)
    figures = grid.figures
    revenue, revenue_source = revenue_of(outcomes, crm)
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
        refreshed=load_refreshed(lake, cut, grid, known),
        frequency=grid.frequency if np.isfinite(grid.frequency).any() else None,
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
    imports, facts = imports_known(lake, known_at), lake.table(FACTS.name)
    there = imports.import_id.isin(facts.import_id)  # accounts that were deleted leave their imports behind
    return count_rows(imports.filter(imports.simulated & there)) > 0


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


def crm_figures(lake: "Lake", cut: Cut, grid: Grid, currency: str) -> dict[str, Floats]:
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


def revenue_of(outcomes: Outcomes, crm: Mapping[str, Floats]) -> tuple[Floats, str]:
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
