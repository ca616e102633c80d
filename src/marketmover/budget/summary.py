"""A line in figures that words can be built on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DEEPEST = ("qualified_leads", "leads", "sales", "conversions", "installs", "clicks", "impressions")
_MOST_ROOM = 20.0
RATIOS: Floats = np.concatenate([[0.95, 1.0, 1.05], np.geomspace(1.1, _MOST_ROOM * 1.05, 40)])
"""Budgets over the recent one at which a line is looked at."""


@dataclass(frozen=True)
class LineSummary:
    """What a line's figures rest on, for one metric. Money in account currency.

    Attributes:
        line_id: The line.
        metric: The metric that the figures are about.
        days: Days with spend.
        spend: Spend over the whole history; `recent_spend` over the last 28 days of it.
        highest_daily_spend: Highest seven-day mean of daily spend ever seen.
        certainty: `well known`, `known`, `uncertain` or `hardly known`.
        elasticity: Per cent more outcome for one per cent more budget at recent spend: 10th, 50th, 90th percentile.
        cost_per_outcome: Expected cost per outcome at recent spend, `None` where nothing is expected.
        marginal_cost: Cost of one more outcome at recent spend, `None` where there is none to be had.
        room: Budget over recent spend at which returns on the next unit of money have halved (median; at most 20).
        own_share: How far the figures rest on the line's own history, from 0 (like lines and priors only) to 1.
    """

    line_id: str
    metric: str
    days: int
    spend: float
    recent_spend: float
    highest_daily_spend: float
    certainty: str
    elasticity: tuple[float, float, float]
    cost_per_outcome: float | None
    marginal_cost: float | None
    room: float
    own_share: float


@dataclass(frozen=True)
class LineFacts:
    """Counted facts of each line that words are built on, all of shape (lines,).

    `most_daily` is the spend at which impression shares say that all is bought, infinite where they say nothing.
    """

    days: Floats
    spend: Floats
    recent_daily: Floats
    highest_daily: Floats
    own_share: Floats
    most_daily: Floats

    def of(self, row: int) -> "LineFacts":
        """The facts of one line, all of shape ()."""
        return LineFacts(*(np.asarray(getattr(self, each.name)[row]) for each in fields(self)))


def deepest(metrics: Sequence[str]) -> str:
    """The metric furthest down the funnel."""
    return next((name for name in _DEEPEST if name in metrics), metrics[0])


def summarise(line: str, metric: str, facts: LineFacts, budgets: Floats, drawn: Floats) -> LineSummary:
    """Summary of one line; see `LineSummary` for units.

    Args:
        line: The line's id.
        metric: What `drawn` counts.
        facts: The line's own.
        budgets: `RATIOS` times its recent budget over the window, shape (points,).
        drawn: Draws of its mean outcome there, shape (draws, points).
    """
    positive = np.maximum(drawn, 1e-300)
    elasticity = np.log(positive[:, 2] / positive[:, 0]) / np.log(1.05 / 0.95)
    low, mid, high = (float(value) for value in np.percentile(elasticity, [10, 50, 90]))
    mean = drawn.mean(axis=0)
    step = (mean[2] - mean[0]) / (budgets[2] - budgets[0])
    return LineSummary(
        line_id=line,
        metric=metric,
        days=int(facts.days),
        spend=float(facts.spend),
        recent_spend=float(facts.recent_daily * 28),
        highest_daily_spend=float(facts.highest_daily),
        certainty=_certainty(drawn[:, 1], high - low),
        elasticity=(low, mid, high),
        cost_per_outcome=float(budgets[1] / mean[1]) if mean[1] > 0 else None,
        marginal_cost=float(1.0 / step) if step > 1e-12 else None,
        room=_room(RATIOS, mean, float(step)),
        own_share=float(facts.own_share),
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
