from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from marketmover.campaigns.compose import Materials
from marketmover.history import Line, Panel
from marketmover.plans import HistoryNote

LAST_DAY = date(2025, 12, 31)
DAYS = 420

PanelMaker = Callable[..., Panel]


@pytest.fixture(scope="session")
def make_panel() -> PanelMaker:
    """Builds a small history with square-root response: every second line is starved, so that there is much to gain."""

    def build(lines: int = 6, days: int = DAYS, seed: int = 3, **changes: object) -> Panel:
        random = np.random.default_rng(seed)
        spend = np.where(np.arange(lines) % 2 == 0, 40.0, 400.0)[:, None] * np.exp(
            0.2 * random.normal(size=(lines, days))
        )
        clicks = random.poisson(14.0 * np.sqrt(spend)).astype(float)
        leads = random.binomial(clicks.astype(int), 0.08).astype(float)
        qualified = random.binomial(leads.astype(int), 0.3).astype(float)
        unknown = np.full((lines, days), np.nan)
        panel = Panel(
            currency="USD",
            dates=np.array([np.datetime64(LAST_DAY) - (days - 1 - day) for day in range(days)], dtype="datetime64[D]"),
            lines=tuple(_line(index) for index in range(lines)),
            observed=np.ones((lines, days), dtype=bool),
            cost=spend,
            impressions=clicks * 30,
            clicks=clicks,
            conversions=leads,
            leads=leads,
            sales=np.zeros((lines, days)),
            installs=np.zeros((lines, days)),
            revenue=np.zeros((lines, days)),
            crm_leads=leads,
            crm_decided=leads,
            crm_qualified=qualified,
            crm_won=np.zeros((lines, days)),
            reach=unknown,
            search_impression_share=unknown,
            budget_lost_share=unknown,
            rank_lost_share=unknown,
            has_crm=True,
            revenue_source="none",
            lead_source="platform",
        )
        return replace(panel, **changes)

    return build


def _line(index: int) -> Line:
    google = index % 3 != 2
    platform = "google_ads" if google else "meta_ads"
    return Line(
        id=f"{platform}:{index}:{index}1",
        platform=platform,
        account_id="1",
        campaign_id=str(index),
        group_id=f"{index}1",
        name=f"Line {index}",
        ad_type="SEARCH" if google else "IMAGE",
        objective="leads",
        status="ENABLED" if google else "ACTIVE",
        bidding_strategy="MAXIMIZE_CONVERSIONS" if google else "LOWEST_COST_WITHOUT_CAP",
        countries=("US",),
        age_min=25,
        age_max=54,
    )


@pytest.fixture(scope="session")
def make_materials(make_panel: PanelMaker) -> Callable[..., Materials]:
    """Materials of a plan over `make_panel`'s history, or over a panel that is given."""

    def build(panel: Panel | None = None, today: date | None = None) -> Materials:
        chosen = panel if panel is not None else make_panel()
        known = chosen.dates.size > 0
        note = HistoryNote(
            first_date=(LAST_DAY - timedelta(days=chosen.dates.size - 1)) if known else None,
            last_date=LAST_DAY if known else None,
            rows=int(chosen.observed.sum()),
            lines=len(chosen.lines),
            quarantined=0,
            quarantine_reasons={},
            flagged=0,
        )
        return Materials(panel=chosen, note=note, today=today or LAST_DAY)

    return build
