"""What lines share: levels by kind within platform, and saturation that may follow a line's size (empirical Bayes)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_PRIOR_LINES = 4.0


@dataclass(frozen=True)
class Kinship:
    """Which lines are like which, shape (lines,) each: `platform` and, within it, `kind` (campaign type).

    `likeness` says how like single lines are in what they sell and to whom, from 0 to 1, shape (lines, lines), a row
    for the line that learns (a new one; zeros for others); `None` where nothing is known of it.
    """

    platform: Integers
    kind: Integers
    likeness: Floats | None = None


@dataclass(frozen=True)
class LevelPrior:
    """What the other lines foretell of each line's level at a low spend that is the same for all, (lines,) each.

    `spread` is the standard deviation of lines about it.
    """

    mean: Floats
    variance: Floats
    spread: float


def pooled_levels(
    level: Floats,
    variance: Floats,
    kinship: Kinship,
    covariates: "LevelCovariates",
    market: tuple[Floats, Floats, Floats],
) -> LevelPrior:
    """Learn where levels lie from all lines, and foretell each from the others (ridge regression, one left out).

    Lines of one kind are exchangeable at the same low spend: what a line earns less at its own, higher spend is then
    evidence that it has saturated. Managers feed good lines, so levels may rise with size; how far is learned too.

    Args:
        level: Log rate of each line at the common low spend.
        variance: Its variance, infinite where a line has no history.
        kinship: Platforms and kinds.
        covariates: What else levels go with.
        market: For each line the market's typical level, its spread between accounts and between lines (log).
    """
    typical, between_accounts, between_lines = market
    design, width = _level_design(kinship, covariates, float(between_accounts.mean()), float(between_lines.mean()))
    known = np.isfinite(variance)
    told = np.where(known, variance, 1.0)
    away = np.where(known, level - typical, 0.0)
    centre = np.zeros(len(width))
    centre[-2:] = _SIZE_EFFECT[0], covariates.cheapness_effect[0]
    prior = float(between_lines.mean()) ** 2
    spread, mean, mean_variance = prior, away, told
    for _ in range(6):
        weight = np.where(known, 1.0 / (told + spread), 0.0)
        inverse = np.linalg.inv(np.diag(width**-2.0) + design.T @ (design * weight[:, None]))
        fitted = design @ (inverse @ (centre / width**2 + design.T @ (weight * away)))
        leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
        own = np.minimum(weight * leverage, 0.999)
        mean, mean_variance = (fitted - own * away) / (1.0 - own), leverage / (1.0 - own)
        excess = np.where(known, (away - mean) ** 2 - told - mean_variance, 0.0)
        strength = np.where(known, spread / (told + spread), 0.0)
        spread = (np.maximum(float(strength @ excess), 0.0) + _PRIOR_LINES * prior) / (strength.sum() + _PRIOR_LINES)
    if kinship.likeness is not None:
        noise = np.where(known, (told + mean_variance) / spread, np.inf)
        mean = mean + drawn_by_likeness(kinship.likeness, np.where(known, away - mean, 0.0), noise)
    return LevelPrior(typical + mean, mean_variance, float(np.sqrt(spread)))


_SHARED = 0.5  # of the variance between lines of one kind: what two lines have in common that are wholly alike


def drawn_by_likeness(likeness: Floats, residual: Floats, noise: Floats) -> Floats:
    """How far lines are drawn towards where the lines that they are like lie beside their own kind, (lines,).

    One factor for each line that learns: those that it is like share it, each as far as its likeness (Bartholomew and
    Knott 1999, Latent variable models and factor analysis). Lines that nothing is like stay where they are.

    Args:
        likeness: From 0 to 1, shape (lines, lines), a row for the line that learns.
        residual: Level of each line beside what its kind foretells, 0 where it has no history.
        noise: Variance of the residual beyond that between lines, over the variance between lines; infinite where a
            line has no history.
    """
    loading = np.sqrt(_SHARED * np.clip(likeness, 0.0, 1.0))
    weight = loading / (1.0 - loading**2 + noise[None, :])
    return np.sqrt(_SHARED) * (weight @ residual) / (1.0 + (weight * loading).sum(axis=1))


_SIZE_EFFECT = 0.1, 0.15  # mean and spread: managers feed the lines that earn well


@dataclass(frozen=True)
class LevelCovariates:
    """What levels go with beside platform and kind.

    Attributes:
        size: Log of a line's reference spend less its platform's mean, shape (lines,).
        cheapness: Log of the parent stage's rate at low spend less its mean (0 where there is none), shape (lines,).
        cheapness_effect: Mean and spread of its effect. Clicks that are cheap convert less, nearly one for one: what
            lines have in common is what an outcome costs, not what a click does.
    """

    size: Floats
    cheapness: Floats
    cheapness_effect: tuple[float, float]


def _level_design(
    kinship: Kinship, covariates: LevelCovariates, accounts: float, lines: float
) -> tuple[Floats, Floats]:
    """Columns that levels depend on (all, platform, kind, covariates) and the prior spread of each one's effect."""
    platforms, kinds = int(kinship.platform.max(initial=0)) + 1, int(kinship.kind.max(initial=0)) + 1
    by_platform = (kinship.platform[:, None] == np.arange(platforms)).astype(np.float64)
    by_kind = (kinship.kind[:, None] == np.arange(kinds)).astype(np.float64)
    own = np.stack([covariates.size, covariates.cheapness], axis=1)
    design = np.concatenate([np.ones((len(own), 1)), by_platform, by_kind, own], axis=1)
    spreads = [_SIZE_EFFECT[1], covariates.cheapness_effect[1]]
    return design, np.array([accounts, *([accounts / 2] * platforms), *([lines / 2] * kinds), *spreads])


