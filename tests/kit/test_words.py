import pytest

from marketmover.kit import counted, plural


@pytest.mark.parametrize(("count", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1200, "1,200 lines")])
def test_a_noun_agrees_with_its_count(count: int, said: str) -> None:
    assert counted(count, "line") == said


def test_an_uncommon_plural_is_named() -> None:
    assert (plural(1, "country", "countries"), plural(2, "country", "countries")) == ("country", "countries")
    assert plural(1.5, "conversion") == "conversions"
