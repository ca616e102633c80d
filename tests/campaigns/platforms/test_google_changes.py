"""Changes of running Google lines as operations: each sets what it names, and says in words what it cannot."""

import json
from typing import Any

import pytest

from marketmover.campaigns.platforms import GoogleLineChange, GoogleLineNow, google_changes
from marketmover.errors import InputError
from marketmover.history import AdText, GoogleAdGroup, GoogleResource

LINE = "google_ads:55:551"
CAMPAIGN = "customers/1/campaigns/55"
TEXTS = {
    "headlines": ["Shoes that last", "Made for long runs", "Try them for a month"],
    "descriptions": ["Light, firm and quiet on every road.", "Send them back if they do not fit."],
}
RUNNING = AdText("91", "google_ads", LINE, group_id="551", final_url="https://example.com/shoes", headlines=("Old",))


def now(ad_type: str = "SEARCH", **changes: Any) -> GoogleLineNow:
    known: dict[str, Any] = {
        "budget": "customers/1/campaignBudgets/9",
        "status": "ENABLED",
        "bidding_strategy": "TARGET_CPA",
        "bidding_target": 38.0,
        "ad_groups": (GoogleAdGroup("551", "ENABLED"),),
    }
    exclusions = {"customers/1/adGroups/551": {"MALE": "customers/1/adGroupCriteria/551~10"}}
    return GoogleLineNow(GoogleResource("1", CAMPAIGN, **(known | changes)), ad_type, [RUNNING], exclusions)


def change(action: str, to: Any = None, line: GoogleLineNow | None = None, currency: str = "EUR") -> GoogleLineChange:
    return google_changes([{"line_id": LINE, "action": action, "to": to}], {LINE: line or now()}, currency)[LINE]


def updates(made: GoogleLineChange) -> dict[str, Any]:
    found = [next(iter(one.values())) for one in made.operations]
    return {one["update"]["resourceName"]: (one["update"], one["updateMask"]) for one in found}


def test_a_daily_budget_is_set_on_the_budget_to_the_coin_that_the_currency_has() -> None:
    for currency, amount, micros in (("EUR", 41.237, "41240000"), ("JPY", 4123.7, "4124000000")):
        (budget,) = updates(change("set_daily_budget", amount, currency=currency)).values()
        assert budget == ({"resourceName": "customers/1/campaignBudgets/9", "amountMicros": micros}, "amountMicros")


def test_a_budget_of_nothing_is_a_pause() -> None:
    assert updates(change("set_daily_budget", 0))[CAMPAIGN][0]["status"] == "PAUSED"


@pytest.mark.parametrize("line", [now(budget_shared=True), now(budget=None), now(budget_period="CUSTOM_PERIOD")])
def test_a_budget_that_is_not_the_lines_own_daily_one_is_left_to_a_person(line: GoogleLineNow) -> None:
    made = change("set_daily_budget", 41.5, line)
    assert made.operations == []
    assert "41.50 a day" in made.by_hand[0]


def test_several_changes_of_a_campaign_are_one_update_of_it() -> None:
    asked = [
        {"line_id": LINE, "action": "resume"},
        {"line_id": LINE, "action": "set_bidding", "to": {"strategy": "TARGET_CPA", "target": 30}},
    ]
    made = google_changes(asked, {LINE: now()}, "EUR")[LINE]
    ((fields, mask),) = updates(made).values()
    assert mask == "status,targetCpa.targetCpaMicros"
    assert (fields["status"], fields["targetCpa"]) == ("ENABLED", {"targetCpaMicros": "30000000"})


def test_a_change_that_is_in_force_already_sends_nothing() -> None:
    made = change("set_bidding", {"strategy": "TARGET_CPA", "target": 38.0})
    assert made == GoogleLineChange([], [], [])


def test_an_audience_adds_what_is_left_out_now_and_takes_away_the_rest() -> None:
    made = change("set_audience", {"age_min": 25, "genders": ["MALE"]})
    assert json.dumps(made.operations).count('"create"') == 2
    sent = [one["adGroupCriterionOperation"] for one in made.operations]
    assert sent[0] == {"remove": "customers/1/adGroupCriteria/551~10"}
    created = [
        {key: value for key, value in one["create"].items() if key in ("ageRange", "gender")} for one in sent[1:]
    ]
    assert created == [{"ageRange": {"type": "AGE_RANGE_18_24"}}, {"gender": {"type": "FEMALE"}}]


def test_switching_on_turns_on_paused_groups_and_ads_too() -> None:
    paused = AdText("92", "google_ads", LINE, group_id="552", running=False)
    resource = now(ad_groups=(GoogleAdGroup("551", "ENABLED"), GoogleAdGroup("552", "PAUSED"))).resource
    made = change("switch_on", line=GoogleLineNow(resource, "SEARCH", [RUNNING, paused]))
    assert list(updates(made)) == ["customers/1/adGroups/552", "customers/1/adGroupAds/552~92", CAMPAIGN]


def test_new_texts_are_a_paused_ad_with_the_landing_page_of_the_ads_there() -> None:
    made = change("rotate_creative", TEXTS)
    ad = made.operations[0]["adGroupAdOperation"]["create"]
    assert (ad["status"], ad["ad"]["finalUrls"]) == ("PAUSED", ["https://example.com/shoes"])
    assert "switch it on" in made.remarks[0]


@pytest.mark.parametrize(
    ("action", "to", "line"),
    [
        ("rotate_creative", None, now()),
        ("rotate_creative", "Old headline", now()),
        ("rotate_creative", TEXTS, now("DISPLAY")),
        ("pause", None, now("VIDEO")),
        ("set_bidding", {"strategy": "TARGET_CPA", "target": 30}, now("VIDEO")),
        (
            "set_bidding",
            {"strategy": "TARGET_CPA", "target": 30},
            now(portfolio_strategy="customers/1/biddingStrategies/7"),
        ),
        ("resume", None, now(status="REMOVED")),
        ("set_audience", {"genders": ["MALE"]}, now("DEMAND_GEN")),
    ],
)
def test_what_the_api_cannot_do_is_said_and_not_sent(action: str, to: Any, line: GoogleLineNow) -> None:
    made = change(action, to, line)
    assert made.operations == []
    assert LINE in made.by_hand[0]


@pytest.mark.parametrize(
    ("action", "to"),
    [
        ("set_daily_budget", "40"),
        ("set_daily_budget", True),
        ("set_daily_budget", float("nan")),
        ("set_bidding", {"target": 3}),
        ("set_audience", "women"),
        ("sing", None),
    ],
)
def test_a_change_of_no_known_form_is_an_error_that_names_the_line(action: str, to: Any) -> None:
    with pytest.raises(InputError, match=LINE):
        change(action, to)


def test_lines_that_are_not_there_are_told() -> None:
    made = google_changes([{"line_id": "google_ads:1:-", "action": "pause"}], {}, "EUR")
    assert "google_ads:1:- is not in the Google Ads account" in made["google_ads:1:-"].by_hand[0]
