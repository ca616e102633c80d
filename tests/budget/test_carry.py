"""Carry-over by line: lines may differ, little data falls back on the platform, noise is no lateness."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from made_up import response, todays
from numpy.typing import NDArray
from synthetic import late_market

from marketmover.budget import fit_response
from marketmover.budget.models.carry import NOTHING_CARRIED, Carry, CarryOver
from marketmover.budget.models.selection import pooled_chances

Floats = NDArray[np.float64]
START, END = date(2026, 4, 1), date(2026, 4, 28)
EVEN = np.full(2, 0.5)
LATE = Carry(0.8, 0.5, delayed=True, steadied=0, prior=0.0)
SLOW = Carry(0.9, 1.0, delayed=False, steadied=0, prior=0.0)


def late_share(late: list[bool], *, noisy: bool) -> Floats:
    panel, _ = late_market(1, late, noisy=noisy)
    return fit_response(panel, START, END, seed=1, draws=50).stages["leads"].carry.late


def test_lines_whose_leads_come_late_are_told_from_those_beside_them() -> None:
    late = np.tile([True, False], 5)
    found = late_share(late.tolist(), noisy=False)

    assert (found[late] > 0.35).all()
    assert np.median(found[~late]) < 0.05
    assert found[~late].mean() < 0.15  # chance may make one line look late


def test_clicks_that_are_a_noisy_sign_of_leads_are_not_taken_for_lateness() -> None:
    assert late_share([False] * 10, noisy=True).mean() < 0.15


def scores(first: float, lines: int) -> Floats:
    return np.tile([first, 0.0], (lines, 1))


def test_a_line_of_which_nothing_is_known_follows_its_platform_and_that_the_stage() -> None:
    told = np.concatenate([scores(9.0, 8), scores(-9.0, 8), scores(0.0, 3)])
    platform = np.array([0] * 8 + [1] * 8 + [0, 1, 2])
    chances = pooled_chances(told, np.arange(16), EVEN, platform)

    of_first, of_second, of_third = chances[16:, 0]
    assert of_first > 0.75
    assert of_second < 0.25
    assert of_third == pytest.approx(0.5, abs=0.02)


def test_many_lines_that_lean_one_way_a_little_decide_together() -> None:
    few = pooled_chances(scores(0.7, 2), np.arange(2), EVEN, np.zeros(2, dtype=np.int64))
    many = pooled_chances(scores(0.7, 30), np.arange(30), EVEN, np.zeros(30, dtype=np.int64))

    assert 0.5 < few[0, 0] < 0.7
    assert many[0, 0] > few[0, 0] + 0.1


def test_only_late_lines_wait_for_a_raised_budget() -> None:
    made = response(4)
    mixed = CarryOver((NOTHING_CARRIED, LATE), np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]))
    leads = replace(made.stages["leads"], carry=mixed, carried=np.ones((2, 4)))
    late = replace(made, stages={**made.stages, "leads": leads})
    raised = 2 * np.array(list(todays(made).values()))

    at_once, found = made.expected(raised, "leads").mean(axis=0), late.expected(raised, "leads").mean(axis=0)

    assert found[[0, 3]] == pytest.approx(at_once[[0, 3]], rel=0.01)
    assert found[1] < found[2] * at_once[1] / at_once[2] < at_once[1]


@pytest.mark.parametrize("way", [SLOW, LATE])
def test_more_money_never_brings_less_however_slow_the_stages(way: Carry) -> None:
    made = response(4, draws=50)
    carried = np.full((1, 4), 0.7)
    stages = {
        name: replace(stage, elasticity=np.full((50, 4), 0.05), carry=CarryOver.alike(one, 4), carried=carried)
        for (name, stage), one in zip(made.stages.items(), (way, LATE), strict=True)
    }
    slow = replace(made, stages=stages)
    today = np.array(list(todays(made).values()))

    steps = np.stack([slow.expected(share * today, "leads") for share in np.linspace(0.1, 3.0, 12)])

    assert (np.diff(steps, axis=0) > -1e-9).all()
