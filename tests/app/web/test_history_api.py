"""`/v1/imports` and `/v1/history`: exports sent in become figures, down to the rows that they rest on."""

import gzip
import io
import json
import threading
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.app.web.conftest import OTHER
from tests.app.web.test_alerts_api import alert, watched
from tests.history.history_exports import google_row, meta_row

from marketmover.history import map_action
from marketmover.history.overview import refresh, summary
from marketmover.jobs import Done, run_tasks
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from marketmover.app.web.served import ServedApp

KeyMaker = Callable[..., dict[str, str]]
FIRST = date(2025, 3, 3)
DAYS = 30


def day(number: int) -> str:
    return (FIRST + timedelta(number)).isoformat()


def google(days: int = DAYS) -> bytes:
    rows = [google_row(day(number)) for number in range(days) if number not in {10, 11}]
    return json.dumps([{"results": rows, "fieldMask": "x", "requestId": "y"}]).encode()


def meta(days: int = DAYS) -> bytes:
    return b"\n".join(json.dumps(meta_row(day(number))).encode() for number in range(days))


def do_all(served: "ServedApp") -> None:
    """Do what waits, as a server does."""
    stop = threading.Event()

    def tell(done: Done) -> None:
        del done
        stop.set()

    run_tasks(stop, served.records, served.works(), tell=tell)


Files = Mapping[str, bytes]


class Sender:
    """Sends exports and waits for what becomes of them."""

    def __init__(self, client: "TestClient", served: "ServedApp", header: dict[str, str]) -> None:
        self.client, self.served, self.header = client, served, header

    def send(self, files: Files, **form: str) -> Any:
        parts = [("files", (name, content)) for name, content in files.items()]
        return self.client.post("/v1/imports", files=parts, data=form, headers=self.header)

    def import_(self, files: Files, **form: str) -> dict[str, Any]:
        answer = self.send(files, **form)
        assert answer.status_code == 202, answer.text
        return self.result(answer.json()["id"])

    def result(self, job: str) -> dict[str, Any]:
        do_all(self.served)
        standing = self.client.get(f"/v1/jobs/{job}", headers=self.header).json()
        assert standing["state"] == "done", standing
        return self.client.get(f"/v1/jobs/{job}/result", headers=self.header).json()["result"]

    def get(self, path: str, **parameters: Any) -> Any:
        answer = self.client.get(f"/v1{path}", params=parameters, headers=self.header)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def sender(client: "TestClient", served: "ServedApp", key: KeyMaker) -> Sender:
    return Sender(client, served, key("owner"))


@pytest.fixture
def full(sender: Sender) -> Sender:
    """With an import of both platforms."""
    sender.import_({"a.json": google(), "b.jsonl.gz": gzip.compress(meta())})
    return sender


def test_files_without_folders_are_told_apart_by_what_stands_in_them(sender: Sender) -> None:
    report = sender.import_({"export (1).json": google(), "export (2).jsonl": meta()})
    assert report["rows"] == {"daily": 58}
    assert report["spend"] == {"USD": pytest.approx(28 * 12.34 + 30 * 23.45)}
    assert report["source"].startswith("imports/")


def test_a_zip_with_folders_is_unpacked_and_the_rest_of_it_is_left(sender: Sender) -> None:
    packed = zip_of(
        {"my history/google_ads/daily.json": google(), "my history/truth/daily.json": google(), "notes.txt": b"hi"}
    )
    assert sender.import_({"all.zip": packed})["rows"] == {"daily": 28}
    assert [one["files"] for one in sender.get("/imports")["items"]] == [1]


def test_a_simulated_history_stays_marked(sender: Sender) -> None:
    packed = zip_of({"simulated.json": b"{}", "meta_ads/a.jsonl": meta()})
    assert sender.import_({"all.zip": packed})["simulated"] is True
    assert sender.get("/history/summary")["simulated"] is True


def zip_of(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("google_ads/link.json")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("google_ads/zeros.json", b"0" * 10_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.zip", zip_of({"../../etc/cron.d/a.json": b"{}"}), "leads out of it"),
        ("a.zip", zip_of({"/etc/a.json": b"{}"}), "leads out of it"),
        ("a.zip", zip_of({"google_ads\\..\\a.json": b"{}"}), "leads out of it"),
        ("a.zip", link(), "a link or a device"),
        ("a.zip", b"PK no zip at all", "no zip file"),
        ("a.exe", b"MZ", "no export that can be read"),
        ("../../a.json", b'{"what": "is this?"}', "whose export it is"),
    ],
)
def test_what_could_do_harm_is_refused_and_nothing_of_it_kept(
    sender: Sender, served: "ServedApp", name: str, content: bytes, why: str
) -> None:
    answer = sender.send({"good.json": google(), name: content})
    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    with served.home() as stores:
        assert stores.files.list("imports") == []


