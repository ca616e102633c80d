"""What cannot be used is set aside with its file, place and reason, and nothing else is lost."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from history_exports import Row, batches, days, google_row, lines, meta_row, set_aside, take, write

from marketmover.errors import InputError, NotFoundError
from marketmover.history import EmptyHistoryError, load_panel
from marketmover.history.tables import QUARANTINE, count_rows, current_rows
from marketmover.store import Lake

GOOD = [google_row(day) for day in days(4)]

GOOGLE_FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("missing_date", {"segments": {"date": None, "device": "MOBILE"}}),
    ("missing_date", {"segments": None}),
    ("missing_date", {"segments": {"date": ""}}),
    ("missing_id", {"campaign": {"id": None}}),
    ("missing_id", {"campaign": None}),
    ("missing_id", {"adGroup": {"id": None}}),
    ("missing_id", {"customer": {"id": None}}),
    ("wrong_type", {"metrics": {"impressions": "many"}}),
    ("wrong_type", {"metrics": {"clicks": "1.5"}}),
    ("wrong_type", {"metrics": {"costMicros": {"amount": 1}}}),
    ("wrong_type", {"metrics": {"conversions": "NaN"}}),
    ("wrong_type", {"metrics": "oops"}),
    ("wrong_type", {"metrics": {"impressions": True}}),
    ("wrong_type", {"segments": {"date": "yesterday"}}),
    ("wrong_type", {"segments": {"date": "2025-02-30"}}),
    ("negative_cost", {"metrics": {"costMicros": "-5000000"}}),
    ("negative_count", {"metrics": {"impressions": "-1"}}),
    ("negative_count", {"metrics": {"conversions": -1}}),
    ("impossible_clicks", {"metrics": {"clicks": "1001"}}),
    ("other_currency", {"customer": {"currencyCode": "EUR"}}),
    ("future", {"segments": {"date": "2026-01-11"}}),
]


def test_google_rows_that_cannot_be_used_are_set_aside_each_with_its_reason(lake: Lake, folder: Path) -> None:
    dates = days(len(GOOGLE_FAULTS), "2025-06-01")
    bad = [google_row(day, **change) for day, (_, change) in zip(dates, GOOGLE_FAULTS, strict=True)]
    rows = [row for pair in zip(bad, [google_row(day) for day in days(len(bad))], strict=True) for row in pair]
    take(lake, folder, {"google_ads/x.json": batches(rows, 10)})
    found = {row["row"]: row for row in current_rows(lake, QUARANTINE)}
    assert {row: found[row]["reason"] for row in sorted(found)} == {
        2 * at: reason for at, (reason, _) in enumerate(GOOGLE_FAULTS)
    }
    for row, quarantined in found.items():
        assert json.loads(quarantined["raw"]) == rows[row]
        assert quarantined["position"] == f"/{row // 10}/results/{row % 10}"
        assert quarantined["detail"]
    assert load_panel(lake).cost.sum() == pytest.approx(len(bad) * 12.34)


@pytest.mark.parametrize(
    "change",
    [
        {"customer": {"currencyCode": "EUR"}},
        {"segments": {"date": None}},
        {"metrics": {"clicks": "1001"}},
        {"metrics": {"impressions": "many"}},
    ],
)
def test_a_fault_in_lines_of_json_is_found_by_its_line(lake: Lake, folder: Path, change: dict[str, Any]) -> None:
    take(
        lake,
        folder,
        {"google_ads/x.json.gz": lines([*GOOD[:2], google_row("2025-06-01", **change), *GOOD[2:]], "\n\n")},
    )
    assert [position for _, position, _ in set_aside(lake)] == ["line 5"]


META_FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("missing_date", {"date_start": None, "date_stop": None}),
    ("missing_date", {"date_stop": "2025-07-30"}),
    ("missing_id", {"campaign_id": None}),
    ("missing_id", {"adset_id": None}),
    ("missing_id", {"account_id": None}),
    ("wrong_type", {"spend": "a lot"}),
    ("wrong_type", {"spend": ""}),
    ("wrong_type", {"actions": [{"action_type": "lead", "value": "three"}]}),
    ("wrong_type", {"actions": "none"}),
    ("negative_cost", {"spend": "-0.01"}),
    ("negative_count", {"reach": "-3"}),
    ("negative_count", {"actions": [{"action_type": "lead", "value": "-2"}]}),
    ("impossible_clicks", {"inline_link_clicks": "2001"}),
    ("other_currency", {"account_currency": "EUR"}),
    ("future", {"date_start": "2027-01-01", "date_stop": "2027-01-01"}),
]


def test_meta_rows_that_cannot_be_used_are_set_aside_each_with_its_reason(lake: Lake, folder: Path) -> None:
    dates = days(len(META_FAULTS), "2025-06-01")
    bad = [
        meta_row(day, **{"date_start": day, "date_stop": day, **change})
        for day, (_, change) in zip(dates, META_FAULTS, strict=True)
    ]
    good = [meta_row(day) for day in days(len(bad))]
    take(lake, folder, {"meta_ads/x.json": {"data": [*bad, *good]}})
    assert [
        (row["row"], row["reason"]) for row in sorted(current_rows(lake, QUARANTINE), key=lambda row: row["row"])
    ] == [(at, reason) for at, (reason, _) in enumerate(META_FAULTS)]
    assert load_panel(lake).cost.sum() == pytest.approx(len(good) * 23.45)


LEAD = {
    "lead_id": "L1",
    "created_at": "2025-12-02T10:15:00Z",
    "platform": "google_ads",
    "campaign_id": "55",
    "qualified": True,
}


LEAD_FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("missing_id", {"lead_id": None}),
    ("missing_date", {"created_at": None}),
    ("wrong_type", {"qualified": "perhaps"}),
    ("wrong_type", {"revenue": "lots"}),
    ("wrong_type", {"created_at": "soon"}),
    ("future", {"created_at": "2026-02-01T00:00:00Z"}),
]


def test_leads_that_cannot_be_used_are_set_aside_each_with_its_reason(lake: Lake, folder: Path) -> None:
    bad = [{**LEAD, "lead_id": f"L{at + 2}", **change} for at, (_, change) in enumerate(LEAD_FAULTS)]
    rows = [LEAD, *({key: value for key, value in row.items() if value is not None} for row in bad)]
    take(lake, folder, {"google_ads/x.json": GOOD, "crm/leads.json": rows})
    assert [reason for *_, reason in set_aside(lake)] == [reason for reason, _ in LEAD_FAULTS]
    assert load_panel(lake).crm_leads.sum() == 1


def test_the_same_row_twice_is_a_duplicate_even_across_files_and_spellings(lake: Lake, folder: Path) -> None:
    files = {"google_ads/a.json": GOOD, "google_ads/b.json": lines([GOOD[1]]).replace("costMicros", "cost_micros")}
    take(lake, folder, files)
    assert set_aside(lake) == [("google_ads/b.json", "line 1", "duplicate")]
    assert load_panel(lake).cost.sum() == pytest.approx(4 * 12.34)


def test_of_a_key_with_two_contents_the_later_row_stays(lake: Lake, folder: Path) -> None:
    later = google_row(days(1)[0], metrics={"costMicros": "99000000"})
    take(lake, folder, {"google_ads/a.json": [*GOOD, later]})
    assert set_aside(lake) == [("google_ads/a.json", "/0", "conflict")]
    assert load_panel(lake).cost[0].tolist() == pytest.approx([99.0, 12.34, 12.34, 12.34])


def test_a_document_cut_in_the_middle_keeps_the_rows_before_the_cut(lake: Lake, folder: Path) -> None:
    text = json.dumps(batches(GOOD, 10))
    cut = text[: text.rindex('"metrics"') + 20]
    take(lake, folder, {"google_ads/x.json": cut})
    assert set_aside(lake) == [("google_ads/x.json", "/0/results/3", "truncated")]
    assert load_panel(lake).cost.sum() == pytest.approx(3 * 12.34)


@pytest.mark.parametrize("end", [",", "", ", "])
def test_a_document_cut_between_rows_says_so(lake: Lake, folder: Path, end: str) -> None:
    take(lake, folder, {"google_ads/x.json": json.dumps(GOOD)[:-1] + end})
    assert [reason for *_, reason in set_aside(lake)] == ["truncated"]
    assert load_panel(lake).cost.sum() == pytest.approx(4 * 12.34)


def test_a_cut_gzip_keeps_what_can_be_unpacked(lake: Lake, folder: Path) -> None:
    many = [google_row(day, metrics={"costMicros": str(hash(day) % 10**9)}) for day in days(300, "2025-01-01")]
    packed = gzip.compress(lines(many).encode())
    report = take(lake, folder, {"google_ads/x.json.gz": packed[: len(packed) // 2]})
    assert report.quarantine == {"truncated": 1}
    assert 30 < report.rows["daily"] < 300


def test_a_gzip_with_a_damaged_checksum_keeps_its_rows_and_says_so(lake: Lake, folder: Path) -> None:
    damaged = gzip.compress(lines(GOOD).encode())[:-8] + bytes(8)
    report = take(lake, folder, {"google_ads/x.json.gz": damaged})
    assert (report.rows["daily"], report.empty_files, report.quarantine) == (4, 0, {"truncated": 1})


def test_lines_before_the_first_row_are_set_aside_and_the_rows_kept(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"google_ads/x.json": "Export started\nwarning: slow\n" + lines(GOOD)})
    assert set_aside(lake) == [("google_ads/x.json", f"line {line}", "unreadable") for line in (1, 2)]
    assert load_panel(lake).cost.sum() == pytest.approx(4 * 12.34)


def test_hidden_files_are_no_exports(lake: Lake, folder: Path) -> None:
    report = take(lake, folder, {"google_ads/x.json": GOOD, "google_ads/._x.json": b"\x00\x05\x16\x07"})
    assert report.files == 1


def test_a_folder_that_may_not_be_listed_is_an_error_and_not_an_empty_one(
    lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    write(folder, {"google_ads/x.json": GOOD, "meta_ads/x.json": [meta_row("2025-12-01")]})
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match=r"google_ads may not be read"):
        take(lake, folder, {})


def test_millions_spent_in_a_day_are_read_to_the_cent(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"meta_ads/x.json": [meta_row("2025-12-01", spend="123456789.01", account_currency="IDR")]})
    assert load_panel(lake).cost.sum() == 123456789.01


def test_a_currency_in_small_letters_is_the_same_currency(lake: Lake, folder: Path) -> None:
    small = google_row("2025-12-09", customer={"currencyCode": "usd"})
    assert take(lake, folder, {"google_ads/x.json": [*GOOD, small]}).quarantine == {}
    assert load_panel(lake).currency == "USD"


def test_a_broken_line_is_set_aside_and_the_lines_around_it_are_kept(lake: Lake, folder: Path) -> None:
    texts = [json.dumps(row) for row in GOOD]
    broken = [*texts[:2], texts[2][:80], '{"campaign": {"id": 55, "name:', "not json at all", *texts[2:]]
    take(lake, folder, {"google_ads/x.json": "\n".join(broken) + "\n"})
    assert set_aside(lake) == [("google_ads/x.json", f"line {line}", "unreadable") for line in (3, 4, 5)]
    assert load_panel(lake).cost.sum() == pytest.approx(4 * 12.34)


def test_a_broken_row_within_a_document_costs_only_itself(lake: Lake, folder: Path) -> None:
    text = json.dumps(batches(GOOD, 10)).replace('"costMicros": "12340000"', '"costMicros": 123"4', 1)
    take(lake, folder, {"google_ads/x.json": text})
    assert set_aside(lake) == [("google_ads/x.json", "/0/results/0", "unreadable")]
    assert load_panel(lake).cost.sum() == pytest.approx(3 * 12.34)


def test_values_that_are_no_rows_are_set_aside(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"google_ads/x.json": [GOOD[0], 7, "lost", None, [GOOD[1]], GOOD[2]]})
    assert [position for _, position, _ in set_aside(lake)] == ["/1", "/2", "/3"]
    assert load_panel(lake).cost.sum() == pytest.approx(3 * 12.34)


@pytest.mark.parametrize(
    "content",
    [b"<html>Sign in</html>", b"\x89PNG\r\n\x1a\n\x00\x00", b"date,cost\n2025-01-01,3\n", b'{"a": [1, 2', b"null"],
)
def test_a_file_that_is_no_json_at_all_names_file_and_place_and_nothing_is_imported(
    lake: Lake, folder: Path, content: bytes
) -> None:
    from marketmover.history.tables import FACTS

    files = {"google_ads/good.json": GOOD, "meta_ads/bad.json": content}
    if content == b'{"a": [1, 2':
        report = take(lake, folder, files)
        assert report.quarantine == {"truncated": 1}
        return
    with pytest.raises(InputError, match=r"meta_ads/bad\.json .*line 1, column 1, byte 0"):
        take(lake, folder, files)
    assert count_rows(lake.table(FACTS.name)) == 0


def test_a_folder_that_is_not_there_or_holds_nothing_is_a_clear_error(lake: Lake, folder: Path) -> None:
    with pytest.raises(NotFoundError, match="does not exist"):
        take(lake, folder / "gone", {})
    with pytest.raises(EmptyHistoryError, match="holds no export"):
        take(lake, folder, {})
    with pytest.raises(EmptyHistoryError, match=r"no row that can be used \(1 missing_date\)"):
        take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01", segments=None)]})


def test_rows_without_an_account_join_the_only_one_where_no_row_names_it(lake: Lake, folder: Path) -> None:
    nameless: list[Row] = [google_row(day, customer=None) for day in days(2, "2025-11-01")]
    take(lake, folder, {"google_ads/a.json": GOOD, "google_ads/b.json": nameless})
    panel = load_panel(lake)
    assert [line.account_id for line in panel.lines] == ["111"]
    assert panel.cost.sum() == pytest.approx(6 * 12.34)
