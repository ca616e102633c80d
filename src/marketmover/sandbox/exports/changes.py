"""What the manager changed and when: budgets, status, targeting."""

from typing import NamedTuple

import numpy as np

from marketmover.sandbox.market import Market


class Change(NamedTuple):
    """A change of one line on a day (place on the time axis): `budget`, `status` or `targeting`."""

    day: int
    place: int
    kind: str
    before: float
    after: float


def changes_of(market: Market, platform: str) -> list[Change]:
    """All changes of a platform's lines, oldest first. For `status` 1 is on and 0 off."""
    found: list[Change] = []
    for place, line in enumerate(market.lines):
        if line.platform == platform:
            found += _budget_changes(market, place)
            found += _status_changes(market, place)
            days = np.flatnonzero(market.truth.retargeted[place, : market.setting.days])
            found += [
                Change(int(day), place, "targeting", 0.0, 0.0) for day in days if line.first_day < day <= line.last_day
            ]
    return sorted(found)


def _budget_changes(market: Market, place: int) -> list[Change]:
    budgets = market.daily_budgets[place]
    live = np.flatnonzero(budgets > 0.0)
    steps = np.flatnonzero(np.diff(budgets[live]) != 0.0)
    return [
        Change(int(live[at + 1]), place, "budget", float(budgets[live[at]]), float(budgets[live[at + 1]]))
        for at in steps
    ]


def _status_changes(market: Market, place: int) -> list[Change]:
    line, last = market.lines[place], market.setting.days - 1
    found = [Change(start, place, "status", 1.0, 0.0) for start, _ in line.pauses]
    found += [Change(end + 1, place, "status", 0.0, 1.0) for _, end in line.pauses]
    return found + ([Change(line.last_day + 1, place, "status", 1.0, 0.0)] if line.last_day < last else [])
