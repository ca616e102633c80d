"""Which daily budget was in force on each day, and whether a line was to run at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.history import MoneyChange, Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


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
    for row, line in enumerate(panel.lines):
        own = [change for change in by_line[line.id] if change.after is not None]
        if line.id in planned:
            told[row, first:] = planned[line.id]
        elif line.daily_budget is not None and not own:
            told[row] = line.daily_budget
        for place, change in enumerate(own):
            column = _column(panel, change.date)
            if column >= first and place and own[place - 1].date < _day(panel, first) and line.id not in planned:
                told[row, first:column] = own[place - 1].after
            if place == 0 and change.before is not None and line.id not in planned:
                told[row, :column] = change.before
            elif place == 0 and change.before is not None:
                told[row, : min(column, first)] = change.before
            end = first if line.id in planned and column < first else None
            told[row, column:end] = change.after
    return told


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


def _day(panel: Panel, column: int) -> date:
    return panel.dates[min(column, panel.dates.size - 1)].astype(object)
