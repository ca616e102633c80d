"""What Meta is sent where the plan changes whom a running line reaches, or what its ads say."""

from dataclasses import replace
from typing import Any

import pytest
from payload_plans import changed, line, plan

from marketmover.campaigns.platforms import meta_operations
from marketmover.campaigns.platforms.meta_targeting import whole_targeting
from marketmover.history import AdText, MetaAdSet, MetaResource
from marketmover.plans import Brief, Creative, LineAudience, PlanLine

Json = dict[str, Any]
WHOLE: Json = {
    "geo_locations": {"countries": ["US"], "location_types": ["home", "recent"]},
    "age_min": 18,
    "age_max": 65,
    "targeting_automation": {"advantage_audience": 1},
}
NARROW = LineAudience(countries=["US"], age_min=25, age_max=54, genders=["FEMALE"])
PAST = AdText(
    "9002",
    "meta_ads",
    "meta_ads:78:781",
    headlines=("First class free",),
    form="IMAGE",
    creative_id="8001",
    group_id="781",
)
CREATIVE = Creative(headline="First class free", body="Come as you are.", source_ad_id="9002")


def known(*ad_sets: MetaAdSet, **more: Any) -> MetaResource:
    return MetaResource("444", "77", "771", ad_sets=ad_sets or (MetaAdSet("771", "ACTIVE", WHOLE),), **more)


def narrowed() -> PlanLine:
    return changed(line("meta_ads:77:771", audience=NARROW), "audience")


def reworded(ad_type: str = "IMAGE") -> PlanLine:
    return changed(line("meta_ads:77:771", ad_type=ad_type, creative=CREATIVE), "message")


def sent(
    entry: PlanLine, resource: MetaResource, ads: tuple[AdText, ...] = (PAST,), **more: Any
) -> tuple[list[Json], str]:
    """Operations beside that of the budget, and all warnings as one text."""
    payload = meta_operations(plan([entry], **more), {entry.id: resource}, ads=ads)
    operations = [found for found in payload.body["operations"] if set(found["params"]) != {"daily_budget"}]
    return operations, "\n".join(payload.warnings)


def test_a_whole_targeting_is_sent_whole_with_the_new_ages_as_limits() -> None:
    (operation,), warnings = sent(narrowed(), known())
    assert (operation["edge"], operation["ref"]) == ("771", "targeting-771")
    assert operation["params"] == {
        "targeting": {
            "geo_locations": {"countries": ["US"], "location_types": ["home", "recent"]},
            "age_min": 25,
            "age_max": 54,
            "genders": [2],
            "targeting_automation": {"advantage_audience": 0},
        }
    }
    assert "sent whole, as it was exported, with ages 25 to 54, women alone in it as limits" in warnings


def test_audiences_interests_and_places_that_have_ids_are_kept() -> None:
    parts: Json = {
        "custom_audiences": [{"id": "1", "name": "Visitors"}],
        "excluded_custom_audiences": [{"id": "2"}],
        "flexible_spec": [{"interests": [{"id": "6003", "name": "Yoga"}]}, {"behaviors": [{"id": "5"}]}],
        "geo_locations": {"cities": [{"key": "9", "radius": 10}], "location_types": ["home"]},
        "locales": [6],
        "publisher_platforms": ["instagram"],
        "instagram_positions": ["story"],
    }
    (operation,), _ = sent(narrowed(), known(MetaAdSet("771", "ACTIVE", WHOLE | parts)))
    assert {name: operation["params"]["targeting"][name] for name in parts} == parts


@pytest.mark.parametrize(
    ("targeting", "why"),
    [
        (None, "the exports do not hold it"),
        ({"age_min": 18, "targeting_automation": {"advantage_audience": 0}}, "its places are not exported"),
        ({"geo_locations": {"countries": ["US"]}, "age_min": 18}, "the exports may hold only a part of it"),
        (
            WHOLE | {"flexible_spec": [{"interests": [{"name": "Yoga"}]}]},
            "its interests are exported without their ids",
        ),
        (WHOLE | {"interests": ["Yoga"]}, "its interests are exported without their ids"),
        (WHOLE | {"custom_audiences": [{"name": "Visitors"}]}, "its custom_audiences are exported without their ids"),
        (
            WHOLE | {"geo_locations": {"regions": [{"name": "Texas"}], "location_types": ["home"]}},
            "its regions are exported without their ids",
        ),
        (WHOLE | {"exclusions": {"interests": [{"name": "Yoga"}]}}, "its interests are exported without their ids"),
    ],
)
def test_a_targeting_that_would_lose_something_is_never_sent(targeting: Json | None, why: str) -> None:
    operations, warnings = sent(narrowed(), known(MetaAdSet("771", "ACTIVE", targeting)))
    assert operations == []
    assert why in warnings
    assert "set ages 25 to 54, women alone in Meta Ads Manager (ad set 771)" in warnings


def test_a_targeting_of_lists_by_code_alone_is_whole() -> None:
    spec, why = whole_targeting(WHOLE | {"user_os": ["iOS"], "facebook_positions": ["feed"], "genders": [1, 2]})
    assert spec is not None
    assert why == ""


