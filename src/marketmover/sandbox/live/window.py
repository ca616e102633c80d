"""A live window as the exports' writers want it: a market whose history is the window, as known at the end of a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np

from marketmover.kit import coin_of
from marketmover.sandbox.arrays import Bools, Floats
from marketmover.sandbox.exports.account import budget_at
from marketmover.sandbox.exports.changes import Change, changes_of
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.settings import OPEN_END
from marketmover.sandbox.market import Market
from marketmover.sandbox.truth import Truth

_PATHS = ("demand", "price", "shock", "refresh", "retargeted", "appeal", "room", "merit")


def window_as_of(live: Live, day: int, *, late: int = 0) -> Market:
    """The window up to a day that was lived, as a market; its first day is the day before the window.

    The first day that was not lived yet may be asked for as well: what is set on it is known, and nothing happened.
    All arrays are as long as the whole window, so that what is drawn for a day never depends on the day of the pull.

    Args:
        live: The window.
        day: The day, from 0 on.
        late: By how many days conversions come in later than usual.
    """
    world, market = live.world, live.market
    begin, lived = world.at - 1, min(day + 1, live.lived)
    budgets, spendable = (np.zeros((len(market.lines), world.days + 1)) for _ in range(2))
    budgets[:, 0] = [budget_at(market, place, market.setting.days - 1) for place in range(len(market.lines))]
    budgets[:, 1 : day + 2] = live.set_until(day)[0]
    paced = world.effects(live.troubles).paced
    spendable[:, 1 : lived + 1] = np.where(live.paused, 0.0, live.budgets * paced[:, : live.lived])[:, :lived]
    setting = replace(market.setting, first_date=world.first - timedelta(1), days=world.days + 1)
    return replace(
        market,
        setting=setting,
        lines=tuple(_moved(one, begin) for one in _lines_as_of(live, day)),
        truth=_cut(world.truth, slice(begin, begin + world.days + 1)),
        daily_budgets=budgets,
        spendable=spendable,
        ledger=live.books.as_of(lived - 1, late=late),
    )


def history_as_of(live: Live, day: int, *, late: int = 0) -> Market:
    """The history as platforms showed it at the end of a day of the window: late conversions, and today's settings.

    Arguments are those of `window_as_of`.
    """
    market, last = live.market, live.market.setting.days - 1
    budgets = market.daily_budgets.copy()
    set_then, paused = live.set_until(day)
    budgets[:, last] = set_then[:, day]
    lines = tuple(_as_if_on(one, last, on=on) for one, on in zip(_lines_as_of(live, day), ~paused[:, day], strict=True))
    known = max(min(day, live.lived - 1) - late, -1)
    ledger = live.late.as_of(known, market.truth.order_value, coin_of(market.setting.currency))
    return replace(market, lines=lines, daily_budgets=budgets, ledger=ledger)


def changes_as_of(window: Market, platform: str, day: int) -> list[Change]:
    """What was changed in a window up to a day that was lived (from 0 on), oldest first."""
    return [change for change in changes_of(window, platform) if 1 <= change.day <= day + 1]


def _lines_as_of(live: Live, day: int) -> Iterator[SimulatedLine]:
    """Lines with the ads, spells and pauses that had begun by a day; days on the time axis of the history."""
    at, (_, paused) = live.world.at, live.set_until(day)
    for place, line in enumerate(live.settings.lines):
        runs = tuple(run for run in line.runs if run.first <= at + day) or line.runs[:1]
        ads = tuple(ad for ad in line.ads if ad.first <= at + day)
        off = paused[place]
        ended = line.last_day < OPEN_END
        pauses = line.pauses if ended else (*line.pauses, *_spells(off, at))
        yield replace(
            line, runs=runs, ads=ads, pauses=pauses, bidding=runs[-1].bidding, age_min=runs[-1].age_min,
            age_max=runs[-1].age_max, genders=runs[-1].genders,
        )  # fmt: skip


def _spells(off: Bools, at: int) -> list[tuple[int, int]]:
    """Spells of pauses; one that goes on has no end yet."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], off, [False]]).astype(np.int8)))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(at + int(start), at + int(end) - 1 if end < len(off) else OPEN_END) for start, end in pairs]


def _moved(line: SimulatedLine, begin: int) -> SimulatedLine:
    """A line on a time axis that begins at `begin`."""
    return replace(
        line,
        first_day=line.first_day - begin,
        last_day=line.last_day - begin,
        pauses=tuple((start - begin, end - begin) for start, end in line.pauses),
        ads=tuple(ad._replace(first=ad.first - begin, last=ad.last - begin) for ad in line.ads),
        runs=tuple(run._replace(first=run.first - begin) for run in line.runs),
    )


def _as_if_on(line: SimulatedLine, last: int, *, on: bool) -> SimulatedLine:
    """A line whose state on the history's last day is that of now."""
    runs = (*(run for run in line.runs if run.first < last), line.runs[-1]._replace(first=last))
    past = tuple((start, min(end, last - 1)) for start, end in line.pauses if start < last)
    return replace(line, runs=runs, pauses=past if on or line.last_day < last else (*past, (last, last)))


def _cut(truth: Truth, days: slice) -> Truth:
    """A truth whose time axis is `days` of another's."""
    paths: dict[str, Floats] = {name: getattr(truth, name)[:, days] for name in _PATHS}
    return replace(truth, **paths)
