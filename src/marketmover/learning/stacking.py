"""Weighing forecasts against each other by how well they foretold what is known by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketmover.learning.forecast import Forecast

Floats = NDArray[np.float64]

_USUAL_WEIGHT, _WEIGHT_SPREAD = 0.25, 0.15
_WIDTH_SPREAD = 0.15


@dataclass(frozen=True)
class Stack:
    """A log pool: the means' weighted geometric mean, with a spread that is scaled as a whole.

    Attributes:
        weights: Model to weight; they add up to 1.
        width: What spreads are multiplied by.
    """

    weights: dict[str, float]
    width: float = 1.0

    def combine(self, forecasts: Mapping[str, Forecast]) -> Forecast:
        """One forecast from those of the models, all of the same rows."""
        parts = [(weight, forecasts[name]) for name, weight in self.weights.items() if weight > 0]
        log_mean = sum((weight * np.log(one.mean) for weight, one in parts), np.zeros(len(parts[0][1].mean)))
        variance = sum((weight * one.spread**2 for weight, one in parts), np.zeros(len(log_mean)))
        return Forecast.of(np.exp(log_mean), self.width * np.sqrt(variance))

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"weights": self.weights, "width": self.width}


def fit_stack(forecasts: Mapping[str, Forecast], target: Floats, incumbent: str) -> Stack:
    """How much weight others would have deserved beside the incumbent; they share it evenly.

    Only forecasts made before their target was known belong here. Weights of several models cannot be told apart on a
    few hundred rows, and even ones do better (Bates and Granger 1969, The combination of forecasts; Clemen 1989). So
    one weight is learned: a quarter before anything is known, since forecasts that err apart are better together, and
    what the rows say after. A log pool, since a mixture of ranges that are each right is too wide.

    Args:
        forecasts: Model to its forecasts of the same rows.
        target: What was counted, shape (rows,); with no rows the incumbent has all the weight.
        incumbent: The model that others are weighed against.
    """
    others = [name for name in forecasts if name != incumbent]
    if not len(target):
        return _shared(incumbent, others, 0.0, 1.0)
    from scipy.optimize import minimize

    def loss(point: Floats) -> float:
        weight, log_width = float(point[0]), float(point[1])
        stack = _shared(incumbent, others, weight if others else 0.0, float(np.exp(log_width)))
        score = float(stack.combine(forecasts).log_score(target).sum())
        doubt = ((weight - _USUAL_WEIGHT) / _WEIGHT_SPREAD) ** 2 + (log_width / _WIDTH_SPREAD) ** 2
        return 0.5 * doubt - score

    found: Any = minimize(loss, np.array([_USUAL_WEIGHT, 0.0]), bounds=[(0.0, 1.0), (-1.0, 1.0)], method="L-BFGS-B")
    return _shared(incumbent, others, float(found.x[0]) if others else 0.0, float(np.exp(found.x[1])))


def _shared(incumbent: str, others: Sequence[str], weight: float, width: float) -> Stack:
    share = weight / max(len(others), 1)
    return Stack({incumbent: 1.0 - weight, **dict.fromkeys(others, share)}, width)
