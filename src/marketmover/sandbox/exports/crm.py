"""The CRM: every lead that reached it, and what has become of it by the history's end."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from marketmover.kit import coin_of
from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.exports.account import Account
from marketmover.sandbox.exports.files import write_arrays
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream


class Lead(NamedTuple):
    """A lead: the place of its line, when it came, what became of it; moments are days since the first day.

    `pick` says which of the line's groups it came from, by their running shares.
    """

    line: int
    created: float
    qualified: bool
    decided: float
    won: bool
    won_at: float
    value: float
    pick: float


class Leads:
    """Leads as arrays of shape (leads,), in the order of their creation; moments are days since the first day.

    `decided` and `won_at` are when it was decided and, of those that were won, won. Leads that are created after
    `until` are left out; by default that is the end of the history. `pace` is how many days deciding and winning take.
    """

    def __init__(self, market: Market, until: float | None = None) -> None:
        books, truth = market.ledger, market.truth
        rng = stream(market.setting.seed, "crm")
        lines, days = books.crm_leads.shape
        cell = np.repeat(np.arange(lines * days), books.crm_leads.ravel())
        rank = np.arange(len(cell)) - np.repeat(np.cumsum(books.crm_leads.ravel()) - books.crm_leads.ravel(),
                                               books.crm_leads.ravel())  # fmt: skip
        lag = np.searchsorted(truth.lag, rng.random(len(cell)), side="right")
        created = cell % days + np.minimum(lag, len(truth.lag) - 1) + _hours(len(cell), rng)
        decides = float(rng.uniform(2.0, 9.0))
        decided = created + np.exp(rng.normal(np.log(decides), 0.6, len(cell)))
        wins = float(rng.uniform(8.0, 25.0))
        won_at = decided + np.exp(rng.normal(np.log(wins), 0.6, len(cell)))
        self.pace = (decides, wins)
        qualified = rank < books.qualified.ravel()[cell]
        won = rank < books.won.ravel()[cell]
        value = truth.deal_value[cell // days] * np.exp(rng.normal(0.0, 0.55, len(cell)) - 0.5 * 0.55**2)
        order = np.argsort(created, kind="stable")
        order = order[created[order] < (days if until is None else until)]
        self.line: Ints = (cell // days)[order]
        self.created: Floats = created[order]
        self.qualified = qualified[order]
        self.won = won[order]
        self.decided: Floats = decided[order]
        self.won_at: Floats = won_at[order]
        self.value: Floats = value[order].round(0 if coin_of(market.setting.currency) > 1 else 2)
        self.pick: Floats = rng.random(len(order))

    def lead(self, place: int) -> Lead:
        """One of them."""
        return Lead(
            int(self.line[place]),
            float(self.created[place]),
            bool(self.qualified[place]),
            float(self.decided[place]),
            bool(self.won[place]),
            float(self.won_at[place]),
            float(self.value[place]),
            float(self.pick[place]),
        )


def write_leads(market: Market, account: Account, folder: Path) -> int:
    """Write the leads; returns how many."""
    return write_arrays(folder, "leads", _rows(market, account))


def _rows(market: Market, account: Account) -> Iterator[str]:
    leads, told = Leads(market), RowsOfLeads(market, account)
    for place in range(len(leads.line)):
        yield told.row(place + 1, leads.lead(place), float(market.setting.days))


class RowsOfLeads:
    """Writes leads as a CRM exports them."""

    def __init__(self, market: Market, account: Account) -> None:
        self._midnight = datetime.combine(account.first_date, time(), UTC)
        self._heads = [_heads(market, place) for place in range(len(market.lines))]
        self._tail = f'"currency":"{account.currency}"}}'

    def row(self, number: int, lead: Lead, until: float) -> str:
        """A lead as JSON, with what was known of it at the moment `until`."""
        midnight, (reach, texts) = self._midnight, self._heads[lead.line]
        head = texts[int(np.searchsorted(reach, lead.pick))]
        qualified = ("true" if lead.qualified else "false") if lead.decided < until else "null"
        told = f'"qualified_at":"{_moment(midnight, lead.decided)}",' if lead.decided < until else ""
        deal = '"won":false,"revenue":0.0,'
        if lead.won and lead.won_at < until:
            deal = f'"won":true,"won_at":"{_moment(midnight, lead.won_at)}","revenue":{lead.value!r},'
        start = f'"lead_id":"L{number:07d}","created_at":"{_moment(midnight, lead.created)}"'
        return f'{{{start},{head}"qualified":{qualified},{told}{deal}{self._tail}'


def _heads(market: Market, place: int) -> tuple[Floats, list[str]]:
    """The fields that say where a lead came from, one text a group of the line, and the groups' running shares."""
    line = market.lines[place]
    groups = [f'"{group}"' for group in line.group_ids] or ["null"]
    texts = [
        f'"platform":"{line.platform}","campaign_id":"{line.campaign_id}","ad_group_id":{group},' for group in groups
    ]
    running = np.cumsum(line.group_shares)[: len(groups)]
    return running / running[-1], texts


def _hours(count: int, rng: np.random.Generator) -> Floats:
    """Times of day, most in the afternoon, as fractions of a day."""
    return np.clip(rng.normal(0.58, 0.18, count), 0.0, 0.999)


def _moment(midnight: datetime, days: float) -> str:
    return (midnight + timedelta(seconds=int(days * 86_400))).strftime("%Y-%m-%dT%H:%M:%SZ")
