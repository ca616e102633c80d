"""What units take from each other where their lines court the same people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.units import Units
from marketmover.budget.models.overlap import Rivals
from marketmover.budget.response import Response

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Crossing:
    """By how much outcomes at a split differ from those that each line has while the others spend as today.

    Attributes:
        rivals: Who presses on whom, among the lines that may get money.
        units: Lines gathered into decisions.
        days: Days of the window.
        today: Log of 1 plus the pressure at which outcomes were evaluated, shape (lines,).
        effect: Elasticity on it, shape (draws, lines).
    """

    rivals: Rivals
    units: Units
    days: int
    today: Floats
    effect: Floats

    @classmethod
    def of(cls, response: Response, rows: Integers, units: Units, metric: str) -> "Crossing | None":
        """The crossing of a metric; `None` where its lines take nothing from each other."""
        effects = [stage.overlap[:, rows] for stage in response.chain(metric) if stage.overlap is not None]
        if response.rivals is None or not effects:
            return None
        today = response.pressure_today[rows]
        return cls(response.rivals.among(rows), units, response.days, today, np.sum(effects, axis=0))

    def shift(self, budgets: Floats) -> Floats:
        """Log of the factor on each unit's outcome at the units' budgets (units,), shape (draws, units)."""
        more = self.rivals.pressure(self.units.lines(budgets) / self.days) - self.today
        return -self.units.sums(self.effect * more * self.units.share)

    def toll(self, budgets: Floats, outcomes: Floats) -> Floats:
        """What the next unit of money on each unit takes from the other units' outcomes (draws, units), (units,)."""
        units = self.units
        daily = units.lines(budgets) / self.days
        lost = (self.effect * outcomes[:, units.unit]).mean(axis=0) * units.share
        pressed = lost * np.exp(-self.rivals.pressure(daily))
        return -units.sums(units.share * (pressed @ self.rivals.weights)) / self.days
