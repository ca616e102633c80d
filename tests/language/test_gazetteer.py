"""Names of cities."""

import pytest

from marketmover.language import gazetteer


@pytest.mark.parametrize("name", ["leeds", "s\u00e3o paulo", "sao paulo", "les escaldes"])
def test_a_city_is_known_with_its_accents_and_without(name: str) -> None:
    assert gazetteer.is_city(name)


@pytest.mark.parametrize("name", ["", "Leeds", "budget", "leeds\n", "wessex"])
def test_what_is_no_city_in_small_letters_is_none(name: str) -> None:
    assert not gazetteer.is_city(name)


def test_large_cities_are_cities_of_a_hundred_thousand_people() -> None:
    assert gazetteer.is_large_city("leeds")
    assert gazetteer.is_city("les escaldes")
    assert not gazetteer.is_large_city("les escaldes")


def test_other_names_are_told_with_their_capitals() -> None:
    assert gazetteer.is_other_city_name("Firenze")
    assert not gazetteer.is_other_city_name("firenze")
    assert not gazetteer.is_other_city_name("Campaign")
