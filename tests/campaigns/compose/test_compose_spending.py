"""How much a plan spends, on what, and how sure it says it is: over a fitted history, from brief to plan."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketmover.budget import Response, fit_response
from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.page import render_page
from marketmover.campaigns.platforms import google_request
from marketmover.errors import InputError
from marketmover.history import GoogleResource, Panel
from marketmover.kit import to_cents
from marketmover.plans import Brief, BriefBudget, BriefTarget, Limits, Plan

PanelMaker = Callable[..., Panel]
Composer = Callable[..., Plan]

START, END = date(2026, 1, 5), date(2026, 2, 1)
BRIEF = Brief(outcome="leads", budget=BriefBudget(amount=30_000.0, currency="USD"), start_date=START, end_date=END)


@pytest.fixture(scope="module")
def panel(make_panel: PanelMaker) -> Panel:
    """The small history, with revenue of 90 for each lead."""
    made = make_panel()
    return replace(made, revenue=made.leads * 90.0, revenue_source="platform")


@pytest.fixture(scope="module")
def response(panel: Panel) -> Response:
    return fit_response(panel, START, END, seed=1)


@pytest.fixture
def composed(panel: Panel, response: Response, make_materials: Callable[..., Materials]) -> Composer:
    """Composes a plan over the history, which was learned from once."""

    def build(
        changed: Panel | None = None, *, objective: object = None, limits: Limits | None = None, **brief: object
    ) -> Plan:
        materials = make_materials(changed or panel)
        asked = BRIEF.model_copy(update=brief)
        return compose(asked, materials, objective=objective, limits=limits, learn=lambda *_, **__: response)  # pyright: ignore[reportArgumentType]  # tests give every form

    return build


def at_most(value: float) -> BriefTarget:
    return BriefTarget(metric="cost_per_lead", value=value, comparison="at_most")


def adds_up(plan: Plan) -> bool:
    return sum(to_cents(line.budget) for line in plan.lines) == to_cents(plan.total_budget)


def test_a_brief_without_a_budget_but_with_a_target_cost_spends_as_much_as_pays(composed: Composer) -> None:
    usual = composed(budget=None)
    cost = usual.expected["cost_per_lead"].mid

    tight, loose = (composed(budget=None, targets=[at_most(cost * times)]) for times in (0.8, 1.15))

    assert tight.total_budget < usual.total_budget < loose.total_budget
    for plan, times in ((tight, 0.8), (loose, 1.15)):
        assert adds_up(plan)
        assert plan.as_much_as_pays is not None
        assert plan.as_much_as_pays.target == pytest.approx(cost * times)
        assert plan.as_much_as_pays.marginal > plan.as_much_as_pays.average
        assert plan.as_much_as_pays.words in plan.assumptions
        assert (plan.targets[0].probability or 0.0) > 0.5
        assert not any("states no budget" in sentence for sentence in plan.assumptions)


def test_a_stated_budget_is_spent_whole_though_a_target_is_dear_to_keep(composed: Composer) -> None:
    plan = composed(targets=[at_most(1.0)])
    assert plan.total_budget == 30_000.0
    assert plan.as_much_as_pays is None


def test_a_stated_budget_is_a_ceiling_where_only_what_pays_is_wished_for(composed: Composer) -> None:
    cost = composed().expected["cost_per_lead"].mid
    wish = {"spend": "as_much_as_pays", "cost_per": {"metric": "leads", "at_most": cost * 0.8}}

    plan = composed(limits=Limits.model_validate(wish))

    assert plan.total_budget < 30_000.0
    assert adds_up(plan)
    assert plan.expected["cost_per_lead"].mid < cost * 0.8
    assert "as much as pays" in render_page(plan)


def test_profit_is_revenue_by_its_margin_less_spend_and_may_leave_budget_unspent(composed: Composer) -> None:
    whole = composed(objective="profit", limits=Limits(margin=0.1))
    paying = composed(objective="profit", limits=Limits(margin=0.1, spend="as_much_as_pays"))

    assert whole.total_budget == 30_000.0
    for plan in (whole, paying):
        assert plan.objective == "profit"
        profit = plan.expected["revenue"].mid * 0.1 - plan.total_budget
        assert plan.expected["profit"].mid == pytest.approx(profit, rel=1e-4)
    assert paying.total_budget < whole.total_budget
    assert paying.expected["profit"].mid > whole.expected["profit"].mid


def test_a_target_that_nothing_keeps_is_an_error_only_where_no_more_than_pays_was_asked_for(composed: Composer) -> None:
    hopeless = {"spend": "as_much_as_pays", "cost_per": {"metric": "leads", "at_most": 0.01}}
    with pytest.raises(InputError, match="Nothing pays"):
        composed(limits=Limits.model_validate(hopeless))

    usual = composed(budget=None)
    plan = composed(budget=None, targets=[at_most(0.01)])
    assert plan.total_budget == usual.total_budget
    assert any("Nothing pays" in warning for warning in plan.warnings)


@pytest.mark.parametrize("way", ["asked", "limits", "brief"])
def test_a_mix_may_be_asked_for_limited_to_or_briefed(composed: Composer, way: str) -> None:
    mix = {"leads": 1.0, "qualified_leads": 3.0}
    plan = {
        "asked": lambda: composed(objective=mix),
        "limits": lambda: composed(limits=Limits.model_validate({"objective": mix})),
        "brief": lambda: composed(outcome=mix),
    }[way]()
    assert plan.objective_weights == mix
    assert plan.objective in mix
    assert any("mix" in sentence for sentence in plan.assumptions)


def test_lines_of_a_shared_budget_are_planned_as_one_and_written_once(composed: Composer, panel: Panel) -> None:
    shared = "customers/1/campaignBudgets/9"
    members = ("google_ads:0:01", "google_ads:1:11")
    lines = tuple(replace(line, shared_budget=shared) if line.id in members else line for line in panel.lines)

    plan = composed(replace(panel, lines=lines))
    budgets = {line.id: line.budget for line in plan.lines}
    today = {line.id: line.budget for line in plan.baseline.lines}

    assert adds_up(plan)
    assert budgets[members[0]] / budgets[members[1]] == pytest.approx(today[members[0]] / today[members[1]], rel=1e-3)
    assert any("shared budget" in sentence for sentence in plan.assumptions)
    resources = {
        line: GoogleResource("1", f"customers/1/campaigns/{line}", budget=shared, budget_shared=True, status="ENABLED")
        for line in members
    }
    written = [
        operation["campaignBudgetOperation"]["update"]
        for operation in google_request(plan, resources).body["mutateOperations"]
        if operation.get("campaignBudgetOperation", {}).get("update", {}).get("resourceName") == shared
    ]
    assert len(written) == 1
    both = sum(line.daily_budget for line in plan.lines if line.id in members)
    assert int(written[0]["amountMicros"]) == pytest.approx(both * 1e6, abs=2e4)


def test_platforms_costs_are_reported_and_evened_out_where_that_is_cheap(composed: Composer) -> None:
    plan, left = composed(), composed(limits=Limits(even_platforms=0.0))
    costs = plan.fairness.platforms
    assert costs is not None
    assert set(costs.cost) == {"google_ads", "meta_ads"}
    assert costs.variation <= costs.before
    assert left.fairness.platforms is not None
    assert not left.fairness.platforms.evened
    assert costs.words in render_page(plan).replace("&#39;", "'")


def test_a_sure_plan_says_so_and_names_what_would_change_it(composed: Composer) -> None:
    plan = composed()
    assert plan.certainty is not None
    assert plan.certainty.verdict in ("clear", "likely")
    assert set(plan.certainty.by_metric) == set(plan.probability_better)
    assert plan.would_change_it
    page = render_page(plan)
    assert "How sure this is" in page


def test_too_little_history_is_said_in_words_with_the_test_that_would_settle_it(
    make_panel: PanelMaker, make_materials: Callable[..., Materials]
) -> None:
    young = make_panel(lines=4, days=40)
    few = np.random.default_rng(2).binomial(young.leads.astype(int), 0.03).astype(float)
    none = np.zeros_like(few)
    thin = replace(
        young, leads=few, conversions=few, crm_leads=none, crm_decided=none, crm_qualified=none, has_crm=False
    )

    plan = compose(BRIEF, make_materials(thin))

    assert plan.certainty is not None
    assert plan.certainty.verdict == "not_enough_data"
    assert plan.certainty.tests
    test = plan.certainty.tests[0]
    assert test.then[1] / test.then[0] < test.now[1] / test.now[0]
    assert "weeks" in test.words
    assert test.words.split(",")[0] in render_page(plan)
