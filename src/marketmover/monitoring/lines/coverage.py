"""What the live exports cover: platforms and days of which nothing was exported are no stopped delivery."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import InputError
from marketmover.history import Panel
from marketmover.kit import counted
from marketmover.monitoring.lines.days import spoken, spoken_with_year
from marketmover.plans import PLATFORM_NAMES, Plan

Bools = NDArray[np.bool_]

"""How people call the platforms."""

_JUST_BEFORE = 14  # days
_LEAST_GAP = 2  # days of a platform without a row that are worth a word


def covered_days(panel: Panel, first: int) -> Bools:
    """Days that the exports cover, shape (days,): not those without a row of any of two platforms that ran before.

    Two platforms hardly stop on one day and go on after it; an account that runs on one alone may have stopped.

    Args:
        panel: The history and the live days.
        first: Column of the first live day.
    """
    by_platform = _shown(panel)
    shown = np.asarray(by_platform.any(axis=0), dtype=np.bool_)
    covered = np.ones(panel.dates.size, dtype=np.bool_)
    for column in np.flatnonzero(~shown[first:]) + first:
        last = int(np.flatnonzero(shown[:column])[-1]) if shown[:column].any() else 0
        ran = by_platform[:, max(0, last - _JUST_BEFORE + 1) : last + 1].any(axis=1)
        covered[column] = int(ran.sum()) < len(PLATFORM_NAMES)
    return covered


def not_exported(panel: Panel, folders: Iterable[Path]) -> frozenset[str]:
    """Platforms of the history of which no live folder holds a file."""
    places = list(folders)
    platforms = {line.platform for line in panel.lines}
    return frozenset(
        name for name in platforms if not any(file.is_file() for place in places for file in (place / name).rglob("*"))
    )


def coverage_notes(panel: Panel, first: int, missing: frozenset[str]) -> list[str]:
    """In words what the live exports do not cover."""
    notes = [
        f"The live exports hold nothing of {PLATFORM_NAMES.get(name, name)}: its lines are not watched, nor goals."
        for name in sorted(missing)
    ]
    covered, shown = covered_days(panel, first), _shown(panel)
    names = sorted({line.platform for line in panel.lines})
    for span in _spans(~covered[first:]):
        days = _days(panel, first, span)
        notes.append(f"No export holds a row of {days}: taken as days that were not exported, and not judged.")
    for name, days in zip(names, shown, strict=True):
        silent = ~days[first:] & covered[first:] & bool(days[:first].any() and name not in missing)
        gaps = (span for span in _spans(silent) if len(span) >= _LEAST_GAP and days[first + span[-1] + 1 :].any())
        notes += [
            f"No export holds a row of {PLATFORM_NAMES.get(name, name)} of {_days(panel, first, span)}: taken as days "
            "on which it did not run. If they were not exported, export them as well."
            for span in gaps
        ]
    return notes


def spoken_days(panel: Panel, begin: int, end: int) -> str:
    """The days of columns, both included, in words."""
    words = [spoken(_day(panel, column)) for column in (begin, end)]
    return words[0] if begin == end else f"{words[0]} to {words[1]} ({counted(end - begin + 1, 'day')})"


def plan_notes(panel: Panel, first: int, plan: Plan, named: Iterable[str]) -> list[str]:
    """In words what of a plan is not in the exports, and whether its days are others.

    Args:
        panel: The history and the live days.
        first: Column of the first live day.
        plan: The plan.
        named: Ids of its new lines that were found.
    """
    known = {*panel.line_ids, *named}
    lost = [line.name or line.id for line in plan.lines if line.id not in known and line.budget > 0]
    notes = [f"Not in the exports, and not watched: {_some(lost)} of the plan."] if lost else []
    begin, end = _day(panel, first), _day(panel, panel.dates.size - 1)
    if plan.end_date < begin:
        notes.append(
            f"The plan ended on {spoken_with_year(plan.end_date)}, before the first live day: nothing of it is at risk."
        )
    if plan.start_date > end:
        notes.append(f"The plan begins on {spoken_with_year(plan.start_date)}, after the last live day.")
    return notes


def check_plan(panel: Panel, plan: Plan, named: Iterable[str]) -> None:
    """Whether a plan is of these lines.

    Raises:
        InputError: Lines are to go on, and none of them is in the exports.
    """
    known = {*panel.line_ids, *named}
    old = [line.id for line in plan.lines if not line.is_new]
    if old and not known.intersection(line.id for line in plan.lines):
        raise InputError(
            f"The plan is of another account: none of its {counted(len(plan.lines), 'line')} is in the exports"
            f" ({_some(old)}).",
            "Name the plan of these lines with --plan, or the exports of that account.",
        )


def _shown(panel: Panel) -> Bools:
    """Whether a platform has any row on a day, shape (platforms, days), platforms in the order of their names."""
    of = np.array([line.platform for line in panel.lines])
    return np.stack([panel.observed[of == name].any(axis=0) for name in sorted(set(of.tolist()))])


def _spans(days: Bools) -> list[list[int]]:
    places = [int(place) for place in np.flatnonzero(days)]
    spans: list[list[int]] = []
    for place in places:
        if spans and spans[-1][-1] == place - 1:
            spans[-1].append(place)
        else:
            spans.append([place])
    return spans


def _days(panel: Panel, first: int, span: Sequence[int]) -> str:
    return spoken_days(panel, first + span[0], first + span[-1])


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= len(names[:3]) else f"{shown} and {counted(len(names) - 3, 'more line')}"


def _day(panel: Panel, column: int) -> date:
    first: date = panel.dates[0].astype(object)
    return first + timedelta(int(column))
