"""Changes of the simulated Google Ads account, through the official SDK."""
# ruff: noqa: S608 - queries of a simulated account, not SQL

from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.ads.googleads.errors import GoogleAdsException
from google.api_core.exceptions import ServiceUnavailable
from google_calls import Caller, refusals_of, served
from google_plans import line, request

Json = dict[str, Any]
TOO_LITTLE = "MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC"


@pytest.fixture
def caller(history: Path, tmp_path: Path) -> Generator[Caller]:
    with served(history, tmp_path / "account") as found:
        yield found


@pytest.fixture(scope="module")
def unchanged(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Caller]:
    """An account that refuses everything that its tests ask for."""
    with served(history, tmp_path_factory.mktemp("google") / "account") as found:
        yield found


def new_line(caller: Caller, *, ad_type: str = "SEARCH", number: int = 1) -> list[Json]:
    entry = line(f"google_ads:new:{number}", 40.0, ad_type=ad_type)
    return request([entry], caller.account.today, caller.account.currency, {}, caller.customer)


def found_by_name(caller: Caller, name: str) -> list[Json]:
    return caller.rows(
        "SELECT campaign.id, campaign.name, campaign.status, campaign_budget.amount_micros, "
        "campaign_budget.resource_name, campaign.start_date_time, campaign.end_date_time FROM campaign "
        f"WHERE campaign.name = '{name}' AND campaign.status != 'REMOVED'"
    )


def name_of(operations: list[Json]) -> str:
    return next(entry["campaignOperation"]["create"]["name"] for entry in operations if "campaignOperation" in entry)


def an_enabled_campaign(caller: Caller, channel: str = "SEARCH") -> Json:
    return caller.rows(
        "SELECT campaign.id, campaign.name, campaign_budget.amount_micros FROM campaign "
        f"WHERE campaign.status = 'ENABLED' AND campaign.advertising_channel_type = '{channel}'"
    )[0]


def spent(caller: Caller, campaign: str) -> dict[str, int]:
    """Micros by day of the days lived in the window."""
    last = caller.account.today - timedelta(1)
    rows = caller.rows(
        "SELECT campaign.id, metrics.cost_micros, segments.date FROM campaign WHERE campaign.id = "
        f"{campaign} AND segments.date BETWEEN '{last - timedelta(20)}' AND '{last}'"
    )
    return {row["segments"]["date"]: int(row["metrics"]["costMicros"]) for row in rows}


def update(operation: str, name: str, mask: str, **fields: Any) -> Json:
    return {operation: {"update": {"resourceName": name, **fields}, "updateMask": mask}}


@pytest.mark.parametrize("ad_type", ["SEARCH", "DISPLAY", "DEMAND_GEN", "PERFORMANCE_MAX"])
def test_new_campaigns_of_a_plan_are_taken_and_stand_paused(unchanged: Caller, ad_type: str) -> None:
    number = {"SEARCH": 1, "DISPLAY": 2, "DEMAND_GEN": 3, "PERFORMANCE_MAX": 4}[ad_type]
    operations = new_line(unchanged, ad_type=ad_type, number=number)
    assert unchanged.mutate(operations, validateOnly=True) == {}
    assert found_by_name(unchanged, name_of(operations)) == []
    answers = unchanged.mutate(operations)["mutateOperationResponses"]
    (found,) = found_by_name(unchanged, name_of(operations))
    today = unchanged.account.today
    assert len(answers) == len(operations)
    assert all("-" not in next(iter(answer.values()))["resourceName"] for answer in answers)
    assert found["campaign"] == {
        "resourceName": answers[1]["campaignResult"]["resourceName"],
        "id": answers[1]["campaignResult"]["resourceName"].rpartition("/")[2],
        "name": name_of(operations),
        "status": "PAUSED",
        "startDateTime": f"{today} 00:00:00",
        "endDateTime": f"{today + timedelta(27)} 23:59:59",
    }
    assert found["campaignBudget"]["amountMicros"] == "40000000"
    with pytest.raises(GoogleAdsException) as refused:
        unchanged.mutate(operations)
    assert refusals_of(refused.value)[:2] == [
        ("DUPLICATE_NAME", "mutate_operations[0].campaign_budget_operation.create.name"),
        ("DUPLICATE_CAMPAIGN_NAME", "mutate_operations[1].campaign_operation.create.name"),
    ]


