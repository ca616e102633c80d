"""What the outcome would be without media: level, trend, season, controls and slow disturbance, marginalised.

All are Gaussian with variances in units of the noise's, so a setting of the baseline is one covariance over periods;
how lively trend, season and disturbance are is not known and is sampled over a grid of settings.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.mix.products import inverse
from marketmover.budget.mix.products import product as multiplied

Floats = NDArray[np.float64]

_LEVEL_SD = 10.0  # as good as free, since outcome and channels are centred
_CONTROL_SD = 3.0
_LINEAR_TREND_SD = 2.0
_SEASONS = {0.25: 0.4, 1.0: 0.4, 3.0: 0.2}  # amplitude of the year: chance
_TRENDS = {0.1: 0.4, 0.6: 0.35, 2.0: 0.25}
_DISTURBANCES = {0.0: 0.5, 0.6: 0.35, 1.5: 0.15}
_HARMONICS = 3
_TREND_YEARS = 0.35  # over which a trend may turn
_DISTURBANCE_WEEKS = 1.5


@dataclass(frozen=True)
class Baseline:
    """Settings of the baseline.

    Attributes:
        precision: Setting by period by period: inverse of baseline's and noise's covariance over the noise's variance.
        structure: Setting by period by period: covariance of all but disturbance and noise.
        log_determinant: Of the covariance, by setting.
        log_prior: Log chance of a setting.
    """

    precision: Floats
    structure: Floats
    log_determinant: Floats
    log_prior: Floats


def baseline_settings(controls: Floats, periods: int, periods_per_year: float) -> Baseline:
    """All settings for so many periods.

    Args:
        controls: Control by period, each of mean 0 and standard deviation 1.
        periods: Number of periods.
        periods_per_year: 52.18 for weeks.
    """
    time = np.arange(periods) / periods_per_year
    apart = np.abs(time[:, None] - time[None, :])
    turning = np.exp(-0.5 * (apart / _TREND_YEARS) ** 2)
    passing = np.exp(-apart * periods_per_year / max(_DISTURBANCE_WEEKS * periods_per_year / 52.18, 0.5))
    steady = [_LEVEL_SD * np.ones((1, periods)), _LINEAR_TREND_SD * _line(time), _CONTROL_SD * controls]
    fixed = np.concatenate([*steady, _CONTROL_SD * _weekdays(periods, periods_per_year)])
    year = _harmonics(time, periods_per_year)
    known: list[tuple[Floats, Floats, float]] = []
    chances: list[float] = []
    for (trend, likely), (disturbance, credible) in product(_TRENDS.items(), _DISTURBANCES.items()):
        slow = trend**2 * turning
        inverted, log_determinant = inverse(np.eye(periods) + slow + disturbance**2 * passing)
        for season, chance in _seasons(time, periods_per_year).items():
            wide = np.concatenate([fixed, season * year])
            precision, wider = _widened(inverted, wide)
            known.append((precision, slow + wide.T @ wide, log_determinant + wider))
            chances.append(likely * credible * chance)
    precisions, structures, log_determinants = zip(*known, strict=True)
    return Baseline(np.array(precisions), np.array(structures), np.array(log_determinants), np.log(chances))


def _widened(inverted: Floats, wide: Floats) -> tuple[Floats, float]:
    """An inverse covariance, and what is added to its log determinant, when `wide.T @ wide` joins it (Woodbury)."""
    pulled = multiplied(wide, inverted)
    inner, log_determinant = inverse(np.eye(len(wide)) + multiplied(pulled, wide.T))
    return inverted - multiplied(pulled.T, multiplied(inner, pulled)), log_determinant


def _line(time: Floats) -> Floats:
    return ((time - time.mean()) / max(float(time.std()), 1e-12))[None, :]


def _seasons(time: Floats, periods_per_year: float) -> dict[float, float]:
    """A season cannot be told from a trend before most of a year has passed, nor in yearly figures."""
    return _SEASONS if time[-1] >= 0.75 and periods_per_year > 2.5 else {0.0: 1.0}


def _harmonics(time: Floats, periods_per_year: float) -> Floats:
    orders = [order for order in range(1, _HARMONICS + 1) if 2 * order < periods_per_year]
    waves = [wave(2 * np.pi * order * time) / order for order in orders for wave in (np.cos, np.sin)]
    return np.array(waves).reshape(-1, len(time))


def _weekdays(periods: int, periods_per_year: float) -> Floats:
    """Days of the week are free where periods are days, and nothing otherwise."""
    if not 300 < periods_per_year < 400:
        return np.zeros((0, periods))
    return (np.arange(7)[:, None] == np.arange(periods) % 7).astype(np.float64)
