"""Poisson regression with a ridge penalty, on log rates."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from marketmover.learning.examples import Examples
from marketmover.learning.learner import Dial, Settings, information
from marketmover.learning.models.scaling import Scaling

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Linear:
    """A linear predictor over scaled features."""

    scaling: Scaling
    weights: Floats
    constant: float

    def log_ratio(self, features: Floats) -> Floats:
        """Log of what to multiply the offset by, shape (rows,)."""
        return self.scaling.apply(features) @ self.weights + self.constant

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"scaling": self.scaling.to_json(), "weights": self.weights.tolist(), "constant": self.constant}


@dataclass(frozen=True)
class Regression:
    """Regularised regression of what is counted per expected count."""

    name: ClassVar[str] = "regression"
    label: ClassVar[str] = "Regularised regression"
    dials: ClassVar[tuple[Dial, ...]] = (Dial("penalty", 1e-3, 10.0, 0.1, log=True),)

    def fit(self, examples: Examples, expected: Floats, settings: Settings, seed: int) -> _Linear:
        """The maximum of the penalised likelihood; nothing is drawn."""
        del seed
        from sklearn.linear_model import PoissonRegressor

        scaling = Scaling.of(examples.features)
        model = PoissonRegressor(alpha=settings["penalty"], max_iter=2000)
        rate = examples.target / expected
        with np.errstate(over="ignore", invalid="ignore"):  # a step too far overflows, and is taken back
            model.fit(scaling.apply(examples.features), rate, sample_weight=information(expected))
        return _Linear(scaling, np.asarray(model.coef_, np.float64), float(model.intercept_))

    def from_json(self, found: dict[str, Any]) -> _Linear:
        """Back from `to_json`."""
        return _Linear(Scaling.from_json(found["scaling"]), np.array(found["weights"]), float(found["constant"]))
