"""The rails at their edges: spend over 120% of its pace, a result at twice its planned cost."""

from dataclasses import replace

import numpy as np
import pytest
from tests.campaigns.tuning.conftest import PanelMaker, PlanMaker, in_force, known

from marketmover.campaigns.tuning.learning import Lesson, learn
from marketmover.campaigns.tuning.rails import breach_of
from marketmover.campaigns.tuning.standing import Running, standing_of

PLANNED = 9.0


@pytest.fixture(scope="module")
def learned(make_panel: PanelMaker, make_plan: PlanMaker) -> tuple[Running, Lesson]:
    panel = make_panel(14)
    facts = known(panel)
    standing = standing_of(in_force(make_plan()), facts.panel, facts.then, facts.last)
    return standing.lines[0], learn(standing, facts.panel, facts.then)


def _costing(lesson: Lesson, line: Running, each: float, spend: float, *, known_share: float = 1.0) -> Lesson:
    """The lesson in which the line spent so much a day, and a result cost so much."""
    row, stage = lesson.response.row(line.id), lesson.followed.stages["leads"]
    counts, cost, share = stage.counts.copy(), lesson.followed.cost.copy(), stage.known.copy()
    cost[row], share[row] = spend, known_share
    counts[row] = spend * known_share / each
    valid = np.ones_like(stage.valid)
    stages = {**lesson.followed.stages, "leads": replace(stage, counts=counts, known=share, valid=valid)}
    return replace(lesson, followed=replace(lesson.followed, stages=stages, cost=cost))


@pytest.mark.parametrize(
    ("times", "breaks"), [(1.0, False), (1.9, False), (2.0, False), (2.2, True), (3.0, True), (50.0, True)]
)
def test_a_result_must_surely_cost_more_than_twice_its_plan(
    learned: tuple[Running, Lesson], times: float, breaks: bool
) -> None:
    line, lesson = learned
    found = breach_of(replace(line, pace=1.0), _costing(lesson, line, times * PLANNED, 9000.0))
    assert (found is not None and found.rail == "cost") is breaks


def test_few_results_prove_nothing_and_none_at_all_proves_much(learned: tuple[Running, Lesson]) -> None:
    line, lesson = learned
    steady = replace(line, pace=1.0)
    assert breach_of(steady, _costing(lesson, line, 2.4 * PLANNED, 4.0)) is None
    found = breach_of(steady, _costing(lesson, line, 1e9, 9000.0))
    assert found is not None
    assert found.probability > 0.99


def test_results_that_are_still_to_come_are_not_held_against_a_line(learned: tuple[Running, Lesson]) -> None:
    line, lesson = learned
    late = _costing(lesson, line, 1.2 * PLANNED, 9000.0, known_share=0.3)
    assert breach_of(replace(line, pace=1.0), late) is None


def test_a_break_is_seen_though_the_week_before_was_good(learned: tuple[Running, Lesson]) -> None:
    line, lesson = learned
    broken = _costing(lesson, line, PLANNED, 9000.0)
    broken.followed.stages["leads"].counts[broken.response.row(line.id), -7:] *= 0.3
    found = breach_of(replace(line, pace=1.0), broken)
    assert found is not None
    assert found.times > 2.5


@pytest.mark.parametrize(("pace", "breaks"), [(None, False), (0.3, False), (1.2, False), (1.2001, True), (9.0, True)])
def test_spend_at_120_per_cent_of_its_pace_is_allowed_and_more_is_not(
    learned: tuple[Running, Lesson], pace: float | None, breaks: bool
) -> None:
    line, lesson = learned
    found = breach_of(replace(line, pace=pace), _costing(lesson, line, PLANNED, 200.0))
    assert (found is not None and found.rail == "pace") is breaks


def test_a_paused_line_runs_over_no_rail(learned: tuple[Running, Lesson]) -> None:
    line, lesson = learned
    assert breach_of(replace(line, paused=True, pace=5.0), _costing(lesson, line, 1e9, 9000.0)) is None
