"""A plan's days as a calendar (RFC 5545): whole days, stable names, a number that grows with each change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from marketmover.reports.calendar.dates import PlanDay

_MOST_OCTETS = 75
_HOST = "marketmover"


@dataclass(frozen=True)
class Edition:
    """Which edition of a plan's calendar this is.

    Attributes:
        plan_id: Whose days.
        title: What the campaign is called.
        sequence: How often it was changed; a calendar takes the higher number for the newer one.
        changed_at: When it was changed last.
        off: Whether the plan does not hold any more, so that its days are called off.
    """

    plan_id: str
    title: str
    sequence: int
    changed_at: datetime
    off: bool = False


def calendar(days: Sequence[PlanDay], edition: Edition) -> bytes:
    """The days as an iCalendar file, UTF-8, lines ended by CRLF and folded at 75 octets.

    The same days give the same bytes. An event's name (`UID`) follows from the plan and from which of its days it is,
    so that a day that moves is moved in the calendars that have it.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//marketmover//plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(edition.title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    for one in days:
        lines += _event(one, edition)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line)).encode()


def _event(one: PlanDay, edition: Edition) -> list[str]:
    stamp = edition.changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return [
        "BEGIN:VEVENT",
        f"UID:{edition.plan_id}-{one.key}@{_HOST}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{edition.sequence}",
        f"DTSTART;VALUE=DATE:{_day(one.day)}",
        f"DTEND;VALUE=DATE:{_day(one.day + timedelta(days=1))}",
        f"SUMMARY:{_text(f'{one.title}: {edition.title}')}",
        f"DESCRIPTION:{_text(one.words)}",
        f"CATEGORIES:{one.kind.upper()}",
        f"STATUS:{'CANCELLED' if edition.off else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _day(value: date) -> str:
    return f"{value:%Y%m%d}" if value.year >= 1000 else f"{value.year:04}{value:%m%d}"


def _text(value: str) -> str:
    """Text with what ends or parts a value set apart, and without controls, which no calendar takes."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in plain if letter in "\n\t" or letter.isprintable() or ord(letter) > 0x9F)
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(letter, written)
    return kept.encode("utf-8", "replace").decode()


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, no letter cut in two; each but the first begins with a blank."""
    part, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _MOST_OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + letter, octets + size
    yield part
