"""What a plan says of worn ads."""

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.compose import Materials, compose
from marketmover.history import Panel
from marketmover.plans import Brief, BriefBudget

Floats = NDArray[np.float64]
BRIEF = Brief(
    objective="leads",
    outcome="qualified_leads",
    budget=BriefBudget(amount=30000.01, currency="USD"),
    start_date=date(2026, 1, 5),
    end_date=date(2026, 2, 1),
    duration_days=28,
)


def worn(panel: Panel, depth: float) -> dict[str, Floats]:
    """Clicks and leads of lines that get new ads every six weeks and lose `depth` (log) to wear until then."""
    lines, days = panel.cost.shape
    age = (np.arange(days) + 7 * np.arange(lines)[:, None]) % 42
    told = np.where(age == 0, 1.0, 0.0)
    kept = np.exp(-depth * -np.expm1(-age / 12.0))
    rng = np.random.default_rng(5)
    clicks, leads, qualified = (
        rng.binomial(counted.astype(int), kept).astype(float)
        for counted in (panel.clicks, panel.leads, panel.crm_qualified)
    )
    known = dict.fromkeys(("leads", "conversions", "crm_leads", "crm_decided"), leads)
    return {"refreshed": told, "clicks": clicks, "impressions": clicks * 30, **known, "crm_qualified": qualified}


def test_worn_ads_are_named_with_what_they_cost(
    make_panel: Callable[..., Panel], make_materials: Callable[..., Materials]
) -> None:
    panel = make_panel(days=330)
    told = compose(BRIEF, make_materials(make_panel(days=330, **worn(panel, 0.4))))
    fresh = compose(BRIEF, make_materials(panel))

    said = [reason for line in told.lines for reason in line.reasons if "ads are worn" in reason]
    assert len(said) >= 3
    assert all("give it new ones" in reason for reason in said)
    assert not [reason for line in fresh.lines for reason in line.reasons if "ads are worn" in reason]
