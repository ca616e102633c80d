"""What a unit of spend buys: auctions are dear in autumn, and rivals who bid for some weeks make them dearer."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints


def seasonal_price(days: Sequence[date], strength: float) -> Floats:
    """Prices over the year: highest before Christmas, lowest in January, mean about 1, shape (days,)."""
    turn = 2.0 * np.pi * np.array([day.timetuple().tm_yday for day in days]) / 365.25
    autumn = np.exp(3.0 * (np.cos(turn + 0.35) - 1.0))
    january = np.exp(6.0 * (np.cos(turn - 0.35) - 1.0))
    path = 1.0 + strength * (autumn - january)
    return path / path.mean()


def rival_path(history_days: int, all_days: int, rng: np.random.Generator) -> Floats:
    """What rivals add to prices: now and then 10 to 50% for weeks; it fades after the history. Shape (all days,)."""
    path = np.zeros(all_days)
    for _ in range(rng.poisson(history_days / 220.0)):
        start, length = int(rng.integers(0, history_days)), int(rng.integers(14, 75))
        path[start : start + length] += rng.uniform(0.1, 0.5)
    fade = np.exp(-np.maximum(np.arange(all_days) - history_days + 1, 0) / 14.0)
    return np.minimum(path, 0.6) * fade


def price_paths(days: Sequence[date], history_days: int, platform: Ints, rng: np.random.Generator) -> Floats:
    """Prices by line and day: the season, rivals of each platform, rivals of single lines; shape (lines, days)."""
    seasonal = seasonal_price(days, rng.uniform(0.0, 0.22))
    shared = np.stack([rival_path(history_days, len(days), rng) for _ in range(2)])
    hit = (rng.random((len(platform), 1)) < 0.7) * rng.uniform(0.5, 1.0, (len(platform), 1))
    own = np.stack([rival_path(history_days, len(days), rng) * (rng.random() < 0.4) for _ in platform])
    return seasonal * (1.0 + shared[platform] * hit) * (1.0 + own)
