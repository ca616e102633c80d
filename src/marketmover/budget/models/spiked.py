"""Losses that are nothing unless lines say otherwise: a coefficient by line, pooled within platforms.

Coefficients of a platform's lines lie about one mean, by half of it, and the mean is nothing at all with a probability
that the data have to overcome: a spike beside a slab (Mitchell and Beauchamp 1988, "Bayesian variable selection in
linear regression"), weighed by the marginal likelihood of all its lines (empirical Bayes).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

TRUST = 0.35
"""Days are less independent than the model says: their likelihood counts for this much, here as for shapes."""
_BETWEEN_LINES = 0.5


@dataclass(frozen=True)
class Spike:
    """What is believed of a mean before the data speak.

    Attributes:
        means: Grid of means that are not nothing, shape (G,), with their `log_prior`, which adds up to 1 - `nothing`.
        nothing: Prior probability that it is nothing.
        convincing: Posterior probability of something below which it is held to be nothing.
    """

    means: Floats
    log_prior: Floats
    nothing: float
    convincing: float

    @classmethod
    def of(cls, means: Floats, usual: float, nothing: float, convincing: float) -> "Spike":
        """A slab that falls as a half normal with scale `usual`."""
        slab = -0.5 * (means / usual) ** 2
        slab = slab - np.log(np.exp(slab).sum()) + np.log(1.0 - nothing)
        return cls(means, slab, nothing, convincing)


@dataclass(frozen=True)
class Spiked:
    """Posterior of a coefficient, by platform and line.

    Attributes:
        weights: Of the grid's points, by platform, (platforms, G); a row of nothing where it is held to be nothing.
        mean: Of each line's coefficient given the point, (L, G), with `spread`.
        group: Platform of each line, (L,), with `known`: lines that have one.
    """

    weights: Floats
    mean: Floats
    spread: Floats
    group: Integers
    known: Bools

    @property
    def expected(self) -> Floats:
        """Each line's share of every grid point in its expected coefficient, (L, G)."""
        return self.weights[self.group] * self.known[:, None] * np.maximum(self.mean, 0.0)

    def draw(self, draws: int, generator: np.random.Generator) -> tuple[Floats, Integers]:
        """Coefficients and their grid points, (draws, lines) each; the point is common to a platform's lines."""
        edges = np.cumsum(self.weights, axis=1)
        places = (generator.permuted(np.tile(np.arange(draws), (len(edges), 1)), axis=1) + 0.5) / draws
        found = [np.searchsorted(edge, place) for edge, place in zip(edges, places, strict=True)]
        point = np.stack(found, axis=1)[:, self.group]
        held = np.minimum(point, self.weights.shape[1] - 1)
        rows = np.arange(len(self.group))
        drawn = self.mean[rows, held] + self.spread[rows, held] * generator.standard_normal((draws, len(rows)))
        there = (point < self.weights.shape[1]) & self.known
        return np.where(there, np.maximum(drawn, 0.0), 0.0), held


def spiked(spike: Spike, told: Floats, precision: Floats, group: Integers, known: Bools) -> Spiked | None:
    """The posterior of each platform's mean and each line's coefficient; `None` where all is nothing.

    Args:
        spike: The prior.
        told: Precision times estimate of each line's coefficient under each grid point, (L, G).
        precision: Precision of it, (L, G).
        group: Platform of each line.
        known: Lines that say anything of it.
    """
    own = (_BETWEEN_LINES * spike.means) ** -2.0
    after = own + precision
    mean = (own * spike.means + told) / after
    evidence = 0.5 * (np.log(own / after) + after * mean**2 - own * spike.means**2)
    weights = np.zeros((int(group.max(initial=0)) + 1, len(spike.means)))
    for one in range(len(weights)):
        logs = spike.log_prior + evidence[(group == one) & known].sum(axis=0)
        against = np.log(spike.nothing)
        top = max(float(logs.max()), against)
        points = np.exp(logs - top)
        whole = points.sum() + np.exp(against - top)
        if points.sum() > spike.convincing * whole:
            weights[one] = points / whole
    return Spiked(weights, mean, after**-0.5, group, known) if weights.any() else None
