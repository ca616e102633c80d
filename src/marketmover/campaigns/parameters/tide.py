"""What would be counted on each line and day if only spend and the times differed: what parameters are judged against.

A line that was changed in spring is not to be praised for the spring. What a platform's other lines did in the same
weeks is taken out, and so is what the line's own spend does by its response curve.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Response
from marketmover.history import Panel

Floats = NDArray[np.float64]

_REACH = 10  # days before and after that the tide is a mean of
_STEP = 0.9
_LEAST_COUNT = 20.0  # counted elsewhere in these weeks; with fewer the tide leans to nothing


@dataclass(frozen=True)
class Tide:
    """Outcomes due at a rate of 1, shape (lines, days), and each line's elasticity at its recent spend, (lines,)."""

    due: Floats
    elasticity: Floats


def tide_of(panel: Panel, response: Response, metric: str, counts: Floats) -> Tide:
    """What is due by spend and times.

    Args:
        panel: The history.
        response: Fitted to it; new lines come after the panel's.
        metric: What is counted, one of the response's.
        counts: Counted by line and day, shape (lines, days).
    """
    elasticity = elasticities(panel, response, metric)
    low = np.array([_low_spend(panel, line.platform) for line in panel.lines])
    bent = np.maximum(panel.cost / low[:, None], 1e-3) ** (elasticity[:, None] - 1.0)
    due = panel.cost * bent
    return Tide(due * _times(panel, counts, due), elasticity)


def elasticities(panel: Panel, response: Response, metric: str) -> Floats:
    """Per cent more outcome for a per cent more spend, at each line's recent spend, by the mean of draws, (lines,)."""
    found = np.empty(len(panel.lines))
    for row, line in enumerate(panel.lines):
        daily = float(response.facts.recent_daily[row] or response.reference[row])
        budgets = np.array([_STEP, 1.0]) * daily * response.days
        less, now = response.draws_of_line(line.id, metric, budgets).mean(axis=0)
        found[row] = np.log(max(now, 1e-12) / max(less, 1e-12)) / -np.log(_STEP)
    return np.clip(found, 0.1, 1.0)


def _low_spend(panel: Panel, platform: str) -> float:
    """A daily spend that the platform's small lines have: there lines are compared."""
    mine = np.array([line.platform == platform for line in panel.lines])
    spent = [row[row > 0].mean() for row in panel.cost[mine] if (row > 0).any()]
    return float(np.quantile(spent, 0.2)) if spent else 1.0


def _times(panel: Panel, counts: Floats, due: Floats) -> Floats:
    """How the platform's other lines did around each day, over how they do on the whole, shape (lines, days)."""
    rate = (counts.sum(axis=1) + 0.5) / (due.sum(axis=1) + 1e-9)
    expected = due * rate[:, None]
    times = np.ones(counts.shape)
    platforms = np.array([line.platform for line in panel.lines])
    for platform in np.unique(platforms):
        mine = np.flatnonzero(platforms == platform)
        seen, foreseen = _around(counts[mine]), _around(expected[mine])
        others = seen.sum(axis=0) - seen
        foretold = foreseen.sum(axis=0) - foreseen
        times[mine] = (others + _LEAST_COUNT) / (foretold + _LEAST_COUNT)
    return times


def _around(series: Floats) -> Floats:
    """Sums over the days around each, shape (lines, days)."""
    sums = np.concatenate([np.zeros((len(series), 1)), np.cumsum(series, axis=1)], axis=1)
    at = np.arange(series.shape[1])
    return sums[:, np.minimum(at + _REACH + 1, series.shape[1])] - sums[:, np.maximum(at - _REACH, 0)]