def test_archives_that_unpack_to_too_much_are_refused(
    sender: Sender, served: "ServedApp", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(served), "most_unpacked", 1_000_000)
    assert "would unpack to more" in sender.send({"a.zip": bomb()}).json()["detail"]
    answer = sender.send({"a.json.gz": gzip.compress(google() + b" " * 10_000_000)})
    do_all(served)
    failed = sender.get(f"/jobs/{answer.json()['id']}")
    assert failed["state"] == "failed"
    assert "more than is taken" in failed["error"]["detail"]


def test_an_import_that_was_cut_off_after_the_lake_had_it_is_not_done_twice(
    sender: Sender, served: "ServedApp"
) -> None:
    from marketmover.history.uploads.service import folder_of, import_upload

    begun = utc_now()
    upload = sender.send({"a.json": google()}).json()
    do_all(served)
    arguments = sender.get("/imports")["items"][0]["source"].removeprefix("imports/")
    with served.home() as stores:
        again = import_upload(
            stores, arguments, since=begun, now=utc_now(), most_unpacked=10**9, progress=lambda *_: None
        )
        assert (again.import_id, again.rows) == (1, {"daily": 28})
        assert stores.files.list(folder_of(arguments)) != []
    assert upload["kind"] == "history.import"


def test_imports_are_listed_with_what_they_could_not_use(sender: Sender) -> None:
    bad = google_row(day(40), metrics={"costMicros": "-5"})
    sender.import_({"a.json": json.dumps([{"results": [google_row(day(0)), bad]}]).encode()})
    shown = sender.get("/imports/1")
    assert (shown["quarantine"], shown["can_retry"]) == ({"negative_cost": 1}, True)
    row = sender.get("/imports/1/quarantine")["items"][0]
    assert (row["reason"], row["position"], row["file"]) == ("negative_cost", "/0/results/1", "google_ads/0000-a.json")
    assert sender.get("/imports/1/quarantine", reason="duplicate")["items"] == []
    assert sender.get("/history/quarantine")["items"] == [row]
    assert sender.client.get("/v1/imports/2/quarantine", headers=sender.header).status_code == 404


def test_rows_of_days_that_lay_ahead_are_taken_when_the_import_is_done_again(sender: Sender) -> None:
    report = sender.import_({"a.json": google()}, as_of=day(9))
    assert report["quarantine"] == {"future": 18}
    job = sender.client.post("/v1/imports/1/retry", headers=sender.header).json()
    assert sender.result(job["id"])["added"] == 18
    assert sender.get("/history/summary")["last_date"] == day(29)


def test_an_import_whose_files_lay_elsewhere_cannot_be_done_again(
    sender: Sender, served: "ServedApp", tmp_path: Any
) -> None:
    from marketmover.history import import_history

    (tmp_path / "h" / "google_ads").mkdir(parents=True)
    (tmp_path / "h" / "google_ads" / "a.json").write_bytes(google())
    with served.home() as stores:
        import_history(stores.lake, tmp_path / "h", now=utc_now(), progress=lambda *_: None)
        refresh(stores, utc_now())
    assert sender.get("/imports/1")["source"] == "h"
    answer = sender.client.post("/v1/imports/1/retry", headers=sender.header)
    assert answer.status_code == 409


def test_a_home_without_a_history_says_so(sender: Sender) -> None:
    empty = sender.get("/history/summary")
    assert (empty["made_at"], empty["lines"]) == (None, 0)
    assert sender.get("/history/lines")["items"] == []
    assert sender.get("/history/coverage")["days"] == []
    assert sender.get("/history/trends")["points"] == []
    assert sender.get("/history/totals")["items"] == []
    assert sender.get("/history/rows", platform="google_ads", campaign_id="55", date=day(1))["items"] == []


def test_what_the_history_holds_is_told(full: Sender) -> None:
    told = full.get("/history/summary")
    assert (told["first_date"], told["last_date"], told["lines"], told["missing_days"]) == (day(0), day(29), 2, 2)
    assert told["spend_by_currency"] == {"USD": pytest.approx(28 * 12.34 + 30 * 23.45)}
    assert {one["action"]: one["kind"] for one in told["actions"]}["lead"] == "leads"


