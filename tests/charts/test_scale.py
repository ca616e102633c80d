"""Axes name round values that lie within them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketmover.charts.scale import Scale, day_ticks, ticks, upper_end

_AMOUNTS = st.floats(1e-6, 1e12)


@given(st.floats(-1e9, 1e9), _AMOUNTS)
def test_ticks_lie_within_the_axis_and_are_few(low: float, span: float) -> None:
    found = ticks(low, low + span)
    slack = 1e-6 * max(abs(low), span)
    assert all(low - slack <= value <= low + span + slack for value in found)
    assert len(found) <= 8
    assert found == sorted(set(found))


@given(st.lists(_AMOUNTS, min_size=1))
def test_the_end_of_an_axis_holds_every_value_without_wasting_half_of_it(values: list[float]) -> None:
    end = upper_end(values)
    assert max(values) <= end * (1 + 1e-9)
    assert end <= max(values) * 2


def test_an_axis_of_nothing_ends_at_one() -> None:
    assert upper_end([]) == upper_end([0, 0]) == upper_end([float("nan"), float("inf")]) == 1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000))
def test_an_axis_of_days_names_a_handful_of_days_within_it(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    found = day_ticks(start, end)
    assert all(start <= day <= end for day in found)
    assert 1 <= len(found) <= 8


def test_a_scale_without_extent_maps_to_its_start() -> None:
    assert Scale(5, 5, 10, 90)(5) == 10


def test_a_value_beyond_the_scale_is_held_at_its_end() -> None:
    assert [Scale(0, 10)(value) for value in (-3, 5, 40)] == [0, 50, 100]
