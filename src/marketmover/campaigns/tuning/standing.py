"""Where a running plan stands: money spent and left, what is in force on each line, and which lines are learning."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

import numpy as np

from marketmover.campaigns.tuning.in_force import InForce
from marketmover.history import Line, Panel
from marketmover.kit import days_between, round_to_cent
from marketmover.monitoring import named_lines, new_lines_of
from marketmover.plans import Change, LogEntry, Plan, PlanLine, State

LEARNING_DAYS = 7
"""What the platforms say of their learning phases."""

QUIET = 0.2
"""Changes of a budget up to this share start no learning phase."""

TARGET_STEP = 0.15
"""Changes of a bidding target up to this share start none either (practice; the platforms name no figure)."""

SHORT = 0.85
"""A line that spends less of its budget than this cannot use more."""

_PACE_DAYS = 7
_LEAST_PACE_DAYS = 3
_LATELY_DAYS = 2
_STALLED = 0.2


@dataclass(frozen=True)
class Running:
    """One line of a plan as it runs.

    Attributes:
        id: As the platform names it today; `plan_line.id` is the plan's own name, which differs for new lines.
        plan_line: What was planned.
        source: What the exports say of it; `None` where they do not know it yet.
        daily: Daily budget in force, in major units; a paused line keeps its own.
        paused: Whether it is paused.
        a_week_ago: Daily budget that was in force a week ago: what the largest step counts from.
        spent: Money spent on the plan's days so far.
        pace: What it spends over its budget on the last days; `None` where too few days are known.
        lately: The same on the last two days.
        stalled: Days up to now on which it spent next to nothing.
        learning_until: Last day of its learning phase, `None` where it is in none.
    """

    id: str
    plan_line: PlanLine
    source: Line | None
    daily: float
    paused: bool
    a_week_ago: float
    spent: float
    pace: float | None
    learning_until: date | None
    lately: float | None = None
    stalled: int = 0

    @property
    def now(self) -> float:
        """What it may spend a day: nothing while it is paused."""
        return 0.0 if self.paused else self.daily

    @property
    def unseen(self) -> bool:
        """Whether nothing shows yet that it runs: the exports do not know it, or it is new and has spent nothing."""
        return self.spent <= 0 and (self.source is None or self.plan_line.is_new)

    def step(self, share: float) -> tuple[float, float]:
        """Bounds of the largest step: by a share of what is in force, and of what was in force a week ago."""
        base = self.a_week_ago or self.now
        return min(self.now, max(base, self.now) * (1.0 - share)), max(self.now, min(base, self.now) * (1.0 + share))

    def spends(self, daily: float) -> float:
        """What it really spends of a daily budget: no more than now where it leaves money lying."""
        return daily if self.short is None else min(daily, self.short * self.now)

    @property
    def short(self) -> float | None:
        """What it spends over its budget where that is less than it could; `None` where it spends it, or does again."""
        if self.now <= 0 or self.pace is None:
            return None
        best = max(self.pace, self.lately or 0.0)
        return best if best < SHORT else None


@dataclass(frozen=True)
class Standing:
    """A running plan at the end of a day.

    Attributes:
        plan: As it was approved.
        as_of: The last day that is known.
        lines: Its lines.
        new_lines: Ids that the platforms gave to the plan's new lines, by the plan's ids.
    """

    plan: Plan
    as_of: date
    lines: Sequence[Running]
    new_lines: Mapping[str, str]

    @property
    def spent(self) -> float:
        """Money spent on the plan's lines and days so far."""
        return round_to_cent(sum(line.spent for line in self.lines), self.plan.currency)

    @property
    def left(self) -> float:
        """Money that is left; nothing where more was spent than planned."""
        return max(round_to_cent(self.plan.total_budget - self.spent, self.plan.currency), 0.0)

    @property
    def first_day_left(self) -> date:
        """The first of the days that are left."""
        return max(self.as_of + timedelta(1), self.plan.start_date)

    @property
    def days_left(self) -> int:
        """Days that are left; 0 where the plan is over."""
        return max(days_between(self.first_day_left, self.plan.end_date), 0)


def standing_of(now: InForce, panel: Panel, then: Panel, as_of: date) -> Standing:
    """Where a plan stands at the end of `as_of`."""
    plan = now.plan
    named = named_lines(new_lines_of(plan), panel.lines, {*then.line_ids, *(line.id for line in plan.lines)})
    rows = {line: row for row, line in enumerate(panel.line_ids)}
    days = (panel.dates >= np.datetime64(plan.start_date)) & (panel.dates <= np.datetime64(as_of))
    lines: list[Running] = []
    for line in plan.lines:
        name = named.get(line.id, line.id)
        row = rows.get(name)
        cost = np.zeros(int(days.sum())) if row is None else panel.cost[row, days]
        budgets = now.state.daily_budgets
        running = Running(
            id=name,
            plan_line=line,
            source=None if row is None else panel.lines[row],
            daily=budgets.get(name, budgets.get(line.id, line.daily_budget)),
            paused=name in now.state.paused or line.id in now.state.paused,
            a_week_ago=0.0,
            spent=float(cost.sum()),
            pace=None,
            learning_until=None,
        )
        past = _budgets_by_day(running, now, as_of, cost)
        lines.append(
            replace(
                running,
                a_week_ago=past[-_PACE_DAYS:][0] if past else running.daily,
                pace=_pace(cost[-_PACE_DAYS:], past[-_PACE_DAYS:]),
                lately=_pace(cost[-_LATELY_DAYS:], past[-_LATELY_DAYS:], _LATELY_DAYS),
                stalled=_stalled(cost, past),
                learning_until=_learning_until(running, now, _eve(then, name), as_of),
            )
        )
    return Standing(plan, as_of, lines, named)


