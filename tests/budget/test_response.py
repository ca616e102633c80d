from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from synthetic import market, panel_of

from marketmover.budget import NewLine, Response, allocate, compare, expectation, fit_response
from marketmover.errors import InputError
from marketmover.history import Panel
from marketmover.plans import CostLimit, Limits, LineLimit

START, END = date(2026, 4, 1), date(2026, 4, 28)
NEW = [NewLine("google_ads:new:1", "google_ads", "SEARCH"), NewLine("meta_ads:new:1", "meta_ads", "IMAGE")]


@pytest.fixture(scope="module")
def fitted() -> tuple[Panel, Response]:
    panel, _ = market(2, lines=6, days=300)
    return panel, fit_response(panel, START, END, seed=7, draws=200)


def todays(panel: Panel) -> dict[str, float]:
    return dict(zip(panel.line_ids, (float(spend) for spend in panel.cost[:, -28:].sum(axis=1)), strict=True))


def as_array(response: Response, budgets: dict[str, float]) -> np.ndarray:
    return np.array([budgets[line] for line in response.line_ids])


@pytest.mark.parametrize("family", ["saturating", "power", "exponential"])
def test_advice_beats_the_split_of_a_manager_who_chased_demand(family: str) -> None:
    panel, truth = market(3, lines=8, days=365, family=family)
    response = fit_response(panel, START, END, seed=1, draws=200)
    today = todays(panel)
    total = round(sum(today.values()), 2)

    advised = allocate(response, total, objective="leads", current=today).budgets

    assert truth.leads(as_array(response, advised), 28).sum() > 1.01 * truth.leads(as_array(response, today), 28).sum()
    assert compare(response, advised, today, "leads").probability > 0.7


def test_spend_that_follows_demand_is_not_credited_with_it() -> None:
    panel, truth = market(5, lines=10, days=400)
    response = fit_response(panel, START, END, seed=1, draws=200)

    step = 1.01
    up, down = truth.clicks(response.reference * step), truth.clicks(response.reference / step)
    true = np.log(up / down) / (2 * np.log(step))
    found = np.median(response.stages["clicks"].elasticity, axis=0)

    assert abs(float((found - true).mean())) < 0.08
    low, high = np.percentile(response.stages["clicks"].elasticity, [10, 90], axis=0)
    assert ((true >= low) & (true <= high)).mean() >= 0.6


def test_the_same_seed_gives_the_same_draws(fitted: tuple[Panel, Response]) -> None:
    panel, response = fitted
    again = fit_response(panel, START, END, seed=7, draws=200)
    budgets = as_array(response, todays(panel))

    assert (again.expected(budgets, "leads") == response.expected(budgets, "leads")).all()
    first, second = response.sample(budgets, ["leads"])["leads"], again.sample(budgets, ["leads"])["leads"]
    assert (first == second).all()


def test_qualified_leads_never_exceed_leads_nor_leads_clicks(fitted: tuple[Panel, Response]) -> None:
    panel, response = fitted
    drawn = response.sample(as_array(response, todays(panel)), ["clicks", "leads", "qualified_leads"])

    assert (drawn["qualified_leads"] <= drawn["leads"]).all()
    assert (drawn["leads"] <= drawn["clicks"]).all()


def test_chance_widens_what_is_counted_beyond_what_is_expected(fitted: tuple[Panel, Response]) -> None:
    panel, response = fitted
    budgets = as_array(response, todays(panel))
    expected = response.expected(budgets, "leads")
    counted = response.sample(budgets, "leads")["leads"]

    assert counted.std(axis=0).sum() > expected.std(axis=0).sum()
    assert counted.mean() == pytest.approx(expected.mean(), rel=0.05)


def test_a_curve_rises_from_nothing_and_bends(fitted: tuple[Panel, Response]) -> None:
    panel, response = fitted
    low, mid, high = response.curve(panel.line_ids[0], "leads", np.linspace(0.0, 20_000.0, 30))

    assert low[0] == mid[0] == high[0] == 0.0
    assert (np.diff(mid) > 0).all()
    assert ((low <= mid) & (mid <= high)).all()


def test_the_expected_outcome_bends_at_every_budget(fitted: tuple[Panel, Response]) -> None:
    _, response = fitted
    even = np.full(response.draws, 1.0 / response.draws)
    mean = response.gains(np.arange(6), np.linspace(0.0, 50_000.0, 30), "leads", even)

    assert (np.diff(mean, 2, axis=1) < 1e-9).all()


def test_a_split_adds_up_to_the_cent_and_keeps_its_locks(fitted: tuple[Panel, Response]) -> None:
    panel, response = fitted
    line = panel.line_ids[1]
    limits = Limits(lines={line: LineLimit(locked=123.45)})

    found = allocate(response, 9_876.54, objective="leads", limits=limits, current=todays(panel))

    assert sum(found.cents.values()) == 987_654
    assert found.cents[line] == 12_345
    assert found.binding[line] == "locked at 123.45"


def test_a_cost_ceiling_out_of_reach_is_said_and_the_nearest_split_given(fitted: tuple[Panel, Response]) -> None:
    _, response = fitted
    limits = Limits(cost_per=CostLimit(metric="leads", at_most=0.01))

    found = allocate(response, 5_000.0, objective="leads", limits=limits)

    assert sum(found.cents.values()) == 500_000
    assert "cannot be reached" in found.notes[0]


