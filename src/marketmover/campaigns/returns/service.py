"""The room's verbs: returns by type of a fitted response, and of a history alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from marketmover.budget import Response, fit_response, range_of
from marketmover.campaigns.page.words import ad_type_words
from marketmover.campaigns.returns.figures import Drawn, Regression, by_model
from marketmover.campaigns.returns.words import remarks, type_words
from marketmover.errors import InputError, UsageError
from marketmover.history import Panel
from marketmover.kit import round_to_cent
from marketmover.plans import PLATFORM_NAMES, Limits, Platform, Range, ReturnEstimate, Returns, TypeReturn

_DAYS = 28
_FIRST = ("leads", "conversions", "clicks")
_MONEY = "revenue"


@dataclass(frozen=True)
class Costs:
    """What a unit of media spend costs the client and what a unit of revenue leaves, as the limits give it."""

    margin: float | None = None
    agency_fee: float | None = None
    tax_rate: float | None = None

    @classmethod
    def of(cls, limits: Limits) -> "Costs":
        """What the limits say."""
        return cls(limits.margin, limits.agency_fee, limits.tax_rate)

    @property
    def of_media(self) -> float:
        """What one unit of media spend costs in all."""
        return (1 + (self.agency_fee or 0.0)) * (1 + (self.tax_rate or 0.0))

    def bill(self, media: float) -> dict[str, float]:
        """Media, fee, tax and their total."""
        fee = media * (self.agency_fee or 0.0)
        tax = (media + fee) * (self.tax_rate or 0.0)
        parts = {"media": media, "agency_fee": fee, "tax": tax}
        return {name: round_to_cent(amount) for name, amount in {**parts, "total": sum(parts.values())}.items()}


@dataclass(frozen=True)
class _Kind:
    """A campaign type: its number, and its lines by id."""

    number: int
    platform: Platform
    ad_type: str
    lines: list[str]


def read_returns(panel: Panel, *, metric: str | None = None, limits: Limits | None = None, seed: int = 0) -> Returns:
    """What each campaign type of a history returns at the spend of its last 28 days, over the 28 days after it.

    Raises:
        InputError: The history holds no spend.
        UsageError: The history does not count the metric.
    """
    if not panel.lines or panel.cost.sum() <= 0:
        raise InputError(
            "The history holds no spend, so there is nothing that could have a return.",
            "Read exports with: marketmover import DIR, or name them with --history.",
        )
    start: date = panel.dates[-1].astype(object) + timedelta(days=1)
    response = fit_response(panel, start, start + timedelta(days=_DAYS - 1), seed=seed)
    known = [name for name in response.metrics if name != "reach"]
    wanted = "revenue" if metric == "profit" else metric or next(name for name in (*_FIRST, *known) if name in known)
    if wanted not in known:
        raise UsageError(f"The history says nothing of {wanted.replace('_', ' ')}.", f"It counts {', '.join(known)}.")
    return returns_by_type(panel, response, wanted, Costs.of(limits or Limits()), seed=seed)


def returns_by_type(
    panel: Panel,
    response: Response,
    metric: str,
    costs: Costs,
    *,
    planned: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Returns:
    """Average and marginal returns of each campaign type, at present budgets and at planned ones.

    Args:
        panel: The history.
        response: Learned from it, for the plan's dates.
        metric: What is counted; revenue is looked at as well where the history has it.
        costs: Margin, fee and tax.
        planned: The plan's budgets by line id; `None` where there is no plan.
        seed: Of what is drawn here.
    """
    present = dict(zip(panel.line_ids, panel.cost[:, -_DAYS:].sum(axis=1) * response.days / _DAYS, strict=True))
    kinds = _kinds(panel, present, planned)
    metrics = [metric, *([_MONEY] if _MONEY in response.metrics and metric != _MONEY else [])]
    place = {line: kind.number for kind in kinds for line in kind.lines}
    numbers = [place.get(line, len(kinds)) for line in panel.line_ids]
    regressions = {name: Regression(panel, numbers, name, response.days, seed) for name in metrics}
    found: list[TypeReturn] = []
    for kind in kinds:
        estimates: list[ReturnEstimate] = []
        for when, budgets in (("present", present), *((("planned", planned),) if planned is not None else ())):
            for name in metrics:
                drawn = {
                    "regression": regressions[name].drawn(kind.number, kind.lines, budgets),
                    "model": by_model(response, kind.lines, budgets, name),
                }
                media = sum(budgets.get(line, 0.0) for line in kind.lines)
                estimates += [
                    _estimate(method, when, name, one, costs, media) for method, one in drawn.items() if one is not None
                ]
        found.append(_type(kind, present, planned, estimates, metric, panel.currency))
    spent = planned if planned is not None else present
    return Returns(
        metric=metric,
        days=response.days,
        margin=costs.margin,
        agency_fee=costs.agency_fee,
        tax_rate=costs.tax_rate,
        types=sorted(found, key=lambda one: (-(one.planned if one.planned is not None else one.present), one.name)),
        cost=costs.bill(float(sum(spent.values()))),
        profit=_whole_profit(response, spent, costs) if _MONEY in metrics else None,
        remarks=remarks(panel, costs.margin, has_revenue=_MONEY in metrics),
    )


def _kinds(panel: Panel, present: Mapping[str, float], planned: Mapping[str, float] | None) -> list[_Kind]:
    """Types of which any line has money now or in the plan; a plan's new lines have no type of their own yet."""
    lines: dict[tuple[Platform, str], list[str]] = {}
    for line in panel.lines:
        if present[line.id] > 0 or (planned or {}).get(line.id, 0.0) > 0:
            lines.setdefault((line.platform, line.ad_type), []).append(line.id)
    return [_Kind(number, *key, lines[key]) for number, key in enumerate(sorted(lines))]


