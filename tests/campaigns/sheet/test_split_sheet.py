"""The split as CSV and XLSX: it adds up, opens safely, and is the same each time."""

import csv
import io
import re
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.campaigns.sheet import split_csv, split_xlsx
from marketmover.console import guarded
from marketmover.plans import Plan

sys.path.append(str(Path(__file__).parents[1] / "page"))
from sample_plans import ALL, line, ordinary, plan, with_settings  # pyright: ignore[reportMissingImports]

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULAS = ('=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1")


def rows(of: Plan) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(split_csv(of).decode("utf-8"), newline="")))


def workbook(of: Plan) -> tuple[Any, list[str], Any]:
    """The sheet, its shared strings, and its styles."""
    with zipfile.ZipFile(io.BytesIO(split_xlsx(of))) as book:
        sheet, shared, styles = (
            ElementTree.fromstring(book.read(f"xl/{name}"))  # noqa: S314 - made here
            for name in ("worksheets/sheet1.xml", "sharedStrings.xml", "styles.xml")
        )
    return sheet, ["".join(found.itertext()) for found in shared.findall("x:si", NS)], styles


def named(name: str) -> Plan:
    return plan([line(1, "google_ads", "SEARCH", name, 100.0)], (100.0,))


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_the_total_row_is_the_sum_of_the_lines_to_the_cent(make: Any) -> None:
    of = make()
    head = f"Budget ({of.currency})"
    *lines, total = rows(of)
    assert len(lines) == len(of.lines)
    assert total["Platform"] == "Total"
    assert sum(Decimal(one[head]) for one in lines) == Decimal(total[head]) == Decimal(str(of.total_budget))


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_that_begins_like_a_formula_is_text_in_both(name: str) -> None:
    of = named(name)
    assert rows(of)[0]["Line"].startswith("'")
    sheet, shared, _ = workbook(of)
    assert sheet.findall(".//x:f", NS) == []
    assert not any(re.match(r"\s*[=+\-@]", text) for text in shared)


@given(st.text())
def test_no_text_is_left_that_a_spreadsheet_would_run(text: str) -> None:
    assert not re.match(r"[ ]*[=+\-@\t\r\n]", guarded(text))


def test_a_plain_name_stands_as_it_is() -> None:
    assert rows(named("Search: shoes, size 42 – “new”"))[0]["Line"] == "Search: shoes, size 42 – “new”"


def test_the_workbook_holds_real_numbers_a_total_and_a_head_that_stays() -> None:
    of = ordinary()
    sheet, shared, styles = workbook(of)
    table = [
        [
            shared[int(cell.findtext("x:v", "", NS))] if cell.get("t") == "s" else cell.findtext("x:v", None, NS)
            for cell in row
        ]
        for row in sheet.findall(".//x:row", NS)
    ]
    budget = table[0].index("Budget (USD)")
    assert sum(float(row[budget]) for row in table[1:-1]) == pytest.approx(of.total_budget)
    assert float(table[-1][budget]) == of.total_budget
    pane = sheet.find(".//x:pane", NS)
    assert pane is not None
    assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
    formats = {found.get("formatCode") for found in styles.findall(".//x:numFmt", NS)}
    assert '"$"#,##0.00' in formats
    assert sheet.findall(".//x:hyperlink", NS) == []


def test_money_without_cents_is_written_without_them() -> None:
    _, _, styles = workbook(ordinary().model_copy(update={"currency": "JPY"}))
    assert any(found.get("formatCode") == '"¥"#,##0' for found in styles.findall(".//x:numFmt", NS))


@pytest.mark.parametrize("make", [split_csv, split_xlsx])
def test_the_same_plan_gives_the_same_bytes_whenever_it_is_written(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(ordinary())
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2033, 5, 18, 3, 33, 20, 2, 138, 0)))
    assert make(ordinary()) == first


def test_simulated_data_say_so_in_the_sheet() -> None:
    assert rows(ordinary())[-1]["Why"].startswith("SIMULATED")


def test_whoever_books_the_split_sees_what_else_changes_on_a_line() -> None:
    found = {row["Line"]: row["Also changes"] for row in rows(with_settings())}
    assert found["Search: physiotherapy near me"] == "New message: “Ready this week” rather than “Fair prices”"
    assert found["Search: back pain"].startswith("Message on trial, 30% of the budget: “Fair prices” rather than")
    assert found["Carousel: treatments"].count("; New audience: ") == 1
    assert not found["Display: remarketing 30 days"]
    assert "Also changes" not in rows(ordinary())[0]
