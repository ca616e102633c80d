"""The chance that an arm is better, and what is lost on average if it is chosen and is not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_POINTS = 4001
_WIDE = 12.0


@dataclass(frozen=True)
class Belief:
    """What a weak prior and the data say of an effect.

    Attributes:
        probability: Chance that the effect is above 0.
        loss: Expected shortfall if the arm is chosen, on the effect's scale: the mean of how far it lies below 0.
        mean: Expected effect.
    """

    probability: float
    loss: float
    mean: float


def belief(effect: float, standard_error: float, dof: float, prior_sd: float) -> Belief:
    """The posterior of an effect under a normal prior around no effect (Student's t likelihood where `dof` is finite).

    Args:
        effect: The estimate.
        standard_error: Its standard error.
        dof: Degrees of freedom of the standard error.
        prior_sd: Spread of effects that are thinkable beforehand, on the effect's scale.
    """
    width = _WIDE * min(standard_error, prior_sd) * (1.0 if dof > 30 else 2.0)
    centre = effect * prior_sd**2 / (prior_sd**2 + standard_error**2)
    grid = np.linspace(centre - width, centre + width, _POINTS)
    score = (effect - grid) / standard_error
    tail = -0.5 * (dof + 1.0) * np.log1p(score**2 / dof) if np.isfinite(dof) else -0.5 * score**2
    weight = tail - 0.5 * (grid / prior_sd) ** 2
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    return Belief(
        probability=float(weight @ (grid > 0)),
        loss=float(weight @ np.maximum(-grid, 0.0)),
        mean=float(weight @ grid),
    )
