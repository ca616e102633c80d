"""`marketmover brief` as a person and a program use it."""

import json
import subprocess
import sys
from pathlib import Path

from marketmover.campaigns.brief import marked_text, read_brief


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


def test_a_file_that_cannot_be_read_costs_a_batch_its_own_line_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Budget 7k USD")
    (tmp_path / "b").write_text("")
    done = _run(str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "a"), "--jsonl")
    first, empty, last = (json.loads(line) for line in done.stdout.splitlines())
    assert first["budget"] == last["budget"] != empty["budget"]
    assert "is empty" in empty["warnings"][0]
    assert done.returncode == 1
    assert "1 of 3 files" in done.stderr


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


def test_a_clients_text_does_not_command_the_terminal_it_is_shown_on() -> None:
    text = "We need leads.\x1b[2J Budget 5k USD, not UKRAINE but UK.\u202e"
    shown = marked_text(text, read_brief(text), colour=True)
    assert "\x1b[2J" not in shown
    assert "\u202e" not in shown
    assert "\x1b[1;7mUK\x1b[0m" in shown


ASKED = "hey, we need a bit of help promoting our yoga retreats. Budget is 5,000 and we'd love to start 03/04/2027.\n"


def test_questions_are_printed_for_people_and_as_json(tmp_path: Path) -> None:
    (tmp_path / "brief.txt").write_text(ASKED)
    people = _run(str(tmp_path / "brief.txt"), "--ask")
    assert people.stdout.startswith("Hey")
    assert "Without an answer:" in people.stdout
    listed = json.loads(_run(str(tmp_path / "brief.txt"), "--ask", "--json").stdout)
    assert set(listed[0]) == {"id", "field", "question", "why", "assumed", "choices"}
    assert 2 <= len(listed) <= 5


def test_answers_of_several_rounds_are_merged_and_the_page_shows_them(tmp_path: Path) -> None:
    for name, words in (
        ("brief.txt", ASKED),
        ("one.txt", "1. 3 April\n3. 20k euros in total\n"),
        ("two.json", '{"1": "sales"}'),
    ):
        (tmp_path / name).write_text(words)
    rounds = ("--answers", str(tmp_path / "one.txt"), "--answers", str(tmp_path / "two.json"))
    done = _run(str(tmp_path / "brief.txt"), *rounds, "--html", str(tmp_path / "brief.html"))
    brief = json.loads(done.stdout)
    assert (brief["objective"], brief["start_date"], brief["budget"]["amount"]) == ("sales", "2027-04-03", 20000.0)
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "20k euros in total</mark>" in page
    assert "yoga retreats</mark>" in page
    assert "<script" not in page
    assert "://" not in page


def test_answers_that_cannot_be_used_name_their_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text('{"budget": "banana"}')
    done = _run("-", "--answers", str(tmp_path / "answers.json"), given=ASKED)
    assert (done.returncode, done.stdout) == (1, "")
    assert "answers.json: field `budget`" in done.stderr


def test_one_brief_is_asked_about_at_a_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(ASKED)
    done = _run(str(tmp_path / "a"), str(tmp_path / "b"), "--ask")
    assert done.returncode == 2
    assert "one brief" in done.stderr
