"""When work is due, without cron: every so many minutes, or at a time of day in a time zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketmover.errors import UsageError
from marketmover.kit import plural

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVERY = re.compile(r"every\s+(?:(?P<count>\d+)\s+)?(?P<unit>minute|hour)s?", re.IGNORECASE)
_AT = re.compile(r"(?P<days>.+?)\s+at\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s+(?P<zone>\S+))?", re.IGNORECASE)
_MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True)
class Every:
    """Every so many minutes, counted from midnight UTC of 1 January 1970, so that restarts do not shift it."""

    minutes: int

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= _MOST_MINUTES:
            raise UsageError(f"Work every {self.minutes} minutes cannot be.", f"Say 1 to {_MOST_MINUTES} minutes.")

    def last(self, now: datetime) -> datetime:
        """The newest moment at or before `now` at which it is due."""
        step = self.minutes * 60
        return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)

    def next(self, now: datetime) -> datetime:
        """The first moment after `now` at which it is due."""
        return self.last(now) + timedelta(minutes=self.minutes)

    def __str__(self) -> str:
        return f"every {self.minutes} {plural(self.minutes, 'minute')}"


@dataclass(frozen=True)
class At:
    """At a time of day in a time zone, on all days or on some.

    A time that the clocks pass over in spring is taken an hour later, one that comes twice in autumn the first time: so
    each day has it once.

    Attributes:
        time: Hours and minutes.
        zone: An IANA name.
        weekdays: 0 for Monday to 6; none: all of them.
    """

    time: time
    zone: str = "UTC"
    weekdays: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UsageError(f"There is no time zone {self.zone!r}.", "Name one like Europe/Berlin.") from error
        if not set(self.weekdays) <= set(range(7)):
            raise UsageError(f"{self.weekdays} are no days of the week.", "Say 0 for Monday to 6 for Sunday.")

    def last(self, now: datetime) -> datetime:
        """The newest moment at or before `now` at which it is due."""
        return next(moment for moment in self._moments(now, -1) if moment <= now)

    def next(self, now: datetime) -> datetime:
        """The first moment after `now` at which it is due."""
        return next(moment for moment in self._moments(now, 1) if moment > now)

    def __str__(self) -> str:
        days = "daily" if not self.weekdays else ", ".join(f"{_DAYS[day]}s" for day in sorted(self.weekdays))
        return f"{days} at {self.time:%H:%M} {self.zone}"

    def _moments(self, now: datetime, step: int) -> Iterator[datetime]:
        """Due moments by day, from the day beside `now`'s on: forwards or backwards without end."""
        day = now.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=step)
        while True:
            if not self.weekdays or day.weekday() in self.weekdays:
                yield self._on(day)
            day += timedelta(days=step)

    def _on(self, day: date) -> datetime:
        local = datetime.combine(day, self.time, ZoneInfo(self.zone))  # fold 0: of two such moments the first
        return local.astimezone(UTC)


Schedule = Every | At


def read_schedule(words: str) -> Schedule:
    """A schedule by its words: `every 30 minutes`, `daily at 06:00 Europe/Berlin`, `Mondays at 08:00`.

    Raises:
        UsageError: The words say no schedule.
    """
    text = " ".join(words.split())
    if found := _EVERY.fullmatch(text):
        return Every(int(found["count"] or 1) * (60 if found["unit"].lower() == "hour" else 1))
    found = _AT.fullmatch(text)
    days = _weekdays(found["days"]) if found else None
    if found is None or days is None:
        raise UsageError(
            f"{words!r} says no schedule.", "Write it like 'every 30 minutes', 'daily at 06:00 Europe/Berlin'."
        )
    return At(_time(int(found["hour"]), int(found["minute"]), words), found["zone"] or "UTC", days)


def _weekdays(words: str) -> tuple[int, ...] | None:
    """Days of the week by their names; none for all, `None` where a word is no day."""
    if words.lower() in {"daily", "every day"}:
        return ()
    known = {name.lower(): number for number, name in enumerate(_DAYS)}
    named = [word.lower().removesuffix("s") for word in re.split(r"\s*,\s*|\s+and\s+", words)]
    return tuple(sorted({known[name] for name in named})) if set(named) <= set(known) else None


def _time(hour: int, minute: int, words: str) -> time:
    if hour > 23 or minute > 59:
        raise UsageError(f"{words!r} names no time of day.", "Write it from 00:00 to 23:59.")
    return time(hour, minute)
