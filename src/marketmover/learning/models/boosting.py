"""Gradient-boosted trees on the Poisson likelihood (LightGBM), on one thread and deterministic."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from marketmover.learning.examples import Examples
from marketmover.learning.learner import Dial, Settings, information

if TYPE_CHECKING:
    import lightgbm

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Trees:
    """Trees as LightGBM writes them down."""

    text: str

    @cached_property
    def _booster(self) -> "lightgbm.Booster":
        import lightgbm

        return lightgbm.Booster(model_str=self.text)

    def log_ratio(self, features: Floats) -> Floats:
        """Log of what to multiply the offset by, shape (rows,)."""
        if not len(features):
            return np.zeros(0)
        return np.asarray(self._booster.predict(features, raw_score=True, num_threads=1), dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"trees": self.text}


@dataclass(frozen=True)
class Boosting:
    """Gradient boosting. Ke et al. (2017), LightGBM: a highly efficient gradient boosting decision tree."""

    name: ClassVar[str] = "boosting"
    label: ClassVar[str] = "Gradient boosting"
    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("rounds", 20, 160, 60, whole=True),
        Dial("learning_rate", 0.02, 0.15, 0.05, log=True),
        Dial("leaves", 3, 16, 6, whole=True),
        Dial("least_rows_in_leaf", 8, 80, 25, whole=True),
        Dial("penalty", 0.1, 100.0, 5.0, log=True),
    )

    def fit(self, examples: Examples, expected: Floats, settings: Settings, seed: int) -> _Trees:
        """Fit trees that start from the offset."""
        import lightgbm

        parameters = {
            "objective": "poisson",
            "learning_rate": settings["learning_rate"],
            "num_leaves": int(settings["leaves"]),
            "min_data_in_leaf": int(settings["least_rows_in_leaf"]),
            "lambda_l2": settings["penalty"],
            "feature_fraction": 0.6,
            "seed": seed,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "verbose": -1,
        }
        rows = lightgbm.Dataset(
            examples.features,
            label=examples.target,
            weight=information(expected) / expected,
            init_score=np.log(expected),
            params={"verbose": -1},
        )
        return _Trees(lightgbm.train(parameters, rows, num_boost_round=int(settings["rounds"])).model_to_string())

    def from_json(self, found: dict[str, Any]) -> _Trees:
        """Back from `to_json`."""
        return _Trees(str(found["trees"]))
