"""What a text names, by kind, in order and verbatim."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.language import find_entities

TEXT = """Write to Jo@Acme.com or +43 660 1234567 by 12 March 2026; see https://acme.example/a.
Brightwater Dental Ltd has USD 12,500 for Austria and the UK, near Graz."""


def test_each_kind_is_named_with_its_plain_value() -> None:
    assert [(one.kind, one.value) for one in find_entities(TEXT)] == [
        ("email", "jo@acme.com"),
        ("phone", "+436601234567"),
        ("date", "12 March 2026"),
        ("url", "https://acme.example/a"),
        ("organisation", "Brightwater Dental Ltd"),
        ("money", "USD 12,500"),
        ("country", "AT"),
        ("country", "GB"),
        ("place", "Graz"),
    ]


@pytest.mark.parametrize("text", ["\u20ac5k", "4 lakh rupees", "12.500,50 EUR", "Rs 4 lakh", "USD 1,250,000", "$30k"])
def test_money_is_found_as_people_write_it(text: str) -> None:
    assert [one.value for one in find_entities(f"about {text} in all") if one.kind == "money"] == [text]


def test_a_bird_is_no_country_and_a_national_number_needs_its_country() -> None:
    assert find_entities("roast turkey for all") == []
    assert [one.kind for one in find_entities("call 020 7946 0123")] == []
    assert [one.value for one in find_entities("call 020 7946 0123", regions=("GB",))] == ["+442079460123"]


@given(st.text(max_size=200))
def test_mentions_are_verbatim_in_order_and_apart(text: str) -> None:
    found = find_entities(text)
    assert all(text[one.start : one.end] == one.words for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
