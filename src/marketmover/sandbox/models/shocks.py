"""Chance over time: what no calendar explains, for a platform, for a line, and as slow drift of a line's effect.

All are log-scale AR(1) processes of mean 1. The history has one path of each; after it, `expected_after` gives what is
expected given the last day, and `draw_after` draws paths relative to that, again of mean 1.
"""

from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats


class Process(NamedTuple):
    """An AR(1) process: its stationary standard deviation on the log scale and its day-to-day autocorrelation."""

    sd: float
    memory: float


def draw_path(process: Process, series: int, days: int, rng: np.random.Generator) -> Floats:
    """Log-scale paths from the stationary distribution, shape (series, days)."""
    steps = rng.normal(0.0, process.sd, (series, days))
    steps[:, 1:] *= np.sqrt(1.0 - process.memory**2)
    return _accumulate(steps, process.memory)


def expected_after(process: Process, last: Floats, days: int) -> Floats:
    """Expected value of `exp(path - sd^2 / 2)` for each of `days` after `last`, shape (series, days)."""
    fade = process.memory ** np.arange(1, days + 1)
    return np.exp(last[:, None] * fade - 0.5 * (process.sd * fade) ** 2)


def draw_after(process: Process, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Draws relative to what is expected after a known day, mean 1, `shape` (..., days)."""
    steps = rng.normal(0.0, process.sd * np.sqrt(1.0 - process.memory**2), shape)
    variance = process.sd**2 * (1.0 - process.memory ** (2 * np.arange(1, shape[-1] + 1)))
    return np.exp(_accumulate(steps, process.memory) - 0.5 * variance)


def _accumulate(steps: Floats, memory: float) -> Floats:
    from scipy.signal import lfilter

    return np.asarray(lfilter([1.0], [1.0, -memory], steps, axis=-1), np.float64)
