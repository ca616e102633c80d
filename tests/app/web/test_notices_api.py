"""`/v1/notices`: who is told of what, set from afar; secrets are sealed, and the server's own files stay its own."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.app.web.conftest import OTHER

from marketmover.jobs import Done, run_tasks
from marketmover.kit import utc_now
from marketmover.monitoring.notices import Notice, notify

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from marketmover.app.web.served import ServedApp

KeyMaker = Callable[..., dict[str, str]]
HOOK = "https://hooks.slack.com/services/T0/B0/very-secret"
SET: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "routes": {
        "team": {"to": "slack", "from_severity": "warning", "quiet": "22:00-07:00", "options": {"url": HOOK}},
        "log": {"to": "log"},
    },
}


@pytest.fixture
def owner(key: KeyMaker) -> dict[str, str]:
    return key("owner")


def put(client: "TestClient", header: dict[str, str], body: dict[str, Any]) -> Any:
    return client.put("/v1/notices/configuration", json=body, headers=header)


def test_who_is_told_is_set_and_its_secrets_never_come_out(
    client: "TestClient", served: "ServedApp", owner: dict[str, str]
) -> None:
    answer = put(client, owner, SET)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["source"], shown["set"]["routes"]["team"]["options"]) == ("api", {"url": "secret:team-url-0"})
    assert {one["route"]: one["wrong"] for one in shown["routes"]} == {"team": "", "log": ""}
    log = client.get("/v1/notices/configuration", headers=owner)
    assert "very-secret" not in answer.text + log.text
    configuration = served.notices()
    assert configuration is not None
    assert configuration.routes["team"].from_severity == "warning"
    again = put(client, owner, shown["set"])
    assert again.json()["set"] == shown["set"]
    assert [one["wrong"] for one in again.json()["routes"]] == ["", ""]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"file": "/etc/cron.d/x"}, "names a file"),
        ({"ca_file": "/etc/shadow"}, "names a file"),
        ({"url": "env:MARKETMOVER_SECRET_KEY"}, "names a variable"),
        ({"secrets": ["x", "env:HOME"]}, "names a variable"),
    ],
)
def test_what_is_the_servers_own_cannot_be_named_from_afar(
    client: "TestClient", owner: dict[str, str], options: dict[str, Any], why: str
) -> None:
    answer = put(client, owner, {"routes": {"a": {"to": "log", "options": options}}})
    assert answer.status_code == 400
    assert why in answer.json()["detail"]
    assert client.get("/v1/notices/configuration", headers=owner).json()["source"] == "none"


@pytest.mark.parametrize(
    "body",
    [
        {"routes": {}},
        {"routes": {"A B": {"to": "log"}}},
        {"routes": {"a": {"to": "log", "quiet": "always"}}},
        {"routes": {"a": {"to": "log"}}, "time_zone": "Mars/Olympus"},
        {"routes": {"a": {"to": "log"}}, "allow_hosts": ["169.254.169.254"]},
        {"routes": {"a": {"to": "log"}}, "watch": {"plan": "/"}},
        {"routes": {"a": {"to": "log"}}, "link": "javascript:alert(1)"},
    ],
)
def test_what_cannot_be_used_is_refused(client: "TestClient", owner: dict[str, str], body: dict[str, Any]) -> None:
    assert put(client, owner, body).status_code == 422


def test_an_address_in_a_private_network_is_told_to_be_wrong(client: "TestClient", owner: dict[str, str]) -> None:
    body = {"routes": {"a": {"to": "webhook", "options": {"url": "http://169.254.169.254/", "secrets": ["whsec_x"]}}}}
    answer = put(client, owner, body)
    assert answer.status_code == 200
    assert answer.json()["routes"][0]["wrong"] != ""


def test_the_file_on_the_server_holds_where_nothing_was_set(
    client: "TestClient", served: "ServedApp", owner: dict[str, str]
) -> None:
    served.notices_file.write_text('[routes.ours]\nto = "log"\n', encoding="utf-8")
    shown = client.get("/v1/notices/configuration", headers=owner).json()
    assert (shown["source"], shown["set"], shown["routes"][0]["route"]) == ("file", None, "ours")
    put(client, owner, SET)
    assert client.delete("/v1/notices/configuration", headers=owner).status_code == 204
    assert client.get("/v1/notices/configuration", headers=owner).json()["source"] == "file"
    assert client.delete("/v1/notices/configuration", headers=owner).status_code == 404


def test_a_test_goes_out_by_a_job(
    client: "TestClient", served: "ServedApp", owner: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/v1/notices/routes/log/test", headers=owner).status_code == 404
    put(client, owner, SET)
    job = client.post("/v1/notices/routes/log/test", headers=owner)
    assert job.status_code == 202
    stop = threading.Event()

    def tell(done: Done) -> None:
        del done
        stop.set()

    with caplog.at_level("INFO"):
        run_tasks(stop, served.records, served.works(), tell=tell)
    result = client.get(f"/v1/jobs/{job.json()['id']}/result", headers=owner).json()["result"]
    assert result["route"] == "log"


def test_what_became_of_notices_is_listed_and_tried_again(
    client: "TestClient", served: "ServedApp", owner: dict[str, str], key: KeyMaker
) -> None:
    put(client, owner, SET)
    configuration = served.notices()
    assert configuration is not None
    with served.records.session() as session:
        notices = [
            Notice(severity="critical", title=f"Notice {at}", body="b", key=f"k{at}", kind="x") for at in range(3)
        ]
        notify(session, "default", notices, [configuration.routes["log"]], utc_now())
    first = client.get("/v1/notices/deliveries", params={"limit": 2}, headers=owner).json()
    rest = client.get("/v1/notices/deliveries", params={"cursor": first["next"]}, headers=owner).json()
    assert {one["title"] for one in first["items"] + rest["items"]} == {"Notice 0", "Notice 1", "Notice 2"}
    assert client.get("/v1/notices/deliveries", params={"state": "dead"}, headers=owner).json()["items"] == []
    assert client.post("/v1/notices/deliveries/retry", json={}, headers=owner).json() == {"deliveries": 0}
    other = key("owner", workspace=OTHER)
    assert client.get("/v1/notices/deliveries", headers=other).json()["items"] == []
    assert client.get("/v1/notices/configuration", headers=other).json()["source"] == "none"


def test_settings_are_told_without_secrets(client: "TestClient", owner: dict[str, str]) -> None:
    rows = client.get("/v1/settings", params={"limit": 500}, headers=owner).json()["items"]
    by_name = {row["name"]: row for row in rows}
    assert by_name["MARKETMOVER_RATE_LIMIT"]["value"] == 6_000
    assert (by_name["MARKETMOVER_SECRET_KEY"]["secret"], by_name["MARKETMOVER_SECRET_KEY"]["value"]) == (True, None)
    assert (by_name["MARKETMOVER_HOME"]["is_set"], by_name["MARKETMOVER_HOME"]["value"]) == (True, None)
    assert all(row["value"] is None for row in rows if "URL" in row["name"] or "KEY" in row["name"])


def test_the_file_of_one_workspace_tells_another_nothing(
    client: "TestClient", served: "ServedApp", key: KeyMaker, owner: dict[str, str]
) -> None:
    (served.settings.home / "notices.toml").write_text('[routes.log]\nto = "log"\n')
    others = key("owner", workspace=OTHER)
    assert client.get("/v1/notices/configuration", headers=owner).json()["source"] == "file"
    assert client.get("/v1/notices/configuration", headers=others).json()["source"] == "none"
    assert served.of(OTHER).notices() is None
    (served.settings.home / f"notices-{OTHER}.toml").write_text('[routes.theirs]\nto = "log"\n')
    assert [one["route"] for one in client.get("/v1/notices/configuration", headers=others).json()["routes"]] == [
        "theirs"
    ]
