"""The simple rule: what the offset says, times what that rule was off by on the whole."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from marketmover.learning.examples import Examples
from marketmover.learning.learner import Dial, Settings

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _NoChange:
    """Multiplies by one."""

    def log_ratio(self, features: Floats) -> Floats:
        """Nothing to add, shape (rows,)."""
        return np.zeros(len(features))

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {}


@dataclass(frozen=True)
class LastPeriod:
    """The next period as the last ones."""

    name: ClassVar[str] = "last_period"
    label: ClassVar[str] = "As in the last weeks"
    dials: ClassVar[tuple[Dial, ...]] = ()

    def fit(self, examples: Examples, expected: Floats, settings: Settings, seed: int) -> _NoChange:
        """There is nothing to fit."""
        del examples, expected, settings, seed
        return _NoChange()

    def from_json(self, found: dict[str, Any]) -> _NoChange:
        """Back from `to_json`."""
        del found
        return _NoChange()
