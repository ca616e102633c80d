"""The daily facts of Google Ads: answers of `googleAds:searchStream` in REST JSON."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Ints
from marketmover.sandbox.exports import google_rows
from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.cells import daily_shares, split, split_money
from marketmover.sandbox.exports.files import text, write_search_stream
from marketmover.sandbox.exports.shares import Shares, impression_shares
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream

DEVICES = {"MOBILE": 0.62, "DESKTOP": 0.32, "TABLET": 0.06}
_FIELDS = (
    "customer.id,customer.currencyCode,customer.timeZone,campaign.id,campaign.name,campaign.status,"
    "campaign.advertisingChannelType,campaign.biddingStrategyType,campaignBudget.amountMicros,"
    "adGroup.id,adGroup.name,adGroup.type,metrics.impressions,metrics.clicks,metrics.costMicros,"
    "metrics.conversions,metrics.conversionsValue,metrics.ctr,metrics.averageCpc,segments.date"
)
_ACTION_FIELDS = (
    "customer.id,campaign.id,adGroup.id,metrics.conversions,metrics.conversionsValue,"
    "segments.conversionActionName,segments.conversionActionCategory,segments.date"
)
_PHONE_SHARE = 0.25


def write_facts(market: Market, account: Account, folder: Path, pull: Pull) -> int:
    """Daily facts by ad group (campaigns without any: by campaign), by device in some accounts; how many rows."""
    lines = places(market, "google_ads")
    rows = (row for place in lines for row in fact_rows(market, account, place, pull))
    mask = _FIELDS + (",segments.device" if account.by_device else "")
    return write_search_stream(folder, f"daily_{pull.name}", mask, rows)


def write_actions(market: Market, account: Account, folder: Path, pull: Pull) -> int:
    """Conversions by conversion action; how many rows."""
    lines = places(market, "google_ads")
    rows = (row for place in lines for row in action_rows(market, account, place, pull))
    return write_search_stream(folder, f"conversions_by_action_{pull.name}", _ACTION_FIELDS, rows)


class Cells:
    """A line's days split over its ad groups and devices, each array of shape (days, groups x devices)."""

    def __init__(self, market: Market, account: Account, place: int) -> None:
        books, line = market.ledger, market.lines[place]
        rng = stream(market.setting.seed, "cells", line.id)
        devices = tuple(DEVICES.values()) if account.by_device else (1.0,)
        shares = [group * device for group in line.group_shares for device in devices]
        days = books.impressions.shape[1]
        self.devices = list(DEVICES) if account.by_device else [""]
        self.impressions = split(books.impressions[place], daily_shares(shares, days, rng), rng)
        self.clicks = split(books.clicks[place], self.impressions, rng)
        self.cost_cents = split_money(books.cost_cents[place], self.impressions, rng, account.unit)
        self.leads = split(books.reported_leads[place], self.clicks, rng)
        self.sales = split(books.reported_sales[place], self.clicks, rng)
        self.value_cents = split_money(books.sales_cents[place], self.sales, rng, account.unit)
        self.credit = fractional_credit(self.leads, rng) if account.data_driven else self.leads.astype(np.float64)

    def of_group(self, group: int, days: slice) -> "Counts":
        """Daily counts of one ad group."""
        width = len(self.devices)
        return self._of(days, slice(group * width, (group + 1) * width))

    def of_line(self, days: slice) -> "Counts":
        """Daily counts of the whole line."""
        return self._of(days, slice(None))

    def _of(self, days: slice, cells: slice) -> "Counts":
        arrays = (self.impressions, self.clicks, self.cost_cents, self.leads + self.sales)
        return Counts(*(array[days, cells].sum(axis=1) for array in arrays))


class Counts(NamedTuple):
    """Daily counts, arrays of shape (days,)."""

    impressions: Ints
    clicks: Ints
    cost_cents: Ints
    conversions: Ints


def fractional_credit(counts: Ints, rng: np.random.Generator) -> np.ndarray:
    """Data-driven attribution gives fractions of conversions; on average they add up to the conversions."""
    return np.where(counts > 0, np.round(counts + rng.uniform(-0.3, 0.3, counts.shape), 2), 0.0)


