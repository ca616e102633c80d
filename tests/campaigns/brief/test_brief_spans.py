from hypothesis import given
from hypothesis import strategies as st

from marketmover.campaigns.brief.spans import Apart, Spans

places = st.integers(0, 60)
stretches = st.tuples(places, st.integers(1, 20)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.lists(stretches, max_size=12), stretches, st.integers(0, 9), st.integers(0, 9))
def test_near_are_those_that_going_through_all_of_them_finds(
    spans: list[tuple[int, int]], at: tuple[int, int], behind: int, ahead: int
) -> None:
    start, end = at
    found = {one for one in spans if one[1] > start - behind and one[0] < end + ahead}
    assert Spans(spans).near(start, end, behind, ahead) == sorted(found)


@given(st.lists(stretches, max_size=12), stretches, st.integers(0, 9))
def test_of_two_that_overlap_the_first_one_stays(spans: list[tuple[int, int]], at: tuple[int, int], reach: int) -> None:
    apart, kept = Apart(), list[tuple[int, int]]()
    for start, end in spans:
        is_free = not any(start < right and left < end for left, right in kept)
        assert apart.add(start, end) == is_free
        kept += [(start, end)] if is_free else []
    found = [one for one in kept if one[1] > at[0] - reach and one[0] < at[1] + reach]
    assert apart.near(*at, reach) == sorted(found)


def test_stretches_that_only_touch_do_not_overlap() -> None:
    assert list(Spans([(10, 16)]).near(16, 20)) == list(Spans([(10, 16)]).near(4, 10)) == []
