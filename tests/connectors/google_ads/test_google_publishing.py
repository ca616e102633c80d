"""Plans and changes sent to a Google Ads account by its own SDK: never twice, nothing by halves, and taken back."""

from collections.abc import Callable, Generator
from copy import deepcopy
from typing import Any

import pytest
from google_ads_plans import TEXTS, line, request, running
from google_sandbox import Sandbox
from tests.campaigns.platforms.payload_plans import changed

from marketmover.campaigns.publishing.platform import Step
from marketmover.connectors.google_ads.publishing import GoogleAds
from marketmover.errors import InputError, PlatformError
from marketmover.plans import Bidding

Rows = list[dict[str, Any]]


@pytest.fixture
def ads(sandbox: Sandbox) -> Generator[GoogleAds]:
    opened = sandbox.connector.platform(sandbox.credentials)
    yield opened
    opened.close()


def whole_account(sandbox: Sandbox) -> dict[str, Rows]:
    kinds = ("campaign", "ad_group", "ad_group_ad", "ad_group_criterion", "campaign_criterion", "campaign_budget")
    return {
        kind: [row for row in sandbox.servers.account.google_rows(kind) if "REMOVED" not in str(row)] for kind in kinds
    }


def new_search_step(sandbox: Sandbox, ads: GoogleAds, name: str) -> Step:
    (step,) = ads.steps(request(sandbox, [line(name)], {}))
    return step


def test_a_new_campaign_is_one_step_with_all_that_hangs_on_it(sandbox: Sandbox, ads: GoogleAds) -> None:
    first, resource = running(sandbox, "SEARCH")
    lines = [line(first, daily=31.0), line("google_ads:new:11"), line("google_ads:new:12", channel="PERFORMANCE_MAX")]
    body = request(sandbox, lines, {first: resource})
    steps = ads.steps(body)
    assert [(step.line_ids, step.creates) for step in steps] == [
        (("google_ads:new:11",), True),
        (("google_ads:new:12",), True),
        ((first,), False),
    ]
    sent = [operation for step in steps for operation in step.body["mutateOperations"]]
    assert sorted(map(str, sent)) == sorted(map(str, body["mutateOperations"]))
    assert [step.ref for step in ads.steps(body)] == [step.ref for step in steps]


def test_checking_changes_nothing_and_sending_makes_all_of_it_paused(sandbox: Sandbox, ads: GoogleAds) -> None:
    step, before = new_search_step(sandbox, ads, "google_ads:new:20"), whole_account(sandbox)
    assert ads.check(step) == []
    assert whole_account(sandbox) == before
    ids = ads.send(step, {})
    (live,) = ads.read([ids["google_ads:new:20"]])
    assert (live.status, live.daily_budget, live.bidding["strategy"]) == ("PAUSED", 25.0, "MAXIMIZE_CONVERSIONS")
    assert "[google_ads:new:20 " in live.name
    after = whole_account(sandbox)
    assert len(after["ad_group_ad"]) == len(before["ad_group_ad"]) + 1
    assert len(after["campaign_budget"]) == len(before["campaign_budget"]) + 1


def test_a_lost_answer_is_unknown_and_found_again_instead_of_sent_again(sandbox: Sandbox, ads: GoogleAds) -> None:
    step = new_search_step(sandbox, ads, "google_ads:new:30")
    assert ads.find(step, {}) is None
    sandbox.show_fault("cut", call="Mutate", times=1)
    with pytest.raises(PlatformError) as caught:
        ads.send(step, {})
    assert caught.value.kind == "unknown"
    assert sandbox.waits == []
    found = ads.find(step, {})
    assert found is not None
    assert [live.status for live in ads.read([found["google_ads:new:30"]])] == ["PAUSED"]


def test_what_is_found_is_what_sending_returned(sandbox: Sandbox, ads: GoogleAds) -> None:
    first, resource = running(sandbox, "SEARCH")
    lines = [line(first, daily=33.0), line("google_ads:new:41"), line("google_ads:new:42", channel="DISPLAY")]
    for step in ads.steps(request(sandbox, lines, {first: resource})):
        assert ads.find(step, {}) is None
        sent = ads.send(step, {})
        assert ads.find(step, {}) == sent


