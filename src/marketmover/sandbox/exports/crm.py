"""The CRM: every lead that reached it, and what has become of it by the history's end."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np

from marketmover.kit import coin_of
from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.exports.account import Account
from marketmover.sandbox.exports.files import write_arrays
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream


class Leads:
    """All leads as arrays of shape (leads,), in the order of their creation; moments are days since the first day.

    `decided` and `won_at` are when it was decided and won, `inf` for those that never will be.
    """

    def __init__(self, market: Market) -> None:
        books, truth = market.ledger, market.truth
        rng = stream(market.setting.seed, "crm")
        lines, days = books.crm_leads.shape
        cell = np.repeat(np.arange(lines * days), books.crm_leads.ravel())
        rank = np.arange(len(cell)) - np.repeat(np.cumsum(books.crm_leads.ravel()) - books.crm_leads.ravel(),
                                               books.crm_leads.ravel())  # fmt: skip
        lag = np.searchsorted(truth.lag, rng.random(len(cell)), side="right")
        created = cell % days + np.minimum(lag, len(truth.lag) - 1) + _hours(len(cell), rng)
        decided = created + np.exp(rng.normal(np.log(rng.uniform(2.0, 9.0)), 0.6, len(cell)))
        won_at = decided + np.exp(rng.normal(np.log(rng.uniform(8.0, 25.0)), 0.6, len(cell)))
        qualified = rank < books.qualified.ravel()[cell]
        won = rank < books.won.ravel()[cell]
        value = truth.deal_value[cell // days] * np.exp(rng.normal(0.0, 0.55, len(cell)) - 0.5 * 0.55**2)
        order = np.argsort(created, kind="stable")
        order = order[created[order] < days]
        self.line: Ints = (cell // days)[order]
        self.created: Floats = created[order]
        self.qualified = qualified[order]
        self.won = won[order]
        self.decided: Floats = decided[order]
        self.won_at: Floats = won_at[order]
        self.value: Floats = value[order].round(0 if coin_of(market.setting.currency) > 1 else 2)
        self.pick: Floats = rng.random(len(order))


def write_leads(market: Market, account: Account, folder: Path) -> int:
    """Write the leads; returns how many."""
    return write_arrays(folder, "leads", _rows(market, account))


def _rows(market: Market, account: Account) -> Iterator[str]:
    leads, days = Leads(market), float(market.setting.days)
    midnight = datetime.combine(account.first_date, time(), UTC)
    heads = [_heads(market, place) for place in range(len(market.lines))]
    tail = f'"currency":"{account.currency}"}}'
    for place in range(len(leads.line)):
        line = int(leads.line[place])
        reach, texts = heads[line]
        head = texts[int(np.searchsorted(reach, leads.pick[place]))]
        created = _moment(midnight, float(leads.created[place]))
        decided, won_at = float(leads.decided[place]), float(leads.won_at[place])
        won = bool(leads.won[place]) and won_at < days
        qualified = ("true" if leads.qualified[place] else "false") if decided < days else "null"
        told = f'"qualified_at":"{_moment(midnight, decided)}",' if decided < days else ""
        deal = '"won":false,"revenue":0.0,'
        if won:
            deal = f'"won":true,"won_at":"{_moment(midnight, won_at)}","revenue":{float(leads.value[place])!r},'
        lead = f'"lead_id":"L{place + 1:07d}","created_at":"{created}"'
        yield f'{{{lead},{head}"qualified":{qualified},{told}{deal}{tail}'


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
