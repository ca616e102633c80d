"""Each mechanism does what its file says."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.sandbox.exports.cells import split
from marketmover.sandbox.models import response
from marketmover.sandbox.models.auction_price import impressions
from marketmover.sandbox.models.best_split import Problem, best_split, overlap_groups
from marketmover.sandbox.models.carry_over import Adstock, carry
from marketmover.sandbox.models.counts import poisson_from_uniform
from marketmover.sandbox.models.delivery import deliver
from marketmover.sandbox.models.demand import black_friday
from marketmover.sandbox.models.learning_phase import Learning, settle
from marketmover.sandbox.models.rivals import draw_rivals
from marketmover.sandbox.models.shocks import Process, draw_after, draw_path, expected_after

EFFORT = np.geomspace(0.01, 50.0, 400)


def curves(name: str, shape: float) -> response.Curves:
    return response.normalise(np.array([list(response.FAMILIES).index(name)]), np.array([shape]))


@pytest.mark.parametrize("name", response.FAMILIES)
def test_every_family_starts_at_nothing_never_falls_and_is_one_at_effort_one(name: str) -> None:
    for shape in response.SHAPES[name]:
        volume = curves(name, shape).volume(EFFORT[:, None])[:, 0]
        assert curves(name, shape).volume(np.zeros((1, 1)))[0, 0] == 0.0
        assert (np.diff(volume) >= -1e-12).all()
        assert curves(name, shape).volume(np.ones((1, 1)))[0, 0] == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("name", response.DIMINISHING)
def test_families_that_claim_it_diminish(name: str) -> None:
    for shape in response.SHAPES[name]:
        volume = curves(name, shape).volume(EFFORT[:, None])[:, 0]
        slope = np.diff(volume) / np.diff(EFFORT)
        assert (np.diff(slope) <= 1e-9).all()


def test_s_curves_first_pay_more_and_more() -> None:
    volume = curves("hill", 1.8).volume(EFFORT[:, None])[:, 0]
    slope = np.diff(volume) / np.diff(EFFORT)
    assert np.argmax(slope) > 20


def test_families_differ_from_each_other_far_from_effort_one() -> None:
    far = [
        float(curves(name, sum(response.SHAPES[name]) / 2.0).volume(np.array([[8.0]]))[0, 0])
        for name in response.FAMILIES
    ]
    assert max(far) > 1.5 * min(far)


def test_steady_spend_is_its_own_effective_spend() -> None:
    stock = Adstock(np.zeros(2), np.zeros(2))
    effective = np.zeros(2)
    for _ in range(300):
        stock, effective = carry(
            stock, np.full(2, 50.0), np.array([0.9, 0.5]), np.array([0.7, 0.4]), np.array([True, False])
        )
    assert effective == pytest.approx([50.0, 50.0])


def test_what_is_carried_over_adds_up_to_what_was_spent() -> None:
    stock = Adstock(np.zeros(1), np.zeros(1))
    total = 0.0
    for day in range(400):
        spend = np.array([100.0 if day == 0 else 0.0])
        stock, effective = carry(stock, spend, np.array([0.8]), np.array([0.6]), np.array([True]))
        total += float(effective[0])
    assert total == pytest.approx(100.0)


def test_a_line_never_spends_more_than_its_budget_or_its_inventory() -> None:
    spend = deliver(np.array([1.0, 100.0, 1e6]), np.array([80.0, 80.0, 80.0]))
    assert (spend <= np.array([1.0, 80.0, 80.0]) * (1.0 + 1e-12)).all()
    assert spend[0] == pytest.approx(1.0)


def test_a_thousand_impressions_cost_more_the_more_is_bought() -> None:
    spend = np.array([10.0, 100.0, 1000.0])
    price = 1000.0 * spend / impressions(spend, spend / 100.0, np.array(5.0), np.array(0.2))
    assert (np.diff(price) > 0.0).all()
    assert price[1] == pytest.approx(5.0)


def test_only_sharp_changes_start_a_learning_phase() -> None:
    calm = Learning(np.zeros(2), np.full(2, 100.0))
    after = settle(calm, np.array([110.0, 300.0]), np.full(2, 4.0), np.zeros(2, np.bool_))
    assert after.unsettled[0] == 0.0
    assert after.unsettled[1] == 1.0


def test_chance_after_a_known_day_has_mean_one_around_what_is_expected() -> None:
    process, rng = Process(0.15, 0.9), np.random.default_rng(4)
    path = draw_path(process, 40_000, 15, rng)
    true = np.exp(path[:, -1] - 0.5 * 0.15**2)
    expected = expected_after(process, path[:, 4], 10)[:, -1]
    assert np.mean(true - expected) == pytest.approx(0.0, abs=0.004)
    assert draw_after(process, (40_000, 20), rng).mean(axis=0) == pytest.approx(np.ones(20), abs=0.005)


def test_rivals_to_come_change_the_spread_but_not_the_mean() -> None:
    drawn = draw_rivals(1 / 100, 0.15, 30.0, (20_000, 1), 60, np.random.default_rng(1))
    assert drawn.mean(axis=(0, 1)) == pytest.approx(np.ones(60), abs=0.005)
    assert drawn.std() > 0.02


@given(st.floats(0.0, 2000.0), st.floats(0.001, 0.999))
def test_a_higher_mean_never_gives_a_lower_count_from_the_same_draw(mean: float, uniform: float) -> None:
    low, high = poisson_from_uniform(np.array([mean, 1.05 * mean + 0.01]), np.array(uniform))
    assert high >= low


def test_counts_from_uniform_draws_are_poisson() -> None:
    uniform = np.random.default_rng(2).random(20_000)
    for mean in (0.3, 4.0, 150.0, 900.0):
        counts = poisson_from_uniform(np.full(20_000, mean), uniform)
        assert counts.mean() == pytest.approx(mean, rel=0.03)
        assert counts.var() == pytest.approx(mean, rel=0.06)


@given(st.integers(0, 500), st.lists(st.integers(0, 400), min_size=1, max_size=5))
def test_parts_add_up_and_never_exceed_their_weights(total: int, weights: list[int]) -> None:
    capped = min(total, sum(weights))
    parts = split(np.array([capped]), np.array([weights]), np.random.default_rng(0))[0]
    assert parts.sum() == capped
    assert (parts <= weights).all()


def test_black_friday_follows_the_fourth_thursday() -> None:
    assert [black_friday(year) for year in (2024, 2025, 2026)] == [
        date(2024, 11, 29), date(2025, 11, 28), date(2026, 11, 27)]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_best_split_is_that_of_brute_force_overlap_and_s_curves_included(seed: int) -> None:
    rng = np.random.default_rng(seed)
    family = rng.integers(0, 7, 3)
    ranges = np.array([response.SHAPES[name] for name in response.FAMILIES])[family]
    lines = response.normalise(family, rng.uniform(ranges[:, 0], ranges[:, 1]))
    scale, yields = rng.uniform(50.0, 200.0, 3), rng.uniform(1.0, 4.0, 3)
    overlap = np.array([[0.0, 0.3, 0.0], [0.2, 0.0, 0.0], [0.0, 0.0, 0.0]])

    def gain(plans: np.ndarray) -> np.ndarray:
        effort = plans / scale
        return yields * lines.volume(effort) / (1.0 + (effort / (1.0 + effort)) @ overlap.T)

    group, place = overlap_groups(overlap)
    problem = Problem(gain, 300.0, group, place)
    found = best_split(problem, [])
    steps = np.linspace(0.0, 1.0, 121)
    grid = np.array([(a, b, 1.0 - a - b) for a in steps for b in steps if a + b <= 1.0 + 1e-12])
    brute = gain(300.0 * np.maximum(grid, 0.0)).sum(axis=1).max()
    assert found.sum() == pytest.approx(300.0)
    assert problem.value(found) >= 0.999 * brute
