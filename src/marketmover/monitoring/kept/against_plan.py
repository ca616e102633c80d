"""A running plan against what came: spend against its pacing, results against what was expected, day by day."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from marketmover.history.overview import DayFigures, line_days, list_members
from marketmover.monitoring.lines.budgets import Asked
from marketmover.monitoring.lines.new_lines import named_lines
from marketmover.monitoring.lines.plan_file import load_plan
from marketmover.plans import Plan, Range

_COUNTED = ("leads", "qualified_leads", "conversions", "revenue", "sales", "installs", "clicks", "impressions")
_MOST_MEMBERS = 1_000_000


@dataclass(frozen=True)
class ActualDay:
    """A day of the plan: what was to be spent, what was, and what came; sums are from the plan's first day on.

    What was spent and came is `None` on days that the history does not hold yet.
    """

    date: date
    planned: float
    spent: float | None
    planned_so_far: float
    spent_so_far: float | None
    results: dict[str, float] | None
    results_so_far: dict[str, float] | None


@dataclass(frozen=True)
class ActualLine:
    """A line of the plan up to now; `seen_as` is its id in the exports, `None` where they do not have it yet."""

    id: str
    seen_as: str | None
    planned_so_far: float
    spent: float
    results: dict[str, float]
    expected_so_far: dict[str, Range]


@dataclass(frozen=True)
class PlanActual:
    """A plan against what came.

    Attributes:
        currency: Of all money.
        start_date, end_date: The plan's.
        as_of: The last of its days that the history holds; `None` before the first.
        planned_so_far, spent: Up to then.
        pace: Spent over planned; `None` before anything was to be spent.
        results: What came up to then, by metric.
        expected_so_far: What was to have come, by metric: the plan's range at the share of its money that was to be
            spent by then, its width by the share's square root, as that of counts is.
        days, lines: One by one.
    """

    currency: str
    start_date: date
    end_date: date
    as_of: date | None
    planned_so_far: float
    spent: float
    pace: float | None
    results: dict[str, float]
    expected_so_far: dict[str, Range]
    days: list[ActualDay]
    lines: list[ActualLine]


@dataclass(frozen=True)
class _Seen:
    """A line as it is kept."""

    id: str
    platform: str
    ad_type: str
    name: str


def actual(session: Session, workspace: str, folder: Path) -> PlanActual:
    """Hold a plan against what came.

    Args:
        session: Of records.
        workspace: Whose history.
        folder: The plan's, with `state.json` where something was changed.

    Raises:
        NotFoundError, InputError: The plan cannot be read.
    """
    plan, form = load_plan(folder)
    assert form is not None  # noqa: S101 - a folder was given
    named = _named(session, workspace, form)
    seen_as = {line.id: named.get(line.id, line.id) for line in form.lines}
    figures = line_days(session, workspace, set(seen_as.values()), form.start_date, form.end_date)
    last = _last_day(session, workspace, form)
    metrics = [name for name in _COUNTED if name in form.expected]
    dates = [form.start_date + timedelta(days=at) for at in range((form.end_date - form.start_date).days + 1)]
    planned = {day: _budgets_on(day, plan.asked) for day in dates}
    by_day: dict[date, list[DayFigures]] = defaultdict(list)
    for one in figures:
        by_day[one.date].append(one)
    days = _days(dates, planned, by_day, metrics, last)
    gone = [day for day in days if last is not None and day.date <= last]
    ahead = {line: sum(planned[day.date].get(line, 0.0) for day in gone) for line in seen_as}
    spent = sum(day.spent or 0.0 for day in gone)
    due = sum(day.planned for day in gone)
    return PlanActual(
        currency=form.currency,
        start_date=form.start_date,
        end_date=form.end_date,
        as_of=last,
        planned_so_far=round(due, 2),
        spent=round(spent, 2),
        pace=round(spent / due, 4) if due > 0 else None,
        results=_results([one for one in figures if last is not None and one.date <= last], metrics),
        expected_so_far=_part(form.expected, metrics, due / form.total_budget if form.total_budget > 0 else 0.0),
        days=days,
        lines=_lines(form, seen_as, figures, metrics, ahead),
    )


def _named(session: Session, workspace: str, form: Plan) -> dict[str, str]:
    """What the plan's new lines are called in the exports."""
    from marketmover.monitoring.lines.new_lines import new_lines_of

    new = new_lines_of(form)
    if not new:
        return {}
    rows = list_members(session, workspace, lines_only=True, limit=_MOST_MEMBERS)
    lines = [
        _Seen(row.line_id or "", row.platform, row.ad_type, str(row.content.get("line_name") or row.name))
        for row in rows
    ]
    before = {row.line_id or "" for row in rows if row.first_date < form.start_date}
    return named_lines(new, lines, before)


