"""Countries, languages, ages, genders and keywords as Google Ads criteria."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.campaigns.platforms.google_targeting import (
    age_exclusions,
    gender_exclusions,
    geo_target,
    keyword_criteria,
    language_criteria,
    location_criteria,
)


@pytest.mark.parametrize(
    ("country", "number"),
    [("US", 2840), ("GB", 2826), ("DE", 2276), ("FR", 2250), ("JP", 2392), ("BR", 2076), ("AU", 2036), ("AF", 2004)],
)
def test_a_country_is_2000_and_its_iso_number(country: str, number: int) -> None:
    assert geo_target(country) == f"geoTargetConstants/{number}"


@pytest.mark.parametrize("country", ["ZZ", "", "CU", "KP"])
def test_a_country_that_google_cannot_target_is_left_out_and_said(country: str) -> None:
    said: list[str] = []
    assert location_criteria([country], said.append) == []
    assert len(said) == 1


def test_languages_are_googles_own_numbers() -> None:
    said: list[str] = []
    found = language_criteria(["en", "DE", "xx", "en"], said.append)
    assert [entry["language"]["languageConstant"] for entry in found] == [
        "languageConstants/1000",
        "languageConstants/1001",
    ]
    assert "'xx'" in said[0]


@given(st.none() | st.integers(0, 99), st.none() | st.integers(0, 99))
def test_no_age_of_the_audience_is_excluded(low: int | None, high: int | None) -> None:
    ranges = {"18_24": (18, 24), "25_34": (25, 34), "35_44": (35, 44), "45_54": (45, 54), "55_64": (55, 64)}
    excluded = {entry["ageRange"]["type"].removeprefix("AGE_RANGE_") for entry in age_exclusions(low, high, [].append)}
    for name, (first, last) in ranges.items():
        inside = any((low or 0) <= age <= (200 if high is None else high) for age in range(first, last + 1))
        assert not (inside and name in excluded)
    assert "UNDETERMINED" not in excluded


def test_ages_that_match_ranges_exclude_the_others_without_a_word() -> None:
    said: list[str] = []
    found = [entry["ageRange"]["type"] for entry in age_exclusions(25, 54, said.append)]
    assert found == ["AGE_RANGE_18_24", "AGE_RANGE_55_64", "AGE_RANGE_65_UP"]
    assert said == []
    assert age_exclusions(None, None, said.append) == []
    assert age_exclusions(18, 65, said.append) == []


def test_genders_are_excluded_only_where_one_is_named() -> None:
    assert gender_exclusions(["FEMALE"]) == [{"negative": True, "gender": {"type": "MALE"}}]
    assert gender_exclusions(["FEMALE", "MALE"]) == gender_exclusions([]) == gender_exclusions(["UNKNOWN"]) == []


def test_keywords_keep_the_match_type_that_is_written_on_them() -> None:
    found = keyword_criteria(["yoga  classes", "[Yoga]", '"yoga"', "+yoga +mat", "YOGA", "-free"], [].append)
    assert [(entry["keyword"]["text"], entry["keyword"]["matchType"]) for entry in found] == [
        ("yoga classes", "PHRASE"),
        ("Yoga", "EXACT"),
        ("yoga", "PHRASE"),
        ("yoga mat", "PHRASE"),
    ]


@given(st.lists(st.text(max_size=120), max_size=8))
def test_no_keyword_breaks_googles_limits(keywords: list[str]) -> None:
    for entry in keyword_criteria(keywords, [].append):
        text = entry["keyword"]["text"]
        assert 0 < len(text) <= 80
        assert len(text.split()) <= 10
        assert not set(text) & set("!@%,*")
