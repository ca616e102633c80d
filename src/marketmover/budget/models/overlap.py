"""Overlap: what lines that court the same people take from each other.

The pressure on a line is what other lines spend on its people, over what it and they usually spend on them; the log
rate is lower by `effect * log(1 + pressure)`. Effects of a platform's lines lie about one mean, which is nothing unless
the account says otherwise. What speaks for it is how a line's rate moves with its kin's budgets: through the filter of
the level, after shared shocks, and with the line's own spend given a free coefficient, since managers raise lines
together when demand is high, and what its own curve has left over must not be taken for its kin's doing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import week_mean
from marketmover.budget.models.level import Gains, innovations
from marketmover.budget.models.spiked import TRUST, Spike, Spiked, spiked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

_EFFECTS = np.linspace(0.05, 1.2, 24)
_SPIKE = Spike.of(_EFFECTS, usual=0.3, nothing=0.8, convincing=0.8)
_OWN_ERROR = 0.3  # elasticity by which a line's own curve may be off while effects are estimated
_RECENT = 28
_FEW_PAIRS = 0.1


@dataclass(frozen=True)
class Rivals:
    """What presses on each line, by what others spend; L lines.

    Attributes:
        weights: Pressure on a line (row) for a unit of daily spend on another (column), (L, L).
    """

    weights: Floats

    @classmethod
    def of(cls, shared: Floats, reference: Floats) -> "Rivals | None":
        """Rivals by the share of each line's people that others court, (L, L), and usual daily spend, (L,)."""
        if not shared.any():
            return None
        return cls(shared / (reference + shared @ reference)[:, None])

    def pressure(self, daily: Floats) -> Floats:
        """Log of 1 plus the pressure on each line at daily spends (L,) or (L, T), of their shape."""
        if daily.ndim > 1 or self._pairs is None:
            return np.log1p(self.weights @ daily)
        taker, giver, weight = self._pairs
        return np.log1p(np.bincount(taker, weight * daily[giver], minlength=len(daily)))

    @cached_property
    def _pairs(self) -> tuple[Integers, Integers, Floats] | None:
        """The pairs of lines that share people, where they are few; `None` where it is quicker to go over all."""
        taker, giver = np.nonzero(self.weights)
        few = len(taker) < _FEW_PAIRS * self.weights.size
        return (taker, giver, self.weights[taker, giver]) if few else None

    def among(self, rows: Integers) -> "Rivals":
        """Some of the lines alone."""
        return Rivals(self.weights[np.ix_(rows, rows)])


@dataclass(frozen=True)
class Pressed:
    """The past as lines pressed on each other.

    Attributes:
        rivals: Who presses on whom.
        pressure: Log of 1 plus the pressure by line and day, (L, T).
        group: Platform of each line.
    """

    rivals: Rivals
    pressure: Floats
    group: Integers

    @classmethod
    def of(cls, rivals: Rivals | None, cost: Floats, group: Integers) -> "Pressed | None":
        """Pressure in the past, from weeks of spend rather than days, which follow a day's demand."""
        return None if rivals is None else cls(rivals, rivals.pressure(week_mean(cost)), group)

    @property
    def now(self) -> Floats:
        """Mean of the last weeks, (L,)."""
        return self.pressure[:, -_RECENT:].mean(axis=1)


@dataclass(frozen=True)
class Overlap:
    """What is known of overlap in one stage: the posterior of effects, and the expected log loss, (L, T)."""

    effect: Spiked
    loss: Floats
    pressed: Pressed


def find_overlap(pressed: Pressed, series: Floats, own: Floats, gain: Gains, start: Floats) -> Overlap | None:
    """Learn what lines of a stage take from each other; `None` where nothing convinces.

    Args:
        pressed: The past.
        series: Log rates without shape, season and shocks, overlap not taken out, shape (L, T).
        own: Log of each line's own spend, (L, T).
        gain: The level filter's gains.
        start: Level before the first day, (L,).
    """
    surprise, _ = innovations(series, gain, start)
    both = np.stack([pressed.pressure, own], axis=2)
    moved, _ = innovations(both - both[:, :1], gain, np.zeros((len(series), 2)))
    weight = TRUST / gain.variance
    products = np.einsum("lt,lts,ltr->lsr", weight, moved, moved)
    sides = np.einsum("lt,lts->ls", weight * surprise, moved)
    free = products[:, 0, 1] / (products[:, 1, 1] + TRUST / _OWN_ERROR**2)
    told = free * sides[:, 1] - sides[:, 0]
    precision = np.maximum(products[:, 0, 0] - free * products[:, 0, 1], 0.0)
    many = (1, len(_EFFECTS))
    known: Bools = np.any(pressed.rivals.weights > 0, axis=1)
    effect = spiked(_SPIKE, np.tile(told[:, None], many), np.tile(precision[:, None], many), pressed.group, known)
    if effect is None:
        return None
    return Overlap(effect, effect.expected.sum(axis=1)[:, None] * pressed.pressure, pressed)


def draw_overlap(overlap: Overlap, draws: int, generator: np.random.Generator) -> Floats:
    """Draws of effects, (draws, lines)."""
    return overlap.effect.draw(draws, generator)[0]
