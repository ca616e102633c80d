"""`/v1/events` tells what changed, to those who may see it, in their workspace alone."""

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.app.web.conftest import OTHER, KeyMaker
from tests.campaigns.page.sample_plans import ordinary
from tests.reports.conftest import put_plan

from marketmover.app.web import events
from marketmover.app.web.served import ServedApp

FROM_THE_BEGINNING = "job:0,alert:0,plan:0"
Heard = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def heard(api: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What a stream tells at its first look, by the kind of event; the server stops before the second."""
    stopping = api.state.stopping

    async def stop(_seconds: float) -> None:
        stopping.set()

    told = SimpleNamespace(get_running_loop=asyncio.get_running_loop, sleep=stop)
    monkeypatch.setattr(events, "asyncio", told)

    def hear(headers: dict[str, str], kind: str = "plan", since: str = FROM_THE_BEGINNING) -> list[dict[str, Any]]:
        stopping.clear()
        text = client.get("/v1/events", headers=headers | {"Last-Event-ID": since}).text
        told = [one.splitlines() for one in text.split("\n\n") if "data: " in one]
        found = [dict(line.split(": ", 1) for line in lines) for lines in told]
        return [{**json.loads(one["data"]), "place": one.get("id")} for one in found if one["event"] == kind]

    return hear


def test_what_becomes_of_a_plan_is_told_with_its_id_and_nothing_that_was_said(
    client: TestClient, served: ServedApp, key: KeyMaker, heard: Heard
) -> None:
    owner, plan = key("owner"), put_plan(served, ordinary())
    base = f"/v1/plans/{plan}"
    link = client.post(f"{base}/shares", json={"name": "Studio"}, headers=owner).json()["link"]
    token = link.partition("#")[2]
    client.post("/v1/shared/look", json={"token": token})
    client.post("/v1/shared/comment", json={"token": token, "name": "Mia", "text": "Our secret", "kind": "comment"})
    [said] = client.get(f"{base}/comments", headers=owner).json()["items"]
    client.put(f"{base}/comments/{said['id']}/reply", json={"text": "Our answer"}, headers=owner)
    client.post(f"{base}/approve", json={"why": "All is well"}, headers=owner)
    told = heard(owner)
    assert [(one["plan_id"], one["what"]) for one in told] == [
        (plan, "shared"), (plan, "opened"), (plan, "said"), (plan, "said"), (plan, "approved"),
    ]  # fmt: skip
    assert {name for one in told for name in one} == {"plan_id", "what", "at", "place"}
    assert heard(owner, since="plan:4")[0]["what"] == "approved"


def test_who_may_not_see_plans_hears_nothing_of_them_and_no_more_does_another_workspace(
    client: TestClient, served: ServedApp, key: KeyMaker, heard: Heard
) -> None:
    plan = put_plan(served, ordinary())
    client.post(f"/v1/plans/{plan}/approve", json={}, headers=key("owner"))
    assert len(heard(key("plans:read"))) == 1
    assert heard(key("jobs:read", "monitoring:read")) == []
    assert heard(key("owner", workspace=OTHER)) == []


def test_a_stream_that_begins_anew_tells_nothing_of_what_was(
    client: TestClient, served: ServedApp, key: KeyMaker, heard: Heard
) -> None:
    owner, plan = key("owner"), put_plan(served, ordinary())
    client.post(f"/v1/plans/{plan}/approve", json={}, headers=owner)
    assert heard(owner, since="") == []
    assert heard(owner, since="plan:99") == []


def test_a_draft_that_is_deleted_is_told_too(
    client: TestClient, served: ServedApp, key: KeyMaker, heard: Heard
) -> None:
    owner, plan = key("owner"), put_plan(served, ordinary())
    assert client.delete(f"/v1/plans/{plan}", headers=owner).status_code == 204
    assert [one["what"] for one in heard(owner)] == ["deleted"]


def test_changes_that_are_only_tried_are_not_told(
    client: TestClient, served: ServedApp, key: KeyMaker, heard: Heard
) -> None:
    owner, plan = key("owner"), put_plan(served, ordinary())
    line = ordinary().lines[0]
    changes = {
        "as_of": str(ordinary().start_date),
        "changes": [{"line_id": line.id, "action": "pause", "from": "running", "to": "paused", "reason": "A look."}],
    }
    for dry_run in (True, False):
        answer = client.post(f"/v1/plans/{plan}/apply", json={"changes": changes, "dry_run": dry_run}, headers=owner)
        assert answer.status_code == 200, answer.text
    assert [one["what"] for one in heard(owner)] == ["changed"]
