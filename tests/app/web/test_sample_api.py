"""`/v1/history/sample` and trying an upload out: a new user looks around, and nothing of it stays behind."""

import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.app.web.conftest import KeyMaker
from tests.app.web.test_history_api import Sender, do_all, google, meta
from tests.history.history_exports import google_row

from marketmover.kit import utc_now

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from marketmover.app.web.served import ServedApp


@pytest.fixture
def sender(client: "TestClient", served: "ServedApp", key: KeyMaker, monkeypatch: pytest.MonkeyPatch) -> Sender:
    monkeypatch.setattr("marketmover.app.sample._DAYS", 120)
    monkeypatch.setattr("marketmover.app.sample._LINES", 4)
    return Sender(client, served, key("history:read", "history:write", "jobs:read"))


def load(sender: Sender) -> dict[str, Any]:
    answer = sender.client.post("/v1/history/sample", headers=sender.header)
    assert answer.status_code == 202, answer.text
    return sender.result(answer.json()["id"])


def summary(sender: Sender) -> dict[str, Any]:
    return sender.client.get("/v1/history/summary", headers=sender.header).json()


def test_sample_data_fill_an_empty_workspace_up_to_yesterday_say_so_and_go_without_a_trace(sender: Sender) -> None:
    yesterday = (utc_now().date() - timedelta(days=1)).isoformat()
    report = load(sender)
    assert report["simulated"]
    assert report["last_date"] == yesterday
    assert report["quarantine"] == {}
    there = summary(sender)
    assert (there["simulated"], there["sample"], there["last_date"]) == (True, True, yesterday)

    again = sender.client.post("/v1/history/sample", headers=sender.header)
    assert again.status_code == 409
    assert "new workspace" in again.json()["remedy"]

    gone = sender.client.delete("/v1/history/sample", headers=sender.header)
    assert {one["platform"] for one in sender.result(gone.json()["id"])["accounts"]} == {"google_ads", "meta_ads"}
    there = summary(sender)
    assert (there["simulated"], there["sample"], there["last_date"], there["lines"]) == (False, False, None, 0)
    with sender.served.home() as stores:
        assert stores.files.list("imports") == []
    assert sender.client.delete("/v1/history/sample", headers=sender.header).status_code == 404
    assert load(sender)["added"] == report["added"]


def test_real_data_are_not_mixed_with_sample_data(sender: Sender) -> None:
    sender.import_({"g.json": google()})
    answer = sender.client.post("/v1/history/sample", headers=sender.header)
    assert answer.status_code == 409
    assert "already" in answer.json()["detail"]


def test_real_data_that_came_beside_sample_data_stay_and_are_no_longer_called_simulated(sender: Sender) -> None:
    load(sender)
    sender.import_({"g.json": google(), "m.jsonl": meta()})
    gone = sender.client.delete("/v1/history/sample", headers=sender.header)
    sender.result(gone.json()["id"])
    there = summary(sender)
    assert (there["simulated"], there["sample"], there["lines"]) == (False, False, 2)


def test_an_upload_that_is_tried_out_tells_what_would_come_and_keeps_nothing(sender: Sender) -> None:
    broken = {**google_row("2025-03-03"), "metrics": {"costMicros": "-5", "impressions": "1", "clicks": "0"}}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("exports/google_ads/daily.json", google())
        archive.writestr("exports/google_ads/more.jsonl", json.dumps(broken))
    tried = sender.import_({"all.zip": packed.getvalue()}, dry_run="true")
    assert tried["quarantine"] == {"negative_cost": 1}
    assert tried["added"] > 0
    (example,) = tried["examples"]
    assert example["reason"] == "negative_cost"
    assert "-5" in example["raw"]
    assert summary(sender)["last_date"] is None
    assert sender.client.get("/v1/imports", headers=sender.header).json()["items"] == []
    with sender.served.home() as stores:
        assert stores.files.list("imports") == []
    done = sender.import_({"all.zip": packed.getvalue()})
    assert {name: done[name] for name in ("added", "rows", "quarantine", "spend")} == {
        name: tried[name] for name in ("added", "rows", "quarantine", "spend")
    }


def test_what_is_known_already_is_told_by_trying_it_out(sender: Sender) -> None:
    sender.import_({"g.json": google()})
    tried = sender.import_({"g.json": google()}, dry_run="true")
    assert tried["added"] == 0
    assert tried["known"] > 0
    assert tried["import_id"] == 2
    assert sender.import_({"m.jsonl": meta()})["import_id"] == 2


def test_what_holds_no_export_is_told_without_a_path_of_the_server_and_not_kept(sender: Sender) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("exports/readme.txt", b"not one")
    for files in ({"all.zip": packed.getvalue()}, {"google_ads/cut.json": b'[{"results":[{"campaign":{"id":"1"'}):
        asked = sender.send(files, dry_run="true")
        do_all(sender.served)
        error = sender.client.get(f"/v1/jobs/{asked.json()['id']}", headers=sender.header).json()["error"]
        assert "sent" in error["detail"]
        assert "imports/" not in error["detail"]
        assert error["remedy"]
    with sender.served.home() as stores:
        assert stores.files.list("imports") == []
