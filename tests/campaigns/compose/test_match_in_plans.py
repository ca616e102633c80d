"""What a plan says of similar campaigns and strategies, and what new lines take from them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.page import render_page
from marketmover.campaigns.show import outline
from marketmover.history import AdText, Panel
from marketmover.plans import Audience, Brief, BriefBudget, Plan

BRIEF = Brief(
    objective="leads",
    product="physiotherapy sessions",
    budget=BriefBudget(amount=20_000, currency="USD"),
    audience=Audience(countries=["NZ"]),
    start_date=date(2026, 1, 5),
    duration_days=28,
)
KEYWORDS = (("back pain treatment", "physiotherapist"), ("marathon shoes", "trail running shoes"))


@pytest.fixture(scope="module")
def materials(make_panel: Callable[..., Panel], make_materials: Callable[..., Materials]) -> Materials:
    """Lines sell physiotherapy, at half the price a lead, or shoes; none reaches New Zealand, so new ones open."""
    panel = make_panel(days=200)
    leads = panel.leads * np.where(np.arange(len(panel.lines)) % 2 == 0, 2.0, 1.0)[:, None]
    panel = replace(panel, leads=leads, conversions=leads, crm_leads=leads, crm_decided=leads)
    lines = tuple(
        replace(line, keywords=KEYWORDS[row % 2], countries=("US",), name=f"Search | {KEYWORDS[row % 2][0]} | {row}")
        for row, line in enumerate(panel.lines)
    )
    ads = [
        AdText(
            id=f"ad{row}",
            platform=line.platform,
            line_id=line.id,
            headlines=tuple(f"{KEYWORDS[row % 2][0].capitalize()} {number}"[:30] for number in range(3)),
            descriptions=("Book today", "Ask us"),
            impressions=1e6 if row % 2 else 1e4,
            conversions=5e4 if row % 2 else 1e2,
        )
        for row, line in enumerate(lines)
    ]
    return replace(make_materials(replace(panel, lines=lines)), ads=tuple(ads))


@pytest.fixture(scope="module")
def plan(materials: Materials) -> Plan:
    return compose(BRIEF, materials)


def test_a_plan_names_the_similar_campaigns_and_no_others(plan: Plan) -> None:
    assert plan.similar_campaigns
    assert all("back pain" in campaign.name for campaign in plan.similar_campaigns)
    assert all(campaign.why and campaign.results for campaign in plan.similar_campaigns)


def test_a_new_line_follows_a_strategy_and_takes_its_words_from_what_sold_the_same(plan: Plan) -> None:
    new = [line for line in plan.lines if line.is_new]
    assert new
    assert all(line.matched_strategy for line in new)
    google = next(line for line in new if line.platform == "google_ads")
    assert google.matched_strategy is not None
    assert google.creative is not None
    assert google.creative.headline is not None
    assert "back pain" in google.creative.headline.lower()
    assert any("leans on the past campaigns" in reason for reason in google.reasons)


def test_the_page_and_the_terminal_tell_of_them(plan: Plan) -> None:
    page = render_page(plan)
    assert "Similar campaigns of the past" in page
    assert "Strategy: " in page
    assert "Similar campaigns of the past:" in outline(plan)


def test_where_nothing_is_similar_the_plan_says_so(materials: Materials) -> None:
    other = compose(BRIEF.model_copy(update={"product": "brewery tours"}), materials)
    assert other.similar_campaigns == []
    assert any("No past campaign is like “brewery tours”" in sentence for sentence in other.assumptions)


def test_a_new_line_promises_nothing_of_another_product(materials: Materials) -> None:
    other = compose(BRIEF.model_copy(update={"product": "brewery tours"}), materials)
    new = [line for line in other.lines if line.is_new]
    assert new
    assert [line.creative for line in new] == [None] * len(new)
    for line in new:
        assert any("brewery tours" in said and line.id in said and "write them" in said for said in other.warnings)


def test_a_new_line_takes_the_accounts_words_where_the_brief_does_not_say_what_is_sold(materials: Materials) -> None:
    silent = compose(BRIEF.model_copy(update={"product": None}), materials)
    assert any(line.creative for line in silent.lines if line.is_new)


def test_a_new_line_is_expected_to_earn_more_where_what_it_is_like_earned_more(
    materials: Materials, plan: Plan
) -> None:
    shoes = compose(BRIEF.model_copy(update={"product": "trail running shoes"}), materials)

    def price(one: Plan) -> float:
        line = next(line for line in one.lines if line.platform == "google_ads")
        return line.budget / line.expected["leads"].mid

    assert price(plan) < 0.95 * price(shoes)


def test_the_same_inputs_give_the_same_bytes(materials: Materials, plan: Plan) -> None:
    assert plan.model_dump_json() == compose(BRIEF, materials).model_dump_json()
