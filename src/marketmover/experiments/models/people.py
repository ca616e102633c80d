"""Arms compared person by person, from sums: how many, what they did, and how much that varies."""

from dataclasses import dataclass

import numpy as np

from marketmover.experiments.models.estimate import Estimate, log_ratio


@dataclass(frozen=True)
class Sums:
    """What an arm's people did, summed.

    Attributes:
        count: People.
        total: Sum of the metric.
        squares: Sum of its squares; equal to `total` where each person either did it or not.
    """

    count: float
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """The metric per person."""
        return self.total / self.count

    @property
    def variance(self) -> float:
        """Variance of one person's metric (Bessel's correction)."""
        return max(self.squares - self.total * self.mean, 0.0) / max(self.count - 1.0, 1.0)


def by_people(control: Sums, arm: Sums) -> Estimate:
    """Compare two arms of independent people (Welch's variance; delta method for the ratio)."""
    parts = np.array([control.variance / control.count, arm.variance / arm.count])
    means = np.array([control.mean, arm.mean])
    log = log_ratio(control.mean, arm.mean)
    relative = float((parts / means**2).sum()) if np.isfinite(log) else float("nan")
    return Estimate(
        control=control.mean,
        arm=arm.mean,
        log_ratio=log,
        log_variance=relative,
        difference=arm.mean - control.mean,
        difference_variance=float(parts.sum()),
        dof=welch(parts, np.array([control.count, arm.count])),
    )


def welch(
    parts: "np.ndarray[tuple[int], np.dtype[np.float64]]", counts: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> float:
    """Degrees of freedom of a sum of two variances (Welch 1947)."""
    below = float((parts**2 / np.maximum(counts - 1.0, 1.0)).sum())
    return float(parts.sum() ** 2 / below) if below > 0 else float("inf")
