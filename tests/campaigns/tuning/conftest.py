from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.made_plans import made_line, made_plan

from marketmover.campaigns.tuning import InForce, Known
from marketmover.campaigns.tuning.known import until
from marketmover.history import Line, Panel
from marketmover.plans import (
    Bidding,
    Brief,
    Creative,
    Plan,
    PlanLine,
    Range,
    State,
)

START = date(2026, 1, 5)
END = START + timedelta(27)
LINES = 6
DAILY = 200.0

PanelMaker = Callable[..., Panel]
PlanMaker = Callable[..., Plan]


@pytest.fixture(scope="session")
def make_panel() -> PanelMaker:
    """A history of 300 days and the first days of a plan on even budgets; from a day on, rates may break."""

    def build(lived: int = 7, *, clicks: float = 1.0, leads: float = 1.0, spend: float = 1.0, broken: int = 2) -> Panel:
        random, days = np.random.default_rng(5), 300 + lived
        usual = np.exp(0.2 * random.normal(size=(LINES, 300)))
        cost = DAILY * np.concatenate([usual, np.exp(0.05 * random.normal(size=(LINES, lived)))], axis=1)
        hit = np.ones((3, days))
        hit[:, 300 + broken :] = [[clicks], [leads], [spend]]
        rows = np.arange(LINES) < 2
        factor = np.where(rows[None, :, None], hit[:, None, :], 1.0)
        cost = cost * factor[2]
        impressions = np.round(400.0 * np.sqrt(cost))
        clicked = random.poisson(impressions * 0.04 * factor[0]).astype(float)
        counted = random.binomial(clicked.astype(int), 0.1 * factor[1]).astype(float)
        zeros, unknown = np.zeros(cost.shape), np.full(cost.shape, np.nan)
        first = np.datetime64(START) - 300
        return Panel(
            currency="USD",
            dates=np.arange(first, first + days),
            lines=tuple(_line(place) for place in range(LINES)),
            observed=np.ones(cost.shape, dtype=bool),
            cost=cost, impressions=impressions, clicks=clicked, conversions=counted, leads=counted,
            sales=zeros, installs=zeros, revenue=zeros, crm_leads=zeros, crm_decided=zeros, crm_qualified=zeros,
            crm_won=zeros, reach=unknown, search_impression_share=unknown, budget_lost_share=unknown,
            rank_lost_share=unknown, has_crm=False, revenue_source="none", lead_source="platform",
        )  # fmt: skip

    return build


def _line(place: int) -> Line:
    platform = "google_ads" if place % 2 == 0 else "meta_ads"
    return Line(
        id=f"{platform}:{place}:1", platform=platform, account_id="1", campaign_id=str(place), group_id="1",
        name=f"Line {place}", ad_type="SEARCH" if place % 2 == 0 else "IMAGE", status="ENABLED",
    )  # fmt: skip


def planned_line(place: int, daily: float) -> PlanLine:
    source = _line(place)
    bidding = Bidding(strategy="MAXIMIZE_CONVERSIONS")
    told: dict[str, Any] = {"name": source.name, "ad_type": source.ad_type, "bidding": bidding}
    expected = {"cost_per_lead": Range(low=7.0, mid=9.0, high=12.0)}
    return made_line(source.id, daily, **told, creative=Creative(headline="Hello"), expected=expected)


@pytest.fixture(scope="session")
def make_plan() -> PlanMaker:
    """A plan of even daily budgets over 28 days."""

    def build(daily: float = DAILY, **changes: object) -> Plan:
        lines = [planned_line(place, daily) for place in range(LINES)]
        return made_plan(lines, START, brief=Brief()).model_copy(update=changes)

    return build


def known(panel: Panel) -> Known:
    return Known(panel, until(panel, START - timedelta(1)))


def in_force(plan: Plan, **state: object) -> InForce:
    budgets = {line.id: line.daily_budget for line in plan.lines}
    return InForce(Path(), plan, State.model_validate({"daily_budgets": budgets} | state), ())
