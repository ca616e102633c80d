"""Which daily budget was in force on each day, and whether a line was to run at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.history import MoneyChange, Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_TRUSTED = 30  # days for which a setting without a log is taken to have stood


def budgets_in_force(panel: Panel, changes: Sequence[MoneyChange], planned: Mapping[str, float], first: int) -> Floats:
    """Daily budgets, shape (lines, days); NaN where nobody says.

    The log of changes tells them back to its beginning. A line of which it is silent has its plan's budget from the
    first live day on, and the platform's own setting before.

    Args:
        panel: The lines and days.
        changes: Oldest first.
        planned: The plan's daily budgets by line.
        first: Column of the first live day.
    """
    told = np.full(panel.cost.shape, np.nan)
    by_line = _by_line(changes, "budget")
    since = _log_begins(panel, changes, first)
    for row, line in enumerate(panel.lines):
        log = [change for change in by_line[line.id] if change.after is not None]
        start = since.get(line.platform, max(0, first - _TRUSTED))
        usual = log[0].before if log else line.daily_budget
        if usual is not None:
            told[row, start:] = usual
        for change in log:
            told[row, _column(panel, change.date) :] = change.after
        if line.id in planned:
            _lay_plan(told[row], planned[line.id], [_column(panel, change.date) for change in log], first)
    return told


def _lay_plan(told: Floats, planned: float, changed: Sequence[int], first: int) -> None:
    """The plan's budget from the first live day until the log tells of a later change."""
    end = min((column for column in changed if column > first), default=told.size)
    told[first:end] = planned


def _log_begins(panel: Panel, changes: Sequence[MoneyChange], first: int) -> dict[str, int]:
    """The first column of which a platform's log of changes tells, as platforms keep it for a while only."""
    platform = {line.id: line.platform for line in panel.lines}
    found: dict[str, int] = {}
    for change in changes:
        column = min(_column(panel, change.date), first)
        found[platform[change.line_id]] = min(found.get(platform[change.line_id], column), column)
    return found


def to_run(panel: Panel, changes: Sequence[MoneyChange], paused: frozenset[str], first: int) -> Bools:
    """Whether a line was meant to run, shape (lines, days): it was not where the log says that it was paused.

    Args:
        panel: The lines and days.
        changes: Oldest first.
        paused: Lines that the plan's state says are paused.
        first: Column of the first live day.
    """
    runs = np.ones(panel.cost.shape, dtype=np.bool_)
    by_line = _by_line(changes, "status")
    for row, line in enumerate(panel.lines):
        for place, change in enumerate(by_line[line.id]):
            column = _column(panel, change.date)
            if place == 0 and change.before is not None:
                runs[row, :column] = change.before > 0
            if change.after is not None:
                runs[row, column:] = change.after > 0
        if line.id in paused:
            runs[row, first:] = False
    return runs


def _by_line(changes: Sequence[MoneyChange], kind: str) -> dict[str, list[MoneyChange]]:
    found: dict[str, list[MoneyChange]] = defaultdict(list)
    for change in changes:
        if change.kind == kind:
            found[change.line_id].append(change)
    return found


def _column(panel: Panel, day: date) -> int:
    return int(np.clip((np.datetime64(day, "D") - panel.dates[0]).astype(int), 0, panel.dates.size))
