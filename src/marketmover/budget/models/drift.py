"""How wrong yesterday's forecasts were: the level's drift over a horizon, checked against the past itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.level import innovations
from marketmover.budget.models.stage import StageFit

Floats = NDArray[np.float64]
_PRIOR_COUNT = 12.0
_SHARED_PRIOR = 0.3
_HINDSIGHT = 1.4  # past forecasts used effects that were fitted on what followed: real ones err by more (variance)


@dataclass(frozen=True)
class Drift:
    """Error of a level forecast over a window.

    Attributes:
        spread: Standard deviation (log) of each line's mean level over the window about its last level, (lines,).
        shared: Share of that variance that lines of a platform have in common.
    """

    spread: Floats
    shared: float


def drift(fit: StageFit, gap: int, days: int) -> Drift:
    """Drift over a window of `days` that starts `gap` days after the last known one.

    The level's own steps foretell a variance. Forecasts made from origins in the past, each scored on the days that
    followed it, say by how much to scale it and how far lines err together.
    """
    horizon = gap + days / 3.0
    base = fit.level_variance + fit.step * horizon
    error, foretold, chance = _past_errors(fit, min(gap, 14), min(days, 56))
    seen = np.isfinite(error)
    count = float(seen.sum())
    if count < 4:
        return Drift(np.sqrt(base * 1.2 * _HINDSIGHT), _SHARED_PRIOR)
    ratio = np.clip(error[seen] ** 2 - chance[seen], -1.0, None) / foretold[seen]
    trimmed = float(np.clip(ratio, None, 12.0).mean())
    effective = count / 2.0  # origins overlap and lines err together
    scale = float(np.clip((trimmed * effective + 1.2 * _PRIOR_COUNT) / (effective + _PRIOR_COUNT), 0.25, 8.0))
    return Drift(np.sqrt(base * scale * _HINDSIGHT), _shared_share(error, seen))


def _past_errors(fit: StageFit, gap: int, days: int) -> tuple[Floats, Floats, Floats]:
    """Errors of past forecasts, the variance that the level foretold, and that of chance, each (lines, origins)."""
    series = np.nan_to_num(fit.residual)
    valid = np.isfinite(fit.residual)
    length = series.shape[1]
    _, level = innovations(series, fit.gain, series[np.arange(len(series)), valid.argmax(axis=1)])
    origins = np.arange(max(60, length // 4), length - gap - days, 14)
    shape = (len(series), len(origins))
    error, foretold, chance = np.full(shape, np.nan), np.ones(shape), np.ones(shape)
    noise = np.where(valid, fit.gain.variance, np.inf)
    for column, origin in enumerate(origins):
        window = slice(origin + 1 + gap, origin + 1 + gap + days)
        weight = 1.0 / noise[:, window]
        total = weight.sum(axis=1)
        enough = (valid[:, window].sum(axis=1) >= days / 2) & valid[:, max(0, origin - 6) : origin + 1].any(axis=1)
        mean = (weight * series[:, window]).sum(axis=1) / np.where(total > 0, total, 1.0)
        error[enough, column] = (mean - level[:, origin])[enough]
        foretold[:, column] = fit.gain.level_variance[:, origin] + fit.step * (gap + days / 3.0)
        chance[:, column] = 1.0 / np.where(total > 0, total, 1.0)
    return error, foretold, chance


def _shared_share(error: Floats, seen: NDArray[np.bool_]) -> float:
    """Share of the errors' variance that lines have in common, drawn towards a typical one."""
    filled = np.where(seen, error, 0.0)
    count = seen.sum(axis=0)
    many = count >= 2
    if many.sum() < 2:
        return _SHARED_PRIOR
    total, squares = filled[:, many].sum(axis=0), (filled[:, many] ** 2).sum(axis=0)
    pairs = count[many] * (count[many] - 1)
    covariance = float((total**2 - squares).sum() / pairs.sum())
    variance = float(squares.sum() / count[many].sum())
    estimate = np.clip(covariance / variance, 0.0, 0.95) if variance > 0 else _SHARED_PRIOR
    effective = float(many.sum()) / 3.0
    return float((estimate * effective + _SHARED_PRIOR * 2.0) / (effective + 2.0))
