"""Learning from tables: learners, tuning, cross-validation through time, stacking, and the record of all of it.

It knows nothing of marketing: rows with features, an offset and a target come in (`Examples`), counts with their spread
come out (`Forecast`). MLflow lives here alone (`Tracker`).
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.learning.examples import Examples, rolling_origins
    from marketmover.learning.forecast import Forecast
    from marketmover.learning.holding import Check, still_holds
    from marketmover.learning.learner import Fitted, Learner, fit
    from marketmover.learning.learners import LEARNERS, fitted_from_json
    from marketmover.learning.scores import Added, FoldScore, pooled
    from marketmover.learning.stacking import Stack, fit_stack
    from marketmover.learning.tracking import Run, Tracker
    from marketmover.learning.tuning import tune
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "LEARNERS": "learners",
            "Added": "scores",
            "Check": "holding",
            "Examples": "examples",
            "Fitted": "learner",
            "FoldScore": "scores",
            "Forecast": "forecast",
            "Learner": "learner",
            "Run": "tracking",
            "Stack": "stacking",
            "Tracker": "tracking",
            "fit": "learner",
            "fit_stack": "stacking",
            "fitted_from_json": "learners",
            "pooled": "scores",
            "rolling_origins": "examples",
            "still_holds": "holding",
            "tune": "tuning",
        },
    )

__all__ = [
    "LEARNERS",
    "Added",
    "Check",
    "Examples",
    "Fitted",
    "FoldScore",
    "Forecast",
    "Learner",
    "Run",
    "Stack",
    "Tracker",
    "fit",
    "fit_stack",
    "fitted_from_json",
    "pooled",
    "rolling_origins",
    "still_holds",
    "tune",
]
