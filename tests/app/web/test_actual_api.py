"""`/v1/plans/{id}/goals` and `/actual`: what a plan is to reach, and what came of it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.app.web.test_history_api import Sender
from tests.history.history_exports import google_row

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from marketmover.app.web.served import ServedApp

KeyMaker = Callable[..., dict[str, str]]
START = date(2025, 3, 3)


def plan_json() -> dict[str, Any]:
    """The plan of one line over ten days, of 10.00 a day."""
    expected = {"leads": {"low": 20.0, "mid": 25.0, "high": 30.0}}
    return {
        "version": 1,
        "brief": {},
        "objective": "leads",
        "currency": "USD",
        "start_date": START.isoformat(),
        "end_date": (START + timedelta(9)).isoformat(),
        "total_budget": 100.0,
        "lines": [
            {
                "id": "google_ads:55:551",
                "platform": "google_ads",
                "campaign_id": "55",
                "ad_group_id": "551",
                "ad_type": "SEARCH",
                "bidding": {"strategy": "TARGET_CPA"},
                "audience": {},
                "creative": None,
                "budget": 100.0,
                "daily_budget": 10.0,
                "expected": expected,
                "reasons": [],
                "evidence": {"days": 1, "spend": 1.0, "campaign_ids": ["55"]},
            }
        ],
        "expected": expected,
        "baseline": {"description": "", "expected": {}, "lines": []},
        "probability_better_than_baseline": None,
        "assumptions": [],
        "warnings": [],
        "history": {
            "first_date": None,
            "last_date": None,
            "rows": 0,
            "lines": 0,
            "quarantined": 0,
            "quarantine_reasons": {},
            "flagged": 0,
        },
    }


@pytest.fixture
def sender(
    client: "TestClient", served: "ServedApp", key: KeyMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Sender:
    """With four of the plan's ten days imported."""
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "plan.json").write_text(json.dumps(plan_json()))
    monkeypatch.setattr(type(served), "plan_folder", lambda *_: folder)
    sender = Sender(client, served, key("owner"))
    rows = [google_row((START + timedelta(at)).isoformat()) for at in range(-5, 4)]
    sender.import_({"a.json": json.dumps([{"results": rows}]).encode()})
    return sender


def test_a_plan_is_held_against_what_came(sender: Sender) -> None:
    told = sender.get("/plans/any/actual")
    assert (told["as_of"], told["planned_so_far"], told["spent"]) == ("2025-03-06", 40.0, pytest.approx(4 * 12.34))
    assert told["pace"] == pytest.approx(1.234)
    assert told["expected_so_far"]["leads"]["mid"] == pytest.approx(10.0)
    assert told["expected_so_far"]["leads"]["high"] == pytest.approx(10.0 + 5.0 * 0.4**0.5, abs=1e-3)
    assert [day["spent"] for day in told["days"]][3:5] == [12.34, None]
    (line,) = told["lines"]
    assert (line["seen_as"], line["planned_so_far"], line["spent"]) == ("google_ads:55:551", 40.0, told["spent"])
    table = sender.client.get("/v1/plans/any/actual", params={"format": "csv"}, headers=sender.header)
    assert len(table.text.splitlines()) == 11


def test_goals_are_set_for_a_plan_and_only_such_as_can_be_watched(sender: Sender) -> None:
    goals = {"goals": {"cost_per_lead": {"at_most": 40}, "leads": {"at_least": 600}}}
    put = sender.client.put("/v1/plans/any/goals", json=goals, headers=sender.header)
    assert put.status_code == 200
    kept = sender.get("/plans/any/goals")["goals"]
    assert (kept["cost_per_lead"]["at_most"], kept["leads"]["at_least"]) == (40, 600)
    wrong = {"goals": {"cost_per_lead": {"at_least": 40}}}
    assert sender.client.put("/v1/plans/any/goals", json=wrong, headers=sender.header).status_code == 400
    assert sender.get("/plans/any/goals")["goals"] == kept
