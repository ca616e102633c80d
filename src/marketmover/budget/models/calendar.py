"""The calendar as regressors: year, weekday, public holidays and the shopping days around them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]
_HARMONICS = 3


@dataclass(frozen=True)
class Calendar:
    """Regressors of days, with the spread of each one's effect (log) before the data speak.

    Attributes:
        columns: Shape (days, columns).
        spread: Shape (columns,).
    """

    columns: Floats
    spread: Floats


def calendar(days: Days, country: str | None) -> Calendar:
    """Regressors of consecutive or any days.

    Args:
        days: Shape (days,), dtype `datetime64[D]`.
        country: ISO 3166-1 alpha-2 whose public holidays count, `None` for none.
    """
    year, year_spread = _year(days)
    weekday, weekday_spread = _weekday(days)
    shopping, shopping_spread = _shopping(days)
    holidays, holiday_spread = _holidays(days, country)
    return Calendar(
        np.concatenate([year, weekday, shopping, holidays], axis=1),
        np.concatenate([year_spread, weekday_spread, shopping_spread, holiday_spread]),
    )


def _year(days: Days) -> tuple[Floats, Floats]:
    """Sines and cosines of the year; the finer, the smaller."""
    since = (days - days.astype("datetime64[Y]")).astype(np.float64)
    columns = [
        wave(2 * np.pi * harmonic * since / 365.25)
        for harmonic in range(1, _HARMONICS + 1)
        for wave in (np.sin, np.cos)
    ]
    return np.stack(columns, axis=1), np.repeat([0.15 / harmonic for harmonic in range(1, _HARMONICS + 1)], 2)


def _weekday(days: Days) -> tuple[Floats, Floats]:
    """One column a weekday, each less the week's mean, so that a whole week adds up to nothing."""
    weekday = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    return np.eye(7)[weekday] - 1 / 7, np.full(7, 0.2)


def _shopping(days: Days) -> tuple[Floats, Floats]:
    """Black Friday to Cyber Monday, the three weeks before Christmas, and the days to New Year."""
    year = days.astype("datetime64[Y]")
    november = year.astype("datetime64[M]") + 10
    first = november.astype("datetime64[D]")
    weekday = (first.astype(np.int64) + 3) % 7
    thanksgiving = first + ((3 - weekday) % 7 + 21).astype("timedelta64[D]")
    black = (days >= thanksgiving + 1) & (days <= thanksgiving + 4)
    december = (november + 1).astype("datetime64[D]")
    before = (days >= december + 2) & (days <= december + 22)
    after = days >= december + 23
    return np.stack([black, before, after], axis=1).astype(np.float64), np.full(3, 0.15)


def _holidays(days: Days, country: str | None) -> tuple[Floats, Floats]:
    """All public holidays together, then each by its name; none where the country is not known."""
    names = _names(days, country)
    known = sorted({name for name in names if name})
    if not known:
        return np.zeros((len(days), 1)), np.full(1, 0.2)
    own = np.array([[name == other for other in known] for name in names], dtype=np.float64)
    return np.concatenate([own.sum(axis=1, keepdims=True), own], axis=1), np.array([0.2, *([0.12] * len(known))])


def _names(days: Days, country: str | None) -> list[str]:
    if country is None or not len(days):
        return [""] * len(days)
    import holidays

    if country not in holidays.list_supported_countries(include_aliases=False):
        return [""] * len(days)
    dates = days.astype("datetime64[D]").astype(object)
    known = holidays.country_holidays(country, years={day.year for day in dates})
    return [known.get(day) or "" for day in dates]
