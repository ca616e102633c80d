"""Carry-over: spend that still works, or still wears, on later days (geometric adstock; Broadbent 1979)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Carry:
    """One way in which the past shows.

    Attributes:
        decay: Share of the stock that is carried to the next day.
        delayed: Whether outcomes come later too; else only saturation is slow (people who were reached stay reached).
        prior: Log weight before the data speak.
    """

    decay: float
    delayed: bool
    prior: float


_NONE = Carry(0.0, delayed=False, prior=0.0)
_SLOW = tuple(Carry(decay, delayed=False, prior=-1.0) for decay in (0.9,))
_DELAYED = tuple(Carry(decay, delayed=True, prior=-1.0) for decay in (0.5, 0.8, 0.9))


def carries(stage: str) -> tuple[Carry, ...]:
    """The ways that are considered for a stage. Clicks are bought and happen at once; what follows may be late."""
    if stage == "clicks":
        return (_NONE, *_SLOW)
    if stage in {"leads", "conversions", "sales", "installs"}:
        return (_NONE, *_SLOW, *_DELAYED)
    return (_NONE,)


def adstock(series: Floats, decay: float) -> Floats:
    """Carried series along days, normalised so that a constant stays itself, shape (lines, days)."""
    if decay <= 0.0 or not series.shape[1]:
        return series
    out = np.empty_like(series)
    stock = series[:, : min(14, series.shape[1])].mean(axis=1)
    for day in range(series.shape[1]):
        stock = decay * stock + (1.0 - decay) * series[:, day]
        out[:, day] = stock
    return out