def test_the_calendar_shows_lines_with_figures_and_those_that_lack_them(full: Sender) -> None:
    found = {
        (one["platform"], one["date"]): (one["lines"], one["missing"]) for one in full.get("/history/coverage")["days"]
    }
    assert found["google_ads", day(9)] == (1, 0)
    assert found["google_ads", day(10)] == (0, 1)
    assert found["meta_ads", day(10)] == (1, 0)


def test_lines_come_by_pages_with_their_gaps(full: Sender) -> None:
    first = full.get("/history/lines", limit=1)
    second = full.get("/history/lines", limit=1, cursor=first["next"])
    lines = {one["line_id"]: one for one in first["items"] + second["items"]}
    assert set(lines) == {"google_ads:55:551", "meta_ads:77:771"}
    assert second["next"] is None
    detail = full.get("/history/lines/google_ads:55:551")
    assert detail["gaps"] == [{"first": day(10), "last": day(11)}]
    assert (detail["days"], detail["totals"]["cost"]) == (28, pytest.approx(28 * 12.34))
    assert full.client.get("/v1/history/lines/google_ads:9:9", headers=full.header).status_code == 404


def test_daily_figures_come_by_day_at_one_level_and_as_a_table(full: Sender) -> None:
    rows = full.get("/history/facts", limit=3)
    assert [one["date"] for one in rows["items"]] == [day(29), day(29), day(28)]
    assert {one["level"] for one in rows["items"]} == {"campaign"}
    rest = full.get("/history/facts", limit=500, cursor=rows["next"])["items"]
    assert len(rest) == 58 - 3
    of_line = full.get("/history/facts", line_id="meta_ads:77:771", first=day(3), last=day(3))["items"]
    assert [(one["cost"], one["leads"], one["level"]) for one in of_line] == [(23.45, 3, "ad_group")]
    table = full.client.get("/v1/history/facts", params={"format": "csv"}, headers=full.header)
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) == 59


def test_a_figure_leads_to_the_rows_that_it_rests_on(full: Sender) -> None:
    rows = full.get("/history/rows", platform="google_ads", campaign_id="55", date=day(12))["items"]
    assert len(rows) == 1
    assert (rows[0]["file"], rows[0]["row"], rows[0]["kind"]) == ("google_ads/0000-a.json", 10, "daily")
    assert rows[0]["figures"] == {
        "impressions": 1000,
        "clicks": 50,
        "conversions": 2.5,
        "conversions_value": 100.5,
        "cost": 12.34,
    }
    meta_rows = full.get("/history/rows", platform="meta_ads", campaign_id="77", group_id="771", date=day(29))["items"]
    assert (meta_rows[0]["file"], meta_rows[0]["row"]) == ("meta_ads/0001-b.jsonl.gz", 29)
    assert meta_rows[0]["actions"]["lead"] == 3


def test_a_campaigns_ads_come_with_their_texts_and_the_figures_of_the_days_asked_for(sender: Sender) -> None:
    shown = {"responsiveSearchAd": {"headlines": [{"text": "Trusted"}], "descriptions": [{"text": "Since 1998"}]}}
    rows = [google_row(day(0)), *(google_row(day(at), adGroupAd={"ad": {"id": "9", **shown}}) for at in (0, 1))]
    sender.import_({"a.json": json.dumps([{"results": rows, "fieldMask": "x", "requestId": "y"}]).encode()})
    whose = {"platform": "google_ads", "campaign_id": "55"}
    (ad,) = sender.get("/history/ads", **whose)["items"]
    assert (ad["headlines"], ad["descriptions"], ad["group_id"]) == (["Trusted"], ["Since 1998"], "551")
    assert (ad["impressions"], ad["cost"]) == (2000, pytest.approx(2 * 12.34))
    assert (ad["first_date"], ad["last_date"]) == (day(0), day(1))
    assert sender.get("/history/ads", **whose, first=day(1))["items"][0]["impressions"] == 1000
    assert sender.get("/history/ads", **whose, first=day(5))["items"][0]["impressions"] is None
    assert sender.get("/history/ads", **whose, group_id="1")["items"] == []
    assert sender.get("/history/ads", platform="meta_ads", campaign_id="55")["items"] == []


