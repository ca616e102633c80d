"""Exports pulled from a Google Ads account by its own SDK, and imported as files are."""

import json
from collections import Counter
from collections.abc import Generator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from google_sandbox import Sandbox

from marketmover.connectors.google_ads.pulling import GoogleExports
from marketmover.connectors.google_ads.queries import DAILY, STRUCTURE
from marketmover.errors import InputError, PlatformError
from marketmover.history import ImportReport, import_history, load_panel
from marketmover.history.pulls.source import ExportChunk
from marketmover.store import Lake

DAYS = 45


@pytest.fixture
def exports(common: Sandbox) -> Generator[GoogleExports]:
    opened = common.connector.exports(common.credentials)
    yield opened
    opened.close()


def last_days(exports: GoogleExports, days: int) -> tuple[date, date]:
    until = exports.account().today - timedelta(1)
    return until - timedelta(days - 1), until


def rows_of(exports: GoogleExports, chunk: ExportChunk) -> list[dict[str, Any]]:
    kept: list[str] = []
    rows = [row for batch in exports.fetch(chunk, None, kept.append) for row in batch.get("results", ())]
    assert kept == []
    return rows


def pulled_to(folder: Path, exports: GoogleExports, since: date, until: date) -> None:
    (folder / "google_ads").mkdir(parents=True)
    for number, chunk in enumerate(exports.chunks(since, until)):
        batches = list(exports.fetch(chunk, None, lambda _: None))
        (folder / "google_ads" / f"{chunk.kind}-{number:03d}.json").write_text(json.dumps(batches), encoding="utf-8")


def imported(lake: Lake, folder: Path, today: date) -> ImportReport:
    return import_history(lake, folder, now=datetime.combine(today, time(12), UTC), progress=lambda *_: None)


def test_chunks_cover_each_day_once_and_hold_thirty_at_most(exports: GoogleExports) -> None:
    since, until = date(2025, 1, 1), date(2025, 12, 31)
    chunks = exports.chunks(since, until)
    for kind in DAILY:
        days = [
            chunk.first + timedelta(number)
            for chunk in chunks
            if chunk.kind == kind and chunk.first and chunk.last
            for number in range((chunk.last - chunk.first).days + 1)
        ]
        assert days == [since + timedelta(number) for number in range(365)]
    assert max((chunk.last - chunk.first).days for chunk in chunks if chunk.first and chunk.last) == 29
    assert Counter(chunk.kind for chunk in chunks if chunk.first is None) == Counter([*STRUCTURE, "changes"])


def test_a_later_pull_from_the_same_day_asks_for_the_same_chunks_and_more(exports: GoogleExports) -> None:
    since = date(2025, 1, 1)
    daily = [
        [chunk for chunk in exports.chunks(since, until) if chunk.kind == "daily"]
        for until in (date(2025, 3, 31), date(2025, 4, 20))
    ]
    assert daily[1][: len(daily[0]) - 1] == daily[0][:-1]


def test_a_pull_imports_without_a_fault_and_holds_all_that_the_account_counted(
    common: Sandbox, exports: GoogleExports, tmp_path: Path
) -> None:
    common.step_clock(3)
    since, until = last_days(exports, DAYS)
    pulled_to(tmp_path / "pull", exports, since, until)
    lake = Lake.open(tmp_path / "lake.duckdb")
    report = imported(lake, tmp_path / "pull", until + timedelta(1))
    panel = load_panel(lake)
    lake.close()
    whole = list(common.servers.account.google_rows("campaigns", since, until))
    assert (dict(report.quarantine), report.unknown) == ({}, {})
    assert report.last_date == until
    assert panel.impressions.sum() == sum(int(row["metrics"]["impressions"]) for row in whole)
    assert round(float(panel.conversions.sum()), 2) == round(sum(row["metrics"]["conversions"] for row in whole), 2)
    assert {line.campaign_id for line in panel.lines} == {row["campaign"]["id"] for row in whole}
    assert all(line.daily_budget and line.bidding_strategy for line in panel.lines)
    assert {"action", "ad", "breakdown", "creative", "criterion", "settings"} <= set(report.rows)


def test_the_same_pull_again_adds_nothing(exports: GoogleExports, tmp_path: Path) -> None:
    since, until = last_days(exports, 10)
    pulled_to(tmp_path / "pull", exports, since, until)
    lake = Lake.open(tmp_path / "lake.duckdb")
    first = imported(lake, tmp_path / "pull", until + timedelta(1))
    pulled_to(tmp_path / "again", exports, since, until)
    second = imported(lake, tmp_path / "again", until + timedelta(1))
    lake.close()
    assert first.added > 0
    assert second.added == 0


def test_performance_max_comes_with_the_campaigns_and_groups_with_the_groups(exports: GoogleExports) -> None:
    since, until = last_days(exports, 7)
    rows = rows_of(exports, ExportChunk("daily", since, until))
    channels = {row["campaign"]["advertisingChannelType"] for row in rows if "adGroup" not in row}
    assert "PERFORMANCE_MAX" in channels
    assert not any(row["campaign"]["advertisingChannelType"] == "PERFORMANCE_MAX" for row in rows if "adGroup" in row)
    assert any("searchBudgetLostImpressionShare" in row["metrics"] for row in rows if "adGroup" not in row)


def test_a_strategy_without_a_target_says_so(exports: GoogleExports) -> None:
    campaigns = [row["campaign"] for row in rows_of(exports, ExportChunk("campaigns"))]
    untargeted = [one for one in campaigns if one["biddingStrategyType"] == "MAXIMIZE_CONVERSION_VALUE"]
    assert untargeted
    assert all("maximizeConversionValue" in one for one in untargeted)


@pytest.mark.parametrize("kind", ["cut", "server_error"])
def test_a_chunk_that_broke_off_comes_whole_or_not_at_all(common: Sandbox, exports: GoogleExports, kind: str) -> None:
    since, until = last_days(exports, 20)
    chunk = ExportChunk("daily", since, until)
    whole = rows_of(exports, chunk)
    common.show_fault(kind, times=1)
    assert rows_of(exports, chunk) == whole
    common.show_fault(kind, times=9)
    with pytest.raises(PlatformError) as caught:
        next(exports.fetch(chunk, None, lambda _: None))
    assert caught.value.kind == "unavailable"


def test_the_change_log_holds_what_was_changed_lately(exports: GoogleExports) -> None:
    rows = rows_of(exports, ExportChunk("changes"))
    today = exports.account().today
    moments = [date.fromisoformat(row["changeEvent"]["changeDateTime"][:10]) for row in rows]
    assert moments == sorted(moments)
    assert all(today - timedelta(30) < moment <= today for moment in moments)


def test_a_kind_that_google_has_not_is_named(exports: GoogleExports) -> None:
    with pytest.raises(InputError, match="horoscopes"):
        next(exports.fetch(ExportChunk("horoscopes"), None, lambda _: None))
