import pytest

from marketmover.kit import counted, did_you_mean, plural


@pytest.mark.parametrize(("count", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1200, "1,200 lines")])
def test_a_noun_agrees_with_its_count(count: int, said: str) -> None:
    assert counted(count, "line") == said


def test_an_uncommon_plural_is_named() -> None:
    assert (plural(1, "country", "countries"), plural(2, "country", "countries")) == ("country", "countries")
    assert plural(1.5, "conversion") == "conversions"


def test_the_nearest_names_are_asked_for_whatever_their_case() -> None:
    known = ["Contact form", "Contact form 2", "Phone call"]
    assert did_you_mean("contact frm", known) == "Did you mean 'Contact form' or 'Contact form 2'?"
    assert did_you_mean("PHONE CALL", known) == "Did you mean 'Phone call'?"


def test_without_a_near_name_the_first_few_are_listed() -> None:
    assert did_you_mean("zzz", ["a", "b", "c"], most=2) == "There are: 'a', 'b', ..."
    assert did_you_mean("zzz", []) == "There is none."
