"""Three families of saturation, each given by its elasticity at a spend of 1.

Power, Michaelis and Menten, exponential: they agree near 1 and part beyond it, the power rising longest and the
exponential ending first, so that what is not known of a curve's form shows in its draws.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ELASTICITIES: Floats = np.linspace(0.06, 1.0, 32)
"""The grid of elasticities that all evidence is tabled on, shape (32,)."""
FAMILIES = 3
FAMILY_WEIGHTS: Floats = np.array([0.25, 0.5, 0.25])
_STEEP: Floats = np.geomspace(1e-4, 40.0, 400)


def log_response(elasticity: Floats, log_u: Floats) -> Floats:
    """Log response over that at `u = 1`.

    Args:
        elasticity: Elasticities at 1, in (0, 1], any shape.
        log_u: Log of spend over the reference, broadcast against `elasticity`; floored where nothing is spent.

    Returns:
        Shape (3, ...): power, Michaelis and Menten, exponential.
    """
    u = np.exp(log_u)
    power = elasticity * log_u
    saturating = log_u - np.log(elasticity + (1.0 - elasticity) * u)
    rate = _exponential_rate(elasticity)
    exponential = np.log(-np.expm1(-rate * u)) - np.log(-np.expm1(-rate))
    return np.stack(np.broadcast_arrays(power, saturating, exponential))


def _exponential_rate(elasticity: Floats) -> Floats:
    """The rate `k` of `1 - exp(-k u)` whose elasticity at 1, `k / (exp(k) - 1)`, is the one asked for."""
    at = _STEEP / np.expm1(_STEEP)
    return np.interp(elasticity, at[::-1], _STEEP[::-1])
