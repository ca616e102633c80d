"""`marketmover mix` on files: what it prints and writes, and what it refuses."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from marketmover.budget.mix.files import read_mix
from marketmover.cli.commands import build
from marketmover.errors import InputError, MarketmoverError, NotFoundError

COLUMNS = ("day", "sales", "tv", "search", "price")


def lines(periods: int = 60, step: int = 7) -> list[list[str]]:
    rng = np.random.default_rng(5)
    tv, search = np.where(rng.uniform(size=periods) < 0.4, 1000.0, 0.0), rng.uniform(50, 400, periods)
    sales = 5000 + 2.0 * tv + 4.0 * search + 200 * rng.normal(size=periods)
    first = date(2025, 1, 6)
    rows = zip(tv, search, sales, strict=True)
    return [
        [str(first + timedelta(days=step * row)), f"{y:.2f}", f"{a:.2f}", f"{b:.2f}", "9.5"]
        for row, (a, b, y) in enumerate(rows)
    ]


def written(folder: Path, rows: list[list[str]], columns: tuple[str, ...] = COLUMNS, by: str = ",") -> Path:
    path = folder / "weeks.csv"
    path.write_text("\n".join(by.join(row) for row in [list(columns), *rows]) + "\n", encoding="utf-8-sig")
    return path


def run(path: Path, *more: str) -> Result:
    arguments = ["mix", str(path), "--outcome", "sales", "--spend", "tv, search", "--controls", "price", *more]
    return CliRunner().invoke(build({"mix"}), arguments)


def test_a_file_becomes_a_table_of_channels_with_their_returns(tmp_path: Path) -> None:
    done = run(written(tmp_path, lines()))
    assert done.exit_code == 0, done.output
    assert "What each channel brought" in done.stdout
    assert "tv " in done.stdout
    assert "(base)" in done.stdout
    assert "% of the outcome's variance" in done.stdout


def test_json_and_files_hold_the_same_figures_and_the_same_bytes_again(tmp_path: Path) -> None:
    path, out = written(tmp_path, lines()), tmp_path / "a" / "mix"
    done = run(path, "--json", "--out", str(out))
    said = json.loads(done.stdout)
    assert said == json.loads((out / "mix.json").read_text(encoding="utf-8"))
    assert [channel["name"] for channel in said["channels"]] == ["tv", "search"]
    assert said["first"] == "2025-01-06"
    assert said["periods_per_year"] == pytest.approx(52.18, abs=0.01)
    tv = said["channels"][0]["roas"]
    assert tv["low"] < 2.0 < tv["high"]
    contributions = (out / "contributions.csv").read_text(encoding="utf-8").splitlines()
    assert contributions[0] == "period,channel,expected,low,mid,high"
    assert len(contributions) == 1 + 2 * 60
    assert len((out / "curves.csv").read_text(encoding="utf-8").splitlines()) == 1 + 2 * 21
    again = tmp_path / "again"
    run(path, "--out", str(again))
    for name in ("mix.json", "contributions.csv", "curves.csv"):
        assert (again / name).read_bytes() == (out / name).read_bytes()


def test_semicolons_and_rows_out_of_order_are_read(tmp_path: Path) -> None:
    rows = lines()
    plain = read_mix(written(tmp_path, rows), "sales", ["tv"], [], None)
    other = read_mix(written(tmp_path, rows[::-1], by=";"), "sales", ["tv"], [], "day")
    assert plain.outcome == pytest.approx(other.outcome)
    assert plain.dates == other.dates


def test_a_file_without_dates_is_taken_as_weeks_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, [row[1:] for row in lines()], COLUMNS[1:])
    done = run(path)
    assert done.exit_code == 0
    assert "taken as weeks" in done.stderr


@pytest.mark.parametrize(("step", "periods_per_year"), [(1, 365.25), (7, 52.18), (30, 12.18)])
def test_the_length_of_a_period_comes_from_the_dates(tmp_path: Path, step: int, periods_per_year: float) -> None:
    found = read_mix(written(tmp_path, lines(step=step)), "sales", ["tv"], [], None)
    assert found.periods_per_year == pytest.approx(periods_per_year, abs=0.01)


def broken(row: int, column: int, text: str) -> list[list[str]]:
    rows = lines()
    rows[row][column] = text
    return rows


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (broken(3, 1, ""), "row 5, column 'sales': nothing stands"),
        (broken(3, 2, "1.200,5"), "row 5, column 'tv': '1.200,5'"),
        (broken(7, 3, "-4"), "Spend on search is negative in period 8"),
        (broken(7, 3, "nan"), "Spend on search is missing or not a number"),
        ([*lines()[:20], *lines()[21:]], "from 2025-05-19 to 2025-06-02 are 14 days"),
        ([*lines(), lines()[4]], "more than one row for 2025-02-03"),
        (lines()[:9], "9 periods"),
        (lines()[:1], "fewer than two periods"),
        ([*lines(), ["2026-03-02", "1"]], "row 62, has 2 values; the header has 5"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_place_and_remedy(
    tmp_path: Path, rows: list[list[str]], words: str
) -> None:
    path = written(tmp_path, rows, by=";")
    refused = run(path).exception
    assert isinstance(refused, InputError)
    assert words in refused.message
    assert refused.remedy


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--outcome", "sale"), "Did you mean 'sales'"),
        (("--spend", "tv,tv"), "asked for twice"),
        (("--spend", "tv,sales"), "asked for twice"),
        (("--controls", "", "--date", "price"), "is not dates"),
        (("--draws", "3"), "draws at least"),
        (("--spend", ""), "No channel"),
    ],
)
def test_wrong_wishes_are_refused_in_words(tmp_path: Path, more: tuple[str, ...], words: str) -> None:
    refused = run(written(tmp_path, lines()), *more).exception
    assert isinstance(refused, MarketmoverError)
    assert words in str(refused)


def test_a_missing_file_or_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    missing = run(tmp_path / "none.csv").exception
    assert isinstance(missing, NotFoundError)
    path = written(tmp_path, lines())
    taken = run(path, "--out", str(path)).exception
    assert isinstance(taken, InputError)
    assert "cannot be written to" in taken.message
