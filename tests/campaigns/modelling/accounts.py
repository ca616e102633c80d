"""A small account with known truth: budgets in steps, a wandering demand, lines of several ad types."""

from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np

from marketmover.history import Line, Panel

LAST = date(2026, 3, 31)
_TYPES = ("SEARCH", "SEARCH", "PERFORMANCE_MAX", "VIDEO", "CAROUSEL", "LEAD_FORM")


def account(seed: int = 1, *, days: int = 436, lines: int = 6) -> Panel:
    """Leads by spend to the power 0.8 and a demand that wanders from week to week; every lead is a conversion."""
    random = np.random.default_rng(seed)
    demand = np.exp(np.repeat(np.cumsum(random.normal(0, 0.07, days // 7 + 1)), 7)[:days])
    stepped = np.repeat(random.normal(0, 0.3, (lines, days // 21 + 1)), 21, axis=1)[:, :days]
    cost = np.geomspace(60.0, 600.0, lines)[:, None] * np.exp(stepped + random.normal(0, 0.05, (lines, days)))
    clicks = random.poisson(1.5 * cost**0.9).astype(float)
    leads = random.poisson(0.05 * clicks**0.9 * demand).astype(float)
    return _panel(cost, clicks, leads)


def until(panel: Panel, days: int) -> Panel:
    """The first days of a panel."""
    arrays = {
        item.name: value[:, :days]
        for item in fields(panel)
        if isinstance(value := getattr(panel, item.name), np.ndarray) and value.ndim == 2
    }
    return replace(panel, dates=panel.dates[:days], **arrays)


def with_leads(panel: Panel, leads: np.ndarray) -> Panel:
    """A panel with other leads."""
    return replace(panel, leads=leads, conversions=leads)


def _panel(cost: np.ndarray, clicks: np.ndarray, leads: np.ndarray) -> Panel:
    none, unknown = np.zeros_like(cost), np.full_like(cost, np.nan)
    days = cost.shape[1]
    first = np.datetime64(LAST) - np.timedelta64(days - 1, "D")
    return Panel(
        currency="USD",
        dates=np.arange(first, first + np.timedelta64(days, "D")),
        lines=tuple(_line(row) for row in range(len(cost))),
        observed=cost > 0,
        cost=cost,
        impressions=clicks * 30,
        clicks=clicks,
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


def _line(row: int) -> Line:
    platform = "google_ads" if row < 3 else "meta_ads"
    return Line(
        id=f"{platform}:{row}:-",
        platform=platform,
        account_id="1",
        campaign_id=str(row),
        group_id=None,
        name=f"Line {row}",
        ad_type=_TYPES[row % len(_TYPES)],
        bidding_strategy="TARGET_CPA" if row % 2 else "MAXIMIZE_CONVERSIONS",
        bidding_target=20.0 + row if row % 2 else None,
        learning_since=LAST - timedelta(days=400),
    )
