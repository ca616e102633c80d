"""How forecasts did over folds, and what one adds to another with its uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.learning.forecast import Forecast, deviance

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FoldScore:
    """One fold of one model: sums over its rows.

    Attributes:
        rows: Rows that were judged.
        counted: What was counted.
        missed: Sum of absolute errors.
        log_score: Sum of log scores.
        deviance: Sum of Poisson deviances.
        covered: Rows whose 80% range held.
    """

    rows: int
    counted: float
    missed: float
    log_score: float
    deviance: float
    covered: int

    @classmethod
    def of(cls, forecast: Forecast, target: Floats) -> "FoldScore":
        """Score a fold."""
        return cls(
            len(target),
            float(target.sum()),
            float(np.abs(forecast.mean - target).sum()),
            float(forecast.log_score(target).sum()),
            float(deviance(forecast.mean, target).sum()),
            int(forecast.covers(target).sum()),
        )

    @property
    def error(self) -> float:
        """Weighted absolute percentage error, as a share."""
        return self.missed / max(self.counted, 1e-9)


def pooled(folds: Sequence[FoldScore]) -> FoldScore:
    """All folds as one."""
    return FoldScore(
        sum(fold.rows for fold in folds),
        sum(fold.counted for fold in folds),
        sum(fold.missed for fold in folds),
        sum(fold.log_score for fold in folds),
        sum(fold.deviance for fold in folds),
        sum(fold.covered for fold in folds),
    )


@dataclass(frozen=True)
class Added:
    """A difference over folds: its middle, and its 95% interval by Student's t, folds being what varies."""

    low: float
    mid: float
    high: float

    @classmethod
    def to_log_score(cls, challenger: Sequence[FoldScore], incumbent: Sequence[FoldScore]) -> "Added":
        """What the challenger adds to the mean log score of a row."""
        gains = np.array([(a.log_score - b.log_score) / a.rows for a, b in zip(challenger, incumbent, strict=True)])
        return cls._around(float(gains.mean()), float(gains.std(ddof=1)) / len(gains) ** 0.5, len(gains))

    @classmethod
    def saved_error(cls, challenger: Sequence[FoldScore], incumbent: Sequence[FoldScore]) -> "Added":
        """The share of the incumbent's absolute error that the challenger saves, with its jackknife over folds."""
        missed = np.array([[a.missed, b.missed] for a, b in zip(challenger, incumbent, strict=True)])
        without = np.array([_saved(missed.sum(axis=0) - fold) for fold in missed])
        folds = len(missed)
        error = float(np.sqrt((folds - 1) / folds * ((without - without.mean()) ** 2).sum()))
        return cls._around(_saved(missed.sum(axis=0)), error, folds)

    @classmethod
    def _around(cls, mid: float, error: float, folds: int) -> "Added":
        from scipy.stats import t

        reach = float(t.ppf(0.975, folds - 1)) * error
        return cls(mid - reach, mid, mid + reach)


def _saved(missed: Floats) -> float:
    return 1.0 - float(missed[0]) / max(float(missed[1]), 1e-9)
