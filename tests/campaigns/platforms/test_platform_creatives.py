"""Which words a line shows."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.campaigns.platforms import choose_creative
from marketmover.campaigns.platforms.limits import display_width
from marketmover.history import AdText

if TYPE_CHECKING:
    from marketmover.plans import Platform

HEADLINES = ("Yoga in Austin", "Book today", "First class free")
DESCRIPTIONS = ("Small classes, patient teachers.", "Come as you are.")


def google_ad(name: str, line: str = "google_ads:55:551", **known: object) -> AdText:
    fields: dict[str, object] = {"headlines": HEADLINES, "descriptions": DESCRIPTIONS, "final_url": "https://a.example"}
    return AdText(name, "google_ads", line, **(fields | known))  # pyright: ignore[reportArgumentType] - tests name fields freely


def meta_ad(name: str, **known: object) -> AdText:
    fields: dict[str, object] = {"headlines": ("Free class",), "descriptions": ("Come and see.",), "form": "IMAGE"}
    return AdText(name, "meta_ads", "meta_ads:77:771", **(fields | known))  # pyright: ignore[reportArgumentType] - tests name fields freely


def test_a_running_line_shows_its_running_ad_with_most_impressions() -> None:
    ads = [
        google_ad("1", impressions=900.0),
        google_ad("2", impressions=5_000.0, headlines=("The lead", "b", "c")),
        google_ad("3", impressions=90_000.0, running=False),
        google_ad("4", line="google_ads:56:-", impressions=990_000.0),
    ]
    choice = choose_creative(ads, "google_ads", line_id="google_ads:55:551", ad_type="SEARCH", is_new=False)
    assert choice.warning is None
    assert choice.creative is not None
    assert (choice.creative.headline, choice.creative.source_ad_id) == ("The lead", "2")


def test_a_running_line_whose_ads_have_no_known_words_has_no_creative() -> None:
    wordless = meta_ad("1", headlines=(), descriptions=())
    for ads in ([], [wordless]):
        choice = choose_creative(ads, "meta_ads", line_id="meta_ads:77:771", ad_type="IMAGE", is_new=False)
        assert choice == (None, None)


def test_a_new_search_line_takes_over_the_ad_that_earned_most_for_its_impressions() -> None:
    ads = [
        google_ad("1", impressions=100_000.0, conversions=100.0),
        google_ad("2", impressions=50_000.0, conversions=200.0),
        google_ad("3", impressions=10.0, conversions=1.0),
    ]
    choice = choose_creative(ads, "google_ads", line_id="google_ads:new:1", ad_type="SEARCH", is_new=True)
    assert choice.creative is not None
    assert choice.creative.source_ad_id == "2"
    assert choice.creative.headlines == list(HEADLINES)
    assert choice.warning is None


def test_texts_of_several_ads_are_put_together_where_none_fills_an_ad_alone() -> None:
    ads = [
        google_ad(
            "1", headlines=("One", "one"), descriptions=("First.",), final_url=None, clicks=9.0, impressions=10.0
        ),
        google_ad("2", headlines=("Two", "Three"), descriptions=("Second.",), impressions=10.0),
    ]
    choice = choose_creative(ads, "google_ads", line_id="google_ads:new:1", ad_type="SEARCH", is_new=True)
    assert choice.creative is not None
    assert choice.creative.headlines == ["One", "Two", "Three"]
    assert choice.creative.final_url == "https://a.example"
    assert "several past ads" in (choice.warning or "")


def test_too_few_texts_make_no_creative_and_say_what_is_missing() -> None:
    ads = [google_ad("1", headlines=("A headline that is much too long for Google Ads", "Short"))]
    choice = choose_creative(ads, "google_ads", line_id="google_ads:new:1", ad_type="SEARCH", is_new=True)
    assert choice.creative is None
    assert "at least 3 headlines of up to 30 characters" in (choice.warning or "")


def test_a_first_google_line_borrows_texts_from_meta_that_google_would_take() -> None:
    ads = [
        meta_ad(str(number), headlines=(text,), descriptions=(f"{text} and more.",))
        for number, text in enumerate(
            ["Free class!", "Calm mornings", "\U0001f525 Hot yoga", "Small groups", "Mats here"]
        )
    ]
    choice = choose_creative(ads, "google_ads", line_id="google_ads:new:1", ad_type="SEARCH", is_new=True)
    assert choice.creative is not None
    assert choice.creative.headlines == ["Calm mornings", "Small groups", "Mats here"]
    assert "borrows texts from Meta" in (choice.warning or "")


def test_a_new_meta_line_prefers_a_past_ad_of_its_form_whose_text_is_shown_whole() -> None:
    ads = [
        meta_ad("1", clicks=90.0, impressions=100.0, form="VIDEO"),
        meta_ad("2", clicks=50.0, impressions=100.0, descriptions=("long " * 40,)),
        meta_ad("3", clicks=10.0, impressions=100.0),
    ]
    choice = choose_creative(ads, "meta_ads", line_id="meta_ads:new:1", ad_type="IMAGE", is_new=True)
    assert choice.creative is not None
    assert choice.creative.source_ad_id == "3"
    only_long = choose_creative(ads[1:2], "meta_ads", line_id="meta_ads:new:1", ad_type="IMAGE", is_new=True)
    assert "cuts off" in (only_long.warning or "")


def test_without_any_past_ad_a_new_line_has_no_creative_and_says_so() -> None:
    cases: tuple[tuple[Platform, str], ...] = (("google_ads", "SEARCH"), ("meta_ads", "IMAGE"))
    for platform, ad_type in cases:
        choice = choose_creative([], platform, line_id="x:new:1", ad_type=ad_type, is_new=True)
        assert choice.creative is None
        assert choice.warning


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("Yoga in Austin", 14),
        ("ヨガ教室", 8),
        ("한국어", 6),
        ("Café – naïve", 12),
        ("{KeyWord:Yoga} here", 9),
        ("{LOCATION(City):your city}", 9),
    ],
)
def test_width_is_counted_as_google_counts_it(text: str, width: int) -> None:
    assert display_width(text) == width


@given(
    st.lists(st.lists(st.text(max_size=45), max_size=20), max_size=6),
    st.lists(st.lists(st.text(max_size=120), max_size=6), max_size=6),
    st.sampled_from(["SEARCH", "DISPLAY", "PERFORMANCE_MAX", "DEMAND_GEN"]),
)
def test_a_new_google_creative_keeps_every_limit(
    headlines: list[list[str]], descriptions: list[list[str]], ad_type: str
) -> None:
    most = {
        "SEARCH": (3, 15, 2, 4),
        "DISPLAY": (1, 5, 1, 5),
        "PERFORMANCE_MAX": (3, 15, 2, 5),
        "DEMAND_GEN": (1, 5, 1, 5),
    }
    ads = [
        google_ad(str(number), headlines=tuple(first), descriptions=tuple(second))
        for number, (first, second) in enumerate(zip(headlines, descriptions, strict=False))
    ]
    creative, warning = choose_creative(ads, "google_ads", line_id="google_ads:new:1", ad_type=ad_type, is_new=True)
    if creative is None:
        assert warning
        return
    least_headlines, most_headlines, least_descriptions, most_descriptions = most[ad_type]
    assert least_headlines <= len(creative.headlines) <= most_headlines
    assert least_descriptions <= len(creative.descriptions) <= most_descriptions
    assert len({text.casefold() for text in creative.headlines}) == len(creative.headlines)
    assert all(display_width(text) <= (40 if ad_type == "DEMAND_GEN" else 30) for text in creative.headlines)
    assert all(display_width(text) <= 90 for text in creative.descriptions)