def fact_rows(market: Market, account: Account, place: int, pull: Pull) -> Iterator[str]:
    """A line's daily facts, a row an ad group (a campaign without any) and device."""
    cells, line = Cells(market, account, place), market.lines[place]
    base = {
        "customer": google_rows.customer(account),
        "campaign": google_rows.campaign(market, account, place, pull),
        "campaignBudget": google_rows.campaign_budget(market, account, place, pull),
    }
    groups = range(max(len(line.group_ids), 1))
    heads = [text({**base, **google_rows.ad_group_part(market, account, place, group)})[:-1] for group in groups]
    rng = stream(market.setting.seed, "impression share", line.id)
    shares = impression_shares(market.truth, place, market.spendable[place], rng) if line.ad_type == "SEARCH" else None
    width = len(cells.devices)
    for day in range(pull.first, pull.last + 1):
        for cell in np.flatnonzero(cells.impressions[day]):
            device = cells.devices[cell % width]
            segment = f'"device":"{device}","date":"{account.day(day)}"' if device else f'"date":"{account.day(day)}"'
            metrics = _metrics(cells, day, int(cell), shares, pull.modern)
            yield f'{heads[cell // width]},"metrics":{{{metrics}}},"segments":{{{segment}}}}}'


def _metrics(cells: Cells, day: int, cell: int, shares: Shares | None, modern: bool) -> str:
    """Metrics as REST gives them: int64 as strings; older pulls leave zeros out, newer ones show them."""
    shown, clicks, micros = (
        int(cells.impressions[day, cell]),
        int(cells.clicks[day, cell]),
        int(cells.cost_cents[day, cell]) * 10_000,
    )
    conversions = float(cells.credit[day, cell]) + int(cells.sales[day, cell])
    value = int(cells.value_cents[day, cell]) / 100.0
    parts = [f'"impressions":"{shown}"']
    if clicks or modern:
        parts.append(f'"clicks":"{clicks}"')
    parts.append(f'"costMicros":"{micros}"')
    if conversions or modern:
        parts.append(f'"conversions":{round(conversions, 2)!r}')
    if value or modern:
        parts.append(f'"conversionsValue":{value!r}')
    parts.append(f'"ctr":{clicks / shown!r}')
    if clicks:
        parts.append(f'"averageCpc":{micros / clicks!r}')
    if shares is not None:
        parts.append(_share_text(shares, day))
    return ",".join(parts)


def _share_text(shares: Shares, day: int) -> str:
    """Google shows shares under a tenth as 0.0999, and lost shares above nine tenths as 0.9001."""
    shown, budget, rank = (float(part[day]) for part in shares)
    return (
        f'"searchImpressionShare":{shown if shown >= 0.1 else 0.0999!r},'
        f'"searchBudgetLostImpressionShare":{budget if budget <= 0.9 else 0.9001!r},'
        f'"searchRankLostImpressionShare":{rank if rank <= 0.9 else 0.9001!r}'
    )


def action_rows(market: Market, account: Account, place: int, pull: Pull) -> Iterator[str]:
    """A line's conversions by ad group, action and day."""
    cells, line = Cells(market, account, place), market.lines[place]
    width = len(cells.devices)
    rng = stream(market.setting.seed, "actions", line.id)
    phone = np.where(cells.leads > 0, rng.binomial(cells.leads, _PHONE_SHARE) / np.maximum(cells.leads, 1), 0.0)
    for group in range(max(len(line.group_ids), 1)):
        base = {
            "customer": google_rows.customer(account),
            "campaign": google_rows.campaign(market, account, place, pull),
            **google_rows.ad_group_part(market, account, place, group),
        }
        head, here = text(base)[:-1], slice(group * width, (group + 1) * width)
        calls = (cells.credit * phone)[:, here].sum(axis=1).round(2)
        forms = cells.credit[:, here].sum(axis=1).round(2) - calls
        sales, value = cells.sales[:, here].sum(axis=1), cells.value_cents[:, here].sum(axis=1) / 100.0
        for day in range(pull.first, pull.last + 1):
            date = account.day(day)
            yield from _actions_of_day(head, date, forms[day], calls[day], float(sales[day]), float(value[day]))


def _actions_of_day(head: str, date: str, forms: float, calls: float, sales: float, value: float) -> Iterator[str]:
    for name, category, count, worth in (
        ("Contact form", "SUBMIT_LEAD_FORM", forms, 0.0),
        ("Phone call", "PHONE_CALL_LEAD", calls, 0.0),
        ("Purchase", "PURCHASE", sales, value),
    ):
        if count > 0.004:
            counted = f'"conversions":{round(float(count), 2)!r}' + (f',"conversionsValue":{worth!r}' if worth else "")
            action = f'"conversionActionName":"{name}","conversionActionCategory":"{category}","date":"{date}"'
            yield f'{head},"metrics":{{{counted}}},"segments":{{{action}}}}}'
