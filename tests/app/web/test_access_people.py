"""People, roles, keys, workspaces and the audit log over HTTP: within what one has, within one's workspace."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from tests.app.web.conftest import ANA, BO, EVE, OTHER, PASSWORD, KeyMaker, SignedIn

from marketmover.access.people.service import find_member, give_role
from marketmover.access.permissions import Asker
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.kit import utc_now

SECRETS = (EVE, "theirs", "hidden-role", "cy@example.com")


@pytest.fixture
def other_client(served: ServedApp, sign_in: SignedIn) -> dict[str, str]:
    """What Eve has in the other workspace; ids by what they are of."""
    eve = sign_in(EVE)
    key = eve.post("/v1/keys", json={"name": "theirs", "scopes": ["read"]}).json()
    eve.put("/v1/roles/hidden-role", json={"permissions": ["plans:read"]})
    invitation = eve.post("/v1/invitations", json={"email": "cy@example.com", "role": "viewer"}).json()
    with served.records.session() as session:
        person = find_member(session, OTHER, EVE).id
    return {"key": key["id"], "invitation": invitation["id"], "person": person}


def test_nothing_of_another_workspace_is_seen_or_changed(
    client: TestClient, key: KeyMaker, sign_in: SignedIn, other_client: dict[str, str], served: ServedApp
) -> None:
    person, invitation, theirs = other_client["person"], other_client["invitation"], other_client["key"]
    reading = ["/v1/people", "/v1/invitations", "/v1/roles", "/v1/keys", "/v1/workspaces", "/v1/audit"]
    changing = [
        ("GET", f"/v1/people/{person}", None, 404),
        ("GET", f"/v1/people/{EVE}", None, 404),
        ("PATCH", f"/v1/people/{person}", {"role": "viewer"}, 404),
        ("DELETE", f"/v1/people/{person}", None, 404),
        ("POST", f"/v1/people/{person}/link", {}, {403, 404}),
        ("DELETE", f"/v1/invitations/{invitation}", None, 404),
        ("DELETE", "/v1/roles/hidden-role", None, 404),
        ("PATCH", f"/v1/people/{BO}", {"role": "hidden-role"}, 404),
        ("POST", "/v1/invitations", {"email": "x@example.com", "role": "hidden-role"}, 404),
        ("POST", "/v1/keys", {"name": "x", "scopes": ["hidden-role"]}, {400, 403}),
        ("DELETE", f"/v1/keys/{theirs}", None, 404),
        ("DELETE", "/v1/keys/theirs", None, 404),
    ]
    owner = sign_in(ANA)
    for asks in (client, owner):
        headers = key("owner") if asks is client else {}
        for path in reading:
            for form in ("json", "csv"):
                told = asks.get(path, params={"limit": 500, "format": form}, headers=headers)
                assert told.status_code == 200
                assert not [secret for secret in SECRETS if secret in told.text], path
        for method, path, body, status in changing:
            answer = asks.request(method, path, json=body, headers=headers)
            assert answer.status_code in (status if isinstance(status, set) else {status}), (method, path, answer.text)
    assert client.get(f"/v1/workspaces/{OTHER}", headers=key("owner")).status_code == 404
    assert client.patch(f"/v1/workspaces/{OTHER}", json={"archived": True}, headers=key("owner")).status_code == 404
    assert sign_in(BO).get(f"/v1/workspaces/{OTHER}").status_code == 404
    with served.records.session() as session:
        assert find_member(session, OTHER, EVE).role == "owner"


def test_who_looks_into_a_workspace_does_not_change_it(sign_in: SignedIn) -> None:
    """Ana owns the default workspace, and is a viewer of the other: the one gives her nothing in the other."""
    ana = sign_in(ANA)
    asked = {"email": "x@example.com", "role": "viewer"}
    for query, headers in (("", {"Marketmover-Workspace": OTHER}), (f"?workspace={OTHER}", {})):
        assert ana.get(f"/v1/people{query}", headers=headers).status_code == 403
        assert ana.post(f"/v1/invitations{query}", json=asked, headers=headers).status_code == 403
    assert ana.patch(f"/v1/workspaces/{OTHER}", json={"title": "Mine"}).status_code == 404


def test_inviting_joining_giving_a_role_and_removing(sign_in: SignedIn, client: TestClient) -> None:
    ana = sign_in(ANA)
    made = ana.post("/v1/invitations", json={"email": "Cy@Example.com", "role": "analyst"})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    assert [one["email"] for one in ana.get("/v1/invitations").json()["items"]] == ["cy@example.com"]
    assert made.json()["link"].partition("#")[2] not in ana.get("/v1/invitations").text
    token = made.json()["link"].partition("#")[2]
    assert client.post("/v1/links/redeem", json={"token": token, "password": PASSWORD}).status_code == 200
    assert "people:read" not in client.get("/v1/session").json()["permissions"]
    entered = ana.get("/v1/audit", params={"what": "session.opened", "about": "person cy@example.com"}).json()["items"]
    assert [(one["who"], one["after"]) for one in entered] == [("cy@example.com", {"way": "link"})]
    cy = ana.get("/v1/people/cy@example.com").json()
    assert ana.patch(f"/v1/people/{cy['id']}", json={"role": "manager"}).json()["role"] == "manager"
    assert "plans:publish" in client.get("/v1/session").json()["permissions"]
    assert ana.patch(f"/v1/people/{cy['id']}", json={"role": "manager", "email": ANA}).status_code == 422
    assert ana.delete(f"/v1/people/{cy['id']}").status_code == 204
    assert client.get("/v1/people").status_code == 403
    assert ana.get(f"/v1/people/{cy['id']}").status_code == 404


def test_the_last_owner_stays(sign_in: SignedIn) -> None:
    ana = sign_in(ANA)
    for answer in (ana.delete(f"/v1/people/{ANA}"), ana.patch(f"/v1/people/{ANA}", json={"role": "viewer"})):
        assert answer.status_code == 409
        assert "last owner" in answer.json()["detail"]


def test_nobody_raises_themselves(sign_in: SignedIn, served: ServedApp) -> None:
    ana = sign_in(ANA)
    ana.put("/v1/roles/people-lead", json={"permissions": ["people:read", "people:write", "keys:write"]})
    ana.patch(f"/v1/people/{BO}", json={"role": "people-lead"})
    bo = sign_in(BO)
    everything = ["people:read", "people:write", "plans:publish"]
    for method, path, body in (
        ("PATCH", f"/v1/people/{BO}", {"role": "owner"}),
        ("PATCH", f"/v1/people/{ANA}", {"role": "people-lead"}),
        ("DELETE", f"/v1/people/{ANA}", None),
        ("POST", f"/v1/people/{ANA}/link", {}),
        ("POST", "/v1/invitations", {"email": "bo2@example.com", "role": "owner"}),
        ("PUT", "/v1/roles/people-lead", {"permissions": everything}),
        ("PUT", "/v1/roles/another", {"permissions": everything}),
        ("POST", "/v1/keys", {"name": "k", "scopes": ["plans:publish"]}),
        ("POST", "/v1/keys", {"name": "k", "scopes": ["owner"]}),
    ):
        answer = bo.request(method, path, json=body)
        assert answer.status_code == 403, (method, path, answer.text)
    assert bo.post("/v1/keys", json={"name": "k", "scopes": ["people:read"]}).status_code == 201
    with served.records.session() as session:
        give_role(session, "default", BO, "viewer", by=Asker("test"), now=utc_now())


def test_a_key_is_shown_once_works_and_stops(sign_in: SignedIn, client: TestClient) -> None:
    ana = sign_in(ANA)
    made = ana.post("/v1/keys", json={"name": "nightly", "scopes": ["people:read"], "expires_days": 30})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    shown = {"Authorization": f"Bearer {made.json()['key']}"}
    assert client.get("/v1/people", headers=shown).status_code == 200
    assert client.get("/v1/keys", headers=shown).status_code == 403
    [listed] = ana.get("/v1/keys").json()["items"]
    assert listed["used_at"] is not None
    assert made.json()["key"][20:] not in ana.get("/v1/keys").text
    assert ana.delete(f"/v1/keys/{listed['id']}").json()["revoked_at"] is not None
    assert client.get("/v1/people", headers=shown).status_code == 401


def test_an_idempotency_key_does_not_keep_what_is_told_once(sign_in: SignedIn, served: ServedApp) -> None:
    ana = sign_in(ANA)
    once = {"Idempotency-Key": "abc"}
    made = ana.post("/v1/keys", json={"name": "nightly", "scopes": ["read"]}, headers=once)
    assert made.status_code == 201
    again = ana.post("/v1/keys", json={"name": "nightly", "scopes": ["read"]}, headers=once)
    assert again.status_code == 409
    with served.records.engine.connect() as connection:
        import sqlalchemy as sa

        kept = connection.execute(sa.text("SELECT * FROM idempotency_keys")).all()
    assert made.json()["key"][20:] not in str(kept)


def test_a_key_makes_no_keys_workspaces_or_password_links(client: TestClient, key: KeyMaker, people: None) -> None:
    del people
    owner = key("owner")
    for path, body in (
        ("/v1/keys", {"name": "more", "scopes": ["read"]}),
        ("/v1/workspaces", {"id": "mine"}),
        (f"/v1/people/{BO}/link", {}),
    ):
        answer = client.post(path, json=body, headers=owner)
        assert answer.status_code == 403, answer.text


def test_a_password_link_is_made_by_who_manages_the_person_everywhere(sign_in: SignedIn, served: ServedApp) -> None:
    ana, eve = sign_in(ANA), sign_in(EVE)
    assert eve.post(f"/v1/people/{ANA}/link", json={}).status_code == 403  # Ana owns the default workspace
    assert ana.post(f"/v1/people/{ANA}/link", json={}).status_code == 403  # who is a viewer elsewhere, even her own
    made = ana.post(f"/v1/people/{BO}/link", json={})
    assert made.status_code == 201
    browser = TestClient(make_api(served))
    body = {"token": made.json()["link"].partition("#")[2], "password": "another wall and a blue roof"}
    assert browser.post("/v1/links/redeem", json=body).json()["email"] == BO


def test_making_naming_archiving_and_bringing_back_a_workspace(sign_in: SignedIn) -> None:
    ana = sign_in(ANA)
    assert ana.post("/v1/workspaces", json={"id": "shop-north", "title": "Shop North"}).status_code == 201
    assert ana.post("/v1/workspaces", json={"id": OTHER}).status_code == 409
    assert ana.post("/v1/workspaces", json={"id": "../etc"}).status_code == 422
    there = {"Marketmover-Workspace": "shop-north"}
    assert [one["role"] for one in ana.get("/v1/people", headers=there).json()["items"]] == ["owner"]
    assert ana.patch("/v1/workspaces/shop-north", json={"title": "North"}).json()["title"] == "North"
    assert ana.patch("/v1/workspaces/shop-north", json={"archived": True}).json()["archived_at"]
    assert ana.get("/v1/people", headers=there).status_code == 404
    listed = {one["id"]: one["may_change"] for one in ana.get("/v1/workspaces").json()["items"]}
    assert listed == {"default": True, OTHER: False, "shop-north": True}
    assert ana.patch("/v1/workspaces/shop-north", json={"archived": False}).json()["archived_at"] is None
    assert ana.get("/v1/people", headers=there).status_code == 200
    assert sign_in(BO).post("/v1/workspaces", json={"id": "mine"}).status_code == 403
    only = sign_in(EVE).patch(f"/v1/workspaces/{OTHER}", json={"archived": True})
    assert only.status_code == 409
    assert "only workspace" in only.json()["detail"]


def test_lists_come_by_pages_and_as_tables(sign_in: SignedIn) -> None:
    ana = sign_in(ANA)
    first = ana.get("/v1/people", params={"limit": 1}).json()
    second = ana.get("/v1/people", params={"limit": 1, "cursor": first["next"]}).json()
    assert [first["items"][0]["email"], second["items"][0]["email"], second["next"]] == [ANA, BO, None]
    log = ana.get("/v1/audit", params={"limit": 2}).json()
    older = ana.get("/v1/audit", params={"limit": 2, "cursor": log["next"]}).json()
    ids = [entry["id"] for entry in (*log["items"], *older["items"])]
    assert ids == sorted(ids, reverse=True)
    for path in ("/v1/people", "/v1/keys", "/v1/audit"):
        for cursor in ("W10", "IlxuIg", "Int9Ig==", "MTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw", "!"):
            assert ana.get(path, params={"cursor": cursor}).status_code in {200, 400}
    rows = list(csv.DictReader(io.StringIO(ana.get("/v1/people", params={"format": "csv"}).text)))
    assert [row["email"] for row in rows] == [ANA, BO]


def test_the_log_tells_who_did_what_with_before_and_after_also_as_a_table(sign_in: SignedIn) -> None:
    ana = sign_in(ANA)
    ana.patch(f"/v1/people/{BO}", json={"role": "analyst"})
    found = ana.get("/v1/audit", params={"about": f"person {BO}", "who": ANA}).json()["items"]
    assert [(one["what"], one["before"], one["after"]) for one in found] == [
        ("person.role_given", {"role": "viewer"}, {"role": "analyst"})
    ]
    table = ana.get("/v1/audit", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert rows[0]["after"] == '{"role": "analyst"}'
    assert set(rows[0]) == {"id", "at", "who", "what", "about", "before", "after"}
    assert sign_in(BO).get("/v1/audit").status_code == 403
