"""From draws to what a plan shows: ranges by line and in total, and how likely one split beats another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.response import DRAWS_TOO_SURE, Response, doubt_of_moving
from marketmover.plans import Range

Floats = NDArray[np.float64]
_COSTS = {
    "cost_per_lead": "leads",
    "cost_per_qualified_lead": "qualified_leads",
    "cost_per_acquisition": "conversions",
}


@dataclass(frozen=True)
class Expectation:
    """Ranges of what will be counted at a split: `lines` by line id, then metric; `total` by metric."""

    lines: dict[str, dict[str, Range]]
    total: dict[str, Range]


@dataclass(frozen=True)
class Comparison:
    """How one split does against another in one metric.

    Attributes:
        probability: Chance that `a` has the greater expected outcome; 0.5 where both are the same.
        difference: Expected outcome of `a` less that of `b`.
        relative: The same over that of `b`, 0.12 for 12% more.
    """

    metric: str
    probability: float
    difference: Range
    relative: Range


class Forecast:
    """What one split brings under one response; what its figures share is found once.

    Args:
        response: The fitted response.
        budgets: Budget over the window by line; lines that are not named get nothing, and count for nothing.
    """

    def __init__(self, response: Response, budgets: Mapping[str, float]) -> None:
        self._response = response
        self._budgets = dict(budgets)
        self._means: dict[str, Floats] = {}
        self._totals: dict[tuple[str, tuple[str, ...]], Floats] = {}

    def expectation(self, metrics: Sequence[str] | None = None) -> Expectation:
        """As the function of this name."""
        response, budgets = self._response, self._budgets
        spend = np.zeros(len(response.line_ids))
        for line, budget in budgets.items():
            spend[response.row(line)] = budget
        sampled = response.sample(spend, response.metrics if metrics is None else list(metrics), self._means)
        rows = [response.row(line) for line in budgets]
        counts = {metric: drawn[:, rows] for metric, drawn in sampled.items()}
        total = _figures({metric: drawn.sum(axis=1, keepdims=True) for metric, drawn in counts.items()}, [spend.sum()])
        return Expectation(dict(zip(budgets, _figures(counts, list(budgets.values())), strict=True)), total[0])

    def against(self, other: "Forecast", metric: str | Mapping[str, float]) -> Comparison:
        """As `compare`: this split against another."""
        mix = {metric: 1.0} if isinstance(metric, str) else dict(metric)
        budgets_a, budgets_b = self._budgets, other._budgets
        lines = tuple(sorted({*budgets_a, *budgets_b}))
        first, second = self._together(lines, mix), other._together(lines, mix)
        moved = [abs(budgets_a.get(line, 0.0) - budgets_b.get(line, 0.0)) for line in lines]
        spent = max(sum(budgets_a.values()), sum(budgets_b.values()), 1e-9)
        doubt = doubt_of_moving(sum(moved) / 2.0 / spent) * float(second.mean())
        half = np.random.default_rng([self._response.seed, *b"compare"]).standard_normal((len(first) + 1) // 2)
        luck = np.concatenate([half, -half])[: len(first)]
        gain = first - second
        middle = float(np.median(gain))
        difference = middle + DRAWS_TOO_SURE * (gain - middle) + doubt * luck
        better = float((difference > 0).mean() + 0.5 * (difference == 0).mean())
        relative = np.divide(difference, second, out=np.zeros_like(difference), where=second > 0)
        return Comparison(
            metric if isinstance(metric, str) else "mix", better, range_of(difference), range_of(relative)
        )

    def _together(self, lines: tuple[str, ...], mix: Mapping[str, float]) -> Floats:
        """Draws of what some lines bring together, each metric by its worth, shape (draws,)."""
        return np.sum([weight * self._total(lines, metric) for metric, weight in mix.items()], axis=0)

    def _total(self, lines: tuple[str, ...], metric: str) -> Floats:
        if (metric, lines) not in self._totals:
            response = self._response
            rows = np.array([response.row(line) for line in lines], dtype=np.int64)
            known = self._means.get(response.chains[metric][-1]) if metric in response.chains else None
            if known is None:
                spent = np.array([self._budgets.get(line, 0.0) for line in lines])
                self._totals[metric, lines] = response.totals(rows, spent, metric)
            else:
                self._totals[metric, lines] = known[:, rows].sum(axis=1)
        return self._totals[metric, lines]


def expectation(response: Response, budgets: Mapping[str, float], metrics: Sequence[str] | None = None) -> Expectation:
    """Ranges (10th, 50th, 90th percentile, chance included) by line and in total, with costs per outcome and return.

    Args:
        response: The fitted response.
        budgets: Budget over the window by line; lines that are not named get nothing, and count for nothing.
        metrics: Counts to show, by default all that the history supports. Costs and `roas` follow from them.
    """
    return Forecast(response, budgets).expectation(metrics)


def compare(
    response: Response,
    budgets_a: Mapping[str, float],
    budgets_b: Mapping[str, float],
    metric: str | Mapping[str, float],
    *,
    before: Response | None = None,
) -> Comparison:
    """How likely split `a` is to have the greater expected outcome than split `b`, over posterior draws.

    Both are judged by the same draws, so that what is unknown to both (the season, the market) cancels. What no draw
    knows of money that moves (see `doubt_of_moving`) is added: a split that was chosen for its draws flatters them.

    Args:
        response: The fitted response.
        budgets_a: Budget over the window by line.
        budgets_b: The same of the other split.
        metric: What is compared: a metric, or what one of each is worth in a mix of them.
        before: The response under which split `b` is spent, where lines are set otherwise under split `a`.
    """
    return Forecast(response, budgets_a).against(Forecast(before or response, budgets_b), metric)


def range_of(draws: Floats) -> Range:
    """The 10th, 50th and 90th percentile of draws."""
    low, mid, high = np.percentile(draws, [10, 50, 90])
    return Range(low=float(low), mid=float(mid), high=float(high))


def _figures(counts: Mapping[str, Floats], spend: Sequence[float]) -> list[dict[str, Range]]:
    """Ranges of counts, shape (draws, lines), and of what follows from them, line by line."""
    spent = np.array(spend, dtype=np.float64)
    paid = spent > 0
    columns = {metric: (_ranges(drawn), np.ones(len(spent), dtype=np.bool_)) for metric, drawn in counts.items()}
    for name, metric in _COSTS.items():
        if metric in counts:
            # draws without any count cost more than all others; where most have none, nothing can be said
            some = paid & (columns[metric][0][1] > 0)
            columns[name] = (_ranges(spent / np.maximum(counts[metric], 0.5)), some)
    if "revenue" in counts:
        columns["roas"] = (_ranges(counts["revenue"] / np.where(paid, spent, 1.0)), paid)
    return [
        {
            name: Range(low=float(span[0, line]), mid=float(span[1, line]), high=float(span[2, line]))
            for name, (span, told) in columns.items()
            if told[line]
        }
        for line in range(len(spent))
    ]


def _ranges(draws: Floats) -> Floats:
    """The 10th, 50th and 90th percentile of each line's draws, shape (3, lines)."""
    return np.percentile(draws, [10, 50, 90], axis=0)
