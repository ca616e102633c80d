"""The funnel in draws: spend -> clicks -> leads -> qualified leads, each stage a level, a shape and a season.

With `u` the line's effective spend over its reference spend, a root stage counts `exp(level + season[day]) * f(u)`.
A later stage responds to its parent's response, so that the outcome of a chain is the product of the levels and seasons
times `h(f(u))`: it rises with spend and bends at every stage, and a rate per parent falls where its stage saturates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.shapes import mixed_log_response

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class StageDraws:
    """One stage's posterior draws.

    Attributes:
        level: Log rate at the reference spend, mean over the window, shape (draws, lines).
        family: Index of the saturation family, shape (draws, lines).
        elasticity: Elasticity at the reference spend, shape (draws, lines).
        season: Log multiplier of each day of the window, shape (draws, groups, days).
        noise: Spread (log) of chance over the window, shape (lines,).
        common_noise: Spread (log) of chance that lines of one group share.
        dispersion: Variance of a count over its mean, 1 for Poisson.
        unit: Amount of the metric that one count stands for (1, or the mean value of a sale).
        binomial: Whether the parent's count bounds this one.
    """

    level: Floats
    family: Integers
    elasticity: Floats
    season: Floats
    noise: Floats
    common_noise: float
    dispersion: float
    unit: float
    binomial: bool

    def log_shape(self, log_u: Floats) -> Floats:
        """Log response at `log_u`, the log of what drives the stage over its reference; (lines,) or (draws, lines)."""
        return mixed_log_response(self.family, self.elasticity, log_u)


@dataclass(frozen=True)
class SpendPath:
    """How a constant daily budget becomes effective spend: geometric carry-over from the past.

    Attributes:
        days: Days of the window.
        reference: Reference daily spend of each line, shape (lines,).
        carried: Effective daily spend on the last day of the past, shape (lines,).
        decay: Share of effective spend that is carried to the next day, shape (lines,).
    """

    days: int
    reference: Floats
    carried: Floats
    decay: Floats

    def segments(self) -> list[tuple[int, int]]:
        """Half-open ranges of days: single days while the past still shows, then all the rest at once."""
        strongest = float(self.decay.max(initial=0.0))
        fade = 0 if strongest <= 0 else min(14, int(np.ceil(np.log(0.02) / np.log(strongest))))
        single = min(self.days, fade)
        return [(day, day + 1) for day in range(single)] + ([(single, self.days)] if single < self.days else [])

    def log_u(self, daily_budget: Floats, first_day: int) -> Floats:
        """Log effective over reference spend on a day of the window, shape (lines,); -inf where nothing is spent."""
        left = self.decay ** (first_day + 1)
        steady = first_day >= 14
        effective = daily_budget if steady else daily_budget + (self.carried - daily_budget) * left
        with np.errstate(divide="ignore"):
            return np.log(effective / self.reference)


def expected_outcome(stages: Sequence[StageDraws], path: SpendPath, groups: Integers, budgets: Floats) -> Floats:
    """Mean outcome over the window at the lines' budgets, shape (draws, lines).

    Args:
        stages: The chain from the root to the metric.
        path: Carry-over and reference spend.
        groups: Season group of each line, shape (lines,).
        budgets: Budget of each line over the window, spread evenly over its days, shape (lines,).
    """
    daily = np.asarray(budgets, dtype=np.float64) / path.days
    level = np.sum([stage.level for stage in stages], axis=0)
    season = np.exp(np.sum([stage.season for stage in stages], axis=0))
    total = np.zeros(level.shape)
    for first, after in path.segments():
        shape = path.log_u(daily, first)
        for stage in stages:
            shape = stage.log_shape(shape)
        total += np.exp(level + shape) * season[:, :, first:after].sum(axis=2)[:, groups]
    total[:, daily <= 0] = 0.0
    return total * float(np.prod([stage.unit for stage in stages]))
