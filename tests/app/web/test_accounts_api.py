"""`/v1/accounts` and `/v1/pulls`: accounts connected from afar, their credentials sealed, their exports pulled."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from tests.app.web.conftest import OTHER
from tests.monitoring.running_lines import FIRST, HISTORY, LIVE, PanelExports, panel_of, planted

from marketmover.app.accounts.asking import asked_within
from marketmover.app.web.api import make_api
from marketmover.errors import PlatformError
from marketmover.history.pulls import SourceAccount
from marketmover.jobs import Done, run_tasks

if TYPE_CHECKING:
    from marketmover.app.web.served import ServedApp

KeyMaker = Callable[..., dict[str, str]]
UNTIL = 9  # live days that were pulled: the trouble began on the sixth
SEALED = "very-secret"
ADD: dict[str, Any] = {"platform": "meta_ads", "credentials": {"account_id": "act_1", "access_token": SEALED}}


@pytest.fixture
def owner(key: KeyMaker) -> dict[str, str]:
    return key("owner")


@pytest.fixture
def platform(served: "ServedApp", monkeypatch: pytest.MonkeyPatch) -> PanelExports:
    """The platform behind Meta's door: an account whose days are a panel's, one of two lines in trouble."""
    exports = PanelExports(panel_of(lines=4, factors=planted("ctr", [3], 5, LIVE, 0.3, lines=4)), UNTIL)

    def check(self: object, platform: str, credentials: Mapping[str, str]) -> SourceAccount:
        del self, platform
        if credentials["access_token"] != SEALED:
            raise PlatformError("Meta does not take the access token.", "Make a new one.", kind="refused")
        return exports.account()

    monkeypatch.setattr(type(served), "check_account", check)
    monkeypatch.setattr(type(served), "exports_of", lambda *_: exports)
    return exports


def add(client: TestClient, header: dict[str, str], **changes: Any) -> Any:
    return client.post("/v1/accounts", json=ADD | changes, headers=header)


def do(client: TestClient, served: "ServedApp", header: dict[str, str], answer: Any) -> dict[str, Any]:
    """Do the job that was answered; what came of it."""
    assert answer.status_code == 202, answer.text
    stop = threading.Event()

    def tell(done: Done) -> None:
        del done
        stop.set()

    run_tasks(stop, served.records, served.works(), tell=tell)
    result = client.get(f"/v1/jobs/{answer.json()['id']}/result", headers=header)
    assert result.status_code == 200, result.text
    return result.json()["result"]


@pytest.mark.usefixtures("platform")
def test_an_account_is_connected_checked_and_let_go_and_what_opens_it_never_comes_out(
    client: TestClient, served: "ServedApp", owner: dict[str, str]
) -> None:
    answer = add(client, owner)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["name"], answer.json()["title"], answer.json()["simulated"]) == ("meta_ads", "Panel", True)
    listed = client.get("/v1/accounts", headers=owner)
    one = client.get("/v1/accounts/meta_ads", headers=owner)
    checked = client.post("/v1/accounts/meta_ads/check", headers=owner)
    assert checked.json()["works"] is True
    assert "very-secret" not in answer.text + listed.text + one.text + checked.text
    assert served.credentials(served.account("meta_ads"))["access_token"] == SEALED
    assert client.delete("/v1/accounts/meta_ads", headers=owner).status_code == 204
    assert client.get("/v1/accounts/meta_ads", headers=owner).status_code == 404


@pytest.mark.usefixtures("platform")
def test_credentials_that_the_platform_does_not_take_are_not_kept(client: TestClient, owner: dict[str, str]) -> None:
    answer = add(client, owner, credentials={"account_id": "act_1", "access_token": "wrong"})
    assert answer.status_code >= 400
    assert "wrong" not in answer.text
    assert client.get("/v1/accounts", headers=owner).json()["items"] == []


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(
    "more",
    [
        {"url": "http://169.254.169.254"},
        {"endpoint": "localhost:1"},
        {"crm": "http://localhost"},
        {"ca": "/etc/shadow"},
        {"clock": "http://localhost"},
        {"json_key": '{"type": "service_account", "token_uri": "http://127.0.0.1:22/"}'},
        {"access_token": "a\x00b"},
    ],
)
def test_credentials_cannot_say_where_to_connect_to(
    client: TestClient, owner: dict[str, str], more: dict[str, str]
) -> None:
    answer = add(client, owner, credentials=ADD["credentials"] | more)
    assert answer.status_code == 400
    assert client.get("/v1/accounts", headers=owner).json()["items"] == []


def test_nobody_waits_for_a_platform_that_does_not_answer() -> None:
    done = threading.Event()
    with pytest.raises(PlatformError, match="did not answer"):
        asked_within("meta_ads", done.wait, longest_s=0.01)
    done.set()
    assert asked_within("meta_ads", lambda: 7) == 7
    with pytest.raises(PlatformError, match="refused"):
        asked_within("meta_ads", _refused)


def _refused() -> None:
    raise PlatformError("refused", kind="refused")


@pytest.mark.usefixtures("platform")
def test_a_workspace_sees_no_account_of_another(client: TestClient, owner: dict[str, str], key: KeyMaker) -> None:
    add(client, owner)
    other = key("owner", workspace=OTHER)
    assert client.get("/v1/accounts", headers=other).json()["items"] == []
    assert client.get("/v1/accounts/meta_ads", headers=other).status_code == 404
    assert client.delete("/v1/accounts/meta_ads", headers=other).status_code == 404
    assert client.post("/v1/pulls", json={}, headers=other).status_code == 404


def test_what_is_pulled_is_known_and_watched(
    client: TestClient, served: "ServedApp", owner: dict[str, str], platform: PanelExports
) -> None:
    add(client, owner)
    platform.live = 0
    told = do(
        client,
        served,
        owner,
        client.post("/v1/pulls", json={"since": (FIRST + timedelta(HISTORY - 60)).isoformat()}, headers=owner),
    )
    assert told["pulls"][0]["name"] == "Panel"
    summary = client.get("/v1/history/summary", headers=owner).json()
    assert (summary["lines"], summary["last_date"]) == (2, platform_day(-1))
    platform.live = UNTIL
    do(client, served, owner, client.post("/v1/pulls", json={"account": "meta_ads"}, headers=owner))
    assert client.get("/v1/history/summary", headers=owner).json()["last_date"] == platform_day(UNTIL - 1)
    pulls = client.get("/v1/pulls", params={"limit": 1}, headers=owner).json()
    rest = client.get("/v1/pulls", params={"cursor": pulls["next"]}, headers=owner).json()
    assert [one["number"] for one in pulls["items"] + rest["items"]] == [2, 1]
    (fresh,) = client.get("/v1/pulls/freshness", headers=owner).json()["items"]
    assert (fresh["last_day"], fresh["days_behind"], fresh["waiting"]) == (platform_day(UNTIL - 1), 0, 0)
    found = do(client, served, owner, client.post("/v1/watch", json={}, headers=owner))
    assert found["alerts"] >= 1
    alerts = client.get("/v1/alerts", headers=owner).json()["items"]
    assert len(alerts) == found["found"] == found["alerts"]
    again = do(client, served, owner, client.post("/v1/watch", json={}, headers=owner))
    assert (again["found"], again["resolved"]) == (0, 0)


def platform_day(live: int) -> str:
    """A day of the panel, counted from its first live one."""
    return date.fromordinal(FIRST.toordinal() + HISTORY + live).isoformat()


def test_platforms_say_what_they_ask_for_and_offer_no_simulated_account_unasked(
    client: TestClient, owner: dict[str, str]
) -> None:
    items = {one["platform"]: one for one in client.get("/v1/platforms", headers=owner).json()["items"]}
    assert "customer_id" in items["google_ads"]["needs"]
    assert items["meta_ads"]["needs"] == ["account_id", "access_token"]
    assert not any(one["simulated"] for one in items.values())
    answer = add(client, owner, credentials={}, simulated=True)
    assert answer.status_code == 404
    assert "MARKETMOVER_SANDBOX" in answer.json()["remedy"]


@pytest.mark.usefixtures("platform")
def test_the_simulated_account_of_the_servers_sandbox_is_connected_without_credentials(
    served: "ServedApp", key: KeyMaker, tmp_path: Path
) -> None:
    folder = tmp_path / "sandbox"
    folder.mkdir()
    settings = served.settings.model_copy(update={"sandbox": str(folder)})
    client = TestClient(make_api(type(served)(settings, served.records)))
    asked = {"platform": "meta_ads", "simulated": True}
    idle = client.post("/v1/accounts", json=asked, headers=key("owner"))
    assert idle.status_code == 404
    assert str(tmp_path) not in idle.text  # where things lie on the server is nobody's business
    told = {"meta_ads": {"url": "http://127.0.0.1:9", "account_id": "act_1", "access_token": SEALED}}
    (folder / "connection.json").write_text(json.dumps(told), encoding="utf-8")
    listed = client.get("/v1/platforms", headers=key("owner")).json()["items"]
    assert {one["platform"]: one["simulated"] for one in listed} == {"google_ads": False, "meta_ads": True}
    made = client.post("/v1/accounts", json=asked, headers=key("owner"))
    assert made.status_code == 201, made.text
    assert SEALED not in made.text
    assert client.post("/v1/accounts", json=asked, headers=key("viewer")).status_code == 403


def test_the_end_of_a_tokens_life_is_told_from_the_first_day(
    client: TestClient, owner: dict[str, str], platform: PanelExports, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = platform.account()
    monkeypatch.setattr(platform, "account", lambda: replace(account, access_ends=date(2026, 3, 1)))
    assert add(client, owner).json()["access_ends"] == "2026-03-01"
    monkeypatch.setattr(platform, "account", lambda: replace(account, access_ends=date(2027, 3, 1)))
    client.post("/v1/accounts/meta_ads/check", headers=owner)
    assert client.get("/v1/accounts/meta_ads", headers=owner).json()["access_ends"] == "2027-03-01"
