"""Estimates of an effect: by people, by days, by units; what cancels, what is taken away, what must not matter."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, ttest_ind

from marketmover.experiments.models.better import belief
from marketmover.experiments.models.clusters import Units, by_units
from marketmover.experiments.models.days import by_days
from marketmover.experiments.models.people import Sums, by_people
from marketmover.experiments.models.spread import dispersion


def sums(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Sums:
    return Sums(float(len(values)), float(values.sum()), float((values**2).sum()))


def test_people_are_compared_as_welch_has_it() -> None:
    random = np.random.default_rng(1)
    control, arm = random.normal(10, 3, 400), random.normal(10.5, 5, 300)
    found = by_people(sums(control), sums(arm))
    reference: Any = ttest_ind(arm, control, equal_var=False)
    assert found.difference / np.sqrt(found.difference_variance) == pytest.approx(float(reference.statistic))
    assert found.dof == pytest.approx(float(reference.df))


@given(st.integers(0, 10_000))
def test_what_moves_both_arms_alike_cancels_day_by_day(seed: int) -> None:
    random = np.random.default_rng(seed)
    season = np.exp(random.normal(0, 1.0, 30))
    found = by_days(np.stack([10 * season, 12 * season]), np.ones((2, 30)))
    assert found.log_ratio == pytest.approx(np.log(1.2))
    assert found.log_variance == pytest.approx(0.0, abs=1e-12)


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_units_of_measure_do_not_matter_and_swapping_arms_turns_the_sign(seed: int, factor: float) -> None:
    random = np.random.default_rng(seed)
    top, bottom = random.gamma(3, 5, (2, 25)), random.gamma(9, 5, (2, 25))
    found, scaled, swapped = by_days(top, bottom), by_days(top * factor, bottom), by_days(top[::-1], bottom[::-1])
    assert scaled.log_ratio == pytest.approx(found.log_ratio)
    assert scaled.log_variance == pytest.approx(found.log_variance)
    assert swapped.log_ratio == pytest.approx(-found.log_ratio)
    assert swapped.log_variance == pytest.approx(found.log_variance)


def test_the_interval_by_days_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    missed = 0
    for _ in range(800):
        season = np.exp(random.normal(0, 0.3, 28))
        leads = random.poisson(random.gamma(20 * season, 1.0, (2, 28)) + 1e-9).astype(np.float64)
        found = by_days(leads, np.ones((2, 28)))
        missed += abs(found.log_ratio) > 2.05 * np.sqrt(found.log_variance)
    assert 0.02 < missed / 800 < 0.07


def test_days_that_hang_together_count_for_less() -> None:
    random = np.random.default_rng(2)
    luck = np.repeat(random.normal(0, 0.3, (2, 10)), 4, axis=1)  # four days of the same luck each
    found = by_days(100 * np.exp(luck), np.ones((2, 40)))
    shuffled = by_days(100 * np.exp(luck[:, random.permutation(40)]), np.ones((2, 40)))
    assert found.log_variance > 1.8 * shuffled.log_variance
    assert found.dof < shuffled.dof


def test_a_metric_below_zero_has_a_difference_and_no_ratio() -> None:
    found = by_days(np.array([[-5.0, 2.0, -1.0], [4.0, 3.0, 5.0]]), np.ones((2, 3)))
    assert np.isnan(found.log_ratio)
    assert found.difference == pytest.approx(4 + 4 / 3)
    assert found.difference_variance > 0


def test_units_of_a_ratio_are_compared_by_the_delta_method() -> None:
    random = np.random.default_rng(3)
    arms = [Units(random.gamma(4, 5, 200), random.gamma(9, 2, 200)) for _ in range(2)]
    found = by_units(*arms).estimate
    resampled = []
    for _ in range(2000):
        rates: list[float] = []
        for arm in arms:
            chosen = random.integers(0, 200, 200)
            rates.append(arm.numerator[chosen].sum() / arm.denominator[chosen].sum())
        resampled.append(np.log(rates[1] / rates[0]))
    assert np.sqrt(found.log_variance) == pytest.approx(float(np.std(resampled)), rel=0.06)


def test_what_units_did_before_takes_variance_away_and_leaves_the_effect() -> None:
    random = np.random.default_rng(4)
    effects: list[float] = []
    for _ in range(200):
        before = [random.gamma(2, 10, 50) for _ in range(2)]
        tops = [old * level + random.normal(20, 5, 50) for old, level in zip(before, (1.0, 1.2), strict=True)]
        found = by_units(*(Units(top, np.ones(50), old) for top, old in zip(tops, before, strict=True)))
        plain = by_units(*(Units(top, np.ones(50)) for top in tops))
        assert found.reduction > 0.6
        assert plain.reduction == 0.0
        effects.append(found.estimate.log_ratio)
    assert np.mean(effects) == pytest.approx(np.log(44 / 40), abs=0.01)


def test_the_belief_is_a_normal_posterior_where_the_error_is_known() -> None:
    found = belief(0.2, 0.1, np.inf, 0.5)
    mean, deviation = 0.2 * 0.25 / 0.26, np.sqrt(0.25 * 0.01 / 0.26)
    assert found.mean == pytest.approx(mean, abs=1e-4)
    assert found.probability == pytest.approx(float(norm.cdf(mean / deviation)), abs=2e-3)
    assert found.loss < 0.001


@pytest.mark.parametrize("lines", [1, 2, 8])
@pytest.mark.parametrize("truth", [1.001, 3.0])
def test_dispersion_is_found_beneath_seasons_that_all_lines_share(lines: int, truth: float) -> None:
    random = np.random.default_rng(6)
    found = []
    for _ in range(20):
        shared = np.exp(random.normal(0, 0.3 if lines > 1 else 0.0, 112))
        mean = np.exp(random.normal(1.5, 0.5, (lines, 1))) * shared
        counts = random.poisson(random.gamma(mean / (truth - 1), truth - 1)).astype(np.float64)
        found.append(dispersion(counts) or 0.0)
    assert np.mean(found) == pytest.approx(truth, rel=0.12)


def test_a_short_or_empty_history_has_no_dispersion() -> None:
    assert dispersion(np.ones((3, 20))) is None
    assert dispersion(np.zeros((3, 100))) is None
    assert dispersion(np.zeros((0, 100))) is None
