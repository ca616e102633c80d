"""Draws of a fitted stage for a window of days."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import CarryOver
from marketmover.budget.models.drift import drift
from marketmover.budget.models.funnel import StageDraws
from marketmover.budget.models.overlap import draw_overlap
from marketmover.budget.models.shapes import expit
from marketmover.budget.models.stage import StageFit
from marketmover.budget.models.wear import draw_wear

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


# No family is the truth: learning phases bend curves too, for all lines alike and for each alone.
# Log odds of elasticity are off by this much; less for a root stage, whose counts are many and immediate.
_FORM_SHARED, _FORM_OWN, _FORM_ROOT = 0.15, 0.2, 0.5


@dataclass(frozen=True)
class Ahead:
    """The plan's window as the calendar sees it: `columns` (days, K), `recent` the past weeks' mean of them, (K,)."""

    columns: Floats
    recent: Floats
    gap: int


@dataclass(frozen=True)
class StageKind:
    """What is not random about a stage; see `StageDraws`."""

    root: bool
    unit: float
    binomial: bool
    carry: CarryOver
    carried: Floats


def draw_stage(
    fit: StageFit, ahead: Ahead, platform: Integers, *, draws: int, key: list[int], kind: StageKind
) -> StageDraws:
    """Draw levels, shapes and seasons.

    Shapes are drawn in strata, so that few draws stand for the posterior well. What is not known of the season is drawn
    as its contrast to the past weeks, since a wrong season so far stands in the level already.

    Args:
        fit: The fitted stage.
        ahead: The window.
        platform: Season group of each line, shape (lines,).
        draws: How many.
        key: Seed of the draws.
        kind: What is not random about the stage.
    """
    generator = np.random.default_rng(key)
    lines = len(fit.level)
    days = len(ahead.columns)
    point = _grid_points(fit.weights, draws, generator)
    rows = np.arange(lines)
    wander = drift(fit, ahead.gap, days)
    groups = len(fit.beta)
    together = generator.standard_normal((draws, groups))[:, platform]
    alone = generator.standard_normal((draws, lines))
    wandering = np.sqrt(wander.shared) * together + np.sqrt(1.0 - wander.shared) * alone
    level = fit.level[rows, point] + wander.spread * wandering - 0.5 * wander.spread**2
    # What is not known of wear and overlap stood in the level so far: each draw begins where the past ended.
    wear = overlap = None
    if fit.taken.wear is not None:
        wear = draw_wear(fit.taken.wear, ahead.gap, draws, np.random.default_rng([*key, *b"wear"]))
        level = level + wear.lost - fit.taken.wear.loss[:, -1]
    if fit.taken.overlap is not None:
        overlap = draw_overlap(fit.taken.overlap, draws, np.random.default_rng([*key, *b"overlap"]))
        level = level + (overlap - fit.taken.overlap.effect.expected.sum(axis=1)) * fit.taken.overlap.pressed.now
    return StageDraws(
        level=level,
        family=fit.family[point],
        elasticity=expit(fit.log_odds[rows, point] + _form_error(kind, draws, lines, generator)),
        season=_seasons(fit, ahead, generator.standard_normal((draws, fit.beta_root.shape[1]))),
        noise=np.sqrt(fit.noise / days),
        common_noise=float(np.sqrt(fit.shock.mean() / days)),
        dispersion=1.0,
        unit=kind.unit,
        binomial=kind.binomial,
        carry=kind.carry,
        carried=kind.carried,
        wear=wear,
        overlap=overlap,
    )


def _form_error(kind: StageKind, draws: int, lines: int, generator: np.random.Generator) -> Floats:
    """Error of the families' form, on the log odds of elasticity, shape (draws, lines)."""
    shared, own = generator.standard_normal((draws, 1)), generator.standard_normal((draws, lines))
    return (_FORM_SHARED * shared + _FORM_OWN * own) * (_FORM_ROOT if kind.root else 1.0)


def shared_form_error(*, root: bool) -> float:
    """Spread of the families' error that all lines share, in log odds of elasticity."""
    return _FORM_SHARED * (_FORM_ROOT if root else 1.0)


def _grid_points(weights: Floats, draws: int, generator: np.random.Generator) -> Integers:
    """A grid point for each draw and line, stratified, over all hyper-draws in turn, shape (draws, lines)."""
    hypers, lines, _ = weights.shape
    point = np.empty((draws, lines), dtype=np.int64)
    for hyper in range(hypers):
        turn = np.arange(hyper, draws, hypers)
        edges = np.cumsum(weights[hyper], axis=1)
        for line in range(lines):
            level = (generator.permutation(len(turn)) + generator.random(len(turn))) / len(turn)
            found = np.searchsorted(edges[line], level * edges[line, -1], side="right")
            point[turn, line] = np.minimum(found, edges.shape[1] - 1)
    return point


def _seasons(fit: StageFit, ahead: Ahead, normals: Floats) -> Floats:
    """Log multipliers of the window's days, shape (draws, platforms, days)."""
    platforms, width = fit.beta.shape
    effects = (normals @ fit.beta_root.T).reshape(len(normals), platforms, width)
    known = fit.beta @ ahead.columns.T
    return known[None] + effects @ (ahead.columns - ahead.recent).T
