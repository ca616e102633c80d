"""How well a media mix fits, and whether its sampling has settled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MixFit:
    """Diagnostics of a fit.

    Attributes:
        r_squared: Share of the outcome's variance that channels, level, trend, season and controls account for.
        residual_autocorrelation: Of what is left, from one period to the next; far from 0, something slow is missing.
        noise: Standard deviation of one period's noise, in units of the outcome.
        convergence: The worst R-hat over channels (Gelman and Rubin 1992); above 1.05, give more draws.
    """

    r_squared: float
    residual_autocorrelation: float
    noise: float
    convergence: float


def fit_of(outcome: Floats, fitted: Floats, *, noise: float, convergence: float) -> MixFit:
    """Diagnostics from the outcome and its fitted values, by period."""
    residual = outcome - fitted
    residual = residual - residual.mean()
    left = float(residual @ residual)
    lagged = float(residual[1:] @ residual[:-1]) / left if left > 0 else 0.0
    total = float(((outcome - outcome.mean()) ** 2).sum())
    return MixFit(1.0 - left / total, lagged, noise, convergence)


def convergence(size: Floats, chains: int) -> float:
    """The worst R-hat over the columns of `size`, whose rows are chains one after another."""
    by_chain = size.reshape(chains, -1, size.shape[1])
    kept = by_chain.shape[1]
    if kept < 2:
        return float("nan")
    within = by_chain.var(axis=1, ddof=1).mean(axis=0)
    between = by_chain.mean(axis=1).var(axis=0, ddof=1)
    return float(np.sqrt((kept - 1) / kept + between / np.maximum(within, 1e-300)).max())
