"""Who is told of what, and when: quiet hours and digests by the clock on the wall, in summer and in winter."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telling_cases import NOON, Clock, Line, configured, notice

from marketmover.errors import NotFoundError, SettingsError
from marketmover.monitoring.notices import Configuration, deliver, notify, read_configuration
from marketmover.monitoring.notices.hours import Digest, QuietHours
from marketmover.store import Records

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(22), time(7), frozenset(), BERLIN)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-10T21:59:59", None),
        ("2026-03-10T22:00", "2026-03-11T07:00"),
        ("2026-03-11T06:59:59", "2026-03-11T07:00"),
        ("2026-03-11T07:00", None),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # the night on which an hour is left out
        ("2026-10-24T23:00", "2026-10-25T07:00"),  # and the one that has an hour twice
    ],
)
def test_a_night_is_quiet_until_the_morning_by_the_clock_on_the_wall(now: str, until: str | None) -> None:
    assert NIGHT.until(berlin(now)) == (berlin(until) if until else None)


def test_quiet_days_run_into_quiet_hours() -> None:
    weekend = QuietHours(time(22), time(7), frozenset({5, 6}), BERLIN)
    assert weekend.until(berlin("2026-03-13T23:00")) == berlin("2026-03-16T07:00")
    assert QuietHours(time.min, time.min, frozenset({5, 6}), BERLIN).until(berlin("2026-03-14T10:00")) == berlin(
        "2026-03-16T00:00"
    )


def test_quiet_hours_within_a_day() -> None:
    noon = QuietHours(time(12), time(13), frozenset(), BERLIN)
    assert noon.until(berlin("2026-03-10T12:30")) == berlin("2026-03-10T13:00")
    assert noon.until(berlin("2026-03-10T13:00")) is None


_MINUTES = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
_ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])


@given(
    begin=_MINUTES,
    end=_MINUTES,
    days=st.frozensets(st.integers(0, 6), max_size=6),
    zone=_ZONES,
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_quiet_hours_end_and_their_end_is_not_quiet(
    begin: time, end: time, days: frozenset[int], zone: str, now: datetime
) -> None:
    quiet = QuietHours(begin, end, days, ZoneInfo(zone))
    moment = now.replace(tzinfo=UTC)
    until = quiet.until(moment)
    if until is not None:
        assert moment < until <= moment + timedelta(days=9)
        assert quiet.until(until) is None


@given(at=_MINUTES, weekday=st.integers(0, 6), zone=_ZONES, hours=st.integers(0, 366 * 24))
def test_a_digest_comes_at_its_time_and_always_again(at: time, weekday: int, zone: str, hours: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    daily, weekly = (Digest(every, at, weekday, ZoneInfo(zone)) for every in ("daily", "weekly"))
    assert now < daily.after(now) <= now + timedelta(hours=26)
    assert now < weekly.after(now) <= now + timedelta(days=7, hours=2)
    assert weekly.after(now).astimezone(ZoneInfo(zone)).weekday() == weekday


def told(records: Records, routes: Configuration, line: Line, clock: Clock) -> list[list[str]]:
    line.sent.clear()
    deliver(records, routes, lambda _route: line, clock)
    return line.titles


def put(records: Records, routes: Configuration, clock: Clock, *keys: str, severity: str = "warning") -> None:
    with records.session() as session:
        notices = [notice(key, severity=severity) for key in keys]
        notify(session, records.workspace, notices, routes.routes.values(), clock())


QUIET = '[routes.team]\nto = "line"\ntime_zone = "Europe/Berlin"\nquiet = "22:00-07:00"\n'


def test_what_comes_in_quiet_hours_is_told_together_in_the_morning(records: Records, tmp_path: Path) -> None:
    routes, line, clock = configured(tmp_path, QUIET), Line(), Clock(berlin("2026-03-10T23:00"))
    put(records, routes, clock, "a", "b", severity="critical")
    clock.move(hours=3)
    put(records, routes, clock, "c")
    assert told(records, routes, line, clock) == []
    clock.move(hours=5)
    assert told(records, routes, line, clock) == [["Trouble a", "Trouble b", "Trouble c"]]
    assert line.sent[0].digest == "quiet"
    put(records, routes, clock, "d")
    assert told(records, routes, line, clock) == [["Trouble d"]]


def test_a_critical_trouble_passes_quiet_hours_where_the_route_says_so_but_its_end_does_not(
    records: Records, tmp_path: Path
) -> None:
    routes = configured(tmp_path, QUIET + "critical_passes = true\n")
    line, clock = Line(), Clock(berlin("2026-03-10T23:00"))
    put(records, routes, clock, "a", severity="critical")
    put(records, routes, clock, "b")
    with records.session() as session:
        over = notice("c", severity="critical", step="resolved")
        notify(session, records.workspace, [over], routes.routes.values(), clock())
    assert told(records, routes, line, clock) == [["Trouble a"]]


def test_what_came_due_while_nothing_ran_waits_for_the_next_morning(records: Records, tmp_path: Path) -> None:
    routes, line, clock = configured(tmp_path, QUIET), Line(), Clock(berlin("2026-03-10T12:00"))
    put(records, routes, clock, "a")
    clock.now = berlin("2026-03-10T23:30")
    assert told(records, routes, line, clock) == []
    clock.now = berlin("2026-03-11T07:00")
    assert told(records, routes, line, clock) == [["Trouble a"]]


def test_a_daily_digest_holds_what_has_gathered_gravest_first(records: Records, tmp_path: Path) -> None:
    routes = configured(tmp_path, '[routes.boss]\nto = "line"\ndigest = "daily 08:00"\ncritical_passes = true\n')
    line, clock = Line(), Clock(NOON)
    put(records, routes, clock, "a", severity="info")
    put(records, routes, clock, "b")
    put(records, routes, clock, "c", severity="critical")
    assert told(records, routes, line, clock) == [["Trouble c"]]
    clock.now = NOON.replace(day=11, hour=7, minute=59)
    assert told(records, routes, line, clock) == []
    clock.move(minutes=1)
    put(records, routes, clock, "d")
    assert told(records, routes, line, clock) == [["Trouble b", "Trouble a"]]
    clock.move(days=1)
    assert told(records, routes, line, clock) == [["Trouble d"]]
    assert line.sent[0].digest == "daily"


def test_a_weekly_digest_comes_on_its_day(records: Records, tmp_path: Path) -> None:
    routes = configured(tmp_path, '[routes.boss]\nto = "line"\ndigest = "monday 08:00"\n')
    line, clock = Line(), Clock(NOON)
    put(records, routes, clock, "a")
    clock.move(days=5)
    assert told(records, routes, line, clock) == []
    clock.move(days=1)
    assert told(records, routes, line, clock) == [["Trouble a"]]


def test_a_digest_that_failed_is_tried_again_as_it_was(records: Records, tmp_path: Path) -> None:
    routes = configured(tmp_path, '[routes.boss]\nto = "line"\ndigest = "daily 08:00"\n')
    from telling_cases import away

    line, clock = Line(failures=[away()]), Clock(NOON)
    put(records, routes, clock, "a", "b")
    clock.now = NOON.replace(day=11, hour=8)
    assert told(records, routes, line, clock) == []
    clock.move(minutes=1)
    assert told(records, routes, line, clock) == [["Trouble a", "Trouble b"]]


def test_routes_choose_by_severity_kind_and_step(tmp_path: Path) -> None:
    text = '[routes.a]\nto = "line"\nfrom_severity = "warning"\nkinds = ["tracking"]\nsteps = ["new", "worse"]\n'
    route = configured(tmp_path, text).route("a")
    assert route.takes(notice("1", kind="tracking"))
    assert not route.takes(notice("2", kind="tracking", severity="info"))
    assert not route.takes(notice("3", kind="pacing"))
    assert not route.takes(notice("4", kind="tracking", step="resolved"))
    assert route.takes(notice("5", kind="test", severity="info"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no routes"),
        ("routes = 3", "has no routes"),
        ("[routes.a", "cannot be read"),
        ('[routes.a]\nto = "line"\n[routes.a]\n', "cannot be read"),
        ("[routes.a]\n", r"notices.toml, \[routes.a\]: `to` is missing"),
        ('[routes."A b"]\nto = "line"\n', "is no route"),
        ('[routes.a]\nto = "line"\nquiet = "22-7"\n', r"`quiet` is '22-7'.*22:00-07:00"),
        ('[routes.a]\nto = "line"\nquiet = "25:00-07:00"\n', "`quiet` is"),
        ('[routes.a]\nto = "line"\nquiet = "07:00-07:00"\n', "begins when it ends"),
        ('[routes.a]\nto = "line"\nquiet_days = ["samstag"]\n', "`quiet_days` is 'samstag'.*saturday"),
        ('[routes.a]\nto = "line"\ndigest = "hourly"\n', "`digest` is 'hourly'.*daily 08:00"),
        ('[routes.a]\nto = "line"\ntime_zone = "Berlin"\n', "`time_zone` is 'Berlin', which is no time zone"),
        ('[routes.a]\nto = "line"\ntime_zone = "../etc"\n', "no time zone"),
        ('[routes.a]\nto = "line"\nfrom_severity = "grave"\n', "`from_severity` is 'grave'.*info, warning, critical"),
        ('[routes.a]\nto = "line"\ntries = 0\n', "`tries` is 0"),
        ('[routes.a]\nto = "line"\ncritical_passes = "yes"\n', "`critical_passes` is 'yes'"),
        ('time_zome = "UTC"\n[routes.a]\nto = "line"\n', "`time_zome` is not known here.*time_zone"),
        ('[watch]\nplan = "plan"\n[routes.a]\nto = "line"\n', r"\[watch\]: `plan` is plan, which is not there"),
        ('[watch]\nplans = "/x"\n[routes.a]\nto = "line"\n', r"\[watch\]: `plans` is not known here"),
        ('link = "ftp://x"\n[routes.a]\nto = "line"\n', "`link` is"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_its_place_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        configured(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"notices.toml is not there.*docs/notices.md"):
        read_configuration(tmp_path / "notices.toml")


def test_every_day_quiet_is_refused(tmp_path: Path) -> None:
    days = '["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]'
    with pytest.raises(SettingsError, match="has all days"):
        configured(tmp_path, f'[routes.a]\nto = "line"\nquiet_days = {days}\n')
