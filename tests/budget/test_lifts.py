"""Lift tests move a line's curve towards what they found, as far as they are sure, and its kin's by less."""

from datetime import date, timedelta

import numpy as np
import pytest
from synthetic import Truth, market

from marketmover.budget import Response, fit_response
from marketmover.errors import InputError
from marketmover.history import LiftTest, Panel

START, END = date(2026, 4, 6), date(2026, 5, 3)
LAST = date(2026, 3, 31)


@pytest.fixture(scope="module")
def made() -> tuple[Panel, Truth]:
    return market(11, lines=6, days=300)


@pytest.fixture(scope="module")
def untested(made: tuple[Panel, Truth]) -> Response:
    return fit_response(made[0], START, END, seed=1)


def elasticity(response: Response, panel: Panel, row: int) -> np.ndarray:
    """Of leads to spend, by draw, between usual spend and half of it."""
    usual = panel.cost[row, -28:].mean() * 28
    drawn = response.draws_of_line(panel.line_ids[row], "leads", np.array([usual, usual / 2]))
    return np.log(drawn[:, 0] / drawn[:, 1]) / np.log(2.0)


def halved(panel: Panel, row: int, share: float, error: float) -> LiftTest:
    """The line's budget was halved for four weeks; `share` of what it counts at full spend was lost."""
    days = slice(panel.cost.shape[1] - 28, None)
    lost, money = panel.leads[row, days].sum() * share, panel.cost[row, days].sum()
    start = LAST - timedelta(days=27)
    # The panel's days stand for the spend with the test in it: twice as much as without.
    return LiftTest(panel.line_ids[row], start, LAST, money / 2, "leads", lost, error)


@pytest.mark.parametrize("true", [0.25, 0.95])
def test_a_sure_test_moves_the_curve_to_what_it_found(
    true: float, made: tuple[Panel, Truth], untested: Response
) -> None:
    panel, row = made[0], 2
    lift = halved(panel, row, 1 - 0.5**true, 0.5)
    before = elasticity(untested, panel, row)
    after = elasticity(fit_response(panel, START, END, seed=1, lift_tests=[lift]), panel, row)
    assert abs(after.mean() - true) < 0.65 * abs(before.mean() - true)
    assert after.std() < before.std()


def test_an_unsure_test_moves_next_to_nothing(made: tuple[Panel, Truth], untested: Response) -> None:
    panel = made[0]
    lift = halved(panel, 2, 0.9, 1e5)
    after = fit_response(panel, START, END, seed=1, lift_tests=[lift])
    assert elasticity(after, panel, 2).mean() == pytest.approx(elasticity(untested, panel, 2).mean(), abs=0.01)


@pytest.mark.parametrize("true", [0.2, 0.95])
def test_kin_move_the_same_way_by_less_and_the_other_platform_by_still_less(
    true: float, made: tuple[Panel, Truth], untested: Response
) -> None:
    panel, row = made[0], 2  # the first three lines are on Google
    lift = halved(panel, row, 1 - 0.5**true, 0.5)
    after = fit_response(panel, START, END, seed=1, lift_tests=[lift])
    moved = np.array(
        [elasticity(after, panel, one).mean() - elasticity(untested, panel, one).mean() for one in range(6)]
    ) * np.sign(true - 0.6)
    own, kin, others = moved[row], moved[:row], moved[row + 1 :]
    assert (kin > 0.003).all()
    assert (kin < own / 2).all()
    assert abs(others.mean()) < kin.mean()
    assert (np.abs(others) < own / 2).all()


def test_two_tests_that_agree_move_their_kin_further_than_one(made: tuple[Panel, Truth], untested: Response) -> None:
    panel = made[0]
    lifts = [halved(panel, row, 1 - 0.5**0.2, 0.5) for row in (0, 2)]
    one = fit_response(panel, START, END, seed=1, lift_tests=lifts[:1])
    both = fit_response(panel, START, END, seed=1, lift_tests=lifts)
    start = elasticity(untested, panel, 1).mean()
    assert elasticity(both, panel, 1).mean() < elasticity(one, panel, 1).mean() < start


def test_a_test_without_news_leaves_every_other_line_as_it_was(made: tuple[Panel, Truth], untested: Response) -> None:
    panel = made[0]
    after = fit_response(panel, START, END, seed=1, lift_tests=[halved(panel, 2, 0.5, 1e7)])
    spend = panel.cost[:, -28:].sum(axis=1)
    assert (after.expected(spend, "leads") == untested.expected(spend, "leads")).all()


def test_a_line_that_was_switched_off_shows_what_it_brings(made: tuple[Panel, Truth], untested: Response) -> None:
    """Without spend nothing is counted, so the loss is all that the line would have counted: no news for its curve."""
    panel, row = made[0], 3
    cost, leads = panel.cost.copy(), panel.leads.copy()
    off = slice(200, 214)
    lost, saved = leads[row, off].sum(), cost[row, off].sum()
    cost[row, off], leads[row, off] = 0.0, 0.0
    start = panel.dates[200].astype(object)
    lift = LiftTest(panel.line_ids[row], start, start + timedelta(days=13), -saved, "leads", -lost, 3.0)
    after = fit_response(panel, START, END, seed=1, lift_tests=[lift])
    assert elasticity(after, panel, row).mean() == pytest.approx(elasticity(untested, panel, row).mean(), abs=0.1)
    assert not any("lift tests" in sentence for sentence in after.assumptions)


def test_a_test_that_nothing_in_the_history_agrees_with_is_tempered_and_said(made: tuple[Panel, Truth]) -> None:
    panel = made[0]
    lift = halved(panel, 2, 40.0, 0.01)
    after = fit_response(panel, START, END, seed=1, lift_tests=[lift])
    assert any("lie far from what its history says" in sentence for sentence in after.assumptions)
    assert elasticity(after, panel, 2).std() > 0.005


def test_a_metric_that_the_response_does_not_know_is_an_error(made: tuple[Panel, Truth]) -> None:
    panel = made[0]
    lift = LiftTest(panel.line_ids[0], LAST, LAST, 100.0, "revenue", 1.0, 1.0)
    with pytest.raises(InputError, match=r"revenue.*counts .*leads"):
        fit_response(panel, START, END, seed=1, lift_tests=[lift])