def _estimate(method: str, when: str, metric: str, drawn: Drawn, costs: Costs, media: float) -> ReturnEstimate:
    roi = profit = None
    if metric == _MONEY:
        back = drawn.average * (costs.margin or 1.0)
        roi = _range(back / costs.of_media - 1.0)
        profit = _range((back - costs.of_media) * media) if costs.margin is not None else None
    return ReturnEstimate.model_validate(
        {
            "method": method,
            "budgets": when,
            "metric": metric,
            "average": _range(drawn.average),
            "marginal": _range(drawn.marginal),
            "roi": roi,
            "profit": profit,
        }
    )


def _type(
    kind: _Kind,
    present: Mapping[str, float],
    planned: Mapping[str, float] | None,
    estimates: list[ReturnEstimate],
    metric: str,
    currency: str,
) -> TypeReturn:
    agree, words = type_words(estimates, metric, currency)
    return TypeReturn(
        platform=kind.platform,
        ad_type=kind.ad_type,
        name=f"{ad_type_words(kind.ad_type)} on {PLATFORM_NAMES[kind.platform]}",
        lines=len(kind.lines),
        present=round_to_cent(sum(present[line] for line in kind.lines)),
        planned=None if planned is None else round_to_cent(sum(planned.get(line, 0.0) for line in kind.lines)),
        estimates=estimates,
        agree=agree,
        words=words,
    )


def _whole_profit(response: Response, budgets: Mapping[str, float], costs: Costs) -> Range | None:
    """Profit of all budgets together, net of fee and tax; `None` without a margin."""
    if costs.margin is None:
        return None
    spend = np.zeros(len(response.line_ids))
    for line, budget in budgets.items():
        spend[response.row(line)] = budget
    revenue = response.sample(spend, _MONEY)[_MONEY].sum(axis=1)
    return _range(revenue * costs.margin - float(spend.sum()) * costs.of_media)


def _range(drawn: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Range:
    span = range_of(drawn)
    return Range(low=_tidy(span.low), mid=_tidy(span.mid), high=_tidy(span.high))


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")
