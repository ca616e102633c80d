"""A line in figures that words can be built on."""

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.response import LineSummary, Response

Floats = NDArray[np.float64]
_DEEPEST = ("qualified_leads", "leads", "sales", "conversions", "installs", "clicks", "impressions")
_MOST_ROOM = 20.0


def summarise(response: Response, row: int, metric: str | None) -> LineSummary:
    """Summary of one line of a response; see `LineSummary` for units."""
    chosen = metric or next((name for name in _DEEPEST if name in response.metrics), response.metrics[0])
    facts = response.facts
    daily = float(facts.recent_daily[row] or response.reference[row])
    ratios = np.concatenate([[0.95, 1.0, 1.05], np.geomspace(1.1, _MOST_ROOM * 1.05, 40)])
    budgets = daily * response.days * ratios
    line = response.line_ids[row]
    drawn = response.draws_of_line(line, chosen, budgets)
    positive = np.maximum(drawn, 1e-300)
    elasticity = np.log(positive[:, 2] / positive[:, 0]) / np.log(1.05 / 0.95)
    low, mid, high = (float(value) for value in np.percentile(elasticity, [10, 50, 90]))
    mean = drawn.mean(axis=0)
    step = (mean[2] - mean[0]) / (budgets[2] - budgets[0])
    return LineSummary(
        line_id=line,
        metric=chosen,
        days=int(facts.days[row]),
        spend=float(facts.spend[row]),
        recent_spend=float(facts.recent_daily[row] * 28),
        highest_daily_spend=float(facts.highest_daily[row]),
        certainty=_certainty(drawn[:, 1], high - low),
        elasticity=(low, mid, high),
        cost_per_outcome=float(budgets[1] / mean[1]) if mean[1] > 0 else None,
        marginal_cost=float(1.0 / step) if step > 1e-12 else None,
        room=_room(ratios, mean, float(step)),
        own_share=float(facts.own_share[row]),
    )


def _certainty(drawn: Floats, elasticity_width: float) -> str:
    """Words for how well a line is known: by the spread of its level and of its elasticity."""
    low, mid, high = np.percentile(drawn, [10, 50, 90])
    width = (high - low) / mid if mid > 0 else np.inf
    worst = max(width / 0.4, elasticity_width / 0.35)
    return "well known" if worst < 0.6 else "known" if worst < 1.2 else "uncertain" if worst < 2.5 else "hardly known"


def _room(ratios: Floats, mean: Floats, step: float) -> float:
    """How many times recent spend until the return on the next unit of money is half of today's."""
    slopes = np.diff(mean) / np.diff(ratios)
    today = (mean[2] - mean[0]) / (ratios[2] - ratios[0])
    if step <= 0 or today <= 0:
        return 1.0
    middles = np.sqrt(ratios[1:] * ratios[:-1])
    past = np.flatnonzero((slopes <= today / 2) & (middles > 1.0))
    return float(min(middles[past[0]], _MOST_ROOM)) if len(past) else _MOST_ROOM
