"""Rivals to come: at most one on each platform in a drawn future, who takes a share of its outcomes for some weeks."""

import numpy as np

from marketmover.sandbox.arrays import Floats


def draw_rivals(
    rate: float, loss: float, lasts: float, shape: tuple[int, int], days: int, rng: np.random.Generator
) -> Floats:
    """Multipliers of outcomes of mean 1 on every day, shape (*shape, days).

    A rival arrives after an exponential time with `rate` a day, stays `lasts` days, and takes the share `loss`.
    """
    arrival = rng.exponential(1.0 / rate, (*shape, 1))
    day = np.arange(days)
    present = (arrival <= day) & (day < arrival + lasts)
    likely = np.exp(-rate * np.maximum(day - lasts, 0.0)) - np.exp(-rate * day)
    return (1.0 - loss * present) / (1.0 - loss * likely)
