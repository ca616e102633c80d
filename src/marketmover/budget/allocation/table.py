"""Each unit's outcome in draws on a grid of budgets, evaluated once; values between are read off smoothly."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.units import Units
from marketmover.budget.models.funnel import StageDraws
from marketmover.budget.response import Response

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_KNOTS = 16
_LOWEST = 1e-4  # of the highest budget of a unit
_FINE = 72
_MOST_CELLS = 40_000  # draws times lines: with many lines few draws are enough, since errors cancel over lines
_LEAST_DRAWS = 40
_NOTHING = 1e-250


@dataclass(frozen=True)
class Table:
    """Draws of the units' mean outcome, between and beyond the knots by cubics in logs (Catmull and Rom 1974).

    Attributes:
        tops: Highest budget of each unit in the grid, shape (units,).
        logs: Log of what the budget itself brings at the knots, shape (draws, units, knots).
        left: What past spend still brings at any budget, shape (draws, units); `None` where nothing comes late.
    """

    tops: Floats
    logs: Floats
    left: Floats | None = None

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.logs)

    def at(self, budgets: Floats) -> Floats:
        """Outcome at the units' budgets (units,), shape (draws, units)."""
        rows = np.arange(len(self.tops))
        gained = _read(lambda knot: self.logs[:, rows, knot], budgets / self.tops)
        return gained if self.left is None else gained + self.left

    def totals(self, budgets: Floats) -> Floats:
        """Draws of the outcome of all units together at their budgets (units,), shape (draws,)."""
        return self.at(budgets).sum(axis=1)

    def mean(self, budgets: Floats) -> Floats:
        """Expected outcome of each unit at its budget, shape (units,)."""
        return self.at(budgets).mean(axis=0)

    def means(self, weights: Floats | None = None, typical: float = 0.0) -> tuple[Floats, Floats]:
        """Fine grid of budgets and what they bring, both (units, points); 0 for nothing.

        Args:
            weights: Weights of draws, shape (draws,); by default all count alike.
            typical: 0 for the mean over draws, 1 for their geometric mean, which a few draws of boundless returns do
                not carry away; between them in logs.
        """
        outcomes = np.exp(self.logs)
        even = np.full(self.draws, 1.0 / self.draws) if weights is None else weights
        logs = np.log(np.maximum(np.tensordot(even, outcomes, axes=1), _NOTHING))
        if typical > 0:
            logs = (1.0 - typical) * logs + typical * np.tensordot(even, self.logs, axes=1)
        ratios = np.geomspace(_LOWEST, 1.0, _FINE - 1)
        rows = np.arange(len(logs))
        columns = [_read(lambda knot: logs[rows, knot], np.full(len(logs), ratio)) for ratio in ratios]
        gains = np.concatenate([np.zeros((len(logs), 1)), np.stack(columns, axis=1)], axis=1)
        return self.tops[:, None] * np.concatenate([[0.0], ratios])[None, :], gains

    def curves(self, weights: Floats | None = None) -> DemandCurves:
        """Demand by the mean over draws, weighted where weights (draws,) are given."""
        return DemandCurves.from_gains(*self.means(weights))


@dataclass(frozen=True)
class Tables:
    """Tables of a response by metric, each made when it is first asked for."""

    response: Response
    rows: Integers
    units: Units
    tops: Floats

    @cached_property
    def _made(self) -> dict[str, Table]:
        return {}

    @cached_property
    def _thin(self) -> Response:
        return fewer_draws(self.response, max(_LEAST_DRAWS, _MOST_CELLS // max(len(self.rows), 1)))

    def of(self, metric: str) -> Table:
        """The table of a metric.

        Raises:
            InputError: The history does not support the metric.
        """
        if metric not in self._made:
            self._made[metric] = self._evaluated(metric)
        return self._made[metric]

    def mixed(self, weights: dict[str, float]) -> Table:
        """The table of a weighted sum of metrics."""
        tables = {metric: self.of(metric) for metric in weights}
        if len(tables) == 1 and next(iter(weights.values())) == 1.0:
            return next(iter(tables.values()))
        total = np.sum([weights[metric] * np.exp(table.logs) for metric, table in tables.items()], axis=0)
        left = [weights[metric] * table.left for metric, table in tables.items() if table.left is not None]
        return Table(self.tops, np.log(np.maximum(total, _NOTHING)), np.sum(left, axis=0) if left else None)

    def _evaluated(self, metric: str) -> Table:
        lines = self.units.lines(self.tops)
        budgets = np.zeros(len(self._thin.line_ids))
        columns: list[Floats] = []
        past = self._thin.left_over(metric)
        left = None if past is None else self.units.sums(past[:, self.rows])
        for ratio in np.geomspace(_LOWEST, 1.0, _KNOTS):
            budgets[self.rows] = lines * ratio
            outcome = self.units.sums(self._thin.expected(budgets, metric)[:, self.rows])
            columns.append(outcome if left is None else outcome - left)
        return Table(self.tops, np.log(np.maximum(np.stack(columns, axis=2), _NOTHING)), left)


def fewer_draws(response: Response, most: int) -> Response:
    """The response with at most that many of its draws, spread evenly over them."""
    if response.draws <= most:
        return response
    picked = np.unique((np.arange(most) * 0.6180339887498949 % 1.0 * response.draws).astype(np.int64))
    stages = {name: _picked(stage, response.draws, picked) for name, stage in response.stages.items()}
    return replace(response, stages=stages)


def _picked(stage: StageDraws, draws: int, picked: Integers) -> StageDraws:
    values = {field.name: getattr(stage, field.name) for field in fields(stage)}
    by_draw = {
        name: value[picked]
        for name, value in values.items()
        if isinstance(value, np.ndarray) and value.ndim > 1 and len(value) == draws
    }
    return replace(stage, **by_draw)


def _read(logs: Callable[[Integers], Floats], ratio: Floats) -> Floats:
    """Outcome at `ratio` of the highest budget (units,): cubic between knots, a straight line in logs beyond them."""
    step = -np.log(_LOWEST) / (_KNOTS - 1)
    place = (np.log(np.maximum(ratio, 1e-12)) - np.log(_LOWEST)) / step
    knot = np.clip(np.floor(place).astype(np.int64), 0, _KNOTS - 2)
    share = place - knot
    before, here = logs(np.maximum(knot - 1, 0)), logs(knot)
    there, after = logs(knot + 1), logs(np.minimum(knot + 2, _KNOTS - 1))
    rise = np.where(knot > 0, (there - before) / 2, there - here)
    fall = np.where(knot < _KNOTS - 2, (after - here) / 2, there - here)
    square = share * share
    cubic = (
        (1 - 3 * square + 2 * square * share) * here
        + (share - 2 * square + square * share) * rise
        + (3 * square - 2 * square * share) * there
        + (square * share - square) * fall
    )
    straight = np.where(share < 0, here + rise * share, there + fall * (share - 1))
    return np.where(ratio > 0, np.exp(np.where((share < 0) | (share > 1), straight, cubic)), 0.0)
