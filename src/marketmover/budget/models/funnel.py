"""The funnel in draws: spend -> clicks -> leads -> qualified leads, each stage a level, a shape and a season.

With `u` the line's spend over its reference spend, a root stage counts `exp(level + season[day]) * f(u)`. A later stage
responds to its parent's response, so that the outcome of a chain is the product of the levels and seasons times
`h(f(u))`: it rises with spend and bends at every stage, and a rate per parent falls where its stage saturates.

Saturation may be slow: a stage with a decay looks at spend carried over from the past (geometric adstock), so that a
budget that was just raised still finds fresh people and one that was just cut still pays for the past. An effect may be
slow too: then outcomes themselves follow the carried spend.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import CarryOver
from marketmover.budget.models.mixed import MixedShapes
from marketmover.budget.models.wear import WearDraws

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
        carry: How the past shows.
        carried: Its stocks of spend on the last day of the past, over reference spend, shape (ways, lines).
        wear: Creative fatigue, which `level` is without; `None` where there is none.
        overlap: Elasticity on what presses on a line, which `level` is without, shape (draws, lines); `None` as above.
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
    carry: CarryOver
    carried: Floats
    wear: WearDraws | None = None
    overlap: Floats | None = None

    @cached_property
    def _shapes(self) -> MixedShapes:
        return MixedShapes.of(self.family, self.elasticity)

    def log_shape(self, log_u: Floats) -> Floats:
        """Log response at `log_u`, the log of what drives the stage over its reference; (lines,) or (draws, lines).

        Draws of one line may be asked at many points: (points,) or (draws, points).
        """
        return self._shapes.log_response(log_u)

    def log_stock(self, u: Floats, day: float) -> Floats:
        """Log of the spend that saturates on a day of the window at a constant `u` (lines,), over reference spend."""
        return np.log(np.maximum(self.carry.ahead(self.carried, u, day), 1e-26))

    def on(self, days: slice) -> "StageDraws":
        """The draws for some days of the window."""
        wear = None if self.wear is None else replace(self.wear, gap=self.wear.gap + days.start)
        return replace(self, season=self.season[:, :, days], wear=wear)

    def take(self, rows: Integers) -> "StageDraws":
        """The draws of some lines, in the order of `rows`, which may repeat."""
        return replace(
            self, level=self.level[:, rows], family=self.family[:, rows], elasticity=self.elasticity[:, rows],
            noise=self.noise[rows], carry=self.carry.take(rows), carried=self.carried[:, rows],
            wear=None if self.wear is None else self.wear.take(rows),
            overlap=None if self.overlap is None else self.overlap[:, rows],
        )  # fmt: skip


def segments(days: int, decay: float) -> list[tuple[int, int]]:
    """Half-open ranges of days within which carried spend hardly moves; one where nothing is carried."""
    if decay <= 0.0:
        return [(0, days)]
    edges = [0, *(edge for edge in (2, 6, 13, 24, 45) if edge < days), days]
    return list(itertools.pairwise(edges))


def expected_outcome(
    stages: Sequence[StageDraws],
    reference: Floats,
    days: int,
    groups: Integers,
    budgets: Floats,
    pressure: Floats | None = None,
) -> Floats:
    """Mean outcome over the window at the lines' budgets, shape (draws, lines).

    Args:
        stages: The chain from the root to the metric.
        reference: Reference daily spend of each line, shape (lines,).
        days: Days of the window.
        groups: Season group of each line, shape (lines,).
        budgets: Budget of each line over the window, spread evenly over its days, shape (lines,). Stages of one line
            may be asked at many budgets: then the answer is (draws, budgets), and `groups` is of one line or of all.
        pressure: Log of 1 plus what presses on each line, shape (lines,); `None` where nothing does.
    """
    u = np.asarray(budgets, dtype=np.float64) / days / reference
    level = np.sum([stage.level for stage in stages], axis=0)
    for stage in stages:
        if stage.overlap is not None and pressure is not None:
            level = level - stage.overlap * pressure
    season = np.exp(np.sum([stage.season for stage in stages], axis=0))
    total = np.zeros((len(level), len(u)))
    wears = [stage.wear for stage in stages if stage.wear is not None]
    for first, after in segments(days, max(stage.carry.decay for stage in stages)):
        shape = _chain_shape(stages, u, (first + after - 1) / 2.0)
        for wear in wears:
            shape = shape - wear.ahead(u, first, after)
        total += np.exp(level + shape) * season[:, :, first:after].sum(axis=2)[:, groups]
    total[:, u <= 0] = 0.0
    return total * float(np.prod([stage.unit for stage in stages]))


def _chain_shape(stages: Sequence[StageDraws], u: Floats, day: float) -> Floats:
    """Log of the chain's response on a day of the window, shape (draws, lines)."""
    paid = np.log(np.maximum(_paid(stages, u, day), 1e-26))
    shape = np.broadcast_to(paid, (len(stages[0].level), len(paid)))
    drives: dict[int, Floats] = {}
    for position, stage in enumerate(stages):
        own = position if stage.carry.decay > 0 else -1
        if own not in drives:
            drives[own] = stage.log_stock(_paid(stages, u, day, position), day) if own >= 0 else paid
            for above in stages[:position]:
                drives[own] = above.log_shape(drives[own])
        for key, drive in drives.items():
            response = stage.log_shape(drive)
            if key == own:
                shape = shape + response - drive
            drives[key] = response
    return shape


def _paid(stages: Sequence[StageDraws], u: Floats, day: float, but: int = -1) -> Floats:
    """The spend that outcomes of a day of the window are due to, over reference spend, but for one stage's lateness.

    What one stage brings late, the others see late: else more spend would first only saturate them.
    """
    for position, stage in enumerate(stages):
        if position != but:
            u = stage.carry.paid_ahead(stage.carried, u, day)
    return u
