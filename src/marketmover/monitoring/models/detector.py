"""The detector: a series row by row, or a thousand series in one call."""

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.models.arithmetic import Arrays, Floats
from marketmover.monitoring.models.parameters import PARAMETERS, Parameters
from marketmover.monitoring.models.state import Score, State

Array = NDArray[np.float64]

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (moments are read by the clock that they show)


class Detector:
    """Watches one series, row by row.

    >>> from datetime import UTC, datetime, timedelta
    >>> detector, start = Detector(), datetime(2026, 1, 5, tzinfo=UTC)
    >>> calm = [detector.update(start + timedelta(days=day), 20 + day % 3).score for day in range(40)]
    >>> detector.update(start + timedelta(days=40), 90).score > 0.99
    True
    """

    def __init__(self, parameters: Parameters = PARAMETERS) -> None:
        self._state = State(Floats(), parameters)

    def update(self, time: datetime | float, value: float | None) -> Score:
        """Score a row from it and the rows before, then learn from it.

        Args:
            time: When, by the clock of the place, or seconds since 1970. It need not be later than the last one, and
                steps may be of any length.
            value: What was measured; `None`, NaN or infinite is a missing value, which scores 0 and teaches nothing.
        """
        seconds = clock_seconds(time) if isinstance(time, datetime) else float(time)
        if value is None or not math.isfinite(value):
            return self._state.step(seconds, 0.0, 0.0)
        return self._state.step(seconds, float(value), 1.0)


def clock_seconds(moment: datetime) -> float:
    """Seconds since 1970 by the clock that the moment shows, so that seasons follow the place's own days."""
    return (moment.replace(tzinfo=None) - _EPOCH).total_seconds()


def score_many(times: Sequence[float] | Array, values: Array, parameters: Parameters = PARAMETERS) -> Score:
    """Score many series over the same moments at once; each row from it and the rows before it in its series alone.

    Args:
        times: Seconds since 1970, shape (rows,).
        values: Shape (series, rows); NaN and infinities are missing.
        parameters: The detector's.

    Returns:
        Arrays of shape (series, rows).

    Raises:
        ValueError: The shapes do not fit together.
    """
    if values.ndim != 2 or len(times) != values.shape[1]:
        raise ValueError(f"score_many needs values of shape (series, {len(times)}), not {values.shape}")
    state = State(Arrays(values.shape[0]), parameters)
    present = np.isfinite(values)
    filled = np.where(present, values, 0.0)
    found = [np.empty(values.shape) for _ in Score._fields]
    with np.errstate(all="ignore"):
        for row, time_s in enumerate(times):
            scored = state.step(float(time_s), filled[:, row], present[:, row].astype(np.float64))
            for array, field in zip(found, scored, strict=True):
                array[:, row] = field
    return Score(*found)
