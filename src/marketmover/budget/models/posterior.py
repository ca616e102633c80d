"""The posterior of each line's shape over its grid: from its own days, platforms' curves, low spend, and its kin."""

import itertools

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.level import Gains, blocks, walked
from marketmover.budget.models.mixed import FamilyShapes
from marketmover.budget.models.pooling import LevelPrior, ShapePool, pool_shapes, pooled_levels, posterior_weights
from marketmover.budget.models.problem import StageInput, low_shape
from marketmover.budget.models.shapes import FAMILIES, expit, log_response

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CURVE_ERROR = 0.12
# How far the response to a single day's delivery may differ from that to the budget, and how far what is spent in the
# weeks ahead may go with the outcome of today (elasticities).
_BESIDE = np.array([0.5, 0.5])
_TRUST = 0.35  # days are less independent than the model says: their likelihood counts for this much


def shape_likelihood(
    problem: StageInput, series: Floats, gain: Gains, start: Floats, grid: tuple[Floats, Integers]
) -> tuple[Floats, Floats]:
    """Log likelihood and final level of each line at each grid point, both (L, G).

    The level is integrated out by the filter; so are a coefficient on the day's wobble, so that delivery on a single
    day (which spends more when demand is high) speaks for the shape only as far as it agrees with budget steps, and one
    on the spend of the weeks ahead: who raises budgets because demand is up spends more after it rose, and what future
    spend foretells cannot be its effect.
    """
    log_odds, family = grid
    shapes = [(run, FamilyShapes.of(int(family[run.start]), expit(log_odds[:, run]))) for run in _runs(family)]
    lines, points = log_odds.shape
    beside = np.stack([problem.wobble.T, problem.ahead.T], axis=2)
    own = beside.shape[2]
    drive, rest = problem.drive.T[:, :, None], (series + problem.drive).T[:, :, None]
    share, weight = gain.gain.T[:, :, None], 1.0 / gain.variance.T[:, :, None]
    level = np.concatenate([np.tile(start[:, None], (1, points)), np.zeros((lines, own))], axis=1)
    square, cross = np.zeros((lines, points)), np.zeros((lines, points + own, own))
    for block in blocks(series.shape[1], level.size):
        logs = np.maximum(drive[block], -60.0)
        spend = np.exp(logs)
        surprise = np.empty((len(logs), *level.shape))
        for run, family_shapes in shapes:
            np.subtract(rest[block], family_shapes.log_response(logs, spend), out=surprise[:, :, run])
        surprise[:, :, points:] = beside[block]
        walked(surprise, share[block], level)
        weighted = surprise * weight[block]
        cross += np.einsum("tlg,tlk->lgk", weighted, surprise[:, :, points:])
        square += (weighted[:, :, :points] * surprise[:, :, :points]).sum(axis=0)
    found = np.linalg.solve(cross[:, points:] + np.diag(1.0 / _BESIDE**2), cross[:, :points].transpose(0, 2, 1))
    explained = (found * cross[:, :points].transpose(0, 2, 1)).sum(axis=1)
    final = level[:, :points] - (found * level[:, points:, None]).sum(axis=1)
    return -0.5 * (square - explained), final


def _runs(family: Integers) -> list[slice]:
    """The runs of grid points of one family."""
    edges = [0, *(np.flatnonzero(np.diff(family)) + 1).tolist(), len(family)]
    return [slice(first, after) for first, after in itertools.pairwise(edges)]


def shape_posterior(
    problem: StageInput, told: tuple[Floats, Floats], variance: Floats, grid: Floats, family: Integers, weights: Floats
) -> tuple[Floats, LevelPrior, ShapePool]:
    """Weights of the grid, (hypers, L, G), from each line's own likelihood, its like lines, and levels at low spend."""
    likelihood, level = told
    low = low_shape(problem, grid, family)
    evidence = _TRUST * likelihood + _curve_evidence(problem, grid, family)
    for _ in range(2):
        drawn, _, _ = _posterior_step(problem, evidence, (level + low, variance), grid, family, weights)
        weights = drawn.mean(axis=0)
    return _posterior_step(problem, evidence, (level + low, variance), grid, family, weights)


def _curve_evidence(problem: StageInput, grid: Floats, family: Integers) -> Floats:
    """Log likelihood of each grid point by the form of the platforms' curves (their level is free), (L, G).

    A platform's forecast is one opinion, however many points it has: it counts as three, each off by an eighth.
    """
    told = np.zeros(grid.shape)
    for curve in problem.curves:
        for index in range(len(FAMILIES)):
            chosen = np.flatnonzero(family == index)
            response = log_response(index, expit(grid[curve.row, chosen])[:, None], curve.drive)
            gap = curve.log_outcome - response
            gap = gap - gap.mean(axis=1, keepdims=True)
            told[curve.row, chosen] -= 0.5 * 3.0 * (gap**2).mean(axis=1) / _CURVE_ERROR**2
    return told


def _posterior_step(
    problem: StageInput,
    evidence: Floats,
    low_level: tuple[Floats, Floats],
    grid: Floats,
    family: Integers,
    weights: Floats,
) -> tuple[Floats, LevelPrior, ShapePool]:
    prior = _level_prior(problem, *low_level, weights)
    total = evidence + _level_evidence(*low_level, prior)
    pool = pool_shapes(
        total, grid, family, problem.design, problem.coefficients, between_lines=problem.between_lines,
        families=problem.families, hyper_normals=problem.hyper_normals,
    )  # fmt: skip
    return posterior_weights(total + pool.log_prior(grid, family)), prior, pool


def _level_prior(problem: StageInput, low_level: Floats, variance: Floats, weights: Floats) -> LevelPrior:
    mean = (weights * low_level).sum(axis=1)
    spread = (weights * (low_level - mean[:, None]) ** 2).sum(axis=1) + variance
    known = np.where(problem.valid.any(axis=1), spread, np.inf)
    return pooled_levels(mean, known, problem.kinship, problem.covariates, problem.market)


def _level_evidence(low_level: Floats, variance: Floats, prior: LevelPrior) -> Floats:
    """Log likelihood of each grid point from how the level that it implies at low spend fits the other lines', (L, G).

    A heavy tail (Student's t with four degrees of freedom), since a line may simply be different.
    """
    spread = prior.spread**2 + prior.variance + variance
    return -2.5 * np.log1p((low_level - prior.mean[:, None]) ** 2 / (4.0 * spread[:, None]))


def drawn_to_kin(level: Floats, variance: Floats, prior: LevelPrior, low: Floats) -> tuple[Floats, Floats]:
    """Level at reference spend given each grid point, drawn towards what the other lines foretell, and its variance."""
    kin = prior.spread**2 + prior.variance
    share = kin / (kin + variance)
    foretold = prior.mean[:, None] - low
    return share[:, None] * level + (1.0 - share[:, None]) * foretold, share * variance


def shared_effects(means: Floats, hyper_normals: Floats) -> Floats:
    """By how much each line's mean moves with each standard deviation of what the pool does not know, (causes, lines).

    Args:
        means: Posterior mean of each line under each hyper-draw, shape (hypers, lines).
        hyper_normals: Standard normals that made the hyper-draws, shape (hypers, causes); the first was not used.
    """
    causes = hyper_normals.copy()
    causes[0] = 0.0
    design = np.concatenate([np.ones((len(causes), 1)), causes], axis=1)
    effects: Floats = np.linalg.pinv(design) @ means
    return effects[1:]
