"""Lists by pages and as tables, through a real application."""

import csv
import io
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from marketmover.web import Listing, Page, csv_answer, listed, problems, room_router


class Span(BaseModel):
    low: float
    high: float


class Row(BaseModel):
    number: int
    name: str


class Wide(BaseModel):
    name: str
    expected: Span | None
    parts: list[Span]


ROWS = [Row(number=number, name=f"row {number}") for number in range(1, 8)]
router = room_router("/rows", "Rows")


@router.get("")
def list_rows(listing: Annotated[Listing, listed()]) -> Page[Row]:
    behind = [row for row in ROWS if listing.after is None or row.number > listing.after]
    return listing.answer(behind[: listing.most], lambda row: row.number, "rows")  # pyright: ignore[reportReturnType] - a table is a response of its own


@router.get("/none")
def list_nothing(listing: Annotated[Listing, listed()]) -> Page[Wide]:
    rows: list[Wide] = []
    return listing.answer(rows, lambda row: row.name, "none")  # pyright: ignore[reportReturnType] - a table is a response of its own


@router.post("")
def take_row(row: Row) -> Row:
    return row


@pytest.fixture
def client() -> TestClient:
    api = FastAPI()
    api.include_router(router)
    problems.install(api)
    return TestClient(api)


def test_pages_lead_through_the_whole_list_once(client: TestClient) -> None:
    seen: list[int] = []
    page = client.get("/rows?limit=3").json()
    while True:
        seen += [row["number"] for row in page["items"]]
        if page["next"] is None:
            break
        page = client.get("/rows", params={"limit": 3, "cursor": page["next"]}).json()
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_a_page_that_is_just_full_has_no_next(client: TestClient) -> None:
    assert client.get("/rows?limit=7").json()["next"] is None


@pytest.mark.parametrize("cursor", ["%%%", "abc", "eyJ", "[" * 900, "é"])
def test_a_cursor_that_is_none_of_ours_is_a_problem_with_a_remedy(client: TestClient, cursor: str) -> None:
    answer = client.get("/rows", params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["remedy"] == "Begin without one."


def test_what_does_not_fit_is_told_place_by_place(client: TestClient) -> None:
    told = client.get("/rows?limit=0&format=xml").json()
    assert (told["status"], [fault["place"] for fault in told["faults"]]) == (422, ["query.limit", "query.format"])


def test_a_table_holds_every_row_whatever_the_limit(client: TestClient) -> None:
    answer = client.get("/rows?limit=2&format=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="rows.csv"'
    assert [row["number"] for row in csv.DictReader(io.StringIO(answer.text))] == [str(row.number) for row in ROWS]


def test_a_table_without_rows_still_has_its_header(client: TestClient) -> None:
    assert client.get("/rows/none?format=csv").text == "name,expected.low,expected.high,parts\r\n"


def test_a_body_that_is_no_json_says_where(client: TestClient) -> None:
    answer = client.post("/rows", content=b"{broken", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["place"] == "body"
    assert "not JSON at character 1" in answer.json()["detail"]


def test_a_table_runs_no_formulas_and_flattens_what_is_nested() -> None:
    rows: list[dict[str, Any]] = [
        {"name": '=HYPERLINK("http://evil")', "cost": -3.5, "range": {"low": 1, "high": None}, "tags": ["a", "b"]}
    ]
    [read] = csv.DictReader(io.StringIO(bytes(csv_answer(rows, "x").body).decode()))
    assert read == {
        "name": '\'=HYPERLINK("http://evil")', "cost": "-3.5", "range.low": "1", "range.high": "", "tags": "a; b"
    }  # fmt: skip
