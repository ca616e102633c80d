"""Behind for good: lines behind their plan, and all lines together behind a goal."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import UsageError
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.plan_file import Goal
from marketmover.monitoring.lines.reaching import Course
from marketmover.plans import Plan, Range

Floats = NDArray[np.float64]

_HOPELESS = 0.1  # chance to make up for it below which a shortfall is for good
_SURE = 0.995  # that a line is behind and not just unlucky
_MADE_UP_FOR = 0.5  # chance from which on it is over
_FIRST_DAYS, _IN_A_ROW = 5, 3
_AGAIN = 7  # days within which a shortfall that comes back is the same one
_WITHOUT_PLAN = 28
_P10 = 1.2816
_COUNTS = ("leads", "conversions", "sales", "installs", "clicks", "impressions")
_LATE = ("leads", "conversions", "sales", "installs")
_PER = {"cost_per_lead": "leads", "cost_per_conversion": "conversions", "cost_per_acquisition": "sales",
        "cost_per_sale": "sales", "cost_per_install": "installs", "cost_per_click": "clicks"}  # fmt: skip


@dataclass(frozen=True)
class Shortfall:
    """Somebody behind for good.

    Attributes:
        metric: Of the goal or of the plan.
        rows: The line; for a goal of all lines, those that miss it most.
        opened, closed: Columns of the day that it was known and, where it was made up for since, of that day.
        observed: What it comes to as known on the last day that it was open.
        expected: What was asked for or expected.
        chance: That it is still reached.
        missing: Share of the goal that is missing.
        of_plan: Whether it is a line's own expectation.
    """

    metric: str
    rows: tuple[int, ...]
    opened: int
    closed: int | None
    observed: float
    expected: Range
    chance: float
    missing: float
    of_plan: bool


def behind_plan(figures: Figures, plan: Plan, told: Callable[[int, int], bool]) -> list[Shortfall]:
    """Lines that will not come up to the low end of what the plan expects, and are really worse than planned.

    Args:
        figures: What is watched.
        plan: The plan.
        told: Whether an alert tells of a line (row) on a day (column) already: its shortfall is no second trouble.
    """
    rows = {line.id: row for row, line in enumerate(figures.panel.lines)}
    found: list[Shortfall] = []
    for line in plan.lines:
        metric = next((name for name in ("leads", "conversions", "sales") if name in line.expected), None)
        row = rows.get(figures.named.get(line.id, line.id))
        if row is not None and metric is not None and line.daily_budget > 0:
            days = _line_behind(figures, plan, row, line.daily_budget, metric, line.expected[metric], told)
            found += _told(days)
    return found


def behind_goals(figures: Figures, plan: Plan | None, goals: Mapping[str, Goal]) -> list[Shortfall]:
    """Goals that all lines together will miss; they must have passed `check_goals`."""
    found: list[Shortfall] = []
    for metric, goal in goals.items():
        found += _told(_goal_behind(figures, plan, metric, _PER.get(metric, metric), goal))
    return found


def check_goals(goals: Mapping[str, Goal]) -> None:
    """Whether goals can be watched: costs have an `at_most`, counts an `at_least`, above 0, and no other bound.

    Raises:
        UsageError: One cannot.
    """
    for metric, goal in goals.items():
        bound, other = (goal.at_most, goal.at_least) if metric in _PER else (goal.at_least, goal.at_most)
        able = metric in {*_PER, *_COUNTS} and bound is not None and other is None
        if not able or not 0 < (bound or 0.0) < math.inf:
            raise UsageError(f"The goal for {metric} cannot be watched.", _what_can(metric))


def _what_can(metric: str) -> str:
    """The metric that was probably meant, or all that goals can be set for."""
    close = get_close_matches(metric, [*_PER, *_COUNTS], n=1, cutoff=0.8)
    if close:
        bound = "at_most" if close[0] in _PER else "at_least"
        meant = "" if close[0] == metric else f"Did you mean {close[0]}? "
        return f'{meant}Write it as {{"{close[0]}": {{"{bound}": 40}}}}, with a number above 0.'
    names = ", ".join([f"{name} (at_most)" for name in _PER] + [f"{name} (at_least)" for name in _COUNTS])
    return f"Goals can be set for {names}, each above 0."


def _line_behind(
    figures: Figures, plan: Plan, row: int, own: float, metric: str, expected: Range, told: Callable[[int, int], bool]
) -> Iterator[tuple[bool, Shortfall]]:
    """A line day by day: whether it is behind its plan and nothing else tells why, and by how much."""
    span = (plan.end_date - plan.start_date).days + 1
    doubt = float(np.log(max(expected.high, 1e-9) / max(expected.low, 1e-9)) / (2 * _P10)) if expected.low > 0 else 1.0
    doubt = float(np.sqrt(max(doubt**2 - 1.0 / max(expected.mid, 1.0), 0.01)))
    for column in range(figures.first, figures.days):
        course = _course(figures, [row], metric, column, plan, expected.mid / span, doubt)
        planned = _still_planned(figures, plan, row, own, column)
        chance = course.chance_of(expected.low * planned)
        behind = course.days >= _FIRST_DAYS and chance < _HOPELESS and course.really_behind() > _SURE and planned > 0.5
        mean, _ = course.forecast()
        missing = max(1.0 - mean / max(expected.mid, 1e-9), 0.0)
        yield (
            behind and not told(row, column),
            Shortfall(metric, (row,), column, None, round(mean, 2), expected, chance, missing, of_plan=True),
        )


def _still_planned(figures: Figures, plan: Plan, row: int, own: float, column: int) -> float:
    """Share of the plan's budget that is in force so far: who was given less is not behind for bringing less."""
    start = _column_of(figures, plan)
    set_ = np.where(figures.runs[row], figures.budgets[row], 0.0)[start : column + 1]
    return float(min(np.nanmean(set_) / own, 1.0)) if set_.size and np.isfinite(set_).any() else 1.0


