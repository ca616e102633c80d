"""How outcomes move with spend, by type of campaign: one pooled regression over lines and weeks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_COMMON, _COMMON_SPREAD = 0.7, 0.4  # elasticity of all types before the data speak
_TYPE_SPREAD = 0.2  # of a type's elasticity around the common one
_PERIOD_SPREAD = 0.6  # log, of what a week does to all lines of a market
_STEPS = 12
_QUARTER = 13


class Elasticities(NamedTuple):
    """Per cent more outcome for one per cent more spend, by type: mean and standard error, shape (types,)."""

    mean: Floats
    error: Floats
    dispersion: float


def fit_elasticities(counts: Floats, spend: Floats, kinds: Integers, markets: Integers) -> Elasticities:
    """A Poisson regression of counts on log spend with an effect of each line and of each week in each market.

    Weeks stand for season and demand, so that what every line of a market does alike is not credited to spend. Slopes
    are drawn towards what all types have in common, weeks towards none (ridge: Hoerl and Kennard 1970; counts with
    zeros: Santos Silva and Tenreyro 2006, The Log of Gravity). Standard errors allow for more spread than Poisson and
    for errors that go together within a line's quarter (Liang and Zeger 1986).

    Args:
        counts: Outcome by line and week, shape (lines, weeks), not negative.
        spend: Spend, of the same shape; weeks of a line without any take no part.
        kinds: Type of each line, from 0, shape (lines,).
        markets: Market of each line, from 0, shape (lines,).
    """
    types = int(kinds.max(initial=-1)) + 1
    alive = (spend > 0) & ((spend > 0).sum(axis=1) >= 2)[:, None] & (counts.sum(axis=1) > 0)[:, None]
    line, week = np.nonzero(alive)
    if not len(line):
        spread = float(np.hypot(_COMMON_SPREAD, _TYPE_SPREAD))
        return Elasticities(np.full(types, _COMMON), np.full(types, spread), 1.0)
    problem = _Problem.of(counts[alive], spend[alive], line, week, kinds, markets)
    return problem.solved(types)


class _Problem(NamedTuple):
    """Rows of lines and weeks: counts, design beside the lines' own effects, and the ridge on it."""

    counts: Floats
    design: Floats
    line: Integers
    cluster: Integers
    prior: Floats
    ridge: Floats

    @classmethod
    def of(
        cls, counts: Floats, spend: Floats, line: Integers, week: Integers, kinds: Integers, markets: Integers
    ) -> "_Problem":
        logs = np.log(spend)
        logs -= (np.bincount(line, logs) / np.maximum(np.bincount(line), 1))[line]
        types, weeks = int(kinds.max()) + 1, int(week.max()) + 1
        periods = weeks * (int(markets.max()) + 1)
        design = np.zeros((len(counts), 1 + types + periods))
        rows = np.arange(len(counts))
        design[:, 0] = logs
        design[rows, 1 + kinds[line]] = logs
        design[rows, 1 + types + markets[line] * weeks + week] = 1.0
        spreads = np.concatenate([[_COMMON_SPREAD], np.full(types, _TYPE_SPREAD), np.full(periods, _PERIOD_SPREAD)])
        prior = np.zeros(design.shape[1])
        prior[0] = _COMMON
        return cls(counts, design, line, line * (weeks // _QUARTER + 1) + week // _QUARTER, prior, 1.0 / spreads**2)

    def solved(self, types: int) -> Elasticities:
        """Newton's method with the lines' own effects profiled out."""
        slopes, dispersion = self.prior.copy(), 1.0
        for _ in range(_STEPS):
            mean = self._mean(slopes)
            dispersion = self._dispersion(mean)
            centred = self._centred(mean)
            hessian = (centred * mean[:, None]).T @ centred / dispersion + np.diag(self.ridge)
            gradient = centred.T @ (self.counts - mean) / dispersion - self.ridge * (slopes - self.prior)
            step = np.linalg.solve(hessian, gradient)
            slopes = slopes + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
            if float(np.abs(step).max()) < 1e-8:
                break
        mean = self._mean(slopes)
        centred = self._centred(mean)
        inverse = np.linalg.inv((centred * mean[:, None]).T @ centred / dispersion + np.diag(self.ridge))
        wanted = np.zeros((types, len(slopes)))
        wanted[:, 0] = 1.0
        wanted[np.arange(types), 1 + np.arange(types)] = 1.0
        clustered = self._clustered(centred, mean, dispersion)
        plain = np.einsum("ij,jk,ik->i", wanted, inverse, wanted)
        robust = np.einsum("ij,jk,ik->i", wanted, inverse @ (clustered + np.diag(self.ridge)) @ inverse, wanted)
        return Elasticities(wanted @ slopes, np.sqrt(np.maximum(plain, robust)), dispersion)

    def _mean(self, slopes: Floats) -> Floats:
        """Expected counts, with each line's own level such that its total is met."""
        part = np.exp(np.clip(self.design @ slopes, -30.0, 30.0))
        own = np.bincount(self.line, self.counts) / np.maximum(np.bincount(self.line, part), 1e-300)
        return own[self.line] * part

    def _centred(self, mean: Floats) -> Floats:
        """The design less its mean in each line, weighted by expected counts."""
        total = np.maximum(np.bincount(self.line, mean), 1e-300)
        sums = np.zeros((len(total), self.design.shape[1]))
        np.add.at(sums, self.line, self.design * mean[:, None])
        return self.design - (sums / total[:, None])[self.line]

    def _dispersion(self, mean: Floats) -> float:
        degrees = max(len(mean) - len(np.unique(self.line)) - 2, 1)
        return max(float(((self.counts - mean) ** 2 / np.maximum(mean, 0.1)).sum()) / degrees, 1.0)

    def _clustered(self, centred: Floats, mean: Floats, dispersion: float) -> Floats:
        scores = np.zeros((int(self.cluster.max()) + 1, centred.shape[1]))
        np.add.at(scores, self.cluster, centred * ((self.counts - mean) / dispersion)[:, None])
        return scores.T @ scores
