"""Carry-over: spend that still works, or still wears, on later days (geometric adstock; Broadbent 1979)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MOST_STEADY_DRIVE = 3


@dataclass(frozen=True)
class Carry:
    """One way in which the past shows.

    Attributes:
        decay: Share of the stock that is carried to the next day.
        share: Share of a day's drive that comes from the stock; the rest is the day's own.
        delayed: Whether outcomes come later too; else only saturation is slow (people who were reached stay reached).
        steadied: How many days before and after a day its exposure is the mean of: clicks of a single day say less of
            its leads than those of the week, or of two. Nothing is late in it, so that a late effect has to beat it,
            not noise. What saturates is the mean of a week at most, so that steps of a budget stay steps.
        prior: Log weight before the data speak.
    """

    decay: float
    share: float
    delayed: bool
    steadied: int
    prior: float

    def exposure(self, series: Floats) -> Floats:
        """What a day's counts are a rate of, from each day's own series, shape (lines, days)."""
        if self.delayed:
            return self.drive(series)
        return week_mean(series, self.steadied) if self.steadied else series

    def drive(self, series: Floats) -> Floats:
        """What saturates, from each day's own series, shape (lines, days)."""
        steadied = week_mean(series, min(self.steadied, _MOST_STEADY_DRIVE)) if self.steadied else series
        return (1.0 - self.share) * steadied + self.share * adstock(steadied, self.decay)

    @property
    def late(self) -> float:
        """Share of outcomes that comes later."""
        return self.share if self.delayed else 0.0


@dataclass(frozen=True)
class CarryOver:
    """How the past shows in each line: some ways, mixed.

    Every way is linear in spend, so that a mixture of ways is one way more, and its forecast the mean of theirs.

    Attributes:
        ways: What is mixed.
        weights: Of each way in each line, adding up to 1, shape (lines, ways).
    """

    ways: tuple[Carry, ...]
    weights: Floats

    @classmethod
    def alike(cls, way: Carry, lines: int) -> "CarryOver":
        """All lines in one way."""
        return cls((way,), np.ones((lines, 1)))

    @property
    def decay(self) -> float:
        """The slowest decay that has any weight; 0 where nothing is carried over."""
        return max(self.ways[place].decay for place in np.flatnonzero(self.weights.sum(axis=0)))

    @property
    def late(self) -> Floats:
        """Share of outcomes that comes later, (lines,)."""
        return self.weights @ np.array([way.late for way in self.ways])

    def exposure(self, series: Floats) -> Floats:
        """What a day's counts are a rate of, from each day's own series, shape (lines, days)."""
        return self._mixed([way.exposure(series) for way in self.ways])

    def drive(self, series: Floats) -> Floats:
        """What saturates, from each day's own series, shape (lines, days)."""
        return self._mixed([way.drive(series) for way in self.ways])

    def _mixed(self, told: Sequence[Floats]) -> Floats:
        return np.einsum("lw,wld->ld", self.weights, np.stack(told))

    def stocks(self, series: Floats) -> Floats:
        """What of each day's own series is carried beyond the last day, shape (ways, lines)."""
        return np.stack([adstock(series, way.decay)[:, -1] for way in self.ways])

    def ahead(self, carried: Floats, constant: Floats, day: float) -> Floats:
        """The drive on a day of the window at a constant series, from the stocks `carried` into it."""
        return self._ahead(carried, constant, day, [way.share for way in self.ways])

    def paid_ahead(self, carried: Floats, constant: Floats, day: float) -> Floats:
        """What outcomes are due to on a day of the window, as `ahead`."""
        return self._ahead(carried, constant, day, [way.late for way in self.ways])

    def _ahead(self, carried: Floats, constant: Floats, day: float, shares: list[float]) -> Floats:
        out = constant
        for place, (way, share) in enumerate(zip(self.ways, shares, strict=True)):
            if share > 0:
                left = share * way.decay ** (day + 1.0)
                out = out + self.weights[:, place] * left * (carried[place] - constant)
        return out

    def take(self, rows: NDArray[np.int64]) -> "CarryOver":
        """The carry-over of some lines."""
        return replace(self, weights=self.weights[rows])


NOTHING_CARRIED = Carry(0.0, 0.0, delayed=False, steadied=0, prior=0.0)
_STEADIED = Carry(0.0, 0.0, delayed=False, steadied=3, prior=0.0)
_STEADIER = Carry(0.0, 0.0, delayed=False, steadied=7, prior=0.0)
_SLOW = Carry(0.9, 1.0, delayed=False, steadied=0, prior=-2.0)
_DELAYED = (
    Carry(0.5, 0.5, delayed=True, steadied=0, prior=-2.0),
    Carry(0.8, 0.5, delayed=True, steadied=0, prior=-2.0),
    Carry(0.8, 0.5, delayed=True, steadied=3, prior=-2.0),
)


def carries(stage: str) -> tuple[Carry, ...]:
    """The ways that are considered for a stage. Clicks are bought and happen at once; what follows may be late."""
    if stage == "clicks":
        return (NOTHING_CARRIED, _SLOW)
    if stage in {"leads", "conversions", "sales", "installs"}:
        return (NOTHING_CARRIED, _STEADIED, _STEADIER, _SLOW, *_DELAYED)
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


def week_mean(series: Floats, reach: int = 3) -> Floats:
    """Mean of the days with exposure within `reach` days of each, 0 on days without any, shape (lines, days)."""
    on = (series > 0).astype(np.float64)
    return np.where(on > 0, week_sum(series, reach) / np.maximum(week_sum(on, reach), 1.0), 0.0)


def week_sum(series: Floats, reach: int = 3) -> Floats:
    """Sum over the days up to `reach` before and after each day, shape (lines, days)."""
    days = series.shape[1]
    sums = np.concatenate([np.zeros((len(series), 1)), np.cumsum(series, axis=1)], axis=1)
    at = np.arange(days)
    return sums[:, np.minimum(at + reach + 1, days)] - sums[:, np.maximum(at - reach, 0)]