def test_no_ad_set_is_widened_and_one_that_would_reach_nobody_is_left_as_it_is() -> None:
    ages = {"771": (18, 34), "772": (35, 65), "773": (55, 65)}
    ad_sets = [
        MetaAdSet(name, "ACTIVE", WHOLE | {"age_min": low, "age_max": high}) for name, (low, high) in ages.items()
    ]
    men = MetaAdSet("774", "ACTIVE", WHOLE | {"genders": [1]})
    operations, warnings = sent(narrowed(), known(*ad_sets, men, budget_level="campaign"))
    found = [operation["params"]["targeting"] for operation in operations]
    assert [(spec["age_min"], spec["age_max"]) for spec in found] == [(25, 34), (35, 54)]
    assert "ad set 773 reaches none of ages 25 to 54, women alone today" in warnings
    assert "ad set 774 reaches none of" in warnings


def test_every_ad_set_of_a_line_is_narrowed_or_named() -> None:
    ad_sets = (MetaAdSet("771", "ACTIVE", WHOLE), MetaAdSet("772", "ACTIVE"), MetaAdSet("773", "ARCHIVED", WHOLE))
    operations, warnings = sent(narrowed(), known(*ad_sets, budget_level="campaign"))
    assert [operation["edge"] for operation in operations] == ["771"]
    assert "(ad set 772)" in warnings


def test_jobs_homes_and_loans_are_not_narrowed_by_age() -> None:
    operations, warnings = sent(narrowed(), known(), brief=Brief(product="mortgages"))
    assert operations == []
    assert "forbids choosing people by age or gender" in warnings


def test_a_line_that_gets_nothing_or_is_gone_keeps_its_settings() -> None:
    idle = narrowed().model_copy(update={"budget": 0.0, "daily_budget": 0.0})
    assert [operation["params"] for operation in sent(idle, known())[0]] == [{"status": "PAUSED"}]
    assert sent(narrowed(), known(status="ARCHIVED"))[0] == []


def test_a_new_message_is_a_paused_ad_with_the_past_ads_creative_in_each_ad_set_that_is_on() -> None:
    ad_sets = tuple(
        MetaAdSet(name, status) for name, status in (("771", "ACTIVE"), ("772", "PAUSED"), ("773", "ACTIVE"))
    )
    operations, warnings = sent(reworded(), known(*ad_sets, budget_level="campaign"))
    assert [operation["edge"] for operation in operations] == ["act_444/ads", "act_444/ads"]
    assert [operation["params"]["adset_id"] for operation in operations] == ["771", "773"]
    assert all(operation["params"]["status"] == "PAUSED" for operation in operations)
    assert all(operation["params"]["creative"] == {"creative_id": "8001"} for operation in operations)
    assert "“First class free” is made in 2 ad sets from past ad 9002, paused. The old ads go on" in warnings


def test_a_past_ad_of_another_form_is_said_to_be_one() -> None:
    operations, warnings = sent(reworded("VIDEO"), known())
    assert len(operations) == 1
    assert "an ad of the form IMAGE, where this line has VIDEO" in warnings


def test_a_past_ad_whose_creative_is_not_named_is_copied() -> None:
    (operation,), _ = sent(reworded(), known(), (replace(PAST, creative_id=None),))
    assert operation["edge"] == "9002/copies"
    suffix = operation["params"].pop("rename_options")["rename_suffix"]
    assert suffix.startswith(" [meta_ads:77:771 ")  # found again by it
    assert operation["params"] == {"adset_id": "771", "status_option": "PAUSED"}


def test_an_ad_set_that_has_the_ad_already_gets_no_second_one() -> None:
    operations, warnings = sent(reworded(), known(), (replace(PAST, line_id="meta_ads:77:771", group_id="771"),))
    assert operations == []
    assert "ad 9002 stands in its ad set already" in warnings


@pytest.mark.parametrize(
    ("ads", "ad_type", "why"),
    [
        ((), "IMAGE", "is not among the exports"),
        ((PAST,), "LEAD_FORM", "opens a lead form"),
        ((replace(PAST, lead_gen_form_id="601"),), "IMAGE", "opens a lead form"),
    ],
)
def test_a_past_ad_that_cannot_be_used_is_told_with_its_texts(ads: tuple[AdText, ...], ad_type: str, why: str) -> None:
    operations, warnings = sent(reworded(ad_type), known(), ads)
    assert operations == []
    assert why in warnings
    assert "headlines “First class free”; texts “Come as you are.”" in warnings


def test_another_form_is_a_paused_ad_like_another_message() -> None:
    entry = changed(line("meta_ads:77:771", ad_type="IMAGE", creative=CREATIVE), "ad_type", before="VIDEO")
    (operation,), warnings = sent(entry, known())
    assert operation["params"]["creative"] == {"creative_id": "8001"}
    assert "switch it on and pause those of the form VIDEO." in warnings


@pytest.mark.parametrize(("before", "why"), [("LEAD_FORM", "opens a lead form"), ("STORIES", "show in stories alone")])
def test_another_form_that_the_ad_set_does_not_take_is_told_in_words(before: str, why: str) -> None:
    entry = changed(line("meta_ads:77:771", ad_type="IMAGE", creative=CREATIVE), "ad_type", before=before)
    operations, warnings = sent(entry, known())
    assert operations == []
    assert why in warnings


def test_a_creative_of_another_account_is_not_used() -> None:
    lines = [reworded(), line("meta_ads:78:781")]
    resources = {"meta_ads:77:771": known(), "meta_ads:78:781": MetaResource("555", "78", "781")}
    payload = meta_operations(plan(lines), resources, ads=[PAST])
    assert all("creative" not in operation["params"] for operation in payload.body["operations"])
    assert any("stands in another ad account" in text for text in payload.warnings)
