"""Parts: each line's parts by people and place, each breakdown once, in the platforms' own spellings."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from history_exports import Row, actions, days, google_row, meta_row, snake, take

from marketmover.history import Part, load_panel, load_parts, parts_by
from marketmover.history.segments import names_of
from marketmover.store import Lake

AGES = {"503002": "AGE_RANGE_25_34", "503999": "AGE_RANGE_UNDETERMINED"}


def parts(lake: Lake) -> tuple[Part, ...]:
    return load_parts(lake, load_panel(lake))


def by_age(day: str, criterion: str, cost: float, **changes: Any) -> Row:
    """A row of Google's age_range_view."""
    named = {"criterionId": criterion, "ageRange": {"type": AGES[criterion]}}
    view = {"resourceName": f"customers/111/ageRangeViews/551~{criterion}"}
    row = google_row(day, adGroupCriterion=named, ageRangeView=view, **changes)
    return row | {
        "metrics": {"impressions": "100", "clicks": "5", "costMicros": f"{cost * 1e6:.0f}", "conversions": 1.0}
    }


def figures(found: tuple[Part, ...], name: str) -> dict[str, float]:
    return {part.values[0]: part.total("cost") for part in parts_by(found, name)}


def test_parts_of_a_line_are_summed_over_the_days_that_they_cover(lake: Lake, folder: Path) -> None:
    daily = [google_row(day) for day in days(5)]
    split = [by_age(day, criterion, cost) for day in days(3) for criterion, cost in (("503002", 8), ("503999", 2))]
    take(lake, folder, {"google_ads/daily.json": daily, "google_ads/age.json": split})
    young, unknown = parts(lake)
    assert (young.line_id, young.by, young.values, young.total("cost")) == (
        "google_ads:55:551",
        ("age",),
        ("25-34",),
        24.0,
    )
    assert (unknown.values, unknown.total("impressions")) == (("unknown",), 300.0)
    assert (str(young.first_date), str(young.last_date)) == ("2025-12-01", "2025-12-03")


def test_googles_parts_read_alike_in_both_spellings(lake: Lake, folder: Path) -> None:
    rows = [google_row(day) for day in days(2)] + [by_age(day, "503002", 8) for day in days(2)]
    take(lake, folder, {"google_ads/all.json": [snake(row) for row in rows]})
    assert figures(parts(lake), "age") == {"25-34": 16.0}


def test_the_same_breakdown_by_campaign_and_by_ad_group_is_counted_once(lake: Lake, folder: Path) -> None:
    groups = [by_age(day, "503002", 8) for day in days(3)]
    campaign = [by_age(day, "503002", 8, adGroup=None) for day in days(3)]
    take(lake, folder, {"google_ads/a.json": [google_row("2025-12-01"), *groups], "google_ads/b.json": campaign})
    assert figures(parts(lake), "age") == {"25-34": 24.0}


def test_a_later_export_of_other_fields_replaces_the_breakdown_of_an_earlier_one(lake: Lake, folder: Path) -> None:
    def place(day: str, cost: float, **more: str) -> Row:
        name = "customers/111/geographicViews/2840~LOCATION_OF_PRESENCE"
        view = more | {"countryCriterionId": "2840", "resourceName": name}
        metrics = {"impressions": "100", "clicks": "5", "costMicros": f"{cost * 1e6:.0f}"}
        return google_row(day, geographicView=view) | {"metrics": metrics}

    def people(day: str, cost: float, **more: str) -> Row:
        row = by_age(day, "503002", cost)
        return row | {"adGroupCriterion": more | row["adGroupCriterion"]}

    daily = [google_row(day) for day in days(2)]
    first = [row for day in days(2) for row in (people(day, 8, status="ENABLED"), place(day, 3))]
    later = [row for day in days(2) for row in (people(day, 9), place(day, 4, locationType="LOCATION_OF_PRESENCE"))]
    take(lake, folder, {"google_ads/daily.json": daily, "google_ads/split.json": first})
    take(lake, folder / "later", {"google_ads/again.json": later})
    assert figures(parts(lake), "age") == {"25-34": 18.0}
    assert figures(parts(lake), "country") == {"US": 8.0}


def test_a_breakdown_split_by_device_as_well_is_not_added_to_the_plain_one(lake: Lake, folder: Path) -> None:
    plain = [by_age(day, "503002", 8) for day in days(3)]
    split = [
        by_age(day, "503002", 4, segments={"date": day, "device": device})
        for day in days(3)
        for device in ("MOBILE", "DESKTOP")
    ]
    take(lake, folder, {"google_ads/a.json": [google_row("2025-12-01"), *plain, *split]})
    assert figures(parts(lake), "age") == {"25-34": 24.0}
    assert figures(parts(lake), "device") == {"DESKTOP": 12.0, "MOBILE": 12.0}


def test_conversions_by_action_within_a_view_add_no_clicks(lake: Lake, folder: Path) -> None:
    plain = by_age("2025-12-01", "503002", 8)
    action = by_age("2025-12-01", "503002", 8, segments={"date": "2025-12-01", "conversionActionName": "Contact form"})
    take(lake, folder, {"google_ads/a.json": [google_row("2025-12-01"), plain, action]})
    (part,) = parts(lake)
    assert (part.total("clicks"), part.total("conversions")) == (5.0, 1.0)


