from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketmover.kit import days_between, parse_date, utc_now

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))


@given(days, st.integers(min_value=0, max_value=900))
def test_both_end_days_count(start: date, more: int) -> None:
    assert days_between(start, start + timedelta(days=more)) == more + 1


def test_a_moment_is_aware_and_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)


def test_a_day_reads_as_iso_8601() -> None:
    assert parse_date("2026-01-05") == date(2026, 1, 5)
