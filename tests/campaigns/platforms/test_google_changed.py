"""What Google Ads is sent where the plan changes whom a running line reaches, or what its ads say."""

from dataclasses import replace
from typing import Any

import pytest
from payload_plans import SEARCH_TEXTS, changed, google, line, plan

from marketmover.campaigns.platforms import google_request
from marketmover.history import AdText, GoogleAdGroup, GoogleResource
from marketmover.plans import Brief, LineAudience, PlanLine

Json = dict[str, Any]
GROUPS = (GoogleAdGroup("551", "ENABLED"), GoogleAdGroup("552", "PAUSED"), GoogleAdGroup("553", "REMOVED"))
NARROW = LineAudience(countries=["US"], age_min=25, age_max=54, genders=["FEMALE"])
OLD = AdText(
    "1",
    "google_ads",
    "google_ads:55:-",
    headlines=("Old one", "Old two", "Old three"),
    final_url="https://example.com/old",
    impressions=500.0,
    group_id="551",
)


def narrowed(ad_type: str = "SEARCH", audience: LineAudience = NARROW) -> PlanLine:
    return changed(line("google_ads:55:-", ad_type=ad_type, audience=audience), "audience")


def reworded(ad_type: str = "SEARCH") -> PlanLine:
    return changed(line("google_ads:55:-", ad_type=ad_type, creative=SEARCH_TEXTS), "message")


def sent(
    entry: PlanLine, known: GoogleResource, ads: tuple[AdText, ...] = (), **more: Any
) -> tuple[list[tuple[str, Json]], str]:
    """New criteria and ads with their kind, and all warnings as one text."""
    request = google_request(plan([entry], **more), {entry.id: known}, ads=ads)
    made = [
        (kind, inner["create"])
        for operation in request.body["mutateOperations"]
        for kind, inner in operation.items()
        if "create" in inner
    ]
    return made, "\n".join(request.warnings)


def left_out(made: list[tuple[str, Json]], owner: str) -> set[str]:
    return {
        (entry.get("ageRange") or entry["gender"])["type"]
        for _, entry in made
        if entry.get("adGroup", entry.get("campaign")) == owner and entry["negative"]
    }


@pytest.mark.parametrize("ad_type", ["SEARCH", "DISPLAY"])
def test_people_outside_the_new_audience_are_excluded_in_every_ad_group_that_is_there(ad_type: str) -> None:
    made, warnings = sent(narrowed(ad_type), google(ad_groups=GROUPS))
    outside = {"AGE_RANGE_18_24", "AGE_RANGE_55_64", "AGE_RANGE_65_UP", "MALE"}
    assert {kind for kind, _ in made} == {"adGroupCriterionOperation"}
    assert left_out(made, "customers/1112223333/adGroups/551") == outside
    assert left_out(made, "customers/1112223333/adGroups/552") == outside
    assert len(made) == 2 * len(outside)
    assert "excludes ages 18 to 24, 55 to 64, 65 and over and men" in warnings
    assert "Google knows no age or gender stay in" in warnings


def test_people_of_unknown_age_or_gender_are_never_excluded() -> None:
    made, _ = sent(narrowed(), google(ad_groups=GROUPS))
    assert "UNDETERMINED" not in str(made)


def test_who_is_excluded_already_is_not_excluded_again() -> None:
    groups = (GoogleAdGroup("551", "ENABLED", frozenset({"MALE", "AGE_RANGE_18_24"})),)
    made, _ = sent(narrowed(), google(ad_groups=groups, excluded=frozenset({"AGE_RANGE_65_UP"})))
    assert left_out(made, "customers/1112223333/adGroups/551") == {"AGE_RANGE_55_64"}


def test_an_ad_group_that_would_reach_nobody_is_left_as_it_is() -> None:
    groups = (GoogleAdGroup("551", "ENABLED", frozenset({"FEMALE"})), GoogleAdGroup("552", "ENABLED"))
    made, warnings = sent(narrowed(), google(ad_groups=groups))
    assert left_out(made, "customers/1112223333/adGroups/551") == set()
    assert "MALE" in left_out(made, "customers/1112223333/adGroups/552")
    assert "adGroups/551 reaches none of ages 25 to 54, women alone today" in warnings


def test_an_audience_that_is_not_changed_is_not_sent() -> None:
    made, warnings = sent(line("google_ads:55:-", audience=NARROW), google(ad_groups=GROUPS))
    assert (made, warnings) == ([], "")


