"""A line's own drift of demand within a block of weeks: a trend that spend may follow, and is not to be credited with.

Managers give more to what is about to sell. What all lines show is read off the other lines (`evidence`); what one line
alone goes through, its own season or fashion, moves slowly, while budgets move in steps. So each line has a level and a
trend of its own in each block; the level is conditioned away, the trend integrated out (Laplace's method, under a
normal prior). Only what spend does against a steady trend then speaks for it.
"""

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.backtest.models.weeks import Weeks

Floats = NDArray[np.float64]

_USUAL_DRIFT = 0.05  # log scale, a week: a season that lifts a line by a quarter takes about a month for it
_LARGEST_STEP = 0.5
_STEPS = 5


def block_likelihood(weeks: Weeks, expected: Floats, scatter: Floats) -> Floats:
    """Log likelihood of how each block's counts fall on its weeks, whatever its level and trend.

    Args:
        weeks: The history.
        expected: Log of what is expected apart from level and trend, shape (..., lines, weeks).
        scatter: Variance of weekly counts over their mean, shape (lines,).

    Returns:
        Shape (..., lines, blocks); 0 where a line did not run.
    """
    counted = np.where(weeks.valid, weeks.counted, 0.0)
    expected = np.where(weeks.valid, expected, -np.inf)
    slope, ridge = _slopes(weeks, counted, expected, scatter), _ridge(scatter)
    norm, first, second = _moments(weeks, expected, slope)
    total = weeks.by_block(counted)
    drifted = np.where(weeks.valid, expected + slope[..., weeks.block] * weeks.time, 0.0)
    told = weeks.by_block(counted * drifted) - total * np.log(np.maximum(norm, 1e-300)) - 0.5 * ridge * slope**2
    width = 0.5 * np.log(1.0 + total * (second - first**2) / ridge)
    return np.where(norm > 0, told / scatter[:, None] - width, 0.0)


def fitted(weeks: Weeks, expected: Floats, scatter: Floats) -> Floats:
    """Counts that are due in each week with each block's level and trend fitted, shape (lines, weeks).

    Args:
        weeks: The history.
        expected: Log of what is expected apart from level and trend, shape (lines, weeks).
        scatter: As for `block_likelihood`.
    """
    counted = np.where(weeks.valid, weeks.counted, 0.0)
    expected = np.where(weeks.valid, expected, -np.inf)
    slope = _slopes(weeks, counted, expected, scatter)
    shape = np.exp(expected + slope[:, weeks.block] * weeks.time)
    explained = weeks.by_block(shape)
    level = np.divide(weeks.by_block(counted), explained, out=np.zeros_like(explained), where=explained > 0)
    return level[:, weeks.block] * shape


def _slopes(weeks: Weeks, counted: Floats, expected: Floats, scatter: Floats) -> Floats:
    """The likeliest trend of each block, log scale a week, by Newton's method, shape (..., lines, blocks)."""
    total, leaning = weeks.by_block(counted), weeks.by_block(counted * weeks.time)
    slope, ridge = np.zeros((*expected.shape[:-1], weeks.blocks)), _ridge(scatter)
    for _ in range(_STEPS):
        _, first, second = _moments(weeks, expected, slope)
        step = (leaning - total * first - ridge * slope) / (total * (second - first**2) + ridge)
        slope = slope + np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
    return slope


def _moments(weeks: Weeks, expected: Floats, slope: Floats) -> tuple[Floats, Floats, Floats]:
    """Sum of a block's weights, and the mean and mean square of time under them, each of shape (..., lines, blocks)."""
    weight = np.exp(expected + slope[..., weeks.block] * weeks.time)
    norm = weeks.by_block(weight)
    safe = np.maximum(norm, 1e-300)
    return norm, weeks.by_block(weight * weeks.time) / safe, weeks.by_block(weight * weeks.time**2) / safe


def _ridge(scatter: Floats) -> Floats:
    """The prior's precision, in units of counts, shape (lines, 1)."""
    return (scatter / _USUAL_DRIFT**2)[:, None]
