"""How often the ranges of plans that ended held, from a real import."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.app.web.test_actual_api import START, plan_json
from tests.app.web.test_history_api import Sender
from tests.campaigns.trust.conftest import KeyMaker
from tests.history.history_exports import google_row
from tests.reports.conftest import published, put_plan

from marketmover.app.web.served import ServedApp
from marketmover.plans import Plan

Ended = Callable[[int, float], None]


@pytest.fixture
def ended(client: TestClient, served: ServedApp, key: KeyMaker) -> Ended:
    """Has so many plans of a line end, whose leads were to be at least so many; three weeks of history follow them."""
    rows = [google_row((START + timedelta(at)).isoformat()) for at in range(-5, 31)]
    Sender(client, served, key("owner")).import_({"a.json": json.dumps([{"results": rows}]).encode()})

    def make(number: int, least: float) -> None:
        told = plan_json()
        told["expected"] = {"leads": {"low": least, "mid": 1e3, "high": 1e6}}
        told["total_budget"] = told["lines"][0]["budget"] = 123.4
        told["lines"][0]["daily_budget"] = 12.34
        for _ in range(number):
            published(served, put_plan(served, Plan.model_validate(told)), START - timedelta(1))

    return make


def test_plans_that_ended_are_judged_once_there_are_enough_of_them(ask: Callable[..., Any], ended: Ended) -> None:
    ended(20, 0.0)
    ended(4, 1e2)
    (one,) = [found for found in ask("GET", "/models/response").json()["calibrations"] if found["id"] == "plans"]
    assert (one["points"][0]["n"], one["points"][0]["held"]) == (24, 20.0)
    assert one["standing"] == "as stated"


def test_the_list_of_models_says_the_same_of_ended_plans_as_the_model(ask: Callable[..., Any], ended: Ended) -> None:
    ended(2, 0.0)
    listed = next(one for one in ask("GET", "/models").json()["items"] if one["id"] == "response")
    assert listed["calibration"] == ask("GET", "/models/response").json()["calibration"]
    assert listed["calibration"].startswith("100% of 2 ranges held")
