"""Budgets and targets that do not fit together, or do not say by when they are spent."""

import re
from dataclasses import dataclass, field

from marketmover.campaigns.dialogue.wording import Wording
from marketmover.plans import Brief

_COUNTS = {
    "cost_per_lead": ("leads", "lead"),
    "cost_per_acquisition": ("sales", "sale"),
    "cost_per_qualified_lead": ("qualified_leads", "qualified lead"),
}
_TOTAL = re.compile(
    r"\b(?:total|overall|all in|altogether|in all|whole|entire|campaign|for (?:the|this|a|one|our)|lump"
    r"|one[- ]off|max(?:imum)?"
    r"|cap|upfront|until|between|over|across)\b",
    re.IGNORECASE,
)
_BEYOND = 1.15
_DAYS = {"total": 0.0, "day": 1.0, "week": 7.0, "month": 365.25 / 12}
_USUAL_DAYS = 28


@dataclass(frozen=True)
class Contradiction:
    """Figures of a brief that cannot all be kept, as a question."""

    wording: Wording
    choices: list[str] = field(default_factory=list[str])


def written(amount: float, currency: str | None) -> str:
    """A sum with its ISO code: `EUR 12,500`."""
    figure = f"{amount:,.2f}".removesuffix(".00")
    return f"{currency} {figure}" if currency else figure


def period_unsaid(brief: Brief) -> bool:
    """Whether the budget is taken as a total only because nothing says what it is by."""
    budget = brief.budget
    if budget is None or budget.period != "total" or brief.end_date is not None:
        return False
    return not _TOTAL.search(brief.evidence.get("budget", ""))


def contradiction(brief: Brief) -> Contradiction | None:
    """Results wanted at a cost that the budget cannot pay, or revenue wanted that the return cannot bring."""
    total = _total(brief)
    if total is None or brief.budget is None:
        return None
    at_least = {target.metric: target.value for target in brief.targets if target.comparison == "at_least"}
    for target in brief.targets:
        counted, one = _COUNTS.get(target.metric, ("", ""))
        wanted = at_least.get(counted)
        if target.comparison == "at_most" and wanted and target.value > 0 and wanted * target.value > _BEYOND * total:
            return _too_dear(wanted, one, target.value, total, brief.budget.currency)
    revenue, roas = at_least.get("revenue"), at_least.get("roas")
    if revenue and roas and revenue > _BEYOND * roas * total:
        return _too_little(revenue, roas, total, brief.budget.currency)
    return None


def _too_little(revenue: float, roas: float, total: float, currency: str | None) -> Contradiction:
    budget, wanted, brought = (written(amount, currency) for amount in (total, revenue, roas * total))
    return Contradiction(
        Wording(
            f"A budget of {budget} at a return of {roas:g} brings {brought}, not {wanted}. Which figure is fixed?",
            f"{budget} at {roas:g}x is {brought}, not {wanted}. Which figure is fixed?",
            f"{budget} at {roas:g}x is not {wanted}: which is fixed?",
            "The figures do not fit together, so one of them will be missed.",
            "the budget; how likely each target is kept is shown",
        ),
        ["The budget", "The revenue", "The return"],
    )


def _too_dear(wanted: float, one: str, cost: float, total: float, currency: str | None) -> Contradiction:
    budget, price, needed = (written(amount, currency) for amount in (total, cost, wanted * cost))
    return Contradiction(
        Wording(
            f"{wanted:,.0f} {one}s at up to {price} each may cost {needed}, and the budget is {budget}. Which matters"
            f" more: the number, the cost per {one}, or the budget?",
            f"{wanted:,.0f} {one}s at up to {price} each comes to {needed}, but the budget is {budget}. Which one is"
            " fixed?",
            f"{wanted:,.0f} {one}s at {price} is {needed}, budget {budget}: which is fixed?",
            f"The number is only within reach at {written(total / wanted, currency)} per {one} or less.",
            "the budget; how likely each target is kept is shown",
        ),
        ["The budget", f"The number of {one}s", f"The cost per {one}"],
    )


def _total(brief: Brief) -> float | None:
    if brief.budget is None:
        return None
    days = _DAYS[brief.budget.period]
    return brief.budget.amount * ((brief.duration_days or _USUAL_DAYS) / days if days else 1.0)
