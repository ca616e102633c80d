"""How content clients are: asked when a campaign is over, told with a range, or not at all where too few answered."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.campaigns.page.sample_plans import ordinary
from tests.reports.conftest import moved, published, put_plan

from marketmover.app.web.served import ServedApp
from marketmover.reports.survey.satisfaction import satisfaction

Ask = Callable[..., Any]
Share = Callable[..., str]


def over(served: ServedApp) -> str:
    """A plan that ran, and ended."""
    plan = moved(ordinary(), -60)
    name = put_plan(served, plan)
    published(served, name, plan.start_date)
    return name


def test_the_survey_is_asked_when_the_campaign_is_over_and_the_last_answer_holds(
    ask: Ask, share: Share, shared: Ask, served: ServedApp
) -> None:
    plan = over(served)
    token = share(plan=plan)
    assert shared("look", token).json()["survey"]["asked"] is True
    shared("survey", token, name="Mia", score=2, reason="slow start")
    assert shared("survey", token, name="Mia", score=4, reason="made up for it").status_code == 200
    assert shared("look", token).json()["survey"] == {"asked": True, "score": 4, "reason": "made up for it"}
    told = ask("GET", f"/satisfaction?plan_id={plan}").json()
    assert (told["answers"], told["counts"]["4"], told["mean"]) == (1, 1, None)
    assert "Not enough answers" in told["words"]


def test_nobody_is_asked_before_the_end_or_of_what_never_ran(share: Share, shared: Ask, served: ServedApp) -> None:
    running, never = share(), share(plan=put_plan(served, moved(ordinary(), -60)))
    for token in (running, never):
        assert shared("look", token).json()["survey"]["asked"] is False
        assert shared("survey", token, name="Mia", score=5).status_code == 409


@pytest.mark.parametrize("score", [0, 6, 4.5, "good"])
def test_a_score_is_one_to_five(share: Share, shared: Ask, served: ServedApp, score: Any) -> None:
    assert shared("survey", share(plan=over(served)), name="Mia", score=score).status_code == 422


def test_five_answers_have_a_mean_with_a_range_over_their_days(
    ask: Ask, share: Share, shared: Ask, served: ServedApp
) -> None:
    plan = over(served)
    for score in (5, 4, 4, 5, 3):
        shared("survey", share(plan=plan), name="Mia", score=score)
    told = ask("GET", "/satisfaction").json()
    assert (told["answers"], told["mean"], told["enough"]) == (5, 4.2, True)
    assert 1 <= told["low"] < 4.2 < told["high"] <= 5
    assert ask("GET", "/satisfaction?last=2020-01-01").json()["answers"] == 0
    assert ask("GET", "/satisfaction?first=2026-01-02&last=2026-01-01").status_code == 400


@pytest.mark.parametrize("weights", [(1, 1, 1, 1, 1), (0, 0, 0, 1, 9), (5, 0, 0, 0, 5), (0, 0, 1, 0, 0)])
@pytest.mark.parametrize("many", [5, 12, 40])
def test_the_range_holds_the_true_mean_at_least_four_times_in_five(weights: tuple[int, ...], many: int) -> None:
    dice = random.Random(7)  # noqa: S311 - simulated answers
    true = sum(score * weight for score, weight in zip(range(1, 6), weights, strict=True)) / sum(weights)
    held = 0
    for _ in range(600):
        found = satisfaction(dice.choices(range(1, 6), weights, k=many))
        assert found.low is not None
        assert found.high is not None
        held += found.low - 1e-9 <= true <= found.high + 1e-9
    assert held / 600 >= 0.77  # 0.8 less two standard errors


def test_all_fives_are_no_proof_of_perfection() -> None:
    found = satisfaction([5] * 6)
    assert (found.mean, found.high) == (5.0, 5.0)
    assert found.low is not None
    assert found.low < 4.6
