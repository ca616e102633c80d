"""Sizes: what they promise, what they must never do, and what cannot be asked of them."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from marketmover.errors import UsageError
from marketmover.experiments import Baseline, Rules, days_needed, shares, size, smallest_effect
from marketmover.experiments.design import daily_power, fixed_power, naive_alarms

ORDERS = Baseline.proportion(0.03, 2000)
LEADS = Baseline.count(40, 1.5)
BASELINES = st.sampled_from([ORDERS, LEADS, Baseline.mean(50, 80, 300)])


def test_a_proportion_takes_as_many_people_as_the_textbook_says() -> None:
    rate, other = 0.03, 0.033
    spread = rate * (1 - rate) + other * (1 - other)
    textbook = (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * spread / (other - rate) ** 2
    assert size(ORDERS, 0.1).fixed.arm == pytest.approx(textbook, rel=0.03)


def test_a_mean_takes_as_many_people_as_the_textbook_says() -> None:
    textbook = 2 * (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 * (80 / 50) ** 2 / 0.1**2
    assert size(Baseline.mean(50, 80, 100), 0.1).fixed.arm == pytest.approx(textbook, rel=0.03)


def test_a_ratio_is_sized_by_the_delta_method() -> None:
    ratio = Baseline.ratio((10.0, 2.0), (25.0, 1.0), 2.0, 500)
    assert ratio.spread == pytest.approx(25 / 100 + 1 / 4 - 2 * 2 / 20)
    assert ratio.value == 5.0


@settings(max_examples=15, deadline=None)
@given(baseline=BASELINES, effect=st.floats(0.08, 0.6))
def test_the_days_are_the_fewest_that_keep_the_promise(baseline: Baseline, effect: float) -> None:
    rules = Rules()
    days = days_needed(baseline, effect, rules)
    assert daily_power(baseline, effect, days, rules, "planned") >= 0.8
    assert days == 7 or daily_power(baseline, effect, days - 1, rules, "planned") < 0.8


@settings(max_examples=15, deadline=None)
@given(baseline=BASELINES, days=st.integers(21, 120))
def test_the_smallest_effect_is_seen_with_the_promised_power(baseline: Baseline, days: int) -> None:
    for sequential in (True, False):
        effect = smallest_effect(baseline, days, sequential=sequential)
        power = (
            daily_power(baseline, effect, days, Rules(), "planned")
            if sequential
            else fixed_power(baseline, effect, days, Rules())
        )
        assert power == pytest.approx(0.8, abs=0.005)


@settings(max_examples=20, deadline=None)
@given(effect=st.floats(0.05, 0.5), more=st.floats(1.1, 2))
def test_a_larger_effect_never_takes_longer(effect: float, more: float) -> None:
    assert days_needed(LEADS, effect * more, Rules()) <= days_needed(LEADS, effect, Rules())


def test_reading_daily_to_a_planned_end_is_little_longer_at_most_and_shorter_on_average() -> None:
    design = size(ORDERS, 0.1)
    assert design.fixed.days < design.sequential.days < 1.2 * design.fixed.days
    assert design.sequential.expected_days < design.fixed.days
    assert design.always.days > design.sequential.days
    assert design.naive_alarms > 0.15


def test_an_uneven_split_takes_longer() -> None:
    table = shares(ORDERS, 0.1)
    assert [share for share, _, _ in table] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert table == sorted(table, key=lambda row: -row[2])


def test_an_effect_that_ten_years_do_not_show_takes_for_ever() -> None:
    design = size(Baseline.count(1), 0.001)
    assert math.isinf(design.sequential.days)
    assert math.isinf(design.fixed.days)
    assert math.isnan(design.naive_alarms)


def test_whoever_reads_a_single_look_once_is_wrong_in_alpha_of_tests() -> None:
    assert naive_alarms(7, 0.05) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Baseline.proportion(1.2, 100),
        lambda: Baseline.mean(5, 0, 100),
        lambda: Baseline.count(0),
        lambda: Baseline.count(float("inf")),
        lambda: Baseline.count(10, -1),
        lambda: Baseline.ratio((1, 1), (1, 1), 1, 10),
        lambda: size(ORDERS, 0.0),
        lambda: size(ORDERS, -1.0),
        lambda: size(Baseline.proportion(0.6, 100), 0.9),
        lambda: smallest_effect(ORDERS, 1),
        lambda: Rules(alpha=0.0),
        lambda: Rules(share=1.0),
        lambda: replace(Rules(), power=0.04),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(ask: "object") -> None:
    assert callable(ask)
    with pytest.raises(UsageError) as refused:
        ask()
    assert refused.value.remedy
