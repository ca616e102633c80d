from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from marketmover.language.sentiment import LABELS
from marketmover.language.sentiment.tuning.measuring import Answers, beats_chance, compare_answers, macro_f1, measure


def answers(right: float, count: int = 800, seed: int = 0, confidence: float | None = None) -> Answers:
    """An engine that is right on a share of the texts; all share one truth."""
    truth = np.random.default_rng(99).integers(0, len(LABELS), count)
    draw = np.random.default_rng(seed)
    wrong = (truth + draw.integers(1, 3, count)) % len(LABELS)
    said = np.where(draw.random(count) < right, truth, wrong)
    return Answers("made up", truth, said, np.full(count, right if confidence is None else confidence), 0.5)


def test_macro_f1_is_that_of_scikit_learn() -> None:
    made = answers(0.7)
    assert macro_f1(made.truth, made.said) == pytest.approx(f1_score(made.truth, made.said, average="macro"))


def test_a_label_that_nobody_gave_does_not_count_but_saying_it_does_harm() -> None:
    truth = np.array([0, 0, 2, 2])
    assert macro_f1(truth, truth) == 1.0
    assert macro_f1(truth, np.array([0, 1, 2, 2])) == pytest.approx((2 / 3 + 1) / 2)


def test_the_range_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(60):
        truth = np.random.default_rng(1000 + seed).integers(0, 3, 300)
        draw = np.random.default_rng(seed)
        said = np.where(draw.random(300) < 0.7, truth, (truth + draw.integers(1, 3, 300)) % 3)
        found = measure(Answers("x", truth, said, np.ones(300), 1.0), seed)
        held += found.low <= 0.7 <= found.high  # balanced classes, symmetric errors: F1 is the accuracy
    assert 47 <= held <= 60  # 54 expected, three standard errors


def test_confidence_that_is_the_accuracy_is_calibrated_and_swagger_is_not() -> None:
    assert measure(answers(0.7)).calibration_error < 0.06
    assert measure(answers(0.7, confidence=1.0)).calibration_error == pytest.approx(0.3, abs=0.05)


def test_a_better_engine_is_found_and_an_equal_one_is_not_promoted() -> None:
    poor, good = answers(0.6, seed=1), answers(0.75, seed=2)
    found = compare_answers(poor, good)
    assert found.holds
    assert found.low > 0
    assert not compare_answers(good, poor).holds
    assert not compare_answers(poor, poor).holds
    assert compare_answers(poor, poor).probability == 0.0


def test_equal_engines_are_called_better_about_as_seldom_as_the_test_allows() -> None:
    pairs = [(answers(0.7, 300, 2 * seed), answers(0.7, 300, 2 * seed + 1)) for seed in range(100)]
    alarms = sum(compare_answers(*pair).holds for pair in pairs)
    assert alarms <= 12  # 5 expected


def test_random_answers_beat_no_chance_though_they_beat_one_that_says_neutral_alone() -> None:
    mute, random = answers(1 / 3), answers(1 / 3, seed=7)
    mute = replace(mute, said=np.ones_like(mute.said))
    assert compare_answers(mute, random).holds
    assert beats_chance(random) < 0.95
    assert beats_chance(answers(0.6)) > 0.99


def test_speed_is_texts_by_seconds() -> None:
    assert measure(replace(answers(0.7), seconds=2.0)).texts_per_second == pytest.approx(400)