def test_googles_leads_of_a_part_follow_the_lines_own_share_of_leads(lake: Lake, folder: Path) -> None:
    split = [by_age(day, "503002", 8) for day in days(2)]
    daily = [google_row(day, metrics={"conversions": 4.0}) for day in days(2)]
    by_action = [
        google_row(day, metrics={"conversions": count}, segments={"conversionActionName": name})
        for day in days(2)
        for name, count in (("Contact form", 3.0), ("Purchase", 1.0))
    ]
    take(lake, folder, {"google_ads/a.json": [*daily, *by_action, *split]})
    (part,) = parts(lake)
    assert tuple(part.total(name) for name in ("conversions", "leads", "sales")) == pytest.approx((2.0, 1.5, 0.5))


def test_a_lead_that_meta_names_twice_is_counted_once_in_each_part(lake: Lake, folder: Path) -> None:
    rows = [
        meta_row(day, age="25-34", gender=gender, actions=actions(lead=2, **{"onsite_conversion.lead_grouped": 2}))
        for day in days(2)
        for gender in ("female", "male", "unknown")
    ]
    take(lake, folder, {"meta_ads/a.json": [*map(meta_row, days(2)), *rows]})
    found = parts(lake)
    assert [part.values for part in found] == [("25-34", "FEMALE"), ("25-34", "MALE"), ("25-34", "UNKNOWN")]
    assert [part.total("leads") for part in found] == [4.0, 4.0, 4.0]
    assert parts_by(found, "age")[0].total("leads") == 12.0


def test_an_age_breakdown_and_one_by_age_and_gender_are_the_same_people_once(lake: Lake, folder: Path) -> None:
    alone = [meta_row(day, age="25-34") for day in days(2)]
    both = [
        meta_row(day, age="25-34", gender=gender, spend="10.00", impressions="1000")
        for day in days(2)
        for gender in ("female", "male")
    ]
    take(lake, folder, {"meta_ads/a.json": [*map(meta_row, days(2)), *alone, *both]})
    assert figures(parts(lake), "age") == {"25-34": pytest.approx(46.90)}
    assert figures(parts(lake), "gender") == {"FEMALE": 20.0, "MALE": 20.0}


def test_a_campaigns_breakdown_belongs_to_no_single_one_of_its_ad_sets(lake: Lake, folder: Path) -> None:
    sets = [meta_row("2025-12-01", adset_id=name) for name in ("771", "772")]
    campaign = meta_row("2025-12-01", adset_id=None, adset_name=None, age="25-34")
    take(lake, folder, {"meta_ads/a.json": [*sets, campaign]})
    assert parts(lake) == ()


def test_ads_are_parts_by_day_with_the_outcomes_of_their_line(lake: Lake, folder: Path) -> None:
    google = [
        google_row(day, adGroupAd={"ad": {"id": ad}}, metrics={"conversions": 2.0})
        for day in days(2)
        for ad in ("9", "8")
    ]
    meta = [meta_row("2025-12-02", ad_id="5", actions=actions(purchase=3, omni_purchase=3))]
    daily = [google_row(day) for day in days(3)]
    take(lake, folder, {"google_ads/a.json": [*daily, *google], "meta_ads/a.json": [meta_row("2025-12-01"), *meta]})
    found = load_parts(lake, load_panel(lake), kinds=("ad",))
    assert [(part.by, part.values) for part in found] == [(("ad",), ("8",)), (("ad",), ("9",)), (("ad",), ("5",))]
    assert found[0].dates.astype(str).tolist() == ["2025-12-01", "2025-12-02"]
    assert found[0].sales.tolist() == [2.0, 2.0]
    assert (found[2].dates.astype(str).tolist(), found[2].sales.tolist()) == (["2025-12-02"], [3.0])


def test_parts_are_seen_as_far_as_a_day(lake: Lake, folder: Path) -> None:
    rows = [row for day in days(4) for row in (google_row(day), by_age(day, "503002", 8))]
    take(lake, folder, {"google_ads/a.json": rows})
    day = datetime.strptime(days(2)[1], "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    assert figures(load_parts(lake, load_panel(lake, as_of=day), as_of=day), "age") == {"25-34": 16.0}


def test_exports_without_breakdowns_give_none(lake: Lake, folder: Path) -> None:
    assert parts(lake) == ()
    take(lake, folder, {"google_ads/a.json": [google_row(day) for day in days(3)]})
    assert parts(lake) == ()


@pytest.mark.parametrize(
    ("platform", "segment", "expected"),
    [
        ("meta_ads", "region=Washington, District of Columbia", (("region", "Washington, District of Columbia"),)),
        ("meta_ads", "country=de,region=Baden-Württemberg", (("country", "DE"), ("region", "Baden-Württemberg"))),
        ("meta_ads", "age=65+,gender=unknown", (("age", "65+"), ("gender", "UNKNOWN"))),
        ("meta_ads", "hourly_stats_aggregated_by_advertiser_time_zone=07:00:00 - 07:59:59", (("hour", "7"),)),
        ("google_ads", 'gender_view={"resourceName":"customers/1/genderViews/5~11"}', (("gender", "FEMALE"),)),
        ("google_ads", 'age_range_view={"resource_name":"customers/1/ageRangeViews/5~503006"}', (("age", "65+"),)),
        (
            "google_ads",
            'geographic_view={"countryCriterionId":"2276"},geo_target_region=geoTargetConstants/20226',
            (("country", "DE"), ("region", "geoTargetConstants/20226")),
        ),
    ],
)
def test_what_a_part_is_reads_from_its_segment(platform: str, segment: str, expected: tuple[Any, ...]) -> None:
    found = names_of(platform, segment)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize("segment", ["", "product_id=9", 'keyword_view={"resourceName":"x"}', "age_range={broken"])
def test_what_is_no_part_of_people_or_places_is_left_out(segment: str) -> None:
    assert names_of("google_ads", segment) is None
