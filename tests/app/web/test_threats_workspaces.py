"""One of everything in a workspace, and the owner of another, who knows each id: 404, nothing changed or listed."""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Table, select
from tests.app.web.conftest import BO, EVE, OTHER, KeyMaker, SignedIn
from tests.app.web.test_alerts_api import alert, watched
from tests.app.web.test_every_route import address, guards_of, methods_of, routes_of
from tests.app.web.test_history_api import do_all, google, meta
from tests.campaigns.page.sample_plans import ordinary

from marketmover.access import Account, add_account
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept.records import AnalysisRow, PlanRow, TuningRow
from marketmover.kit import new_id, utc_now
from marketmover.store.records import RecordsBase
from marketmover.web.desk import Needs

BODIES: Mapping[str, Any] = {
    "give_role": {"role": "viewer"},
    "keep_role": {"permissions": ["plans:read"]},
    "correct_brief": {"corrections": {"budget": "20k euros"}},
    "answer_brief": {"reply": "20k euros in total"},
    "roll_back": {"to": "plan"},
    "apply_changes": {"tuning_id": "TUNING"},
    "set_plan_goals": {"goals": {"leads": {"at_least": 600}}},
    "snooze_alert": {"reason": "known", "until": "2030-01-01T00:00:00Z"},
    "acknowledge_alert": {"reason": "known"},
    "reopen_alert": {"reason": "known"},
    "share_plan": {"name": "Mia"},
    "reply_to_client": {"text": "yes"},
}
OF_ONES_OWN = {"keep_role", "list_schedule_runs", "run_schedule", "delete_account_data", "read_model", "use_model"}
"""Endpoints whose path names no id: a role to make, a schedule or a model that every workspace has, an account not seen
yet."""

PRIVATE = "Zebrastripe"  # stands in everything of the first workspace, and nowhere else


@pytest.fixture
def filled(served: ServedApp, client: TestClient, key: KeyMaker, people: None, sign_in: SignedIn) -> dict[str, str]:
    """Fill the default workspace; the ids of what is there, by the name of the path's parameter."""
    del people
    owner = key("owner")

    def post(path: str, body: Any, method: str = "POST") -> Any:
        answer = client.request(method, f"/v1{path}", json=body, headers=owner)
        assert answer.status_code < 300, answer.text
        return answer.json()

    brief = post("/briefs", {"text": f"{PRIVATE} wants 300 leads for 20,000 euros in May 2027 by Google Ads."})
    sent = client.post(
        "/v1/imports", files=[("files", ("google_ads/a.json", google())), ("files", ("meta_ads/b.jsonl", meta()))],
        headers=owner,
    )  # fmt: skip
    do_all(served)
    post("/notices/configuration", {"routes": {"zebra": {"to": "log"}}}, "PUT")
    post("/roles/zebra", {"permissions": ["plans:read"]}, "PUT")
    watched(served.records, alert())
    found = {key: client.get(f"/v1/{key}", headers=owner).json()["items"] for key in ("imports", "alerts", "people")}
    line = client.get("/v1/history/lines", headers=owner).json()["items"][0]
    plan, tuning, backtest, comparison = (new_id() for _ in range(4))
    _keep_plan(served, plan, tuning, backtest, comparison)
    shared = post(f"/plans/{plan}/shares", {"name": PRIVATE})
    token = shared["link"].partition("#")[2]
    said = client.post("/v1/shared/comment", json={"token": token, "name": PRIVATE, "text": PRIVATE})
    assert said.status_code == 200, said.text
    return {
        "share_id": shared["id"],
        "remark_id": said.json()["id"],
        "session_id": sign_in(BO).get("/v1/session/all").json()["items"][0]["id"],
        "brief_id": brief["id"],
        "job_id": sent.json()["id"],
        "import_id": str(found["imports"][0]["import_id"]),
        "alert_id": str(found["alerts"][0]["id"]),
        "person_id": next(one["id"] for one in found["people"] if one["email"] == BO),
        "invitation_id": post("/invitations", {"email": "zoe@example.com", "role": "viewer"})["id"],
        "key_id": client.get("/v1/keys", headers=owner).json()["items"][0]["id"],
        "workspace_id": "default",
        "line_id": line["line_id"],
        "plan_id": plan,
        "tuning_id": tuning,
        "backtest_id": backtest,
        "comparison_id": comparison,
        "model_id": "response",
        "route": "zebra",
        "role": "zebra",
        "name": "zebra",
        "account_id": "1234567890",
        "platform": "google_ads",
    }


