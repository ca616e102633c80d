"""Forecasts of counts with their spread, and how they are scored."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LEAST_MEAN = 1e-6
_LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class Forecast:
    """Counts foretold: negative binomial, with mean `mean` and variance `mean + (spread * mean) ** 2`.

    Attributes:
        mean: Expected counts, shape (rows,).
        spread: How far the mean itself may be off, as a share of it (chance of counts comes on top), shape (rows,).
    """

    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, mean: Floats, spread: Floats | float) -> "Forecast":
        """A forecast with means and spreads kept above 0."""
        mean = np.maximum(mean, _LEAST_MEAN)
        return cls(mean, np.maximum(np.broadcast_to(np.asarray(spread, np.float64), mean.shape), _LEAST_SPREAD))

    @classmethod
    def of_draws(cls, draws: Floats) -> "Forecast":
        """From draws of counts, shape (draws, rows): their mean, and the spread that makes a range as wide."""
        mean = np.maximum(draws.mean(axis=0), _LEAST_MEAN)
        low, high = np.percentile(draws, [10, 90], axis=0)
        deviation = (high - low) / 2.563  # a normal's 80% range is that many deviations wide
        return cls.of(mean, np.sqrt(np.maximum(deviation**2 - mean, 0.0)) / mean)

    def quantile(self, share: float) -> Floats:
        """The counts below which the outcome stays with a probability of `share`, shape (rows,)."""
        from scipy.stats import nbinom

        shape = self.spread**-2.0
        return np.asarray(nbinom.ppf(share, shape, shape / (shape + self.mean)), dtype=np.float64)

    def log_score(self, target: Floats) -> Floats:
        """Log of the probability that the forecast gave to what was counted (fractions allowed); higher is better."""
        from scipy.special import gammaln

        shape = self.spread**-2.0
        chance = gammaln(target + shape) - gammaln(shape) - gammaln(target + 1.0)
        fit = shape * np.log(shape / (shape + self.mean)) + target * np.log(self.mean / (shape + self.mean))
        return np.asarray(chance + fit, dtype=np.float64)

    def covers(self, target: Floats) -> NDArray[np.bool_]:
        """Whether the 80% range holds what was counted."""
        return (self.quantile(0.1) <= target) & (target <= self.quantile(0.9))


def deviance(mean: Floats, target: Floats) -> Floats:
    """Poisson deviance of each row: 0 where the mean is what was counted.

    McCullagh and Nelder (1989), Generalized Linear Models.
    """
    mean = np.maximum(mean, _LEAST_MEAN)
    ratio = np.where(target > 0, np.log(np.where(target > 0, target, 1.0) / mean), 0.0)
    return 2.0 * (target * ratio - target + mean)


def fitted_spread(mean: Floats, target: Floats) -> float:
    """The spread that makes counts most likely, given their means; from forecasts that had not seen them."""
    from scipy.optimize import minimize_scalar

    def loss(log_spread: float) -> float:
        return -float(Forecast.of(mean, float(np.exp(log_spread))).log_score(target).sum())

    found: Any = minimize_scalar(loss, bounds=(np.log(0.01), np.log(2.0)), method="bounded")
    return float(np.exp(found.x))
