"""Plans of the home on the command line, by their ids."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from marketmover.cli.main import run

Says = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path, lake_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(lake_file, tmp_path / "lake.duckdb")
    (tmp_path / "brief.txt").write_text("We sell crm software. Leads, please; EUR 9k in total from 16 November 2026.")
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def says(home: Path, capsys: pytest.CaptureFixture[str]) -> Says:
    del home

    def command(*words: str) -> str:
        code = run(list(words))
        told = capsys.readouterr()
        assert code == 0, told.err
        return told.out

    return command


def test_compose_without_a_folder_keeps_the_plan_and_every_command_takes_its_id(home: Path, says: Says) -> None:
    says("compose", "--brief", str(home / "brief.txt"), "--no-model")
    (told,) = json.loads(says("plan", "list", "--json"))
    name = told["id"]
    assert (told["state"], told["total_budget"]) == ("draft", 9_000.0)
    assert "9,000" in says("plan", "list")
    assert json.loads(says("plan", "show", name, "--json"))["total_budget"] == 9_000.0
    says("plan", "approve", name, "--by", "Anne")
    assert [one["id"] for one in json.loads(says("plan", "list", "--state", "approved", "--json"))] == [name]
    assert "the same" in says("plan", "diff", name, name)
    assert (home / "plans" / "default" / name / "response.npz").is_file()


def test_an_id_that_the_home_does_not_hold_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del home
    assert run(["plan", "show", "0" * 32]) != 0
    assert "There is no plan" in capsys.readouterr().err