def test_a_write_is_sent_once_however_it_fails(sandbox: Sandbox, ads: GoogleAds) -> None:
    step = new_search_step(sandbox, ads, "google_ads:new:50")
    for kind, told in (("throttle", "throttled"), ("refuse", "refused")):
        before = whole_account(sandbox)
        sandbox.show_fault(kind, call="Mutate", times=1)
        with pytest.raises(PlatformError) as caught:
            ads.send(step, {})
        assert caught.value.kind == told
        assert whole_account(sandbox) == before
    assert sandbox.waits == []


def test_a_token_that_ran_out_before_a_write_does_not_stop_it(sandbox: Sandbox, ads: GoogleAds) -> None:
    step = new_search_step(sandbox, ads, "google_ads:new:60")
    ads.check(step)
    sandbox.servers.account.tokens.expire()
    assert "google_ads:new:60" in ads.send(step, {})


def test_the_same_plan_again_is_refused_in_plain_words(sandbox: Sandbox, ads: GoogleAds) -> None:
    step = new_search_step(sandbox, ads, "google_ads:new:70")
    ads.send(step, {})
    refusals = ads.check(step)
    assert {refusal.code for refusal in refusals} == {
        "campaign_error.DUPLICATE_CAMPAIGN_NAME",
        "campaign_budget_error.DUPLICATE_NAME",
    }
    assert all("of this name is there already" in refusal.words for refusal in refusals)
    assert all(refusal.line_ids == ("google_ads:new:70",) and refusal.remedy for refusal in refusals)


def test_a_campaign_of_the_same_name_with_other_dates_is_not_ours(sandbox: Sandbox, ads: GoogleAds) -> None:
    body = request(sandbox, [line("google_ads:new:81")], {})
    other = deepcopy(body)
    for operation in other["mutateOperations"]:
        if "campaignOperation" in operation:
            del operation["campaignOperation"]["create"]["endDateTime"]
    ads.send(ads.steps(other)[0], {})
    assert ads.find(ads.steps(body)[0], {}) is None


Spoil = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize(
    ("kind", "spoil", "words"),
    [
        ("campaignBudgetOperation", lambda made: made.update(amountMicros="0"), "the budget (daily budget)"),
        ("campaignOperation", lambda made: made.pop("containsEuPoliticalAdvertising"), "EU political advertising"),
        ("adGroupAdOperation", lambda made: made["ad"]["responsiveSearchAd"]["headlines"].pop(), "the ad “Shoes"),
    ],
)
def test_a_refusal_names_the_campaign_the_field_and_leaves_nothing_behind(
    sandbox: Sandbox, ads: GoogleAds, kind: str, spoil: Spoil, words: str
) -> None:
    body = request(sandbox, [line("google_ads:new:91")], {})
    spoil(next(one[kind]["create"] for one in body["mutateOperations"] if kind in one))
    (step,), before = ads.steps(body), whole_account(sandbox)
    told = " ".join(refusal.words for refusal in ads.check(step))
    assert "the new campaign “running shoes Search [google_ads:new:91 " in told
    assert words in told
    with pytest.raises(PlatformError) as caught:
        ads.send(step, {})
    assert caught.value.kind == "refused"
    assert words in str(caught.value)
    assert whole_account(sandbox) == before


def test_taking_back_removes_the_campaign_and_its_budget_also_twice(sandbox: Sandbox, ads: GoogleAds) -> None:
    before = whole_account(sandbox)
    step = new_search_step(sandbox, ads, "google_ads:new:100")
    ids = ads.send(step, {})
    ads.take_back(step, ids)
    ads.take_back(step, ids)
    assert ads.find(step, {}) is None
    after = whole_account(sandbox)
    assert after["campaign"] == before["campaign"]
    assert after["campaign_budget"] == before["campaign_budget"]
    assert ads.send(step, {})["google_ads:new:100"] != ids["google_ads:new:100"]


