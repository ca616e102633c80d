"""What happens in a window and is no trouble: planned shifts of money, and what the calendar brings."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.live.troubles import Benign, Trouble

_SHIFTS, _LINES, _DAYS = 2.0, 14, 28
_SHARE = (0.25, 0.5)
_APART = 4  # days between a planned shift and a trouble of one of its lines


class Shift(NamedTuple):
    """Money that a client moves: the day of the window, from whom, to whom, what share of the giver's budget."""

    day: int
    giver: str
    taker: str
    share: float


def draw_shifts(
    line_ids: Sequence[str], budgets: Floats, days: int, troubles: Sequence[Trouble], first: date,
    rng: np.random.Generator,
) -> list[Shift]:  # fmt: skip
    """About two shifts for 14 lines over 28 days, between lines that have no trouble around that day.

    Args:
        line_ids: All lines.
        budgets: Their daily budgets, shape (lines,); lines without one take no part.
        days: How long the window is.
        troubles: What goes wrong.
        first: The window's first day.
        rng: Draws.
    """
    running = [at for at in range(len(line_ids)) if budgets[at] > 0.0]
    shifts: list[Shift] = []
    for _ in range(int(rng.poisson(_SHIFTS * len(running) / _LINES * days / _DAYS))):
        day, share = int(rng.integers(1, max(days, 2))), float(rng.uniform(*_SHARE))
        when = first + timedelta(day)
        used = {line for one in shifts for line in (one.giver, one.taker)}
        busy = {line for one in troubles if _near(one, when) for line in one.lines} | used
        free = [line_ids[at] for at in running if line_ids[at] not in busy]
        if len(free) >= 2 and day < days:
            giver, taker = (str(one) for one in rng.permutation(free)[:2])
            shifts.append(Shift(day, giver, taker, share))
    return shifts


def _near(trouble: Trouble, day: date) -> bool:
    return trouble.first - timedelta(_APART) <= day <= trouble.last + timedelta(_APART)


def calendar(demand: Floats, line_ids: Sequence[str], first: date, country: str) -> list[Benign]:
    """Weekends, public holidays, and the season's change over the window.

    Args:
        demand: Of the lines that run, shape (lines, days).
        line_ids: Their ids.
        first: The window's first day.
        country: ISO 3166-1 alpha-2.
    """
    import holidays

    days, lines = demand.shape[1], tuple(line_ids)
    dates = [first + timedelta(day) for day in range(days)]
    found = [
        Benign("weekend", lines, day, min(day + timedelta(1), dates[-1]), "Saturday and Sunday")
        for day in dates
        if day.weekday() == 5
    ]
    if country in holidays.list_supported_countries(include_aliases=False):
        public = holidays.country_holidays(country, years=range(dates[0].year, dates[-1].year + 1))
        found += [Benign("holiday", lines, day, day, str(public[day])) for day in dates if day in public]
    week = min(7, days)
    change = float(demand[:, -week:].mean() / demand[:, :week].mean()) - 1.0
    words = f"demand of the last {week} days beside the first {week}: {change:+.0%}"
    return [*found, Benign("season", lines, dates[0], dates[-1], words)]
