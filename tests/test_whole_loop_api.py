"""The paid loop, whole, over HTTP with the official SDKs over the sandbox's servers.

Pull, compose, approve, publish, wait for the plan's first day, pull, tune, apply, roll back.
"""

import threading
from collections.abc import Generator, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from marketmover.access.api_keys.service import create_key
from marketmover.access.permissions import Asker
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.cli.main import run
from marketmover.jobs import run_tasks
from marketmover.kit import utc_now
from marketmover.sandbox import ServedAccount, create_market, write_history
from marketmover.sandbox.serving.serving import serving
from marketmover.settings import Settings
from marketmover.store import Records
from marketmover.store.database import database_url

FIRST = date(2026, 1, 5)
PLAN_DAY = date(2026, 1, 12)
BRIEF = """We sell and install solar panels in the Netherlands. From 12 January 2026 to 8 February 2026 we have
9,000 EUR for Google and Meta together. We want as many leads as possible. Friendly tone, please.
"""


class Program:
    """A program that calls the API."""

    def __init__(self, served: ServedApp) -> None:
        self._served = served
        with served.records.session() as session:
            _, key = create_key(session, "default", "program", ["owner"], by=Asker("test"), now=utc_now())
        self._client = TestClient(make_api(served), headers={"Authorization": f"Bearer {key}"})

    def gets(self, path: str) -> Any:
        answer = self._client.get(f"/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def asks(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = self._client.post(f"/v1{path}", json=dict(body))
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def has_done(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Asks for long work, has it done, and gets its result."""
        answer = self._client.post(f"/v1{path}", json=None if body is None else dict(body))
        assert answer.status_code == 202, answer.text
        stop = threading.Event()
        run_tasks(stop, self._served.records, self._served.works(), tell=lambda _: stop.set())
        job = self.gets(f"/jobs/{answer.json()['id']}")
        assert job["state"] == "done", job
        return self.gets(f"/jobs/{job['id']}/result")["result"]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[ServedAccount]:
    """A market, served; both its accounts are connected in a home of the test's own."""
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    market = create_market(3, 60, 11, end=FIRST - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, tmp_path / "market")
    with serving(tmp_path / "market", port=0, troubles=0) as running:
        for platform in ("google_ads", "meta_ads"):
            assert run(["accounts", "add", platform, "--sandbox", str(tmp_path / "market")]) == 0
        running.account.advance(1)
        yield running.account


@pytest.fixture
def served(tmp_path: Path, account: ServedAccount) -> Generator[ServedApp]:
    del account
    records = Records.open(database_url("", tmp_path / "home"))
    yield ServedApp(Settings(home=tmp_path / "home", rate_limit=1_000_000), records)
    records.close()


def budgets(served: ServedApp, lines: Iterable[str]) -> dict[str, float]:
    """What the platforms have as daily budgets of lines, asked by the connectors."""
    found: dict[str, float] = {}
    for connected in served.accounts():
        mine = [line for line in lines if line.startswith(connected.platform)]
        found |= {one.line_id: one.daily_budget or 0.0 for one in served.platform_of(connected).read(mine)}
    return found


def test_the_whole_loop_over_http(account: ServedAccount, served: ServedApp) -> None:
    me = Program(served)
    me.has_done("/pulls", {"since": str(FIRST - timedelta(days=55))})
    brief = me.asks("/briefs", {"text": BRIEF})
    path = f"/plans/{me.has_done('/plans', {'brief_id': brief['id']})['plan_id']}"
    asked = {line["id"]: line["daily_budget"] for line in me.gets(path)["plan"]["lines"]}
    assert not any(":new:" in line for line in asked)
    before = budgets(served, asked)

    assert me.has_done(f"{path}/publish", {"dry_run": True})["refusals"] == []
    me.asks(f"{path}/approve", {"may_start": True})
    told = me.has_done(f"{path}/publish", {})
    assert budgets(served, asked) == before
    assert me.gets(f"{path}/state")["waits_until"] == str(PLAN_DAY), told
    account.advance((PLAN_DAY - account.today).days)
    me.has_done("/schedules/publish/run")
    assert budgets(served, asked) == asked
    assert me.gets(f"{path}/state")["waits_until"] is None

    account.advance(8)
    me.has_done("/pulls", {})
    tuning = me.has_done(f"{path}/tune", {})["tuning_id"]
    changes = me.gets(f"{path}/tunings/{tuning}")["proposed"]["changes"]
    wanted = {one["line_id"]: one["to"] for one in changes if one["action"] == "set_daily_budget"}
    assert wanted
    me.asks(f"{path}/apply", {"tuning_id": tuning})
    assert budgets(served, wanted) == wanted
    me.asks(f"{path}/rollback", {"to": "plan"})
    assert budgets(served, asked) == asked
    kinds = [one["entry"]["kind"] for one in me.gets(f"{path}/log")["items"]]
    assert kinds[:2] == ["rollback", "apply"]
    assert kinds[-1] == "approve"
    assert me.gets(f"{path}/tunings")["items"][0]["state"] == "applied"