def _last_day(session: Session, workspace: str, form: Plan) -> date | None:
    """The last of the plan's days that the history holds of all accounts that the plan spends in."""
    platforms = {line.platform for line in form.lines}
    accounts = list_members(session, workspace, level="account", limit=_MOST_MEMBERS)
    lasts: dict[str, date] = {}
    for row in accounts:
        lasts[row.platform] = max(row.last_date, lasts.get(row.platform, row.last_date))
    if not platforms or not platforms <= lasts.keys():
        return None
    last = min(*(lasts[platform] for platform in platforms), form.end_date)
    return last if last >= form.start_date else None


def _budgets_on(day: date, asked: Sequence[Asked]) -> dict[str, float]:
    """The daily budgets of lines that were in force."""
    holding = [one for one in asked if one.after is None or one.after < day][-1]
    return {line: budget for line, budget in holding.budgets.items() if line not in holding.paused}


def _days(
    dates: Sequence[date],
    planned: Mapping[date, Mapping[str, float]],
    by_day: Mapping[date, Sequence[DayFigures]],
    metrics: Sequence[str],
    last: date | None,
) -> list[ActualDay]:
    days: list[ActualDay] = []
    due = spent = 0.0
    so_far = dict.fromkeys(metrics, 0.0)
    for day in dates:
        today = sum(planned[day].values())
        due += today
        if last is None or day > last:
            days.append(ActualDay(day, round(today, 2), None, round(due, 2), None, None, None))
            continue
        cost, came = sum(one.cost for one in by_day.get(day, ())), _results(by_day.get(day, ()), metrics)
        spent += cost
        so_far = {name: round(so_far[name] + came[name], 4) for name in metrics}
        days.append(ActualDay(day, round(today, 2), round(cost, 2), round(due, 2), round(spent, 2), came, dict(so_far)))
    return days


def _results(figures: Sequence[DayFigures], metrics: Sequence[str]) -> dict[str, float]:
    return {name: round(sum(float(getattr(one, name)) for one in figures), 4) for name in metrics}


def _part(expected: Mapping[str, Range], metrics: Sequence[str], share: float) -> dict[str, Range]:
    """Ranges at a share of what they are of."""
    part, width = min(max(share, 0.0), 1.0), math.sqrt(min(max(share, 0.0), 1.0))
    return {
        name: Range(
            low=round(max(0.0, expected[name].mid * part - (expected[name].mid - expected[name].low) * width), 4),
            mid=round(expected[name].mid * part, 4),
            high=round(expected[name].mid * part + (expected[name].high - expected[name].mid) * width, 4),
        )
        for name in metrics
        if name in expected
    }


def _lines(
    form: Plan,
    seen_as: Mapping[str, str],
    figures: Sequence[DayFigures],
    metrics: Sequence[str],
    ahead: Mapping[str, float],
) -> list[ActualLine]:
    by_line: dict[str, list[DayFigures]] = defaultdict(list)
    for one in figures:
        by_line[one.line_id or ""].append(one)
    return [
        ActualLine(
            id=line.id,
            seen_as=seen_as[line.id] if by_line[seen_as[line.id]] else None,
            planned_so_far=round(ahead[line.id], 2),
            spent=round(sum(one.cost for one in by_line[seen_as[line.id]]), 2),
            results=_results(by_line[seen_as[line.id]], metrics),
            expected_so_far=_part(line.expected, metrics, ahead[line.id] / line.budget if line.budget > 0 else 0.0),
        )
        for line in form.lines
    ]
