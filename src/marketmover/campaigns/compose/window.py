"""The plan's dates: what the brief fixes, and what is assumed where it is silent."""

from dataclasses import dataclass
from datetime import date, timedelta

from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.words import day
from marketmover.errors import InputError
from marketmover.kit import counted, days_between
from marketmover.plans import Brief

USUAL_DAYS = 28
_LONGEST_DAYS = 731
_FAR_AHEAD_DAYS = 120
_OLD_DAYS = 14


@dataclass(frozen=True)
class Window:
    """The plan's dates; both days count."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days the plan runs."""
        return days_between(self.start, self.end)


def resolve_window(
    brief: Brief, asked_start: date | None, today: date, notes: Notes, *, calendar_day: date | None = None
) -> Window:
    """Fix the plan's dates.

    Args:
        brief: Dates that the text fixes are kept.
        asked_start: A start that the user gave, which wins over the brief's.
        today: The last day known (the history's last day, or the calendar's where there is no history).
        notes: Takes what had to be assumed.
        calendar_day: The day on which somebody plans; without one, nobody is told what lies in the past by then.

    Raises:
        InputError: The dates contradict each other, or the plan would run over two years.
    """
    start = _start(brief, asked_start, today, notes)
    window = Window(start, _end(brief, start, notes))
    if window.days > _LONGEST_DAYS:
        raise InputError(
            f"The plan would run {window.days} days, from {window.start} to {window.end}.",
            "Two years is the most that a history can speak for: shorten the dates in the brief, or plan in parts.",
        )
    _remark(window, today, notes)
    if calendar_day is not None:
        _remark_on_the_calendar(window, today, calendar_day, notes)
    return window


def _start(brief: Brief, asked_start: date | None, today: date, notes: Notes) -> date:
    if asked_start is not None:
        if brief.start_date is not None and brief.start_date != asked_start:
            notes.warn(
                f"The plan starts on {day(asked_start)}, as asked for, not on {day(brief.start_date)} as briefed."
            )
        return asked_start
    if brief.start_date is not None:
        return brief.start_date
    if brief.end_date is not None:
        days = brief.duration_days or USUAL_DAYS
        start = max(brief.end_date - timedelta(days=days - 1), min(today + timedelta(days=1), brief.end_date))
        notes.assume(f"The brief fixes only the end ({day(brief.end_date)}); the plan starts on {day(start)}.")
        return start
    start = today + timedelta(days=7 - today.weekday())
    notes.assume(f"The brief fixes no start; the plan starts on {day(start)}, the first Monday after {day(today)}.")
    return start


def _end(brief: Brief, start: date, notes: Notes) -> date:
    if brief.duration_days is not None and (brief.end_date is None or start != brief.start_date):
        return start + timedelta(days=brief.duration_days - 1)
    if brief.end_date is None:
        notes.assume(f"The brief fixes no length; the plan runs {USUAL_DAYS} days.")
        return start + timedelta(days=USUAL_DAYS - 1)
    if brief.end_date < start:
        raise InputError(
            f"The plan would start on {start}, after the end that the brief gives ({brief.end_date}).",
            "Give an earlier --start, or correct the dates in the brief.",
        )
    return brief.end_date


def _remark(window: Window, today: date, notes: Notes) -> None:
    if window.start <= today:
        notes.warn(
            f"The plan starts on {day(window.start)}, but the history already runs to {day(today)}: the days between "
            "are planned as if they were still to come."
        )
    ahead = (window.start - today).days
    if ahead > _FAR_AHEAD_DAYS:
        notes.warn(
            f"The plan starts {ahead} days after the last day of the history ({day(today)}); its ranges are wider for "
            "it. Import newer exports before signing."
        )


def _remark_on_the_calendar(window: Window, today: date, calendar_day: date, notes: Notes) -> None:
    if window.end < calendar_day:
        notes.warn(
            f"The plan's dates have passed: it would have run from {day(window.start)} to {day(window.end)}, and today "
            f"is {day(calendar_day)}. Name a start that is still to come before signing."
        )
    elif window.start < calendar_day:
        late = days_between(window.start, calendar_day) - 1
        notes.warn(
            f"The plan starts on {day(window.start)}, {counted(late, 'day')} before today: money for days that are "
            "over would be spent on those that are left. Name a start that is still to come before signing."
        )
    old = (calendar_day - today).days
    if old > _OLD_DAYS:
        notes.warn(
            f"The history ends on {day(today)}, {counted(old, 'day')} before today: what has changed since then is not "
            "in this plan. Import newer exports before signing."
        )
