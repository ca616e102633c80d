from dataclasses import replace

import numpy as np
import pytest
from made_up import DAYS, response, todays

from marketmover.budget import Allocation, Doubt, Response, allocate, doubts
from marketmover.budget.knowing import settling_trial

TOTAL = 8_000.0


@pytest.fixture(scope="module")
def vague() -> tuple[Response, str]:
    """A response in which one line, the best funded, is known far worse than the others."""
    made = response(spread=0.03)
    best = allocate(made, TOTAL, objective="leads").budgets
    line = max(best, key=lambda one: best[one])
    row = made.line_ids.index(line)
    leads = made.stages["leads"]
    elasticity = leads.elasticity.copy()
    elasticity[:, row] = np.clip(np.random.default_rng(3).normal(0.6, 0.2, made.draws), 0.1, 0.95)
    return replace(made, stages={**made.stages, "leads": replace(leads, elasticity=elasticity)}), line


def split(made: Response) -> Allocation:
    return allocate(made, TOTAL, objective="leads")


def found(made: Response) -> list[Doubt]:
    return doubts(split(made), "leads")


def test_the_line_that_is_known_worst_is_worth_the_most_to_know(vague: tuple[Response, str]) -> None:
    made, line = vague
    first, *others = found(made)
    assert first.line_id == line
    assert first.worth > 2 * max(other.worth for other in others)
    assert 0 < first.worth < 0.2


def test_worse_returns_take_money_from_a_line_and_better_ones_bring_it(vague: tuple[Response, str]) -> None:
    made, line = vague
    doubt = found(made)[0]
    assert doubt.worse.factor < 1 < doubt.better.factor
    assert doubt.worse.change < 0 < doubt.better.change
    assert doubt.better.other is not None
    assert doubt.better.other[0] != line
    assert 0 < doubt.better.other[1] <= doubt.better.change + 0.01


def test_what_is_known_well_is_worth_nothing_to_know() -> None:
    made = response(spread=1e-4)
    one_family = {
        name: replace(stage, family=np.broadcast_to(stage.family[0], stage.family.shape))
        for name, stage in made.stages.items()
    }
    assert all(doubt.worth < 1e-4 for doubt in found(replace(made, stages=one_family)))


def test_a_test_narrows_what_one_more_outcome_costs(vague: tuple[Response, str]) -> None:
    made, line = vague
    recent = np.array([split(made).budgets[one] / DAYS for one in made.line_ids])
    trial = found(replace(made, facts=replace(made.facts, recent_daily=recent)))[0].trial
    assert trial is not None
    assert trial.line_id == line
    assert not trial.planned
    now, then = (high - low for low, _, high in (trial.now, trial.then))
    assert then < now
    assert abs(trial.daily * trial.change * trial.weeks * 7) <= 0.1 * TOTAL + 1e-6


def test_a_line_with_few_outcomes_takes_longer_to_test_than_one_with_many(vague: tuple[Response, str]) -> None:
    made, _ = vague
    leads = made.stages["leads"]
    many = replace(made, stages={**made.stages, "leads": replace(leads, level=leads.level + np.log(20.0))})

    few_trial, many_trial = (found(one)[0].trial for one in (made, many))

    assert few_trial is not None
    assert many_trial is not None
    assert many_trial.settles >= few_trial.settles
    width = [trial.then[2] / trial.then[0] / (trial.now[2] / trial.now[0]) for trial in (few_trial, many_trial)]
    assert width[1] <= width[0]


def test_a_line_that_the_plan_moves_far_is_tested_by_the_plan(vague: tuple[Response, str]) -> None:
    made, line = vague
    row = made.line_ids.index(line)
    recent = np.where(np.arange(len(made.line_ids)) == row, 100.0 / DAYS, made.facts.recent_daily)
    starved = replace(made, facts=replace(made.facts, recent_daily=recent))
    moved = allocate(starved, TOTAL, objective="leads", current=todays(made) | {line: 100.0})
    trial = next(doubt.trial for doubt in doubts(moved, "leads") if doubt.line_id == line)
    assert trial is not None
    assert trial.planned
    assert trial.daily == pytest.approx(100.0 / DAYS)
    assert trial.daily * (1 + trial.change) == pytest.approx(moved.budgets[line] / DAYS, rel=1e-6)


def test_a_line_whose_returns_wander_is_harder_to_test_than_a_steady_one(vague: tuple[Response, str]) -> None:
    made, line = vague
    lines = len(made.line_ids)

    def left(step: float) -> float:
        steps = {name: np.full(lines, step) for name in made.stages}
        trial = settling_trial(split(replace(made, steps=steps)), line, "leads")
        assert trial is not None
        return trial.then[2] / trial.then[0]

    assert left(1e-7) < left(1e-2)


def test_a_line_that_leaps_far_beyond_its_past_is_no_test(vague: tuple[Response, str]) -> None:
    made, line = vague
    small = replace(made, facts=replace(made.facts, highest_daily=made.facts.highest_daily / 1_000))
    assert settling_trial(split(small), line, "leads") is None


def test_one_line_leaves_nothing_to_decide() -> None:
    assert found(response(1)) == []
