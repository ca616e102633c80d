"""Lengths of time in a text: `six weeks`, `two and a half months`, `a fortnight`."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from marketmover.campaigns.brief.numbers import SPELT, parse_spelt

_DURATION = re.compile(
    rf"\b(?P<n>\d{{1,3}}(?:[.,]5)?|half an?|{SPELT}|a|an|one|a couple of|a full|one full)[ -](?:full |straight "
    rf"|calendar |consecutive |whole )?(?P<unit>days?|weeks?|wks?|fortnights?|months?|mths?|mos?|years?)\b"
)


@dataclass(frozen=True)
class Length:
    """A length of time in the text: whole months and days apart, since months differ."""

    start: int
    end: int
    months: int
    days: int

    def last_day(self, first: date) -> date:
        """The last day of this length from `first` on, both counted."""
        if not self.months:
            return first + timedelta(days=self.days - 1)
        month = first.month - 1 + self.months
        year, month = first.year + month // 12, month % 12 + 1
        same_day = date(year, month, min(first.day, calendar.monthrange(year, month)[1]))
        return same_day - timedelta(days=1) + timedelta(days=self.days)

    def first_day(self, last: date) -> date:
        """The first day of this length up to `last`, both counted."""
        if not self.months:
            return last - timedelta(days=self.days - 1)
        after = last + timedelta(days=1)
        month = after.month - 1 - self.months
        year, month = after.year + month // 12, month % 12 + 1
        return date(year, month, min(after.day, calendar.monthrange(year, month)[1]))

    @property
    def about_days(self) -> int:
        """Days, a month as 30 where no date says which months are meant."""
        return self.days + 30 * self.months


def lengths(text: str) -> list[Length]:
    """Lengths of time in a lower-case text, in order."""
    found: list[Length] = []
    for match in _DURATION.finditer(text):
        number = _count(match["n"])
        if number is None or number <= 0 or number > 400:
            continue
        unit = match["unit"]
        if unit.startswith(("m", "y")):
            number *= 12 if unit.startswith("year") else 1
            months, rest = int(number), number - int(number)
            found.append(Length(*match.span(), months, round(rest * 30)))
        else:
            days = number * (7 if unit.startswith("w") else 14 if unit.startswith("f") else 1)
            found.append(Length(*match.span(), 0, max(round(days), 1)))
    found += [
        Length(*match.span(), 0, 14)
        for match in re.finditer(r"\b(?:a|one|the) fortnight\b|\bfortnight-long\b", text)
        if not any(one.start == match.start() for one in found)
    ]
    return found


def _count(text: str) -> float | None:
    bare = text.replace("a full", "one").replace("one full", "one")
    if bare in ("a", "an"):
        return 1.0
    if bare.startswith("half a"):
        return 0.5
    if bare[0].isdigit():
        return float(bare.replace(",", "."))
    return parse_spelt(bare)
