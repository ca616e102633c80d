"""Demand: season, trend, weekday and holidays, by the market's trade and country."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from marketmover.sandbox.arrays import Floats

_WEEKDAYS = {
    "leads": np.array([0.08, 0.1, 0.07, 0.03, -0.05, -0.28, -0.2]),
    "ecommerce": np.array([0.04, -0.02, -0.03, -0.02, -0.04, -0.02, 0.1]),
    "both": np.array([0.05, 0.05, 0.02, 0.0, -0.03, -0.1, -0.02]),
}


def season(days: Sequence[date], rng: np.random.Generator, strength: float) -> Floats:
    """A yearly rhythm of two waves on the log scale, standard deviation about `strength`, shape (days,)."""
    turn = 2.0 * np.pi * np.array([day.timetuple().tm_yday for day in days]) / 365.25
    phases = rng.uniform(0.0, 2.0 * np.pi, 2)
    return strength * (1.2 * np.cos(turn - phases[0]) + 0.6 * np.cos(2.0 * turn - phases[1]))


def weekday_rhythm(days: Sequence[date], trade: str, rng: np.random.Generator) -> Floats:
    """The week's rhythm on the log scale, shape (days,)."""
    week = _WEEKDAYS[trade] * rng.uniform(0.4, 1.6) + rng.normal(0.0, 0.02, 7)
    return week[[day.weekday() for day in days]]


def holiday_effect(days: Sequence[date], country: str, trade: str, rng: np.random.Generator) -> Floats:
    """What public holidays of `country` and the shopping season do, on the log scale, shape (days,)."""
    import holidays

    years = range(days[0].year, days[-1].year + 1)
    listed = country in holidays.list_supported_countries(include_aliases=False)
    public = holidays.country_holidays(country, years=years) if listed else {}
    dip, peak = rng.uniform(0.1, 0.45), rng.uniform(0.2, 0.7)
    effect = np.array([-dip if day in public else 0.0 for day in days])
    if trade == "leads":
        return effect - np.array([0.4 * dip if (day.month, day.day) >= (12, 22) else 0.0 for day in days])
    return effect + peak * np.array([_shopping(day) for day in days])


def _shopping(day: date) -> float:
    """Black Friday week at 1, the weeks before Christmas up to 0.6, the days after at -0.4."""
    friday = black_friday(day.year)
    if timedelta(-1) <= day - friday <= timedelta(3):
        return 1.0
    if friday < day <= date(day.year, 12, 18):
        return 0.3 + 0.3 * (day - friday) / (date(day.year, 12, 18) - friday)
    return -0.4 if day > date(day.year, 12, 22) else 0.0


def black_friday(year: int) -> date:
    """The Friday after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta((3 - first.weekday()) % 7 + 22)


def demand_paths(days: Sequence[date], country: str, trade: str, lines: int, rng: np.random.Generator) -> Floats:
    """Demand by line and day, mean about 1 over the whole time, shape (lines, days).

    Lines share the market's rhythm and differ in how strongly they follow it.
    """
    common = season(days, rng, rng.uniform(0.05, 0.3))
    common = common + rng.uniform(-0.15, 0.25) * np.linspace(-1.0, 1.0, len(days)) * len(days) / 730.0
    calendar = weekday_rhythm(days, trade, rng) + holiday_effect(days, country, trade, rng)
    own = np.stack([season(days, rng, rng.uniform(0.0, 0.12)) for _ in range(lines)])
    loading = rng.uniform(0.6, 1.4, (lines, 1))
    path = np.exp(loading * common + rng.uniform(0.7, 1.3, (lines, 1)) * calendar + own)
    return path / path.mean(axis=1, keepdims=True)
