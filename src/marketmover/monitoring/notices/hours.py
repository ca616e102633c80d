"""When a route may be disturbed, and when its digest is due, by the clock on its own wall."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STEPS_A_WEEK = 21


@dataclass(frozen=True)
class QuietHours:
    """Hours of each day, and whole days of the week, in which nobody is to be disturbed.

    Attributes:
        begin, end: Of the quiet hours; `end` before `begin` runs over midnight, both the same means none.
        days: Whole quiet days, 0 is Monday.
        zone: Whose clock it is.
    """

    begin: time
    end: time
    days: frozenset[int]
    zone: ZoneInfo

    @property
    def shown(self) -> str:
        """The hours and days, for people."""
        hours = f"{self.begin:%H:%M}-{self.end:%H:%M}" if self.begin != self.end else ""
        days = " ".join(WEEKDAYS[day] for day in sorted(self.days))
        return f"{', '.join(filter(None, (hours, days)))} ({self.zone.key})"

    def until(self, now: datetime) -> datetime | None:
        """The first moment that is not quiet any more, where `now` is quiet; else `None`."""
        moment = now
        for _ in range(_STEPS_A_WEEK):
            ends = self._end_of_stretch(moment)
            if ends is None:
                break
            moment = ends
        return None if moment == now else moment.astimezone(UTC)

    def _end_of_stretch(self, moment: datetime) -> datetime | None:
        local = moment.astimezone(self.zone)
        if local.weekday() in self.days:
            return self._at(local, 1, time.min)
        clock = local.time()
        if self.begin < self.end:
            return self._at(local, 0, self.end) if self.begin <= clock < self.end else None
        if self.begin > self.end:
            if clock >= self.begin:
                return self._at(local, 1, self.end)
            return self._at(local, 0, self.end) if clock < self.end else None
        return None

    def _at(self, local: datetime, days: int, clock: time) -> datetime:
        return on_the_clock(local, days, clock, self.zone)


@dataclass(frozen=True)
class Digest:
    """When what has gathered is told together: each day, or on one day of the week."""

    every: Literal["daily", "weekly"]
    at: time
    weekday: int
    zone: ZoneInfo

    @property
    def shown(self) -> str:
        """When it is due, for people."""
        return f"{'daily' if self.every == 'daily' else WEEKDAYS[self.weekday]} {self.at:%H:%M} ({self.zone.key})"

    def after(self, now: datetime) -> datetime:
        """The next digest after `now`."""
        local = now.astimezone(self.zone)
        for ahead in range(9):
            if self.every == "weekly" and (local.date() + timedelta(days=ahead)).weekday() != self.weekday:
                continue
            due = on_the_clock(local, ahead, self.at, self.zone)
            if due > now:
                return due
        raise AssertionError("every weekday comes within nine days")


def on_the_clock(local: datetime, days: int, clock: time, zone: ZoneInfo) -> datetime:
    """A time on a clock some days on, in UTC.

    Of a time that the clock shows twice in autumn it is the first that is not over; one that it leaps over in spring is
    as long after the leap as it would have been.
    """
    first = datetime.combine(local.date() + timedelta(days=days), clock, tzinfo=zone)
    moment = first.astimezone(UTC)
    return moment if moment > local else first.replace(fold=1).astimezone(UTC)
