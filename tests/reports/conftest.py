"""A served home with a plan in it, and a link by which a client reads it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.app.web.conftest import (
    ANA,
    BO,
    EVE,
    OTHER,
    KeyMaker,
    SignedIn,
    api,
    cheap_hashes,
    client,
    key,
    people,
    served,
    sign_in,
)
from tests.campaigns.page.sample_plans import ordinary

from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept.plans import Order, note_plan
from marketmover.kit import new_id, utc_now
from marketmover.plans import LogEntry, Plan, State

__all__ = [
    "ANA", "BO", "EVE", "OTHER", "KeyMaker", "SignedIn", "api", "cheap_hashes", "client", "key", "people", "served",
    "sign_in",
]  # fmt: skip
Ask = Callable[..., Any]


def put_plan(served: ServedApp, plan: Plan, parent: str | None = None, workspace: str = "default") -> str:
    """Put a plan into the home; its id."""
    name = new_id()
    folder = served.settings.home / "plans" / workspace / name
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(plan.model_dump_json(), encoding="utf-8")
    with served.records.session() as session:
        note_plan(session, workspace, Order(name, plan.brief, "Anne", parent_id=parent), plan, utc_now())
    return name


def moved(plan: Plan, days: int) -> Plan:
    """The plan as it would start so many days from today."""
    start = utc_now().date() + timedelta(days=days)
    length = plan.end_date - plan.start_date
    return plan.model_copy(update={"start_date": start, "end_date": start + length})


def published(served: ServedApp, plan_id: str, day: date) -> None:
    """Have a plan's log say that it was published."""
    folder = served.settings.home / "plans" / "default" / plan_id
    told: dict[str, Any] = {"who": "Anne", "mode": "by_hand", "why": "", "as_of": day, "follows": None}
    entry = LogEntry(
        id="c1", kind="publish", at=utc_now(), **told, before=State(), after=State(change_id="c1", as_of=day)
    )
    state = State(change_id="c1", as_of=day)
    (folder / "changes.jsonl").write_text(entry.model_dump_json(by_alias=True) + "\n", encoding="utf-8")
    (folder / "state.json").write_text(state.model_dump_json(), encoding="utf-8")


@pytest.fixture
def plan_id(served: ServedApp) -> str:
    """A plan that begins in a week."""
    return put_plan(served, moved(ordinary(), 7))


@pytest.fixture
def ask(client: TestClient, key: KeyMaker) -> Ask:
    """Sends a request as an owner's key, and gives the answer."""
    owner = key("owner")

    def send(method: str, path: str, body: Mapping[str, Any] | None = None, **more: Any) -> Any:
        return client.request(method, f"/v1{path}", json=body, headers=more.pop("headers", owner), **more)

    return send


@pytest.fixture
def share(ask: Ask, plan_id: str) -> Callable[..., str]:
    """Makes a link to the plan; its token."""

    def make(**terms: Any) -> str:
        answer = ask("POST", f"/plans/{terms.pop('plan', plan_id)}/shares", {"name": "Studio Ä", **terms})
        assert answer.status_code == 201, answer.text
        return answer.json()["link"].partition("#")[2]

    return make


@pytest.fixture
def shared(client: TestClient) -> Ask:
    """Sends what a client's page sends: no key, no cookie."""

    def send(what: str, token: str, **body: Any) -> Any:
        return client.post(f"/v1/shared/{what}", json={"token": token, **body})

    return send