def test_changes_are_one_absolute_step_a_line_and_put_back_by_changes(sandbox: Sandbox, ads: GoogleAds) -> None:
    one, _ = running(sandbox, "SEARCH")
    other, _ = running(sandbox, "SEARCH", 1)
    before = ads.read([one, other])
    asked = [
        {"line_id": one, "action": "set_daily_budget", "from": before[0].daily_budget, "to": 41.5},
        {"line_id": one, "action": "set_bidding", "to": {"strategy": "TARGET_CPA", "target": 12.5}},
        {"line_id": other, "action": "pause"},
    ]
    steps = ads.steps({"changes": asked})
    assert [step.line_ids for step in steps] == [(one,), (other,)]
    for step in steps:
        assert ads.find(step, {}) is None
        ads.send(step, {})
        ads.send(step, {})
        assert ads.find(step, {}) is not None
        ads.take_back(step, {})
    first, second = ads.read([one, other])
    assert (first.daily_budget, first.bidding) == (41.5, {"strategy": "TARGET_CPA", "target": 12.5})
    assert (second.status, second.daily_budget) == ("PAUSED", before[1].daily_budget)
    back = [
        {"line_id": one, "action": "set_daily_budget", "to": before[0].daily_budget},
        {"line_id": one, "action": "set_bidding", "to": before[0].bidding},
        {"line_id": other, "action": "resume"},
    ]
    for step in ads.steps({"changes": back}):
        ads.send(step, {})
    assert ads.read([one, other]) == before


def test_a_new_line_is_switched_on_with_all_that_it_has(sandbox: Sandbox, ads: GoogleAds) -> None:
    ids = ads.send(new_search_step(sandbox, ads, "google_ads:new:120"), {})
    made = ids["google_ads:new:120"]
    (step,) = ads.steps({"changes": [{"line_id": made, "action": "switch_on"}]})
    ads.send(step, {})
    assert [live.status for live in ads.read([made])] == ["ENABLED"]
    sandbox.step_clock(8)
    campaign = made.split(":")[1]
    spent = [row for row in sandbox.servers.account.google_rows("campaigns") if row["campaign"]["id"] == campaign]
    assert sum(int(row["metrics"]["costMicros"]) for row in spent) > 0


def test_new_texts_come_as_a_paused_ad_once_and_go_again(sandbox: Sandbox, ads: GoogleAds) -> None:
    name, _ = running(sandbox, "SEARCH")
    before = whole_account(sandbox)["ad_group_ad"]
    change = {"line_id": name, "action": "rotate_creative", "to": TEXTS.model_dump(mode="json")}
    (step,) = ads.steps({"changes": [change]})
    made = len(step.body["mutateOperations"])
    assert made > 0
    assert ads.find(step, {}) is None
    ids = ads.send(step, {})
    assert ads.find(step, {}) == ids
    rows = whole_account(sandbox)["ad_group_ad"]
    fresh = [row["adGroupAd"]["status"] for row in rows if row not in before]
    assert fresh == ["PAUSED"] * made
    (again,) = ads.steps({"changes": [change]})
    assert again.body["mutateOperations"] == []
    ads.take_back(step, ids)
    ads.take_back(step, ids)
    assert whole_account(sandbox)["ad_group_ad"] == before


def test_an_audience_is_narrowed_and_widened_again(sandbox: Sandbox, ads: GoogleAds) -> None:
    name, resource = running(sandbox, "SEARCH")
    before = excluded(sandbox, resource.campaign)
    for audience in ({"age_min": 25, "age_max": 54, "genders": ["FEMALE"]}, {}):
        (step,) = ads.steps({"changes": [{"line_id": name, "action": "set_audience", "to": audience}]})
        ads.send(step, {})
        assert ads.find(step, {}) is not None
        left_out = {"AGE_RANGE_18_24", "AGE_RANGE_55_64", "AGE_RANGE_65_UP", "MALE"} if audience else set[str]()
        assert excluded(sandbox, resource.campaign) == left_out, before


def test_what_a_change_of_a_running_campaign_made_is_taken_back_and_its_budget_left(
    sandbox: Sandbox, ads: GoogleAds
) -> None:
    name, resource = running(sandbox, "SEARCH")
    before = excluded(sandbox, resource.campaign)
    (step,) = ads.steps(request(sandbox, [changed(line(name, daily=31.0), "audience")], {name: resource}))
    assert not step.creates
    ids = ads.send(step, {})
    assert excluded(sandbox, resource.campaign) > before
    ads.take_back(step, ids)
    assert excluded(sandbox, resource.campaign) == before
    assert ads.read([name])[0].daily_budget == 31.0


