"""A response curve: what a line is expected to bring at each budget, with its range and marked budgets."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from marketmover.charts.axes import level_values, value_lines, values_below
from marketmover.charts.figure import area_path, dot, drawing, figure, line_path, rule, stretched
from marketmover.charts.formats import Measure
from marketmover.charts.scale import Scale, upper_end
from marketmover.charts.table import Column, table

_TOP, _FLOOR, _HEIGHT = 16.0, 132.0, 152.0


class BandPoint(NamedTuple):
    """A point of a curve with its range: `x` and, at it, low, middle and high."""

    x: float
    low: float
    mid: float
    high: float


def response_curve(
    title: str,
    points: Sequence[BandPoint],
    *,
    spend: Measure,
    outcome: Measure,
    today: float | None = None,
    advised: float | None = None,
    note: str = "",
) -> Markup:
    """A response curve with band and markers: a hollow mark at today's budget, a full one at the advised budget.

    Args:
        title: Whose curve it is.
        points: The curve, `x` ascending; at least one point.
        spend: How budgets are written.
        outcome: How outcomes are written.
        today: Today's budget, `None` where there is none (a new line).
        advised: The advised budget, `None` where none is advised.
        note: One sentence below the title.

    Raises:
        ValueError: There is no point.
    """
    if not points:
        raise ValueError(f"the curve '{title}' has no points")
    marks = [value for value in (today, advised) if value is not None]
    across = Scale(0, max(*(point.x for point in points), *marks, 1e-9))
    upright = Scale(0, upper_end([point.high for point in points], 3), _FLOOR, _TOP)
    parts = [*value_lines(upright), stretched(_FLOOR, *_paths(points, across, upright))]
    if today is not None:
        parts += _mark(today, points, across, upright, "today")
    if advised is not None:
        parts += _mark(advised, points, across, upright, "advised")
    parts += [*level_values(upright, outcome), *values_below(across, spend, _HEIGHT - 3, 3)]
    plot = drawing(title, _in_words(points, spend, outcome, today, advised), _HEIGHT, *parts)
    return figure(title, plot, _figures(points, spend, outcome), note=note, kind="curve")


def value_at(points: Sequence[BandPoint], x: float) -> float:
    """The middle of the curve at `x`, on straight lines between points; the end values outside them."""
    if x <= points[0].x:
        return points[0].mid
    for left, right in pairwise(points):
        if x <= right.x:
            share = (x - left.x) / (right.x - left.x) if right.x > left.x else 1.0
            return left.mid + share * (right.mid - left.mid)
    return points[-1].mid


def _paths(points: Sequence[BandPoint], across: Scale, upright: Scale) -> list[Markup]:
    upper = [(across(point.x), upright(point.high)) for point in points]
    lower = [(across(point.x), upright(point.low)) for point in points]
    middle = [(across(point.x), upright(point.mid)) for point in points]
    return [area_path(upper, lower, "band"), line_path(middle, "line")]


def _mark(x: float, points: Sequence[BandPoint], across: Scale, upright: Scale, kind: str) -> list[Markup]:
    if x > points[-1].x:
        # Beyond the curve nothing is claimed: the budget is shown, an outcome is not.
        return [rule(across(x), _TOP, _FLOOR, f"drop {kind}")]
    y = upright(value_at(points, x))
    return [rule(across(x), y, _FLOOR, f"drop {kind}"), dot(across(x), y, kind)]


def _in_words(
    points: Sequence[BandPoint], spend: Measure, outcome: Measure, today: float | None, advised: float | None
) -> str:
    parts = [f"{outcome.name} by {spend.name.lower()}, up to {spend.full(points[-1].x)}."]
    for name, value in (("Today", today), ("Advised", advised)):
        if value is not None:
            known = f", about {outcome.full(value_at(points, value))}" if value <= points[-1].x else ""
            parts.append(f"{name}: {spend.full(value)}{known}.")
    return " ".join(parts)


def _figures(points: Sequence[BandPoint], spend: Measure, outcome: Measure) -> Markup:
    heads = [Column(head, figures=True) for head in (spend.name, "Low", outcome.name, "High")]
    rows = [
        [spend.full(point.x), outcome.full(point.low), outcome.full(point.mid), outcome.full(point.high)]
        for point in points
    ]
    return table(heads, rows)
