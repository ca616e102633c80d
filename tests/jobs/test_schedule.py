"""When work is due: words, time zones, and the days on which clocks are changed."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.errors import UsageError
from marketmover.jobs import At, Every, read_schedule

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe")
moments = st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis takes naive bounds
schedules = st.one_of(
    st.builds(Every, st.integers(1, 10_080)),
    st.builds(
        At,
        st.builds(time, st.integers(0, 23), st.integers(0, 59)),
        st.sampled_from(ZONES),
        st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
    ),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        ("every 30 minutes", Every(30)),
        ("Every minute", Every(1)),
        ("every 6 hours", Every(360)),
        ("daily at 6:00", At(time(6), "UTC")),
        ("  every day  at 06:30 Europe/Berlin ", At(time(6, 30), "Europe/Berlin")),
        ("Mondays and Thursdays at 08:00 America/New_York", At(time(8), "America/New_York", (0, 3))),
        ("sunday at 23:59", At(time(23, 59), "UTC", (6,))),
    ],
)
def test_words_say_a_schedule(words: str, schedule: Every | At) -> None:
    assert read_schedule(words) == schedule


@given(schedule=schedules)
def test_a_schedule_says_itself_in_words_that_read_back(schedule: Every | At) -> None:
    assert read_schedule(str(schedule)) == (
        schedule if isinstance(schedule, Every) or len(schedule.weekdays) else At(schedule.time, schedule.zone)
    )


@pytest.mark.parametrize(
    "words",
    ["", "now and then", "every 0 minutes", "every 99999 minutes", "daily at 25:00", "daily at 06:00 Europe/Atlantis",
     "fridaysday at 06:00", "* * * * *", "daily at 06:00 ../../etc/passwd"],
)  # fmt: skip
def test_words_that_say_none_are_wrong_use(words: str) -> None:
    with pytest.raises(UsageError):
        read_schedule(words)


@given(schedule=schedules, now=moments)
def test_the_last_moment_is_not_after_now_the_next_is_and_nothing_is_due_between(
    schedule: Every | At, now: datetime
) -> None:
    last, following = schedule.last(now), schedule.next(now)
    assert last <= now < following
    assert schedule.next(last) == following
    assert schedule.last(following) == following
    assert schedule.last(following - timedelta(microseconds=1)) == last


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ("2026-07-01T03:59:59+00:00", "2026-06-30T04:00:00+00:00", "2026-07-01T04:00:00+00:00"),
        ("2026-03-29T12:00:00+00:00", "2026-03-29T04:00:00+00:00", "2026-03-30T04:00:00+00:00"),  # summer began
        ("2026-10-25T12:00:00+00:00", "2026-10-25T05:00:00+00:00", "2026-10-26T05:00:00+00:00"),  # and ended
    ],
)
def test_a_time_of_day_follows_the_zones_clock(now: str, last: str, following: str) -> None:
    daily = At(time(6), "Europe/Berlin")
    assert (daily.last(at(now)), daily.next(at(now))) == (at(last), at(following))


def test_a_time_that_the_clocks_pass_over_is_an_hour_later_and_one_that_comes_twice_is_taken_once() -> None:
    daily = At(time(2, 30), "Europe/Berlin")
    assert daily.next(at("2026-03-29T00:00:00+00:00")) == at("2026-03-29T01:30:00+00:00")  # 03:30 there
    assert daily.next(at("2026-10-25T00:00:00+00:00")) == at("2026-10-25T00:30:00+00:00")
    assert daily.next(at("2026-10-25T00:30:00+00:00")) == at("2026-10-26T01:30:00+00:00")


def test_every_so_many_minutes_is_counted_from_a_fixed_moment_so_that_restarts_do_not_shift_it() -> None:
    assert Every(30).last(at("2026-01-05T09:59:59+00:00")) == at("2026-01-05T09:30:00+00:00")
    assert Every(30).next(at("2026-01-05T09:30:00+00:00")) == at("2026-01-05T10:00:00+00:00")
