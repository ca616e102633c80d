"""The daily facts of Meta Ads: pages of the `insights` edge by ad set and day, every number a string."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.arrays import Ints
from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.cells import daily_shares, split, split_money
from marketmover.sandbox.exports.files import text, write_pages
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream

_OBJECTIVES = {
    ("leads", True): "OUTCOME_LEADS",
    ("leads", False): "LEAD_GENERATION",
    ("sales", True): "OUTCOME_SALES",
    ("sales", False): "CONVERSIONS",
}


def objective(market: Market, place: int, *, modern: bool) -> str:
    """The campaign's objective in the words of the pull's version; website leads used to run as CONVERSIONS."""
    wants = "leads" if market.truth.lead_share[place] >= 0.5 else "sales"
    if wants == "leads" and not modern and market.lines[place].ad_type != "LEAD_FORM":
        return "CONVERSIONS"
    return _OBJECTIVES[wants, modern]


def write_facts(market: Market, account: Account, folder: Path, pull: Pull) -> int:
    """Daily facts by ad set; how many rows."""
    lines = places(market, "meta_ads")
    rows = (row for place in lines for row in fact_rows(market, account, place, pull))
    version = "v23.0" if pull.modern else "v17.0"
    return write_pages(folder, f"insights_{pull.name}", f"{version}/act_{account.meta_id}/insights", rows)


class AdSets:
    """A line's days split over its ad sets, each array of shape (days, ad sets)."""

    def __init__(self, market: Market, account: Account, place: int) -> None:
        books, line = market.ledger, market.lines[place]
        rng = stream(market.setting.seed, "cells", line.id)
        days = books.impressions.shape[1]
        self.impressions = split(books.impressions[place], daily_shares(line.group_shares, days, rng), rng)
        self.link_clicks = split(books.clicks[place], self.impressions, rng)
        self.cost_cents = split_money(books.cost_cents[place], self.impressions, rng, account.unit)
        self.leads = split(books.reported_leads[place], self.link_clicks, rng)
        self.sales = split(books.reported_sales[place], self.link_clicks, rng)
        self.value_cents = split_money(books.sales_cents[place], self.sales, rng, account.unit)
        people = market.truth.audience[place] * np.asarray(line.group_shares)
        self.reach = reach(self.impressions, people, rng)
        other = rng.binomial(self.impressions - self.link_clicks, np.clip(0.35 * self._rate(), 0.0, 0.5))
        self.clicks = self.link_clicks + other

    def _rate(self) -> np.ndarray:
        return self.link_clicks / np.maximum(self.impressions, 1)


def reach(impressions: Ints, people: np.ndarray, rng: np.random.Generator) -> Ints:
    """People reached on a day: chance encounters with an audience of `people`, so frequency rises with pressure."""
    met = people * -np.expm1(-impressions / people) * np.exp(rng.normal(0.0, 0.01, impressions.shape))
    return np.clip(np.round(met), np.minimum(impressions, 1), impressions).astype(np.int64)


def fact_rows(market: Market, account: Account, place: int, pull: Pull) -> Iterator[str]:
    """A line's daily facts, a row an ad set."""
    sets, line = AdSets(market, account, place), market.lines[place]
    heads = [
        text(
            {
                "account_id": account.meta_id,
                "account_currency": account.currency,
                "campaign_id": line.campaign_id,
                "campaign_name": line.campaign_name,
                "adset_id": line.group_ids[number],
                "adset_name": line.group_names[number],
                "objective": objective(market, place, modern=pull.modern),
            }
        )[:-1]
        for number in range(len(line.group_ids))
    ]
    form = line.ad_type == "LEAD_FORM"
    for day in range(pull.first, pull.last + 1):
        date = account.day(day)
        for number in np.flatnonzero(sets.impressions[day]):
            facts = text(_figures(account, sets, day, int(number), form=form))[1:-1]
            yield f'{heads[number]},{facts},"date_start":"{date}","date_stop":"{date}"}}'


def _figures(account: Account, sets: AdSets, day: int, number: int, *, form: bool) -> dict[str, Any]:
    cell = (day, number)
    shown, clicks, links = int(sets.impressions[cell]), int(sets.clicks[cell]), int(sets.link_clicks[cell])
    spend, people = int(sets.cost_cents[cell]) / 100.0, int(sets.reach[cell])
    figures: dict[str, Any] = {
        "impressions": str(shown),
        "clicks": str(clicks),
        **({"inline_link_clicks": str(links)} if links else {}),
        "spend": account.spoken(int(sets.cost_cents[cell])),
        "reach": str(people),
        "frequency": f"{shown / people:.6f}",
        "cpm": f"{1000.0 * spend / shown:.6f}",
        "ctr": f"{100.0 * clicks / shown:.6f}",
    }
    if clicks:
        figures["cpc"] = f"{spend / clicks:.6f}"
    worth = account.spoken(int(sets.value_cents[cell]))
    actions, values = actions_of(links, int(sets.leads[cell]), int(sets.sales[cell]), worth, form)
    if actions:
        figures["actions"] = actions
    if values:
        figures["action_values"] = values
    return figures


def actions_of(
    links: int, leads: int, sales: int, worth: str, form: bool
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """`actions` and `action_values`: the same lead and the same purchase under each of the names Meta gives them."""
    source = "onsite_conversion.lead_grouped" if form else "offsite_conversion.fb_pixel_lead"
    purchase = ("purchase", "omni_purchase", "offsite_conversion.fb_pixel_purchase")
    counted = {
        "link_click": links,
        "landing_page_view": 0 if form else links * 4 // 5,
        **dict.fromkeys(("lead", source), leads),
        **dict.fromkeys(purchase, sales),
    }
    actions = [{"action_type": name, "value": str(count)} for name, count in counted.items() if count]
    return actions, [{"action_type": name, "value": worth} for name in purchase] if float(worth) else []
