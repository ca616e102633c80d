import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.compose.writing import plan_json
from marketmover.errors import InputError
from marketmover.history import Panel
from marketmover.kit import to_cents
from marketmover.plans import (
    Audience,
    Brief,
    BriefBudget,
    BriefConstraint,
    BriefTarget,
    Limits,
    LineLimit,
    Mix,
    Outcome,
    PlatformChoice,
)

PanelMaker = Callable[..., Panel]
MaterialsMaker = Callable[..., Materials]

BRIEF = Brief(
    objective="leads",
    outcome="qualified_leads",
    budget=BriefBudget(amount=30000.01, currency="USD"),
    start_date=date(2026, 1, 5),
    end_date=date(2026, 2, 1),
    duration_days=28,
)


def brief(**changes: object) -> Brief:
    return BRIEF.model_copy(update=changes)


def test_a_plan_moves_money_from_overfed_lines_to_starved_ones_and_earns_more(make_materials: MaterialsMaker) -> None:
    plan = compose(BRIEF, make_materials())
    today = {line.id: line.budget for line in plan.baseline.lines}
    starved = [line for line in plan.lines if today[line.id] < 2000]
    assert all(line.budget > 1.5 * today[line.id] for line in starved)
    assert plan.expected["qualified_leads"].mid > 1.05 * plan.baseline.expected["qualified_leads"].mid
    assert plan.probability_better_than_baseline is not None
    assert plan.probability_better_than_baseline > 0.8


def test_budgets_add_up_to_the_cent_in_the_plan_and_in_its_baseline(make_materials: MaterialsMaker) -> None:
    plan = compose(BRIEF, make_materials())
    assert sum(to_cents(line.budget) for line in plan.lines) == 3_000_001 == to_cents(plan.total_budget)
    assert sum(to_cents(line.budget) for line in plan.baseline.lines) == 3_000_001


def test_a_daily_budget_is_the_budget_over_the_days(make_materials: MaterialsMaker) -> None:
    for line in compose(BRIEF, make_materials()).lines:
        assert line.daily_budget == pytest.approx(line.budget / 28, abs=0.00501)