def test_a_period_is_compared_with_the_one_before(full: Sender) -> None:
    rows = full.get("/history/totals", first=day(20), last=day(29), compare="previous")["items"]
    google_one = next(one for one in rows if one["platform"] == "google_ads")
    assert google_one["figures"]["cost"] == pytest.approx(123.4)
    assert google_one["before"]["cost"] == pytest.approx(8 * 12.34)
    assert google_one["figures"]["cost_per_click"] == pytest.approx(12.34 / 50)


def test_figures_over_time_add_up_by_day_and_week(full: Sender) -> None:
    days = full.get("/history/trends", first=day(0), last=day(29))
    assert sum(one["figures"]["cost"] for one in days["points"]) == pytest.approx(days["totals"]["cost"])
    weeks = full.get("/history/trends", first=day(7), last=day(20), by="week", compare="previous")
    assert [one["date"] for one in weeks["points"]] == [day(7), day(14)]
    assert weeks["compared_last"] == day(6)
    assert full.get("/history/trends", platform="meta_ads")["totals"]["leads"] == 28 * 3
    whole = full.get("/history/trends", line_id="google_ads:55:551", first=day(0), last=day(29))
    assert whole["totals"]["conversions"] == 70


def test_what_did_not_change_is_not_sent_again(full: Sender) -> None:
    first = full.client.get("/v1/history/trends", headers=full.header)
    again = full.client.get("/v1/history/trends", headers=full.header | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_mapping_of_an_action_changes_the_figures(full: Sender) -> None:
    asked = {"platform": "google_ads", "action": "*", "kind": "other"}
    job = full.client.put("/v1/history/actions", json=asked, headers=full.header)
    assert job.status_code == 202
    before = full.get("/history/trends", platform="google_ads")["totals"]["sales"]
    full.result(job.json()["id"])
    assert before > 0
    assert full.get("/history/trends", platform="google_ads")["totals"]["sales"] == 0


def test_what_is_kept_follows_every_change_of_the_lake_and_is_made_but_once(full: Sender, served: "ServedApp") -> None:
    with served.home() as stores:
        assert refresh(stores, utc_now()) is False
        with stores.records.session() as session:
            kept = summary(session, "default")
        map_action(stores.lake, "google_ads", "*", "installs")
        assert refresh(stores, utc_now()) is True
        with stores.records.session() as session:
            made = summary(session, "default")
        stores.lake.delete("history_facts", lambda facts: facts.platform == "meta_ads")
        assert refresh(stores, utc_now()) is True
    assert kept is not None
    assert made is not None
    assert kept.digest != made.digest
    assert full.get("/history/summary")["lines"] == 1


def test_an_account_is_deleted_with_its_figures_and_alerts_and_can_be_imported_anew(
    full: Sender, served: "ServedApp"
) -> None:
    watched(served.records, alert("meta_ads:77:771"), alert("google_ads:55:551"))
    job = full.client.delete("/v1/history/accounts/meta_ads/444", headers=full.header)
    told = full.result(job.json()["id"])
    assert (told["rows"]["history_facts"], told["alerts"]) == (30, 1)
    assert [one["line_id"] for one in full.get("/history/lines")["items"]] == ["google_ads:55:551"]
    assert [one["platform"] for one in full.get("/alerts")["items"]] == ["google_ads"]
    again = full.client.delete("/v1/history/accounts/meta_ads/444", headers=full.header)
    assert again.status_code == 404, "at once, not as a job that fails"
    assert "google_ads" in again.json()["remedy"], "it says what is known"
    full.import_({"b.jsonl": meta()})
    assert len(full.get("/history/lines")["items"]) == 2


def test_a_workspace_sees_nothing_of_anothers_history(full: Sender, key: KeyMaker) -> None:
    other = Sender(full.client, full.served, key("owner", workspace=OTHER))
    assert other.get("/history/summary")["made_at"] is None
    assert other.get("/history/facts")["items"] == []
    assert other.get("/history/rows", platform="google_ads", campaign_id="55", date=day(12))["items"] == []
    assert other.client.get("/v1/imports/1", headers=other.header).status_code == 404
    other.import_({"a.json": google(3)})
    assert other.get("/history/summary")["last_date"] == day(2)
    assert full.get("/history/summary")["last_date"] == day(29)


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/history/trends", {"first": day(5), "last": day(1)}),
        ("/history/trends", {"first": "0001-01-01", "last": day(1)}),
        ("/history/facts", {"level": "planet"}),
        ("/history/facts", {"cursor": "WzEsMl0"}),
        ("/history/rows", {"platform": "google_ads", "campaign_id": "a\x00b", "date": day(1)}),
        ("/history/totals", {"cursor": "Im5vIg"}),
        ("/history/trends", {"first": "9999-12-31", "last": "9999-12-31", "compare": "year", "currency": "usd"}),
    ],
)
def test_what_cannot_be_asked_for_is_said(full: Sender, path: str, parameters: dict[str, str]) -> None:
    answer = full.client.get(f"/v1{path}", params=parameters, headers=full.header)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]