@dataclass(frozen=True)
class ShapePool:
    """How saturation is spread over lines.

    Attributes:
        mean: Log odds of the elasticity that a line's like foretell, by hyper-draw, shape (hypers, lines).
        spread: Standard deviation of lines about it.
        families: Weight of each family.
    """

    mean: Floats
    spread: float
    families: Floats

    def log_prior(self, log_odds: Floats, family: Integers) -> Floats:
        """Log prior of grid points under each hyper-draw, shape (hypers, lines, points).

        Args:
            log_odds: Of each line's grid, shape (lines, points).
            family: Family of each grid point, shape (points,).
        """
        distance = (log_odds - self.mean[:, :, None]) / self.spread
        return np.log(np.maximum(self.families[family], 1e-300)) - 0.5 * distance**2


def pool_shapes(
    likelihood: Floats,
    log_odds: Floats,
    family: Integers,
    design: Floats,
    coefficients: tuple[Floats, Floats],
    *,
    between_lines: float,
    families: Sequence[float],
    hyper_normals: Floats,
) -> ShapePool:
    """Learn the pool from all lines' likelihoods over their grids (empirical Bayes by EM).

    Args:
        likelihood: Log likelihood, shape (lines, points).
        log_odds: Log odds of elasticity at each grid point, shape (lines, points).
        family: Family of each grid point, shape (points,).
        design: What the pool's mean depends on (platform, size), shape (lines, columns).
        coefficients: Prior mean and spread of the coefficients, each of shape (columns,).
        between_lines: Prior spread of lines about the mean.
        families: Prior weights of the families.
        hyper_normals: Standard normals for hyper-draws, shape (hypers, columns); the first hyper-draw is the mean.
    """
    centre, width = coefficients
    prior_families = np.asarray(families, dtype=np.float64)
    beta, precision, spread, shares = centre.copy(), np.diag(width**-2.0), between_lines, prior_families
    member = (family[:, None] == np.arange(len(prior_families))).astype(np.float64)
    for _ in range(25):
        pool = ShapePool((design @ beta)[None], spread, shares)
        weight = posterior_weights(likelihood + pool.log_prior(log_odds, family)[0])
        mean = (weight * log_odds).sum(axis=1)
        variance = (weight * (log_odds - mean[:, None]) ** 2).sum(axis=1)
        # A line tells of the pool as far as its own posterior is narrower than the pool.
        told = np.clip(1.0 - variance / spread**2, 1e-3, 1.0)
        own = design @ beta + (mean - design @ beta) / told
        strength = told / spread**2
        precision = np.diag(width**-2.0) + design.T @ (design * strength[:, None])
        beta = np.linalg.solve(precision, centre / width**2 + design.T @ (strength * own))
        squares = ((mean - design @ beta) ** 2 + variance).sum()
        spread = float(np.sqrt((squares + 6.0 * between_lines**2) / (len(mean) + 6.0)))
        counted = weight.sum(axis=0) @ member
        shares = (counted + 12.0 * prior_families) / (counted.sum() + 12.0)
    root = np.linalg.cholesky(np.linalg.inv(precision))
    scattered = beta + hyper_normals @ root.T
    scattered[0] = beta
    return ShapePool(scattered @ design.T, spread, shares)


def posterior_weights(log_weight: Floats) -> Floats:
    """Weights over a line's grid that add up to 1, from log weights, shape (..., lines, points)."""
    weight = np.exp(log_weight - log_weight.max(axis=-1, keepdims=True))
    return weight / weight.sum(axis=-1, keepdims=True)
