"""How far a line's rate stands off its forecast, day by day: drift, sudden breaks and recoveries, from counts.

The log of observed over foretold rate is a state on a grid: it drifts a little each day, and now and then it jumps, or
falls back to what was foretold (a change-point model; Fearnhead and Liu 2007, "On-line inference for multiple
changepoint problems", here with drift between the jumps). Counts are gamma-Poisson about their mean, and an odd day
counts for less. Small counts, zeros and incomplete days need no approximation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GRID: Floats = np.arange(-4.0, 2.5001, 0.05)
"""Log of observed over foretold rate."""

_JUMPS = 0.008  # chance that a line's rate breaks on a day: once in four months
_RETURNS = 0.008  # chance that a broken one is again as was foretold
_JUMP_SPREAD = 0.8
_ODD, _ODD_SPREAD = 0.02, 1.0  # share of odd days, and the variance that such a day has besides
_LEAST_NOISE = 0.004
_LATE_DOUBT = 0.25  # how wrong the share of late counts may be, over what is still to come


@dataclass(frozen=True)
class Offsets:
    """What is known of each line's offset.

    Attributes:
        weights: Posterior over `GRID` after the last day, shape (lines, grid).
        path: Posterior mean after each day, given the days up to it, shape (lines, days).
    """

    weights: Floats
    path: Floats

    @property
    def mean(self) -> Floats:
        """Posterior mean after the last day, (lines,)."""
        return self.weights @ GRID

    def below(self, offset: float) -> Floats:
        """Probability of standing below an offset, (lines,)."""
        return self.weights[:, offset > GRID].sum(axis=1)

    def draws(self, count: int, generator: np.random.Generator) -> Floats:
        """Stratified draws, shape (count, lines)."""
        drawn = np.empty((count, len(self.weights)))
        for line, weights in enumerate(self.weights):
            level = (generator.permutation(count) + generator.random(count)) / count
            drawn[:, line] = np.interp(level, np.cumsum(weights) / weights.sum(), GRID)
        return drawn


def follow_offsets(
    counts: Floats, foretold: Floats, known: Floats, valid: Bools, noise: Floats, step: Floats, start: Floats
) -> Offsets:
    """Filter the offsets of all lines at once.

    Args:
        counts: What was counted so far, shape (lines, days).
        foretold: Mean count that the forecast gives for the exposure that there was, shape (lines, days).
        known: Share of each day's counts that is known by now, shape (lines, days).
        valid: Days that count.
        noise: Variance (log) of a day's own chance, shape (lines,).
        step: Variance of the offset's daily step, shape (lines,).
        start: Standard deviation of the forecast's own error, shape (lines,).
    """
    lines, days = counts.shape
    prior = _normal(GRID[None, :] / np.maximum(start, 0.05)[:, None])
    jumped = _normal((GRID[:, None] - GRID[None, :]) / _JUMP_SPREAD)
    moves = np.clip(step / (2.0 * (GRID[1] - GRID[0]) ** 2), 0.0, 0.25)[:, None]
    weights, path = prior.copy(), np.empty((lines, days))
    for day in range(days):
        if day:
            weights = _moved(weights, moves, jumped, prior)
        use = valid[:, day]
        if use.any():
            likelihood = _likelihood(counts[use, day], foretold[use, day], known[use, day], noise[use])
            weights[use] *= likelihood
            weights[use] /= weights[use].sum(axis=1, keepdims=True)
        path[:, day] = weights @ GRID
    return Offsets(weights, path)


def _normal(scaled: Floats) -> Floats:
    """Normal weights along the last axis, adding up to 1."""
    weights = np.exp(-0.5 * scaled**2)
    return weights / weights.sum(axis=-1, keepdims=True)


def _moved(weights: Floats, moves: Floats, jumped: Floats, prior: Floats) -> Floats:
    """A day later: most drift, some jump, some return to what was foretold."""
    drifted = (1.0 - 2.0 * moves) * weights
    drifted[:, 1:] += moves * weights[:, :-1]
    drifted[:, :-1] += moves * weights[:, 1:]
    return (1.0 - _JUMPS - _RETURNS) * drifted + _JUMPS * (weights @ jumped) + _RETURNS * prior


def _likelihood(counts: Floats, foretold: Floats, known: Floats, noise: Floats) -> Floats:
    """Likelihood of a day's counts at each point of the grid, up to a factor, (lines, grid)."""
    late = _LATE_DOUBT * (1.0 - known) / np.maximum(known, 1e-3)
    spread = np.maximum(noise, _LEAST_NOISE) + late**2
    mean = (np.maximum(foretold * known, 1e-9))[:, None] * np.exp(GRID)
    usual = _log_chance(counts, mean, spread)
    odd = _log_chance(counts, mean, spread + _ODD_SPREAD)
    top = np.maximum(usual.max(axis=1), odd.max(axis=1))[:, None]
    return np.asarray((1.0 - _ODD) * np.exp(usual - top) + _ODD * np.exp(odd - top), np.float64)


def _log_chance(counts: Floats, mean: Floats, spread: Floats) -> Floats:
    """Log probability of gamma-Poisson counts with variance `mean + spread * mean ** 2`, up to what only counts say."""
    from scipy.special import gammaln

    shape = (1.0 / spread)[:, None]
    own = counts[:, None]
    scale = gammaln(own + shape) - gammaln(shape)
    return scale + shape * np.log(shape / (mean + shape)) + own * np.log(mean / (mean + shape))
