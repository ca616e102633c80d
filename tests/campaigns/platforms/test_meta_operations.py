"""What Meta is sent for a plan."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payload_plans import SEARCH_TEXTS, Case, cases, line, plan

from marketmover.campaigns.platforms import MetaAccount, meta_operations
from marketmover.campaigns.platforms.meta_targeting import schedule
from marketmover.history import AdText, MetaResource
from marketmover.plans import Audience, Bidding, Brief, LineAudience

Json = dict[str, Any]
AD_SET = MetaResource("444", "77", "771")
PAST = AdText(
    "9002",
    "meta_ads",
    headlines=("First class free",),
    descriptions=("Small classes, patient teachers.",),
    call_to_action="BOOK_NOW",
    form="IMAGE",
    final_url="https://example.com/yoga",
)
CREATIVE = SEARCH_TEXTS.model_copy(update={"call_to_action": "BOOK_NOW", "source_ad_id": "9002"})


def sent(body: Json) -> list[Json]:
    return [entry for part in (body, *body.get("more_accounts", ())) for entry in part["operations"]]


def by_collection(body: Json) -> dict[str, Json]:
    return {entry["edge"].partition("/")[2]: entry["params"] for entry in sent(body)}


def test_a_running_ad_set_gets_its_daily_budget_in_cents() -> None:
    body = meta_operations(plan([line("meta_ads:77:771", 290.5)]), {"meta_ads:77:771": AD_SET}).body
    assert body == {
        "account_id": "444",
        "operations": [
            {
                "edge": "771",
                "method": "POST",
                "params": {"daily_budget": 29050},
                "ref": "adset-771",
                "line_id": "meta_ads:77:771",
            }
        ],
    }


def test_a_budget_that_stands_on_the_campaign_is_set_there_alone() -> None:
    known = MetaResource("444", "77", "771", budget_level="campaign")
    (operation,) = sent(meta_operations(plan([line("meta_ads:77:771", 5.0)]), {"meta_ads:77:771": known}).body)
    assert (operation["edge"], operation["params"]) == ("77", {"daily_budget": 500})


@pytest.mark.parametrize(("currency", "units"), [("USD", 150000), ("JPY", 1500), ("KRW", 1500), ("EUR", 150000)])
def test_currencies_without_cents_are_sent_in_whole_units(currency: str, units: int) -> None:
    made = plan([line("meta_ads:77:771", 1500.0)], currency=currency)
    assert sent(meta_operations(made, {"meta_ads:77:771": AD_SET}).body)[0]["params"] == {"daily_budget": units}


def test_a_lifetime_budget_stays_one_and_keeps_what_was_spent() -> None:
    known = MetaResource("444", "77", "771", budget_kind="lifetime", spent=812.4, time_zone="America/Chicago")
    request = meta_operations(plan([line("meta_ads:77:771", 100.0)]), {"meta_ads:77:771": known})
    assert sent(request.body)[0]["params"] == {
        "lifetime_budget": 361240,
        "end_time": "2026-03-28T23:59:59-0500",
    }
    unknown = MetaResource("444", "77", "771", budget_kind="lifetime")
    request = meta_operations(plan([line("meta_ads:77:771", 100.0)]), {"meta_ads:77:771": unknown})
    assert sent(request.body) == []
    assert "raise it by 2,800.00" in request.warnings[0]


def test_a_line_without_budget_is_paused_and_an_archived_one_left_alone() -> None:
    made = plan([line("meta_ads:77:771", 0.0)])
    assert sent(meta_operations(made, {"meta_ads:77:771": AD_SET}).body)[0]["params"] == {"status": "PAUSED"}
    gone = MetaResource("444", "77", "771", status="ARCHIVED")
    assert sent(meta_operations(made, {"meta_ads:77:771": gone}).body) == []


def test_a_bid_is_changed_only_where_it_differs() -> None:
    wanted = line("meta_ads:77:771", bidding=Bidding(strategy="COST_CAP", target=12.5))
    for known, params in (
        (MetaResource("444", "77", "771", bid_strategy="COST_CAP", bid_target=12.5), {}),
        (
            MetaResource("444", "77", "771", bid_strategy="LOWEST_COST_WITHOUT_CAP"),
            {"bid_strategy": "COST_CAP", "bid_amount": 1250},
        ),
        (MetaResource("444", "77", "771"), {}),
    ):
        (operation,) = sent(meta_operations(plan([wanted]), {wanted.id: known}).body)
        assert operation["params"] == {"daily_budget": 10000, **params}


def test_a_least_return_is_sent_as_ten_thousandths() -> None:
    new = line("meta_ads:new:1", bidding=Bidding(strategy="LOWEST_COST_WITH_MIN_ROAS", target=2.5))
    ad_set = by_collection(meta_operations(plan([new], objective="revenue"), {}).body)["adsets"]
    assert ad_set["bid_constraints"] == {"roas_average_floor": 25000}
    assert ad_set["optimization_goal"] == "VALUE"
    ad_set = by_collection(meta_operations(plan([new], objective="leads"), {}).body)["adsets"]
    assert ad_set["bid_strategy"] == "LOWEST_COST_WITHOUT_CAP"


def test_a_new_line_is_campaign_ad_set_creative_and_ad_in_that_order_and_paused() -> None:
    new = line("meta_ads:new:1", 12.5, creative=CREATIVE)
    past = replace(PAST, page_id="501", picture="https://example.com/a.jpg")
    account = MetaAccount("444", "America/Chicago", {"pixel_id": "301"})
    request = meta_operations(plan([new]), {}, account=account, ads=[past])
    campaign, ad_set, creative, ad = sent(request.body)
    assert [entry["edge"] for entry in (campaign, ad_set, creative, ad)] == [
        "act_444/campaigns",
        "act_444/adsets",
        "act_444/adcreatives",
        "act_444/ads",
    ]
    assert {entry["params"]["status"] for entry in (campaign, ad_set, ad)} == {"PAUSED"}
    assert campaign["params"]["objective"] == "OUTCOME_LEADS"
    assert campaign["params"]["special_ad_categories"] == ["NONE"]
    assert campaign["params"]["is_adset_budget_sharing_enabled"] is False
    assert "daily_budget" not in campaign["params"]
    assert ad_set["params"]["daily_budget"] == 1250
    assert ad_set["params"]["promoted_object"] == {"pixel_id": "301", "custom_event_type": "LEAD"}
    assert ad_set["params"]["start_time"] == "2026-03-01T00:00:00-0600"
    assert ad_set["params"]["targeting"]["targeting_automation"] == {"advantage_audience": 0}
    story = creative["params"]["object_story_spec"]
    assert story["page_id"] == "501"
    assert story["link_data"]["call_to_action"]["type"] == "BOOK_NOW"
    assert ad["params"]["creative"] == {"creative_id": f"{{result={creative['ref']}:$.id}}"}
    assert not any("INSERT_" in text for text in request.warnings)


def test_a_past_ad_whose_parts_are_not_all_known_is_used_again_as_it_is() -> None:
    new = line("meta_ads:new:1", creative=CREATIVE)
    known = replace(PAST, creative_id="701")
    assert by_collection(meta_operations(plan([new]), {}, ads=[known]).body)["ads"]["creative"] == {
        "creative_id": "701"
    }
    operations = sent(meta_operations(plan([new]), {}, ads=[PAST]).body)
    assert operations[-1]["edge"] == "9002/copies"
    renaming = operations[-1]["params"].pop("rename_options")
    assert renaming["rename_suffix"].startswith(" [meta_ads:new:1 ")
    assert operations[-1]["params"] == {
        "adset_id": f"{{result={operations[1]['ref']}:$.id}}",
        "status_option": "PAUSED",
    }


def test_an_ad_without_a_form_is_not_used_again_where_a_form_is_to_open() -> None:
    new = line("meta_ads:new:1", ad_type="LEAD_FORM", creative=CREATIVE)
    known = replace(PAST, creative_id="701", page_id="501")
    parts = by_collection(meta_operations(plan([new]), {}, ads=[known]).body)
    value = parts["adcreatives"]["object_story_spec"]["link_data"]["call_to_action"]["value"]
    assert value == {"lead_gen_form_id": "INSERT_LEAD_FORM_ID"}
    form = replace(known, form="LEAD_FORM", lead_gen_form_id="601", final_url=None)
    site = line("meta_ads:new:1", creative=CREATIVE.model_copy(update={"final_url": None}))
    parts = by_collection(meta_operations(plan([site]), {}, ads=[form]).body)
    assert parts["adcreatives"]["object_story_spec"]["link_data"]["link"] == "INSERT_LINK"


def test_a_video_line_uses_a_past_video_again_and_misses_one_aloud() -> None:
    new = line("meta_ads:new:1", ad_type="VIDEO", creative=CREATIVE)
    filmed = replace(PAST, form="VIDEO", creative_id="701", page_id="501", picture="https://example.com/a.jpg")
    request = meta_operations(plan([new]), {}, ads=[filmed])
    assert by_collection(request.body)["ads"]["creative"] == {"creative_id": "701"}
    assert not any("has no video" in text for text in request.warnings)
    request = meta_operations(plan([new]), {}, ads=[PAST])
    assert any("has no video" in text for text in request.warnings)


def test_what_only_the_account_knows_is_a_placeholder_that_is_said() -> None:
    new = line("meta_ads:new:1", ad_type="LEAD_FORM", creative=SEARCH_TEXTS)
    request = meta_operations(plan([new]), {})
    placeholders = set(re.findall(r"INSERT_\w+", json.dumps(request.body)))
    assert placeholders == {"INSERT_ACCOUNT_ID", "INSERT_PAGE_ID", "INSERT_LEAD_FORM_ID"}
    assert all(any(name in text for text in request.warnings) for name in placeholders)


@pytest.mark.parametrize(
    ("industry", "product", "category"),
    [
        ("real estate", None, "HOUSING"),
        (None, "personal loans", "FINANCIAL_PRODUCTS_SERVICES"),
        ("recruitment", None, "EMPLOYMENT"),
        ("health", "physiotherapy sessions", "NONE"),
        ("retail", "bankers' lamps", "NONE"),
    ],
)
def test_a_special_category_that_the_brief_speaks_of_is_declared(
    industry: str | None, product: str | None, category: str
) -> None:
    brief = Brief(industry=industry, product=product, audience=Audience(countries=["US"]))
    audience = LineAudience(countries=["US"], age_min=25, age_max=54, genders=["FEMALE"])
    parts = by_collection(meta_operations(plan([line("meta_ads:new:1", audience=audience)], brief=brief), {}).body)
    assert parts["campaigns"]["special_ad_categories"] == [category]
    assert ("age_min" in parts["adsets"]["targeting"]) == (category == "NONE")


def test_the_european_union_is_told_whom_an_ad_speaks_for() -> None:
    new = line("meta_ads:new:1", audience=LineAudience(countries=["DE"]))
    request = meta_operations(plan([new]), {})
    assert any("dsa_beneficiary" in text for text in request.warnings)
    parts = by_collection(meta_operations(plan([new]), {}, account=MetaAccount(beneficiary="Example Ltd")).body)
    assert (parts["adsets"]["dsa_beneficiary"], parts["adsets"]["dsa_payor"]) == ("Example Ltd", "Example Ltd")


def test_a_new_line_without_any_country_is_not_sent_and_said() -> None:
    new = line("meta_ads:new:1", audience=LineAudience())
    request = meta_operations(plan([new], brief=Brief()), {})
    assert sent(request.body) == []
    assert any("names no country" in text for text in request.warnings)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/Lima"]))
def test_a_day_begins_and_ends_on_the_accounts_own_clock(day: date, zone: str) -> None:
    first, last = schedule(day, day, zone)
    assert first.startswith(f"{day}T00:00:00")
    assert last.startswith(f"{day}T23:59:59")
    assert re.fullmatch(r".*[+-]\d{4}", first)


@given(cases())
def test_every_reference_names_an_earlier_operation_and_no_name_is_taken_twice(case: Case) -> None:
    body = meta_operations(case.plan, case.meta).body
    for part in (body, *body.get("more_accounts", ())):
        known: set[str] = set()
        for operation in part["operations"]:
            used = set(re.findall(r"\{result=([^:}]+):\$\.id\}", json.dumps(operation["params"])))
            assert used <= known
            assert operation["ref"] not in known
            known.add(operation["ref"])


@given(cases())
def test_nothing_that_runs_is_changed_twice_and_no_budget_stands_on_two_levels(case: Case) -> None:
    operations = sent(meta_operations(case.plan, case.meta).body)
    running = [entry["edge"] for entry in operations if entry["edge"].isdigit()]
    assert len(set(running)) == len(running)
    for entry in operations:
        kinds = {"daily_budget", "lifetime_budget"} & set(entry["params"])
        assert len(kinds) <= 1
        assert all(isinstance(entry["params"][kind], int) and entry["params"][kind] > 0 for kind in kinds)
        assert not (kinds and entry["edge"].endswith("/campaigns"))


@given(cases())
def test_daily_budgets_add_up_to_those_of_the_lines_that_are_sent(case: Case) -> None:
    operations = sent(meta_operations(case.plan, case.meta).body)
    daily = {
        entry["line_id"]: entry["params"]["daily_budget"] for entry in operations if "daily_budget" in entry["params"]
    }
    whole = case.plan.currency in {"JPY", "HUF", "KRW"}
    unit = 100 if whole else 1
    lines = [entry for entry in case.plan.lines if entry.platform == "meta_ads"]
    for entry in lines:
        if entry.id in daily:
            assert abs(daily[entry.id] * unit - round(entry.daily_budget * 100)) < (unit if whole else 0.5)
    if {entry.id for entry in lines} == set(daily):
        wanted = sum(round(entry.daily_budget * 100) for entry in lines)
        assert abs(sum(daily.values()) * unit - wanted) <= unit / 2


@given(cases())
def test_all_that_is_new_is_paused(case: Case) -> None:
    for entry in sent(meta_operations(case.plan, case.meta).body):
        if entry["edge"].endswith(("/campaigns", "/adsets", "/ads")):
            assert entry["params"]["status"] == "PAUSED"
