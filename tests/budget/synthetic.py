"""Histories made up for tests, with known truth: managers that chase demand, several families of saturation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import adstock
from marketmover.history import Line, Panel
from marketmover.kit import line_id

if TYPE_CHECKING:
    from marketmover.plans import Platform

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """What really drives a made-up history; `leads` answers the mean leads over a window."""

    family: str
    click_scale: Floats
    click_half: Floats
    lead_rate: Floats
    quality: Floats

    def clicks(self, daily: Floats) -> Floats:
        u = daily / self.click_half
        shape = {"saturating": u / (1 + u), "power": u**0.6, "exponential": 1 - np.exp(-u)}[self.family]
        return self.click_scale * shape

    def leads(self, budgets: Floats, days: int, demand: float = 1.0) -> Floats:
        return self.clicks(budgets / days) * self.lead_rate * days * demand


def market(
    seed: int, *, lines: int = 8, days: int = 400, family: str = "saturating", last: date = date(2026, 3, 31)
) -> tuple[Panel, Truth]:
    """A history of `lines` by `days` whose manager spends more when demand is high, and its truth."""
    rng = np.random.default_rng(seed)
    typical = np.exp(rng.normal(4.0, 0.6, lines))
    half = typical * np.exp(rng.normal(0.5, 0.8, lines))
    truth = Truth(
        family,
        click_scale=half * np.exp(rng.normal(0.0, 0.3, lines)) * 1.2,
        click_half=half,
        lead_rate=np.exp(rng.normal(-2.8, 0.3, lines)),
        quality=np.clip(rng.normal(0.4, 0.1, lines), 0.1, 0.8),
    )
    dates = np.arange(np.datetime64(last) - np.timedelta64(days - 1, "D"), np.datetime64(last) + np.timedelta64(1, "D"))
    day_of_year = (dates - dates.astype("datetime64[Y]")).astype(float)
    season = 0.2 * np.sin(2 * np.pi * day_of_year / 365.25)
    weekly = np.repeat(rng.normal(0, 0.08, days // 7 + 1), 7)[:days]
    demand = season + weekly
    steps = np.repeat(rng.normal(0, 0.25, (lines, days // 21 + 1)), 21, axis=1)[:, :days]
    cost = typical[:, None] * np.exp(0.8 * demand + steps + rng.normal(0, 0.05, (lines, days)))
    drift = np.cumsum(rng.normal(0, 0.005, (lines, days)), axis=1)
    clicks_mean = np.stack([truth.clicks(cost[:, day]) for day in range(days)], axis=1) * np.exp(demand + drift)
    clicks = rng.poisson(clicks_mean).astype(float)
    leads = rng.binomial(clicks.astype(int), np.minimum(truth.lead_rate[:, None], 1.0)).astype(float)
    qualified = rng.binomial(leads.astype(int), truth.quality[:, None]).astype(float)
    return panel_of(cost, clicks, leads, qualified, dates), truth


def late_market(seed: int, late: Sequence[bool], *, noisy: bool = False) -> tuple[Panel, Truth]:
    """A history in which half of the leads of some lines come late (decay 0.8 a day).

    Where it is `noisy`, leads go with what spend and demand bring in the mean, and a day's clicks are but a sign of it.
    """
    panel, truth = market(seed, lines=len(late))
    rng = np.random.default_rng(seed + 1000)
    bought = panel.clicks
    if noisy:
        mean = np.stack([truth.clicks(spend) for spend in panel.cost.T], axis=1)
        demand = [
            np.convolve(np.pad((own + 0.5) / (due + 0.5), 15, mode="edge"), np.full(31, 1 / 31), mode="valid")
            for own, due in zip(panel.clicks, mean, strict=True)
        ]
        bought = mean * np.stack(demand)
    share = np.where(late, 0.5, 0.0)[:, None]
    due = (1.0 - share) * bought + share * adstock(bought, 0.8)
    leads = rng.poisson(3.0 * due * truth.lead_rate[:, None]).astype(float)
    return replace(panel, leads=leads, conversions=leads, crm_leads=leads, crm_decided=leads), truth


def panel_of(
    cost: Floats, clicks: Floats, leads: Floats, qualified: Floats, dates: NDArray[np.datetime64], **other: object
) -> Panel:
    """A panel of half Google, half Meta lines from arrays of (lines, days)."""
    zeros, unknown = np.zeros_like(cost), np.full_like(cost, np.nan)
    arrays = {
        "currency": "EUR",
        "dates": dates,
        "lines": tuple(_line(row, len(cost)) for row in range(len(cost))),
        "observed": cost > 0,
        "cost": cost,
        "impressions": clicks * 40.0,
        "clicks": clicks,
        "conversions": leads,
        "leads": leads,
        "sales": zeros,
        "installs": zeros,
        "revenue": zeros,
        "crm_leads": leads,
        "crm_decided": leads,
        "crm_qualified": qualified,
        "crm_won": zeros,
        "reach": unknown,
        "search_impression_share": unknown,
        "budget_lost_share": unknown,
        "rank_lost_share": unknown,
        "has_crm": bool(qualified.sum() > 0),
        "revenue_source": "none",
        "lead_source": "platform",
    }
    return Panel(**(arrays | other))  # pyright: ignore[reportArgumentType]  # keys are the panel's own fields


def _line(row: int, lines: int) -> Line:
    platform: Platform = "google_ads" if row < (lines + 1) // 2 else "meta_ads"
    group = None if platform == "google_ads" else str(100 + row)
    campaign = str(10 + row if platform == "google_ads" else 50 + row // 3)
    ad_type = "SEARCH" if platform == "google_ads" else "IMAGE"
    return Line(line_id(platform, campaign, group), platform, "1", campaign, group, f"Line {row}", ad_type)
