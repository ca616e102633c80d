"""Insights of Meta below and beside the ad set: by ad, by age and gender, by publisher platform, for the last weeks."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.cells import split, split_money
from marketmover.sandbox.exports.creatives import ads_of
from marketmover.sandbox.exports.files import text, write_pages
from marketmover.sandbox.exports.meta import AdSets, actions_of
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream

_AGES = {"18-24": (18, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54), "55-64": (55, 64), "65+": (65, 99)}
_DETAIL_DAYS = 90
_Parts = list[tuple[dict[str, str], float]]
_PartsOf = Callable[[Market, int, int, np.random.Generator], _Parts]


def write_details(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    """Ad-level facts and breakdowns; how many rows of each."""
    kinds = {
        "insights_by_ad": _by_ad,
        "insights_by_age_gender": _by_age_gender,
        "insights_by_publisher_platform": _by_publisher,
    }
    edge = f"v23.0/act_{account.meta_id}/insights"
    return {
        name: write_pages(folder, name, edge, (text(row) for row in _rows(market, account, pull, parts)))
        for name, parts in kinds.items()
    }


def _rows(market: Market, account: Account, pull: Pull, parts_of: _PartsOf) -> Iterator[dict[str, Any]]:
    first = max(pull.last - _DETAIL_DAYS + 1, pull.first)
    for place in places(market, "meta_ads"):
        line, sets = market.lines[place], AdSets(market, account, place)
        for number in range(len(line.group_ids)):
            for day, part, figures in _split(
                market, account, place, number, sets, range(first, pull.last + 1), parts_of
            ):
                yield {
                    "account_id": account.meta_id,
                    "account_currency": account.currency,
                    "campaign_id": line.campaign_id,
                    "campaign_name": line.campaign_name,
                    "adset_id": line.group_ids[number],
                    "adset_name": line.group_names[number],
                    **part,
                    **figures,
                    "date_start": account.day(day),
                    "date_stop": account.day(day),
                }


def _split(
    market: Market, account: Account, place: int, number: int, sets: AdSets, days: range, parts_of: _PartsOf
) -> Iterator[tuple[int, dict[str, str], dict[str, Any]]]:
    """An ad set's days split over parts, which add up to the ad set: day, part, figures."""
    rng = stream(market.setting.seed, "details", market.lines[place].group_ids[number])
    parts = parts_of(market, place, number, rng)
    window = slice(days.start, days.stop)
    weights = np.stack([_running(market, part, share, days) for part, share in parts], axis=1)
    shown = split(sets.impressions[window, number], weights, rng)
    links = split(sets.link_clicks[window, number], shown, rng)
    cents = split_money(sets.cost_cents[window, number], shown, rng, account.unit)
    leads, sales = (split(counts[window, number], links, rng) for counts in (sets.leads, sets.sales))
    value = split_money(sets.value_cents[window, number], sales, rng, account.unit)
    form = market.lines[place].ad_type == "LEAD_FORM"
    for day, at in zip(*np.nonzero(shown), strict=True):
        cell = (day, at)
        worth = account.spoken(int(value[cell]))
        actions, values = actions_of(int(links[cell]), int(leads[cell]), int(sales[cell]), worth, form)
        named = {key: text_ for key, text_ in parts[at][0].items() if not key.startswith("_")}
        yield days.start + int(day), named, {
            "impressions": str(int(shown[cell])),
            "clicks": str(int(links[cell])),
            "inline_link_clicks": str(int(links[cell])),
            "spend": account.spoken(int(cents[cell])),
            **({"actions": actions} if actions else {}),
            **({"action_values": values} if values else {}),
        }  # fmt: skip


def _running(market: Market, part: dict[str, str], share: float, days: range) -> np.ndarray:
    """A part's weight by day: an ad counts only on the days that it ran."""
    day = np.arange(days.start, days.stop)
    first, last = int(part.get("_first", 0)), int(part.get("_last", market.setting.days))
    return np.where((first <= day) & (day <= last), share, 0.0)


def _by_ad(market: Market, place: int, number: int, _rng: np.random.Generator) -> _Parts:
    name = market.lines[place].group_names[number]
    return [
        (
            {
                "ad_id": f"12021{ad.id}",
                "ad_name": f"{name} | ad {ad.number}",
                "_first": str(ad.first),
                "_last": str(ad.last),
            },
            1.0,
        )
        for ad in ads_of(market, place, number)
    ]


def _by_age_gender(market: Market, place: int, _number: int, rng: np.random.Generator) -> _Parts:
    line = market.lines[place]
    ages = [name for name, (low, high) in _AGES.items() if high >= line.age_min and low <= line.age_max]
    genders = [gender.lower() for gender in line.genders]
    return [({"age": age, "gender": gender}, float(rng.uniform(0.4, 1.6))) for age, gender in product(ages, genders)]


def _by_publisher(market: Market, place: int, _number: int, rng: np.random.Generator) -> _Parts:
    form = market.lines[place].ad_type
    sites = ["instagram"] if form == "STORIES" else ["facebook", "instagram"]
    sites += [] if form in {"STORIES", "REELS"} else ["audience_network"]
    return [({"publisher_platform": site}, float(rng.uniform(0.3, 1.5))) for site in sites]
