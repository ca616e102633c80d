"""`sandbox judge` as people call it: real exports, real import, real advice."""

import json
from pathlib import Path

import pytest
from sandbox_command_line import run_sandbox

from marketmover.errors import InputError, UsageError

SMALL = ("--lines", "2", "--days", "60", "--jobs", "1")


def run(*words: str) -> str:
    return run_sandbox("judge", *words)


def test_judging_writes_a_page_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    words = ("--seeds", "1-1", "--manager", "good", *SMALL, "--cache", str(tmp_path / "kept"))
    said = run(*words, "--out", str(tmp_path / "one"))
    assert said.startswith("Where the manager is good already, it costs")
    assert "Judged by the truth of 1 simulated market." in said
    assert "share of the best split's gain: qualified leads" in said
    told = json.loads(run(*words, "--json", "--html", str(tmp_path / "again.html")))
    assert told["simulated"] is True
    assert [one["objective"] for one in told["scores"]] == ["leads", "qualified_leads"]
    assert json.loads((tmp_path / "one" / "judge.json").read_text()) == told
    page = (tmp_path / "one" / "judge.html").read_text()
    assert page == (tmp_path / "again.html").read_text()
    assert "Simulated data" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize(
    "wrong", [("--seeds", "9-3"), ("--manager", "lazy"), ("--family", "cubic"), ("--objective", "fame")]
)
def test_wrong_wishes_are_told_before_anything_is_made(wrong: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match=wrong[0]):
        run(*wrong)


def test_markets_without_the_objective_are_told() -> None:
    words = ("--seeds", "3-3", "--manager", "good", *SMALL)
    with pytest.raises(UsageError, match="None of these markets has qualified_leads"):
        run(*words, "--objective", "qualified_leads")


def test_places_that_cannot_be_written_to_are_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        run("--html", str(tmp_path / "missing" / "page.html"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        run("--out", str(tmp_path / "file"))
