"""Draws of each line's curve: its own weeks after the origin, pooled with what all lines show at all times.

What a line's own weeks before the origin say is left out, since the advice was chosen by them: a line that looked
better than it is would look so again. The pool's mean and spread come from all lines and weeks, where no single line's
luck counts.

Blocks of weeks are drawn with replacement for each draw of the pool, so that weeks that do not follow the model widen
them: the bagged posterior (Buehlmann 2014, "Discussion of big Bayes stories and BayesBag"). A bag as large as the data
counts chance twice where the model is right, once in the posterior and once in the bag; one of twice as many blocks
counts it once (Huggins and Miller 2019, "Robust inference and model criticism using bagged posteriors").
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.backtest.models.curves import ELASTICITIES, FAMILY_WEIGHTS
from marketmover.campaigns.backtest.models.evidence import Evidence

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

_CENTRES: Floats = np.linspace(-1.2, 2.4, 19)
_SPREADS: Floats = np.array([0.25, 0.5, 0.9, 1.5])
_SPREAD_PRIOR: Floats = np.array([0.38, 0.27, 0.24, 0.11])  # a half-normal's, of scale 0.75
_SLOPES: Floats = np.array([-1.5, -1.2, -0.9, -0.6, -0.3, 0.0])
# Log odds of elasticities: of outcomes to spend they are about 0.5 to 0.8 in most accounts.
_CENTRE_PRIOR = (0.6, 0.7)
# On a curve of Michaelis and Menten they are the log of its half-saturation over spend: were all lines' markets of one
# size they would fall by 1 for each unit of log spend, and by 0 where spend follows the market's size. Either may be.
_SLOPE_PRIOR = (-0.5, 0.4)
_BAG = 2
_POOLS = 64
_PER_POOL = 8
DRAWS = _POOLS * _PER_POOL


@dataclass(frozen=True)
class CurveDraws:
    """Curves by draw.

    Attributes:
        family: Index of the family, shape (draws, lines).
        elasticity: Elasticity at the reference, shape (draws, lines).
    """

    family: Integers
    elasticity: Floats


def draw_curves(told: Evidence, own: Bools, size: Floats, rows: Integers, seed: int) -> CurveDraws:
    """Draw curves.

    Args:
        told: What all blocks say.
        own: Blocks that speak for single lines: those after the origin, shape (blocks,).
        size: Log spend of each line over its platform's mean log spend, shape (lines,).
        rows: The lines' rows in the whole history. Seed and row give a line the same luck at every origin, so that a
            line's errors add up over origins rather than cancel.
        seed: Of all that is drawn.
    """
    generator = np.random.default_rng([seed, *b"curves"])
    lines = len(size)
    luck = lines_luck(rows, seed, "curves", normal=False).reshape(_POOLS, _PER_POOL, lines)
    pools = generator.random(_POOLS)
    weights = _block_weights(own, generator)
    prior, hyper = _priors(size)
    cells = told.log_likelihood.reshape(len(own), lines, -1)
    families: list[Integers] = []
    elasticities: list[Floats] = []
    for number in range(_POOLS):
        everything = np.tensordot(weights[number], cells, axes=1)
        after = np.tensordot(np.where(own, weights[number], 0.0), cells, axes=1)
        posterior = _likelihood(after) * prior[_drawn_pool(everything, prior, hyper, pools[number])]
        posterior /= posterior.sum(axis=1, keepdims=True)
        cell = (luck[number][:, :, None] > np.cumsum(posterior, axis=1)[None]).sum(axis=2)
        cell = np.minimum(cell, cells.shape[2] - 1)
        families.append(cell // len(ELASTICITIES))
        elasticities.append(ELASTICITIES[cell % len(ELASTICITIES)])
    return CurveDraws(np.concatenate(families), np.concatenate(elasticities))


def lines_luck(rows: Integers, seed: int, what: str, *, normal: bool) -> Floats:
    """Draws that follow from the seed and a line's row alone, standard normal or uniform, shape (draws, lines)."""
    generators = [np.random.default_rng([seed, int(row), *what.encode()]) for row in rows]
    return np.stack([own.standard_normal(DRAWS) if normal else own.random(DRAWS) for own in generators], axis=1)


def _block_weights(own: Bools, generator: np.random.Generator) -> Floats:
    """What each block weighs, shape (pools, blocks); both sides of the origin keep their weight."""
    weights = np.zeros((_POOLS, len(own)))
    for side in (own, ~own):
        places = np.flatnonzero(side)
        if len(places):
            chosen = generator.choice(places, size=(_POOLS, _BAG * len(places)))
            for number in range(_POOLS):
                weights[number] += np.bincount(chosen[number], minlength=len(own)) / _BAG
    return weights


def _priors(size: Floats) -> tuple[Floats, Floats]:
    """Prior of each line's cells under each pool, shape (pools, lines, cells), and log prior of the pools, (pools,)."""
    odds = np.log(ELASTICITIES / (1.02 - ELASTICITIES))
    jacobian = 1.0 / (ELASTICITIES * (1.02 - ELASTICITIES))
    centre, spread, slope = (grid.reshape(-1) for grid in np.meshgrid(_CENTRES, _SPREADS, _SLOPES, indexing="ij"))
    mean = centre[:, None] + slope[:, None] * size
    density = np.exp(-0.5 * ((odds - mean[:, :, None]) / spread[:, None, None]) ** 2) * jacobian
    density /= density.sum(axis=2, keepdims=True)
    cells = density[:, :, None, :] * FAMILY_WEIGHTS[:, None]
    hyper = -0.5 * ((centre - _CENTRE_PRIOR[0]) / _CENTRE_PRIOR[1]) ** 2
    hyper = hyper + np.log(_SPREAD_PRIOR)[np.searchsorted(_SPREADS, spread)]
    hyper = hyper - 0.5 * ((slope - _SLOPE_PRIOR[0]) / _SLOPE_PRIOR[1]) ** 2
    return cells.reshape(len(centre), len(size), -1), hyper


def _drawn_pool(cells: Floats, prior: Floats, hyper: Floats, luck: float) -> int:
    """One pool by its evidence over lines, shape of `cells` (lines, families * elasticities)."""
    each = np.einsum("plc,lc->pl", prior, _likelihood(cells))
    told = hyper + np.log(np.maximum(each, 1e-300)).sum(axis=1)
    weight = np.exp(told - told.max())
    return int(min((luck > np.cumsum(weight / weight.sum())).sum(), len(weight) - 1))


def _likelihood(log_cells: Floats) -> Floats:
    """Likelihood of each line's cells over its greatest."""
    return np.exp(log_cells - log_cells.max(axis=1, keepdims=True))
