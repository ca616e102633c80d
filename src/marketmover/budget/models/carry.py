"""Carry-over: spend that still works, or still wears, on later days (geometric adstock; Broadbent 1979)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Carry:
    """One way in which the past shows.

    Attributes:
        decay: Share of the stock that is carried to the next day.
        share: Share of a day's drive that comes from the stock; the rest is the day's own.
        delayed: Whether outcomes come later too; else only saturation is slow (people who were reached stay reached).
        steadied: Whether a day's exposure is the mean of the week around it: clicks of a single day say less of its
            leads than those of the week. Nothing is late in it, so that a late effect has to beat it, not noise.
        prior: Log weight before the data speak.
    """

    decay: float
    share: float
    delayed: bool
    steadied: bool
    prior: float

    def exposure(self, series: Floats) -> Floats:
        """What a day's counts are a rate of, from each day's own series, shape (lines, days)."""
        if self.delayed:
            return self.drive(series)
        return week_mean(series) if self.steadied else series

    def drive(self, series: Floats) -> Floats:
        """What saturates, from each day's own series, shape (lines, days)."""
        steadied = week_mean(series) if self.steadied else series
        return (1.0 - self.share) * steadied + self.share * adstock(steadied, self.decay)

    def ahead(self, carried: Floats, constant: Floats, day: float) -> Floats:
        """The drive on a day of the window at a constant series, from the stock `carried` into it."""
        return constant + self.share * (carried - constant) * self.decay ** (day + 1.0)


NOTHING_CARRIED = Carry(0.0, 0.0, delayed=False, steadied=False, prior=0.0)
_STEADIED = Carry(0.0, 0.0, delayed=False, steadied=True, prior=0.0)
_SLOW = Carry(0.9, 1.0, delayed=False, steadied=False, prior=-2.0)
_DELAYED = (
    Carry(0.5, 0.5, delayed=True, steadied=False, prior=-2.0),
    Carry(0.8, 0.5, delayed=True, steadied=False, prior=-2.0),
    Carry(0.8, 0.5, delayed=True, steadied=True, prior=-2.0),
)


def carries(stage: str) -> tuple[Carry, ...]:
    """The ways that are considered for a stage. Clicks are bought and happen at once; what follows may be late."""
    if stage == "clicks":
        return (NOTHING_CARRIED, _SLOW)
    if stage in {"leads", "conversions", "sales", "installs"}:
        return (NOTHING_CARRIED, _STEADIED, _SLOW, *_DELAYED)
    return (NOTHING_CARRIED,)


def adstock(series: Floats, decay: float) -> Floats:
    """Carried series along days, normalised so that a constant stays itself, shape (lines, days)."""
    if decay <= 0.0 or not series.shape[1]:
        return series
    out = np.empty_like(series)
    stock = series[:, : min(14, series.shape[1])].mean(axis=1)
    for day in range(series.shape[1]):
        stock = decay * stock + (1.0 - decay) * series[:, day]
        out[:, day] = stock
    return out


def week_mean(series: Floats) -> Floats:
    """Mean of the days with exposure within three days of each, 0 on days without any, shape (lines, days)."""
    on = (series > 0).astype(np.float64)
    return np.where(on > 0, week_sum(series) / np.maximum(week_sum(on), 1.0), 0.0)


def week_sum(series: Floats, reach: int = 3) -> Floats:
    """Sum over the days up to `reach` before and after each day, shape (lines, days)."""
    days = series.shape[1]
    sums = np.concatenate([np.zeros((len(series), 1)), np.cumsum(series, axis=1)], axis=1)
    at = np.arange(days)
    return sums[:, np.minimum(at + reach + 1, days)] - sums[:, np.maximum(at - reach, 0)]
