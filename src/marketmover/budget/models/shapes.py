"""Saturation: families of concave response, each with one parameter, its elasticity at a line's reference spend.

Written in `u`, spend over reference spend, and scaled so that the response at `u = 1` is 1. Families agree at the
reference and differ in how fast returns fall beyond it:

- `power`: `u ** e`, the elasticity stays (Cobb and Douglas 1928).
- `logarithmic`: `log(1 + u / k)`.
- `saturating`: `u / (u + k)` (Michaelis and Menten 1913; the Hill function with slope 1).
- `exponential`: `1 - exp(-u / k)` (Mitscherlich 1909), a hard ceiling.
- `sigmoidal`: `u ** s / (u ** s + k)` with `s = 1.7` (Hill 1910): below a threshold hardly anything, most just above
  it. Its elasticity reaches `s`: where the others have `e`, it has `s * e ** 1.5`, more than 1 below the threshold.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FAMILIES = ("power", "logarithmic", "saturating", "exponential", "sigmoidal")
SLOPE = 1.7
"""Slope of the sigmoidal family: its elasticity where spend is next to nothing."""
_LOWEST, _HIGHEST = 0.03, 0.995


def _elasticity_of_logarithmic(scale: Floats) -> Floats:
    inverse = 1.0 / scale
    return inverse / ((1.0 + inverse) * np.log1p(inverse))


def _elasticity_of_exponential(scale: Floats) -> Floats:
    inverse = 1.0 / scale
    return inverse / np.expm1(np.minimum(inverse, 700.0))


# The two families whose elasticity has no closed inverse are inverted on a fine grid, once.
_LOG_SCALES = np.linspace(-40.0, 8.0, 9601)
_LOG_EXPONENTIAL = np.linspace(-6.0, 8.0, 5601)
_LOGARITHMIC_CURVE = _elasticity_of_logarithmic(np.exp(_LOG_SCALES))
_EXPONENTIAL_CURVE = _elasticity_of_exponential(np.exp(_LOG_EXPONENTIAL))


def within_bounds(elasticity: Floats) -> Floats:
    """Elasticities as families read them: neither nothing nor as much as spend itself."""
    return np.clip(elasticity, _LOWEST, _HIGHEST)


def scales(family: int, elasticity: Floats) -> Floats:
    """The half-saturation `k` of a family at which its elasticity at `u = 1` is `elasticity`; power has none (1)."""
    clipped = within_bounds(elasticity)
    if family == 1:
        return np.exp(np.interp(clipped, _LOGARITHMIC_CURVE, _LOG_SCALES))
    if family == 2:
        return clipped / (1.0 - clipped)
    if family == 3:
        return np.exp(np.interp(clipped, _EXPONENTIAL_CURVE, _LOG_EXPONENTIAL))
    if family == 4:
        reached = clipped**1.5
        return reached / (1.0 - reached)
    return np.ones_like(clipped)


def log_response(family: int, elasticity: Floats, log_u: Floats) -> Floats:
    """Log response of one family; `elasticity` and `log_u` broadcast, `log_u` is bounded below at -60.

    Args:
        family: Index into `FAMILIES`.
        elasticity: Elasticity at the reference spend, between 0 and 1. Values beyond are read as the nearest bound.
        log_u: Log of spend over reference spend.
    """
    bounded = np.maximum(log_u, -60.0)
    clipped = within_bounds(elasticity)
    if family == 0:
        return clipped * bounded
    scale = scales(family, elasticity)
    if family == 1:
        return np.log(np.log1p(np.exp(bounded) / scale) / np.log1p(1.0 / scale))
    if family == 2:
        return bounded + np.log((1.0 + scale) / (np.exp(bounded) + scale))
    if family == 4:
        return SLOPE * bounded + np.log((1.0 + scale) / (np.exp(SLOPE * bounded) + scale))
    return np.log(np.expm1(-np.exp(bounded) / scale) / np.expm1(-1.0 / scale))


def best_log_return(family: int, elasticity: Floats, log_low: Floats) -> Floats:
    """Log of outcome per spend, over that at the reference, where a line earns best.

    That is at the lowest spend there is, `log_low`, but for the sigmoidal family just beyond its threshold.
    """
    if family != len(FAMILIES) - 1:
        return log_response(family, elasticity, log_low) - log_low
    best = np.log(scales(family, elasticity) * (SLOPE - 1.0)) / SLOPE
    place = np.maximum(best, log_low)
    return log_response(family, elasticity, place) - place


def logit(probability: Floats) -> Floats:
    """Log odds, bounded away from 0 and 1."""
    clipped = within_bounds(probability)
    return np.log(clipped / (1.0 - clipped))


def expit(log_odds: Floats) -> Floats:
    """Probability from log odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))
