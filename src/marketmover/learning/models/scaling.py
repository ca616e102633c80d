"""Features brought to one scale, and kept within what was seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_FAR = 4.0


@dataclass(frozen=True)
class Scaling:
    """Mean and deviation of each column, shape (columns,); a column that never varied has deviation 1."""

    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, features: Floats) -> "Scaling":
        """From the rows that are learned from."""
        deviation = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(deviation > 1e-9, deviation, 1.0))

    def apply(self, features: Floats) -> Floats:
        """Columns of mean 0 and deviation 1, cut at four deviations, beyond which nothing was learned."""
        return np.clip((features - self.mean) / self.deviation, -_FAR, _FAR)

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"mean": self.mean.tolist(), "deviation": self.deviation.tolist()}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Scaling":
        """Back from `to_json`."""
        return cls(np.array(found["mean"]), np.array(found["deviation"]))
