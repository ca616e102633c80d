"""Exports pulled from a served Meta account by the official SDK, faults included."""

import gzip
import json
import shutil
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.connectors.meta_ads.conftest import ServedMeta

from marketmover.connectors.meta_ads import connector
from marketmover.connectors.meta_ads.pulling import MetaExports
from marketmover.errors import InputError, PlatformError
from marketmover.history import import_history
from marketmover.history.pulls.source import ExportChunk
from marketmover.history.tables import CREATIVES, FACTS, TARGETING
from marketmover.store import Lake

_READ_FAULTS = ("server_error", "bad_gateway", "cut", "short_body")


def _nothing(_: str) -> None:
    """Nobody remembers reports."""


def _rows(exports: MetaExports, kind: str, days: int | None = None) -> list[dict[str, Any]]:
    last = exports.account().today - timedelta(1)
    chunk = ExportChunk(kind) if days is None else ExportChunk(kind, last - timedelta(days - 1), last)
    return [row for page in exports.fetch(chunk, None, _nothing) for row in page["data"]]


def _leads(rows: list[dict[str, Any]]) -> int:
    actions = [action for row in rows for action in row.get("actions", ())]
    return sum(int(action["value"]) for action in actions if action["action_type"] == "lead")


def _pull(exports: MetaExports, folder: Path, days: int) -> None:
    """Every chunk of the last days as a file, as a pull writes them."""
    folder.mkdir(parents=True)
    today = exports.account().today
    for number, chunk in enumerate(exports.chunks(today - timedelta(days), today - timedelta(1))):
        pages = list(exports.fetch(chunk, None, _nothing))
        with gzip.open(folder / f"{number:03d}-{chunk.kind}.json.gz", "wt", encoding="utf-8") as file:
            json.dump(pages, file)


def _imported(folder: Path, lake_path: Path, today: datetime) -> dict[str, list[str]]:
    """What an import makes of a folder: tables as sorted rows, without the import and the place in its files."""
    lake = Lake.open(lake_path)
    try:
        report = import_history(lake, folder, now=today, progress=lambda *_: None)
        assert not report.quarantine
        assert not report.unknown
        tables = {
            table.name: lake.table(table.name).to_pyarrow().to_pylist() for table in (FACTS, CREATIVES, TARGETING)
        }
    finally:
        lake.close()
    return {
        name: sorted(
            json.dumps({key: row[key] for key in row if key not in {"import_id", "file", "place"}}, default=str)
            for row in rows
        )
        for name, rows in tables.items()
    }


def test_a_pull_gives_the_sandboxs_own_facts_exactly(served: ServedMeta, tmp_path: Path) -> None:
    served.account.advance(9)
    exports = served.exports(page=70)
    _pull(exports, tmp_path / "pull" / "meta_ads", days=9)
    live = served.account._played.live  # pyright: ignore[reportPrivateUsage] - what the sandbox itself would export
    live.export(served.account.today - timedelta(1), tmp_path / "direct", whole=True)
    shutil.rmtree(tmp_path / "direct" / "google_ads")
    shutil.rmtree(tmp_path / "direct" / "crm")
    now = datetime.combine(served.account.today, datetime.min.time(), UTC)
    pulled = _imported(tmp_path / "pull", tmp_path / "pulled.duckdb", now)
    direct = _imported(tmp_path / "direct", tmp_path / "direct.duckdb", now)
    assert pulled[CREATIVES.name] == direct[CREATIVES.name]
    assert pulled[TARGETING.name] == direct[TARGETING.name]
    first = (served.account.today - timedelta(9)).isoformat()
    daily = [row for row in pulled[FACTS.name] if json.loads(row)["segment"] == ""]
    own = [row for row in direct[FACTS.name] if json.loads(row)["date"] >= first]
    assert daily == own
    assert len(daily) > 20


def test_the_account_is_told_with_the_simulations_day(served: ServedMeta) -> None:
    served.account.advance(3)
    told = connector.check(served.credentials)
    assert (told.platform, told.account_id, told.simulated) == ("meta_ads", served.account.meta_account, True)
    assert (told.currency, told.time_zone, told.today) == (
        served.account.currency, served.account.time_zone, served.account.today
    )  # fmt: skip


