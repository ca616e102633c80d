"""Pasts made up for tests, with known truth: lines of known curves whose budgets go in steps, and chase demand."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Line, Panel

Floats = NDArray[np.float64]

LAST = date(2026, 3, 31)


@dataclass(frozen=True)
class Past:
    """A history, and what its lines would have counted at other spends."""

    panel: Panel
    elasticity: Floats
    level: Floats  # leads a day at a spend of 1
    demand: Floats  # by day

    def mean_leads(self, spend: Floats, days: slice) -> Floats:
        """Mean leads of each line over some days at a spend a day, shape (lines,)."""
        power = np.where(spend > 0, spend, 1.0) ** self.elasticity * (spend > 0)
        return self.level * power * self.demand[days].sum()


def past(
    seed: int = 1,
    *,
    days: int = 420,
    spends: tuple[float, ...] = (30.0, 300.0, 40.0, 500.0, 60.0, 250.0),
    elasticities: tuple[float, ...] = (0.7, 0.7, 0.7, 0.7, 0.7, 0.7),
    steps: float = 0.35,
    chased: float = 1.0,
    scale: float = 1.5,
    worth: float = 1.0,
) -> Past:
    """Lines with power curves that count as much at a spend of 100, so that those that spend little are starved.

    Args:
        seed: Of all that is drawn.
        days: Length of the history.
        spends: Usual spend a day of each line; half of them are Google's, half Meta's.
        elasticities: Of leads to spend, by line.
        steps: How far budgets step, log scale, every three weeks.
        chased: How far all budgets follow demand.
        scale: Leads a day of each line at a spend of 100, over 3.
        worth: How much more every second line counts, from the first on, at any spend.
    """
    random = np.random.default_rng(seed)
    lines = len(spends)
    weeks = days // 7 + 1
    demand = np.exp(np.repeat(np.cumsum(random.normal(0, 0.08, weeks)), 7)[:days])
    demand /= demand.mean()
    stepped = np.repeat(random.normal(0, steps, (lines, days // 21 + 1)), 21, axis=1)[:, :days]
    usual = np.array(spends)[:, None]
    cost = usual * np.exp(stepped + chased * np.log(demand) + random.normal(0, 0.04, (lines, days)))
    elasticity = np.array(elasticities)
    level = 3.0 * scale / 100.0**elasticity * np.where(np.arange(lines) % 2 == 0, worth, 1.0)
    leads = random.poisson(level[:, None] * cost ** elasticity[:, None] * demand).astype(float)
    return Past(_panel(cost, leads), elasticity, level, demand)


def _panel(cost: Floats, leads: Floats) -> Panel:
    none, unknown = np.zeros_like(cost), np.full_like(cost, np.nan)
    days = cost.shape[1]
    first = np.datetime64(LAST) - np.timedelta64(days - 1, "D")
    return Panel(
        currency="USD",
        dates=np.arange(first, first + np.timedelta64(days, "D")),
        lines=tuple(_line(row, len(cost)) for row in range(len(cost))),
        observed=cost > 0,
        cost=cost,
        impressions=leads * 900,
        clicks=leads * 30,
        conversions=leads,
        leads=leads,
        sales=none,
        installs=none,
        revenue=none,
        crm_leads=none,
        crm_decided=none,
        crm_qualified=none,
        crm_won=none,
        reach=unknown,
        search_impression_share=unknown,
        budget_lost_share=unknown,
        rank_lost_share=unknown,
        has_crm=False,
        revenue_source="none",
        lead_source="platform",
    )


def _line(row: int, lines: int) -> Line:
    google = row < (lines + 1) // 2
    platform = "google_ads" if google else "meta_ads"
    kind = "SEARCH" if google else "IMAGE"
    return Line(f"{platform}:{row}:{row}1", platform, "1", str(row), f"{row}1", f"Line {row}", kind, status="ENABLED")
