"""Arms compared by whole units (people, regions, shops), each in one arm, with what they did before the test.

A ratio of sums is linearised, so that a unit's own visits or clicks may vary. The covariate takes away what could be
foreseen (CUPED: Deng, Xu, Kohavi and Walker 2013, "Improving the sensitivity of online controlled experiments by
utilizing pre-experiment data"); for ratios by the linearised values, as Deng and Shi (2016) have it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.experiments.models.estimate import Estimate, log_ratio
from marketmover.experiments.models.people import welch

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Units:
    """An arm's units: numerator and denominator of each over the test, and the covariate from before; (units,) each."""

    numerator: Floats
    denominator: Floats
    before: Floats | None = None


@dataclass(frozen=True)
class ByUnits:
    """An estimate by units, and the share of the variance that the covariate took away (0 without one)."""

    estimate: Estimate
    reduction: float


def by_units(control: Units, arm: Units) -> ByUnits:
    """Compare two arms of units, adjusted by the covariate where both have one."""
    arms = (control, arm)
    rates = np.array([one.numerator.sum() / one.denominator.sum() for one in arms])
    log = log_ratio(float(rates[0]), float(rates[1]))
    differences = [
        (one.numerator - rate * one.denominator) / one.denominator.mean() for one, rate in zip(arms, rates, strict=True)
    ]
    plain, reduction = _contrast(differences, arms)
    if np.isfinite(log):
        relative = [values / rate for values, rate in zip(differences, rates, strict=True)]
        logs, reduction = _contrast(relative, arms)
    else:
        logs = _Contrast(float("nan"), float("nan"), plain.dof)
    return ByUnits(
        Estimate(
            control=float(rates[0]),
            arm=float(rates[1]),
            log_ratio=log + logs.shift,
            log_variance=logs.variance,
            difference=float(rates[1] - rates[0]) + plain.shift,
            difference_variance=plain.variance,
            dof=logs.dof if np.isfinite(log) else plain.dof,
        ),
        reduction,
    )


@dataclass(frozen=True)
class _Contrast:
    """What the covariate adds to the effect, the effect's variance, and its degrees of freedom."""

    shift: float
    variance: float
    dof: float


def _contrast(values: list[Floats], arms: tuple[Units, Units]) -> tuple[_Contrast, float]:
    counts = np.array([float(len(one)) for one in values])
    parts = np.array([one @ one / (count - 1.0) / count for one, count in zip(values, counts, strict=True)])
    plain = _Contrast(0.0, float(parts.sum()), welch(parts, counts))
    slope, means = _slope(values, arms)
    if slope == 0.0:
        return plain, 0.0
    rest = [one - slope * (_before(arm) - mean) for one, arm, mean in zip(values, arms, means, strict=True)]
    parts = np.array([one @ one / (count - 2.0) / count for one, count in zip(rest, counts, strict=True)])
    adjusted = _Contrast(-slope * (means[1] - means[0]), float(parts.sum()), welch(parts, counts - 1.0))
    return adjusted, max(0.0, 1.0 - adjusted.variance / plain.variance) if plain.variance > 0 else 0.0


def _slope(values: list[Floats], arms: tuple[Units, Units]) -> tuple[float, list[float]]:
    """Common slope of the values on the covariate within arms, and the covariate's means; 0 where there is none."""
    if any(arm.before is None or len(arm.before) < 4 for arm in arms):
        return 0.0, [0.0, 0.0]
    means = [float(_before(arm).mean()) for arm in arms]
    centred = [_before(arm) - mean for arm, mean in zip(arms, means, strict=True)]
    below = sum(float(one @ one) for one in centred)
    above = sum(float(one @ value) for one, value in zip(centred, values, strict=True))
    return (above / below if below > 0 else 0.0), means


def _before(arm: Units) -> Floats:
    assert arm.before is not None  # noqa: S101 - the caller has looked
    return arm.before
