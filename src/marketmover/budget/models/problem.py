"""What a stage is fitted on, and the shape of its rate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.overlap import Pressed
from marketmover.budget.models.pooling import Kinship, LevelCovariates
from marketmover.budget.models.shapes import FAMILIES, best_log_return, expit, log_response
from marketmover.budget.models.wear import Exposure

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]
SATURATING = FAMILIES.index("saturating")


@dataclass(frozen=True)
class CurveEvidence:
    """A curve that a platform gave for a line: `drive` and `log_outcome` at its points, (points,) each."""

    row: int
    drive: Floats
    log_outcome: Floats


@dataclass(frozen=True)
class StageInput:
    """What a stage is fitted on; L lines, T days, K calendar columns.

    Attributes:
        counts: Shape (L, T).
        exposure: What the rate is per: counts of the parent, or spend over its reference; shape (L, T).
        valid: Days that count, shape (L, T).
        drive: Log of what drives saturation over its reference, 0 at the reference, shape (L, T).
        low_drive: The drive at a low spend that is the same for all lines of a platform, shape (L,).
        covariates: What levels go with, beside kinship.
        wobble: Day's log spend less its week's, shape (L, T): what delivery did rather than the budget.
        ahead: Mean log spend of the weeks after each day, (L, T): what that goes with is no effect of spend.
        calendar: Shape (T, K), with `calendar_spread` (K,).
        kinship: Which lines are like which.
        market: Level's typical value, spread between accounts and between lines, each (L,).
        design: What the pool of shapes depends on, (L, C), with `coefficients` (mean and spread, each (C,)).
        between_lines: Prior spread of log odds of elasticity between lines of one kind.
        families: Prior weights of the families.
        curves: What platforms say of some lines' curves.
        hyper_normals: Standard normals for hyper-draws, (hypers, C).
        seen: How long creatives have been seen, `None` where that is not known or the stage does not wear.
        pressed: How lines that court the same people pressed on each other, `None` where none do.
    """

    counts: Floats
    exposure: Floats
    valid: Bools
    drive: Floats
    low_drive: Floats
    covariates: LevelCovariates
    wobble: Floats
    ahead: Floats
    calendar: Floats
    calendar_spread: Floats
    kinship: Kinship
    market: tuple[Floats, Floats, Floats]
    design: Floats
    coefficients: tuple[Floats, Floats]
    between_lines: float
    families: tuple[float, ...]
    curves: tuple[CurveEvidence, ...]
    hyper_normals: Floats
    seen: Exposure | None = None
    pressed: Pressed | None = None


def low_shape(problem: StageInput, log_odds: Floats, family: Integers) -> Floats:
    """Log shape of the stage's rate where lines earn best (the common low spend), at their grid points, (L, G)."""
    drive = problem.low_drive[:, None]
    shape = np.empty(log_odds.shape)
    for index in range(len(FAMILIES)):
        chosen = family == index
        shape[:, chosen] = best_log_return(index, expit(log_odds[:, chosen]), drive)
    return shape


def shape_of(problem: StageInput, log_odds: Floats, family: int = SATURATING) -> Floats:
    """Log shape of the stage's rate at each day, for one log odds a line (L,) or a grid (L, G) on a last axis."""
    drive = problem.drive if log_odds.ndim == 1 else problem.drive[:, :, None]
    odds = log_odds[:, None] if log_odds.ndim == 1 else log_odds[:, None, :]
    return log_response(family, expit(odds), drive) - drive
