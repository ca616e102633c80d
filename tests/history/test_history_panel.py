"""The panel: each day once, whatever it was split by, and outcomes counted once."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from history_exports import Row, actions, days, google_row, meta_row, take

from marketmover.history import (
    GoogleResource,
    MetaResource,
    describe_history,
    load_creatives,
    load_panel,
    load_resources,
    map_action,
)
from marketmover.store import Lake


def by_action(day: str, name: str, category: str | None, conversions: float, **changes: Any) -> Row:
    """A row of conversions by action; cost repeats in it."""
    segments = {"date": day, "conversionActionName": name, "conversionActionCategory": category}
    kept = {key: value for key, value in segments.items() if value}
    row = google_row(day, metrics={"conversions": conversions, "conversionsValue": 0.0}, **changes)
    return {**row, "segments": kept}


def test_campaign_rows_and_ad_group_rows_of_a_day_are_never_added_up(lake: Lake, folder: Path) -> None:
    groups = [google_row(day, adGroup={"id": group}) for day in days(3) for group in ("551", "552")]
    campaign = [google_row(day, adGroup=None, metrics={"costMicros": "24680000"}) for day in days(2)]
    take(lake, folder, {"google_ads/a.json": groups, "google_ads/b.json": campaign})
    panel = load_panel(lake)
    assert panel.line_ids == ["google_ads:55:-"]
    assert panel.cost[0].tolist() == pytest.approx([24.68] * 3)


def test_a_campaign_row_without_cost_does_not_hide_its_groups_cost(lake: Lake, folder: Path) -> None:
    shares = google_row(
        "2025-12-01", adGroup=None, metrics={"costMicros": None, "clicks": None, "searchImpressionShare": 0.7}
    )
    take(lake, folder, {"google_ads/a.json": [google_row("2025-12-01"), shares]})
    panel = load_panel(lake)
    assert panel.cost.sum() == pytest.approx(12.34)
    assert panel.search_impression_share[0, 0] == pytest.approx(0.7)


def test_segments_add_up_but_not_with_the_unsegmented_row(lake: Lake, folder: Path) -> None:
    devices = [google_row(day, segments={"device": device}) for day in days(3) for device in ("MOBILE", "DESKTOP")]
    hours = [google_row(days(1)[0], segments={"hour": hour}) for hour in range(4)]
    whole = google_row(days(3)[2], metrics={"costMicros": "30000000"})
    take(lake, folder, {"google_ads/x.json": [*devices, *hours, whole]})
    assert load_panel(lake).cost[0].tolist() == pytest.approx([24.68, 24.68, 30.0])


@pytest.mark.parametrize(
    "change",
    [
        {"ageRange": {"type": "AGE_RANGE_25_34"}},
        {"adGroupCriterion": {"gender": {"type": "MALE"}}},
        {"geographicView": {"countryCriterionId": "2840"}},
        {"segments": {"geoTargetRegion": "geoTargetConstants/1"}},
        {"segments": {"productItemId": "sku-1"}},
        {"adGroupAd": {"ad": {"id": "9"}}},
    ],
)
def test_breakdowns_and_ads_are_kept_apart_from_totals(lake: Lake, folder: Path, change: dict[str, Any]) -> None:
    rows = [google_row("2025-12-01"), google_row("2025-12-01", **change), google_row("2025-12-02", **change)]
    report = take(lake, folder, {"google_ads/x.json": rows})
    assert report.rows["daily"] == 1
    assert report.quarantine == {}
    assert load_panel(lake).cost.tolist() == [[pytest.approx(12.34)]]


def test_metas_breakdowns_ads_and_campaign_rows_are_kept_apart(lake: Lake, folder: Path) -> None:
    rows = [
        *(meta_row(day) for day in days(2)),
        meta_row("2025-12-01", adset_id="772", adset_name="Men"),
        *(meta_row("2025-12-01", age=age, gender="female") for age in ("18-24", "25-34")),
        meta_row("2025-12-01", publisher_platform="instagram"),
        meta_row("2025-12-01", ad_id="1", ad_name="a"),
        meta_row("2025-12-01", adset_id=None, adset_name=None, spend="46.90"),
    ]
    take(lake, folder, {"meta_ads/x.json": {"data": rows}})
    panel = load_panel(lake)
    assert panel.line_ids == ["meta_ads:77:771", "meta_ads:77:772"]
    assert panel.cost.tolist() == [pytest.approx([23.45, 23.45]), pytest.approx([23.45, 0.0])]


def test_a_lead_counted_under_several_types_by_meta_is_counted_once(lake: Lake, folder: Path) -> None:
    aliases = {"onsite_conversion.lead_grouped": 3, "offsite_conversion.fb_pixel_lead": 3}
    counted = [
        actions(lead=3, **aliases, omni_purchase=2, purchase=2),
        actions(**aliases),
        actions(**{"offsite_conversion.fb_pixel_lead": 3}),
        None,
    ]
    values = actions(purchase=50.5, omni_purchase=50.5, **{"offsite_conversion.fb_pixel_purchase": 50.5})
    rows = [meta_row(day, actions=found, action_values=values) for day, found in zip(days(4), counted, strict=True)]
    take(lake, folder, {"meta_ads/x.json": rows})
    panel = load_panel(lake)
    assert panel.leads[0].tolist() == [3.0, 3.0, 3.0, 0.0]
    assert panel.sales[0].tolist() == [2.0, 0.0, 0.0, 0.0]
    assert panel.revenue[0].tolist() == [50.5] * 4
    assert panel.conversions[0].tolist() == [5.0, 3.0, 3.0, 0.0]


def test_leads_qualified_leads_and_sales_of_one_account_are_told_apart(lake: Lake, folder: Path) -> None:
    rows = [google_row(day, metrics={"conversions": 10.0}) for day in days(2)]
    for day in days(2):
        rows += [
            by_action(day, "Form", "SUBMIT_LEAD_FORM", 6.0),
            by_action(day, "CRM stage 2", "QUALIFIED_LEAD", 3.0),
            by_action(day, "Offline purchase", None, 1.0),
        ]
    take(lake, folder, {"google_ads/x.json": rows})
    panel = load_panel(lake)
    assert panel.cost.sum() == pytest.approx(2 * 12.34)
    assert panel.conversions[0].tolist() == [10.0, 10.0]
    assert panel.leads[0].tolist() == [6.0, 6.0]
    assert panel.sales[0].tolist() == [1.0, 1.0]
    map_action(lake, "google_ads", "CRM stage 2", "leads")
    assert load_panel(lake).leads[0].tolist() == [9.0, 9.0]


def test_days_before_actions_were_exported_keep_their_share_of_leads(lake: Lake, folder: Path) -> None:
    rows = [google_row(day, metrics={"conversions": 10.0}) for day in days(4)]
    for day in days(4)[2:]:
        rows += [by_action(day, "Form", "SUBMIT_LEAD_FORM", 6.0), by_action(day, "Purchase", "PURCHASE", 4.0)]
    take(lake, folder, {"google_ads/x.json": rows})
    assert load_panel(lake).leads[0].tolist() == pytest.approx([6.0] * 4)


@pytest.mark.parametrize(
    ("changes", "crm", "use"),
    [
        ({"metrics": {"conversionsValue": None}}, False, "leads"),
        ({}, False, "sales"),
        ({}, True, "leads"),
        ({"campaign": {"advertisingChannelType": "SHOPPING"}}, True, "sales"),
        (
            {"campaign": {"advertisingChannelType": "MULTI_CHANNEL", "advertisingChannelSubType": "APP_CAMPAIGN"}},
            False,
            "installs",
        ),
    ],
)
def test_conversions_without_actions_are_taken_for_what_the_account_shows(
    lake: Lake, folder: Path, changes: dict[str, Any], crm: bool, use: str
) -> None:
    lead = {"lead_id": "L1", "created_at": "2025-12-01", "platform": "google_ads", "campaign_id": "55"}
    files: dict[str, Any] = {"google_ads/x.json": [google_row(day, **changes) for day in days(2)]}
    take(lake, folder, files | ({"crm/x.json": [lead]} if crm else {}))
    panel = load_panel(lake)
    found = {name for name in ("leads", "sales", "installs") if getattr(panel, name).any()}
    assert found == {use}


def test_a_budget_on_the_campaign_makes_one_line_of_its_ad_sets(lake: Lake, folder: Path) -> None:
    facts = [meta_row(day, adset_id=group) for day in days(2) for group in ("771", "772")]
    campaign = {"id": "77", "name": "CBO", "objective": "CONVERSIONS", "daily_budget": "5000", "status": "ACTIVE"}
    sets = [
        {"id": group, "campaign_id": "77", "targeting": {"age_min": 25}, "daily_budget": "0"}
        for group in ("771", "772")
    ]
    take(lake, folder, {"meta_ads/a.json": facts, "meta_ads/b.json": {"data": [campaign]}, "meta_ads/c.json": sets})
    panel = load_panel(lake)
    assert panel.line_ids == ["meta_ads:77:-"]
    line = panel.lines[0]
    assert (line.daily_budget, line.budget_level, line.objective, line.age_min) == (50.0, "campaign", "CONVERSIONS", 25)
    assert panel.cost[0].tolist() == pytest.approx([46.9, 46.9])
    assert np.isnan(panel.reach).all()
    resource = load_resources(lake)["meta_ads:77:-"]
    assert isinstance(resource, MetaResource)
    assert (resource.budget_level, resource.ad_set_id) == ("campaign", None)
    assert [found.id for found in resource.ad_sets] == ["771", "772"]


def test_a_target_ends_with_the_strategy_that_it_was_for(lake: Lake, folder: Path) -> None:
    earlier = [google_row(day) for day in days(2)]
    campaign = {"biddingStrategyType": "MAXIMIZE_CONVERSIONS", "targetCpa": None, "maximizeConversions": {}}
    later = [google_row(day, campaign=campaign) for day in days(4)[2:]]
    take(lake, folder, {"google_ads/a.json": earlier})
    assert load_panel(lake).lines[0].bidding_target == pytest.approx(38.0)
    take(lake, folder, {"google_ads/a.json": earlier, "google_ads/b.json": later})
    line = load_panel(lake).lines[0]
    assert (line.bidding_strategy, line.bidding_target) == ("MAXIMIZE_CONVERSIONS", None)


def test_an_ad_set_says_whom_it_reaches_and_what_it_may_spend(lake: Lake, folder: Path) -> None:
    targeting = {
        "geo_locations": {"countries": ["DE"], "regions": [{"key": "1", "name": "Bavaria"}]},
        "age_min": 25,
        "age_max": 54,
        "genders": [2],
        "flexible_spec": [{"interests": [{"id": "1", "name": "Yoga"}, {"id": "2", "name": "Running"}]}],
        "publisher_platforms": ["instagram"],
        "instagram_positions": ["story"],
    }
    ad_set = {
        "id": "771",
        "campaign_id": "77",
        "name": "Women",
        "status": "PAUSED",
        "targeting": targeting,
        "optimization_goal": "LEAD_GENERATION",
        "bid_strategy": "COST_CAP",
        "bid_amount": "1250",
        "lifetime_budget": "310000",
        "start_time": "2025-12-01T00:00:00+0000",
        "end_time": "2025-12-31T23:59:00+0000",
    }
    campaign = {"id": "77", "objective": "OUTCOME_LEADS", "name": "Leads", "status": "ACTIVE"}
    take(lake, folder, {"meta_ads/a.json": [meta_row(day) for day in days(2)], "meta_ads/b.json": [ad_set, campaign]})
    line = load_panel(lake).lines[0]
    assert (line.countries, line.places, line.age_min, line.age_max) == (("DE",), ("Bavaria",), 25, 54)
    assert (line.genders, line.interests, line.ad_type) == (("FEMALE",), ("Running", "Yoga"), "STORIES")
    assert (line.status, line.bidding_strategy, line.bidding_target) == ("PAUSED", "COST_CAP", 12.5)
    assert line.daily_budget == pytest.approx(3100 / 31)
    resource = load_resources(lake)["meta_ads:77:771"]
    assert isinstance(resource, MetaResource)
    assert (resource.budget_kind, resource.spent) == ("lifetime", pytest.approx(46.9))
    assert [(found.id, found.status, found.targeting) for found in resource.ad_sets] == [("771", "PAUSED", targeting)]


def test_currencies_without_cents_have_no_minor_units(lake: Lake, folder: Path) -> None:
    ad_set = {"id": "771", "campaign_id": "77", "targeting": {}, "daily_budget": "5000"}
    take(
        lake, folder, {"meta_ads/a.json": [meta_row("2025-12-01", account_currency="JPY")], "meta_ads/b.json": [ad_set]}
    )
    assert load_panel(lake).lines[0].daily_budget == 5000.0


def test_google_criteria_say_whom_a_campaign_reaches(lake: Lake, folder: Path) -> None:
    def criterion(level: str = "adGroupCriterion", **what: Any) -> Row:
        return {**google_row("", metrics=None, segments=None), level: what}

    rows = [
        google_row("2025-12-01", campaignBudget={"explicitlyShared": True}),
        criterion("campaignCriterion", location={"geoTargetConstant": "geoTargetConstants/2840"}),
        criterion("campaignCriterion", location={"geoTargetConstant": "geoTargetConstants/2124"}, negative=True),
        criterion(keyword={"text": "crm for small business", "matchType": "PHRASE"}),
        criterion(keyword={"text": "free", "matchType": "BROAD"}, negative=True),
        criterion(ageRange={"type": "AGE_RANGE_25_34"}),
        criterion(ageRange={"type": "AGE_RANGE_35_44"}),
        criterion(gender={"type": "MALE"}, negative=True),
    ]
    take(lake, folder, {"google_ads/x.json": rows})
    panel = load_panel(lake)
    line = panel.lines[0]
    assert (line.countries, line.keywords, line.genders) == (("US",), ("crm for small business",), ("FEMALE",))
    assert (line.age_min, line.age_max, line.daily_budget) == (25, 44, 290.0)
    assert line.shared_budget == "customers/111/campaignBudgets/9"
    assert panel.holidays_country == "US"
    resource = load_resources(lake)[line.id]
    assert isinstance(resource, GoogleResource)
    assert (resource.customer_id, resource.budget_shared) == ("111", True)
    (group,) = resource.ad_groups
    assert (group.id, group.excluded, resource.excluded) == ("551", {"MALE"}, set())


def test_a_later_export_of_an_ad_sets_targeting_takes_the_place_of_the_former(lake: Lake, folder: Path) -> None:
    def ad_set(**targeting: Any) -> Row:
        return {"id": "771", "campaign_id": "77", "targeting": targeting, "daily_budget": "5000"}

    first, second = {"age_min": 18, "custom_audiences": [{"id": "1"}]}, {"age_min": 25}
    take(lake, folder, {"meta_ads/a.json": [meta_row("2025-12-01")], "meta_ads/b.json": [ad_set(**first)]})
    resource = load_resources(lake)["meta_ads:77:771"]
    assert isinstance(resource, MetaResource)
    assert resource.ad_sets[0].targeting == first
    take(lake, folder, {"meta_ads/b.json": [ad_set(**second)]})
    resource = load_resources(lake)["meta_ads:77:771"]
    assert isinstance(resource, MetaResource)
    assert resource.ad_sets[0].targeting == second


def test_a_budget_simulation_of_a_week_becomes_a_curve_of_a_day(lake: Lake, folder: Path) -> None:
    points = [
        {
            "budgetAmountMicros": str(budget * 10**6),
            "costMicros": str(7 * budget * 10**6),
            "biddableConversions": 7.0 * at,
        }
        for at, budget in enumerate((100, 200, 300), start=1)
    ]
    simulation = {
        "campaignId": "55",
        "startDate": "2025-12-01",
        "endDate": "2025-12-07",
        "budgetPointList": {"points": points},
    }
    rows = [google_row("2025-12-01"), {"campaign": {"id": "55"}, "campaignSimulation": simulation}]
    take(lake, folder, {"google_ads/x.json": rows})
    curve = load_panel(lake).curves[0]
    assert curve.line_id == "google_ads:55:551"
    assert curve.spend.tolist() == [100.0, 200.0, 300.0]
    assert curve.conversions.tolist() == [1.0, 2.0, 3.0]


def test_metas_outcome_curve_is_the_ad_sets(lake: Lake, folder: Path) -> None:
    curve = [{"spend": str(spend), "reach": "1", "impressions": "2", "actions": str(spend / 10)} for spend in (20, 10)]
    take(lake, folder, {"meta_ads/a.json": [meta_row("2025-12-01"), {"id": "771", "daily_outcomes_curve": curve}]})
    found = load_panel(lake).curves[0]
    assert (found.line_id, found.spend.tolist(), found.conversions.tolist()) == (
        "meta_ads:77:771",
        [10.0, 20.0],
        [1.0, 2.0],
    )


def test_changes_that_start_a_learning_phase_are_dated(lake: Lake, folder: Path) -> None:
    def change(day: str, fields: str, old: int, new: int) -> Row:
        budget = [{"campaignBudget": {"amountMicros": str(amount)}} for amount in (old, new)]
        event = {
            "changeDateTime": f"{day} 10:00:00",
            "changeResourceType": "CAMPAIGN_BUDGET",
            "changedFields": fields,
            "oldResource": budget[0],
            "newResource": budget[1],
            "campaign": "customers/111/campaigns/55",
        }
        return {"customer": {"id": "111"}, "changeEvent": event}

    rows = [
        google_row("2025-12-01"),
        change("2025-12-03", "amountMicros", 100, 150),
        change("2025-12-05", "amountMicros", 100, 110),
    ]
    meta = [
        meta_row("2025-12-01"),
        {"event_time": "2025-12-04T08:00:00+0000", "event_type": "update_ad_set_target_spec", "object_id": "771"},
    ]
    take(lake, folder, {"google_ads/x.json": rows, "meta_ads/x.json": meta})
    assert [str(line.learning_since) for line in load_panel(lake).lines] == ["2025-12-03", "2025-12-04"]


def test_ads_carry_their_texts_form_and_figures(lake: Lake, folder: Path) -> None:
    search = {
        "status": "ENABLED",
        "ad": {
            "id": "9",
            "finalUrls": ["https://example.com"],
            "responsiveSearchAd": {"headlines": [{"text": "One"}, {"text": "Two"}], "descriptions": [{"text": "More"}]},
        },
    }
    link = {"child_attachments": [{"link": "a"}, {"link": "b"}], "message": "Hello"}
    form = {"link_data": {"call_to_action": {"type": "SIGN_UP", "value": {"lead_gen_form_id": "123"}}, "picture": "p"}}
    meta: list[Row] = [
        meta_row("2025-12-01"),
        {
            "id": "1",
            "adset_id": "771",
            "status": "ACTIVE",
            "creative": {"title": "T", "object_story_spec": {"link_data": link}},
        },
        {"id": "2", "adset_id": "771", "status": "PAUSED", "creative": {"body": "B", "object_story_spec": form}},
        {
            "id": "3",
            "adset_id": "771",
            "status": "PAUSED",
            "creative": {"object_story_spec": {"video_data": {"video_id": "v"}}},
        },
    ]
    google = [google_row("2025-12-01"), google_row("2025-12-01", adGroupAd=search, metrics={"clicks": "7"})]
    take(lake, folder, {"google_ads/x.json": google, "meta_ads/x.json": json.dumps({"data": meta})})
    ads = {ad.id: ad for ad in load_creatives(lake)}
    assert (ads["9"].headlines, ads["9"].descriptions, ads["9"].clicks) == (("One", "Two"), ("More",), 7.0)
    assert (ads["9"].line_id, ads["9"].form, ads["9"].final_url) == ("google_ads:55:551", "TEXT", "https://example.com")
    assert {ad: ads[ad].form for ad in "123"} == {"1": "CAROUSEL", "2": "LEAD_FORM", "3": "VIDEO"}
    assert (ads["2"].lead_gen_form_id, ads["2"].running, ads["1"].descriptions) == ("123", False, ("Hello",))
    assert [line.ad_type for line in load_panel(lake).lines] == ["SEARCH", "CAROUSEL"]


def test_leads_of_campaigns_that_no_export_has_are_counted_and_left_out(lake: Lake, folder: Path) -> None:

    leads = [
        {
            "lead_id": str(at),
            "created_at": "2025-12-01",
            "platform": platform,
            "campaign_id": campaign,
            "ad_group_id": group,
        }
        for at, (platform, campaign, group) in enumerate(
            [("google_ads", "55", "551"), ("google_ads", "99", "1"), ("meta_ads", "77", "771"), ("email", "x", None)]
        )
    ]
    files = {
        "google_ads/x.json": [google_row("2025-12-01")],
        "meta_ads/x.json": [meta_row("2025-12-01")],
        "crm/x.json": leads,
    }
    take(lake, folder, files)
    assert load_panel(lake).crm_leads.tolist() == [[1.0], [1.0]]
    crm = describe_history(lake).crm
    assert crm is not None
    assert (crm.leads, crm.of_unknown_campaigns) == (4, 2)


def test_an_ads_texts_stay_when_later_rows_name_it_with_figures_alone(lake: Lake, folder: Path) -> None:
    texts = {"headlines": [{"text": "Trusted"}], "descriptions": [{"text": "Since 1998"}]}
    whole = {"ad": {"id": "9", "responsiveSearchAd": texts, "finalUrls": ["https://example.com/"]}, "status": "ENABLED"}
    take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01"), google_row("2025-12-01", adGroupAd=whole)]})
    figures = {"ad": {"id": "9", "type": "RESPONSIVE_SEARCH_AD"}}
    take(lake, folder, {"google_ads/y.json": [google_row("2025-12-02"), google_row("2025-12-02", adGroupAd=figures)]})
    (ad,) = load_creatives(lake)
    assert (ad.headlines, ad.descriptions, ad.final_url) == (("Trusted",), ("Since 1998",), "https://example.com/")
    assert (ad.running, ad.impressions) == (True, 2000)


def test_an_ad_known_by_figures_alone_is_there_without_texts(lake: Lake, folder: Path) -> None:
    rows = [google_row("2025-12-01"), google_row("2025-12-01", adGroupAd={"ad": {"id": "9"}})]
    take(lake, folder, {"google_ads/x.json": rows})
    (ad,) = load_creatives(lake)
    assert (ad.headlines, ad.form, ad.impressions) == ((), "UNKNOWN", 1000)
