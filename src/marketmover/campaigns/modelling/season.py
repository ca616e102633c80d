"""What the calendar holds for a stretch of days."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from datetime import date

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


def season(days: Days, country: str | None) -> dict[str, Floats]:
    """The year's waves, the shopping days before Christmas and public holidays, each of shape (days,)."""
    year = days.astype("datetime64[Y]")
    angle = 2.0 * np.pi * (days - year.astype("datetime64[D]")).astype(np.float64) / 365.25
    december = (year.astype("datetime64[M]") + 11).astype("datetime64[D]")
    black_friday = _fourth_thursday(year) + 1
    return {
        "year_sine": np.sin(angle),
        "year_cosine": np.cos(angle),
        "half_year_sine": np.sin(2.0 * angle),
        "half_year_cosine": np.cos(2.0 * angle),
        "black_friday": ((days >= black_friday) & (days <= black_friday + 3)).astype(np.float64),
        "before_christmas": ((days >= december + 2) & (days <= december + 22)).astype(np.float64),
        "after_christmas": ((days >= december + 23) | (days <= year.astype("datetime64[D]") + 5)).astype(np.float64),
        "public_holidays": _holidays(days, country),
    }


def _fourth_thursday(year: Days) -> Days:
    first = (year.astype("datetime64[M]") + 10).astype("datetime64[D]")
    weekday = (first.astype(np.int64) + 3) % 7
    return first + ((3 - weekday) % 7 + 21).astype("timedelta64[D]")


def _holidays(days: Days, country: str | None) -> Floats:
    if country is None:
        return np.zeros(len(days))
    import holidays

    if country not in holidays.list_supported_countries(include_aliases=False):
        return np.zeros(len(days))
    dates: list[date] = list(days.astype("datetime64[D]").astype(object))
    known = holidays.country_holidays(country, years={day.year for day in dates})
    return np.array([day in known for day in dates], dtype=np.float64)