def _eve(then: Panel, line: str) -> float:
    """What a line spent a day in the last week before the plan."""
    if line not in then.line_ids:
        return 0.0
    return float(then.cost[then.line_ids.index(line), -_PACE_DAYS:].mean())


def _budgets_by_day(line: Running, now: InForce, as_of: date, cost: np.ndarray) -> list[float]:
    """What could be spent on each lived day, by the log of changes; 0 while the line was paused."""
    budgets: list[float] = []
    by_hand = not line.paused and bool(now.log) and _is_off(line, now.log[-1].after)  # since when, nobody wrote down
    for place in range(len(cost)):
        day = as_of - timedelta(len(cost) - 1 - place)
        later = next((entry for entry in now.log if entry.as_of >= day), None)
        state = now.state if later is None else later.before
        off = _is_off(line, state) or (by_hand and later is None and not cost[: place + 1][_since(now, day) :].any())
        own = state.daily_budgets
        budgets.append(0.0 if off else own.get(line.id, own.get(line.plan_line.id, line.plan_line.daily_budget)))
    return budgets


def _is_off(line: Running, state: State) -> bool:
    return line.id in state.paused or line.plan_line.id in state.paused


def _since(now: InForce, day: date) -> int:
    """Minus the days from the last entry of the log up to a day."""
    return -(day - now.log[-1].as_of).days


def _pace(cost: np.ndarray, budgets: Sequence[float], least: int = _LEAST_PACE_DAYS) -> float | None:
    """Spend over budget on the days on which the line ran; `None` with too few."""
    pairs = [pair for pair in zip(cost, budgets, strict=True) if pair[1] > 0]
    if len(pairs) < least:
        return None
    return float(sum(pair[0] for pair in pairs) / sum(pair[1] for pair in pairs))


def _stalled(cost: np.ndarray, budgets: Sequence[float]) -> int:
    """How many days up to the last one the line ran and spent next to nothing."""
    days = 0
    for spent, budget in zip(cost[::-1], budgets[::-1], strict=True):
        if budget <= 0 or spent >= _STALLED * budget:
            break
        days += 1
    return days


def _learning_until(line: Running, now: InForce, eve: float, as_of: date) -> date | None:
    """The last day of the learning phase that the line's latest telling change started, if it is still to come."""
    started = [day for day in (_started(line, entry) for entry in now.log) if day]
    plan = now.plan
    first = line.plan_line.daily_budget
    if line.plan_line.is_new or line.plan_line.changes or abs(first - eve) > QUIET * max(eve, 1e-9):
        started.append(plan.start_date)
    if line.source is not None and line.source.learning_since is not None:
        started.append(line.source.learning_since)
    if line.paused or not started:
        return None
    until = max(started) + timedelta(LEARNING_DAYS - 1)
    return until if until > as_of else None


def _started(line: Running, entry: LogEntry) -> date | None:
    """The first day of the learning phase that an entry of the log started on a line."""
    before, after = (
        one.daily_budgets.get(line.id, one.daily_budgets.get(line.plan_line.id, line.plan_line.daily_budget))
        for one in (entry.before, entry.after)
    )
    mine = [one for one in entry.changes if one.line_id in {line.id, line.plan_line.id}]
    far = abs(after - before) > QUIET * max(before, 1e-9)
    return entry.as_of + timedelta(1) if far or any(starts_learning(one) for one in mine) else None


def starts_learning(change: Change) -> bool:
    """Whether a change of settings makes a platform learn anew; a budget's does beyond a fifth."""
    if change.action == "set_daily_budget" and isinstance(change.before, int | float):
        return abs(float(change.to) - change.before) > QUIET * change.before
    if change.action == "set_bidding" and _is_small_step(change.before, change.to):
        return False
    return change.action in {"resume", "set_bidding", "set_audience"}


def _is_small_step(before: Any, to: Any) -> bool:
    """Whether bidding stays as it is but for a small step of its target."""
    if not isinstance(before, Mapping) or not isinstance(to, Mapping):
        return False
    one, other = (cast("Mapping[str, Any]", bidding) for bidding in (before, to))
    targets = [bidding.get("target") for bidding in (one, other)]
    known = [float(own) for own in targets if isinstance(own, int | float) and own > 0]
    if one.get("strategy") != other.get("strategy") or len(known) < len(targets):
        return False
    return abs(math.log(known[1] / known[0])) <= -math.log(1.0 - TARGET_STEP) + 1e-3
