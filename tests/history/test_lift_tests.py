"""Lift tests by file: read whole or refused with the row, the column and what to do."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.errors import InputError, NotFoundError
from marketmover.history import LiftTest, Line, Panel, load_lift_tests

HEAD = "line_id,start_date,end_date,spend_change,metric,lift,standard_error"
GOOD = "google_ads:55:551,2025-06-01,2025-06-28,1400,leads,21.5,6.0"


@pytest.fixture(scope="module")
def panel() -> Panel:
    days = np.arange(np.datetime64("2025-01-01"), np.datetime64("2026-01-01"))
    shape = (2, len(days))
    some, none, unknown = np.full(shape, 100.0), np.zeros(shape), np.full(shape, np.nan)
    lines = tuple(
        Line(
            f"google_ads:{campaign}:{campaign}{place}",
            "google_ads",
            "1",
            campaign,
            f"{campaign}{place}",
            "Search",
            "SEARCH",
        )
        for campaign, place in (("55", 1), ("56", 2))
    )
    return Panel(
        currency="EUR", dates=days, lines=lines, observed=some > 0, cost=some, impressions=some, clicks=some,
        conversions=some, leads=some, sales=none, installs=none, revenue=none, crm_leads=none, crm_decided=none,
        crm_qualified=none, crm_won=none, reach=unknown, search_impression_share=unknown, budget_lost_share=unknown,
        rank_lost_share=unknown, has_crm=False, revenue_source="none", lead_source="platform",
    )  # fmt: skip


def written(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = folder / "tests.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding=encoding)
    return path


def test_a_row_is_read_as_it_stands(tmp_path: Path, panel: Panel) -> None:
    assert load_lift_tests(written(tmp_path, GOOD), panel) == (
        LiftTest("google_ads:55:551", date(2025, 6, 1), date(2025, 6, 28), 1400.0, "leads", 21.5, 6.0),
    )


def test_columns_in_another_order_further_columns_blank_rows_and_a_byte_order_mark_do_no_harm(
    tmp_path: Path, panel: Panel
) -> None:
    head = "Metric, note,lift,standard_error,line_id,start_date,end_date,spend_change"
    row = 'leads,"geo, north",21.5,6.0,google_ads:55:551,2025-06-01,2025-06-28,1400'
    path = written(tmp_path, row, "", ",,,,,,,", head=head, encoding="utf-8-sig")
    assert load_lift_tests(path, panel) == load_lift_tests(written(tmp_path, GOOD), panel)


def test_tests_may_overlap_and_a_line_switched_off_lost_outcomes(tmp_path: Path, panel: Panel) -> None:
    off = "google_ads:55:551,2025-06-10,2025-06-20,-1100,leads,-40,9"
    tests = load_lift_tests(written(tmp_path, GOOD, off), panel)
    assert [test.spend_change for test in tests] == [1400.0, -1100.0]


def test_a_header_alone_holds_no_tests(tmp_path: Path, panel: Panel) -> None:
    assert load_lift_tests(written(tmp_path), panel) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"line_id": "google_ads:55:552"}, r"row 3, line_id.*'google_ads:55:552'.*Did you mean 'google_ads:55:551'"),
        ({"line_id": "x"}, r"row 3, line_id.*There are: 'google_ads:55:551', 'google_ads:56:562'"),
        ({"start_date": "01.06.2025"}, r"row 3, start_date.*'01.06.2025'.*YYYY-MM-DD"),
        ({"end_date": ""}, r"row 3, end_date.*''.*YYYY-MM-DD"),
        ({"end_date": "2025-05-01"}, r"row 3, end_date.*before it starts"),
        ({"start_date": "2024-12-31"}, r"row 3, start_date.*history from 2025-01-01 to 2025-12-31"),
        ({"end_date": "2026-01-01"}, r"row 3, end_date.*history from 2025-01-01 to 2025-12-31"),
        ({"spend_change": "50%"}, r"row 3, spend_change.*'50%'.*money over the test's dates"),
        ({"spend_change": "0"}, r"row 3, spend_change.*changes spend"),
        ({"spend_change": "0.5"}, r"row 3, spend_change.*EUR, not a share.*1400\.00.*-2800\.00"),
        ({"spend_change": "-1.0"}, r"row 3, spend_change.*not a share"),
        ({"metric": "qualified_leads"}, r"row 3, metric.*not counted in this history.*leads"),
        ({"metric": "fame"}, r"row 3, metric.*'fame'.*not a metric.*One of: leads"),
        ({"lift": "nan"}, r"row 3, lift.*'nan'.*not a number"),
        ({"lift": "-40"}, r"row 3, lift.*\+1400 of spend caused -40 leads.*negative"),
        ({"standard_error": "0"}, r"row 3, standard_error.*above 0"),
        ({"standard_error": "inf"}, r"row 3, standard_error.*not a number"),
        ({}, r"row 3: it says the same as row 2"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_column_and_the_remedy(
    changed: dict[str, str], said: str, tmp_path: Path, panel: Panel
) -> None:
    cells = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | changed
    with pytest.raises(InputError, match=said):
        load_lift_tests(written(tmp_path, GOOD, ",".join(cells.values())), panel)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace("metric,", ""), r"no column metric.*header: line_id,start_date"),
        (HEAD.replace(",", ";"), "not separated by commas"),
        (HEAD + ",lift", "lift stands there twice"),
        ("", r"no column line_id, start_date"),
    ],
)
def test_a_header_that_lacks_a_column_is_named(head: str, said: str, tmp_path: Path, panel: Panel) -> None:
    with pytest.raises(InputError, match=said):
        load_lift_tests(written(tmp_path, head=head), panel)


def test_a_thousands_separator_without_quotes_is_told(tmp_path: Path, panel: Panel) -> None:
    with pytest.raises(InputError, match=r"row 2: it has 8 values.*thousands"):
        load_lift_tests(written(tmp_path, GOOD.replace("1400", "1,400")), panel)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path, panel: Panel) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        load_lift_tests(tmp_path / "nowhere.csv", panel)
    (tmp_path / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(InputError, match="not a CSV"):
        load_lift_tests(tmp_path / "photo.csv", panel)
    with pytest.raises(InputError, match="cannot be read"):
        load_lift_tests(tmp_path, panel)


def test_a_history_without_days_has_no_lines_to_test(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is none"):
        load_lift_tests(written(tmp_path, GOOD), Panel.empty("EUR"))


@given(
    change=st.floats(100, 1e6, allow_nan=False),
    lift=st.floats(0, 1e6),
    error=st.floats(1e-6, 1e6),
    down=st.booleans(),
)
def test_whatever_numbers_are_written_the_same_numbers_are_read(
    change: float, lift: float, error: float, down: bool, tmp_path_factory: pytest.TempPathFactory, panel: Panel
) -> None:
    sign = -1 if down else 1
    row = f"google_ads:56:562,2025-03-01,2025-03-31,{sign * change!r},clicks,{sign * lift!r},{error!r}"
    (test,) = load_lift_tests(written(tmp_path_factory.mktemp("lift"), row), panel)
    assert (test.spend_change, test.lift, test.standard_error) == (sign * change, sign * lift, error)
