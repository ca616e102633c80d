"""Splits a line's daily counts into cells (ad groups, devices, ages ...) that add up to the line exactly."""

from collections.abc import Sequence

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints


def split(totals: Ints, weights: Floats | Ints, rng: np.random.Generator) -> Ints:
    """Whole parts of `totals` (shape (days,)) in proportion to `weights` (shape (days, cells)), shape (days, cells).

    Rounded along the running sum from a random start, so that a part never exceeds its weight where the total does not
    exceed the sum of weights (no more clicks than impressions), and no cell is favoured.
    """
    reach = np.cumsum(weights, axis=1, dtype=np.float64)
    whole = np.where(reach[:, -1:] > 0.0, reach[:, -1:], 1.0)
    share = np.where(reach[:, -1:] > 0.0, reach / whole, np.arange(1, reach.shape[1] + 1) / reach.shape[1])
    share[:, -1] = 1.0
    edges = np.floor(totals[:, None] * share + rng.random((len(totals), 1)) * (1.0 - 1e-9))
    edges[:, -1] = totals
    return np.diff(np.maximum.accumulate(edges, axis=1), axis=1, prepend=0.0).astype(np.int64)


def split_money(cents: Ints, weights: Floats | Ints, rng: np.random.Generator, unit: int) -> Ints:
    """As `split`, for sums in cents that are multiples of `unit`; the parts are such multiples too."""
    return unit * split(cents // unit, weights, rng)


def daily_shares(shares: Sequence[float], days: int, rng: np.random.Generator) -> Floats:
    """Shares that wander a little from day to day around `shares`, shape (days, cells)."""
    wander = np.exp(rng.normal(0.0, 0.12, (days, len(shares))))
    weights = np.asarray(shares) * wander
    return weights / weights.sum(axis=1, keepdims=True)