def test_the_same_inputs_and_seed_give_the_same_bytes_and_another_seed_others(make_materials: MaterialsMaker) -> None:
    first, again, other = (plan_json(compose(BRIEF, make_materials(), seed=seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_ranges_are_in_order_and_every_line_says_why(make_materials: MaterialsMaker) -> None:
    for line in compose(BRIEF, make_materials()).lines:
        assert line.reasons
        for span in line.expected.values():
            assert span.low <= span.mid <= span.high


def test_a_brief_in_another_currency_is_refused_with_both_named(make_materials: MaterialsMaker) -> None:
    with pytest.raises(InputError, match=r"EUR.*USD"):
        compose(brief(budget=BriefBudget(amount=100, currency="EUR")), make_materials())


def test_a_bare_dollar_sign_means_the_dollars_that_the_accounts_are_kept_in(
    make_materials: MaterialsMaker, make_panel: PanelMaker
) -> None:
    canadian = make_materials(replace(make_panel(), currency="CAD"))
    plan = compose(brief(evidence={"budget": "we have $30,000"}), canadian)
    assert plan.currency == "CAD"
    assert any("CAD" in warning for warning in plan.warnings)
    with pytest.raises(InputError, match=r"USD.*CAD"):
        compose(brief(evidence={"budget": "we have US$ 30,000"}), canadian)


def test_a_budget_of_nothing_is_refused(make_materials: MaterialsMaker) -> None:
    with pytest.raises(InputError, match="nothing to plan"):
        compose(brief(budget=BriefBudget(amount=0, currency="USD")), make_materials())


def test_a_budget_a_month_is_scaled_to_the_days_and_said(make_materials: MaterialsMaker) -> None:
    plan = compose(brief(budget=BriefBudget(amount=3043.75, currency="USD", period="month")), make_materials())
    assert plan.total_budget == pytest.approx(2800.0)
    assert any("a month over 28 days" in sentence for sentence in plan.assumptions)


def test_a_brief_without_a_budget_spends_what_was_spent_and_says_so(make_materials: MaterialsMaker) -> None:
    materials = make_materials()
    plan = compose(brief(budget=None), materials)
    assert plan.total_budget == pytest.approx(float(materials.panel.cost[:, -28:].sum()), abs=0.01)
    assert any("states no budget" in sentence for sentence in plan.assumptions)


def test_a_budget_far_beyond_the_history_is_warned_of(make_materials: MaterialsMaker) -> None:
    plan = compose(brief(budget=BriefBudget(amount=5e6, currency="USD")), make_materials())
    assert any("times the most" in sentence for sentence in plan.warnings)
    assert sum(to_cents(line.budget) for line in plan.lines) == 500_000_000


def test_a_platform_that_the_brief_excludes_gets_nothing_and_the_plan_says_why(make_materials: MaterialsMaker) -> None:
    plan = compose(brief(platforms=PlatformChoice(exclude=["meta_ads"])), make_materials())
    assert {line.platform for line in plan.lines} == {"google_ads"}
    assert all("leaves Meta Ads out" in left.reason for left in plan.left_out)
    assert len(plan.left_out) == 2


def test_excluding_every_platform_is_refused(make_materials: MaterialsMaker) -> None:
    with pytest.raises(InputError, match="excludes every platform"):
        compose(brief(platforms=PlatformChoice(exclude=["meta_ads", "google_ads"])), make_materials())


def test_a_platform_that_is_asked_for_without_a_line_gets_a_new_one(
    make_materials: MaterialsMaker, make_panel: PanelMaker
) -> None:
    panel = make_panel(lines=2)  # both on Google
    plan = compose(brief(platforms=PlatformChoice(include=["google_ads", "meta_ads"])), make_materials(panel))
    new = plan.lines[-1]
    assert new.is_new
    assert (new.id, new.campaign_id, new.ad_group_id) == ("meta_ads:new:1", None, None)
    assert new.budget > 0
    assert any("first guess" in sentence for sentence in plan.warnings)


def test_a_country_that_no_line_reaches_makes_every_line_new_and_says_so(make_materials: MaterialsMaker) -> None:
    plan = compose(brief(audience=Audience(countries=["NZ"])), make_materials())
    assert all(line.is_new for line in plan.lines)
    assert plan.probability_better_than_baseline is None
    assert any("US" in sentence and "NZ" in sentence for sentence in plan.warnings)


def test_a_form_that_the_brief_wants_to_avoid_is_left_out(
    make_materials: MaterialsMaker, make_panel: PanelMaker
) -> None:
    panel = make_panel()
    lines = tuple(replace(line, ad_type="VIDEO") if line.id == "meta_ads:2:21" else line for line in panel.lines)
    wish = BriefConstraint(kind="avoid", what="no video please")
    plan = compose(brief(constraints=[wish]), make_materials(replace(panel, lines=lines)))
    assert [left.id for left in plan.left_out] == ["meta_ads:2:21"]


def test_a_paused_line_is_left_out(make_materials: MaterialsMaker, make_panel: PanelMaker) -> None:
    panel = make_panel()
    lines = tuple(replace(line, status="PAUSED") if line.id == "meta_ads:2:21" else line for line in panel.lines)
    plan = compose(BRIEF, make_materials(replace(panel, lines=lines)))
    assert plan.left_out[0].reason == "it is paused"


def test_a_first_campaign_without_any_history_is_planned_with_wide_ranges(make_materials: MaterialsMaker) -> None:
    plan = compose(BRIEF, make_materials(Panel.empty("USD"), today=date(2025, 12, 30)))
    assert [line.id for line in plan.lines] == ["google_ads:new:1", "meta_ads:new:1"]
    assert sum(to_cents(line.budget) for line in plan.lines) == 3_000_001
    leads = plan.expected["leads"]
    assert leads.high > 1.5 * leads.low
    assert plan.warnings
    assert plan.probability_better_than_baseline is None


def test_a_first_campaign_without_a_budget_is_refused(make_materials: MaterialsMaker) -> None:
    with pytest.raises(InputError, match="no budget"):
        compose(brief(budget=None), make_materials(Panel.empty("USD"), today=date(2025, 12, 30)))


def test_a_line_of_ten_days_keeps_half_of_its_share_to_be_learned_about(
    make_materials: MaterialsMaker, make_panel: PanelMaker
) -> None:
    panel = make_panel()
    young = {
        name: np.where(np.arange(panel.dates.size) < panel.dates.size - 10, 0.0, getattr(panel, name)[1])
        for name in (
            "cost",
            "clicks",
            "impressions",
            "leads",
            "conversions",
            "crm_leads",
            "crm_decided",
            "crm_qualified",
        )
    }
    changed = {}
    for name, row in young.items():
        whole = getattr(panel, name).copy()
        whole[1] = row
        changed[name] = whole
    plan = compose(BRIEF, make_materials(replace(panel, **changed)))
    line = next(line for line in plan.lines if line.id == "google_ads:1:11")
    today = next(line.budget for line in plan.baseline.lines if line.id == "google_ads:1:11")
    assert line.on_trial
    assert line.budget >= 0.5 * today - 0.02
    assert any("Too young" in reason for reason in line.reasons)


def test_an_account_without_leads_plans_for_clicks_and_says_so(
    make_materials: MaterialsMaker, make_panel: PanelMaker
) -> None:
    none = np.zeros((6, 420))
    empty = dict.fromkeys(
        ("leads", "conversions", "crm_leads", "crm_decided", "crm_qualified", "sales", "revenue"), none
    )
    plan = compose(BRIEF, make_materials(replace(make_panel(), **empty, has_crm=False, lead_source="none")))
    assert plan.objective == "clicks"
    assert any("no qualified leads" in sentence for sentence in plan.warnings)


def test_a_locked_line_gets_exactly_its_sum_and_an_unknown_one_is_refused(make_materials: MaterialsMaker) -> None:
    plan = compose(BRIEF, make_materials(), limits=Limits(lines={"google_ads:0:01": LineLimit(locked=1234.56)}))
    assert next(line.budget for line in plan.lines if line.id == "google_ads:0:01") == 1234.56
    with pytest.raises(InputError, match="google_ads:99:1"):
        compose(BRIEF, make_materials(), limits=Limits(lines={"google_ads:99:1": LineLimit(max=1)}))


def test_a_target_comes_with_its_probability_and_a_hopeless_one_with_a_warning(make_materials: MaterialsMaker) -> None:
    easy = BriefTarget(metric="cost_per_lead", value=1000, comparison="at_most")
    hopeless = BriefTarget(metric="leads", value=10**7, comparison="at_least")
    unsaid = BriefTarget(metric="roas", value=4, comparison="at_least")
    plan = compose(brief(targets=[easy, hopeless, unsaid]), make_materials())
    kept, missed, unknown = (target.probability for target in plan.targets)
    assert (kept or 0) > 0.99
    assert missed is not None
    assert missed < 0.01
    assert unknown is None
    assert any("more likely missed" in sentence for sentence in plan.warnings)
    assert any("cannot say" in sentence for sentence in plan.warnings)


def test_a_plan_over_running_lines_says_that_it_replaces_their_budgets(make_materials: MaterialsMaker) -> None:
    plan = compose(BRIEF, make_materials())
    assert any("replace theirs" in sentence for sentence in plan.assumptions)
    overlapping = compose(brief(start_date=date(2025, 12, 20), end_date=date(2026, 1, 16)), make_materials())
    assert any("already runs to 31 December 2025" in sentence for sentence in overlapping.warnings)


@pytest.mark.parametrize("days", [1, 5, 40])
def test_a_short_history_never_fails(make_materials: MaterialsMaker, make_panel: PanelMaker, days: int) -> None:
    plan = compose(BRIEF, make_materials(make_panel(lines=3, days=days)))
    assert sum(to_cents(line.budget) for line in plan.lines) == 3_000_001


def test_a_single_line_gets_all_of_it(make_materials: MaterialsMaker, make_panel: PanelMaker) -> None:
    plan = compose(BRIEF, make_materials(make_panel(lines=1)))
    assert plan.lines[0].budget == 30000.01


@pytest.mark.parametrize("objective", ["leads", {"leads": 1.0, "qualified_leads": 3.0}])
@pytest.mark.parametrize("amount", [3_000.0, 300_000.0])
def test_what_a_line_gets_never_goes_against_the_prices_that_are_given_for_it(
    make_materials: MaterialsMaker, amount: float, objective: Outcome | Mix
) -> None:
    asked = brief(budget=BriefBudget(amount=amount, currency="USD"))
    for line in compose(asked, make_materials(), objective=objective).lines:
        here, across = (float(price.replace(",", "")) for price in re.findall(r"\$([\d,.]*\d)", line.reasons[0])[:2])
        assert here < 1.03 * across or not line.reasons[0].startswith("Gets more:")
        assert here > 0.97 * across or not line.reasons[0].startswith("Gets less:")