def test_performance_max_excludes_ages_on_the_campaign_and_genders_by_hand() -> None:
    made, warnings = sent(narrowed("PERFORMANCE_MAX"), google())
    assert left_out(made, "customers/1112223333/campaigns/55") == {
        "AGE_RANGE_18_24",
        "AGE_RANGE_55_64",
        "AGE_RANGE_65_UP",
    }
    assert "does not exclude genders by the API. Exclude men in Google Ads" in warnings


@pytest.mark.parametrize("ad_type", ["DEMAND_GEN", "VIDEO", "SHOPPING", "MULTI_CHANNEL"])
def test_kinds_that_take_no_ages_by_the_api_are_told_in_words(ad_type: str) -> None:
    made, warnings = sent(narrowed(ad_type), google(ad_groups=GROUPS))
    assert made == []
    assert "Exclude ages 18 to 24, 55 to 64, 65 and over and men in Google Ads, and leave “Unknown” in." in warnings


def test_without_known_ad_groups_the_audience_is_told_in_words() -> None:
    made, warnings = sent(narrowed(), google())
    assert made == []
    assert "do not name its ad groups. Exclude ages 18 to 24" in warnings


def test_a_line_that_gets_nothing_or_was_removed_keeps_its_settings() -> None:
    idle = narrowed().model_copy(update={"budget": 0.0, "daily_budget": 0.0})
    assert sent(idle, google(ad_groups=GROUPS))[0] == []
    assert sent(narrowed(), google(ad_groups=GROUPS, status="REMOVED"))[0] == []


def test_jobs_homes_and_loans_are_not_narrowed_by_age() -> None:
    made, warnings = sent(narrowed(), google(ad_groups=GROUPS), brief=Brief(product="mortgages"))
    assert made == []
    assert "forbids choosing people by age or gender" in warnings


def test_a_new_message_is_a_paused_ad_in_each_ad_group_that_is_on() -> None:
    made, warnings = sent(reworded(), google(ad_groups=GROUPS), (OLD,))
    ((kind, ad),) = made
    assert kind == "adGroupAdOperation"
    assert (ad["adGroup"], ad["status"]) == ("customers/1112223333/adGroups/551", "PAUSED")
    assert ad["ad"]["finalUrls"] == ["https://example.com/old"]
    assert [entry["text"] for entry in ad["ad"]["responsiveSearchAd"]["headlines"]] == SEARCH_TEXTS.headlines
    assert "switch it on and pause those that say “what was”" in warnings


def test_each_ad_group_keeps_the_landing_page_of_its_own_most_shown_ad() -> None:
    groups = (GoogleAdGroup("551"), GoogleAdGroup("552"))
    own = replace(OLD, id="2", group_id="552", final_url="https://example.com/two")
    more = replace(own, id="3", impressions=900.0, final_url="https://example.com/three")
    off = replace(own, id="4", impressions=9_000.0, running=False, final_url="https://example.com/four")
    made, _ = sent(reworded(), google(ad_groups=groups), (OLD, own, more, off))
    assert [ad["ad"]["finalUrls"] for _, ad in made] == [["https://example.com/old"], ["https://example.com/three"]]


def test_a_page_that_is_known_of_another_line_alone_is_not_taken_for_this_ones() -> None:
    other = replace(OLD, line_id="google_ads:56:-", group_id="561")
    made, warnings = sent(reworded(), google(ad_groups=GROUPS), (other,))
    assert made == []
    assert "do not say where its clicks should lead" in warnings
    assert "“First class free”" in warnings


def test_an_ad_group_that_says_it_already_gets_no_second_ad() -> None:
    same = replace(
        OLD, headlines=tuple(SEARCH_TEXTS.headlines), descriptions=tuple(SEARCH_TEXTS.descriptions), running=False
    )
    made, warnings = sent(reworded(), google(ad_groups=GROUPS), (OLD, same))
    assert made == []
    assert "already has an ad that says “Yoga in Austin”: see that it is on" in warnings


@pytest.mark.parametrize("ad_type", ["DISPLAY", "VIDEO", "DEMAND_GEN", "PERFORMANCE_MAX"])
def test_ads_with_pictures_are_reworded_by_hand(ad_type: str) -> None:
    made, warnings = sent(reworded(ad_type), google(ad_groups=GROUPS), (OLD,))
    assert made == []
    assert "need pictures or films" in warnings
    assert "“Small classes, patient teachers.”" in warnings


def test_texts_that_google_would_refuse_are_not_sent() -> None:
    long = SEARCH_TEXTS.model_copy(update={"headlines": ["a" * 31, "b", "c"]})
    made, warnings = sent(reworded().model_copy(update={"creative": long}), google(ad_groups=GROUPS), (OLD,))
    assert made == []
    assert "3 to 15 headlines of up to 30 characters" in warnings
