"""Rows to learn from: what was known when, what came of it, and what a simple rule expected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """Rows of a table, each a forecast that was or is to be made.

    Attributes:
        features: What was known (or decided) when the forecast was made, shape (rows, columns); no NaN.
        names: The columns' names.
        target: What was counted, not negative; 0 where it is still to come, shape (rows,).
        offset: What a simple rule expects, above 0, shape (rows,). Models learn what to multiply it by.
        made_at: The day on which the row's forecast is made, as a running number, shape (rows,).
        known_at: The day from which the target is known in full, shape (rows,).
    """

    features: Floats
    names: tuple[str, ...]
    target: Floats
    offset: Floats
    made_at: Integers
    known_at: Integers

    def __post_init__(self) -> None:
        if self.features.shape != (len(self.target), len(self.names)):
            raise InputError(
                f"Examples have features of shape {self.features.shape}, {len(self.target)} targets and "
                f"{len(self.names)} names, which do not fit together."
            )
        if not (np.isfinite(self.features).all() and np.isfinite(self.target).all() and (self.target >= 0).all()):
            raise InputError("Examples hold a value that is no number, or a target below 0.")
        if not (self.offset > 0).all():
            raise InputError("Examples hold an offset that is not above 0.")

    def __len__(self) -> int:
        return len(self.target)

    def take(self, rows: Bools | Integers) -> "Examples":
        """Some of the rows."""
        return replace(
            self,
            features=self.features[rows],
            target=self.target[rows],
            offset=self.offset[rows],
            made_at=self.made_at[rows],
            known_at=self.known_at[rows],
        )

    def with_columns(self, names: Sequence[str]) -> "Examples":
        """The same rows with other columns: those that are missing are 0, as for a category that nothing is of."""
        place = {name: index for index, name in enumerate(self.names)}
        columns = [self.features[:, place[name]] if name in place else np.zeros(len(self)) for name in names]
        return replace(self, features=np.stack(columns, axis=1), names=tuple(names))

    def known_on(self, day: int) -> "Examples":
        """The rows whose outcome was known on a day: all that a model fitted on that day may see."""
        return self.take(self.known_at <= day)

    def made_on(self, day: int) -> "Examples":
        """The rows whose forecast is made on a day."""
        return self.take(self.made_at == day)


def rolling_origins(last: int, step: int, soonest: int, most: int) -> list[int]:
    """Days on which forecasts are made, ascending, `step` apart; none before `soonest`, the last `most` of them.

    Args:
        last: The last day whose forecast can be judged.
        step: Days between two; at least the length of what is foretold, so that no outcome is judged twice.
        soonest: The first day on which enough is known.
        most: How many at most.
    """
    days = list(range(last, soonest - 1, -step))[:most]
    return days[::-1]