def test_a_new_campaign_spends_nothing_until_it_is_switched_on_and_then_from_the_same_day(caller: Caller) -> None:
    operations = new_line(caller)
    caller.mutate(operations)
    (made,) = found_by_name(caller, name_of(operations))
    caller.account.advance(2)
    assert spent(caller, made["campaign"]["id"]) == {}
    switched_on = str(caller.account.today)
    caller.mutate([update("campaignOperation", made["campaign"]["resourceName"], "status", status="ENABLED")])
    caller.account.advance(2)
    days = spent(caller, made["campaign"]["id"])
    assert min(days) == switched_on
    assert 0 < sum(days.values()) <= 4 * 40_000_000  # a day may cost up to twice the budget
    parts = caller.rows(
        f"SELECT ad_group_criterion.keyword.text FROM ad_group_criterion WHERE campaign.id = {made['campaign']['id']}"
    )
    assert "oak desks" in {row["adGroupCriterion"].get("keyword", {}).get("text") for row in parts}


def test_a_pause_and_a_budget_count_from_the_next_day(caller: Caller) -> None:
    campaign = an_enabled_campaign(caller)
    budget, micros = campaign["campaignBudget"]["resourceName"], int(campaign["campaignBudget"]["amountMicros"])
    caller.account.advance(3)
    more = str(micros * 3 // 1_000_000 * 1_000_000)
    caller.mutate([update("campaignBudgetOperation", budget, "amountMicros", amountMicros=more)])
    raised = caller.account.today
    caller.account.advance(3)
    days = spent(caller, campaign["campaign"]["id"])
    before = [cost for day, cost in days.items() if day < str(raised)]
    after = [cost for day, cost in days.items() if day >= str(raised)]
    assert sum(after) / len(after) > 1.5 * sum(before[-3:]) / 3
    caller.mutate([update("campaignOperation", campaign["campaign"]["resourceName"], "status", status="PAUSED")])
    paused = caller.account.today
    caller.account.advance(2)
    assert [day for day in spent(caller, campaign["campaign"]["id"]) if day >= str(paused)] == []
    shown = found_by_name(caller, campaign["campaign"]["name"])[0]
    assert (shown["campaign"]["status"], shown["campaignBudget"]["amountMicros"]) == ("PAUSED", more)


def test_what_was_changed_stands_in_the_log_of_changes(caller: Caller) -> None:
    campaign = an_enabled_campaign(caller)
    caller.account.advance(1)
    day = str(caller.account.today)
    caller.mutate([update("campaignBudgetOperation", campaign["campaignBudget"]["resourceName"], "amountMicros",
                          amountMicros="77000000")])  # fmt: skip
    caller.account.advance(1)
    rows = caller.rows(
        "SELECT change_event.change_date_time, change_event.changed_fields, change_event.new_resource, "
        "change_event.campaign FROM change_event WHERE change_event.change_date_time >= "
        f"'{day}' AND change_event.change_date_time <= '{day} 23:59:59' LIMIT 100"
    )
    mine = [
        row["changeEvent"] for row in rows if row["changeEvent"]["campaign"] == campaign["campaign"]["resourceName"]
    ]
    assert [(one["changedFields"], one["newResource"]) for one in mine] == [
        ("amountMicros", {"campaignBudget": {"amountMicros": "77000000"}})
    ]


def test_a_bidding_target_is_set_and_cleared(caller: Caller) -> None:
    operations = new_line(caller)
    caller.mutate(operations)
    name = found_by_name(caller, name_of(operations))[0]["campaign"]["resourceName"]
    mask = "maximizeConversions.targetCpaMicros"

    def target() -> Json:
        fields = "SELECT campaign.maximize_conversions.target_cpa_micros FROM campaign"
        return caller.rows(f"{fields} WHERE campaign.resource_name = '{name}'")[0]["campaign"].get(
            "maximizeConversions", {}
        )

    caller.mutate([update("campaignOperation", name, mask, maximizeConversions={"targetCpaMicros": "38000000"})])
    assert target() == {"targetCpaMicros": "38000000"}
    caller.mutate([update("campaignOperation", name, mask)])
    assert target() == {}


def test_one_refused_operation_leaves_everything_as_it_was(unchanged: Caller) -> None:
    campaign = an_enabled_campaign(unchanged)
    good = update("campaignOperation", campaign["campaign"]["resourceName"], "status", status="PAUSED")
    budget = campaign["campaignBudget"]
    bad = update("campaignBudgetOperation", budget["resourceName"], "amountMicros", amountMicros="0")
    with pytest.raises(GoogleAdsException) as refused:
        unchanged.mutate([good, bad])
    assert refusals_of(refused.value) == [
        (
            TOO_LITTLE,
            "mutate_operations[1].campaign_budget_operation.update.amount_micros",
        )
    ]
    shown = found_by_name(unchanged, campaign["campaign"]["name"])[0]
    assert (shown["campaign"]["status"], shown["campaignBudget"]["amountMicros"]) == ("ENABLED", budget["amountMicros"])


def test_partial_failure_does_what_can_be_done_and_tells_the_rest(caller: Caller) -> None:
    broken, whole = new_line(caller, number=5), new_line(caller, number=6)
    broken[0]["campaignBudgetOperation"]["create"]["amountMicros"] = "0"
    for entry in whole:  # temporary ids are given once in a request
        _renumber(entry, 50)
    answer = caller.mutate([*broken, *whole], partialFailure=True)
    made = [bool(one) for one in answer["mutateOperationResponses"]]
    assert made == [False] * len(broken) + [True] * len(whole)
    errors = answer["partialFailureError"]["details"][0]["errors"]
    assert {one["location"]["fieldPathElements"][0]["index"] for one in errors} == set(range(len(broken)))
    assert found_by_name(caller, name_of(broken)) == []
    assert len(found_by_name(caller, name_of(whole))) == 1


def _renumber(value: Any, by: int) -> None:
    """Move the temporary ids in an operation."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            _renumber(inner, by)
        elif isinstance(inner, str) and "/-" in inner:
            head, _, number = inner.rpartition("/-")
            value[key] = f"{head}/-{int(number) + by}"


def test_a_lost_answer_leaves_the_caller_in_doubt_but_the_thing_done(caller: Caller) -> None:
    operations = new_line(caller)
    caller.account.faults.add({"where": "google", "kind": "cut", "call": "Mutate"})
    with pytest.raises(ServiceUnavailable):
        caller.mutate(operations)
    assert len(found_by_name(caller, name_of(operations))) == 1


def test_what_was_made_is_removed_again_the_campaign_before_its_budget(caller: Caller) -> None:
    operations = new_line(caller)
    caller.mutate(operations)
    (made,) = found_by_name(caller, name_of(operations))
    campaign, budget = made["campaign"]["resourceName"], made["campaignBudget"]["resourceName"]
    with pytest.raises(GoogleAdsException) as refused:
        caller.mutate([{"campaignBudgetOperation": {"remove": budget}}])
    assert refusals_of(refused.value) == [
        ("CAMPAIGN_BUDGET_IN_USE", "mutate_operations[0].campaign_budget_operation.remove")
    ]
    caller.mutate([{"campaignOperation": {"remove": campaign}}, {"campaignBudgetOperation": {"remove": budget}}])
    assert found_by_name(caller, name_of(operations)) == []
    with pytest.raises(GoogleAdsException) as gone:
        caller.mutate([update("campaignOperation", campaign, "status", status="ENABLED")])
    assert refusals_of(gone.value)[0][0] == "OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE"
    caller.mutate(operations)  # the name is free again
    assert len(found_by_name(caller, name_of(operations))) == 1


Broken = Callable[[list[Json]], object]
B, C, G, A = "campaignBudgetOperation", "campaignOperation", "adGroupOperation", "adGroupAdOperation"


def made(operations: list[Json], kind: str) -> Json:
    return next(entry[kind]["create"] for entry in operations if kind in entry)


def texts(operations: list[Json]) -> Json:
    return made(operations, A)["ad"]["responsiveSearchAd"]


def keyword(operations: list[Json]) -> Json:
    entries = [
        entry["adGroupCriterionOperation"]["create"] for entry in operations if "adGroupCriterionOperation" in entry
    ]
    return next(entry["keyword"] for entry in entries if "keyword" in entry)


@pytest.mark.parametrize(
    ("broken", "code", "place"),
    [
        (lambda ops: made(ops, B).update(amountMicros="0"), TOO_LITTLE, "amount_micros"),
        (lambda ops: made(ops, B).update(amountMicros="9999"), TOO_LITTLE, "amount_micros"),
        (lambda ops: made(ops, B).update(amountMicros="40005000"), "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT",
         "amount_micros"),
        (lambda ops: made(ops, B).update(amountMicros="-10000"), "NEGATIVE_MONEY_AMOUNT", "amount_micros"),
        (lambda ops: made(ops, B).pop("amountMicros"), "REQUIRED", "amount_micros"),
        (lambda ops: made(ops, B).update(deliveryMethod="UNKNOWN"), "ENUM_VALUE_NOT_PERMITTED", "delivery_method"),
        (lambda ops: made(ops, C).pop("name"), "REQUIRED", "name"),
        (lambda ops: made(ops, C).update(name="two\nlines"), "INVALID_CAMPAIGN_NAME", "name"),
        (lambda ops: made(ops, C).update(name="x" * 300), "TOO_LONG", "name"),
        (lambda ops: made(ops, C).update(status=7), "ENUM_VALUE_NOT_PERMITTED", "status"),
        (lambda ops: made(ops, C).update(status="REMOVED"), "ENUM_VALUE_NOT_PERMITTED", "status"),
        (lambda ops: made(ops, C).pop("advertisingChannelType"), "REQUIRED", "advertising_channel_type"),
        (lambda ops: made(ops, C).pop("containsEuPoliticalAdvertising"), "REQUIRED",
         "contains_eu_political_advertising"),
        (lambda ops: made(ops, C).pop("maximizeConversions"), "REQUIRED", "campaign_bidding_strategy"),
        (lambda ops: made(ops, C).update(maximizeConversions={"targetCpaMicros": "5"}), "BID_TOO_SMALL",
         "maximize_conversions.target_cpa_micros"),
        (lambda ops: made(ops, C).update(startDateTime="2020-01-01 00:00:00"), "CANNOT_SET_DATE_TO_PAST",
         "start_date_time"),
        (lambda ops: made(ops, C).update(endDateTime="tomorrow"), "INVALID_STRING_DATE_TIME_SECONDS", "end_date_time"),
        (lambda ops: made(ops, C).update(networkSettings={"targetGoogleSearch": False}),
         "CAMPAIGN_MUST_TARGET_AT_LEAST_ONE_NETWORK", "network_settings"),
        (lambda ops: made(ops, G).pop("name"), "REQUIRED", "name"),
        (lambda ops: made(ops, G).update(type="DISPLAY_STANDARD"),
         "AD_GROUP_TYPE_NOT_VALID_FOR_ADVERTISING_CHANNEL_TYPE", "type"),
        (lambda ops: keyword(ops).update(text="oak, desks!"), "KEYWORD_HAS_INVALID_CHARS", "keyword.text"),
        (lambda ops: keyword(ops).update(text="x" * 81), "KEYWORD_TEXT_TOO_LONG", "keyword.text"),
        (lambda ops: keyword(ops).pop("matchType"), "REQUIRED", "keyword.match_type"),
        (lambda ops: made(ops, A)["ad"].update(finalUrls=["example.com"]), "MISSING_PROTOCOL_IN_FINAL_URL",
         "ad.final_urls[0]"),
        (lambda ops: texts(ops)["headlines"].pop(), "TOO_FEW", "ad.responsive_search_ad.headlines"),
        (lambda ops: texts(ops)["headlines"][1].update(text="x" * 31), "TOO_LONG",
         "ad.responsive_search_ad.headlines[1].text"),
        (lambda ops: texts(ops)["headlines"][1].update(text="机" * 16), "TOO_LONG",
         "ad.responsive_search_ad.headlines[1].text"),
        (lambda ops: texts(ops)["descriptions"][0].update(text=" "), "EMPTY",
         "ad.responsive_search_ad.descriptions[0].text"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_refused_with_its_place(unchanged: Caller, broken: Broken, code: str, place: str) -> None:
    operations = new_line(unchanged, number=9)
    broken(operations)
    with pytest.raises(GoogleAdsException) as refused:
        unchanged.mutate(operations)
    first = refusals_of(refused.value)[0]
    assert (first[0], first[1].partition(".create.")[2]) == (code, place)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (lambda name: update(C, name, "", status="PAUSED"), "FIELD_MASK_MISSING"),
        (lambda name: update(C, name, "advertisingChannelType", advertisingChannelType="DISPLAY"), "IMMUTABLE_FIELD"),
        (lambda name: update(C, name, "maximizeConversions"), "FIELD_HAS_SUBFIELDS"),
        (lambda name: update(C, name, "colour"), "FIELD_NOT_FOUND"),
        (lambda name: update(C, name, "name"), "FIELD_CANNOT_BE_CLEARED"),
        (lambda name: update(C, name, "status", status="REMOVED"), "ENUM_VALUE_NOT_PERMITTED"),
        (lambda name: update(C, f"{name}0", "status", status="PAUSED"), "RESOURCE_NOT_FOUND"),
        (lambda _: update(C, "customers/1/campaigns/2", "status", status="PAUSED"), "RESOURCE_NAME_MALFORMED"),
        (lambda _: {C: {"remove": "campaigns"}}, "RESOURCE_NAME_MALFORMED"),
        (lambda _: {"labelOperation": {"create": {"name": "x"}}}, "OPERATOR_NOT_SUPPORTED"),
        (lambda _: {C: {}}, "OPERATION_REQUIRED"),
        (lambda _: {}, "OPERATION_REQUIRED"),
    ],
)
def test_a_wrong_operation_is_refused(unchanged: Caller, operation: Callable[[str], Json], code: str) -> None:
    name = an_enabled_campaign(unchanged)["campaign"]["resourceName"]
    with pytest.raises(GoogleAdsException) as refused:
        unchanged.mutate([operation(name)])
    assert [found for found, _ in refusals_of(refused.value)] == [code]


def test_a_request_without_operations_is_refused(unchanged: Caller) -> None:
    with pytest.raises(GoogleAdsException) as refused:
        unchanged.mutate([])
    assert [code for code, _ in refusals_of(refused.value)] == ["REQUIRED_FIELD_MISSING"]


def test_a_temporary_id_is_given_once_and_known_before_it_is_used(unchanged: Caller) -> None:
    operations = new_line(unchanged, number=8)
    with pytest.raises(GoogleAdsException) as twice:
        unchanged.mutate([*operations[:1], *operations[:1]])
    assert [code for code, _ in refusals_of(twice.value)] == ["DUPLICATE_TEMP_IDS"]
    with pytest.raises(GoogleAdsException) as early:
        unchanged.mutate(operations[1:2])
    assert refusals_of(early.value) == [
        ("RESOURCE_NOT_FOUND", "mutate_operations[0].campaign_operation.create.campaign_budget")
    ]
