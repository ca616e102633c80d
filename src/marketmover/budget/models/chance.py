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


# `scipy.stats` has these quantiles too, but takes longer to import than all draws of a plan, and those of
# `scipy.special` take five to fifteen times as long as sums, where counts are few.


def _poisson_quantile(level: Floats, mean: Floats) -> Floats:
    """The least count that is not exceeded with chance `level`, for means that are few: sums of the probabilities."""
    count = np.zeros(len(mean))
    place = np.arange(len(mean))
    term = np.exp(-mean)
    total, step = term, 0
    while True:
        going = total < level
        if not going.any():
            return count
        place = place[going]
        level, mean, term, total = (part[going] for part in (level, mean, term, total))
        step += 1
        count[place] = step
        term = term * (mean / step)
        total = total + term


def _binomial_quantile(level: Floats, trials: Floats, probability: Floats) -> Floats:
    """The least number of successes that is not exceeded with chance `level`; where most succeed, failures are counted.

    `n` trials have at most `k` successes just if they have at least `n - k` failures.
    """
    most = probability > 0.5
    rarer = np.where(most, 1.0 - probability, probability)
    # of failures it is the least number that is exceeded with a chance of less than `level`
    sought = np.where(most, np.nextafter(1.0 - level, 1.0), level)
    rare = _few_successes(sought, trials, rarer)
    return np.where(most, trials - rare, rare)


def _few_successes(level: Floats, trials: Floats, probability: Floats) -> Floats:
    """The least number of successes whose sum of probabilities reaches `level`; probabilities up to a half."""
    count, place = np.zeros(len(trials)), np.arange(len(trials))
    odds = probability / (1.0 - probability)
    term = np.exp(trials * np.log1p(-probability))
    total, step = term, 0
    while True:
        going = (total < level) & (step < trials)
        if not going.any():
            return count
        place = place[going]
        level, trials, odds, term, total = (part[going] for part in (level, trials, odds, term, total))
        step += 1
        count[place] = step
        term = term * odds * (trials - step + 1) / step
        total = total + term
