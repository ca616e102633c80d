"""`/v1/alerts`: what a watch found, kept as rows that people settle, and that change by themselves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.app.web.conftest import OTHER

from marketmover.monitoring.kept import alert_changes_after, keep_alerts
from marketmover.store import Records

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from marketmover.app.web.served import ServedApp

KeyMaker = Callable[..., dict[str, str]]
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def alert(line: str = "meta_ads:77:771", **changes: Any) -> dict[str, Any]:
    """An alert as `monitor` writes it."""
    platform, campaign, group = line.split(":")
    found: dict[str, Any] = {
        "detected_on": "2026-01-07",
        "platform": platform,
        "campaign_id": campaign,
        "ad_group_id": group,
        "line_ids": [line],
        "kind": "underperforming",
        "metric": "cost_per_lead",
        "direction": "up",
        "observed": 61.0,
        "expected": {"low": 30.0, "mid": 37.0, "high": 46.0},
        "severity": "warning",
        "probability": 0.97,
        "money_at_risk": 100.0,
        "money_lost": 20.0,
        "since": "2026-01-05",
        "updated_on": "2026-01-09",
        "resolved_on": None,
        "cause": {"factor": "conversion_rate", "share": {"conversion_rate": 1.0}, "split_of": "cost_per_conversion"},
        "recommendations": [{"action": "pause", "line_id": line, "reason": "It costs more than it brings."}],
        "who": "Women",
        "words": "Women: since 5 January a lead costs 61.00.",
        "evidence": [
            {
                "line_id": line,
                "expected": {"low": 30.0, "mid": 37.0, "high": 46.0},
                "exports": platform,
                "campaign_id": campaign,
                "ad_group_id": group,
                "days": [
                    {
                        "day": "2026-01-08",
                        "in_trouble": True,
                        "observed": 61.0,
                        "cost": 122.0,
                        "impressions": 2000,
                        "clicks": 40,
                        "conversions": 2,
                        "conversions_known": 0.9,
                    }
                ],
            }
        ],
    }
    return found | changes


def watched(records: Records, *alerts: dict[str, Any], at: datetime = NOW, **changes: Any) -> Any:
    """Keep what a watch up to the ninth found."""
    found = {"first": "2026-01-01", "as_of": "2026-01-09", "currency": "USD", "lines": 2, "simulated": False}
    with records.session() as session:
        return keep_alerts(
            session, records.workspace, {**found, **changes, "alerts": list(alerts)}, source="watch", now=at
        )


class Asker:
    """Asks the API."""

    def __init__(self, client: "TestClient", header: dict[str, str]) -> None:
        self.client, self.header = client, header

    def get(self, path: str, **parameters: Any) -> Any:
        answer = self.client.get(f"/v1{path}", params=parameters, headers=self.header)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.client.post(f"/v1{path}", json=body, headers=self.header)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def only(self) -> Any:
        (found,) = self.get("/alerts")["items"]
        return found


@pytest.fixture
def asker(client: "TestClient", key: KeyMaker) -> Asker:
    return Asker(client, key("monitoring:read", "monitoring:write"))


def test_the_dearest_come_first_and_those_that_are_over_last(served: "ServedApp", asker: Asker) -> None:
    watched(
        served.records,
        alert("meta_ads:77:771"),
        alert("google_ads:55:551", money_at_risk=900.0, severity="critical"),
        alert("google_ads:56:561", money_at_risk=5_000.0, resolved_on="2026-01-08"),
    )
    first = asker.get("/alerts", limit=1)
    rest = asker.get("/alerts", limit=2, cursor=first["next"])["items"]
    assert [one["worth"] for one in first["items"] + rest] == [900.0, 100.0, 5_000.0]
    assert rest[-1]["state"] == "resolved"
    assert [one["who"] for one in asker.get("/alerts", state="current", severity="warning")["items"]] == ["Women"]
    assert len(asker.get("/alerts", line_id="google_ads:55:551")["items"]) == 1
    counts = {one["severity"]: one for one in asker.get("/alerts/summary")["open"]}
    assert (counts["critical"]["worth"], counts["warning"]["alerts"]) == ({"USD": 900.0}, 1)


def test_an_alert_shows_what_it_rests_on_and_what_happened_to_it(served: "ServedApp", asker: Asker) -> None:
    watched(served.records, alert())
    detail = asker.get(f"/alerts/{asker.only()['id']}")
    assert detail["evidence"][0]["days"][0]["cost"] == 122.0
    assert detail["recommendations"][0]["action"] == "pause"
    assert [(one["what"], one["who"]) for one in detail["happened"]] == [("found", "watch")]
    table = asker.client.get(f"/v1/alerts/{detail['id']}/evidence", headers=asker.header)
    assert table.text.splitlines()[0].startswith("line_id,day,in_trouble,observed,cost")
    assert asker.client.get("/v1/alerts", params={"format": "csv"}, headers=asker.header).text.count("Women") == 2


def test_the_same_found_again_changes_nothing(served: "ServedApp", asker: Asker) -> None:
    watched(served.records, alert())
    before = asker.only()
    again = watched(served.records, alert(), at=NOW + timedelta(days=1))
    assert (again.found, again.worse, again.resolved, again.alerts) == (0, 0, 0, 1)
    assert asker.only() == before


def test_an_acknowledged_alert_opens_again_only_where_it_grows_worse(served: "ServedApp", asker: Asker) -> None:
    watched(served.records, alert())
    name = asker.only()["id"]
    done = asker.post(f"/alerts/{name}/acknowledge", reason="The page is being mended.")
    assert (done["state"], done["reason"]) == ("acknowledged", "The page is being mended.")
    assert done["handled_by"].startswith("key ")
    watched(served.records, alert(money_at_risk=120.0))
    assert asker.only()["state"] == "acknowledged"
    watched(served.records, alert(money_at_risk=400.0))
    assert asker.only()["state"] == "open"
    happened = [one["what"] for one in asker.get(f"/alerts/{name}")["happened"]]
    assert happened == ["found", "acknowledged", "worse"]


def test_an_alert_that_is_put_off_is_back_in_time(served: "ServedApp", asker: Asker) -> None:
    watched(served.records, alert())
    name = asker.only()["id"]
    later = datetime.now(UTC) + timedelta(hours=1)
    asker.post(f"/alerts/{name}/snooze", reason="Wait for Monday.", until=later.isoformat())
    assert asker.get("/alerts", snoozed=False)["items"] == []
    assert asker.get("/alerts/summary")["open"] == []
    asker.post(f"/alerts/{name}/reopen", reason="Monday it is.")
    assert len(asker.get("/alerts", snoozed=False)["items"]) == 1
    past = asker.client.post(
        f"/v1/alerts/{name}/snooze", json={"reason": "x", "until": "2020-01-01T00:00:00Z"}, headers=asker.header
    )
    assert past.status_code == 400


def test_what_a_later_watch_no_longer_finds_is_over_and_comes_back_as_the_same(
    served: "ServedApp", asker: Asker
) -> None:
    watched(served.records, alert())
    name = asker.only()["id"]
    assert watched(served.records, as_of="2026-01-10").resolved == 1
    assert (asker.only()["state"], asker.only()["resolved_on"]) == ("resolved", "2026-01-10")
    answer = asker.client.post(f"/v1/alerts/{name}/acknowledge", json={"reason": "x"}, headers=asker.header)
    assert answer.status_code == 409
    watched(served.records, alert(detected_on="2026-01-12"), as_of="2026-01-13")
    assert (asker.only()["id"], asker.only()["state"]) == (name, "open")


def test_the_feed_tells_each_change_once_in_its_order(served: "ServedApp", asker: Asker) -> None:
    def after(place: int | None) -> tuple[list[str], int]:
        with served.records.session(read_only=True) as session:
            rows, following = alert_changes_after(session, "default", place)
        return [row["what"] for row in rows], following

    assert after(None) == ([], 0)
    watched(served.records, alert())
    asker.post(f"/alerts/{asker.only()['id']}/acknowledge", reason="Seen.")
    assert after(0) == (["found", "acknowledged"], 2)
    assert after(2) == ([], 2)


def test_a_workspace_sees_no_alert_of_another(
    served: "ServedApp", asker: Asker, client: "TestClient", key: KeyMaker
) -> None:
    watched(served.records, alert())
    name = asker.only()["id"]
    other = Asker(client, key("owner", workspace=OTHER))
    assert other.get("/alerts")["items"] == []
    for path in (f"/alerts/{name}", f"/alerts/{name}/evidence"):
        assert client.get(f"/v1{path}", headers=other.header).status_code == 404
    answer = client.post(f"/v1/alerts/{name}/acknowledge", json={"reason": "x"}, headers=other.header)
    assert answer.status_code == 404


def test_who_may_only_read_settles_nothing(
    served: "ServedApp", asker: Asker, client: "TestClient", key: KeyMaker
) -> None:
    watched(served.records, alert())
    answer = client.post(
        f"/v1/alerts/{asker.only()['id']}/acknowledge", json={"reason": "x"}, headers=key("monitoring:read")
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "a\x00b"}, {"reason": "x", "more": 1}])
def test_settling_needs_a_reason(served: "ServedApp", asker: Asker, body: dict[str, Any]) -> None:
    watched(served.records, alert())
    answer = asker.client.post(f"/v1/alerts/{asker.only()['id']}/acknowledge", json=body, headers=asker.header)
    assert answer.status_code == 422
    assert asker.only()["state"] == "open"


def test_watching_a_plan_that_is_not_there_is_refused(asker: Asker) -> None:
    answer = asker.client.post("/v1/watch", json={"plan_id": "none"}, headers=asker.header)
    assert answer.status_code == 404
    assert asker.client.get("/v1/plans/none/goals", headers=asker.header).status_code == 404
    assert asker.client.get("/v1/plans/none/actual", headers=asker.header).status_code == 404
