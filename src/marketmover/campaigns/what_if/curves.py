"""Response curves of a plan's lines, with ranges, as a chart draws them."""

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.what_if.basis import Basis
from marketmover.errors import InputError
from marketmover.plans import CurvePoint, Form, Plan, PlanLine, Range

Floats = NDArray[np.float64]
_POINTS = 25


class LineCurve(Form):
    """What a line brings by its budget over the plan's dates, all other lines as they lately were.

    `budget` and `today` are where the plan and today's split stand on it.
    """

    id: str
    name: str
    platform: str
    metric: str
    budget: float
    today: float
    points: list[CurvePoint]


def curves_of(plan: Plan, metric: str, basis: Basis) -> list[LineCurve]:
    """The curves of all lines.

    Args:
        plan: Whose lines.
        metric: Of what.
        basis: What its forecast rests on.

    Raises:
        InputError: The plan says nothing of the metric.
    """
    today = {line.id: line.budget for line in plan.baseline.lines}
    if metric not in basis.response.metrics:
        raise InputError(f"This plan says nothing of {metric!r}.", f"It speaks of {', '.join(basis.response.metrics)}.")
    return [
        LineCurve(
            id=line.id,
            name=line.name or line.id,
            platform=line.platform,
            metric=metric,
            budget=line.budget,
            today=today.get(line.id, 0.0),
            points=_points(line, today.get(line.id, 0.0), metric, basis),
        )
        for line in plan.lines
    ]


def _points(line: PlanLine, today: float, metric: str, basis: Basis) -> list[CurvePoint]:
    """The line's curve, with the plan's budget and today's among its points."""
    budgets = np.array([point.budget for point in line.curve] or [0.0, max(line.budget, 1.0)])
    if len(budgets) < _POINTS:
        budgets = np.linspace(0.0, budgets.max(), _POINTS)
    budgets = np.unique([*budgets, line.budget, today])
    curve = np.array(basis.response.curve(line.id, metric, budgets))
    own = line.expected.get(metric)
    if own is not None:
        curve = _as_counted(curve, int(np.searchsorted(budgets, line.budget)), own)
    return [
        CurvePoint(budget=float(at), low=_tidy(a), mid=_tidy(b), high=_tidy(c))
        for at, (a, b, c) in zip(budgets, curve.T, strict=True)
    ]


def _as_counted(curve: Floats, at: int, own: Range) -> Floats:
    """The curve of what will be counted, chance included, from that of what is expected; both are (3, points).

    Chance adds a variance that grows as the count does. How much is read off the plan's own range at the plan's
    budget, the point `at`, where the curve then says what the plan says.
    """
    low, mid, high = curve
    if mid[at] <= 0 or own.mid <= 0:
        return curve
    scale = own.mid / mid[at]
    middle = mid * scale
    low = np.maximum(middle - _widened((mid - low) * scale, middle, at, own.mid - own.low), 0.0)
    high = middle + _widened((high - mid) * scale, middle, at, own.high - own.mid)
    found = np.array([low, middle, high])
    found[:, at] = own.low, own.mid, own.high
    return found


def _widened(gaps: Floats, middle: Floats, at: int, own: float) -> Floats:
    """Gaps between the middle and a bound, such that the one of the plan's point is the plan's own."""
    by_chance = (own**2 - gaps[at] ** 2) / middle[at]
    if by_chance < 0:
        return gaps * own / gaps[at]
    return np.sqrt(gaps**2 + by_chance * middle)


def _tidy(value: float) -> float:
    return float(f"{float(value):.6g}")
