"""The learners that there are, and models read back from files."""

from typing import Any

from marketmover.errors import InputError
from marketmover.learning.learner import Fitted, Learner
from marketmover.learning.models.boosting import Boosting
from marketmover.learning.models.last_period import LastPeriod
from marketmover.learning.models.network import Network
from marketmover.learning.models.regression import Regression

LEARNERS: tuple[Learner, ...] = (LastPeriod(), Regression(), Boosting(), Network())


def fitted_from_json(found: dict[str, Any]) -> Fitted:
    """A model from what `Fitted.to_json` gave.

    Raises:
        InputError: This version knows no such learner.
    """
    learner = next((one for one in LEARNERS if one.name == found["learner"]), None)
    if learner is None:
        raise InputError(
            f"The model was made by the learner {found['learner']!r}, which this version does not know.",
            "Compare and register models anew: marketmover models compare",
        )
    return Fitted(
        learner=learner.name,
        names=tuple(found["names"]),
        core=learner.from_json(found["core"]),
        level=float(found["level"]),
        bound=float(found["bound"]),
        spread=float(found["spread"]),
        settings=dict(found["settings"]),
    )
