"""`sandbox judge alerts --seeds` and `judge tuning --seeds`: real markets, the real commands, what is done is kept."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from marketmover.errors import InputError, UsageError
from marketmover.sandbox.commands import app
from marketmover.sandbox.judge.by_command import run_command
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.judge.cases import Case, choose_cases
from marketmover.sandbox.judge.running import in_processes

SMALL = ("--seeds", "4", "--lines", "4", "--days", "90", "--jobs", "1")


def run(*words: str) -> str:
    outcome = CliRunner().invoke(app, ["judge", *words])
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


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


def test_tune_is_judged_on_whole_markets_with_a_shock_and_without(tmp_path: Path) -> None:
    words = ("tuning", *SMALL, "--cache", str(tmp_path))
    told = json.loads(run(*words, "--json"))
    (market,) = told["markets"]
    assert (market["shock"]["shock"], market["calm"]["shock"]) == (True, False)
    assert market["shock"]["changes"] + market["calm"]["changes"] > 0
    figures = {one["key"]: one for one in told["figures"]}
    assert figures["shock"]["due"] == [0.05, None]
    assert figures["calm"]["due"] == [0.0, None]
    assert figures[f"shock_{market['shock']['kinds'][0]}"]["measured"] == pytest.approx(market["shock"]["gain"])
    assert "tuned beside left alone" in run(*words)


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
    with pytest.raises(InputError, match=r"`marketmover monitor` failed: .*no folder"):
        run_command(["monitor", "--history", tmp_path / "none", "--live", tmp_path / "none"], "alerts.json")

    def failing(_case: Case) -> Cache:
        return Cache(Path(__file__) / "inside")

    with pytest.raises(InputError, match=r"Market 7-good-mixed-16x730: .*cannot be made"):
        list(in_processes(failing, choose_cases([7], "good", "mixed"), jobs=0))
