"""The judge of advice: advisers of known worth get the scores that they deserve."""

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from marketmover.errors import InputError, UsageError
from marketmover.plans import Range
from marketmover.sandbox import create_market
from marketmover.sandbox.judge import Advised, Asked, Cache, Case, Score, choose_cases, figures_of, judge, read_seeds
from marketmover.sandbox.judge.evening import apart, cost_of_evening_out, costs_per_outcome
from marketmover.sandbox.judge.markets import WINDOW_DAYS, Trial, prepare
from marketmover.sandbox.judge.scores import no_model_rule, score, weighted_median

CASE = Case(1, "ordinary", "hill", lines=6, days=200)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return prepare(CASE, Cache(None))


def over_the_window(daily: dict[str, float]) -> dict[str, float]:
    return {line: budget * WINDOW_DAYS for line, budget in daily.items()}


def told_nothing(budgets: dict[str, float]) -> Advised:
    return Advised(budgets, {}, None, None)


def scored(trial: Trial, daily: dict[str, float]) -> Score:
    return score(trial, lambda _asked, wanted: dict.fromkeys(wanted, told_nothing(over_the_window(daily))))[0]


def as_spent(asked: Asked, objectives: Sequence[str]) -> dict[str, Advised]:
    """Advises what was spent of late: it stands here so that another process can call it."""
    spent = asked.panel.cost[:, -28:].sum(axis=1)
    split = {line: float(cost) for line, cost in zip(asked.panel.line_ids, spent, strict=True)}
    ranges = {line: Range(low=0.0, mid=1.0, high=2.0) for line in split}
    return dict.fromkeys(objectives, Advised(split, ranges, Range(low=1.0, mid=2.0, high=3.0), 0.5))


def test_the_best_split_wins_the_whole_gain(trial: Trial) -> None:
    found = score(
        trial,
        lambda _asked, wanted: {metric: told_nothing(over_the_window(trial.best.budgets[metric])) for metric in wanted},
    )
    assert [one.objective for one in found] == ["leads", "qualified_leads"]
    for one in found:
        assert one.possible > 0.1
        assert one.share == pytest.approx(1.0)
        assert one.better
    assert found[0].cost_change == pytest.approx(1 / (1 + found[0].gain) - 1, abs=0.02)


def test_the_status_quo_wins_nothing_and_costs_the_same(trial: Trial) -> None:
    one = scored(trial, trial.market.status_quo())
    assert one.gain == pytest.approx(0.0)
    assert one.share == pytest.approx(0.0)
    assert one.cost_change == pytest.approx(0.0)
    assert one.spent == pytest.approx(1.0)
    assert not one.better


def test_all_money_on_the_poorest_line_is_worse_than_the_status_quo(trial: Trial) -> None:
    alone = [{line: trial.total / WINDOW_DAYS} for line in trial.market.line_ids]
    poorest = min((scored(trial, split) for split in alone), key=lambda one: one.advised)
    assert poorest.gain < -0.3
    assert poorest.share is not None
    assert poorest.share < -1.0


def test_half_of_the_way_wins_more_than_half_and_no_split_beats_the_best(trial: Trial) -> None:
    today, best = trial.market.status_quo(), trial.best.budgets["leads"]
    halfway = scored(trial, {line: (today[line] + best[line]) / 2 for line in today})
    assert halfway.share is not None
    assert 0.5 < halfway.share < 1.0


def test_money_for_lines_that_do_not_run_buys_nothing_and_shows(trial: Trial) -> None:
    split = over_the_window(trial.best.budgets["leads"])
    split = {line: budget * 0.8 for line, budget in split.items()} | {"google_ads:new:1": 0.2 * trial.total}
    one = score(trial, lambda _asked, wanted: dict.fromkeys(wanted, told_nothing(split)))[0]
    assert one.spent < 0.85
    assert one.share is not None
    assert one.share < 1.0


def test_an_adviser_is_told_what_exports_say_and_nothing_else(trial: Trial) -> None:
    def nosy(asked: Asked, wanted: Sequence[str]) -> dict[str, Advised]:
        assert {field.name for field in fields(asked)} == {"panel", "start", "end", "total"}
        assert asked.panel.dates[-1].astype(object) < asked.start
        return as_spent(asked, wanted)

    assert score(trial, nosy)


def test_the_money_is_what_the_status_quo_really_spends(trial: Trial) -> None:
    spent = trial.market.evaluate(trial.market.status_quo(), trial.start, trial.end).total("cost")
    assert trial.total == pytest.approx(spent, abs=0.01)
    assert sum(trial.best.budgets["leads"].values()) * WINDOW_DAYS == pytest.approx(spent)


def test_ranges_of_the_truth_itself_cover_as_often_as_they_say(trial: Trial) -> None:
    budgets = trial.best.budgets["leads"]
    drawn = trial.market.evaluate(budgets, trial.start, trial.end, samples=2000, seed=99)

    def honest(_asked: Asked, wanted: Sequence[str]) -> dict[str, Advised]:
        low, mid, high = np.percentile(drawn.sampled["leads"], [10, 50, 90], axis=0)
        lines = {line: span(low[row], mid[row], high[row]) for row, line in enumerate(drawn.line_ids)}
        whole = span(*np.percentile(drawn.total_samples("leads"), [10, 50, 90]))
        return dict.fromkeys(wanted, Advised(over_the_window(budgets), lines, whole, 1.0))

    told = score(trial, honest, ["leads"])[0].told
    assert told is not None
    assert told.cover == pytest.approx(0.8, abs=0.06)
    assert told.total_cover == pytest.approx(0.8, abs=0.08)
    assert abs(told.forecast) < 0.03
    assert 0.05 < told.width < 1.0
    assert told.families["hill"][0] == pytest.approx(1.0)