def test_aversion_to_risk_raises_the_bad_outcomes(fitted: tuple[Panel, Response]) -> None:
    _, response = fitted

    def worst_tenth(aversion: float) -> float:
        limits = Limits(risk_aversion=aversion)
        budgets = allocate(response, 8_000.0, objective="leads", limits=limits).budgets
        totals = np.sort(response.expected(as_array(response, budgets), "leads").sum(axis=1))
        return float(totals[: len(totals) // 10].mean())

    assert worst_tenth(1.0) >= worst_tenth(0.0) * 0.9995


def test_changes_that_are_not_worth_a_learning_phase_are_not_made(fitted: tuple[Panel, Response]) -> None:
    panel, response = fitted
    total = round(sum(todays(panel).values()), 2)
    best = allocate(response, total, objective="leads").budgets

    again = allocate(response, total, objective="leads", current=best).budgets
    nudged = {line: budget * (1.1 if row % 2 else 0.9) for row, (line, budget) in enumerate(best.items())}
    calm = allocate(response, total, objective="leads", current=nudged).budgets

    assert again == pytest.approx(best, rel=0.01)
    assert all(abs(calm[line] / nudged[line] - 1.0) < 0.25 for line in best)


def test_a_metric_without_history_is_refused_by_name(fitted: tuple[Panel, Response]) -> None:
    _, response = fitted

    with pytest.raises(InputError, match="revenue"):
        allocate(response, 100.0, objective="revenue")


def test_an_account_without_leads_still_has_clicks() -> None:
    panel, _ = market(1, lines=3, days=60)
    counts = ("leads", "conversions", "crm_leads", "crm_decided", "crm_qualified")
    bare = replace(panel, has_crm=False, **dict.fromkeys(counts, np.zeros_like(panel.cost)))
    response = fit_response(bare, START, END, seed=1, draws=50)

    assert response.metrics == ("clicks", "impressions")


def test_a_first_campaign_is_planned_on_market_priors_and_says_how_unsure_it_is() -> None:
    response = fit_response(Panel.empty("EUR"), START, END, seed=1, new_lines=NEW, draws=200)
    found = allocate(response, 1_000.0, objective="leads")
    total = expectation(response, found.budgets).total["leads"]

    assert sum(found.cents.values()) == 100_000
    assert total.high > 4 * total.low
    assert response.summary("meta_ads:new:1").certainty == "hardly known"


def test_a_new_line_learns_from_the_lines_it_is_like() -> None:
    panel, _truth = market(4, lines=6, days=120)
    response = fit_response(panel, START, END, seed=1, new_lines=NEW, draws=200)
    cost = response.summary("google_ads:new:1", "leads").cost_per_outcome
    known = [response.summary(line, "leads").cost_per_outcome for line in panel.line_ids[:3]]

    assert cost is not None
    assert min(one or 0.0 for one in known) / 3 < cost < 3 * max(one or 0.0 for one in known)


@pytest.mark.parametrize("days", [1, 2, 10])
def test_a_history_of_days_gives_wide_ranges_and_never_fails(days: int) -> None:
    panel, _ = market(1, lines=2, days=days)
    response = fit_response(panel, START, END, seed=1, new_lines=NEW, draws=100)
    budgets = allocate(response, 500.0, objective="leads").budgets
    ranges = expectation(response, budgets)

    assert sum(round(value * 100) for value in budgets.values()) == 50_000
    assert ranges.total["leads"].high > ranges.total["leads"].low


def test_a_history_of_zeros_is_planned_without_a_failure() -> None:
    nothing = np.zeros((3, 50))
    dates = np.arange(np.datetime64("2026-02-10"), np.datetime64("2026-02-10") + 50)
    response = fit_response(panel_of(nothing, nothing, nothing, nothing, dates), START, END, seed=1, draws=50)

    assert sum(allocate(response, 33.33, objective="leads").cents.values()) == 3_333


def test_days_on_which_tracking_was_broken_are_not_read_as_response() -> None:
    panel, _ = market(6, lines=6, days=200)
    leads = panel.leads.copy()
    leads[:, 150:165] = 0.0
    broken = replace(panel, leads=leads, conversions=leads)
    budgets = panel.cost[:, -28:].sum(axis=1)

    whole = fit_response(panel, START, END, seed=1, draws=200).expected(budgets, "leads").sum(axis=1).mean()
    mended = fit_response(broken, START, END, seed=1, draws=200).expected(budgets, "leads").sum(axis=1).mean()

    assert mended == pytest.approx(whole, rel=0.06)


def test_leads_that_are_not_reported_yet_do_not_lower_the_forecast() -> None:
    panel, _ = market(6, lines=6, days=200)
    age = np.arange(200)[::-1] + 0.5
    known = np.random.default_rng(1).binomial(panel.leads.astype(int), 1.0 - np.exp(-age / 4.0)).astype(float)
    late = replace(panel, leads=known, conversions=known)
    budgets = panel.cost[:, -28:].sum(axis=1)

    whole = fit_response(panel, START, END, seed=1, draws=200).expected(budgets, "leads").sum(axis=1).mean()
    mended = fit_response(late, START, END, seed=1, draws=200).expected(budgets, "leads").sum(axis=1).mean()

    assert mended == pytest.approx(whole, rel=0.08)


def test_budgets_that_are_no_budgets_are_refused(fitted: tuple[Panel, Response]) -> None:
    _, response = fitted

    with pytest.raises(InputError, match="negative"):
        response.expected(np.full(6, -1.0), "leads")
    with pytest.raises(InputError, match="6 budgets"):
        response.expected(np.ones(2), "leads")
