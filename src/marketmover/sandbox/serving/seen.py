"""A served account as its platforms show it today: history and window, each as a market that exporters read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from marketmover.sandbox.exports.account import Account, Pull, account_of
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.window import history_as_of, window_as_of
from marketmover.sandbox.market import Market


class Part(NamedTuple):
    """Days in one piece: the market whose history they are, its accounts, and the pull that covers them."""

    market: Market
    account: Account
    pull: Pull


@dataclass(frozen=True)
class Seen:
    """What can be asked for today.

    Attributes:
        history: The days before the window, late conversions included.
        past: The same days as they were when they ended, with the changes that were made in them.
        window: The day before the window, its days that were lived, and today, of which only settings are known.
        today: Today's place in the window's time axis.
    """

    history: Part
    past: Part
    window: Part
    today: int

    @property
    def parts(self) -> tuple[Part, Part]:
        """Both, oldest first."""
        return self.history, self.window


def seen_today(live: Live, *, late: int = 0) -> Seen:
    """What platforms show on the first day that was not lived yet; conversions `late` days later than usual."""
    day = min(live.lived, live.world.days - 1)
    window, history = window_as_of(live, day, late=late), history_as_of(live, day, late=late)
    before = Pull("before", 0, live.market.setting.days - 1, modern=True)
    return Seen(
        Part(history, account_of(history), before),
        Part(live.market, account_of(live.market), before),
        Part(window, account_of(window), Pull("live", 1, day + 1, modern=True)),
        (live.first_date + timedelta(live.lived) - window.setting.first_date).days,
    )
