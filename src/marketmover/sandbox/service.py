"""The sandbox's verbs: make a market, with a manager of the wanted kind."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from marketmover.errors import UsageError
from marketmover.history import asked_day
from marketmover.kit import utc_now
from marketmover.sandbox.calibration import with_manager
from marketmover.sandbox.countries import USUAL, country_of, money_of
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.managers import MANAGERS
from marketmover.sandbox.models.portfolio import draw_lines
from marketmover.sandbox.models.response import FAMILIES
from marketmover.sandbox.streams import stream
from marketmover.sandbox.words import TRADES
from marketmover.sandbox.world import Setting, draw_truth

SELLS = ("leads", "ecommerce", "both")
"""What markets sell: leads that a CRM follows, orders, or both."""

_ANCHOR = date(2026, 11, 21)


def create_market(  # noqa: PLR0913 - each is a choice of its own, all optional
    lines: int = 16,
    days: int = 730,
    seed: int = 1,
    family: str = "mixed",
    manager: str = "ordinary",
    end: date | None = None,
    *,
    sells: str | None = None,
    currency: str | None = None,
    countries: Sequence[str] = (),
) -> Market:
    """Simulate a market in memory. The same arguments always give the same market.

    Args:
        lines: Budget lines, ended ones included.
        days: Length of the history.
        seed: Draws everything that is not given.
        family: Response family of every line, or `mixed`: drawn by line.
        manager: `ordinary` reaches 70 to 85% of what was possible, `good` stays near it.
        end: Last day of the history; by default one within the year before 2026-11-22 that the seed draws.
        sells: `leads`, `ecommerce` or `both`; by default drawn, mostly leads.
        currency: ISO 4217; by default that of the first country.
        countries: ISO 3166-1 alpha-2; by default one that the seed draws.

    Raises:
        UsageError: A value is not one of those that there are.
    """
    _one_of("family", family, ("mixed", *FAMILIES))
    _one_of("manager", manager, MANAGERS)
    if lines < 1 or days < 1:
        raise UsageError(f"A market needs at least one line and one day, not {lines} and {days}.")
    rng = stream(seed, "setting")
    sold = _sold(sells, float(rng.random()))
    where = _where(countries, int(rng.integers(len(USUAL))))
    last = end or _ANCHOR - timedelta(int(rng.integers(365)))
    money = money_of(currency or country_of(where[0]).currency)
    setting = Setting(seed, sold, family, where[0], money, last - timedelta(days - 1), days)
    trade = TRADES[sold][int(stream(seed, "trade").integers(len(TRADES[sold])))]
    drawn = draw_lines(lines, days, trade, sold, where, stream(seed, "lines"))
    truth, effects, changed = draw_truth(setting, drawn, trade)
    return with_manager(setting, manager, changed, truth, effects)


def last_day(asked: str | None) -> date:
    """The last day of a history: as asked (ISO 8601), else yesterday in UTC.

    Raises:
        UsageError: The text is not a date.
    """
    return asked_day("--end", asked) or utc_now().date() - timedelta(1)


def _sold(asked: str | None, draw: float) -> str:
    """What is sold: as asked, else leads in six markets of ten, orders in two, both in two."""
    if asked is not None:
        return _one_of("way to sell", asked, SELLS)
    return SELLS[int(np.searchsorted([0.6, 0.8], draw))]


def _where(asked: Sequence[str], draw: int) -> tuple[str, ...]:
    for country in asked:
        country_of(country)
    return tuple(asked) or (list(USUAL)[draw],)


def _one_of(what: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise UsageError(f"The sandbox knows no {what} '{value}'.", f"Choose one of: {', '.join(known)}.")
    return value
