import json

import numpy as np
import pytest
from learning_cases import examples

from marketmover.errors import InputError
from marketmover.learning import LEARNERS, Examples, Learner, fit, fitted_from_json, tune
from marketmover.learning.forecast import deviance

BY_NAME = {learner.name: learner for learner in LEARNERS}


def split(rows: Examples) -> tuple[Examples, Examples]:
    return rows.known_on(200), rows.take(rows.made_at >= 200)


@pytest.mark.parametrize("learner", [one for one in LEARNERS if one.dials], ids=lambda one: one.name)
def test_every_learner_finds_an_effect_that_the_simple_rule_does_not_know(learner: Learner) -> None:
    seen, ahead = split(examples(1))
    rule = fit(BY_NAME["last_period"], seen, seed=0).predict(ahead)
    found = fit(learner, seen, seed=0).predict(ahead)
    assert deviance(found.mean, ahead.target).mean() < 0.5 * deviance(rule.mean, ahead.target).mean()
    assert 0.7 < found.covers(ahead.target).mean() < 0.93


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda one: one.name)
def test_no_learner_finds_much_where_there_is_nothing(learner: Learner) -> None:
    seen, ahead = split(examples(2, effect=0.0))
    found = fit(learner, seen, seed=0).predict(ahead)
    assert deviance(found.mean, ahead.target).mean() < 1.4  # chance alone makes it about 1


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda one: one.name)
def test_a_model_comes_back_from_its_file_and_foretells_the_same(learner: Learner) -> None:
    seen, ahead = split(examples(3))
    model = fit(learner, seen, seed=5)
    back = fitted_from_json(json.loads(json.dumps(model.to_json())))
    assert np.allclose(back.predict(ahead).mean, model.predict(ahead).mean, rtol=1e-9)
    assert back.spread == model.spread


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda one: one.name)
def test_the_same_seed_gives_the_same_model(learner: Learner) -> None:
    seen, ahead = split(examples(4, days=34))
    first, second = (fit(learner, seen, seed=7).predict(ahead) for _ in range(2))
    assert (first.mean == second.mean).all()


def test_rows_far_from_all_that_was_seen_do_not_run_away() -> None:
    seen, ahead = split(examples(1))
    far = ahead.with_columns(("signal", "noise"))
    far.features[:, 0] = 1e6
    for learner in LEARNERS:
        ratio = fit(learner, seen, seed=0).predict(far).mean / far.offset
        assert ratio.max() < 20.0


def test_tuning_sees_nothing_but_the_rows_that_it_is_given_and_beats_a_bad_start() -> None:
    seen, ahead = split(examples(5))
    learner = BY_NAME["boosting"]
    found = tune(learner, seen, trials=6, seed=1)
    assert found == tune(learner, seen, trials=6, seed=1)
    worst = {**found, "rounds": 20.0, "learning_rate": 0.02, "penalty": 100.0}
    scores = [
        deviance(fit(learner, seen, one, seed=0).predict(ahead).mean, ahead.target).mean() for one in (found, worst)
    ]
    assert scores[0] < scores[1]


def test_without_trials_or_rows_enough_the_dials_stand_where_they_usually_do() -> None:
    learner = BY_NAME["network"]
    usual = {dial.name: dial.usual for dial in learner.dials}
    assert tune(learner, examples(1), trials=0, seed=0) == usual
    assert tune(learner, examples(1).known_on(20), trials=5, seed=0) == usual


def test_a_history_without_any_outcome_is_an_error_and_not_a_model() -> None:
    rows = examples(1)
    nothing = Examples(rows.features, rows.names, np.zeros(len(rows)), rows.offset, rows.made_at, rows.known_at)
    with pytest.raises(InputError, match="no outcome was counted"):
        fit(BY_NAME["regression"], nothing, seed=0)


def test_a_model_refuses_rows_with_other_columns_and_names_them() -> None:
    model = fit(BY_NAME["regression"], examples(1), seed=0)
    with pytest.raises(InputError, match="other columns: interests, noise"):
        model.predict(examples(1).with_columns(("signal", "interests")))


def test_a_file_of_a_learner_that_is_gone_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InputError, match="does not know") as caught:
        fitted_from_json({"learner": "oracle"})
    assert "models compare" in caught.value.remedy
