"""Counts with more spread than chance alone gives: Poisson around gamma-distributed means (negative binomial)."""

import numpy as np

from marketmover.sandbox.arrays import Floats


def gamma_multipliers(dispersion: float, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Multipliers of mean 1 and variance `dispersion`."""
    if dispersion <= 0.0:
        return np.ones(shape)
    return rng.gamma(1.0 / dispersion, dispersion, shape)


def poisson_from_uniform(mean: Floats, uniform: Floats) -> Floats:
    """The Poisson quantile of `uniform`, so that equal draws give counts that never fall as the mean rises."""
    from scipy.special import ndtri, pdtrik

    safe = np.maximum(mean, 1e-12)
    z = ndtri(np.clip(uniform, 1e-12, 1.0 - 1e-12))
    large = np.floor(safe + np.sqrt(safe) * z + (z * z - 1.0) / 6.0 + 0.5)
    small = np.ceil(np.nan_to_num(pdtrik(uniform, np.minimum(safe, 200.0)) - 1e-9))
    return np.where(mean <= 1e-12, 0.0, np.maximum(np.where(safe > 200.0, large, small), 0.0))
