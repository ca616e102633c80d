"""Results from files: what is understood, and what is refused with the row and the remedy."""

from pathlib import Path

import pytest
from experiment_files import leads, orders, regions, written
from hypothesis import given
from hypothesis import strategies as st

from marketmover.errors import InputError, NotFoundError
from marketmover.experiments import read_results
from marketmover.experiments.metrics import resolve_metric


def test_a_campaign_test_is_read_by_arm_and_day_with_the_usual_arm_first(tmp_path: Path) -> None:
    found = read_results(leads(tmp_path, 0.1, arms=("advised", "usual")))
    assert found.arms == ("usual", "advised")
    assert len(found.dates) == 28
    assert found.columns["leads"].shape == (2, 28)
    assert found.notes == ()


def test_semicolons_and_capitals_are_read(tmp_path: Path) -> None:
    found = read_results(orders(tmp_path, 0.1))
    assert found.arms == ("A", "B")
    assert set(found.columns) == {"visitors", "orders"}


def test_a_table_in_utf_16_is_read(tmp_path: Path) -> None:
    text = leads(tmp_path, 0.1).read_text(encoding="utf-8").replace(",", "\t")
    (tmp_path / "google.csv").write_text(text, encoding="utf-16")
    assert read_results(tmp_path / "google.csv").columns["leads"].shape == (2, 28)


def test_units_are_summed_over_days_and_what_was_before_is_not(tmp_path: Path) -> None:
    found = read_results(regions(tmp_path, 0.1))
    assert found.before == "leads_before"
    assert [len(units["leads"]) for units in found.units] == [20, 20]
    total = sum(float(units["leads"].sum()) for units in found.units)
    assert total == found.columns["leads"].sum()
    assert found.units[0]["leads_before"].max() < 3000


def test_a_day_that_one_arm_lacks_is_told(tmp_path: Path) -> None:
    path = leads(tmp_path, 0.1)
    rows = [row for row in path.read_text(encoding="utf-8").splitlines() if not row.startswith("advised,2026-01-07")]
    found = read_results(written(tmp_path, rows))
    assert found.notes == ("Arm advised has no row on 1 day (2026-01-07); such days are left out for all arms.",)


def test_a_last_day_that_is_not_over_is_told(tmp_path: Path) -> None:
    rows = leads(tmp_path, 0.1).read_text(encoding="utf-8").splitlines()
    rows = rows[:-2] + [f"{arm},2026-02-01,900,20,90,6" for arm in ("usual", "advised")]
    assert "less than half of a usual day" in read_results(written(tmp_path, rows)).notes[0]


@pytest.mark.parametrize(
    ("lines", "said", "remedy"),
    [
        ([], "holds no rows", "Give a header"),
        (["arm,date,leads"], "holds no rows", "Give a header"),
        (["date,leads", "2026-01-01,5"], "no column that names the arm", "Call it 'arm'"),
        (["arm,date,leads", "A,2026-01-01,5"], "one arm only, 'A'", "add the rows of the other"),
        (["arm,date,leads", "A,01.02.2026,5", "B,2026-01-01,5"], "row 2: '01.02.2026'", "YYYY-MM-DD"),
        (["arm,date,leads", "A,2026-01-01,5", "B,2026-01-01,1.2.3"], "row 3, leads: '1.2.3'", "Write it plainly"),
        (["arm,date,leads", "A,2026-01-01,5", "B,2026-01-01,inf"], "row 3, leads: 'inf'", "Write it plainly"),
        (["arm,date,leads", "A,2026-01-01,-5", "B,2026-01-01,5"], "row 2, leads: -5 is below 0", "only a profit"),
        (["arm,date,leads", "A,2026-01-01,1", "A,2026-01-01,2", "B,2026-01-01,5"], "row 3: A and 2026", "Sum what"),
        (["arm,date,leads", "A,2026-01-01,5", "B,2026-01-01,5,6"], "row 3: it has 4 values", "thousands"),
        (["arm,date,leads", "A,2026-01-01,5", ",2026-01-01,5"], "row 3: it names no arm", "name of its arm"),
        (["arm,date,leads", "A,2026-01-01,5", "B,,5"], "row 3: '' is not a day", "YYYY-MM-DD"),
        (["arm,date,leads,leads", "A,2026-01-01,5,5"], "'leads' stands there twice", "name of its own"),
        (["arm,group,leads", "A,x,5"], "'arm' and 'group' say the same", "Keep one"),
        (["arm,unit,leads", "A,x,5", "B,x,5"], "'x' stands in the arms 'A' and 'B'", "one arm for the whole test"),
        (["arm,date,word", "A,2026-01-01,x", "B,2026-01-01,y"], "no column of numbers", "what was counted"),
        (["arm,leads", *(f"a{number},5" for number in range(12))], "holds 12 arms", "right column"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_and_remedy(
    tmp_path: Path, lines: list[str], said: str, remedy: str
) -> None:
    with pytest.raises(InputError) as refused:
        read_results(written(tmp_path, lines))
    assert said in refused.value.message
    assert remedy in refused.value.remedy


def test_a_file_that_is_not_there_or_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        read_results(tmp_path / "none.csv")
    with pytest.raises(InputError):
        read_results(tmp_path)
    (tmp_path / "sheet.csv").write_bytes(b"arm\x80")
    with pytest.raises(InputError, match="UTF-8"):
        read_results(tmp_path / "sheet.csv")


def test_an_arm_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    path = leads(tmp_path, 0.1)
    with pytest.raises(InputError, match="Did you mean 'advised'"):
        read_results(path, "advized")
    assert read_results(path, "ADVISED").arms == ("advised", "usual")


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_text("arm,date,leads\n" + text, encoding="utf-8", errors="replace")
    try:
        read_results(path)
    except InputError as refused:
        assert refused.message  # noqa: PT017 - either it is read, or refused in words


@pytest.mark.parametrize(
    ("asked", "columns", "expected"),
    [
        (None, ["visitors", "orders"], ("orders", "visitors")),
        (None, ["cost", "clicks", "leads"], ("leads", None)),
        ("cost_per_lead", ["cost", "leads"], ("cost", "leads")),
        ("revenue / clicks", ["revenue", "clicks"], ("revenue", "clicks")),
        ("roas", ["revenue", "cost", "users"], ("revenue", "cost")),
        (None, ["scrolls"], ("scrolls", None)),
        ("visitors", ["visitors", "orders"], ("visitors", None)),
    ],
)
def test_a_metric_is_found_by_its_usual_name(
    asked: str | None, columns: list[str], expected: tuple[str, str | None]
) -> None:
    found = resolve_metric(asked, columns)
    assert (found.numerator, found.denominator) == expected


@pytest.mark.parametrize(("asked", "columns"), [("leeds", ["leads"]), (None, ["x", "y"]), ("cost_per_lead", ["leads"])])
def test_a_metric_that_is_not_there_is_refused(asked: str | None, columns: list[str]) -> None:
    with pytest.raises(InputError):
        resolve_metric(asked, columns)
