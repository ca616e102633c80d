"""Dates in a brief that can be read two ways or that lack their year, with the readings there are."""

import re
from dataclasses import dataclass
from datetime import date

from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.dialogue.wording import day_words
from marketmover.plans import Brief

_TWO_WAYS = re.compile(r"^(?P<dates>.{4,400}?) can be read two ways; (?P<how>.{4,200})$")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_NO_YEAR = re.compile(r"^'(?P<words>.{2,80})' names no year")


@dataclass(frozen=True)
class TwoWays:
    """A numeric date with its two readings, day first and then month first."""

    field: str
    written: str
    readings: tuple[str, str]
    assumed: str


@dataclass(frozen=True)
class Yearless:
    """Words that name a day but no year, and the next days that they may mean."""

    written: str
    choices: list[str]


def two_ways(brief: Brief, *, british: bool) -> TwoWays | None:
    """The first date of the brief that can be read two ways, as its warnings say."""
    for warning in brief.warnings:
        said = _TWO_WAYS.match(warning)
        number = _NUMERIC.search(said["dates"]) if said else None
        days = both(number.group()) if number else None
        # Points part days of the month from months where days come first; nobody there would ask.
        plain = number is not None and number[2] == "." and said is not None and "day first" in said["how"]
        if said and number and days and not plain:
            readings = (day_words(days[0], british=british), day_words(days[1], british=british))
            at = 0 if "day first" in said["how"] else 1 if "month first" in said["how"] else -1
            ends = number.group() in brief.evidence.get("end_date", "") and number.group() not in brief.evidence.get(
                "start_date", ""
            )
            return TwoWays(
                "end_date" if ends else "start_date", number.group(), readings, readings[at] if at >= 0 else ""
            )
    return None


def both(written: str) -> tuple[date, date] | None:
    """A numeric date with the day first and with the month first; `None` where only one of them is a date."""
    number = _NUMERIC.fullmatch(written)
    if number is None:
        return None
    one, two, year = int(number[1]), int(number[3]), int(number[4])
    year += 2000 if year < 100 else 0
    try:
        return date(year, two, one), date(year, one, two)
    except ValueError:
        return None


def ambiguous_dates(brief: Brief) -> list[str]:
    """All dates of the brief that can be read two ways, as they are written."""
    said = [match["dates"] for warning in brief.warnings if (match := _TWO_WAYS.match(warning))]
    return [number.group() for dates in said for number in _NUMERIC.finditer(dates)]


def missing_year(brief: Brief, today: date, *, british: bool) -> Yearless | None:
    """The words that lack their year, with the next two days that they may mean, as far as they name a day."""
    if brief.start_date or brief.end_date:
        return None
    for warning in brief.warnings:
        said = _NO_YEAR.match(warning)
        if said:
            return Yearless(said["words"], [day_words(day, british=british) for day in _next(said["words"], today)])
    return None


def _next(words: str, today: date) -> list[date]:
    read = (read_brief(f"Start date: {words} {year}").start_date for year in range(today.year, today.year + 3))
    return [day for day in read if day is not None and day > today][:1]
