"""Which daily budget was in force on each day, and whether a line was to run at all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marketmover.history import MoneyChange, Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_TRUSTED = 30  # days for which a setting without a log is taken to have stood


@dataclass(frozen=True)
class Asked:
    """What a plan, or a change of it, puts into force.

    Attributes:
        budgets: Daily budgets by line.
        paused: Lines that do not run.
        after: The day after which it is so; `None`: from the first live day on.
    """

    budgets: Mapping[str, float]
    paused: frozenset[str] = frozenset()
    after: date | None = None

    def under(self, named: Mapping[str, str]) -> "Asked":
        """The same with lines under other ids."""
        return replace(
            self,
            budgets={named.get(line, line): budget for line, budget in self.budgets.items()},
            paused=frozenset(named.get(line, line) for line in self.paused),
        )


def budgets_in_force(panel: Panel, changes: Sequence[MoneyChange], asked: Sequence[Asked], first: int) -> Floats:
    """Daily budgets, shape (lines, days); NaN where nobody says.

    The log of changes tells them back to its beginning. A line of which it is silent has what its plan and the
    changes of that asked for, from the plan's first day on, and the platform's own setting before.

    Args:
        panel: The lines and days.
        changes: Oldest first.
        asked: What was in force of the plan, oldest first.
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
        logged = (_column(panel, change.date) for change in log)
        end = min((column for column in logged if column > first), default=panel.dates.size)
        for one, days in _in_turn(panel, asked, first, end):
            if line.id in one.budgets:
                told[row, days] = one.budgets[line.id]
    return told


def _in_turn(panel: Panel, asked: Sequence[Asked], first: int, end: int) -> Iterator[tuple[Asked, slice]]:
    """What was in force on which columns from `first` to `end`: never before the day that it was asked for."""
    starts = [first if one.after is None else max(_column(panel, one.after) + 1, first) for one in asked]
    for one, (start, until) in zip(asked, pairwise([*starts, end]), strict=True):
        yield one, slice(min(start, end), min(until, end))


def _log_begins(panel: Panel, changes: Sequence[MoneyChange], first: int) -> dict[str, int]:
    """The first column of which a platform's log of changes tells, as platforms keep it for a while only."""
    platform = {line.id: line.platform for line in panel.lines}
    found: dict[str, int] = {}
    for change in changes:
        column = min(_column(panel, change.date), first)
        found[platform[change.line_id]] = min(found.get(platform[change.line_id], column), column)
    return found


def to_run(panel: Panel, changes: Sequence[MoneyChange], asked: Sequence[Asked], first: int) -> Bools:
    """Whether a line was meant to run, shape (lines, days): it was not where a log says that it was paused.

    Args:
        panel: The lines and days.
        changes: Oldest first.
        asked: What was in force of the plan, oldest first.
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
        for one, days in _in_turn(panel, asked, first, panel.dates.size):
            if line.id in one.paused:
                runs[row, days] = False
    return runs


def _by_line(changes: Sequence[MoneyChange], kind: str) -> dict[str, list[MoneyChange]]:
    found: dict[str, list[MoneyChange]] = defaultdict(list)
    for change in changes:
        if change.kind == kind:
            found[change.line_id].append(change)
    return found


def _column(panel: Panel, day: date) -> int:
    return int(np.clip((np.datetime64(day, "D") - panel.dates[0]).astype(int), 0, panel.dates.size))
