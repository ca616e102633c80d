"""Results of a test as arrays: what each arm's days, or each arm's units, brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.experiments.models.clusters import Units

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Results:
    """What was counted.

    Attributes:
        arms: Names, the control first.
        dates: Days, ascending; empty where the file has none (then each array has one column).
        columns: Column to counts by arm and day, shape (arms, days); 0 where an arm has no row.
        present: Whether the file has a row for the arm on the day, shape (arms, days).
        units: Column to values by arm, one a unit (person, region, shop), shape (units,); only where the file names
            units. `before` holds what each unit did before the test.
        notes: What was found odd, in words.
    """

    arms: tuple[str, ...]
    dates: tuple[date, ...]
    columns: Mapping[str, Floats]
    present: "NDArray[np.bool_]"
    units: tuple[Mapping[str, Floats], ...] = ()
    before: str | None = None
    notes: tuple[str, ...] = ()

    def pair(self, arm: int) -> "Results":
        """The control and one arm alone."""
        keep = [0, arm]
        return Results(
            arms=tuple(self.arms[place] for place in keep),
            dates=self.dates,
            columns={name: values[keep] for name, values in self.columns.items()},
            present=self.present[keep],
            units=tuple(self.units[place] for place in keep) if self.units else (),
            before=self.before,
            notes=self.notes,
        )

    def arm_units(self, arm: int, numerator: str, denominator: str | None) -> Units:
        """An arm's units for a metric; without a denominator each counts once."""
        held = self.units[arm]
        top = held[numerator]
        return Units(
            numerator=top,
            denominator=held[denominator] if denominator else np.ones(len(top)),
            before=held[self.before] if self.before else None,
        )
