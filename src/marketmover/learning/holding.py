"""Whether a model still foretells as well on fresh outcomes as it did when it was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from marketmover.learning.scores import FoldScore, pooled

Standing = Literal["holds", "has fallen", "too early"]
_SURE = 0.95
_LEAST_ROWS = 10


@dataclass(frozen=True)
class Check:
    """Fresh forecasts held against cross-validation.

    Attributes:
        standing: `has fallen` where the fresh error is above what chance and the folds' own ups and downs explain,
            `too early` where hardly anything fresh is known.
        folds: Fresh stretches.
        error: Their weighted absolute percentage error, as a share.
        usual: The same over cross-validation.
        cover, usual_cover: Share of 80% ranges that held.
        probability: Chance that the error has truly risen, NaN where it is too early to say.
    """

    standing: Standing
    folds: int
    error: float
    usual: float
    cover: float
    usual_cover: float
    probability: float


def still_holds(fresh: Sequence[FoldScore], validation: Sequence[FoldScore]) -> Check:
    """Hold fresh folds against those of cross-validation, by the error of each (Welch's t test, one-sided).

    A single fresh fold is judged by the spread of the validation folds. The score may fall as well as rise: only a rise
    of the error, or ranges that no longer hold, are an alert.
    """
    now, then = pooled(fresh), pooled(validation)
    enough = now.rows >= _LEAST_ROWS and len(validation) >= 3
    risen = (
        _probability_risen([fold.error for fold in fresh], [fold.error for fold in validation]) if enough else np.nan
    )
    missing = _probability_ranges_fail(now, then) if enough else np.nan
    chance = max(risen, missing)
    return Check(
        standing="too early" if not enough else "has fallen" if chance >= _SURE else "holds",
        folds=len(fresh),
        error=now.error,
        usual=then.error,
        cover=now.covered / max(now.rows, 1),
        usual_cover=then.covered / max(then.rows, 1),
        probability=float(chance),
    )


def _probability_risen(fresh: list[float], validation: list[float]) -> float:
    from scipy.stats import t

    usual = np.log(np.maximum(validation, 1e-6))
    now = np.log(np.maximum(fresh, 1e-6))
    error = max(float(usual.std(ddof=1)), 0.02) * (1.0 / len(now) + 1.0 / len(usual)) ** 0.5
    return float(t.cdf((now.mean() - usual.mean()) / error, len(usual) - 1))


def _probability_ranges_fail(now: FoldScore, then: FoldScore) -> float:
    """Whether far fewer ranges hold than did: two proportions, rows counted as half, as they go together."""
    from scipy.stats import norm

    rows, usual_rows = now.rows / 2.0, then.rows / 2.0
    both = (now.covered / 2.0 + then.covered / 2.0 + 0.5) / (rows + usual_rows + 1.0)
    error = (both * (1.0 - both) * (1.0 / rows + 1.0 / usual_rows)) ** 0.5
    return float(norm.cdf((then.covered / then.rows - now.covered / now.rows) / error))
