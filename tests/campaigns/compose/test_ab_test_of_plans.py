"""The A/B test that comes with a plan: how it is done where, whether it can show anything, and that it can be read."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.compose.split_ways import ways
from marketmover.campaigns.compose.writing import plan_json
from marketmover.campaigns.page import render_page
from marketmover.campaigns.show import outline
from marketmover.cli.commands import build
from marketmover.plans import (
    ABTest,
    Audience,
    Bidding,
    Brief,
    BriefBudget,
    LineAudience,
    LineEvidence,
    Plan,
    PlanLine,
    Platform,
)

BRIEF = Brief(
    objective="leads",
    budget=BriefBudget(amount=120_000, currency="USD"),
    start_date=date(2026, 1, 5),
    end_date=date(2026, 3, 29),
)
START = date(2026, 1, 5)
DAYS = 84


@pytest.fixture(scope="module")
def plan(make_materials: Callable[..., Materials]) -> Plan:
    return compose(BRIEF, make_materials())


def ab_test_of(plan: Plan) -> ABTest:
    assert plan.ab_test is not None
    return plan.ab_test


def test_a_plan_that_moves_much_comes_with_a_test_that_can_show_it(plan: Plan) -> None:
    test = ab_test_of(plan)
    assert test.verdict == "ready"
    assert test.metric == "leads"
    assert test.weeks_needed is not None
    assert test.weeks_needed <= test.weeks <= 12
    assert test.smallest_effect is not None
    assert test.smallest_effect <= test.expected_effect
    assert "sees that within" in test.words


def test_the_arms_share_the_budget_and_the_cost_of_holding_back_is_said(plan: Plan) -> None:
    usual, advised = ab_test_of(plan).arms
    assert (usual.name, advised.name) == ("usual", "advised")
    assert usual.share + advised.share == pytest.approx(1.0)
    assert usual.daily_budget + advised.daily_budget == pytest.approx(plan.total_budget / DAYS, abs=0.02)
    gained = plan.expected["leads"].mid - plan.baseline.expected["leads"].mid
    days = (ab_test_of(plan).end_date - ab_test_of(plan).start_date).days + 1
    assert ab_test_of(plan).held_back == pytest.approx(usual.share * gained * days / DAYS, rel=0.01)


def test_a_clear_gain_is_tested_with_a_small_part_held_back(make_materials: Callable[..., Materials]) -> None:
    clear = BRIEF.model_copy(update={"budget": BriefBudget(amount=20_000, currency="USD")})
    assert ab_test_of(compose(clear, make_materials())).arms[0].share == 0.2


def test_what_is_too_small_for_the_dates_says_how_long_it_would_take(make_materials: Callable[..., Materials]) -> None:
    money = BriefBudget(amount=40_000, currency="USD")
    short = BRIEF.model_copy(update={"budget": money, "end_date": START + timedelta(days=27)})
    test = ab_test_of(compose(short, make_materials()))
    assert test.verdict == "too_small"
    assert test.words.startswith("Too small to be told apart in the plan's dates")
    assert test.weeks_needed is not None
    assert test.weeks_needed > 4
    assert test.arms[0].share == 0.5


def test_a_plan_of_a_few_days_is_too_short_to_test(make_materials: Callable[..., Materials]) -> None:
    money = BriefBudget(amount=4_000, currency="USD")
    short = BRIEF.model_copy(update={"end_date": START + timedelta(days=3), "budget": money})
    test = ab_test_of(compose(short, make_materials()))
    assert test.verdict == "too_small"
    assert test.smallest_effect is None


def test_a_first_campaign_has_no_usual_arm(make_materials: Callable[..., Materials]) -> None:
    from marketmover.history import Panel

    materials = replace(make_materials(), panel=Panel.empty("USD"))
    assert compose(BRIEF, materials).ab_test is None


def test_the_plans_page_and_terminal_tell_of_the_test(plan: Plan) -> None:
    page = render_page(plan)
    assert "The whole plan against today" in page
    assert "How it is done, and when to stop" in page
    assert "A test of the whole plan against today's:" in outline(plan)


def test_the_plan_is_read_again_as_it_was_written(plan: Plan) -> None:
    assert Plan.model_validate(json.loads(plan_json(plan))).ab_test == plan.ab_test


def test_results_are_read_by_the_plans_own_terms(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(plan_json(plan), encoding="utf-8")
    test, random = ab_test_of(plan), np.random.default_rng(2)
    days = (test.end_date - test.start_date).days + 1
    lines = ["arm,date,leads,cost"] + [
        f"{arm.name},{START + timedelta(days=day)},{random.poisson(arm.expected / days)},{arm.daily_budget}"
        for day in range(days)
        for arm in test.arms
    ]
    results = tmp_path / "results.csv"
    results.write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(
        build({"experiment"}), ["experiment", "read", str(results), "--plan", str(tmp_path), "--json"]
    )
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["arms"] == ["usual", "advised"]
    assert said["metric"] == "leads"
    assert said["findings"][0]["deciding"]["mid"] == pytest.approx(test.expected_effect, abs=0.25)


def line(number: int, platform: Platform, budget: float, ad_type: str = "SEARCH") -> PlanLine:
    return PlanLine(
        id=f"{platform}:{number}:-",
        platform=platform,
        campaign_id=str(number),
        ad_group_id=None,
        ad_type=ad_type,
        bidding=Bidding(strategy="MAXIMIZE_CONVERSIONS"),
        audience=LineAudience(),
        creative=None,
        budget=budget,
        daily_budget=budget / 28,
        expected={},
        reasons=[],
        evidence=LineEvidence(),
    )


def methods(lines: list[PlanLine], today: list[float], changed: tuple[int, ...] = ()) -> dict[str, list[str]]:
    before = {one.id: budget for one, budget in zip(lines, today, strict=True)}
    found = ways(lines, before, Brief(), 0.5, [lines[place].id for place in changed])
    return {f"{way.platform} {way.method}": [one.split(":")[1] for one in way.line_ids] for way in found}


def test_money_that_moves_within_meta_is_a_split_test() -> None:
    lines = [line(1, "meta_ads", 80, "IMAGE"), line(2, "meta_ads", 20, "VIDEO"), line(3, "google_ads", 50)]
    assert methods(lines, [50, 50, 50]) == {"meta_ads split_test": ["1", "2"]}


def test_money_that_moves_within_google_is_split_by_region() -> None:
    lines = [line(1, "google_ads", 80), line(2, "google_ads", 20), line(3, "google_ads", 50)]
    assert methods(lines, [50, 50, 50]) == {"google_ads region_split": ["1", "2"]}


def test_money_that_moves_between_platforms_is_split_by_the_same_regions_on_both() -> None:
    lines = [line(1, "meta_ads", 80, "IMAGE"), line(2, "google_ads", 20)]
    assert methods(lines, [50, 50]) == {"google_ads region_split": ["2"], "meta_ads region_split": ["1"]}


def test_settings_alone_are_tested_by_campaign_experiments_where_google_has_them() -> None:
    lines = [line(1, "google_ads", 50), line(2, "google_ads", 50, "PERFORMANCE_MAX"), line(3, "google_ads", 50)]
    assert methods(lines, [50, 50, 50], (0, 1)) == {
        "google_ads campaign_experiment": ["1"],
        "google_ads region_split": ["2"],
    }


def test_a_single_place_takes_weeks_in_turn() -> None:
    lines = [line(1, "google_ads", 80), line(2, "google_ads", 20)]
    brief = Brief(audience=Audience(places=["Graz"]))
    found = ways(lines, {one.id: 50.0 for one in lines}, brief, 0.5)
    assert "whole weeks in turn" in found[0].words


def test_nothing_moved_is_nothing_to_keep_apart() -> None:
    assert methods([line(1, "google_ads", 50), line(2, "meta_ads", 50, "IMAGE")], [50, 50]) == {}
