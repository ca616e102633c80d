"""`sandbox create` as people call it."""

import json
from pathlib import Path

import pytest
from sandbox_command_line import run_sandbox

from marketmover.errors import ConflictError, InputError, UsageError

SMALL = ("--lines", "3", "--days", "30", "--end", "2026-02-28", "--manager", "good")


def run(*words: str) -> str:
    return run_sandbox("create", *words)


def test_create_says_that_all_is_simulated(tmp_path: Path) -> None:
    said = run(str(tmp_path / "new"), *SMALL)
    assert said.startswith("SIMULATED")
    assert "2026-01-30 to 2026-02-28" in said


def test_create_prints_json(tmp_path: Path) -> None:
    made = json.loads(run(str(tmp_path / "new"), *SMALL, "--json", "--country", "GB", "--country", "US"))
    assert made["simulated"] is True
    assert made["currency"] == "GBP"
    assert made["rows"]["google_ads/daily_recent"] > 0


def test_a_sandbox_is_replaced_only_by_force_and_other_files_stay(tmp_path: Path) -> None:
    run(str(tmp_path / "s"), *SMALL)
    (tmp_path / "s" / "notes.txt").write_text("mine")
    with pytest.raises(ConflictError, match="--force"):
        run(str(tmp_path / "s"), *SMALL)
    run(str(tmp_path / "s"), *SMALL, "--seed", "2", "--force")
    assert json.loads((tmp_path / "s" / "simulated.json").read_text())["seed"] == 2
    assert (tmp_path / "s" / "notes.txt").read_text() == "mine"


def test_other_peoples_files_are_never_touched(tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "mine.txt").write_text("mine")
    with pytest.raises(ConflictError, match="no sandbox made"):
        run(str(tmp_path), *SMALL, "--force")
    assert (tmp_path / "truth" / "mine.txt").exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="not a folder"):
        run(str(tmp_path / "file"), *SMALL)


@pytest.mark.parametrize(
    "wrong", [("--end", "soon"), ("--family", "cubic"), ("--manager", "lazy"), ("--country", "ZZ")]
)
def test_wrong_wishes_are_told_and_nothing_is_written(tmp_path: Path, wrong: tuple[str, str]) -> None:
    with pytest.raises(UsageError):
        run(str(tmp_path / "new"), "--lines", "2", "--days", "10", *wrong)
    assert not (tmp_path / "new").exists()
