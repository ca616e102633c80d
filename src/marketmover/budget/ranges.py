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


def expectation(response: Response, budgets: Mapping[str, float], metrics: Sequence[str] | None = None) -> Expectation:
    """Ranges (10th, 50th, 90th percentile, chance included) by line and in total, with costs per outcome and return.

    Args:
        response: The fitted response.
        budgets: Budget over the window by line; lines that are not named get nothing, and count for nothing.
        metrics: Counts to show, by default all that the history supports. Costs and `roas` follow from them.
    """
    wanted = list(metrics if metrics is not None else response.metrics)
    spend = np.zeros(len(response.line_ids))
    for line, budget in budgets.items():
        spend[response.row(line)] = budget
    sampled = response.sample(spend, wanted)
    lines = {
        line: _figures({metric: drawn[:, response.row(line)] for metric, drawn in sampled.items()}, budget)
        for line, budget in budgets.items()
    }
    rows = [response.row(line) for line in budgets]
    total = _figures({metric: drawn[:, rows].sum(axis=1) for metric, drawn in sampled.items()}, float(spend.sum()))
    return Expectation(lines, total)


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
    mix = {metric: 1.0} if isinstance(metric, str) else dict(metric)
    lines = sorted({*budgets_a, *budgets_b})
    under = ((response, budgets_a), (before or response, budgets_b))
    first, second = (_totals(asked, {line: budgets.get(line, 0.0) for line in lines}, mix) for asked, budgets in under)
    moved = [abs(budgets_a.get(line, 0.0) - budgets_b.get(line, 0.0)) for line in lines]
    spent = max(sum(budgets_a.values()), sum(budgets_b.values()), 1e-9)
    doubt = doubt_of_moving(sum(moved) / 2.0 / spent) * float(second.mean())
    half = np.random.default_rng([response.seed, *b"compare"]).standard_normal((len(first) + 1) // 2)
    luck = np.concatenate([half, -half])[: len(first)]
    gain = first - second
    middle = float(np.median(gain))
    difference = middle + DRAWS_TOO_SURE * (gain - middle) + doubt * luck
    better = float((difference > 0).mean() + 0.5 * (difference == 0).mean())
    relative = np.divide(difference, second, out=np.zeros_like(difference), where=second > 0)
    return Comparison(metric if isinstance(metric, str) else "mix", better, range_of(difference), range_of(relative))


def _totals(response: Response, budgets: Mapping[str, float], mix: Mapping[str, float]) -> Floats:
    rows = np.array([response.row(line) for line in budgets], dtype=np.int64)
    spent = np.array(list(budgets.values()), dtype=np.float64)
    return np.sum([weight * response.totals(rows, spent, metric) for metric, weight in mix.items()], axis=0)


def range_of(draws: Floats) -> Range:
    """The 10th, 50th and 90th percentile of draws."""
    low, mid, high = np.percentile(draws, [10, 50, 90])
    return Range(low=float(low), mid=float(mid), high=float(high))


def _figures(counts: Mapping[str, Floats], spend: float) -> dict[str, Range]:
    figures = {metric: range_of(drawn) for metric, drawn in counts.items()}
    for name, metric in _COSTS.items():
        cost = _cost(counts[metric], spend) if metric in counts else None
        if cost is not None:
            figures[name] = cost
    if "revenue" in counts and spend > 0:
        figures["roas"] = range_of(counts["revenue"] / spend)
    return figures


def _cost(counted: Floats, spend: float) -> Range | None:
    """Range of spend over count; draws without any count cost more than all others. `None` where most have none."""
    if spend <= 0 or float(np.percentile(counted, 50)) <= 0:
        return None
    return range_of(spend / np.maximum(counted, 0.5))
