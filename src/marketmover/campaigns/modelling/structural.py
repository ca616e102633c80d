"""The structural model, asked what each line brings at the money that was really spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import fit_response
from marketmover.campaigns.backtest import KnownThen
from marketmover.history import Panel
from marketmover.learning import Forecast

Floats = NDArray[np.float64]

STRUCTURAL = "structural"


@dataclass(frozen=True)
class Foretold:
    """What the structural model foretold of one stretch.

    Attributes:
        outcomes: Outcome to forecast of each line of the panel, arrays of shape (lines,).
        lines: Whether it knew the line, shape (lines,).
        known: The history as it had been imported by then; `None` where no import of that time is kept, so that all
            days up to it were seen with their final figures.
    """

    outcomes: Mapping[str, Forecast]
    lines: NDArray[np.bool_]
    known: Panel | None


def foretell(panel: Panel, known: KnownThen, origin: int, length: int, outcomes: Sequence[str], seed: int) -> Foretold:
    """Fit on what was known on a day and ask for the stretch after it.

    Args:
        panel: The whole history: how much was spent in the stretch.
        known: What was known on a day.
        origin: Place of that day in the panel.
        length: Days of the stretch.
        outcomes: Metrics that are asked for; what it does not know is left out.
        seed: Of its draws.
    """
    then = known(panel.dates[origin].astype(object))
    start, end = panel.dates[origin + 1].astype(object), panel.dates[origin + length].astype(object)
    response = fit_response(then.panel, start, end, seed=seed)
    places = {line: place for place, line in enumerate(panel.line_ids)}
    rows = np.array([places.get(line, -1) for line in response.line_ids], dtype=np.int64)
    spent = panel.cost[:, origin + 1 : origin + 1 + length].sum(axis=1)
    budgets = np.where(rows >= 0, spent[rows], 0.0)
    asked = [outcome for outcome in outcomes if outcome in response.metrics]
    drawn = response.sample(budgets, asked) if asked else {}
    there = np.zeros(len(places), dtype=bool)
    there[rows[rows >= 0]] = True
    return Foretold(
        {name: _by_line(Forecast.of_draws(draws), rows, len(places)) for name, draws in drawn.items()},
        there,
        then.panel if then.as_imported else None,
    )


def _by_line(forecast: Forecast, rows: NDArray[np.int64], lines: int) -> Forecast:
    mean, spread = np.zeros(lines), np.ones(lines)
    mean[rows[rows >= 0]] = forecast.mean[rows >= 0]
    spread[rows[rows >= 0]] = forecast.spread[rows >= 0]
    return Forecast.of(mean, spread)
