"""Each unit's outcome in draws on a grid of budgets, evaluated once; values between are read off smoothly."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.crossing import Crossing
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
        logs: Log of what the budget itself brings at the knots while other lines spend as today, (draws, units, knots).
        left: What past spend still brings at any budget, shape (draws, units); `None` where nothing comes late.
        crossing: What units take from each other; `None` where that is nothing.
        shift: Log of the factor on each unit's outcome at the split around which curves are taken, (draws, units, 1).
        toll: What a unit of money on each unit takes from the others there, shape (units, 1).
    """

    tops: Floats
    logs: Floats
    left: Floats | None = None
    crossing: Crossing | None = None
    shift: Floats | None = None
    toll: Floats | None = None

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.logs)

    def at(self, budgets: Floats) -> Floats:
        """Outcome at the units' budgets (units,), shape (draws, units)."""
        rows = np.arange(len(self.tops))
        gained = _read(lambda knot: self.logs[:, rows, knot], budgets / self.tops)
        alone = gained if self.left is None else gained + self.left
        return alone if self.crossing is None else alone * np.exp(self.crossing.shift(budgets))

    def around(self, budgets: Floats | None) -> "Table":
        """The table with its curves taken around a split: each unit's includes what it takes from the others."""
        if self.crossing is None or budgets is None:
            return self
        toll = self.crossing.toll(budgets, self.at(budgets))
        return replace(self, shift=self.crossing.shift(budgets)[:, :, None], toll=toll[:, None])

    def row(self, row: int) -> "Table":
        """What one unit's own budget brings, all others as in the split around which curves are taken."""
        shift = None if self.shift is None else self.shift[:, [row]]
        toll = None if self.toll is None else self.toll[[row]]
        return Table(self.tops[[row]], self.logs[:, [row]], shift=shift, toll=toll)

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
        own = self.logs if self.shift is None else self.logs + self.shift
        outcomes = np.exp(own)
        even = np.full(self.draws, 1.0 / self.draws) if weights is None else weights
        logs = np.log(np.maximum(np.tensordot(even, outcomes, axes=1), _NOTHING))
        if typical > 0:
            logs = (1.0 - typical) * logs + typical * np.tensordot(even, own, axes=1)
        ratios = np.geomspace(_LOWEST, 1.0, _FINE - 1)
        rows = np.arange(len(logs))
        columns = [_read(lambda knot: logs[rows, knot], np.full(len(logs), ratio)) for ratio in ratios]
        gains = np.concatenate([np.zeros((len(logs), 1)), np.stack(columns, axis=1)], axis=1)
        grid = self.tops[:, None] * np.concatenate([[0.0], ratios])[None, :]
        return grid, gains if self.toll is None else gains + self.toll * grid

    def curves(self, weights: Floats | None = None) -> DemandCurves:
        """Demand by the mean over draws, weighted where weights (draws,) are given."""
        return DemandCurves.from_gains(*self.means(weights))


@dataclass(frozen=True)
class Tables:
    """Tables of a response by metric, each made when it is first asked for; curves are taken around a split, `here`."""

    response: Response
    rows: Integers
    units: Units
    tops: Floats
    here: Floats | None = None
    made: dict[str, Table] = field(default_factory=dict[str, Table], repr=False, compare=False)

    @cached_property
    def _thin(self) -> Response:
        return fewer_draws(self.response, max(_LEAST_DRAWS, _MOST_CELLS // max(len(self.rows), 1)))

    def of(self, metric: str) -> Table:
        """The table of a metric.

        Raises:
            InputError: The history does not support the metric.
        """
        if metric not in self.made:
            self.made[metric] = self._evaluated(metric)
        return self.made[metric].around(self.here)

    def mixed(self, weights: dict[str, float]) -> Table:
        """The table of a weighted sum of metrics."""
        tables = {metric: self.of(metric) for metric in weights}
        if len(tables) == 1 and next(iter(weights.values())) == 1.0:
            return next(iter(tables.values()))
        worth = [weights[metric] * np.exp(table.logs) for metric, table in tables.items()]
        logs = np.log(np.maximum(np.sum(worth, axis=0), _NOTHING))
        crossing = _mixed([table.crossing for table in tables.values()], [one[:, :, _KNOTS // 2] for one in worth])
        left = [weights[metric] * table.left for metric, table in tables.items() if table.left is not None]
        return Table(self.tops, logs, np.sum(left, axis=0) if left else None, crossing).around(self.here)

    def _evaluated(self, metric: str) -> Table:
        lines = self.units.lines(self.tops)
        budgets = np.zeros(len(self._thin.line_ids))
        columns: list[Floats] = []
        past = self._thin.left_over(metric)
        left = None if past is None else self.units.sums(past[:, self.rows])
        for ratio in np.geomspace(_LOWEST, 1.0, _KNOTS):
            budgets[self.rows] = lines * ratio
            outcome = self.units.sums(self._thin.alone(budgets, metric)[:, self.rows])
            columns.append(outcome if left is None else outcome - left)
        crossing = Crossing.of(self._thin, self.rows, self.units, metric)
        return Table(self.tops, np.log(np.maximum(np.stack(columns, axis=2), _NOTHING)), left, crossing)


def _mixed(crossings: list[Crossing | None], worth: list[Floats]) -> Crossing | None:
    """The crossing of a sum of outcomes, whose effects are weighed by what each is worth, (draws, units)."""
    first = next((one for one in crossings if one is not None), None)
    if first is None:
        return None
    total = np.maximum(np.sum(worth, axis=0), _NOTHING)[:, first.units.unit]
    effects = [
        one.effect * value[:, first.units.unit] for one, value in zip(crossings, worth, strict=True) if one is not None
    ]
    return replace(first, effect=np.sum(effects, axis=0) / total)


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
    return replace(stage, **by_draw, wear=None if stage.wear is None else stage.wear.picked(picked))


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
