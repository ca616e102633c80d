"""What parameters do to a rate: a log-linear mixed model whose spreads are learned (empirical Bayes).

The log rate of cell i is

    offset[i] + context[i] + sum over values v of weight[i, v] * effect[v] + own[i]

where a context (a line, a line's breakdown by age) has a level of its own, so that only differences within it speak for
the effects of what differs there. Effects of one factor (age, message, message by age, ...) are drawn from one normal
distribution about nothing; its spread is learned from all of them, so that a factor which does nothing is shrunk to
nothing. Counts enter through the working response of a log-linear model (Breslow and Clayton 1993, penalised
quasi-likelihood); spreads are found by expectation and maximisation (Laird and Ware 1982).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ROUNDS = 12
_BELIEF = 2.0  # how many effects' worth of evidence the prior spread counts for
_CELL_BELIEF = 10.0
_LEAST_MEAN = 0.05
_MOST_SURPRISE = 6.0


@dataclass(frozen=True)
class Cells:
    """Counts of cells and what each is made of; n cells, p values of all factors together.

    Attributes:
        counts: Outcomes counted, shape (n,).
        expected: Outcomes that would be counted at a rate of 1, shape (n,); above 0.
        design: Weight of each value in each cell, shape (n, p).
        factor: Which factor each value belongs to, shape (p,).
        spreads: Prior spread of the effects of each factor (log), shape (factors,).
        source: Which kind of cell each is, shape (n,): kinds differ in how much chance of their own they have.
        source_spreads: Prior spread of that chance (log), shape (sources,).
        learned: Whether each factor's spread is learned; contexts keep the wide one that they are given.
    """

    counts: Floats
    expected: Floats
    design: Floats
    factor: Integers
    spreads: Floats
    source: Integers
    source_spreads: Floats
    learned: NDArray[np.bool_]


@dataclass(frozen=True)
class Effects:
    """Posterior of the effects: normal with `mean` (p,) and covariance `root @ root.T`, root of shape (p, p).

    `spreads` is the learned spread of each factor's effects, `cell_spreads` of each source's own chance (log).
    """

    mean: Floats
    root: Floats
    spreads: Floats
    cell_spreads: Floats

    def draws(self, contrasts: Floats, normals: Floats) -> Floats:
        """Draws of weighted sums of effects, shape (draws, contrasts).

        Args:
            contrasts: Weights, shape (contrasts, p).
            normals: Standard normals, shape (draws, p).
        """
        return contrasts @ self.mean + normals @ (contrasts @ self.root).T


def fit_effects(cells: Cells) -> Effects:
    """Fit the model; deterministic. Shapes are those of `Cells`.

    Cells that expect next to nothing say next to nothing; none need be left out.
    """
    rate = np.log((cells.counts.sum() + 0.5) / (cells.expected.sum() + 1e-12))
    spreads, cell_spreads = cells.spreads.copy(), cells.source_spreads.copy()
    effects, chance = np.zeros(cells.design.shape[1]), np.zeros(len(cells.counts))
    covariance = np.eye(len(effects))
    for _ in range(_ROUNDS):
        linear = cells.design @ effects + chance
        mean = np.maximum(cells.expected * np.exp(np.clip(rate + linear, -30.0, 30.0)), _LEAST_MEAN)
        working = linear + np.clip((cells.counts - mean) / mean, -1.0, _MOST_SURPRISE)
        own = cell_spreads[cells.source] ** 2
        weight = 1.0 / (1.0 / mean + own)
        precision = (cells.design.T * weight) @ cells.design + np.diag(1.0 / spreads[cells.factor] ** 2)
        covariance = np.linalg.inv(precision)
        effects = covariance @ (cells.design.T @ (weight * working))
        spreads = _learned_spreads(cells, effects, covariance)
        chance, cell_spreads = _learned_chance(cells, working - cells.design @ effects, covariance, own * weight, own)
    root = np.linalg.cholesky(covariance).astype(np.float64)
    return Effects(effects, root, spreads, cell_spreads)


def _learned_spreads(cells: Cells, effects: Floats, covariance: Floats) -> Floats:
    """Spread of each factor's effects: the prior's and what the effects say, weighted by how many speak."""
    squares = effects**2 + np.diag(covariance)
    spreads = cells.spreads.copy()
    for factor in np.flatnonzero(cells.learned):
        mine = squares[cells.factor == factor]
        spreads[factor] = np.sqrt((mine.sum() + _BELIEF * cells.spreads[factor] ** 2) / (len(mine) + _BELIEF))
    return spreads


def _learned_chance(
    cells: Cells, residual: Floats, covariance: Floats, share: Floats, own: Floats
) -> tuple[Floats, Floats]:
    """Each cell's own chance and its spread by source; `share` of a residual is chance rather than counting."""
    chance = share * residual
    doubt = ((cells.design @ covariance) * cells.design).sum(axis=1)
    squares = chance**2 + own * (1.0 - share) + share**2 * doubt
    spreads = cells.source_spreads.copy()
    for source, believed in enumerate(cells.source_spreads):
        mine = squares[cells.source == source]
        spreads[source] = np.sqrt((mine.sum() + _CELL_BELIEF * believed**2) / (len(mine) + _CELL_BELIEF))
    return chance, spreads