def _keep_plan(served: ServedApp, plan_id: str, tuning: str, backtest: str, comparison: str) -> None:
    plan, now = ordinary(), utc_now()
    folder = served.settings.home / "plans" / "default" / plan_id
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(plan.model_dump_json(), encoding="utf-8")
    whose: dict[str, Any] = {"workspace_id": "default", "who": "test", "created_at": now}
    account = Account("zebra", "meta_ads", "77", {"title": PRIVATE}, now)
    with served.records.session() as session:
        session.add(
            PlanRow(
                **whose, id=plan_id, title=PRIVATE, start_date=plan.start_date, end_date=plan.end_date,
                currency=plan.currency, total_budget=plan.total_budget, objective="leads", expected={},
                platforms=["google_ads"], simulated=False,
            )
        )  # fmt: skip
        told: dict[str, Any] = {
            "as_of": date(2027, 1, 5),
            "changes": {"as_of": "2027-01-05", "changes": [], "held": []},
            "state": "proposed",
        }
        session.add(TuningRow(**whose, id=tuning, plan_id=plan_id, **told))
        session.add(AnalysisRow(**whose, id=backtest, kind="backtest", arguments={}, found={"title": PRIVATE}))
        session.add(AnalysisRow(**whose, id=comparison, kind="models", arguments={}, found={"title": PRIVATE}))
        add_account(session, served.secrets, "default", account, {"access_token": PRIVATE}, who="test")


def kept(served: ServedApp, workspace: str = "default") -> dict[str, str]:
    """A digest of everything that a workspace has: rows by table, files by path."""
    found: dict[str, str] = {}
    with served.records.session(read_only=True) as session:
        tables: list[Table] = [table for table in RecordsBase.metadata.sorted_tables if "workspace_id" in table.c]
        for table in tables:
            rows = session.execute(select(table).where(table.c.workspace_id == workspace)).all()
            found[table.name] = hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()
    for path in sorted(_files(served.settings.home / "plans")):
        found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def asked(route: APIRoute, ids: Mapping[str, str]) -> str:
    missing = set(route.param_convertors) - ids.keys()
    assert not missing, f"{route.path}: fill the workspace with one, and name its id {missing}"
    return address(route, ids)


def body_of(route: APIRoute, ids: Mapping[str, str]) -> Any:
    body = dict(BODIES.get(str(route.operation_id), {}))
    return {name: ids["tuning_id"] if value == "TUNING" else value for name, value in body.items()}


def test_what_a_workspace_has_is_there_for_its_own_owner(
    api: FastAPI, client: TestClient, key: KeyMaker, filled: dict[str, str]
) -> None:
    owner, answers = key("owner"), dict[str, int]()
    for route in routes_of(api):
        if route.param_convertors and "GET" in methods_of(route) and isinstance(guards_of(route)[0], Needs):
            ids = filled | {"name": "plan.json"} if "files" in route.path else filled
            answers[route.path] = client.get(
                asked(route, ids), params={"against": ids["plan_id"]}, headers=owner
            ).status_code
    missing = {path for path, status in answers.items() if status == 404}
    nothing_there = {  # no zebra runs, the plan has no fit, and the alert is not of it
        "/schedules/{name}/runs",
        "/plans/{plan_id}/curves",
        "/plans/{plan_id}/remedies/{alert_id}",
    }
    assert missing <= nothing_there, missing


def test_the_owner_of_another_workspace_gets_at_nothing_and_changes_nothing(
    api: FastAPI, served: ServedApp, sign_in: SignedIn, filled: dict[str, str]
) -> None:
    eve = sign_in(EVE)  # a person may do more than a key
    before, told = kept(served), dict[str, Any]()
    for route, method in itertools.chain.from_iterable(
        ((route, method) for method in sorted(methods_of(route))) for route in routes_of(api) if route.param_convertors
    ):
        if isinstance(guards_of(route)[0], Needs) and str(route.operation_id) not in OF_ONES_OWN:
            ids = filled | {"name": "plan.json"} if "files" in route.path else filled
            params = {"against": ids["plan_id"]}
            answer = eve.request(method, asked(route, ids), json=body_of(route, ids), params=params)
            if answer.status_code != 404 or PRIVATE in answer.text:
                told[f"{method} {route.path}"] = (answer.status_code, answer.text[:120])
    assert told == {}
    assert kept(served) == before


def test_the_lists_of_another_workspace_know_nothing_of_it(
    api: FastAPI, client: TestClient, key: KeyMaker, filled: dict[str, str]
) -> None:
    stranger, told = key("owner", workspace=OTHER), dict[str, str]()
    ids = set(filled.values()) - {"default", "google_ads", "response", filled["import_id"], filled["alert_id"]}
    for route in routes_of(api):
        if route.param_convertors or "GET" not in methods_of(route) or route.path in {"/events", "/session/oidc"}:
            continue
        text = client.get(f"/v1{route.path}", headers=stranger, params={"limit": 500}).text
        if shown := [one for one in (*ids, PRIVATE) if f'"{one}"' in text]:
            told[route.path] = ", ".join(shown)
    assert told == {}
