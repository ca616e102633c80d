"""Signing in over HTTP: cookies, CSRF, one-time links, the second factor; and what other websites cannot do."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pyotp.totp import TOTP
from tests.app.web.conftest import ANA, BO, EVE, OTHER, PASSWORD, KeyMaker, SignedIn

from marketmover.access import Rules, first_link
from marketmover.access.links.service import invite
from marketmover.access.permissions import ALL, Asker
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.kit import utc_now
from marketmover.settings import Settings


def first_token(served: ServedApp) -> str:
    with served.records.session() as session:
        address = first_link(session, "default", "http://testserver", utc_now())
    assert address is not None
    return address.partition("#")[2]


def test_from_the_first_link_to_an_owner_who_is_signed_in(served: ServedApp, client: TestClient) -> None:
    token = first_token(served)
    told = client.post("/v1/links/look", json={"token": token}).json()
    assert (told["purpose"], told["workspace"], told["email"], told["known"]) == ("owner", "default", "", False)
    asked = {"token": token, "email": ANA, "name": "Ana", "password": PASSWORD}
    done = client.post("/v1/links/redeem", json=asked)
    assert done.status_code == 200, done.text
    assert done.headers["cache-control"] == "no-store"
    me = client.get("/v1/session").json()
    assert (me["name"], me["workspace"], set(me["permissions"])) == (ANA, "default", ALL)
    assert me["csrf"] == done.json()["csrf"]
    assert client.post("/v1/links/redeem", json=asked | {"email": BO}).status_code in {403, 404}
    with TestClient(client.app) as other:
        assert other.post("/v1/links/redeem", json=asked | {"email": BO}).status_code == 404


def test_the_page_of_a_link_runs_nothing_but_its_own_script_and_sends_no_referrer(
    served: ServedApp, tmp_path: Path
) -> None:
    without_dashboard = make_api(served, built=tmp_path)
    answer = TestClient(without_dashboard).get("/v1/links/page")
    policy = answer.headers["content-security-policy"]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}'", policy)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "://" not in answer.text  # nothing comes from elsewhere
    assert not re.search(r"\son\w+=|style=|innerHTML", answer.text)


def test_nobody_is_told_to_be_nobody(client: TestClient) -> None:
    answer = client.get("/v1/session").json()
    assert (answer["signed_in"], answer["permissions"], answer["csrf"]) == (False, [], None)


def test_a_key_is_told_what_it_is_and_has_no_session(client: TestClient, key: KeyMaker) -> None:
    shown = key("plans:read")
    me = client.get("/v1/session", headers=shown).json()
    assert (me["kind"], me["permissions"], me["csrf"], me["workspaces"]) == ("key", ["plans:read"], None, [])
    for method, path, body in (
        ("DELETE", "/v1/session", None),
        ("PATCH", "/v1/session", {"workspace": OTHER}),
        ("GET", "/v1/session/all", None),
        ("GET", "/v1/session/totp", None),
        ("POST", "/v1/session/totp", {"password": "x"}),
        ("POST", "/v1/session/password", {"password": "x", "new_password": PASSWORD}),
    ):
        assert client.request(method, path, json=body, headers=shown).status_code == 403, path


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, people: None) -> None:
    del people
    answer = client.post("/v1/session", json={"email": ANA, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"marketmover=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=strict", cookie), cookie
    assert answer.headers["cache-control"] == "no-store"
    assert PASSWORD not in answer.text


def test_by_https_the_cookie_goes_by_https_alone_and_no_other_name_is_taken(served: ServedApp, people: None) -> None:
    del people
    settings = served.settings.model_copy(update={"public_url": "https://mm.example.com"})
    secure = TestClient(make_api(ServedApp(settings, served.records)), base_url="https://mm.example.com")
    answer = secure.post("/v1/session", json={"email": ANA, "password": PASSWORD})
    assert re.match(r"__Host-marketmover=[\w-]{43};.*; Secure", answer.headers["set-cookie"])
    token = secure.cookies["__Host-marketmover"]
    secure.cookies.clear()
    # what a neighbouring host can plant is the name without the prefix
    assert not secure.get("/v1/session", headers={"Cookie": f"marketmover={token}"}).json()["signed_in"]
    assert secure.get("/v1/session", headers={"Cookie": f"__Host-marketmover={token}"}).json()["signed_in"]


def test_a_planted_session_is_not_the_one_that_somebody_signs_in_to(served: ServedApp, sign_in: SignedIn) -> None:
    planted = sign_in(EVE).cookies["marketmover"]
    victim = TestClient(make_api(served), cookies={"marketmover": planted})
    answer = victim.post("/v1/session", json={"email": ANA, "password": PASSWORD})
    fresh = re.findall(r"marketmover=([\w-]+)", answer.headers["set-cookie"])[0]
    assert fresh != planted
    asks = TestClient(make_api(served), cookies={"marketmover": planted})
    assert not asks.get("/v1/session").json()["signed_in"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_other_websites_page_signs_a_browser_in(client: TestClient, people: None, headers: dict[str, str]) -> None:
    del people
    asked = {"email": EVE, "password": PASSWORD}
    assert client.post("/v1/session", json=asked, headers=headers).status_code == 403
    redeem = {"token": "A" * 43, "password": PASSWORD}
    assert client.post("/v1/links/redeem", json=redeem, headers=headers).status_code == 403
    assert client.post("/v1/session", json=asked, headers={"Origin": "http://testserver"}).status_code == 200


def test_a_form_of_another_website_is_no_json(client: TestClient, people: None) -> None:
    del people
    body = '{"email": "eve@example.com", "password": "four walls and a red roof"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert client.post("/v1/session", content=body, headers={"Content-Type": kind}).status_code == 422


def test_with_the_cookie_alone_nothing_changes(sign_in: SignedIn) -> None:
    browser = sign_in(ANA)
    del browser.headers["X-CSRF-Token"]
    for csrf in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": sign_in(ANA).headers["X-CSRF-Token"]}):
        answer = browser.put("/v1/roles/planner", json={"permissions": ["plans:read"]}, headers=csrf)
        assert answer.status_code == 403
        assert "CSRF" in answer.json()["detail"]
    assert browser.get("/v1/people").status_code == 200


def test_wrong_and_unknown_are_told_alike_and_too_many_are_told_to_wait(client: TestClient, people: None) -> None:
    del people
    told = {
        client.post("/v1/session", json={"email": email, "password": "not the password"}).json()["detail"]
        for email in (ANA, "nobody@example.com", "no e-mail")
    }
    assert len(told) == 1
    answers = [client.post("/v1/session", json={"email": ANA, "password": f"wrong {n}"}) for n in range(6)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 30


def test_signing_out_here_and_everywhere(sign_in: SignedIn) -> None:
    one, two, three = sign_in(ANA), sign_in(ANA), sign_in(ANA)
    listed = one.get("/v1/session/all").json()["items"]
    assert [session["this"] for session in listed].count(True) == 1
    assert len(listed) == 3
    kept = dict(one.cookies)
    answer = one.delete("/v1/session")
    assert answer.status_code == 204
    assert 'marketmover=""' in answer.headers["set-cookie"]
    assert not TestClient(one.app, cookies=kept).get("/v1/session").json()["signed_in"]
    assert two.delete("/v1/session", params={"everywhere": True}).status_code == 204
    assert not three.get("/v1/session").json()["signed_in"]


def test_a_workspace_is_chosen_for_the_session_or_named_by_the_request(sign_in: SignedIn) -> None:
    browser = sign_in(ANA)
    me = browser.get("/v1/session").json()
    assert [place["id"] for place in me["workspaces"]] == ["default", OTHER]
    there = browser.get("/v1/session", headers={"Marketmover-Workspace": OTHER}).json()
    assert there["workspace"] == OTHER
    assert "people:write" not in there["permissions"]
    assert browser.patch("/v1/session", json={"workspace": OTHER}).status_code == 200
    assert browser.get("/v1/session").json()["workspace"] == OTHER
    assert browser.get("/v1/people").status_code == 403
    assert sign_in(BO).patch("/v1/session", json={"workspace": OTHER}).status_code == 404
    assert sign_in(BO).get("/v1/session", headers={"Marketmover-Workspace": OTHER}).status_code == 404


def test_a_new_password_ends_every_other_session(sign_in: SignedIn) -> None:
    here, there = sign_in(ANA), sign_in(ANA)
    new = "another wall and a blue roof"
    assert here.post("/v1/session/password", json={"password": "wrong one", "new_password": new}).status_code == 401
    assert here.post("/v1/session/password", json={"password": PASSWORD, "new_password": "short"}).status_code == 400
    answer = here.post("/v1/session/password", json={"password": PASSWORD, "new_password": new})
    assert answer.status_code == 200
    here.headers["X-CSRF-Token"] = answer.json()["csrf"]
    assert here.get("/v1/session").json()["signed_in"]
    assert not there.get("/v1/session").json()["signed_in"]


def test_the_second_factor_from_beginning_to_end(sign_in: SignedIn, served: ServedApp) -> None:
    browser = sign_in(ANA)
    assert browser.post("/v1/session/totp", json={"password": "not the password"}).status_code == 401
    begun = browser.post("/v1/session/totp", json={"password": PASSWORD})
    assert begun.headers["cache-control"] == "no-store"
    totp = TOTP(begun.json()["seed"])
    confirmed = browser.post("/v1/session/totp/confirm", json={"code": totp.at(utc_now())})
    assert confirmed.status_code == 200, confirmed.text
    codes = confirmed.json()["recovery_codes"]
    assert browser.get("/v1/session/totp").json() == {"on": True, "recovery_codes_left": 10}
    other = TestClient(make_api(served))
    without = other.post("/v1/session", json={"email": ANA, "password": PASSWORD})
    assert without.status_code == 401
    assert without.json()["type"].endswith("second-factor")
    ahead = totp.at(utc_now() + timedelta(seconds=30))
    shown = {"email": ANA, "password": PASSWORD, "code": ahead}
    assert other.post("/v1/session", json=shown).status_code == 200
    assert TestClient(make_api(served)).post("/v1/session", json=shown).status_code == 401
    off = {"password": PASSWORD, "code": codes[0]}
    assert browser.post("/v1/session/totp/off", json=off).status_code == 204
    sign_in(ANA)


def test_fields_that_a_form_does_not_have_are_refused(client: TestClient, served: ServedApp, people: None) -> None:
    del people
    asked = {"token": first_token_for(served), "password": PASSWORD}
    for more in ({"role": "owner"}, {"workspace": OTHER}, {"person_id": "x"}, {"forgets_totp": True}):
        assert client.post("/v1/links/redeem", json=asked | more).status_code == 422
    more = {"email": ANA, "password": PASSWORD, "way": "oidc"}
    assert client.post("/v1/session", json=more).status_code == 422


def first_token_for(served: ServedApp) -> str:
    with served.records.session() as session:
        return invite(session, "default", "cy@example.com", "viewer", by=Asker("test"), now=utc_now())[1]


def test_an_account_that_exists_joins_by_its_session(served: ServedApp, sign_in: SignedIn) -> None:
    with served.records.session() as session:
        token = invite(session, OTHER, BO, "viewer", by=Asker("test"), now=utc_now())[1]
    eve, bo = sign_in(EVE), sign_in(BO)
    assert eve.post("/v1/links/redeem", json={"token": token}).status_code == 401
    without = dict(bo.headers)
    bo.headers.pop("X-CSRF-Token")
    assert bo.post("/v1/links/redeem", json={"token": token}).status_code == 403
    bo.headers["X-CSRF-Token"] = without["x-csrf-token"]
    assert bo.post("/v1/links/redeem", json={"token": token}).status_code == 200
    assert {place["id"] for place in bo.get("/v1/session").json()["workspaces"]} == {"default", OTHER}


def test_no_token_password_or_key_comes_into_the_log(
    served: ServedApp, sign_in: SignedIn, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    browser = sign_in(ANA)
    link = browser.post("/v1/invitations", json={"email": "cy@example.com", "role": "viewer"}).json()["link"]
    made = browser.post("/v1/keys", json={"name": "nightly", "scopes": ["read"]}).json()["key"]
    token = link.partition("#")[2]
    TestClient(make_api(served)).post("/v1/links/redeem", json={"token": token, "password": "another wall and roof"})
    browser.post("/v1/session/password", json={"password": "hush hush hush", "new_password": PASSWORD})
    log = browser.get("/v1/audit", params={"limit": 500}).text
    written = caplog.text + "".join(capfd.readouterr()) + log
    for secret in (token, made, made[20:], browser.cookies["marketmover"], browser.headers["X-CSRF-Token"]):
        assert secret not in written
    for secret in (PASSWORD, "another wall and roof", "hush hush hush"):
        assert secret not in written


def test_rules_follow_from_the_settings(served: ServedApp) -> None:
    assert served.rules == Rules()
    settings = Settings(
        home=served.settings.home, session_hours=2, session_idle_hours=1, public_url="https://m.example/"
    )
    rules = ServedApp(settings, served.records).rules
    assert (rules.lasts, rules.idle, rules.base_url) == (timedelta(hours=2), timedelta(hours=1), "https://m.example")