def test_the_day_is_that_of_the_account(sandbox: Sandbox, ads: GoogleAds) -> None:
    assert ads.today() == sandbox.servers.account.today


def excluded(sandbox: Sandbox, campaign: str) -> set[str]:
    rows = [
        row["adGroupCriterion"]
        for row in sandbox.servers.account.google_rows("ad_group_criterion")
        if row["campaign"]["resourceName"] == campaign and row["adGroupCriterion"].get("negative")
    ]
    return {(row.get("ageRange") or row["gender"])["type"] for row in rows if "ageRange" in row or "gender" in row}


def test_what_the_api_does_not_do_is_a_refusal_and_never_sent(sandbox: Sandbox, ads: GoogleAds) -> None:
    name, _ = running(sandbox, "SEARCH")
    asked = [
        {"line_id": name, "action": "rotate_creative", "to": None},
        {"line_id": "google_ads:4711:-", "action": "pause"},
    ]
    for step, words in zip(ads.steps({"changes": asked}), ("no texts", "not in the Google Ads account"), strict=True):
        (refusal,) = ads.check(step)
        assert (refusal.code, words in refusal.words) == ("by_hand", True)
        assert ads.find(step, {}) is None
        with pytest.raises(PlatformError, match=words):
            ads.send(step, {})


def test_a_change_that_nobody_knows_is_named(sandbox: Sandbox, ads: GoogleAds) -> None:
    name, _ = running(sandbox, "SEARCH")
    with pytest.raises(InputError, match="set_horoscope"):
        ads.steps({"changes": [{"line_id": name, "action": "set_horoscope"}]})
    with pytest.raises(InputError, match="no daily budget"):
        ads.steps({"changes": [{"line_id": name, "action": "set_daily_budget", "to": -3}]})


@pytest.mark.parametrize("spoilt", ["INSERT_CUSTOMER_ID", "9998887777"])
def test_a_request_for_another_account_is_not_sent(sandbox: Sandbox, ads: GoogleAds, spoilt: str) -> None:
    body = request(sandbox, [line("google_ads:new:171")], {}) | {"customer_id": spoilt}
    with pytest.raises(InputError, match=spoilt):
        ads.steps(body)


def test_of_a_request_for_two_accounts_ours_is_taken(sandbox: Sandbox, ads: GoogleAds) -> None:
    ours = request(sandbox, [line("google_ads:new:181")], {})
    other = {"customer_id": "9998887777", "mutateOperations": [], "validateOnly": True, "more_requests": [ours]}
    assert [step.line_ids for step in ads.steps(other)] == [("google_ads:new:181",)]


def test_nothing_is_made_that_runs_at_once(sandbox: Sandbox, ads: GoogleAds) -> None:
    body = request(sandbox, [line("google_ads:new:191")], {})
    made = next(one["campaignOperation"]["create"] for one in body["mutateOperations"] if "campaignOperation" in one)
    made["status"] = "ENABLED"
    with pytest.raises(InputError, match="runs at once"):
        ads.steps(body)


def test_a_request_of_an_older_api_version_is_told(sandbox: Sandbox, ads: GoogleAds) -> None:
    body = request(sandbox, [line("google_ads:new:201")], {})
    made = next(one["campaignOperation"]["create"] for one in body["mutateOperations"] if "campaignOperation" in one)
    made["startDate"] = made.pop("startDateTime")
    with pytest.raises(InputError, match="startDate"):
        ads.check(ads.steps(body)[0])


def test_lines_that_are_not_there_are_left_out(sandbox: Sandbox, ads: GoogleAds) -> None:
    name, _ = running(sandbox, "SEARCH")
    read = ads.read(["google_ads:4711:-", "meta_ads:77:771", "google_ads:new:211", name])
    assert [live.line_id for live in read] == [name]


def test_a_bidding_strategy_is_read_back_as_a_plan_writes_it(sandbox: Sandbox, ads: GoogleAds) -> None:
    wanted = Bidding(strategy="MAXIMIZE_CONVERSIONS", target=14.25)
    step = ads.steps(request(sandbox, [line("google_ads:new:221", bidding=wanted)], {}))[0]
    (live,) = ads.read([ads.send(step, {})["google_ads:new:221"]])
    assert live.bidding == wanted.model_dump()
