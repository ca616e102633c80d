"""Signing in at an OpenID provider, against one that the test serves; and what must not get anybody in."""

from collections.abc import Generator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from openid_provider import CLIENT, SECRET, Provider, serving
from pydantic import SecretStr
from tests.app.web.conftest import ANA, BO, PASSWORD, SignedIn

from marketmover.access.people.service import find_member, person_by_email
from marketmover.access.records import OidcRow, PersonRow
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.errors import SettingsError
from marketmover.kit import utc_now
from marketmover.settings import Settings


@pytest.fixture
def provider() -> Generator[Provider]:
    with serving() as there:
        yield there


def browser(served: ServedApp, provider: Provider, **settings: Any) -> TestClient:
    """A browser before an installation that knows the provider."""
    chosen = Settings(
        home=served.settings.home,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        **settings,
    )
    api = make_api(ServedApp(chosen, served.records))
    return TestClient(api, raise_server_exceptions=False, follow_redirects=False)


def began(client: TestClient, **parameters: str) -> str:
    """Where the browser is sent to."""
    answer = client.get("/v1/session/oidc", params=parameters)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def came_back(address: str, **changed: str) -> str:
    """Where the provider sends the browser, with what a stranger changed in it."""
    back = urlsplit(httpx.get(address).headers["location"])
    parameters = {name: value for name, value in (dict(parse_qsl(back.query)) | changed).items() if value}
    return f"{back.path}?{urlencode(parameters)}"


def refused(client: TestClient, path: str, status: int = 401) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert "marketmover=" not in answer.headers.get("set-cookie", "").replace("marketmover-oidc=", "")
    assert not client.get("/v1/session").json()["signed_in"]
    return answer.json()["detail"]


