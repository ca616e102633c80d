"""How noisy a line's days are and how fast its level drifts: estimated by line, pooled between lines."""

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.level import grid_log_likelihood

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_NOISE = np.array([0.01, 0.03, 0.06, 0.1, 0.17, 0.28, 0.45])
_STEP = np.array([0.002, 0.004, 0.008, 0.014, 0.025, 0.045, 0.08])
_CENTRE = np.log([0.08, 0.010])
_SPREAD = np.array([0.8, 0.6])
_PRIOR_LINES = 3.0  # the centre counts as this many lines


def noise_and_step(series: Floats, known: Floats, valid: Bools, start: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Variance of each line's noise beyond what counting explains, and of its level's daily step, each (lines,).

    Both spreads are log-normal over lines; the centre is learned from all lines (empirical Bayes), and a line's value
    is its posterior mean on the log scale, so that it moves smoothly with the data.

    Args:
        series: Log rates, shape (lines, days).
        known: Variance that counting explains, shape (lines, days).
        valid: Days that count.
        start: Mean and variance of the level before the first day.
    """
    pairs = np.array([(noise, step) for noise in _NOISE for step in _STEP])
    log_pairs = np.log(pairs)
    likelihood = grid_log_likelihood(series, known, valid, start, (pairs[:, 0] ** 2, pairs[:, 1] ** 2))
    centre = _CENTRE
    means = np.tile(centre, (len(series), 1))
    informed = valid.any(axis=1)
    for _ in range(6):
        prior = -0.5 * (((log_pairs - centre) / _SPREAD) ** 2).sum(axis=1)
        weight = np.exp(likelihood + prior - (likelihood + prior).max(axis=1, keepdims=True))
        means = (weight / weight.sum(axis=1, keepdims=True)) @ log_pairs
        centre = (means[informed].sum(axis=0) + _PRIOR_LINES * _CENTRE) / (informed.sum() + _PRIOR_LINES)
    return np.exp(2 * means[:, 0]), np.exp(2 * means[:, 1])
