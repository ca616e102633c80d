"""What becomes of the figures that the client wants kept: how likely the plan keeps each."""

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.words import count, metric_words, money
from marketmover.kit import from_cents
from marketmover.plans import Brief, BriefTarget, Range, TargetOutlook

_COUNT_BEHIND = {
    "cost_per_lead": "leads",
    "cost_per_acquisition": "conversions",
    "cost_per_qualified_lead": "qualified_leads",
    "roas": "revenue",
}


def judge_targets(
    brief: Brief, advice: Advice, margin: float | None, currency: str, notes: Notes
) -> list[TargetOutlook]:
    """Each target of the brief with its expected range and the probability that the plan keeps it.

    A target that the history cannot speak of is kept with `None` for both, and said so in the warnings.
    """
    return [_judge(target, advice, margin, currency, notes) for target in brief.targets]


def _judge(target: BriefTarget, advice: Advice, margin: float | None, currency: str, notes: Notes) -> TargetOutlook:
    drawn = _draws(target.metric, advice, margin)
    named = "revenue per unit of money" if target.metric == "roas" else metric_words(target.metric)
    if drawn is None:
        notes.warn(f"The history cannot say whether the target for {named} will be kept.")
        return TargetOutlook(**target.model_dump())
    kept = drawn <= target.value if target.comparison == "at_most" else drawn >= target.value
    low, mid, high = (float(f"{value:.6g}") for value in np.percentile(drawn, [10, 50, 90]))
    probability = round(float(kept.mean()), 3)
    if probability < 0.5:
        bound = target.comparison.replace("_", " ")
        chance = "less than 1%" if probability < 0.01 else f"{probability:.0%}"
        asked, least, middle, most = (
            _written(target.metric, value, currency) for value in (target.value, low, mid, high)
        )
        notes.warn(
            f"The target of {named} {bound} {asked} is more likely missed than kept ({chance}): the plan "
            f"expects {middle} ({least} to {most})."
        )
    return TargetOutlook(**target.model_dump(), expected=Range(low=low, mid=mid, high=high), probability=probability)


def _written(metric: str, value: float, currency: str) -> str:
    """A target's figure as people write it: money, or a plain number."""
    if metric.startswith("cost_per") or metric in ("revenue", "profit"):
        return money(value, currency)
    return f"{value:,.2f}" if metric in ("roas", "ctr") else count(value)


def _draws(metric: str, advice: Advice, margin: float | None) -> NDArray[np.float64] | None:
    """Draws of a target's metric over the whole plan, chance included; `None` where the history says nothing of it."""
    budgets = np.zeros(len(advice.response.line_ids))
    for line, cents in advice.split.items():
        budgets[advice.response.row(line)] = from_cents(cents)
    spend = float(budgets.sum())
    if metric == "ctr":
        clicks, shown = (_total(name, budgets, advice) for name in ("clicks", "impressions"))
        return None if clicks is None or shown is None else 100 * clicks / np.maximum(shown, 1.0)
    if metric == "profit":
        revenue = _total("revenue", budgets, advice)
        return None if revenue is None or margin is None else revenue * margin - spend
    counted = _total(_COUNT_BEHIND.get(metric, metric), budgets, advice)
    if counted is None or metric not in _COUNT_BEHIND:
        return counted
    return counted / spend if metric == "roas" else spend / np.maximum(counted, 0.5)


def _total(metric: str, budgets: NDArray[np.float64], advice: Advice) -> NDArray[np.float64] | None:
    if metric not in advice.response.metrics:
        return None
    return advice.response.sample(budgets, metric)[metric].sum(axis=1)
