"""Budgets far from the history, currencies without cents, and limits that contradict: what a plan does and says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from marketmover.budget import Response, fit_response
from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.platforms import google_request, meta_operations
from marketmover.errors import InputError
from marketmover.history import GoogleResource, Panel
from marketmover.kit import coin_of, from_cents, to_cents
from marketmover.plans import Brief, BriefBudget, CampaignLimit, Limits, LineLimit, Plan

Composer = Callable[..., Plan]
START, END = date(2026, 1, 5), date(2026, 2, 1)


@pytest.fixture(scope="module")
def panel(make_panel: Callable[..., Panel]) -> Panel:
    return make_panel()


@pytest.fixture(scope="module")
def response(panel: Panel) -> Response:
    return fit_response(panel, START, END, seed=1)


@pytest.fixture
def composed(panel: Panel, response: Response, make_materials: Callable[..., Materials]) -> Composer:
    """Composes a plan of a sum over the history, which was learned from once."""

    def build(amount: float, currency: str = "USD", limits: Limits | None = None) -> Plan:
        materials = make_materials(replace(panel, currency=currency))
        brief = Brief(
            outcome="leads", budget=BriefBudget(amount=amount, currency=currency), start_date=START, end_date=END
        )
        return compose(brief, materials, limits=limits, learn=lambda *_, **__: response)

    return build


def test_so_little_money_stops_lines_by_name_and_keeps_the_others_working(composed: Composer, panel: Panel) -> None:
    plan = composed(round(0.01 * float(panel.cost[:, -28:].sum()), 2))

    stopped = [line for line in plan.lines if line.budget == 0]
    assert stopped
    warning = next(sentence for sentence in plan.warnings if "of what these lines lately spent" in sentence)
    assert all(f"“{line.name}”" in warning for line in stopped)
    for line in plan.lines:
        if line.budget:
            assert line.daily_budget >= (1.0 if line.platform == "google_ads" else 5.0)
            assert line.expected["leads"].mid >= 3
        else:
            assert line.reasons[0].startswith("No money")
    assert sum(to_cents(line.budget) for line in plan.lines) == to_cents(plan.total_budget)


def test_a_sum_on_which_no_line_can_run_is_called_too_small(composed: Composer) -> None:
    plan = composed(14.0)

    assert [line.budget for line in plan.lines if line.budget] == [14.0]
    assert any("too small for these dates" in sentence for sentence in plan.warnings)


def test_fifty_times_the_history_is_split_with_a_word_on_how_much_of_it_is_worth_spending(
    composed: Composer, panel: Panel
) -> None:
    plan = composed(50 * float(panel.cost[:, -28:].sum()))

    said = " ".join(plan.warnings)
    assert "times the most that these accounts ever spent" in said
    assert "is worth spending" in said
    assert "nothing in the history speaks at all" in said
    assert plan.probability_better_than_baseline is not None
    assert plan.probability_better_than_baseline >= 0.5
    words = " ".join([*said, *plan.would_change_it, plan.model_dump_json()])
    assert "100% less" not in words
    assert "The limits do not let" not in words
    assert plan.certainty is not None
    assert all(test.change < 4 for test in plan.certainty.tests)


@pytest.mark.parametrize("currency", ["JPY", "KRW", "HUF", "KWD"])
def test_plan_and_payloads_hold_the_same_whole_coins(composed: Composer, currency: str) -> None:
    coin = coin_of(currency)

    plan = composed(29_999.6, currency)

    google = google_request(plan, {line.id: resource(line.id) for line in plan.lines if line.platform == "google_ads"})
    meta = meta_operations(plan, {})
    total = to_cents(plan.total_budget)
    assert sum(to_cents(line.budget) for line in plan.lines) == total
    assert sum(to_cents(line.budget) for line in plan.baseline.lines) == total
    amounts = [plan.total_budget, *(line.budget for line in plan.baseline.lines)]
    amounts += [value for line in plan.lines for value in (line.budget, line.daily_budget)]
    assert all(from_cents(to_cents(amount)) == amount and to_cents(amount) % coin == 0 for amount in amounts)
    daily = sum(to_cents(line.daily_budget) for line in plan.lines if line.platform == "google_ads")
    micros = [
        int(one["campaignBudgetOperation"]["update"]["amountMicros"])
        for one in google.body["mutateOperations"]
        if "campaignBudgetOperation" in one
    ]
    assert sum(micros) == daily * 10_000
    units = [one["params"]["daily_budget"] for one in meta.body["operations"] if "daily_budget" in one["params"]]
    lines = [line for line in plan.lines if line.platform == "meta_ads" and line.budget]
    assert sum(units) * coin == sum(to_cents(line.daily_budget) for line in lines)


def resource(line: str) -> GoogleResource:
    campaign = line.split(":")[1]
    return GoogleResource("1", f"customers/1/campaigns/{campaign}", budget=f"customers/1/campaignBudgets/{campaign}")


def test_a_limit_above_the_budget_is_named_as_in_the_file_with_its_currency(composed: Composer) -> None:
    limits = Limits(lines={"google_ads:0:01": LineLimit(min=40_000)})
    with pytest.raises(InputError, match=r'lines."google_ads:0:01".min \(40,000 USD\) is more than the budget of 30,0'):
        composed(30_000.0, limits=limits)


def test_a_campaign_may_be_named_by_its_id_alone(composed: Composer) -> None:
    plan = composed(30_000.0, limits=Limits(campaigns={"1": CampaignLimit(max=500)}))
    assert next(line.budget for line in plan.lines if line.campaign_id == "1") <= 500
