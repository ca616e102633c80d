"""Daily figures at the levels that people look at: accounts, campaigns, and ad groups or ad sets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from marketmover.history.loading.daily import Cut, daily_figures
from marketmover.history.loading.grid import Grid
from marketmover.history.loading.lines import Known, LineKey, line_keys, owners_of
from marketmover.history.loading.outcomes import load_outcomes
from marketmover.history.loading.panels import crm_figures, load_known, revenue_of
from marketmover.history.overview.records import FIGURES
from marketmover.history.panel import Bools, Days, Floats
from marketmover.history.tables import ACCOUNTS, current_rows

if TYPE_CHECKING:
    from marketmover.store import Lake

Owner = tuple[str, str, str, str]
"""Platform, account, campaign and group; what is empty is of the level above."""


@dataclass(frozen=True)
class Laid:
    """Figures of one level in one currency.

    Attributes:
        owners: Whose, in the order of rows.
        days: Consecutive.
        observed: Where there are any figures, shape (owners, days).
        figures: Each of `FIGURES`, of that shape.
    """

    owners: list[Owner]
    days: Days
    observed: Bools
    figures: dict[str, Floats]

    def rows(self, row: int) -> Iterator[tuple[date, dict[str, float]]]:
        """An owner's days with figures."""
        for column in np.flatnonzero(self.observed[row]):
            yield self.days[column].astype(object), {name: float(self.figures[name][row, column]) for name in FIGURES}


def campaigns_of(owners: Iterable[Owner], known: Known) -> list[LineKey]:
    """Each campaign whole."""
    del known
    found = dict.fromkeys((platform, account, campaign) for platform, account, campaign, _ in sorted(owners))
    return [LineKey(*key, None, by_group=False) for key in found]


def groups_of(owners: Iterable[Owner], known: Known) -> list[LineKey]:
    """Each ad group and ad set."""
    del known
    return [LineKey(*owner, by_group=True) for owner in sorted(owners) if owner[3]]


def laid_out(lake: "Lake", currency: str, level: str) -> Laid:
    """The figures of all `campaign`s or `ad_group`s whose account is in a currency."""
    cut, known = Cut(), load_known(lake, None)
    accounts = {(row["platform"], row["account_id"]): row for row in current_rows(lake, ACCOUNTS)}
    keys_of = campaigns_of if level == "campaign" else groups_of
    grid = Grid.of(daily_figures(lake, cut), known, accounts, currency, keys_of)
    crm = crm_figures(lake, cut, grid, currency)
    outcomes = load_outcomes(lake, cut, grid, known, crm["leads"])
    revenue, _ = revenue_of(outcomes, crm)
    figures = {
        "impressions": grid.figures["impressions"],
        "clicks": grid.figures["clicks"],
        "cost": grid.figures["cost_micros"] / 1_000_000,
        "conversions": outcomes.conversions,
        "leads": outcomes.leads,
        "sales": outcomes.sales,
        "installs": outcomes.installs,
        "revenue": revenue,
        "crm_leads": crm["leads"],
        "qualified_leads": crm["qualified"],
        "won": crm["won"],
    }
    observed = grid.observed | (crm["leads"] > 0)
    owners = [(key.platform, key.account_id, key.campaign_id, key.group_id or "") for key in grid.keys]
    return Laid(owners, grid.days, observed, figures)


def accounts_of(campaigns: Laid) -> Laid:
    """Campaigns' figures summed by account."""
    owners = list(dict.fromkeys((platform, account, "", "") for platform, account, _, _ in campaigns.owners))
    shape = (len(owners), campaigns.days.size)
    places = [owners.index((platform, account, "", "")) for platform, account, _, _ in campaigns.owners]
    observed: Bools = np.zeros(shape, dtype=bool)
    figures: dict[str, Floats] = {name: np.zeros(shape) for name in FIGURES}
    for row, place in enumerate(places):
        observed[place] |= campaigns.observed[row]
        for name in FIGURES:
            figures[name][place] += campaigns.figures[name][row]
    return Laid(owners, campaigns.days, observed, figures)


def lines_of(lake: "Lake", known: Known) -> dict[Owner, str]:
    """Which campaigns and groups are budget lines, and their ids."""
    keys = line_keys(owners_of(daily_figures(lake, Cut())), known)
    return {
        (key.platform, key.account_id, key.campaign_id, (key.group_id or "") if key.by_group else ""): key.id
        for key in keys
    }
