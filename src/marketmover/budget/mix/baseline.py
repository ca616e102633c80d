"""What the outcome would be without media: level, trend, season, controls and slow disturbance, marginalised.

All are Gaussian with variances in units of the noise's, so a setting of the baseline is one covariance over periods;
how lively trend, season and disturbance are is not known and is sampled over a grid of settings.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.mix.products import inverse

Floats = NDArray[np.float64]

_FLAT = 100.0  # variance of the level: as good as free, since outcome and channels are centred
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
    fixed = _FLAT * np.ones((periods, periods)) + _CONTROL_SD**2 * controls.T @ controls
    line = (time - time.mean()) / max(time.std(), 1e-12)
    fixed += _LINEAR_TREND_SD**2 * np.outer(line, line)
    fixed += _weekdays(periods, periods_per_year)
    apart = np.abs(time[:, None] - time[None, :])
    turning = np.exp(-0.5 * (apart / _TREND_YEARS) ** 2)
    passing = np.exp(-apart * periods_per_year / max(_DISTURBANCE_WEEKS * periods_per_year / 52.18, 0.5))
    season = _season(time, periods_per_year)
    settings = list(product(_seasons(time, periods_per_year).items(), _TRENDS.items(), _DISTURBANCES.items()))
    structures = np.array([fixed + s**2 * season + t**2 * turning for (s, _), (t, _), _ in settings])
    disturbed = np.array([d**2 for _, _, (d, _) in settings])[:, None, None] * passing
    inverses = [inverse(covariance) for covariance in structures + disturbed + np.eye(periods)]
    return Baseline(
        precision=np.array([found for found, _ in inverses]),
        structure=structures,
        log_determinant=np.array([log for _, log in inverses]),
        log_prior=np.log([a * b * c for (_, a), (_, b), (_, c) in settings]),
    )


def _seasons(time: Floats, periods_per_year: float) -> dict[float, float]:
    """A season cannot be told from a trend before most of a year has passed, nor in yearly figures."""
    return _SEASONS if time[-1] >= 0.75 and periods_per_year > 2.5 else {0.0: 1.0}


def _season(time: Floats, periods_per_year: float) -> Floats:
    orders = [order for order in range(1, _HARMONICS + 1) if 2 * order < periods_per_year]
    turns = 2 * np.pi * (time[:, None] - time[None, :])
    return sum((np.cos(order * turns) / order**2 for order in orders), np.zeros_like(turns))


def _weekdays(periods: int, periods_per_year: float) -> Floats:
    """Days of the week are free where periods are days, and nothing otherwise."""
    if not 300 < periods_per_year < 400:
        return np.zeros((periods, periods))
    day = np.arange(periods) % 7
    return _CONTROL_SD**2 * (day[:, None] == day[None, :]).astype(np.float64)
