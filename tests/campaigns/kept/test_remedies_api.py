"""What can be done at once about an alert of a running plan: done in one go, seen to, and taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.app.web.test_alerts_api import alert
from tests.campaigns.kept.conftest import Finisher, KeyMaker
from tests.campaigns.kept.connected import api, published_id, served
from tests.campaigns.publishing.conftest import NEW_GOOGLE, OLD_GOOGLE, OLD_META, START
from tests.campaigns.publishing.file_platform import FilePlatform

from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept import tunings
from marketmover.kit import new_id, utc_now
from marketmover.monitoring.kept import keep_alerts
from marketmover.plans import Change, Changes, LogEntry

__all__ = ["api", "published_id", "served"]
Ask = Callable[..., Any]
LAST = START + timedelta(4)
BUDGET = 100.0


def over_budget(spent: float = 125.0, due: float = 100.0, line: str = OLD_GOOGLE, **more: Any) -> dict[str, Any]:
    """An alert of a line that spends more a day than it should."""
    told = alert(line, kind="pacing", metric="cost", observed=spent, **more)
    (one,) = told["evidence"]
    (day,) = one["days"]
    one["expected"] = told["expected"] = {"low": due - 10, "mid": due, "high": due + 10}
    one["days"] = [day | {"cost": spent, "observed": spent}]
    told["recommendations"] = [{"action": "set_daily_budget", "line_id": line, "reason": "lower it"}]
    return told


@pytest.fixture
def find(served: ServedApp, published_id: str, ask: Ask) -> Callable[[dict[str, Any]], str]:
    """Keeps an alert of the plan, as a watch finds it; gives its id."""

    def kept(told: dict[str, Any], plan: str = published_id) -> str:
        days = {"detected_on": "2026-01-07", "since": "2026-01-06", "updated_on": str(LAST)}
        report = {"first": str(START), "as_of": str(LAST), "currency": "EUR", "lines": 4, "simulated": False}
        with served.records.session() as session:
            keep_alerts(
                session, "default", report | {"alerts": [told | days]}, source="watch", plan_id=plan, now=utc_now()
            )
        return ask("GET", "/alerts?state=open").json()["items"][0]["id"]

    return kept


@pytest.fixture
def running_id(ask: Ask, published_id: str, finish: Finisher) -> str:
    """The plan, published and started."""
    assert ask("POST", f"/plans/{published_id}/approve", {}).status_code == 200
    for verb in ("publish", "start"):
        assert finish(ask("POST", f"/plans/{published_id}/{verb}", {}))["state"] == "done"
    return published_id


def proposed(served: ServedApp, plan: str, **change: Any) -> str:
    """An open proposal of tuning, as of the last day."""
    made = Changes(as_of=LAST, changes=[Change.model_validate({"reason": "dear", **change})])
    with served.records.session() as session:
        row = tunings.propose(session, "default", new_id(), plan_id=plan, changes=made, who="Anne", now=utc_now())
        return row.id


def test_a_line_over_its_budget_is_brought_back_on_the_platform_and_undone(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str], served: ServedApp
) -> None:
    google = FilePlatform(served.settings.home / "google_ads.json", "google_ads")
    name = find(over_budget())
    remedy = ask("GET", f"/plans/{running_id}/remedies/{name}").json()
    assert (remedy["way"], remedy["changes"]["changes"][0]["to"]) == ("change", 80.0)
    assert "80.00 USD a day instead of 100.00" in remedy["words"]
    tried = ask("POST", f"/plans/{running_id}/apply", {"alert_id": name, "dry_run": True}).json()
    assert tried["in_force"]["daily_budgets"][OLD_GOOGLE] == 80.0
    assert (google.read([OLD_GOOGLE])[0].daily_budget, ask("GET", f"/alerts/{name}").json()["state"]) == (
        BUDGET,
        "open",
    )

    done = ask("POST", f"/plans/{running_id}/apply", {"alert_id": name}).json()
    assert google.read([OLD_GOOGLE])[0].daily_budget == 80.0
    seen = ask("GET", f"/alerts/{name}").json()
    assert (seen["state"], seen["reason"]) == ("acknowledged", "1 change of the plan made")
    again = ask("GET", f"/plans/{running_id}/remedies/{name}").json()
    assert again["way"] == "wait"
    assert ask("POST", f"/plans/{running_id}/apply", {"alert_id": name}).status_code == 409
    audited = [one["what"] for one in ask("GET", "/audit").json()["items"]]
    assert {"plan.apply", "alert.acknowledged"} <= set(audited)

    entry = done["in_force"]["may_undo"]
    assert ask("POST", f"/plans/{running_id}/undo", {"entry_id": entry}).status_code == 200
    assert google.read([OLD_GOOGLE])[0].daily_budget == BUDGET
    assert ask("GET", f"/plans/{running_id}/remedies/{name}").json()["way"] == "change"


def test_no_budget_comes_down_by_more_than_a_step(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str]
) -> None:
    name = find(over_budget(spent=300.0))
    (change,) = ask("GET", f"/plans/{running_id}/remedies/{name}").json()["changes"]["changes"]
    assert change["to"] == 70.0


def test_a_line_that_spends_next_to_what_it_should_is_left_to_tuning(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str]
) -> None:
    name = find(over_budget(spent=102.0))
    assert ask("GET", f"/plans/{running_id}/remedies/{name}").json()["way"] == "tune"


def test_a_new_line_is_known_by_its_id_on_the_platform_and_paused_there(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str], served: ServedApp
) -> None:
    folder = served.settings.home / "plans" / "default" / running_id
    theirs = next(one.lines[NEW_GOOGLE] for one in LogEntry.read_all(folder) if one.lines)
    name = find(alert(theirs))
    remedy = ask("GET", f"/plans/{running_id}/remedies/{name}").json()
    assert [(one["line_id"], one["action"]) for one in remedy["changes"]["changes"]] == [(NEW_GOOGLE, "pause")]
    assert ask("POST", f"/plans/{running_id}/apply", {"alert_id": name}).status_code == 200
    assert ask("GET", f"/plans/{running_id}/state").json()["paused"] == [NEW_GOOGLE]


def test_where_money_moves_the_open_proposal_of_tuning_is_applied_and_both_are_settled(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str], served: ServedApp
) -> None:
    dear = [{"action": "set_daily_budget", "line_id": OLD_META, "reason": "move money"}]
    name = find(alert(OLD_META, recommendations=dear))
    assert ask("GET", f"/plans/{running_id}/remedies/{name}").json()["way"] == "tune"
    assert ask("POST", f"/plans/{running_id}/apply", {"alert_id": name}).status_code == 409
    tuning = proposed(served, running_id, line_id=OLD_GOOGLE, action="set_daily_budget", before=100.0, to=90.0)
    remedy = ask("GET", f"/plans/{running_id}/remedies/{name}").json()
    assert (remedy["way"], remedy["tuning_id"]) == ("tuning", tuning)
    done = ask("POST", f"/plans/{running_id}/apply", {"tuning_id": tuning, "alert_id": name})
    assert done.json()["in_force"]["daily_budgets"][OLD_GOOGLE] == 90.0
    assert ask("GET", f"/alerts/{name}").json()["state"] == "acknowledged"
    assert ask("GET", f"/plans/{running_id}/tunings/{tuning}").json()["tuning"]["state"] == "applied"


def test_a_proposal_for_another_state_is_not_offered(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str], served: ServedApp
) -> None:
    proposed(served, running_id, line_id=OLD_GOOGLE, action="set_daily_budget", before=55.0, to=50.0)
    name = find(
        alert(OLD_META, recommendations=[{"action": "rotate_creative", "line_id": OLD_META, "reason": "tired"}])
    )
    assert ask("GET", f"/plans/{running_id}/remedies/{name}").json()["way"] == "tune"


def test_what_a_person_must_look_at_is_said_and_nothing_is_offered(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str]
) -> None:
    name = find(
        alert(OLD_META, recommendations=[{"action": "check", "line_id": OLD_META, "reason": "look at the tag"}])
    )
    remedy = ask("GET", f"/plans/{running_id}/remedies/{name}").json()
    assert (remedy["way"], remedy["by_hand"], remedy["changes"]) == ("by_hand", ["look at the tag"], None)


def test_undo_takes_back_only_the_change_that_is_meant(ask: Ask, running_id: str, served: ServedApp) -> None:
    changes = {"as_of": str(LAST), "changes": [{"line_id": OLD_META, "action": "pause", "reason": "dear"}]}
    first = ask("POST", f"/plans/{running_id}/apply", {"changes": changes}).json()["in_force"]["may_undo"]
    changes["changes"] = [{"line_id": OLD_GOOGLE, "action": "pause", "reason": "dear"}]
    ask("POST", f"/plans/{running_id}/apply", {"changes": changes})
    refused = ask("POST", f"/plans/{running_id}/undo", {"entry_id": first})
    assert (refused.status_code, str(served.settings.home) in refused.text) == (409, False)
    assert ask("GET", f"/plans/{running_id}/state").json()["paused"] == [OLD_GOOGLE, OLD_META]


def test_an_alert_of_another_plan_or_of_none_changes_nothing(
    ask: Ask, running_id: str, find: Callable[..., str]
) -> None:
    name = find(over_budget(), plan="")
    assert ask("GET", f"/plans/{running_id}/remedies/{name}").status_code == 404
    assert ask("POST", f"/plans/{running_id}/apply", {"alert_id": name}).status_code == 404
    changes = {"as_of": str(LAST), "changes": [{"line_id": OLD_META, "action": "pause", "reason": "dear"}]}
    refused = ask("POST", f"/plans/{running_id}/apply", {"changes": changes, "alert_id": "0" * 32})
    assert (refused.status_code, ask("GET", f"/plans/{running_id}/state").json()["paused"]) == (404, [])


def test_who_may_not_publish_applies_nothing_and_who_may_settle_no_alert_leaves_it_open(
    ask: Ask, running_id: str, find: Callable[[dict[str, Any]], str], key: KeyMaker
) -> None:
    name = find(over_budget())
    body = {"alert_id": name}
    analyst = key("plans:read", "plans:write", "monitoring:read", "monitoring:write")
    assert ask("POST", f"/plans/{running_id}/apply", body, headers=analyst).status_code == 403
    publisher = key("plans:read", "plans:publish")
    assert ask("POST", f"/plans/{running_id}/apply", body, headers=publisher).status_code == 200
    assert ask("GET", f"/alerts/{name}").json()["state"] == "open"
