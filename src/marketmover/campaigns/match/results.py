"""What a past campaign cost and brought, with ranges where a figure is a matter of chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Panel
from marketmover.kit import round_to_cent
from marketmover.plans import Range

Floats = NDArray[np.float64]

_TENTH = 1.2816  # standard normal quantile of the 90th percentile
_PRICES = {
    "leads": "cost_per_lead",
    "qualified_leads": "cost_per_qualified_lead",
    "sales": "cost_per_acquisition",
    "conversions": "cost_per_acquisition",
}


@dataclass(frozen=True)
class Results:
    """What some lines spent and brought, and when: counts as they are, costs with 80% ranges."""

    first: date | None
    last: date | None
    spend: float
    figures: dict[str, Range]


def results_of(panel: Panel, line_ids: Sequence[str]) -> Results:
    """What the lines brought over all their days, money in the panel's currency."""
    rows = [row for row, name in enumerate(panel.line_ids) if name in set(line_ids)]
    cost = panel.cost[rows].sum(axis=0)
    days = np.flatnonzero(cost > 0)
    spend = float(cost.sum())
    dates: list[date] = panel.dates[days].tolist()
    figures: dict[str, Range] = {}
    for name, counts in _counts(panel, rows).items():
        many = float(counts.sum())
        if many <= 0:
            continue
        figures[name] = _exactly(round(many, 2))
        if price := _PRICES.get(name):
            figures.setdefault(price, _price(spend, counts, cost, panel.currency))
    if (revenue := float(panel.revenue[rows].sum())) > 0:
        figures["revenue"] = _exactly(round_to_cent(revenue, panel.currency))
        if spend > 0:
            figures["roas"] = _ratio(panel.revenue[rows].sum(axis=0), cost)
    return Results(
        dates[0] if dates else None, dates[-1] if dates else None, round_to_cent(spend, panel.currency), figures
    )


def _counts(panel: Panel, rows: list[int]) -> dict[str, Floats]:
    told = {
        "leads": panel.leads if panel.lead_source != "none" else np.zeros_like(panel.leads),
        "qualified_leads": panel.crm_qualified if panel.has_crm else np.zeros_like(panel.crm_qualified),
        "sales": panel.sales,
        "conversions": panel.conversions,
        "clicks": panel.clicks,
    }
    counts = {name: values[rows].sum(axis=0) for name, values in told.items()}
    if counts["leads"].sum() > 0 or counts["sales"].sum() > 0:
        counts.pop("conversions")
    return counts


def _exactly(value: float) -> Range:
    return Range(low=value, mid=value, high=value)


def _price(spend: float, counts: Floats, cost: Floats, currency: str) -> Range:
    """Cost of one outcome; its range by the noise of weeks about the mean rate (at least that of chance counts)."""
    mid = spend / float(counts.sum())
    wide = float(np.exp(_TENTH * _relative_error(counts, cost)))
    return Range(
        low=round_to_cent(mid / wide, currency),
        mid=round_to_cent(mid, currency),
        high=round_to_cent(mid * wide, currency),
    )


def _ratio(value: Floats, cost: Floats) -> Range:
    mid = float(value.sum() / cost.sum())
    wide = float(np.exp(_TENTH * _relative_error(value, cost, counted=False)))
    return Range(low=round(mid / wide, 3), mid=round(mid, 3), high=round(mid * wide, 3))


def _relative_error(got: Floats, cost: Floats, *, counted: bool = True) -> float:
    """Relative standard error of a ratio to cost, from its weeks (Cochran 1977, Sampling Techniques, chapter 6)."""
    weeks = [slice(at, at + 7) for at in range(0, len(cost), 7)]
    spent = np.array([cost[week].sum() for week in weeks])
    counts = np.array([got[week].sum() for week in weeks])
    counts, spent = counts[spent > 0], spent[spent > 0]
    total = float(counts.sum())
    chance = 1.0 / np.sqrt(total) if counted else 0.0
    if len(spent) < 3:
        return max(chance, 0.0 if counted else 0.5)
    away = counts - spent * total / spent.sum()
    error = float(np.sqrt((away**2).sum() * len(spent) / (len(spent) - 1))) / total
    return max(error, chance)
