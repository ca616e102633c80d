"""Addresses and secrets that a caller sets: nothing inside is reached, and nothing sealed is led elsewhere."""

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from tests.app.web.conftest import KeyMaker

from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp

if TYPE_CHECKING:
    from marketmover.monitoring.notices import Notifier

MAIL = {"from": "ads@example.com", "recipients": ["ana@example.com"]}
HOOK = {"secrets": ["whsec_" + "A" * 40]}


@pytest.fixture
def owner(key: KeyMaker) -> dict[str, str]:
    return key("owner")


def put(client: TestClient, header: dict[str, str], to: str, options: dict[str, Any]) -> Any:
    body = {"routes": {"a": {"to": to, "options": options}}}
    return client.put("/v1/notices/configuration", json=body, headers=header)


def notifier(served: ServedApp) -> "Notifier":
    configuration = served.notices()
    assert configuration is not None
    return served.notifier_of(configuration)(configuration.routes["a"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_mail_set_from_afar_goes_to_no_host_inside(client: TestClient, owner: dict[str, str], host: str) -> None:
    answer = put(client, owner, "mail", {"host": host, "port": 22, **MAIL})
    assert "`host`" in answer.json()["routes"][0]["wrong"]


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1"])
def test_a_host_that_is_an_address_in_disguise_is_looked_at_when_it_is_called(
    client: TestClient, served: ServedApp, owner: dict[str, str], host: str
) -> None:
    from marketmover.connectors.notices.addresses import target_of_host
    from marketmover.errors import PlatformError

    put(client, owner, "webhook", {"url": f"https://{host}/", **HOOK})
    with pytest.raises(PlatformError, match="not on the public internet"):
        target_of_host(host, 443, ()).address()
    assert notifier(served).shown == f"webhook ({host})"


def test_the_operator_may_let_mail_set_from_afar_go_to_a_host_inside(served: ServedApp, owner: dict[str, str]) -> None:
    settings = served.settings.model_copy(update={"allowed_hosts": "Mail.Intern.Example, 127.0.0.1:2525"})
    client = TestClient(make_api(ServedApp(settings, served.records)))
    answer = put(client, owner, "mail", {"host": "127.0.0.1", "port": 2525, **MAIL})
    assert answer.json()["routes"][0]["wrong"] == ""
    answer = put(client, owner, "mail", {"host": "127.0.0.1", "port": 22, **MAIL})
    assert answer.json()["routes"][0]["wrong"] != ""


def test_a_sealed_password_is_not_sent_to_another_host_by_who_cannot_see_it(
    client: TestClient, owner: dict[str, str]
) -> None:
    own = {"host": "mail.example.com", "user": "ads", "password": "correct horse", **MAIL}
    kept = put(client, owner, "mail", own).json()["set"]["routes"]["a"]["options"]
    assert kept["password"] == "secret:a-password-0"  # noqa: S105 - the name, not the password
    assert put(client, owner, "mail", kept | {"recipients": ["bo@example.com"]}).status_code == 200
    for change in ({"host": "evil.example"}, {"port": 2525}, {"security": "none"}, {"user": "eve"}):
        refused = put(client, owner, "mail", kept | change)
        assert (refused.status_code, "sealed for another place" in refused.text) == (400, True)
    assert put(client, owner, "mail", kept | {"host": "evil.example", "password": "another"}).status_code == 200


def test_a_secret_of_the_server_cannot_be_named_from_afar(
    client: TestClient, served: ServedApp, owner: dict[str, str]
) -> None:
    served.keep_notice_secret("smtp", "of the server's own notices.toml")
    refused = put(client, owner, "mail", {"host": "evil.example", "user": "x", "password": "secret:smtp", **MAIL})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "credential",
    [
        {"url": "https://intern.example"},
        {"URL": "10.0.0.7"},
        {"token_uri": "x"},
        {"base": "https://intern.example"},
        {"json_key": '{"type": "service_account", "token_uri": "https://intern.example/token"}'},
    ],
)
def test_no_credential_from_afar_says_where_to_connect_to(
    client: TestClient, owner: dict[str, str], credential: dict[str, str]
) -> None:
    credentials = {"account_id": "1234567890", "access_token": "x", **credential}
    answer = client.post("/v1/accounts", json={"platform": "meta_ads", "credentials": credentials}, headers=owner)
    assert (answer.status_code, "where to connect to" in answer.text) == (400, True)
    assert client.get("/v1/accounts", headers=owner).json()["items"] == []


def test_one_customer_of_an_ipv6_provider_counts_as_one_place(served: ServedApp) -> None:
    from marketmover.web.limits import RateLimit, neighbourhood

    limit = RateLimit(2)
    waits = [limit.take(neighbourhood(f"2001:db8:1:2::{last:x}")) for last in range(3)]
    assert waits[:2] == [0, 0]
    assert waits[2] > 0
    assert limit.take(neighbourhood("2001:db8:1:3::1")) == 0
    del served


def test_a_table_runs_nothing_in_a_sheet_also_not_from_its_header() -> None:
    from marketmover.web import csv_answer

    rows = [{"=cmd|'/c calc'!A1": "@SUM(1)", "n": {"+x": "\n=1"}, "plain": "-", "less": -1}]
    table = bytes(csv_answer(rows, "t").body).decode()
    assert table == "'=cmd|'/c calc'!A1,n.+x,plain,less\r\n'@SUM(1),\"'\n=1\",'-,-1\r\n"
