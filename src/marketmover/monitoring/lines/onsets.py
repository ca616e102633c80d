"""When a change began, and whether changes of several lines can have begun together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CANDIDATES = 21
"""Last days on which a change may have begun."""

_DAYS = 42
_RAMPS = (1, 2, 3, 4)  # days over which a change sets in
_MOST_ODD = 9.0  # squared standard deviations at which a day stops to count against a fit
_LEAST_SD, _MAD = 0.04, 1.4826
_APART = 6.0  # nats by which beginnings of their own must fit better than a common one


def beginnings(figure: Floats, ran: Bools) -> Floats:
    """Log-likelihood of a change on each of the last `CANDIDATES` days, oldest first, shape (CANDIDATES,).

    A level before and another after, set in over one to four days; Gaussian days whose scatter follows from the
    differences of neighbours, so that the change does not count as scatter. What a far-off day counts is bounded.

    Args:
        figure: Daily figure on the log scale up to the present day, shape (days,).
        ran: Days that say something.
    """
    values, known = figure[-_DAYS:], ran[-_DAYS:]
    steps = np.diff(values[known])
    if steps.size < CANDIDATES // 2:
        return np.zeros(CANDIDATES)
    scatter = max(_MAD * float(np.median(np.abs(steps))) / np.sqrt(2.0), _LEAST_SD)
    days = np.arange(values.size)
    fits = np.full(CANDIDATES, -np.inf)
    for place in range(CANDIDATES):
        since = days - (values.size - CANDIDATES + place) + 1
        for ramp in _RAMPS:
            fits[place] = max(fits[place], _fit(values[known], np.clip(since / ramp, 0.0, 1.0)[known], scatter))
    return fits


def began_together(finding: Sequence[Floats], further: Floats) -> bool:
    """Whether a further line's change fits a beginning that it shares with those of a finding.

    Args:
        finding: Of each line of the finding, its `beginnings`.
        further: Of the further line.
    """
    shared = np.sum(finding, axis=0)
    apart = float(shared.max() + further.max())
    return apart - float((shared + further).max()) <= _APART


def _fit(values: Floats, shape: Floats, scatter: float) -> float:
    """Log-likelihood of a level and a change of this shape, by least squares."""
    middle = shape - shape.mean()
    spread = float(middle @ middle)
    size = float(middle @ values) / spread if spread > 0 else 0.0
    off = (values - values.mean() - size * middle) / scatter
    return -0.5 * float(np.minimum(off**2, _MOST_ODD).sum())
