"""What a split would bring, beside today's split and beside the plan's own."""

from collections.abc import Mapping
from functools import lru_cache

from pydantic import Field

from marketmover.budget import Forecast
from marketmover.campaigns.compose.advice import with_profit
from marketmover.campaigns.compose.assembly import rounded
from marketmover.campaigns.what_if.basis import Basis
from marketmover.kit import apportion, coin_of, from_cents
from marketmover.plans import Expected, Form, Plan

_FAR = 2.0
_KEPT = 16  # forecasts in memory; each takes up to two megabytes


class LineOutlook(Form):
    """What a line is expected to bring at a budget over the plan's dates; `today` is its budget under today's split."""

    id: str
    budget: float
    today: float
    expected: Expected


class WhatIf(Form):
    """What a split is expected to bring, in the plan's form.

    `expected_today` is today's split at the same total, `probability_better` the chance of bringing more than it, by
    metric; `probability_better_than_baseline` is that of the plan's objective, and `probability_better_than_plan` the
    chance of bringing more of it than the plan does. Where the plan has no history to compare with, the first two are
    left open. `notes` say where figures leave the ground of the history.
    """

    currency: str
    objective: str
    total_budget: float
    expected: Expected
    expected_today: Expected
    probability_better_than_baseline: float | None
    probability_better: dict[str, float]
    probability_better_than_plan: float
    lines: list[LineOutlook]
    notes: list[str] = Field(default_factory=list[str])


def what_if(basis: Basis, plan: Plan, cents: Mapping[str, int]) -> WhatIf:
    """What a split would bring, by the forecast that the plan was composed with; the same figures for the same budgets.

    Args:
        basis: What the plan's forecast rests on.
        plan: The plan.
        cents: Budget of each of its lines.
    """
    asked = {line: from_cents(cents[line]) for line in basis.aim.today}
    total = sum(cents.values())
    usual, habit, expected_today = _today(basis, coin_of(plan.currency), total)
    forecast = Forecast(basis.response, asked)
    found = with_profit(forecast.expectation(basis.aim.shown), asked, basis.aim.margin)
    compared = plan.probability_better_than_baseline is not None
    chances = {
        metric: forecast.against(habit, metric).probability for metric in (basis.response.metrics if compared else ())
    }
    planned = _planned(basis, tuple((line.id, line.budget) for line in plan.lines))
    return WhatIf(
        currency=plan.currency,
        objective=plan.objective,
        total_budget=from_cents(total),
        expected=rounded(found.total),
        expected_today=expected_today,
        probability_better_than_baseline=forecast.against(habit, basis.aim.worth).probability if compared else None,
        probability_better=chances,
        probability_better_than_plan=forecast.against(planned, basis.aim.worth).probability,
        lines=[
            LineOutlook(id=line.id, budget=asked[line.id], today=usual[line.id], expected=rounded(found.lines[line.id]))
            for line in plan.lines
        ],
        notes=_notes(basis, plan, asked),
    )


@lru_cache(maxsize=_KEPT)  # while a person moves money between lines, the total stays
def _today(basis: Basis, coin: int, total: int) -> tuple[dict[str, float], Forecast, Expected]:
    """Today's split at a total: its budgets, its forecast, and what it is expected to bring."""
    usual = _todays(basis, coin, total)
    forecast = Forecast(basis.before, usual)
    found = with_profit(forecast.expectation(basis.aim.shown), usual, basis.aim.margin)
    return usual, forecast, rounded(found.total)


@lru_cache(maxsize=_KEPT)
def _planned(basis: Basis, budgets: tuple[tuple[str, float], ...]) -> Forecast:
    return Forecast(basis.response, dict(budgets))


def _todays(basis: Basis, coin: int, total: int) -> dict[str, float]:
    """Today's split at a total (cents), as the plan has it at its own."""
    today = basis.aim.today
    if total == sum(today.values()):
        return {line: from_cents(cents) for line, cents in today.items()}
    shares = [float(cents) for cents in today.values()]
    parts = apportion(total // coin, shares if any(shares) else [1.0] * len(shares))
    return {line: from_cents(part * coin) for line, part in zip(today, parts, strict=True)}


def _notes(basis: Basis, plan: Plan, asked: Mapping[str, float]) -> list[str]:
    """Where a budget is more than can be bought, or far from all that was ever spent."""
    response, said = basis.response, []
    for line in plan.lines:
        row, daily = response.row(line.id), asked[line.id] / response.days
        most, highest = float(response.most_daily[row]), float(response.facts.highest_daily[row])
        name = line.name or line.id
        if most < daily:
            said.append(f"“{name}” can hardly spend more than {most:,.2f} {plan.currency} a day.")
        elif not line.is_new and highest > 0 and daily > _FAR * highest:
            said.append(
                f"“{name}” never spent more than {highest:,.2f} {plan.currency} a day (mean of a week): "
                "beyond twice that, nothing in the history speaks."
            )
    return said
