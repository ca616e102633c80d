"""How the trials of a plan are set up on the platforms, in words."""

from datetime import date
from typing import Literal

import pytest
from payload_plans import google, line, plan

from marketmover.campaigns.platforms import google_request, meta_operations
from marketmover.history import MetaResource
from marketmover.plans import Exploration, Plan, Range, Trial


def with_trial(name: str, parameter: Literal["audience", "bidding", "message"], ad_type: str) -> Plan:
    trial = Trial(
        line_id=name,
        parameter=parameter,
        before="Old words",
        after="New words",
        share=0.3,
        budget=840.0,
        expected=Range(low=-0.1, mid=0.0, high=0.1),
        known_on=date(2026, 3, 28),
        known_to=0.1,
        settles=0.5,
        value=3.0,
        words="",
        setting={"creative": {"headline": "New words", "body": "All of them."}} if parameter == "message" else {},
    )
    exploration = Exploration(budget=840.0, share=0.1, words="", trials=[trial])
    return plan([line(name, ad_type=ad_type)]).model_copy(update={"exploration": exploration})


@pytest.mark.parametrize(
    ("parameter", "ad_type", "how"),
    [
        ("message", "SEARCH", "make an ad variation"),
        ("bidding", "SEARCH", "make a custom experiment"),
        ("audience", "DISPLAY", "make a custom experiment"),
        ("message", "DEMAND_GEN", "make an A/B experiment of Demand Gen"),
        ("audience", "PERFORMANCE_MAX", "Google has no experiment of it for PERFORMANCE_MAX"),
    ],
)
def test_a_trial_on_google_is_told_and_not_sent(
    parameter: Literal["audience", "bidding", "message"], ad_type: str, how: str
) -> None:
    made = with_trial("google_ads:55:-", parameter, ad_type)
    request = google_request(made, {"google_ads:55:-": google()})
    (note,) = request.warnings
    assert note.startswith(
        "google_ads:55:-, on trial from 2026-03-01 to 2026-03-28: “New words” instead of “Old words”"
    )
    assert how in note
    assert "30%" in note
    assert [next(iter(entry)) for entry in request.body["mutateOperations"]] == ["campaignBudgetOperation"]


def test_a_trial_on_meta_is_a_test_of_two_ad_sets_and_stands_in_metas_notes_alone() -> None:
    made = with_trial("meta_ads:77:771", "message", "IMAGE")
    payload = meta_operations(made, {"meta_ads:77:771": MetaResource("444", "77", "771")})
    (note,) = payload.warnings
    assert "(headlines “New words”; texts “All of them.”)" in note
    assert "an A/B test (Ads Manager, Experiments) of the ad set and a copy of it" in note
    assert "30% of the budget for the copy, about 840.00 USD" in note
    assert [set(entry["params"]) for entry in payload.body["operations"]] == [{"daily_budget"}]
    assert google_request(made, {}).warnings == []
