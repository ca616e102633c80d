"""The detector: what it finds, what it leaves alone, and that it says the same in a stream and in one call."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from marketmover.monitoring import Detector, Score, score_many

Array = NDArray[np.float64]
DAY_S = 86400.0
MONDAY_S = 1_767_571_200.0  # 5 January 2026


def days(rows: int) -> list[float]:
    return [MONDAY_S + DAY_S * row for row in range(rows)]


def streamed(times: list[float], values: Array) -> list[Score]:
    detector = Detector()
    return [detector.update(time, float(value)) for time, value in zip(times, values, strict=True)]


def noise(series: int, rows: int, seed: int = 1) -> Array:
    return 100 + 10 * np.random.default_rng(seed).normal(size=(series, rows))


def test_a_stream_and_one_call_say_the_same() -> None:
    rng = np.random.default_rng(2)
    values = np.vstack([noise(2, 150), rng.poisson(3, (2, 150)), np.full((1, 150), 7.0)]).astype(np.float64)
    values[1, 40:45] = np.nan
    values[0, 90:] += 60
    together = score_many(days(150), values)
    for number, series in enumerate(values):
        alone = streamed(days(150), series)
        for name in Score._fields:
            np.testing.assert_allclose(
                [getattr(score, name) for score in alone], getattr(together, name)[number], rtol=1e-7, atol=1e-9
            )


def test_a_row_is_judged_by_it_and_those_before_alone() -> None:
    values = noise(3, 80)
    whole, cut = score_many(days(80), values), score_many(days(50), values[:, :50])
    np.testing.assert_array_equal(whole.score[:, :50], cut.score)


@given(st.integers(-120, 120), st.integers(1, 9))
def test_the_unit_does_not_matter(exponent: int, digit: int) -> None:
    values = noise(1, 60)
    values[0, 50] += 90
    factor = digit * 10.0**exponent
    plain, scaled = score_many(days(60), values), score_many(days(60), values * factor)
    np.testing.assert_allclose(plain.score, scaled.score, atol=1e-5)
    np.testing.assert_allclose(plain.high * factor, scaled.high, rtol=1e-6)


def test_scores_are_from_0_to_1_whatever_comes() -> None:
    rng = np.random.default_rng(3)
    wild = [0.0, -1e308, 1e308, math.nan, math.inf, -math.inf, 1e-300, 5.0, *rng.standard_cauchy(200) ** 3]
    detector = Detector()
    times = rng.uniform(-1e10, 1e10, len(wild))
    scores = [detector.update(float(time), value) for time, value in zip(times, wild, strict=True)]
    assert all(0 <= score.score <= 1 and 0 <= score.tail_probability <= 1 for score in scores)
    assert all(0 <= score.change_probability <= 1 and not math.isnan(score.mid) for score in scores)


@pytest.mark.parametrize("draw", ["gauss", "poisson", "heavy"])
def test_on_quiet_series_few_rows_score_high(draw: str) -> None:
    rng = np.random.default_rng(4)
    values = {
        "gauss": rng.normal(size=(60, 400)),
        "poisson": rng.poisson(2, (60, 400)).astype(np.float64),
        "heavy": rng.standard_t(3, (60, 400)),
    }[draw]
    scored = score_many(days(400), values)
    assert (scored.score[:, 30:] > 0.99).mean() < 0.025
    assert (scored.score[:, 30:] > 0.999).mean() < 0.004
    assert 0.001 < (scored.tail_probability[:, 100:] < 0.01).mean() < 0.025  # counts are lumpy, so on the safe side


def test_a_shift_is_found_within_days_and_followed() -> None:
    values = noise(60, 140)
    values[:, 80:] += 40
    scored = score_many(days(140), values)
    found = (scored.score[:, 80:84] > 0.99).any(axis=1)
    assert found.mean() > 0.9
    assert np.median(scored.mid[:, 130]) == pytest.approx(140, abs=5)
    assert np.median(scored.level_before[:, 82]) < 112 < np.median(scored.level_after[:, 86])


def test_one_trouble_scores_high_once_and_not_for_as_long_as_it_lasts() -> None:
    values = noise(40, 140)
    values[:, 80:] += 60
    high = (score_many(days(140), values).score[:, 80:] > 0.99).sum(axis=1)
    assert np.median(high) <= 3


def test_a_spike_scores_higher_than_it_would_without() -> None:
    values = noise(40, 60)
    values[:, 45] += 100
    scored = score_many(days(60), values)
    assert np.median(scored.score[:, 45]) > 0.99
    assert np.median(scored.tail_probability[:, 45]) < 0.001


def test_weekends_are_learnt_and_a_weekend_that_fails_to_dip_is_seen() -> None:
    rng = np.random.default_rng(5)
    week = np.array([100.0, 100, 100, 100, 100, 30, 20])
    values = week[np.arange(100) % 7] + 3 * rng.normal(size=(30, 100))
    scored = score_many(days(100), values)
    assert np.median(scored.mid[:, 97]) == pytest.approx(20, abs=8)  # a Sunday
    values[:, 97] = 100
    assert np.median(score_many(days(100), values).score[:, 97]) > 0.99


def test_what_is_usual_at_night_is_strange_at_noon() -> None:
    hours = [MONDAY_S + 3600.0 * row for row in range(24 * 20)]
    values = (
        50 + 40 * np.sin(np.pi * np.arange(len(hours)) / 12) + np.random.default_rng(6).normal(size=(20, len(hours)))
    )
    values[:, 24 * 15 + 6] = 10.0  # the hour of the peak, at the value of the trough
    assert np.median(score_many(hours, values).score[:, 24 * 15 + 6]) > 0.99


def test_counts_near_zero_are_judged_as_counts() -> None:
    rng = np.random.default_rng(7)
    values = rng.poisson(0.3, (60, 200)).astype(np.float64)
    values[:, 150] = 8
    scored = score_many(days(200), values)
    assert np.median(scored.tail_probability[:, 150]) < 1e-3
    assert (scored.low >= 0).all()
    assert np.median(scored.score[:, 150]) > 0.99


def test_the_first_of_rare_counts_is_no_break_and_several_at_once_are() -> None:
    values = np.zeros((2, 100))
    values[0, 90], values[1, 90] = 1, 5
    scored = score_many(days(100), values)
    assert scored.score[0, 90] < 0.995
    assert scored.score[1, 90] > 0.997
    rare = np.random.default_rng(9).poisson(0.05, (60, 400)).astype(np.float64)
    assert (score_many(days(400), rare).score > 0.999).mean() < 0.002


@pytest.mark.parametrize("slope", [-0.025, 0.025, 0.1])
def test_a_long_steady_rise_or_fall_sets_records_that_are_no_news(slope: float) -> None:
    values = noise(10, 1200) + 10 * slope * np.arange(1200)
    quiet = score_many(days(1200), values).score
    assert (quiet[:, 300:] > 0.999).mean() < 0.002
    values[:, 1100:] += 60 * np.sign(slope)
    assert (score_many(days(1200), values).score[:, 1100:1103] > 0.99).any(axis=1).mean() > 0.9


def test_a_constant_series_is_calm_until_it_breaks() -> None:
    values = np.full((1, 100), 45.0)
    values[0, 80] = 45.5
    scored = score_many(days(100), values)
    assert scored.score[0, :80].max() < 0.5
    assert scored.score[0, 80] > 0.99


def test_thirty_rows_are_enough_to_see_a_plain_break() -> None:
    values = noise(40, 30)
    values[:, 25] += 100
    scored = score_many(days(30), values)
    assert np.median(scored.score[:, 25]) > 0.99
    assert np.quantile(scored.score[:, :25], 0.99) < 0.99


def test_after_many_missing_rows_a_series_is_known_still() -> None:
    values = noise(40, 120)
    values[:, 40:80] = np.nan
    values[:, 100] += 100
    scored = score_many(days(120), values)
    assert (scored.score[:, 40:80] == 0.0).all()
    assert np.quantile(scored.score[:, 80:86], 0.9) < 0.99
    assert np.median(scored.score[:, 100]) > 0.99


@pytest.mark.parametrize("kind", ["irregular", "doubled", "shuffled", "backwards"])
def test_a_break_is_seen_whatever_the_timestamps_are_like(kind: str) -> None:
    rng, values = np.random.default_rng(10), noise(30, 120)
    values[:, 90] += 120
    times = {
        "irregular": np.sort(MONDAY_S + 120 * DAY_S * rng.random(120)),
        "doubled": np.repeat(days(60), 2),
        "shuffled": rng.permutation(days(120)),
        "backwards": np.array(days(120))[::-1],
    }[kind]
    assert np.median(score_many(times, values).score[:, 90]) > 0.995


def test_a_missing_value_scores_nothing_and_teaches_nothing() -> None:
    times, values = days(60), noise(1, 60)[0]
    with_gaps, without = Detector(), Detector()
    for time, value in zip(times, values, strict=True):
        without.update(time, float(value))
        with_gaps.update(time, float(value))
        missing = with_gaps.update(time, None)
        assert (missing.score, missing.tail_probability) == (0.0, 1.0)
        assert math.isnan(missing.residual)
    assert with_gaps.update(MONDAY_S + 60 * DAY_S, 130.0) == without.update(MONDAY_S + 60 * DAY_S, 130.0)


def test_rows_out_of_order_and_doubled_are_scored_as_they_come() -> None:
    values = noise(1, 60)[0]
    shuffled = np.random.default_rng(8).permutation(np.repeat(days(30), 2)).tolist()
    assert all(0 <= score.score <= 1 for score in streamed(shuffled, values))


def test_weeks_follow_the_clock_that_a_moment_shows() -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    by_moment, by_second = Detector(), Detector()
    for day, value in enumerate(noise(1, 40)[0]):
        moment = start + timedelta(days=day)
        assert by_moment.update(moment, value) == by_second.update(moment.timestamp(), value)


def test_the_range_covers_four_rows_in_five() -> None:
    values = noise(50, 300)
    scored = score_many(days(300), values)
    inside = ((values >= scored.low) & (values <= scored.high))[:, 30:].mean()
    assert inside == pytest.approx(0.8, abs=0.05)


def test_a_change_is_more_probable_after_one() -> None:
    values = noise(60, 120)
    quiet = score_many(days(120), values).change_probability[:, 80:86].max(axis=1)
    values[:, 80:] += 80
    changed = score_many(days(120), values).change_probability[:, 80:86].max(axis=1)
    assert np.median(changed) > 0.5
    assert np.quantile(quiet, 0.95) < 0.2


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        score_many(days(3), np.zeros((2, 4)))
