"""What Google Ads is sent for a plan."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from payload_plans import SEARCH_TEXTS, Case, cases, google, line, plan

from marketmover.campaigns.platforms import google_request
from marketmover.errors import UsageError
from marketmover.plans import Bidding, Brief, LineAudience

Json = dict[str, Any]


def operations(body: Json, kind: str, verb: str) -> list[Json]:
    found = [entry[kind] for entry in body["mutateOperations"] if kind in entry]
    return [entry for entry in found if verb in entry]


def bodies(body: Json) -> list[Json]:
    return [body, *body.get("more_requests", ())]


def test_a_running_campaign_gets_its_daily_budget_in_micros() -> None:
    body = google_request(plan([line("google_ads:55:551", 290.0)]), {"google_ads:55:551": google()}).body
    assert body == {
        "customer_id": "1112223333",
        "mutateOperations": [
            {
                "campaignBudgetOperation": {
                    "update": {
                        "resourceName": "customers/1112223333/campaignBudgets/559",
                        "amountMicros": "290000000",
                    },
                    "updateMask": "amountMicros",
                }
            }
        ],
        "validateOnly": True,
    }


def test_a_shared_budget_is_set_once_to_the_sum_of_its_campaigns() -> None:
    budget = "customers/1112223333/campaignBudgets/7"
    known = {f"google_ads:{number}:-": google(number, budget=budget, budget_shared=True) for number in ("55", "56")}
    request = google_request(plan([line("google_ads:55:-", 10.25), line("google_ads:56:-", 20.5)]), known)
    (update,) = operations(request.body, "campaignBudgetOperation", "update")
    assert update["update"]["amountMicros"] == "30750000"
    assert "google_ads:55:-, google_ads:56:-: the shared budget" in request.warnings[0]


def test_a_budget_that_the_exports_do_not_name_is_made_anew_and_said() -> None:
    request = google_request(plan([line("google_ads:55:-", 10.0)]), {"google_ads:55:-": google(budget=None)})
    (made,) = operations(request.body, "campaignBudgetOperation", "create")
    (moved,) = operations(request.body, "campaignOperation", "update")
    assert moved["update"]["campaignBudget"] == made["create"]["resourceName"]
    assert moved["updateMask"] == "campaignBudget"
    assert any("do not name the budget of google_ads:55:-" in text for text in request.warnings)


def test_a_line_without_budget_is_paused_rather_than_given_nothing() -> None:
    body = google_request(plan([line("google_ads:55:-", 0.0)]), {"google_ads:55:-": google()}).body
    (update,) = operations(body, "campaignOperation", "update")
    assert (update["update"]["status"], update["updateMask"]) == ("PAUSED", "status")
    assert not operations(body, "campaignBudgetOperation", "update")


def test_a_paused_campaign_with_a_budget_is_switched_on_and_said() -> None:
    request = google_request(plan([line("google_ads:55:-")]), {"google_ads:55:-": google(status="PAUSED")})
    (update,) = operations(request.body, "campaignOperation", "update")
    assert update["update"]["status"] == "ENABLED"
    assert any("switches it on" in text for text in request.warnings)


def test_a_new_target_changes_the_field_of_the_strategy_that_the_campaign_has() -> None:
    wanted = line("google_ads:55:-", bidding=Bidding(strategy="MAXIMIZE_CONVERSIONS", target=38.0))
    known = google(bidding_strategy="MAXIMIZE_CONVERSIONS", bidding_target=45.0)
    (update,) = operations(google_request(plan([wanted]), {wanted.id: known}).body, "campaignOperation", "update")
    assert update["update"]["maximizeConversions"] == {"targetCpaMicros": "38000000"}
    assert update["updateMask"] == "maximizeConversions.targetCpaMicros"


def test_a_strategy_without_a_target_clears_the_field_of_its_target() -> None:
    wanted = line("google_ads:55:-", bidding=Bidding(strategy="MAXIMIZE_CONVERSION_VALUE"))
    known = google(bidding_strategy="TARGET_SPEND")
    (update,) = operations(google_request(plan([wanted]), {wanted.id: known}).body, "campaignOperation", "update")
    assert update["update"]["maximizeConversionValue"] == {}
    assert update["updateMask"] == "maximizeConversionValue.targetRoas"


@pytest.mark.parametrize(
    ("known", "warns"),
    [
        ({"bidding_strategy": "TARGET_CPA", "bidding_target": 38.0}, False),
        ({"bidding_strategy": "UNKNOWN"}, False),
        ({"bidding_strategy": "TARGET_CPA", "bidding_target": 40.0, "portfolio_strategy": "customers/1/x/2"}, True),
    ],
)
def test_bidding_is_left_alone_where_it_is_the_same_unknown_or_shared(known: dict[str, object], warns: bool) -> None:
    wanted = line("google_ads:55:-", bidding=Bidding(strategy="TARGET_CPA", target=38.0))
    request = google_request(plan([wanted]), {wanted.id: google("55", **known)})
    assert not operations(request.body, "campaignOperation", "update")
    assert bool(request.warnings) == warns


def test_a_running_video_campaign_is_changed_by_hand_since_the_api_would_refuse_the_whole_request() -> None:
    off = line("google_ads:55:-", 0.0, ad_type="VIDEO")
    on = line("google_ads:56:-", 10.0, ad_type="VIDEO", bidding=Bidding(strategy="TARGET_CPA", target=9.0))
    known = {
        off.id: google("55", status="ENABLED"),
        on.id: google("56", status="PAUSED", bidding_strategy="MAXIMIZE_CONVERSIONS"),
    }
    request = google_request(plan([off, on]), known)
    assert [next(iter(entry)) for entry in request.body["mutateOperations"]] == ["campaignBudgetOperation"]
    assert any("google_ads:55:-" in text and "pause it" in text for text in request.warnings)
    assert any("google_ads:56:-" in text and "switch it on and set its bidding" in text for text in request.warnings)


def test_a_removed_campaign_is_not_sent_and_said() -> None:
    request = google_request(plan([line("google_ads:55:-")]), {"google_ads:55:-": google(status="REMOVED")})
    assert request.body["mutateOperations"] == []
    assert "was removed" in request.warnings[0]


def test_a_new_search_line_is_a_paused_campaign_with_all_that_it_needs() -> None:
    new = line("google_ads:new:1", 12.5, creative=SEARCH_TEXTS, bidding=Bidding(strategy="TARGET_CPA", target=38.0))
    body = google_request(plan([new]), {}, customer_id="1112223333", languages=["en"]).body
    kinds = [next(iter(entry)) for entry in body["mutateOperations"]]
    assert kinds == [
        "campaignBudgetOperation",
        "campaignOperation",
        "adGroupOperation",
        "campaignCriterionOperation",
        "campaignCriterionOperation",
        "adGroupCriterionOperation",
        "adGroupAdOperation",
    ]
    campaign = body["mutateOperations"][1]["campaignOperation"]["create"]
    assert campaign["status"] == "PAUSED"
    assert campaign["targetCpa"] == {"targetCpaMicros": "38000000"}
    assert (campaign["startDateTime"], campaign["endDateTime"]) == ("2026-03-01 00:00:00", "2026-03-28 23:59:59")
    assert campaign["containsEuPoliticalAdvertising"] == "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING"
    assert campaign["networkSettings"]["targetContentNetwork"] is False
    ad = body["mutateOperations"][-1]["adGroupAdOperation"]["create"]["ad"]
    assert [entry["text"] for entry in ad["responsiveSearchAd"]["headlines"]] == SEARCH_TEXTS.headlines
    assert ad["finalUrls"] == ["https://example.com/yoga"]


def test_a_search_line_without_keywords_starts_with_the_product_of_the_brief() -> None:
    new = line("google_ads:new:1", audience=LineAudience(countries=["US"]))
    request = google_request(plan([new]), {})
    (keyword,) = operations(request.body, "adGroupCriterionOperation", "create")
    assert keyword["create"]["keyword"] == {"text": "yoga classes", "matchType": "PHRASE"}
    assert any("starts with one keyword" in text for text in request.warnings)
    nothing = google_request(plan([new], brief=Brief()), {})
    assert any("has no keywords" in text for text in nothing.warnings)


def test_dates_are_named_as_the_api_version_names_them() -> None:
    new = plan([line("google_ads:new:1")])
    old = operations(google_request(new, {}, api_version="v22").body, "campaignOperation", "create")[0]["create"]
    assert (old["startDate"], old["endDate"]) == ("2026-03-01", "2026-03-28")
    assert "startDateTime" not in old
    with pytest.raises(UsageError, match="v19"):
        google_request(new, {}, api_version="v19")


@pytest.mark.parametrize(
    ("channel", "strategy", "target", "field"),
    [
        ("PERFORMANCE_MAX", "TARGET_CPA", 38.0, {"maximizeConversions": {"targetCpaMicros": "38000000"}}),
        ("PERFORMANCE_MAX", "TARGET_SPEND", None, {"maximizeConversions": {}}),
        ("SEARCH", "TARGET_ROAS", None, {"maximizeConversionValue": {}}),
        ("SEARCH", "MANUAL_CPC", None, {"maximizeConversions": {}}),
        ("DEMAND_GEN", "TARGET_ROAS", 3.5, {"targetRoas": {"targetRoas": 3.5}}),
    ],
)
def test_a_new_campaign_bids_only_by_what_its_channel_takes(
    channel: str, strategy: str, target: float | None, field: Json
) -> None:
    new = line("google_ads:new:1", ad_type=channel, bidding=Bidding(strategy=strategy, target=target))
    campaign = operations(google_request(plan([new]), {}).body, "campaignOperation", "create")[0]["create"]
    assert {name: campaign[name] for name in field} == field


def test_people_of_unknown_age_stay_in_and_cut_ranges_are_said() -> None:
    audience = LineAudience(countries=["US"], age_min=30, age_max=54, genders=["FEMALE"], keywords=["yoga"])
    request = google_request(plan([line("google_ads:new:1", audience=audience)]), {})
    negative = [
        entry["create"].get("ageRange", entry["create"].get("gender", {})).get("type")
        for entry in operations(request.body, "adGroupCriterionOperation", "create")
        if entry["create"].get("negative")
    ]
    assert negative == ["AGE_RANGE_18_24", "AGE_RANGE_55_64", "AGE_RANGE_65_UP", "MALE"]
    assert any("25 to 34 stay in whole" in text for text in request.warnings)


def test_a_line_that_the_api_cannot_make_is_said_with_its_budget() -> None:
    request = google_request(plan([line("google_ads:new:1", 100.0, ad_type="VIDEO")]), {})
    assert request.body["mutateOperations"] == []
    assert any("VIDEO" in text and "2,800.00 by hand" in text for text in request.warnings)


def test_an_unknown_account_is_a_placeholder_that_is_said() -> None:
    request = google_request(plan([line("google_ads:new:1")]), {})
    assert request.body["customer_id"] == "INSERT_CUSTOMER_ID"
    assert any("INSERT_CUSTOMER_ID" in text for text in request.warnings)
    assert google_request(plan([]), {}) == ({"customer_id": "INSERT_CUSTOMER_ID", **EMPTY}, [])


EMPTY: Json = {"mutateOperations": [], "validateOnly": True}


def test_each_account_gets_a_request_of_its_own() -> None:
    other = google("56", budget="customers/999/campaignBudgets/1")
    other = type(other)("999", "customers/999/campaigns/56", other.budget)
    lines = [line("google_ads:55:-", 10.0), line("google_ads:56:-", 20.0)]
    body = google_request(plan(lines), {"google_ads:55:-": google(), "google_ads:56:-": other}).body
    assert [entry["customer_id"] for entry in bodies(body)] == ["999", "1112223333"]
    for entry in bodies(body):
        names = re.findall(r"customers/(\d+)/", json.dumps(entry["mutateOperations"]))
        assert set(names) == {entry["customer_id"]}


@given(cases())
def test_every_temporary_name_is_created_once_and_before_it_is_used(case: Case) -> None:
    for body in bodies(google_request(case.plan, case.google).body):
        created: list[str] = []
        for operation in body["mutateOperations"]:
            (inner,) = operation.values()
            own = inner.get("create", {}).get("resourceName")
            used = set(re.findall(r"customers/\w+/\w+/-\d+", json.dumps(inner))) - {own}
            assert used <= set(created)
            created += [own] if own else []
        ids = [name.rsplit("/", 1)[1] for name in created]
        assert len(set(ids)) == len(ids)


@given(cases())
def test_nothing_is_updated_twice_and_masks_name_what_is_set(case: Case) -> None:
    for body in bodies(google_request(case.plan, case.google).body):
        updates = [inner for entry in body["mutateOperations"] for inner in entry.values() if "update" in inner]
        names = [inner["update"]["resourceName"] for inner in updates]
        assert len(set(names)) == len(names)
        for inner in updates:
            paths = inner["updateMask"].split(",")
            assert "_" not in inner["updateMask"]
            assert {path.split(".")[0] for path in paths} == set(inner["update"]) - {"resourceName"}


@given(cases())
def test_budgets_add_up_to_those_of_the_lines_that_are_sent(case: Case) -> None:
    request = google_request(case.plan, case.google)
    made = {"SEARCH", "DISPLAY", "PERFORMANCE_MAX", "DEMAND_GEN"}
    gone = {name for name, known in case.google.items() if known.status == "REMOVED"}
    lines = [entry for entry in case.plan.lines if entry.platform == "google_ads"]
    unnamed = {
        entry.id
        for entry in lines
        if entry.ad_type == "VIDEO" and (entry.id not in case.google or case.google[entry.id].budget is None)
    }
    skipped = [entry for entry in lines if entry.id in gone | unnamed or (entry.is_new and entry.ad_type not in made)]
    micros = [
        int(inner[verb]["amountMicros"])
        for body in bodies(request.body)
        for verb in ("create", "update")
        for inner in operations(body, "campaignBudgetOperation", verb)
    ]
    whole = case.plan.currency in {"JPY", "HUF", "KRW"}
    unit = 1_000_000 if whole else 10_000
    assert all(amount > 0 and amount % unit == 0 for amount in micros)
    wanted = sum(round(entry.daily_budget * 1_000_000) for entry in lines if entry not in skipped)
    slack = unit * (0.5 + len(skipped)) if whole else 0
    assert abs(sum(micros) - wanted) <= slack


@given(cases())
def test_all_that_is_new_waits_behind_a_paused_campaign_with_one_way_to_bid(case: Case) -> None:
    fields = {"maximizeConversions", "maximizeConversionValue", "targetCpa", "targetRoas", "targetSpend"}
    for body in bodies(google_request(case.plan, case.google).body):
        running = [entry for entry in operations(body, "adGroupAdOperation", "create") if "/-" not in json.dumps(entry)]
        assert all(inner["create"]["status"] == "PAUSED" for inner in running)
        for inner in operations(body, "campaignOperation", "create"):
            assert inner["create"]["status"] == "PAUSED"
            assert len(fields & set(inner["create"])) == 1
            assert len(inner["create"]["name"]) <= 120
        assert body["validateOnly"] is True
