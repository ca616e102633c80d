"""`marketmover experiment` from the command line: in words, as JSON, as a page, and with a plan."""

import json
import re
from pathlib import Path

import pytest
from experiment_files import leads, orders
from typer.testing import CliRunner, Result

from marketmover.cli.commands import build
from marketmover.errors import InputError, NotFoundError, UsageError


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(build({"experiment"}), ["experiment", *map(str, arguments)])


def test_the_decision_stands_first(tmp_path: Path) -> None:
    done = run("read", orders(tmp_path, 0.25), "--days", "28", "--currency", "eur", "--value", "55")
    assert done.exit_code == 0, done.output
    first = done.stdout.splitlines()[0]
    assert re.fullmatch(
        r"B wins, more than 99% likely, \+\d+% to \+\d+% orders, about EUR [\d,]+ a month\. Ship\.", first
    )
    assert "To the planned end" in done.stdout
    assert "Sample ratio: as planned" in done.stdout


def test_json_says_the_same(tmp_path: Path) -> None:
    path = orders(tmp_path, 0.25)
    said = json.loads(run("read", path, "--days", "28", "--json").stdout)
    assert said["verdict"] == "better"
    assert said["words"] in run("read", path, "--days", "28").stdout
    finding = said["findings"][0]
    assert finding["once"]["low"] > finding["deciding"]["low"] > finding["anytime"]["low"]
    assert len(finding["looks"]) == 22


def test_a_page_is_written_without_script_or_address(tmp_path: Path) -> None:
    done = run("read", leads(tmp_path, 0.4), "--days", "28", "--out", tmp_path / "test.html")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "test.html").read_text(encoding="utf-8")
    assert "Advised wins" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_names_of_arms_cannot_command_a_page_or_a_terminal(tmp_path: Path) -> None:
    path = leads(tmp_path, 0.4, arms=("usual", "<b>x\x1b[31m"))
    page = tmp_path / "test.html"
    done = run("read", path, "--days", "28", "--out", page)
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.stdout
    assert "<b>x" not in page.read_text(encoding="utf-8")


def test_a_design_says_days_ways_and_shares() -> None:
    done = run("design", "--per-day", "2000", "--rate", "0.03", "--effect", "0.1", "--days", "28")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("To see +10.0% (80% of the time, false alarms in 5% of tests), run 60 days at most")
    assert "Share of the new arm" in done.stdout
    assert "In the days given it sees +" in done.stdout


@pytest.mark.parametrize(
    "options",
    [
        ["--rate", "0.03"],
        ["--mean", "40", "--sd", "60"],
        ["--count", "--dispersion", "2"],
        ["--count", "--effect", "0.001"],
    ],
)
def test_every_kind_of_metric_can_be_designed_for(options: list[str]) -> None:
    said = json.loads(run("design", "--per-day", "50", *options, "--json").stdout)
    assert {"sequential", "fixed", "always", "by_share", "naive_alarms"} <= set(said)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--rate", "0.03", "--count"],
        ["--mean", "40"],
        ["--rate", "3"],
        ["--count", "--effect", "0"],
        ["--count", "--share", "1.5"],
    ],
)
def test_a_design_that_cannot_be_is_refused(options: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        _raised(run("design", "--per-day", "50", *options))
    assert refused.value.remedy


@pytest.mark.parametrize("options", [["--alpha", "2"], ["--shares", "x"], ["--shares", "50"], ["--currency", "euros"]])
def test_options_that_cannot_be_are_refused(tmp_path: Path, options: list[str]) -> None:
    with pytest.raises(UsageError):
        _raised(run("read", leads(tmp_path, 0.1), *options))


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="compose --out"):
        _raised(run("read", leads(tmp_path, 0.1), "--plan", tmp_path))
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="is not a plan"):
        _raised(run("read", leads(tmp_path, 0.1), "--plan", tmp_path))


def _raised(done: Result) -> None:
    assert done.exception is not None, done.output
    raise done.exception
