"""A level that drifts: the local level model, filtered for many lines at once.

A line's log rate is a random walk seen through noise (Harvey 1989, "Forecasting, Structural Time Series Models and the
Kalman Filter", chapter 2). The filter is linear, so that a series and its regressors can run through the same gains:
what comes out are innovations without autocorrelation, and least squares on them is exact. Days that are not valid are
passed over; the level only grows less sure, and before a line's first valid day it does not move.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Gains:
    """What the filter does each day, whatever the series: all of shape (lines, days).

    Attributes:
        gain: Share of an innovation that moves the level, 0 on days that are not valid.
        variance: Variance of the innovation, infinite on days that are not valid.
        level_variance: Variance of the level after the day.
        step: Variance of the level's daily step, shape (lines,).
    """

    gain: Floats
    variance: Floats
    level_variance: Floats
    step: Floats

    @property
    def last_variance(self) -> Floats:
        """Variance of the level after the last day, shape (lines,)."""
        return self.level_variance[:, -1]


def gains(noise: Floats, valid: Bools, step: Floats, start_variance: Floats) -> Gains:
    """Gains of the local level filter.

    Args:
        noise: Variance of each day's noise, shape (lines, days).
        valid: Days that count, shape (lines, days).
        step: Variance of the level's daily step, shape (lines,).
        start_variance: Variance of the level before the first day, shape (lines,).
    """
    lines, days = noise.shape
    gain, variance, after = np.zeros((lines, days)), np.full((lines, days), np.inf), np.zeros((lines, days))
    now = start_variance.astype(np.float64).copy()
    started = np.maximum.accumulate(valid, axis=1)
    for day in range(days):
        seen = valid[:, day]
        spread = now + noise[:, day]
        gain[:, day] = np.where(seen, now / spread, 0.0)
        variance[:, day] = np.where(seen, spread, np.inf)
        after[:, day] = now = now * (1.0 - gain[:, day])
        now = now + step * started[:, day]
    return Gains(gain, variance, after, step)


def innovations(series: Floats, gain: Gains, start: Floats) -> tuple[Floats, Floats]:
    """Innovations of a series and its level after each day, both of the series' shape.

    Args:
        series: Shape (lines, days, ...): further axes are further series of the same line.
        gain: The filter's gains.
        start: Level before the first day, shape (lines, ...).
    """
    moved = np.moveaxis(series, 1, 0)
    surprise, level = np.empty_like(moved), np.empty_like(moved)
    now = np.broadcast_to(start, moved.shape[1:]).astype(np.float64).copy()
    extra = (1,) * (series.ndim - 2)
    by_day = gain.gain.T.reshape(gain.gain.shape[1], gain.gain.shape[0], *extra)
    for day in range(len(moved)):
        surprise[day] = moved[day] - now
        now = now + by_day[day] * surprise[day]
        level[day] = now
    return np.moveaxis(surprise, 0, 1), np.moveaxis(level, 0, 1)


def smoothed(filtered: Floats, gain: Gains) -> Floats:
    """The level each day given all days, from the filtered level (Rauch, Tung and Striebel 1965), (lines, days)."""
    out = filtered.copy()
    pull = gain.level_variance / np.maximum(gain.level_variance + gain.step[:, None], 1e-300)
    for day in range(out.shape[1] - 2, -1, -1):
        out[:, day] = filtered[:, day] + pull[:, day] * (out[:, day + 1] - filtered[:, day])
    return out


def grid_log_likelihood(
    series: Floats, noise: Floats, valid: Bools, start: tuple[Floats, Floats], grid: tuple[Floats, Floats]
) -> Floats:
    """Log likelihood of each line under each pair of extra noise and step variance, shape (lines, pairs).

    Args:
        series: Shape (lines, days).
        noise: Known variance of each day's noise, to which the extra noise is added, shape (lines, days).
        valid: Days that count.
        start: Mean and variance of the level before the first day, each of shape (lines,).
        grid: Extra noise variance and step variance of each pair, each of shape (pairs,).
    """
    extra, step = grid
    mean = np.repeat(start[0][:, None], len(extra), axis=1)
    spread = np.repeat(start[1][:, None], len(extra), axis=1)
    total = np.zeros_like(mean)
    started = np.maximum.accumulate(valid, axis=1)
    for day in range(series.shape[1]):
        seen = valid[:, day][:, None]
        variance = spread + noise[:, day][:, None] + extra
        surprise = series[:, day][:, None] - mean
        gain = np.where(seen, spread / variance, 0.0)
        total -= np.where(seen, 0.5 * (np.log(variance) + surprise**2 / variance), 0.0)
        mean += gain * surprise
        spread = spread * (1.0 - gain) + step * started[:, day][:, None]
    return total
