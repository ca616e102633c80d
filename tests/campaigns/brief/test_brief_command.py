"""`marketmover brief` as a person and a program use it."""

import json
import subprocess
import sys
from pathlib import Path


def _run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from marketmover.cli.main import main; main()", "brief", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=60)


def test_a_pipe_gets_json() -> None:
    done = _run("-", given="Leads in Spain, budget 5k EUR.")
    assert done.returncode == 0
    assert json.loads(done.stdout)["budget"] == {"amount": 5000.0, "currency": "EUR", "period": "total"}


def test_jsonl_is_one_brief_a_line_in_the_order_of_the_files(tmp_path: Path) -> None:
    for name, amount in (("b", "7k"), ("a", "9k")):
        (tmp_path / name).write_text(f"Budget {amount} USD")
    done = _run(str(tmp_path / "b"), str(tmp_path / "a"), "--jsonl")
    assert [json.loads(line)["budget"]["amount"] for line in done.stdout.splitlines()] == [7000.0, 9000.0]


def test_explain_marks_what_was_understood_in_brackets() -> None:
    done = _run("-", "--explain", given="We need leads. Our budget is 5k EUR.")
    assert "[objective: We need leads]" in done.stdout
    assert "[budget: Our budget is 5k EUR]" in done.stdout


def test_wrong_use_ends_with_2_and_a_bad_file_with_1() -> None:
    both = _run("-", "--json", "--jsonl", given="x")
    assert (both.returncode, both.stdout) == (2, "")
    assert "exclude each other" in both.stderr
    missing = _run("no-such-file.txt")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "no-such-file.txt" in missing.stderr
