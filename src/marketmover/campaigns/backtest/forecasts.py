"""What was foretold for the split that was really made, beside what then happened and what simple rules foretell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Response

Floats = NDArray[np.float64]

USUAL_DAYS = 28
_YEAR_DAYS = 364  # whole weeks, so that weekdays meet


@dataclass(frozen=True)
class Forecast:
    """Forecasts for one window, told the spend that was really made; arrays of shape (lines,) unless said otherwise.

    Attributes:
        low, mid, high: 10th, 50th and 90th percentile of what would be counted, chance included.
        total: The same of all lines together, shape (3,).
        places: Share of the draws that lie below what was counted; of draws that are the same, half.
        total_place: The same of all lines together.
        last_weeks: Spend at what the last 28 days counted per unit of money.
        last_year: Spend at what the same weeks of last year counted; `None` where the history does not reach back.
        by_week: Expected outcome of all lines in each week of the window, shape (weeks,).
    """

    low: Floats
    mid: Floats
    high: Floats
    total: Floats
    places: Floats
    total_place: float
    last_weeks: Floats
    last_year: Floats | None
    by_week: Floats


def foretell(response: Response, lines: Sequence[str], made: Floats, metric: str) -> tuple[Floats, Floats]:
    """Draws of what lines count in the window, shape (draws, lines), and their total expected by week, shape (weeks,).

    Args:
        response: Learned before the window, for its dates.
        lines: The lines that are judged.
        made: Their spend a day in the window, shape (lines, days).
        metric: What is counted.
    """
    rows = np.array([response.row(line) for line in lines], dtype=np.int64)
    spend = np.zeros(len(response.line_ids))
    spend[rows] = made.sum(axis=1)
    drawn = response.sample(spend, metric)[metric][:, rows]
    by_week = np.zeros(made.shape[1] // 7)
    for week in range(len(by_week)):
        days = slice(7 * week, 7 * week + 7)
        spend[rows] = made[:, days].sum(axis=1)
        by_week[week] = float(_on(response, days).expected(spend, metric)[:, rows].sum(axis=1).mean())
    return drawn, by_week


def place_among(drawn: Floats, counted: Floats) -> Floats:
    """Where counts lie among their draws, from 0 to 1, shape (lines,): even where the ranges are what they say.

    Args:
        drawn: Shape (draws, lines).
        counted: Shape (lines,).
    """
    return (drawn < counted).mean(axis=0) + 0.5 * (drawn == counted).mean(axis=0)


def _on(response: Response, days: slice) -> Response:
    """The response on some days of its window."""
    stages = {name: stage.on(days) for name, stage in response.stages.items()}
    return replace(response, days=days.stop - days.start, stages=stages)


def by_last_weeks(cost: Floats, counts: Floats, made: Floats) -> Floats:
    """The rule that these weeks are as the last 28 days: outcomes at the same price.

    Args:
        cost: Spend a day up to the day before the window, shape (lines, days).
        counts: Outcomes a day, same shape.
        made: Spend in the window, shape (lines,).
    """
    return made * _rate(cost[:, -USUAL_DAYS:], counts[:, -USUAL_DAYS:], 0.0)


def by_last_year(cost: Floats, counts: Floats, made: Floats, days: int) -> Floats | None:
    """The rule that these weeks are as they were a year ago; a line that did not run then is as in its last 28 days.

    Args:
        cost: Spend a day up to the day before the window, shape (lines, days).
        counts: Outcomes a day, same shape.
        made: Spend in the window, shape (lines,).
        days: Length of the window.

    Returns:
        `None` where the history does not reach back a year.
    """
    first = cost.shape[1] - _YEAR_DAYS
    if first < 0:
        return None
    then = slice(first, first + days)
    return made * _rate(cost[:, then], counts[:, then], _rate(cost[:, -USUAL_DAYS:], counts[:, -USUAL_DAYS:], 0.0))


def _rate(cost: Floats, counts: Floats, otherwise: Floats | float) -> Floats:
    spent = cost.sum(axis=1)
    return np.where(spent > 0, counts.sum(axis=1) / np.where(spent > 0, spent, 1.0), otherwise)