def test_narrow_ranges_in_the_wrong_place_cover_nothing(trial: Trial) -> None:
    def sure(_asked: Asked, wanted: Sequence[str]) -> dict[str, Advised]:
        budgets = over_the_window(trial.best.budgets["leads"])
        return dict.fromkeys(wanted, Advised(budgets, dict.fromkeys(budgets, span(1e9, 1e9, 1e9)), span(1, 1, 1), 1.0))

    told = score(trial, sure, ["leads"])[0].told
    assert told is not None
    assert told.cover == 0.0
    assert told.width == 0.0
    assert told.forecast < -0.9


def test_advice_on_something_else_than_was_asked_for_counts_without_its_ranges(trial: Trial) -> None:
    assert scored(trial, trial.best.budgets["leads"]).told is None


def test_the_rule_knows_no_model(trial: Trial) -> None:
    lines = trial.market.line_ids
    split = no_model_rule(trial.panel, "leads", lines, 1000.0)
    assert sum(split.values()) == pytest.approx(1000.0)
    first, second = (trial.panel.line_ids.index(line) for line in lines[:2])
    spend, leads = (getattr(trial.panel, name)[:, -90:].sum(axis=1) for name in ("cost", "leads"))
    weight = np.sqrt(spend) * (leads / spend) ** 0.7
    assert split[lines[0]] / split[lines[1]] == pytest.approx(weight[first] / weight[second])
    nothing = replace(trial.panel, leads=np.zeros_like(trial.panel.leads))
    assert set(no_model_rule(nothing, "leads", lines, 1000.0).values()) == {1000.0 / len(lines)}


def test_evening_out_two_platforms_costs_a_little_and_cannot_be_had_with_one(trial: Trial) -> None:
    assert trial.best.evening_cost is not None
    assert 0.0 <= trial.best.evening_cost < 0.2
    best = trial.market.evaluate(trial.best.budgets["leads"], trial.start, trial.end)
    assert costs_per_outcome(trial.market, best, "leads") @ [1.0, 1.0] > 0
    alone = create_market(lines=1, days=60, seed=3)
    assert cost_of_evening_out(alone, 100.0, trial.start, trial.end) is None


def test_prices_apart_are_their_difference_over_their_mean() -> None:
    assert apart(np.array([10.0, 12.0])) == pytest.approx(2 / 11)
    assert apart(np.array([10.0, np.inf])) == 2.0
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([5.0, 1.0, 1.0])) == 3.0


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    cases = choose_cases(range(1, 3), "good", lines=2, days=40)
    alone = list(judge(cases, adviser=as_spent, cache=Cache(tmp_path)))
    together = list(judge(cases, adviser=as_spent, cache=Cache(tmp_path), jobs=2))
    assert alone == together
    assert [market[0].case.seed for market in alone] == [1, 2]


def test_any_metric_that_a_market_counts_can_be_the_goal() -> None:
    case = Case(1, "good", "log", 2, 40)
    (revenue,) = next(judge([case], adviser=as_spent, objectives=["revenue"]))
    assert (revenue.objective, revenue.main) == ("revenue", True)
    assert revenue.best >= revenue.today
    assert figures_of([revenue])[1].name.startswith("cost per unit of revenue")
    assert next(judge([case], adviser=as_spent, objectives=["fame"])) == []


def test_a_market_on_which_advice_fails_is_named() -> None:
    def fails(_asked: Asked, _wanted: Sequence[str]) -> dict[str, Advised]:
        raise InputError("Nothing to split.", "Wait.")

    with pytest.raises(InputError, match="7-good-auction-2x40: Nothing to split"):
        list(judge([Case(7, "good", "auction", 2, 40)], adviser=fails))


def test_thirty_seeds_meet_every_family_and_every_season() -> None:
    cases = choose_cases(range(1, 31))
    assert {case.family for case in cases} == {
        "mixed", "hill", "power", "log", "michaelis_menten", "exponential", "piecewise", "auction",
    }  # fmt: skip
    assert {case.manager for case in cases} == {"ordinary", "good"}
    ends = [create_market(1, 8, seed, manager="good").last_date for seed in range(1, 31)]
    assert {day.month % 12 // 3 for day in ends} == {0, 1, 2, 3}
    assert len({day.month for day in ends}) >= 8


@pytest.mark.parametrize("text", ["", "5-2", "a-b", "1-2-3", "-3", "1.5"])
def test_seeds_that_are_none_are_told(text: str) -> None:
    with pytest.raises(UsageError, match="1-30"):
        read_seeds(text)


def test_seeds_are_read_with_both_ends() -> None:
    assert list(read_seeds("3-5")) == [3, 4, 5]
    assert list(read_seeds(" 31 ")) == [31]


def test_a_case_says_how_to_judge_it_again() -> None:
    assert Case(31, "good", "auction").command == "marketmover sandbox judge --seeds 31-31 --manager good"
    assert Case(31, "good", "hill", 20, 400).command.endswith("--family hill --lines 20 --days 400")


def span(low: float, mid: float, high: float) -> Range:
    return Range(low=float(low), mid=float(mid), high=float(high))
