"""`marketmover detect` from the command line: what it writes, and what it refuses."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from marketmover.cli.commands import build
from marketmover.errors import InputError, MarketmoverError, NotFoundError, UsageError


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(build({"detect"}), ["detect", *map(str, arguments)])


def rows(count: int = 60, break_at: int = 50) -> list[tuple[str, str]]:
    values = 100 + 5 * np.random.default_rng(1).normal(size=count)
    values[break_at] += 80
    start = date(2026, 1, 5)
    return [(str(start + timedelta(days=day)), f"{value:.2f}") for day, value in enumerate(values)]


def series_file(folder: Path, content: list[tuple[str, str]], name: str = "series.csv") -> Path:
    path = folder / name
    path.write_text("timestamp,value\n" + "".join(f"{stamp},{value}\n" for stamp, value in content))
    return path


def scores_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def refusal(*arguments: str | Path) -> MarketmoverError:
    done = run(*arguments)
    assert isinstance(done.exception, MarketmoverError), done.output
    return done.exception


def test_the_same_rows_come_out_in_the_same_order_with_a_score(tmp_path: Path) -> None:
    content = rows()
    out = tmp_path / "deep" / "scores.csv"
    done = run(series_file(tmp_path, content), "--out", out)
    assert done.exit_code == 0, done.output
    found = scores_of(out)
    assert [(row["timestamp"], row["value"]) for row in found] == content
    assert max(range(60), key=lambda row: float(found[row]["score"])) == 50
    assert out.read_text().splitlines()[0] == "timestamp,value,score"


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = series_file(tmp_path, rows())
    run(path, "--out", tmp_path / "a.csv")
    run(path, "--out", tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_the_first_rows_of_a_file_score_the_same_alone(tmp_path: Path) -> None:
    content = rows()
    run(series_file(tmp_path, content), "--out", tmp_path / "whole.csv")
    run(series_file(tmp_path, content[:30], "part.csv"), "--out", tmp_path / "part_scores.csv")
    assert scores_of(tmp_path / "whole.csv")[:30] == scores_of(tmp_path / "part_scores.csv")


def test_a_file_with_the_newest_row_first_is_read_from_its_end(tmp_path: Path) -> None:
    content = rows()
    run(series_file(tmp_path, content), "--out", tmp_path / "up.csv")
    run(series_file(tmp_path, content[::-1], "down.csv"), "--out", tmp_path / "down_scores.csv")
    assert scores_of(tmp_path / "down_scores.csv") == scores_of(tmp_path / "up.csv")[::-1]


def test_a_missing_value_keeps_its_row_and_scores_nothing(tmp_path: Path) -> None:
    content = rows()
    content[20] = (content[20][0], "")
    run(series_file(tmp_path, content), "--out", tmp_path / "scores.csv")
    assert scores_of(tmp_path / "scores.csv")[20] == {"timestamp": content[20][0], "value": "", "score": "0.0"}


def test_several_series_go_into_a_folder(tmp_path: Path) -> None:
    first, second = series_file(tmp_path, rows(), "a.csv"), series_file(tmp_path, rows(40, 30), "b.csv")
    done = run(first, second, "--out", tmp_path / "scores")
    assert done.exit_code == 0, done.output
    assert [len(scores_of(tmp_path / "scores" / name)) for name in ("a.csv", "b.csv")] == [60, 40]


def test_if_one_of_several_is_bad_none_is_written(tmp_path: Path) -> None:
    good, bad = series_file(tmp_path, rows(), "a.csv"), series_file(tmp_path, [("2026-01-05", "ten")], "b.csv")
    assert "b.csv, line 2: 'ten' is not a number." in str(refusal(good, bad, "--out", tmp_path / "scores"))
    assert not (tmp_path / "scores").exists()


@pytest.mark.parametrize(
    ("stamps", "second"),
    [
        (["2026-01-05T00:00:00Z", "2026-01-06T00:00:00+00:00"], 86400),
        (["1767571200", "1767657600"], 86400),
        (["1767571200000", "1767657600000"], 86400),
        (["2026-01-05 10:15:00.000", "2026-01-05 10:20"], 300),
    ],
)
def test_timestamps_are_taken_in_the_forms_that_people_use(tmp_path: Path, stamps: list[str], second: int) -> None:
    from marketmover.monitoring import read_series

    series = read_series(series_file(tmp_path, [(stamp, "1") for stamp in stamps]))
    assert series.times_s[1] - series.times_s[0] == second
    assert series.timestamps == stamps


def test_other_separators_encodings_columns_and_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes("value;note;Date\r\n1;a;2026-01-05\r\n\r\n2;b;2026-01-06\r\n".encode("utf-16"))
    done = run(path, "--out", tmp_path / "scores.csv")
    assert done.exit_code == 0, done.output
    assert [row["value"] for row in scores_of(tmp_path / "scores.csv")] == ["1", "2"]


def test_a_header_alone_gives_a_header_alone(tmp_path: Path) -> None:
    run(series_file(tmp_path, []), "--out", tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_text() == "timestamp,value,score\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "series.csv is empty."),
        ("a,b\n1,2\n", "line 1: the header is not timestamp,value but 'a,b'"),
        ("2026-01-05,1\n", "line 1: the header is not timestamp,value"),
        ("timestamp,value\n2026-13-45,1\n", "line 2: '2026-13-45' is not a timestamp."),
        ("timestamp,value\nnan,1\n", "line 2: 'nan' is not a timestamp."),
        ("timestamp,value\n2026-01-05,1\n2026-01-06,inf\n", "line 3: 'inf' is not a number."),
        ("timestamp,value\n2026-01-05,1 200\n", "line 2: '1 200' is not a number."),
        ("timestamp,value\n2026-01-05\n", "line 2: it has too few cells."),
        ('timestamp,value\n"2026-01-05,1\n', "Save it as CSV in UTF-8."),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "series.csv"
    path.write_text(text)
    found = refusal(path, "--out", tmp_path / "scores.csv")
    assert isinstance(found, InputError)
    assert words in str(found)
    assert found.remedy
    assert not (tmp_path / "scores.csv").exists()


def test_files_that_are_not_there_or_in_the_way_are_refused(tmp_path: Path) -> None:
    path = series_file(tmp_path, rows())
    assert isinstance(refusal(tmp_path / "none.csv", "--out", tmp_path / "s.csv"), NotFoundError)
    assert "is a folder" in str(refusal(tmp_path, "--out", tmp_path / "s.csv"))
    assert isinstance(refusal(path, "--out", path), UsageError)
    assert isinstance(refusal(path, "--out", tmp_path), UsageError)
    assert isinstance(refusal(path, path, "--out", tmp_path / "scores"), UsageError)


def test_a_former_file_stays_whole_when_the_series_is_bad(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    out.write_text("former")
    refusal(series_file(tmp_path, [("2026-01-05", "x")]), "--out", out)
    assert out.read_text() == "former"
