"""Bounds of tests that are read daily: exact where they can be, and never wrong more often than promised."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from marketmover.experiments.models.always_valid import boundary, log_evidence, p_values, tuned
from marketmover.experiments.models.crossing import crossing
from marketmover.experiments.models.planned import planned_bounds, scheduled_bounds

RATIOS = st.floats(0.01, 1000)
LEVELS = st.floats(0.001, 0.4)


@given(ratio=RATIOS, alpha=LEVELS, dof=st.one_of(st.just(math.inf), st.floats(2, 1e6)))
def test_the_evidence_at_the_bound_is_one_over_alpha(ratio: float, alpha: float, dof: float) -> None:
    bound = float(boundary(ratio, alpha, dof))
    if math.isfinite(bound):
        assert float(log_evidence(bound, ratio, dof)) == pytest.approx(math.log(1 / alpha), rel=1e-6, abs=1e-6)
    else:
        assert float(log_evidence(1e9, ratio, dof)) < math.log(1 / alpha) + 1e-6


@given(ratio=RATIOS, alpha=LEVELS)
def test_with_many_degrees_of_freedom_students_bound_is_the_normal_one(ratio: float, alpha: float) -> None:
    assert float(boundary(ratio, alpha, 1e9)) == pytest.approx(float(boundary(ratio, alpha)), rel=1e-4)


@given(alpha=LEVELS, factor=st.floats(0.05, 20))
def test_the_tuned_width_gives_the_smallest_bound_where_it_is_tuned(alpha: float, factor: float) -> None:
    assert float(boundary(tuned(alpha), alpha)) <= float(boundary(tuned(alpha) * factor, alpha)) + 1e-9


def test_p_values_never_rise_again() -> None:
    scores = np.array([0.5, 3.5, 1.0, 4.5, 0.0])
    values = p_values(scores, np.full(5, 8.0))
    assert (np.diff(values) <= 0).all()
    assert values[0] == 1.0
    assert values[-1] < 0.01


@given(bound=st.floats(0.5, 4), drift=st.floats(0, 6))
def test_one_look_is_crossed_as_a_normal_score_is(bound: float, drift: float) -> None:
    above, below = crossing(np.ones(1), np.array([bound]), drift)
    assert above[-1] == pytest.approx(norm.sf(bound - drift), abs=1e-9)
    assert below[-1] == pytest.approx(norm.cdf(-bound - drift), abs=1e-9)


@pytest.mark.parametrize("drift", [0.0, 2.8])
def test_many_looks_are_crossed_as_often_as_random_walks_cross_them(drift: float) -> None:
    times = np.arange(7, 29) / 28
    bounds = np.full(len(times), 2.2)
    steps = np.sqrt(np.diff(times, prepend=0.0))
    walks = (np.random.default_rng(1).normal(size=(40_000, len(times))) * steps).cumsum(axis=1) + drift * times
    crossed = np.abs(walks / np.sqrt(times)) > bounds
    above, below = crossing(times, bounds, drift)
    assert above[-1] + below[-1] == pytest.approx(crossed.any(axis=1).mean(), abs=0.008)


@pytest.mark.parametrize("days", [7, 14, 28, 90])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_planned_bounds_spend_exactly_alpha_over_all_daily_looks(days: int, alpha: float) -> None:
    looks = np.arange(min(7, days), days + 1, dtype=np.float64)
    above, below = crossing(looks / days, planned_bounds(looks, days, alpha), 0.0)
    assert above[-1] + below[-1] == pytest.approx(alpha, rel=2e-3)


def test_a_test_that_is_longer_than_all_looks_are_counted_for_still_keeps_its_level() -> None:
    looks = np.arange(7, 251, dtype=np.float64)
    above, below = crossing(looks / 250, planned_bounds(looks, 250, 0.05), 0.0)
    assert 0.045 < above[-1] + below[-1] <= 0.05


def test_planned_bounds_lie_between_a_single_look_and_always_valid() -> None:
    times = np.linspace(0.25, 1.0, 22)
    planned = scheduled_bounds(times, 0.05)
    assert norm.ppf(0.975) < planned[-1] < float(boundary(tuned(0.05), 0.05))


@settings(max_examples=30)
@given(dof=st.floats(3, 200))
def test_with_few_degrees_of_freedom_bounds_are_exceeded_as_rarely(dof: float) -> None:
    looks = np.array([28.0])
    known, learned = planned_bounds(looks, 28, 0.05), planned_bounds(looks, 28, 0.05, dof)
    assert t.sf(learned[0], dof) == pytest.approx(norm.sf(known[0]), rel=1e-6)


def test_always_valid_bounds_hold_over_a_year_of_daily_looks_and_a_fixed_one_does_not() -> None:
    days = np.arange(7, 366)
    steps = np.random.default_rng(3).normal(size=(4000, 365)).cumsum(axis=1)[:, 6:]
    scores = np.abs(steps / np.sqrt(days))
    bounds = boundary(tuned(0.05) * days / 28, 0.05)
    assert (scores > bounds).any(axis=1).mean() < 0.05
    assert (scores > 1.96).any(axis=1).mean() > 0.35


def test_students_bounds_hold_where_the_variance_is_learned_on_the_way() -> None:
    values = np.random.default_rng(4).normal(size=(3000, 60))
    days = np.arange(3, 61)
    sums, squares = values.cumsum(axis=1)[:, 2:], (values**2).cumsum(axis=1)[:, 2:]
    means = sums / days
    errors = np.sqrt((squares - days * means**2) / (days - 1) / days)
    bounds = boundary(tuned(0.05) * days / 28, 0.05, (days - 1).astype(np.float64))
    assert (np.abs(means / errors) > bounds).any(axis=1).mean() < 0.05
