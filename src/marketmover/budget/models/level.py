"""A level that drifts: the local level model, filtered for many lines at once.

A line's log rate is a random walk seen through noise (Harvey 1989, "Forecasting, Structural Time Series Models and the
Kalman Filter", chapter 2). The filter is linear, so that a series and its regressors can run through the same gains:
what comes out are innovations without autocorrelation, and least squares on them is exact. Days that are not valid are
passed over; the level only grows less sure, and before a line's first valid day it does not move.

Filters go day by day, over all lines at once: so days come first in memory here, and each step writes into arrays that
are there already. What does not depend on the day before is done for a block of days that fits into the cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_BLOCK_CELLS = 60_000
_DAYS_A_LOG = 8
_NEVER = 1e30  # variance of what is not seen: its gain is next to 0, and a product of some days is still a number


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
    seen = np.where(valid, noise, np.inf).T.copy()
    moves = (np.maximum.accumulate(valid, axis=1) * step[:, None]).T.copy()
    gain, variance, after = np.empty((days, lines)), np.empty((days, lines)), np.empty((days, lines))
    now = start_variance.astype(np.float64).copy()
    lost = np.empty(lines)
    for day in range(days):
        np.add(now, seen[day], out=variance[day])
        np.divide(now, variance[day], out=gain[day])
        np.multiply(now, gain[day], out=lost)
        np.subtract(now, lost, out=after[day])
        np.add(after[day], moves[day], out=now)
    return Gains(gain.T, variance.T, after.T, step)


def innovations(series: Floats, gain: Gains, start: Floats) -> tuple[Floats, Floats]:
    """Innovations of a series and its level after each day, both of the series' shape.

    Args:
        series: Shape (lines, days, ...): further axes are further series of the same line.
        gain: The filter's gains.
        start: Level before the first day, shape (lines, ...).
    """
    moved = np.moveaxis(series, 1, 0)
    surprise, level = np.empty(moved.shape), np.empty(moved.shape)
    now = np.broadcast_to(start, moved.shape[1:]).astype(np.float64)
    extra = (1,) * (series.ndim - 2)
    by_day = np.ascontiguousarray(gain.gain.T).reshape(*gain.gain.T.shape, *extra)
    moves = np.empty_like(now)
    for day in range(len(moved)):
        np.subtract(moved[day], now, out=surprise[day])
        np.multiply(by_day[day], surprise[day], out=moves)
        np.add(now, moves, out=level[day])
        now = level[day]
    return np.moveaxis(surprise, 0, 1), np.moveaxis(level, 0, 1)


def smoothed(filtered: Floats, gain: Gains) -> Floats:
    """The level each day given all days, from the filtered level (Rauch, Tung and Striebel 1965), (lines, days)."""
    pull = gain.level_variance / np.maximum(gain.level_variance + gain.step[:, None], 1e-300)
    pull, out = np.ascontiguousarray(pull.T), filtered.T.copy()
    moves = np.empty(len(filtered))
    for day in range(len(out) - 2, -1, -1):
        np.subtract(out[day + 1], out[day], out=moves)
        np.multiply(moves, pull[day], out=moves)
        np.add(out[day], moves, out=out[day])
    return out.T


def blocks(days: int, cells: int) -> Iterator[slice]:
    """Consecutive slices of days, each so long that `cells` a day stay in the processor's cache; multiples of 8."""
    long = max(1, _BLOCK_CELLS // max(_DAYS_A_LOG * cells, 1)) * _DAYS_A_LOG
    return (slice(first, min(first + long, days)) for first in range(0, days, long))


def walked(surprise: Floats, share: Floats, level: Floats) -> None:
    """Turn a block of days of series, (days, lines, series), into innovations, and `level` into that after them.

    Args:
        surprise: The series; overwritten.
        share: The block's gains, shape (days, lines, 1).
        level: Level before the block, shape (lines, series); overwritten.
    """
    moves = np.empty_like(level)
    for day in range(len(surprise)):
        surprise[day] -= level
        np.multiply(share[day], surprise[day], out=moves)
        level += moves


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
    total, gain, moves = np.zeros_like(mean), np.empty_like(mean), np.empty_like(mean)
    beyond = ((0, 0), (0, -series.shape[1] % _DAYS_A_LOG))
    seen = np.pad(valid, beyond)
    started = np.maximum.accumulate(seen, axis=1).T.astype(np.float64)[:, :, None]
    known = np.where(seen, np.pad(noise, beyond), _NEVER).T.copy()[:, :, None]
    by_day = np.pad(series, beyond).T.copy()[:, :, None]
    for block in blocks(len(by_day), mean.size):
        variance = known[block] + extra
        surprise = np.empty_like(variance)
        for day in range(len(variance)):
            variance[day] += spread
            np.divide(spread, variance[day], out=gain)
            np.subtract(by_day[block.start + day], mean, out=surprise[day])
            np.multiply(gain, surprise[day], out=moves)
            mean += moves
            np.multiply(gain, spread, out=gain)
            spread -= gain
            np.multiply(step, started[block.start + day], out=moves)
            spread += moves
        # A logarithm of a product costs less than a sum of logarithms.
        total += np.log(variance.reshape(-1, _DAYS_A_LOG, *mean.shape).prod(axis=1)).sum(axis=0)
        np.multiply(surprise, surprise, out=surprise)
        surprise /= variance
        total += surprise.sum(axis=0)
    unseen = np.count_nonzero(~seen, axis=1)[:, None] * np.log(_NEVER)
    return -0.5 * (total - unseen)
