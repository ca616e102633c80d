"""What the manager changed and when: budgets, status, targeting, bidding."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.lines import Run, SimulatedLine
from marketmover.sandbox.market import Market

NO_RUN = Run(0, 0, 0, (), "")


class Change(NamedTuple):
    """A change of one line on a day (place on the time axis): `budget`, `status`, `targeting`, `bidding` or `target`.

    `before` and `after` are sums or states, `old` and `new` the spells that end and begin.
    """

    day: int
    place: int
    kind: str
    before: float
    after: float
    old: Run = NO_RUN
    new: Run = NO_RUN


def changes_of(market: Market, platform: str) -> list[Change]:
    """All changes of a platform's lines, oldest first. For `status` 1 is on and 0 off."""
    found: list[Change] = []
    for place, line in enumerate(market.lines):
        if line.platform == platform:
            found += _budget_changes(market, place)
            found += _status_changes(market, place)
            found += _other_changes(line, place)
    return sorted(found)


def _other_changes(line: SimulatedLine, place: int) -> Iterator[Change]:
    for old, new in pairwise(line.runs):
        if old.bidding != new.bidding:
            yield Change(new.first, place, "bidding", 0.0, 0.0, old, new)
        elif old.target != new.target:
            yield Change(new.first, place, "target", 0.0, 0.0, old, new)
        if old._replace(bidding=new.bidding, target=new.target, first=new.first) != new:
            yield Change(new.first, place, "targeting", 0.0, 0.0, old, new)


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