def test_campaigns_come_in_the_order_asked_for_page_by_page_those_without_a_ratio_last(sender: Sender) -> None:
    rows = [
        google_row(day(0), campaign={"id": number, "name": name}, metrics={"costMicros": cost, "conversions": got})
        for number, name, cost, got in (
            ("1", "Beta 50%", "3000000", 1),
            ("2", "alpha", "9000000", 9),
            ("3", "C", "5", 0),
        )
    ]
    sender.import_({"a.json": json.dumps([{"results": rows, "fieldMask": "x", "requestId": "y"}]).encode()})

    def names(**asked: Any) -> list[str]:
        return [one["name"] for one in sender.get("/history/totals", **asked)["items"]]

    assert names(sort="cost") == ["alpha", "Beta 50%", "C"]
    assert names(sort="name", ascending=True) == ["alpha", "Beta 50%", "C"]
    assert names(sort="cost_per_conversion") == ["Beta 50%", "alpha", "C"]
    assert names(sort="cost_per_conversion", ascending=True) == ["alpha", "Beta 50%", "C"]
    assert names(search="ALPH") == ["alpha"]
    assert names(search="0%") == ["Beta 50%"]
    assert names(search="_") == []
    assert names(currency="EUR") == []
    first = sender.get("/history/totals", sort="cost", limit=2)
    rest = sender.get("/history/totals", sort="cost", limit=2, cursor=first["next"])
    assert [one["name"] for one in first["items"] + rest["items"]] == ["alpha", "Beta 50%", "C"]
    assert rest["next"] is None


def test_a_line_tells_how_it_is_set_and_what_was_changed(sender: Sender) -> None:
    change = {
        "customer": {"id": "111", "currencyCode": "USD"},
        "campaign": {"id": "55"},
        "changeEvent": {
            "changeDateTime": f"{day(3)} 10:00:00",
            "changeResourceType": "CAMPAIGN_BUDGET",
            "changedFields": "amountMicros",
            "campaign": "customers/111/campaigns/55",
            "oldResource": {"campaignBudget": {"amountMicros": "250000000"}},
            "newResource": {"campaignBudget": {"amountMicros": "290000000"}},
        },
    }
    sender.import_({"a.json": google(), "b.json": json.dumps([{"results": [change]}]).encode()})
    told = sender.get("/history/lines/google_ads:55:551")
    assert (told["settings"]["bidding_strategy"], told["settings"]["bidding_target"]) == ("TARGET_CPA", 38)
    assert told["settings"]["daily_budget"] == 290
    (changed,) = told["changes"]
    assert (changed["date"], changed["kind"]) == (day(3), "budget")
    assert (changed["value_before"], changed["value_after"]) == (250, 290)


def test_what_figures_cannot_tell_is_told_for_the_days_asked_for(sender: Sender) -> None:
    bad = [
        google_row(day(5), metrics={"costMicros": "-5"}),
        google_row("", metrics={"costMicros": "7"}),
        google_row(day(1)),
    ]
    campaigns_only = [meta_row(day(at), adset_id=None, adset_name=None) for at in range(DAYS)]
    sender.import_({"a.json": google(), "b.jsonl": b"\n".join(json.dumps(row).encode() for row in campaigns_only)})
    sender.import_({"c.json": json.dumps([{"results": bad}]).encode()})
    told = sender.get("/history/doubts", first=day(0), last=day(29))
    assert told["missing"] == [{"platform": "google_ads", "days": 2, "line_days": 2}]
    assert told["without_groups"] == [{"platform": "meta_ads", "account_id": "444"}]
    assert (told["set_aside"], told["set_aside_undated"]) == (1, 1)
    later = sender.get("/history/doubts", first=day(12), last=day(29), platform="google_ads")
    assert (later["missing"], later["without_groups"], later["set_aside"]) == ([], [], 0)