def _goal_behind(
    figures: Figures, plan: Plan | None, metric: str, counted: str, goal: Goal
) -> Iterator[tuple[bool, Shortfall]]:
    """All lines together day by day: whether they are behind a goal, and by how much."""
    lines = list(range(len(figures.panel.lines)))
    rate, start = _rate_before(figures, counted), _column_of(figures, plan)
    bound = goal.at_least if goal.at_least is not None else goal.at_most or 0.0
    asked = Range(low=bound, mid=bound, high=bound)
    for column in range(figures.first, figures.days):
        course = _course(figures, lines, counted, column, plan, rate, 0.5)
        spent = float(figures.seen("cost", column)[:, start:].sum())
        cost = spent * (course.days + course.left) / max(course.days, 1)
        target = bound if goal.at_least is not None else cost / max(bound, 1e-9)
        chance, (mean, _) = course.chance_of(target), course.forecast()
        shown = cost / max(mean, 1e-9) if metric in _PER else mean
        missing, rows = max(1.0 - mean / max(target, 1e-9), 0.0), _worst(figures, counted, start, column)
        yield (
            course.days >= _FIRST_DAYS and chance < _HOPELESS,
            Shortfall(metric, rows, column, None, round(shown, 4), asked, chance, missing, of_plan=False),
        )


def _told(days: Iterable[tuple[bool, Shortfall]]) -> list[Shortfall]:
    """What is told of somebody: from the third day behind in a row until it is made up for.

    What comes back within a week is the same shortfall, opened again; later it is another one.

    Args:
        days: In turn, whether it is behind, and the shortfall as it would be told on that day.
    """
    found: list[Shortfall] = []
    run = 0
    for behind, today in days:
        run = run + 1 if behind else 0
        last = found[-1] if found else None
        if last is not None and last.closed is None:
            closed = today.opened if today.chance > _MADE_UP_FOR else None
            found[-1] = replace(today, opened=last.opened, closed=closed)
        elif run >= _IN_A_ROW and last is not None and today.opened - (last.closed or 0) <= _AGAIN:
            found[-1] = replace(today, opened=last.opened)
        elif run >= _IN_A_ROW:
            found.append(today)
    return found


def _course(
    figures: Figures, rows: Sequence[int], metric: str, column: int, plan: Plan | None, rate: float, doubt: float
) -> Course:
    start = _column_of(figures, plan)
    end = plan.end_date if plan else figures.day(figures.first) + timedelta(_WITHOUT_PLAN - 1)
    seen, known = _known(figures, metric, column)
    judged = np.array([figures.judged(at) for at in range(start, column + 1)], dtype=np.bool_)
    days = int(judged.sum())
    share = known[rows, start:].mean(axis=0)[judged]
    left = max((end - figures.day(column)).days, 0) + judged.size - days
    return Course(float(seen[rows, start:].sum()), float(share.sum()), days, left, rate, doubt)


def _known(figures: Figures, metric: str, column: int) -> tuple[Floats, Floats]:
    """A count as known on a day, and how complete each day's is, shape (lines, column + 1) each."""
    panel = figures.panel
    if metric not in _LATE:
        values = figures.seen(metric, column)
        return values, np.ones_like(values)
    part: Floats = getattr(panel, metric)[:, : figures.first].sum(axis=1)
    share = np.divide(part, np.maximum(panel.conversions[:, : figures.first].sum(axis=1), 1e-9))
    return figures.conversions(column) * share[:, None], figures.completeness(column)


def _rate_before(figures: Figures, metric: str) -> float:
    values: Floats = getattr(figures.panel, metric)[:, max(0, figures.first - 42) : max(figures.first - 14, 1)]
    return float(values.sum() / max(values.shape[1], 1))


def _column_of(figures: Figures, plan: Plan | None) -> int:
    """Column of the plan's first day, the first live one without a plan."""
    if plan is None:
        return figures.first
    at = int((np.datetime64(plan.start_date, "D") - figures.panel.dates[0]).astype(int))
    return int(np.clip(at, figures.first, figures.days - 1))


def _worst(figures: Figures, metric: str, start: int, column: int) -> tuple[int, ...]:
    """Lines that cost most beyond the mean of all for what they bring, at most five."""
    cost = figures.seen("cost", column)[:, start:].sum(axis=1)
    brought = _known(figures, metric, column)[0][:, start:].sum(axis=1)
    beyond = cost - brought * cost.sum() / max(float(brought.sum()), 1e-9)
    order = [int(row) for row in np.argsort(-beyond) if beyond[row] > 0]
    return tuple(order[:5]) or (int(np.argmax(cost)),)
