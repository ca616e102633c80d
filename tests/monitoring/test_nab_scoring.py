"""Our code of the Numenta Anomaly Benchmark's rules, against figures that follow from the rules by hand."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from benchmarks.nab import (
    PROFILES,
    Labelled,
    best_threshold,
    is_tuning,
    normalised,
    scaled_sigmoid,
    score_at,
    weights,
)

STANDARD, LOW_FP, LOW_FN = PROFILES
START = datetime(2026, 1, 5, tzinfo=UTC)


def labelled(rows: int, *windows: tuple[int, int], name: str = "folder/file.csv") -> Labelled:
    times = [START + timedelta(minutes=5 * row) for row in range(rows)]
    return Labelled(name, times, np.zeros(rows), list(windows))


def alarms(rows: int, *at: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    scores = np.zeros(rows)
    scores[list(at)] = 1.0
    return scores


@pytest.mark.parametrize(
    ("position", "weight"), [(-1.0, 0.98661), (-0.5, 0.84828), (0.0, 0.0), (1.0, -0.98661), (3.0, -1.0)]
)
def test_the_sigmoid_is_that_of_the_rules(position: float, weight: float) -> None:
    assert scaled_sigmoid(position) == pytest.approx(weight, abs=1e-5)


@pytest.mark.parametrize("profile", PROFILES)
def test_silence_scores_0_and_perfection_100(profile: object) -> None:
    chosen = next(known for known in PROFILES if known is profile)
    files = [labelled(200, (60, 79), (120, 139))]
    silent = score_at(files, {"folder/file.csv": alarms(200)}, chosen, 0.5)
    perfect = score_at(files, {"folder/file.csv": alarms(200, 60, 120)}, chosen, 0.5)
    assert normalised(files, silent, chosen) == pytest.approx(0.0)
    assert normalised(files, perfect, chosen) == pytest.approx(100.0)


def test_an_example_by_hand() -> None:
    # Windows of 10 rows at 40 and 70. Alarms: one far before (-0.11), two in the first window, of which the earlier
    # counts (row 44: 6 of 10 rows left, so position -0.6), one 9 rows past it (position 1); the second is missed (-1).
    file = labelled(100, (40, 49), (70, 79))
    scores = {file.name: alarms(100, 20, 44, 47, 58)}
    hit = (2 / (1 + math.exp(-3.0)) - 1) / (2 / (1 + math.exp(-5.0)) - 1)
    past = 0.11 * (2 / (1 + math.exp(5.0)) - 1)
    assert score_at([file], scores, STANDARD, 0.5) == pytest.approx(hit - 0.11 + past - 1.0)
    assert score_at([file], scores, LOW_FP, 0.5) == pytest.approx(hit - 0.22 + 2 * past - 1.0)
    assert score_at([file], scores, LOW_FN, 0.5) == pytest.approx(hit - 0.11 + past - 2.0)


def test_the_first_rows_are_not_scored() -> None:
    file = labelled(100, (40, 49))
    assert file.probation == 15
    assert labelled(10_000).probation == 750
    assert score_at([file], {file.name: alarms(100, 3, 14)}, STANDARD, 0.5) == -1.0
    assert score_at([file], {file.name: alarms(100, 15)}, STANDARD, 0.5) == pytest.approx(-1.11)


def test_one_threshold_is_chosen_for_all_files() -> None:
    rng = np.random.default_rng(1)
    files = [labelled(300, (100, 119), name="a/one.csv"), labelled(300, (200, 229), name="a/two.csv")]
    scores = {file.name: rng.random(300).round(2) for file in files}
    threshold, best = best_threshold(files, scores, STANDARD)
    tried = [score_at(files, scores, STANDARD, at / 100) for at in range(102)]
    assert best == pytest.approx(max(tried))
    assert score_at(files, scores, STANDARD, threshold) == pytest.approx(best)


def test_a_file_without_windows_only_costs() -> None:
    worth, window = weights(labelled(50))
    assert set(worth) == {-1.0}
    assert set(window) == {-1}


def test_the_halves_follow_from_names_alone() -> None:
    assert is_tuning("realAWSCloudwatch/elb_request_count_8c0756.csv")
    assert not is_tuning("realKnownCause/nyc_taxi.csv")
