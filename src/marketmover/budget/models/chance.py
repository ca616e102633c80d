"""Counts drawn around their means by inverse distribution, so that two plans see the same luck."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_FEW = 40.0


def count_quantile(mean: Floats, dispersion: float, normal: Floats) -> Floats:
    """Counts with the given mean whose luck is `normal`, a standard normal draw of the same shape.

    Few expected: the Poisson quantile; many: the normal approximation. Over-dispersed counts are drawn as clusters
    of `dispersion` each, so that their variance is `dispersion * mean`.
    """
    from scipy.special import ndtr

    clusters = mean / dispersion
    out = np.maximum(clusters + np.sqrt(clusters) * normal, 0.0)
    few = clusters < _FEW
    if few.any():
        out[few] = _poisson_quantile(np.clip(ndtr(normal[few]), 1e-12, 1 - 1e-12), np.maximum(clusters[few], 1e-12))
    out = np.maximum(out, 0.0)
    return np.round(out * dispersion) if dispersion == 1.0 else out * dispersion


def share_quantile(trials: Floats, probability: Floats, normal: Floats) -> Floats:
    """How many of `trials` succeed, by the binomial quantile (or its normal approximation), never above `trials`."""
    from scipy.special import ndtr

    probability = np.clip(probability, 0.0, 1.0)
    variance = trials * probability * (1.0 - probability)
    out = np.round(trials * probability + np.sqrt(variance) * normal)
    few = (variance < 10.0) & (trials > 0)
    if few.any():
        level = np.clip(ndtr(normal[few]), 1e-12, 1 - 1e-12)
        out[few] = _binomial_quantile(level, np.round(trials[few]), probability[few])
    return np.clip(out, 0.0, trials)


# `scipy.stats` has these quantiles too, but takes longer to import than all draws of a plan.


def _poisson_quantile(level: Floats, mean: Floats) -> Floats:
    """The least count that is not exceeded with chance `level`."""
    from scipy.special import pdtr, pdtrik

    count = np.ceil(pdtrik(level, mean))
    below = np.maximum(count - 1.0, 0.0)
    return np.where(pdtr(below, mean) >= level, below, count)


def _binomial_quantile(level: Floats, trials: Floats, probability: Floats) -> Floats:
    """The least number of successes that is not exceeded with chance `level`."""
    from scipy.special import bdtr, bdtrik

    inside = (probability > 0.0) & (probability < 1.0)
    chance = np.where(inside, probability, 0.5)
    count = np.ceil(np.clip(bdtrik(level, trials, chance), 0.0, trials))
    below = np.maximum(count - 1.0, 0.0)
    found = np.where(bdtr(below, trials.astype(np.int64), chance) >= level, below, count)
    return np.where(inside, found, np.where(probability > 0.0, trials, 0.0))
