"""The same rows, in whatever dialect they are written, are the same history."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from history_exports import DIALECTS, Row, days, google_row, lines, meta_row, snake, take

from marketmover.history import EmptyHistoryError, load_panel
from marketmover.store import Lake

GOOGLE = [google_row(day, metrics={"costMicros": str(1_234_567 * (at + 1))}) for at, day in enumerate(days(7))]
META = [meta_row(day, spend=f"{at + 0.37:.2f}") for at, day in enumerate(days(7))]


ZIPPED = ["array", "batches", "one answer", "lines", "pretty batches", "UTF-16"]


@pytest.mark.parametrize(
    ("dialect", "ending"), [*((name, ".json") for name in DIALECTS), *((name, ".json.gz") for name in ZIPPED)]
)
def test_rows_are_read_to_the_micro_in_every_dialect(lake: Lake, folder: Path, dialect: str, ending: str) -> None:
    report = take(lake, folder, {f"google_ads/any{ending}": DIALECTS[dialect](GOOGLE)})
    assert report.rows == {"daily": 7}
    assert report.spend == {"USD": 34.567876}
    assert report.quarantine == {}
    assert report.lines == 1


def test_a_google_campaign_with_one_ad_group_is_a_line_of_its_days(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"google_ads/any.json": DIALECTS["batches"](GOOGLE)})
    panel = load_panel(lake)
    assert [line.id for line in panel.lines] == ["google_ads:55:551"]
    assert panel.cost[0] == pytest.approx(np.arange(1, 8) * 1.234567, abs=1e-9)
    assert panel.conversions[0].tolist() == [2.5] * 7


@pytest.mark.parametrize("dialect", ["array", "data", "pages in an array", "UTF-16", "plain numbers"])
def test_metas_rows_are_read_in_every_dialect(lake: Lake, folder: Path, dialect: str) -> None:
    take(lake, folder, {"meta_ads/x.json": DIALECTS[dialect](META)})
    panel = load_panel(lake)
    assert panel.cost[0] == pytest.approx(np.arange(7) + 0.37, abs=1e-9)
    assert panel.leads[0].tolist() == [3.0] * 7
    assert panel.clicks[0].tolist() == [40.0] * 7
    assert panel.reach[0].tolist() == [1500.0] * 7


def test_one_file_may_mix_kinds_of_rows(lake: Lake, folder: Path) -> None:
    mixed: list[Row] = [
        google_row("2025-12-01"),
        google_row(
            "2025-12-01", segments={"conversionActionName": "Form", "conversionActionCategory": "SUBMIT_LEAD_FORM"}
        ),
        {
            **google_row("2025-12-01", segments=None, metrics=None),
            "adGroupCriterion": {"keyword": {"text": "crm", "matchType": "EXACT"}},
        },
        google_row("2025-12-01", ageRange={"type": "AGE_RANGE_25_34"}),
        {"customer": {"id": "111"}, "keywordPlan": {"id": "1"}},
    ]
    report = take(lake, folder, {"google_ads/all.json": mixed})
    assert report.rows == {"daily": 1, "action": 1, "criterion": 1, "breakdown": 1, "account": 1}
    panel = load_panel(lake)
    assert panel.cost.sum() == pytest.approx(12.34)
    assert panel.lines[0].keywords == ("crm",)


def test_rows_of_an_unknown_kind_are_counted_and_named(lake: Lake, folder: Path) -> None:
    rows = [meta_row("2025-12-01"), {"id": "1", "video_length": 3}, {"error": {"message": "expired"}}, {"error": {}}]
    report = take(lake, folder, {"meta_ads/x.json": {"data": rows}})
    assert report.unknown == {
        "meta: id, video_length": 1,
        "meta_ads/x.json: the API answered with an error (expired); export what it kept back again": 1,
        "meta_ads/x.json: the API answered with an error (no message); export what it kept back again": 1,
    }
    assert report.rows["daily"] == 1


def test_rows_that_lie_in_anothers_folder_are_told_with_their_file_and_where_they_belong(
    lake: Lake, folder: Path
) -> None:
    google, meta = [google_row(day) for day in days(3)], [meta_row(day) for day in days(3)]
    lead = {"lead_id": "1", "created_at": "2025-12-01", "platform": "google_ads", "campaign_id": "55"}
    files = {
        "google_ads/ours.json": google,
        "google_ads/meta.json": {"data": meta},
        "meta_ads/google.json": lines(snake(google)),
        "meta_ads/leads.json": [lead],
        "crm/meta.json": lines(meta),
    }
    report = take(lake, folder, files)
    assert report.rows == {"daily": 3, "unknown": 10}
    assert report.unknown == {
        "crm/meta.json: rows of Meta Ads; move them to meta_ads/": 3,
        "google_ads/meta.json: rows of Meta Ads; move them to meta_ads/": 3,
        "meta_ads/google.json: rows of Google Ads; move them to google_ads/": 3,
        "meta_ads/leads.json: leads of a CRM; move them to crm/": 1,
    }


DENIED = {"error": {"code": 403, "message": "No permission", "status": "PERMISSION_DENIED", "details": [{"a": 1}]}}
TOLD = "google_ads/x.json: the API answered with an error (PERMISSION_DENIED: No permission)"


def test_an_apis_error_after_rows_is_told_and_the_rows_are_kept(lake: Lake, folder: Path) -> None:
    report = take(lake, folder, {"google_ads/x.json": [{"results": GOOGLE}, DENIED]})
    assert report.rows == {"daily": len(GOOGLE), "unknown": 1}
    assert [name[: len(TOLD)] for name in report.unknown] == [TOLD]


def test_a_history_of_an_apis_error_alone_says_so(lake: Lake, folder: Path) -> None:
    with pytest.raises(EmptyHistoryError) as refused:
        take(lake, folder, {"google_ads/x.json": [DENIED]})
    assert TOLD in refused.value.message


@pytest.mark.parametrize("content", [b"", b"  \n", b"[]", b'{"data": []}', b'[{"results": []}]'])
def test_empty_files_are_no_trouble(lake: Lake, folder: Path, content: bytes) -> None:
    report = take(lake, folder, {"google_ads/empty.json": content, "google_ads/x.json": GOOGLE})
    assert report.rows == {"daily": 7}


def test_start_dates_of_old_and_new_versions_are_the_same(lake: Lake, folder: Path) -> None:
    old = google_row("2025-12-01", campaign={"startDate": "2025-11-01"})
    new = google_row("2025-12-02", campaign={"startDateTime": "2025-11-01 00:00:00"})
    take(lake, folder, {"google_ads/v21.json": [old]})
    again = take(lake, folder, {"google_ads/v25.json": [new]})
    assert again.added == 1


def test_names_in_any_script_survive(lake: Lake, folder: Path) -> None:
    name = 'Été 🎯 «夏» \\ "quoted" </script>'
    rows: list[Any] = [meta_row("2025-12-01", campaign_name=name, adset_name="x")]
    take(lake, folder, {"meta_ads/x.json": json.dumps(rows).encode(), "meta_ads/y.json.gz": gzip.compress(b"")})
    assert load_panel(lake).lines[0].name == f"{name} / x"
