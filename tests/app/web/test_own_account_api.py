"""One's own account over the API: name, devices, the picture for an app, and belonging nowhere."""

import base64
import re
from datetime import timedelta
from urllib.parse import unquote

from fastapi.testclient import TestClient
from tests.app.web.conftest import ANA, BO, EVE, KeyMaker, SignedIn

from marketmover.access import audit
from marketmover.access.people.service import remove_member
from marketmover.access.permissions import Asker
from marketmover.app.web.served import ServedApp
from marketmover.kit import utc_now


def sessions(browser: TestClient) -> dict[bool, str]:
    """Ids of one's sessions, by whether it is the one that asks."""
    return {one["this"]: one["id"] for one in browser.get("/v1/session/all").json()["items"]}


def test_a_name_is_changed_in_all_workspaces_and_logged_in_each(sign_in: SignedIn, served: ServedApp) -> None:
    browser = sign_in(ANA)
    before = browser.get("/v1/session/person").json()
    assert (before["email"], before["has_password"]) == (ANA, True)
    assert browser.patch("/v1/session/person", json={"name": "  Ana María "}).json()["name"] == "Ana María"
    named = {one["email"]: one["name"] for one in browser.get("/v1/people").json()["items"]}
    assert named[ANA] == "Ana María"
    with served.records.session(read_only=True) as session:
        for workspace in ("default", "other-client"):
            [entry] = audit.entries(session, workspace, what="person.renamed")
            assert (entry.before, entry.after) == ({"name": before["name"]}, {"name": "Ana María"})


def test_a_name_cannot_be_empty_or_carry_another_field(sign_in: SignedIn) -> None:
    browser = sign_in(ANA)
    for wrong in ({"name": ""}, {"name": "a\x00"}, {"name": "Ana", "email": BO}, {"name": "x" * 10_000}):
        assert browser.patch("/v1/session/person", json=wrong).status_code == 422


def test_one_device_is_signed_out_and_the_others_stay(sign_in: SignedIn) -> None:
    here, there = sign_in(ANA), sign_in(ANA)
    assert here.delete(f"/v1/session/all/{sessions(here)[False]}").status_code == 204
    assert not there.get("/v1/session").json()["signed_in"]
    assert here.get("/v1/session").json()["signed_in"]


def test_nobody_signs_out_a_device_of_somebody_else(sign_in: SignedIn) -> None:
    ana, eve = sign_in(ANA), sign_in(EVE)
    assert eve.delete(f"/v1/session/all/{sessions(ana)[True]}").status_code == 404
    assert ana.get("/v1/session").json()["signed_in"]


def test_a_key_has_no_account_of_its_own(client: TestClient, key: KeyMaker) -> None:
    shown = key("owner")
    assert client.get("/v1/session/person", headers=shown).status_code == 403
    assert client.patch("/v1/session/person", json={"name": "Ana"}, headers=shown).status_code == 403
    assert client.delete("/v1/session/all/0", headers=shown).status_code == 403
    assert client.delete("/v1/session", headers=shown).status_code == 403


def test_the_picture_for_an_app_is_a_plain_drawing_that_a_page_may_show(sign_in: SignedIn) -> None:
    begun = sign_in(ANA).post("/v1/session/totp", json={"password": "four walls and a red roof"}).json()
    kind, _, drawn = begun["qr"].partition(",")
    assert kind.startswith("data:image/svg+xml")
    drawing = base64.b64decode(drawn).decode() if kind.endswith("base64") else unquote(drawn)
    assert "<svg" in drawing
    assert not re.search(r"<script|href|onload", drawing)
    assert begun["seed"] not in drawing


def test_who_belongs_nowhere_any_more_is_told_so_and_can_sign_out(sign_in: SignedIn, served: ServedApp) -> None:
    browser = sign_in(BO)
    with served.records.session() as session:
        remove_member(session, "default", BO, by=Asker("test"), now=utc_now())
    told = browser.get("/v1/session").json()
    assert (told["signed_in"], told["name"], told["workspace"], told["permissions"]) == (True, BO, None, [])
    assert browser.get("/v1/plans").status_code == 403
    assert browser.delete("/v1/session", headers={"X-CSRF-Token": "x"}).status_code == 403
    assert browser.delete("/v1/session", headers={"X-CSRF-Token": told["csrf"]}).status_code == 204
    assert not browser.get("/v1/session").json()["signed_in"]


def test_who_belongs_nowhere_accepts_an_invitation_by_their_session(sign_in: SignedIn, served: ServedApp) -> None:
    browser, owner = sign_in(BO), sign_in(ANA)
    with served.records.session() as session:
        remove_member(session, "default", BO, by=Asker("test"), now=utc_now())
    link = owner.post("/v1/invitations", json={"email": BO, "role": "analyst"}).json()["link"]
    assert link.startswith("http://testserver/")  # where the browser that asked reaches us
    token = link.partition("#")[2]
    forged = browser.post("/v1/links/redeem", json={"token": token}, headers={"X-CSRF-Token": "x"})
    assert forged.status_code == 403
    assert browser.post("/v1/links/redeem", json={"token": token}).status_code == 200
    assert browser.get("/v1/session").json()["workspace"] == "default"


def test_signing_out_takes_somebody_who_is_signed_in(client: TestClient) -> None:
    assert client.delete("/v1/session").status_code == 401
    client.cookies.set("marketmover", "made-up")
    assert client.delete("/v1/session").status_code == 401


def test_the_log_is_searched_by_what_was_done_and_when(sign_in: SignedIn, client: TestClient, key: KeyMaker) -> None:
    sign_in(ANA).put("/v1/roles/planner", json={"permissions": ["plans:read"]})
    shown = key("audit:read")

    def found(**asked: str) -> set[str]:
        answer = client.get("/v1/audit", params=asked, headers=shown)
        assert answer.status_code == 200, answer.text
        return {entry["what"] for entry in answer.json()["items"]}

    assert found(what="role") == {"role.made"}
    assert found(what="role.made") == {"role.made"}
    assert found(what="rol") == found(what="%") == set()
    soon = (utc_now() + timedelta(hours=1)).isoformat()
    assert found(since=soon) == set()
    assert "role.made" in found(until=soon)
    assert client.get("/v1/audit", params={"since": "2026-01-01T00:00:00"}, headers=shown).status_code == 422
