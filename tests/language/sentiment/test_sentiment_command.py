"""`marketmover sentiment` as a person and a program use it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from marketmover.language.sentiment.engine import Sentiment
from marketmover.language.sentiment.summary import summarise


def sentiment(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from marketmover.cli.main import main; main()", "sentiment", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_lines_are_read_and_summed_up_with_a_range() -> None:
    done = sentiment("-", given=b"Love it!\n\nAwful, broke after a day.\nIt is blue.\n")
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["positive", "negative", "neutral"]
    assert "3 texts" in done.stdout
    assert "(range " in lines[-1]


def test_texts_on_the_command_line_come_back_as_json() -> None:
    done = sentiment("--text", "Not bad at all", "--text", "Terrible", "--json")
    found = json.loads(done.stdout)
    assert [one["label"] for one in found["texts"]] == ["positive", "negative"]
    assert [one["count"] for one in found["summary"]["counts"]] == [1, 0, 1]


def test_a_table_keeps_its_columns_and_gets_three_more(tmp_path: Path) -> None:
    source, out = tmp_path / "reviews.csv", tmp_path / "read.csv"
    source.write_bytes('id;Comment\n7;"Great; really, ""great""\nin two lines"\n8;\n'.encode("utf-16"))
    done = sentiment(str(source), "--out", str(out))
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    assert [(row["id"], row["sentiment"]) for row in rows] == [("7", "positive"), ("8", "neutral")]
    assert rows[0]["Comment"] == 'Great; really, "great"\nin two lines'


def test_no_cell_of_the_written_table_is_a_formula(tmp_path: Path) -> None:
    source, out = tmp_path / "posts.jsonl", tmp_path / "read.csv"
    source.write_text(json.dumps({"=cmd": "+1", "text": '=HYPERLINK("x") great'}) + "\n", encoding="utf-8")
    assert sentiment(str(source), "--out", str(out)).returncode == 0
    cells = next(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()[1:]))
    assert cells[:2] == ["'+1", '\'=HYPERLINK("x") great']
    assert out.read_text(encoding="utf-8-sig").startswith("'=cmd,")


def test_json_lines_come_back_as_json_lines(tmp_path: Path) -> None:
    out = tmp_path / "read.jsonl"
    done = sentiment("-", "--column", "Body", "--out", str(out), given=b'{"body": "useless", "n": 1}\n{"n": 2}\n')
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["n"], row["sentiment"]) for row in rows] == [(1, "negative"), (2, "neutral")]


@pytest.mark.parametrize(
    ("arguments", "given", "code", "told"),
    [
        ([], b"", 2, "--text"),
        (["-", "--text", "x"], b"x", 2, "Name one"),
        (["no-such.txt"], b"", 1, "no-such.txt"),
        (["-"], b" \n", 1, "empty"),
        (["-"], b"a\0b", 1, "no text"),
        (["-", "--column", "coment"], b"id,comment\n1,x\n", 1, "Did you mean 'comment'"),
        (["-", "--out", "read.xlsx"], b"x\n", 2, ".csv or .jsonl"),
        (["-", "--column", "text"], b"text\n", 1, "no rows"),
        (["-"], b'{"text": "x"}\n{"text": \n', 1, "line 2"),
        (["-", "--out", "no-such-folder/read.csv"], b"x\n", 1, "no-such-folder"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place_and_remedy(
    arguments: list[str], given: bytes, code: int, told: str
) -> None:
    done = sentiment(*arguments, given=given)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_a_table_whose_texts_could_be_in_any_column_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b\nx,y\n", encoding="utf-8")
    done = sentiment(str(tmp_path / "table.csv"))
    assert done.returncode == 2
    assert "--column: a, b" in done.stderr


def test_labels_in_doubt_widen_the_range_of_their_share() -> None:
    sure = [Sentiment("positive", 0.5, 0.99)] * 50 + [Sentiment("negative", -0.5, 0.99)] * 50
    doubted = [Sentiment(one.label, one.score, 0.6) for one in sure]
    (certain, *_), (doubtful, *_) = summarise(["x"] * 100, sure).counts, summarise(["x"] * 100, doubted).counts
    assert doubtful.low < certain.low < 0.5 < certain.high < doubtful.high


def test_rows_without_a_text_are_not_counted_as_neutral(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text("id,Review Text\n1,Great kettle!\n2,\n3, \n", encoding="utf-8")
    done = sentiment(str(tmp_path / "reviews.csv"), "--json")
    summary = json.loads(done.stdout)["summary"]
    assert (summary["texts"], summary["empty"]) == (1, 2)
    assert [one["count"] for one in summary["counts"]] == [0, 0, 1]
    assert "2 rows without text" in sentiment(str(tmp_path / "reviews.csv")).stdout