def test_who_is_known_by_a_verified_email_comes_in(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    client = browser(served, provider)
    assert client.get("/v1/session").json()["oidc"]
    answer = client.get(came_back(began(client, return_to="/plans?of=shop")))
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/plans?of=shop"
    me = client.get("/v1/session").json()
    assert (me["name"], me["workspace"]) == (ANA, "default")
    with served.records.session() as session:
        assert session.query(OidcRow).count() == 0


def test_afterwards_they_are_known_by_what_the_provider_calls_them(
    served: ServedApp, provider: Provider, people: None
) -> None:
    """An e-mail may pass on to somebody else at the provider; the account does not pass on with it."""
    del people
    first = browser(served, provider)
    first.get(came_back(began(first)))
    provider.person |= {"email": BO}
    renamed = browser(served, provider)
    renamed.get(came_back(began(renamed)))
    assert renamed.get("/v1/session").json()["name"] == ANA


def test_a_password_that_somebody_else_may_have_set_is_forgotten(
    served: ServedApp, provider: Provider, sign_in: SignedIn
) -> None:
    squatter = sign_in(ANA)
    client = browser(served, provider)
    client.get(came_back(began(client)))
    assert not squatter.get("/v1/session").json()["signed_in"]
    answer = squatter.post("/v1/session", json={"email": ANA, "password": PASSWORD})
    assert answer.status_code == 401
    assert client.get("/v1/session").json()["signed_in"]


def test_an_email_that_is_not_verified_opens_nothing(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    client = browser(served, provider)
    for verified in (False, None, "false", 1, "yes"):
        provider.person["email_verified"] = verified
        assert "e-mail" in refused(client, came_back(began(client)))


def test_whom_nobody_invited_comes_in_by_the_settings_alone(served: ServedApp, provider: Provider) -> None:
    provider.person = {"sub": "u-9", "email": "new@shop.example", "email_verified": True, "name": "New"}
    closed = browser(served, provider)
    assert "not invited" in refused(closed, came_back(began(closed)), 403)
    narrow = browser(served, provider, oidc_role="viewer", oidc_domains="other.example, EXAMPLE.com")
    assert "not invited" in refused(narrow, came_back(began(narrow)), 403)
    with served.records.session() as session:
        assert person_by_email(session, "new@shop.example") is None
    client = browser(served, provider, oidc_role="viewer", oidc_domains="@shop.example")
    assert client.get(came_back(began(client))).status_code == 303
    with served.records.session() as session:
        member = find_member(session, "default", "new@shop.example")
        assert (member.role, member.name) == ("viewer", "New")
        assert session.get_one(PersonRow, member.id).password is None


def test_who_is_disabled_stays_out(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    with served.records.session() as session:
        person = person_by_email(session, ANA)
        assert person is not None
        person.disabled_at = utc_now()
    client = browser(served, provider)
    assert "disabled" in refused(client, came_back(began(client)), 403)


def test_another_browser_cannot_end_what_this_one_began(served: ServedApp, provider: Provider, people: None) -> None:
    """Else somebody could have a victim's browser sign in to the attacker's account."""
    del people
    mine, victim = browser(served, provider), browser(served, provider)
    path = came_back(began(mine))
    assert "another browser" in refused(victim, path)
    began(victim)
    path = came_back(began(mine))
    assert "another browser" in refused(victim, path)


def test_a_state_is_good_for_once(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    client = browser(served, provider)
    address = began(client)
    path = came_back(address)
    assert client.get(path).status_code == 303
    client.cookies.delete("marketmover")
    refused(client, path)
    refused(client, "/v1/session/oidc/callback?state=made-up&code=x")
    refused(client, "/v1/session/oidc/callback")


def test_a_sign_in_that_took_too_long_is_none(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    client = browser(served, provider)
    address = began(client)
    with served.records.session() as session:
        session.query(OidcRow).update({"expires_at": utc_now()})
    refused(client, came_back(address))


def test_an_answer_of_another_provider_is_not_taken_for_ours(
    served: ServedApp, provider: Provider, people: None
) -> None:
    del people
    client = browser(served, provider)
    assert "not the answer" in refused(client, came_back(began(client), iss="https://evil.example"))
    provider.document = {"authorization_response_iss_parameter_supported": True}
    assert "not the answer" in refused(client, came_back(began(client), iss=""))


def test_a_stolen_code_is_of_no_use_to_another_sign_in(served: ServedApp, provider: Provider, people: None) -> None:
    """PKCE: the code belongs to who began with it."""
    del people
    victim, thief = browser(served, provider), browser(served, provider)
    code = dict(parse_qsl(urlsplit(came_back(began(victim))).query))["code"]
    assert "does not take the code" in refused(thief, came_back(began(thief), code=code))


def test_what_the_provider_refuses_is_told(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    client = browser(served, provider)
    refused(client, came_back(began(client), code="", error="access_denied"))
    assert "does not take" in refused(client, came_back(began(client), code="made-up"))


_NOT_FOR_US_NOW: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "another-client"},
    {"aud": [CLIENT, "another-client"]},
    {"aud": [CLIENT, "another-client"], "azp": "another-client"},
    {"azp": "another-client"},
    {"aud": None},
    {"iss": "https://evil.example"},
    {"iss": None},
    {"exp": 1},
    {"exp": None},
    {"exp": "9999999999"},
    {"exp": True},
    {"iat": 9_999_999_999},
    {"iat": None},
    {"sub": ""},
    {"sub": None},
    {"sub": "x" * 256},
    {"email": None},
]


def test_a_token_that_is_not_for_us_now_opens_nothing(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    client = browser(served, provider)
    for claims in _NOT_FOR_US_NOW:
        provider.claims = claims
        refused(client, came_back(began(client)))


def test_a_token_for_us_and_others_names_us_as_its_party(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    provider.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    client = browser(served, provider)
    assert client.get(came_back(began(client))).status_code == 303


@pytest.mark.parametrize("trouble", ["none", "HS256", "foreign"])
def test_a_token_that_the_providers_keys_did_not_sign_opens_nothing(
    served: ServedApp, provider: Provider, people: None, trouble: str
) -> None:
    del people
    provider.algorithm = "RS256" if trouble == "foreign" else trouble
    provider.foreign_key = trouble == "foreign"
    client = browser(served, provider)
    assert "not signed" in refused(client, came_back(began(client)))


_UNSAFE: list[dict[str, Any]] = [
    {"issuer": "https://evil.example"},
    {"token_endpoint": "http://192.0.2.1/token"},
    {"jwks_uri": "file:///etc/passwd"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"token_endpoint": None},
]


def test_a_provider_that_leads_elsewhere_is_not_followed(served: ServedApp, provider: Provider) -> None:
    client = browser(served, provider)
    for document in _UNSAFE:
        provider.document = document
        answer = client.get("/v1/session/oidc")
        assert answer.status_code == 502
        assert "location" not in answer.headers


def test_redirects_of_the_provider_are_not_followed(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    provider.redirect_keys = True
    client = browser(served, provider)
    assert "302" in refused(client, came_back(began(client)), 502)


def test_a_provider_that_cannot_be_reached_is_named(served: ServedApp, provider: Provider) -> None:
    provider.issuer = "http://127.0.0.1:9"
    answer = browser(served, provider).get("/v1/session/oidc")
    assert answer.status_code == 502
    assert "127.0.0.1:9" in answer.json()["detail"]
    assert SECRET not in answer.text


def test_nobody_is_sent_on_to_another_website(served: ServedApp, provider: Provider, people: None) -> None:
    del people
    client = browser(served, provider)
    for path in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = client.get(came_back(began(client, return_to=path)))
        assert answer.headers["location"] == "/"


def test_the_cookie_of_a_sign_in_under_way_comes_back_from_the_provider_and_goes(
    served: ServedApp, provider: Provider, people: None
) -> None:
    del people
    client = browser(served, provider)
    answer = client.get("/v1/session/oidc")
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    done = client.get(came_back(answer.headers["location"]))
    cookies = done.headers.get_list("set-cookie")
    assert any(one.startswith('marketmover-oidc=""') for one in cookies)
    assert any(one.startswith("marketmover=") and "SameSite=strict" in one for one in cookies)


def test_without_a_provider_there_is_no_such_way_in(client: TestClient) -> None:
    assert client.get("/v1/session/oidc").status_code == 404
    assert client.get("/v1/session/oidc/callback?state=x&code=y").status_code == 404


def test_settings_that_cannot_work_are_named() -> None:
    with pytest.raises(SettingsError, match="OIDC_CLIENT_ID"):
        _ = ServedApp(Settings(oidc_issuer="https://id.example"), None).rules  # pyright: ignore[reportArgumentType] - no records are needed
    for wrong in ({"oidc_issuer": "http://id.example"}, {"public_url": "mm.example"}, {"public_url": "https://x/y"}):
        with pytest.raises(ValueError, match="https://HOST"):
            Settings(**wrong)  # pyright: ignore[reportArgumentType] - texts, as the environment gives them


def test_a_browser_that_is_not_let_in_is_told_so_on_the_sign_in_page(
    served: ServedApp, provider: Provider, people: None
) -> None:
    del people
    client = browser(served, provider)
    path = came_back(began(client), code="", error="access_denied")
    answer = client.get(path, headers={"Accept": "text/html,*/*"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    cookie = answer.headers["set-cookie"]
    assert "Path=/sign-in" in cookie
    assert "did not let you in" in unquote(cookie)
    assert not client.get("/v1/session").json()["signed_in"]
