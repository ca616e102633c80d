"""What money on each campaign type brings, in draws: by regression on the past weeks, and by the response model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Response
from marketmover.campaigns.returns.models.elasticity import Elasticities, fit_elasticities
from marketmover.history import Panel

Floats = NDArray[np.float64]
_STEP = 0.02
_RECENT = 91  # days on which the regression's level rests
_SETTLING = 14  # days whose conversions are still to come, left aside where the history is long enough
_LONG = 182
_DRAWS = 400
_BEYOND = 0.2  # of the money above each line's best week so far: what a regression knows nothing of
# What no regression on the past can know, as it was over simulated markets: nobody dealt out the spend by lot, so that
# slopes are off by more than their errors, and four weeks ahead prices and demand are others than in the last quarter.
_SLOPE_DOUBT = 0.25
_LEVEL_DOUBT = 0.18
_SERIES = {"qualified_leads": "leads"}


@dataclass(frozen=True)
class Drawn:
    """Draws of an amount of a metric for one unit of media spend, of all of it and of the next, shape (draws,)."""

    average: Floats
    marginal: Floats


def by_model(response: Response, lines: Sequence[str], budgets: Mapping[str, float], metric: str) -> Drawn | None:
    """The response model's returns of some lines together; `None` where they have no money."""
    rows = np.array([response.row(line) for line in lines], dtype=np.int64)
    spend = np.array([budgets.get(line, 0.0) for line in lines])
    total = float(spend.sum())
    if total <= 0:
        return None
    brought, more = (response.totals(rows, spend * times, metric) for times in (1.0, 1.0 + _STEP))
    return Drawn(brought / total, (more - brought) / (_STEP * total))


class Regression:
    """One regression over all lines, and what it says of types at any budgets."""

    def __init__(self, panel: Panel, kinds: Sequence[int], metric: str, days: int, seed: int) -> None:
        self._panel, self._metric, self._days, self._seed = panel, metric, days, seed
        series = getattr(panel, _SERIES.get(metric, metric))
        self._worth = _worth(panel, metric)
        self._end = panel.dates.size - (_SETTLING if panel.dates.size >= _LONG else 0)
        names = sorted({line.platform for line in panel.lines})
        markets = np.array([names.index(line.platform) for line in panel.lines], dtype=np.int64)
        series = np.nan_to_num(series)
        weekly, spend = self._weekly(series), self._weekly(panel.cost)
        self.found: Elasticities = fit_elasticities(weekly, spend, np.array(kinds, dtype=np.int64), markets)
        recent = slice(max(self._end - _RECENT, 0), self._end)
        self._counted, self._spent = series[:, recent].sum(axis=1), panel.cost[:, recent].sum(axis=1)
        self._highest = spend.max(axis=1, initial=0.0) / 7
        self._span = max(self._end - max(self._end - _RECENT, 0), 1)

    def _weekly(self, values: Floats) -> Floats:
        weeks = self._end // 7
        kept = values[:, self._end - weeks * 7 : self._end]
        return kept.reshape(len(values), weeks, 7).sum(axis=2)

    def drawn(self, kind: int, lines: Sequence[str], budgets: Mapping[str, float]) -> Drawn | None:
        """Returns of a type's lines; `None` where they spent nothing lately, or would spend far more than ever."""
        rows = [self._panel.line_ids.index(line) for line in lines if line in self._panel.line_ids]
        rows = [row for row in rows if self._spent[row] > 0]
        spend = np.array([budgets.get(self._panel.line_ids[row], 0.0) for row in rows])
        counted = self._counted[rows]
        if not rows or spend.sum() <= 0 or counted.sum() <= 0:
            return None
        if np.maximum(spend / self._days - self._highest[rows], 0.0).sum() > _BEYOND * spend.sum() / self._days:
            return None
        random = np.random.default_rng([self._seed, kind])
        doubt = np.hypot(self.found.error[kind], _SLOPE_DOUBT)
        slope = np.maximum(random.normal(self.found.mean[kind], doubt, _DRAWS), 0.0)
        chance = np.sqrt(self.found.dispersion / np.maximum(counted.sum(), 1.0) + _LEVEL_DOUBT**2)
        level = np.exp(random.normal(0.0, chance, _DRAWS) - 0.5 * chance**2)
        daily, usual = spend / self._days, self._spent[rows] / self._span
        ratio = np.maximum(daily / usual, 1e-9)
        a_day = (counted / self._span * self._worth[rows]) * ratio[None, :] ** slope[:, None]
        brought = a_day.sum(axis=1) * level * self._days
        average = brought / float(spend.sum())
        return Drawn(average, slope * average)


def _worth(panel: Panel, metric: str) -> Floats:
    """What one count of the series that stands for the metric is worth on each line."""
    if metric != "qualified_leads":
        return np.ones(len(panel.lines))
    top, bottom = panel.crm_qualified.sum(axis=1), panel.crm_decided.sum(axis=1)
    common = float(top.sum() / bottom.sum()) if bottom.sum() > 0 else 1.0
    return (top + 20.0 * common) / (bottom + 20.0)
