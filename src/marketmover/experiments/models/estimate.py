"""What every way of estimating gives: an effect on two scales, each with its variance."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Scale = Literal["ratio", "difference"]


@dataclass(frozen=True)
class Estimate:
    """An arm against the control.

    Attributes:
        control, arm: The metric of each.
        log_ratio: Logarithm of the arm's metric over the control's; NaN where either is not above 0.
        log_variance: Its variance.
        difference: The arm's metric less the control's.
        difference_variance: Its variance.
        dof: Degrees of freedom of both variances; infinite where they are as good as known.
    """

    control: float
    arm: float
    log_ratio: float
    log_variance: float
    difference: float
    difference_variance: float
    dof: float

    def on(self, scale: Scale) -> tuple[float, float]:
        """Effect and variance on a scale."""
        if scale == "ratio":
            return self.log_ratio, self.log_variance
        return self.difference, self.difference_variance


def log_ratio(control: float, arm: float) -> float:
    """Logarithm of the ratio of two metrics, NaN where it has none."""
    return float(np.log(arm / control)) if control > 0 and arm > 0 else float("nan")