def test_small_pages_hold_the_rows_of_one_large_page_and_never_the_access_token(served: ServedMeta) -> None:
    large, small = served.exports(), served.exports(page=7)
    last = served.account.today - timedelta(1)
    chunk = ExportChunk("insights", last - timedelta(20), last)
    pages = list(small.fetch(chunk, None, _nothing))
    assert len(pages) > 5
    assert [row for page in pages for row in page["data"]] == _rows(large, "insights", 21)
    assert all(set(page["paging"]) <= {"cursors"} for page in pages)
    assert served.credentials["access_token"] not in json.dumps(pages)


def test_what_runs_and_what_was_made_is_listed_whole(served: ServedMeta) -> None:
    exports = served.exports(page=2)
    campaigns, ad_sets, ads = (_rows(exports, kind) for kind in ("campaigns", "adsets", "ads"))
    own = [line for line in served.account.market.lines if line.platform == "meta_ads"]
    assert {row["id"] for row in campaigns} == {line.campaign_id for line in own}
    assert {row["id"] for row in ad_sets} == {name for line in own for name in line.group_ids}
    assert all(row["targeting"]["geo_locations"] for row in ad_sets)
    assert all(row["creative"]["object_story_spec"]["page_id"] for row in ads)


def test_chunks_are_cut_from_the_first_day_so_that_a_later_day_gives_the_same_ones(served: ServedMeta) -> None:
    exports, today = served.exports(), served.account.today
    early = exports.chunks(today - timedelta(100), today - timedelta(11))
    late = exports.chunks(today - timedelta(100), today - timedelta(1))
    whole = [chunk for chunk in early if chunk.kind == "insights"]
    assert [(chunk.first, chunk.last) for chunk in whole] == [
        (today - timedelta(100 - step), today - timedelta(71 - step)) for step in (0, 30, 60)
    ]
    assert set(whole) <= set(late)


@pytest.mark.parametrize("kind", _READ_FAULTS)
def test_a_read_that_fails_is_tried_again_and_nothing_is_lost(served: ServedMeta, kind: str) -> None:
    expected = _rows(served.exports(), "insights", 10)
    served.fault(kind, times=2, call="insights")
    assert _rows(served.exports(), "insights", 10) == expected
    assert len(served.waited) == 2


def test_a_throttled_read_waits_as_long_as_meta_says(served: ServedMeta) -> None:
    served.fault("throttle", wait_s=300, call="insights")
    assert _rows(served.exports(), "insights", 2)
    assert 300.0 in served.waited


def test_a_failure_that_stays_ends_in_words_without_the_token(served: ServedMeta) -> None:
    served.fault("bad_gateway", times=50, call="campaigns")
    with pytest.raises(PlatformError) as caught:
        _rows(served.exports(), "campaigns")
    assert caught.value.kind == "unavailable"
    assert "reading campaigns" in str(caught.value)


def test_nobody_there_is_said_without_the_token(served: ServedMeta) -> None:
    session = served.session(url="http://127.0.0.1:9")
    with pytest.raises(PlatformError) as caught:
        session.write(("me",), {}, "trying")
    told = "".join(traceback.format_exception(caught.value))
    assert caught.value.kind == "unavailable"  # no connection was made, so nothing was done
    assert served.credentials["access_token"] not in told
    assert served.credentials["app_secret"] not in told


def test_an_expired_token_is_a_matter_for_a_person(served: ServedMeta) -> None:
    served.fault("expired_token")
    with pytest.raises(PlatformError, match=r"its time is over.*accounts add") as caught:
        served.exports().account()
    assert (caught.value.kind, caught.value.codes, served.waited) == ("expired", ("190/463",), [])


def test_a_token_that_is_not_good_and_a_secret_that_does_not_fit_are_told_apart(served: ServedMeta) -> None:
    with pytest.raises(PlatformError) as wrong_token:
        served.exports(access_token=served.account.meta_account).account()
    with pytest.raises(PlatformError, match="appsecret_proof") as wrong_secret:
        served.exports(app_secret="0" * 32).account()
    assert (wrong_token.value.kind, wrong_secret.value.kind) == ("expired", "refused")


def test_an_account_that_the_token_does_not_reach_is_refused(served: ServedMeta) -> None:
    with pytest.raises(PlatformError, match="does not exist") as caught:
        served.exports(account_id="123").account()
    assert caught.value.kind == "refused"


@pytest.mark.parametrize("account_id", ["", "act_", "12 3", "act_12/insights"])
def test_an_account_that_is_no_number_is_refused_before_any_call(account_id: str) -> None:
    with pytest.raises(InputError, match="account_id"):
        connector.exports({"account_id": account_id, "access_token": "x"})


