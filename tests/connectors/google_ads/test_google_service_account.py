"""A Google Ads account opened by the key of a service account, whose signature the sandbox checks."""

import json
from typing import Any

import httpx
import pytest
from google_sandbox import Sandbox

from marketmover.connectors.google_ads.session import GoogleSession
from marketmover.errors import InputError, PlatformError

CAMPAIGNS = "SELECT campaign.id, campaign.name FROM campaign"
_PERSONS = {"client_id", "client_secret", "refresh_token"}


def made_key(common: Sandbox) -> dict[str, str]:
    address = f"{common.servers.told()['control']}/service-account"
    return httpx.post(address, json={}, trust_env=False).raise_for_status().json()["json_key"]


def opened(common: Sandbox, key: Any, **more: str) -> GoogleSession:
    shared = {name: value for name, value in common.credentials.items() if name not in _PERSONS}
    text = key if isinstance(key, str) else json.dumps(key)
    return GoogleSession({**shared, "json_key": text, **more}, pause=common.waits.append)


def test_a_service_accounts_key_opens_the_account_and_its_token_is_renewed(common: Sandbox) -> None:
    session = opened(common, made_key(common), impersonated_email="ana@example.com")
    first = session.rows(CAMPAIGNS, "campaigns")
    assert first
    common.servers.account.tokens.expire()
    assert session.rows(CAMPAIGNS, "campaigns") == first
    session.close()


def test_a_key_that_was_replaced_opens_nothing_and_is_not_shown(common: Sandbox) -> None:
    former = made_key(common)
    current = made_key(common)
    for wrong in (former, {**former, "private_key_id": current["private_key_id"]}):
        session = opened(common, wrong)
        with pytest.raises(PlatformError) as caught:
            session.rows(CAMPAIGNS, "campaigns")
        assert caught.value.kind == "expired"
        assert former["private_key"].splitlines()[1] not in str(caught.value)
        session.close()


@pytest.mark.parametrize("elsewhere", ["https://oauth2.example.com/token", "http://localhost@evil.example/token"])
def test_a_key_that_leads_elsewhere_than_to_google_is_never_used(common: Sandbox, elsewhere: str) -> None:
    with pytest.raises(InputError, match="leads elsewhere"):
        opened(common, {**made_key(common), "token_uri": elsewhere})


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ({"type": "authorized_user"}, "'authorized_user'"),
        ({"type": "service_account", "client_email": "a@b.c"}, "lacks private_key, token_uri"),
    ],
)
def test_what_is_no_service_accounts_key_is_refused_with_what_to_do(common: Sandbox, key: Any, why: str) -> None:
    with pytest.raises(InputError, match=why):
        opened(common, key)


def test_a_private_key_that_cannot_be_read_is_told_without_it(common: Sandbox) -> None:
    session = opened(common, {**made_key(common), "private_key": "-----BEGIN PRIVATE KEY-----\nabc\n"})
    with pytest.raises(InputError, match="private key cannot be read"):
        session.rows(CAMPAIGNS, "campaigns")
    session.close()


def test_nothing_that_opens_it_is_told_as_missing_with_both_ways(common: Sandbox) -> None:
    shared = {name: value for name, value in common.credentials.items() if name not in _PERSONS}
    with pytest.raises(InputError, match=r"client_id, client_secret, refresh_token are missing.*json_key"):
        GoogleSession(shared)
