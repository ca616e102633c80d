"""Budgets that a person tries: what is named is kept, the rest follows, and no cent is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.campaigns.what_if import Wishes, wished_cents
from marketmover.errors import InputError
from marketmover.plans import Baseline, Bidding, Brief, HistoryNote, LineAudience, LineEvidence, Plan, PlanLine

BUDGETS = {"google_ads:1:1": 60.0, "google_ads:2:2": 30.0, "meta_ads:3:3": 10.0, "meta_ads:4:4": 0.0}
Amount = st.integers(0, 10**9).map(lambda cents: cents / 100)


def plan_of(currency: str = "EUR") -> Plan:
    lines = [
        PlanLine(
            id=name, platform="google_ads" if name.startswith("google") else "meta_ads", campaign_id="1",
            ad_group_id=None, ad_type="SEARCH", bidding=Bidding(strategy="X"), audience=LineAudience(), creative=None,
            budget=budget, daily_budget=budget, expected={}, reasons=[], evidence=LineEvidence(),
        )
        for name, budget in BUDGETS.items()
    ]  # fmt: skip
    return Plan(
        brief=Brief(), objective="leads", currency=currency, start_date=date(2026, 1, 1), end_date=date(2026, 1, 1),
        total_budget=100.0, lines=lines, expected={}, baseline=Baseline(description="", expected={}, lines=[]),
        probability_better_than_baseline=None, assumptions=[], warnings=[],
        history=HistoryNote(first_date=None, last_date=None, rows=0, lines=0, quarantined=0, quarantine_reasons={},
                            flagged=0),
    )  # fmt: skip


def test_without_wishes_the_plan_stands() -> None:
    assert wished_cents(plan_of(), Wishes()) == {"google_ads:1:1": 6000, "google_ads:2:2": 3000, "meta_ads:3:3": 1000,
                                                "meta_ads:4:4": 0}  # fmt: skip


def test_a_platforms_sum_is_shared_as_the_plan_shares_it() -> None:
    found = wished_cents(plan_of(), Wishes(platforms={"google_ads": 45.0}))
    assert found == {"google_ads:1:1": 3000, "google_ads:2:2": 1500, "meta_ads:3:3": 1000, "meta_ads:4:4": 0}


def test_what_a_slider_takes_goes_to_the_others_of_the_same_total() -> None:
    found = wished_cents(plan_of(), Wishes({"google_ads:1:1": 20.0}, total=100.0))
    assert found == {"google_ads:1:1": 2000, "google_ads:2:2": 6000, "meta_ads:3:3": 2000, "meta_ads:4:4": 0}


def test_lines_without_a_budget_share_alike_where_nothing_else_is_free() -> None:
    fixed = {"google_ads:1:1": 0.0, "google_ads:2:2": 0.0, "meta_ads:3:3": 0.0}
    assert wished_cents(plan_of(), Wishes(fixed, total=7.0))["meta_ads:4:4"] == 700


@given(total=Amount, line=Amount, google=Amount)
def test_the_sum_is_the_total_to_the_cent_or_the_contradiction_is_told(
    total: float, line: float, google: float
) -> None:
    wishes = Wishes({"meta_ads:3:3": line}, {"google_ads": google}, total)
    if round(100 * line) + round(100 * google) > round(100 * total):
        with pytest.raises(InputError):
            wished_cents(plan_of(), wishes)
        return
    found = wished_cents(plan_of(), wishes)
    assert sum(found.values()) == round(100 * total)
    assert found["meta_ads:3:3"] == round(100 * line)
    assert found["google_ads:1:1"] + found["google_ads:2:2"] == round(100 * google)


def test_yen_are_whole() -> None:
    found = wished_cents(plan_of("JPY"), Wishes({"google_ads:1:1": 20.4}, total=101.0))
    assert all(cents % 100 == 0 for cents in found.values())
    assert sum(found.values()) == 10_100
