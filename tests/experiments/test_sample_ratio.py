"""The sample-ratio check: quiet where shares are as planned, loud where they are not, and it says since when."""

import numpy as np
import pytest

from marketmover.experiments.models.mismatch import sample_ratio


def test_shares_as_planned_raise_few_alarms_however_often_one_looks() -> None:
    random = np.random.default_rng(1)
    alarms = 0
    for _ in range(500):
        people = random.poisson(300 * np.exp(random.normal(0, 0.3, 60)), (2, 60)).astype(np.float64)
        alarms += sample_ratio(people, (0.5, 0.5)).first_look is not None
    assert alarms <= 8


def test_people_who_come_back_on_the_same_day_raise_no_alarm() -> None:
    random = np.random.default_rng(2)
    alarms = 0
    for _ in range(300):
        households = random.poisson(40, (2, 60))
        people = np.stack([random.poisson(5.0 * arm) for arm in households]).astype(np.float64)
        alarms += sample_ratio(people, (0.5, 0.5)).first_look is not None
    assert alarms <= 6


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.8, 0.2), (0.4, 0.3, 0.3)])
def test_an_arm_that_loses_people_is_found(shares: tuple[float, ...]) -> None:
    random = np.random.default_rng(3)
    kept = np.array([1.0, *([0.9] * (len(shares) - 1))])
    people = random.poisson(4000 * np.array(shares)[:, None] * kept[:, None], (len(shares), 30)).astype(np.float64)
    found = sample_ratio(people, shares)
    assert found.p_value < 0.001
    assert found.first_look is not None
    assert found.first_look < 10
    assert found.since == 0


def test_a_split_that_breaks_on_a_day_is_dated() -> None:
    random = np.random.default_rng(4)
    kept = np.where(np.arange(30) >= 17, 0.7, 1.0)
    people = random.poisson(2000 * np.stack([np.ones(30), kept])).astype(np.float64)
    found = sample_ratio(people, (0.5, 0.5))
    assert found.first_look is not None
    assert found.first_look >= 17
    assert found.since is not None
    assert abs(found.since - 17) <= 1


def test_nobody_on_some_days_is_no_mismatch() -> None:
    people = np.array([[0.0, 0.0, 50.0], [0.0, 0.0, 55.0]])
    found = sample_ratio(people, (0.5, 0.5))
    assert found.p_value == 1.0
    assert found.since is None
