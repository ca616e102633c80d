"""`sandbox judge alerts --seeds` and `judge tuning --seeds`: real markets, the real commands, what is done is kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sandbox_command_line import run_sandbox

from marketmover.errors import InputError, UsageError
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.judge import Cache, Case, TuneScore, choose_cases, composed_plan, tune_weekly, tuning_cases
from marketmover.sandbox.judge.by_command import by_tune, run_command
from marketmover.sandbox.judge.many import TunedMarket
from marketmover.sandbox.judge.many_views import show_tuned
from marketmover.sandbox.judge.running import in_processes

SMALL = ("--seeds", "4", "--lines", "3", "--days", "60", "--jobs", "1")


def run(*words: str) -> str:
    return run_sandbox("judge", *words)


def test_monitor_is_judged_on_whole_markets_and_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    words = ("alerts", *SMALL, "--cache", str(tmp_path))
    told = json.loads(run(*words, "--json"))
    assert told["simulated"] is True
    assert [one["benign"] for one in told["windows"]] == [False, True]
    figures = {one["key"]: one for one in told["figures"]}
    assert (figures["precision"]["due"], figures["recall"]["due"]) == ([0.95, 1.0], [0.9, 1.0])
    assert (figures["delay"]["due"], figures["quiet"]["due"]) == ([0.0, 3.0], [0.0, 0.2])
    (kept,) = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    said = run(*words)
    assert said.startswith("SIMULATED")
    assert "alerts that are right" in said
    assert "ordinary 4 mixed" in said
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir()] == [before]


def test_tune_is_asked_as_a_user_asks_it_and_what_it_earns_is_scored(tmp_path: Path) -> None:
    market = create_market(lines=3, days=60, seed=5, sells="leads")
    write_history(market, tmp_path / "history", truth=False)
    plan = composed_plan(market)
    _, (shock, begin) = tuning_cases(market, 5, plan)
    score = tune_weekly(begin, by_tune, history=tmp_path / "history", plan=plan, every=20)
    assert not shock
    assert score.changes > 0
    assert score.tuned_cost <= 1.02 * score.planned


def test_tuning_on_many_markets_is_summed_up_by_kind_of_shock(capsys: pytest.CaptureFixture[str]) -> None:
    (case,) = choose_cases([7], "ordinary", "mixed")
    calm = TuneScore("leads", 100.0, 101.0, 50.0, 50.0, 50.0, 4, ())
    lost = replace(calm, tuned=110.0, kinds=("conversion_rate",))
    rival = replace(calm, tuned=98.0, kinds=("rival",))
    markets = [TunedMarket(case, lost, calm), TunedMarket(case, rival, calm)]
    show_tuned(markets, as_json=True)
    told = json.loads(capsys.readouterr().out)
    figures = {one["key"]: one for one in told["figures"]}
    assert (figures["shock"]["due"], figures["shock"]["verdict"]) == ([0.05, None], "missed")
    assert (figures["calm"]["due"], figures["calm"]["verdict"]) == ([0.0, None], "kept")
    assert figures["shock_conversion_rate"]["measured"] == pytest.approx(0.1)
    assert figures["shock_rival"]["measured"] == pytest.approx(-0.02)
    assert told["markets"][1]["shock"]["kinds"] == ["rival"]
    show_tuned(markets, as_json=False)
    said = capsys.readouterr().out
    assert said.startswith("SIMULATED. 1 of 2 aims are met")
    assert "7-ordinary-mixed-16x730" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("alerts",), "Name a window"),
        (("alerts", "window"), "Name a window"),
        (("alerts", "window", "alerts.json", "--seeds", "1"), "--seeds"),
        (("alerts", "--seeds", "3-1"), "--seeds 3-1"),
        (("alerts", "--seeds", "1", "--family", "cubic"), "--family cubic"),
        (("tuning",), "Name a simulated history"),
        (("tuning", "history"), "Name a simulated history"),
        (("tuning", "--seeds", "1", "--shock"), "--seeds"),
        (("tuning", "--seeds", "1", "--manager", "lazy"), "--manager lazy"),
    ],
)
def test_what_cannot_be_judged_is_told_before_anything_is_made(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        run(*words)


def test_a_command_that_fails_is_told_with_its_last_words_and_the_market(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"`marketmover monitor` failed: .*does not exist"):
        run_command(["monitor", "--history", tmp_path / "none", "--live", tmp_path / "none"], "alerts.json")

    def failing(_case: Case) -> Cache:
        return Cache(Path(__file__) / "inside")

    with pytest.raises(InputError, match=r"Market 7-good-mixed-16x730: .*cannot be made"):
        list(in_processes(failing, choose_cases([7], "good", "mixed"), jobs=0))