def test_a_token_is_never_sent_to_another_machine_than_metas() -> None:
    with pytest.raises(InputError, match="not on this machine"):
        connector.exports({"account_id": "1", "access_token": "x", "url": "http://graph.example.com"})


def test_too_much_at_once_is_asked_for_as_a_report(served_in_parts: ServedMeta) -> None:
    served = served_in_parts
    kept: list[str] = []
    last = served.account.today - timedelta(1)
    chunk = ExportChunk("insights", last - timedelta(29), last)
    pages = list(served.exports(page=25).fetch(chunk, None, kept.append))
    own = served.account.meta_rows("insights", chunk.first, chunk.last)
    told = [(row["adset_id"], row["date_start"], row["spend"]) for page in pages for row in page["data"]]
    assert told == [(row["adset_id"], row["date_start"], row["spend"]) for row in own]
    assert len(pages) > 2
    assert len(kept) == 1
    assert sum(served.waited) > 2.0  # it was asked for until it was done


def test_a_pull_that_was_cut_off_goes_on_with_the_report_that_was_started(served_in_parts: ServedMeta) -> None:
    served = served_in_parts
    kept: list[str] = []
    last = served.account.today - timedelta(1)
    chunk = ExportChunk("insights", last - timedelta(29), last)
    first = list(served.exports().fetch(chunk, None, kept.append))
    again = list(served.exports().fetch(chunk, kept[0], kept.append))
    assert again == first
    assert len(kept) == 1  # no second report was started


def test_a_report_that_is_forgotten_is_started_anew(served_in_parts: ServedMeta) -> None:
    served = served_in_parts
    kept: list[str] = []
    last = served.account.today - timedelta(1)
    chunk = ExportChunk("insights", last - timedelta(29), last)
    pages = list(served.exports().fetch(chunk, "600000000000000", kept.append))
    assert len(pages[0]["data"]) > 40
    assert len(kept) == 1


def test_reports_that_fail_are_asked_for_again_and_then_for_half_the_days(served_in_parts: ServedMeta) -> None:
    served = served_in_parts
    kept: list[str] = []
    last = served.account.today - timedelta(1)
    chunk = ExportChunk("insights", last - timedelta(29), last)
    expected = next(iter(served.exports().fetch(chunk, None, kept.append)))["data"]
    served.fault("report_fails", times=2, call="insights")
    pages = list(served.exports().fetch(chunk, None, kept.append))
    assert len(pages) == 2
    rows = [row for page in pages for row in page["data"]]
    assert sorted(map(json.dumps, rows)) == sorted(map(json.dumps, expected))


def test_late_conversions_come_with_a_later_pull(served: ServedMeta) -> None:
    true = _rows(served.exports(), "insights", 10)
    served.fault("late_conversions", days=5)
    behind = _rows(served.exports(), "insights", 10)
    assert [row["spend"] for row in behind] == [row["spend"] for row in true]
    assert _leads(behind) < _leads(true)


def test_the_sdks_own_cursors_and_report_runs_work_unchanged(served: ServedMeta) -> None:
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    known = served.credentials
    session = FacebookSession(known["app_id"], known["app_secret"], known["access_token"], timeout=20)
    vars(session)["GRAPH"] = served.url
    session.requests.trust_env = False
    try:
        account: Any = AdAccount(known["account_id"], api=FacebookAdsApi(session))
        last = served.account.today - timedelta(1)
        asked = {
            "level": "adset", "time_increment": 1, "limit": 9,
            "time_range": {"since": (last - timedelta(6)).isoformat(), "until": last.isoformat()},
        }  # fmt: skip
        fields = ["adset_id", "impressions", "spend", "actions"]
        at_once = [row.export_all_data() for row in account.get_insights(fields=fields, params=asked)]
        run = account.get_insights(fields=fields, params=asked, is_async=True)
        states = [run.api_get()["async_status"] for _ in range(5)]
        later = [row.export_all_data() for row in run.get_insights(params={"limit": 9})]
        names = [row["name"] for row in account.get_campaigns(fields=["name"], params={"limit": 1})]
    finally:
        session.requests.close()
    assert states == ["Job Not Started", "Job Started", "Job Running", "Job Running", "Job Completed"]
    assert at_once == later
    assert len(at_once) > 9
    assert set(names) == {line.campaign_name for line in served.account.market.lines if line.platform == "meta_ads"}
