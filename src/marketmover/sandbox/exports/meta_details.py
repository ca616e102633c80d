"""Insights of Meta below and beside the ad set: by ad, by age and gender, by publisher platform, for the last weeks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.cells import split, split_money
from marketmover.sandbox.exports.creatives import ads_of
from marketmover.sandbox.exports.files import text, write_pages
from marketmover.sandbox.exports.meta import AdSets, actions_of
from marketmover.sandbox.exports.people import Parts, ads_of_days, cells_of
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.parameters import CELLS
from marketmover.sandbox.streams import stream

_DETAIL_DAYS = 90
_PartsOf = Callable[[Market, int, int, range, np.random.Generator], tuple[list[dict[str, str]], Parts]]


def write_details(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    """Ad-level facts and breakdowns; how many rows of each."""
    kinds = {
        "insights_by_ad": by_ad,
        "insights_by_age_gender": by_age_gender,
        "insights_by_publisher_platform": by_publisher,
    }
    edge = f"v23.0/act_{account.meta_id}/insights"
    return {
        name: write_pages(folder, name, edge, (text(row) for row in detail_rows(market, account, pull, parts)))
        for name, parts in kinds.items()
    }


def detail_rows(
    market: Market, account: Account, pull: Pull, parts_of: _PartsOf, since: int | None = None
) -> Iterator[dict[str, Any]]:
    """Facts below or beside the ad set, of the last weeks of `pull` or of the days from `since` on."""
    first = max(pull.last - _DETAIL_DAYS + 1, pull.first) if since is None else since
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
    names, parts = parts_of(market, place, number, days, rng)
    window = slice(days.start, days.stop)
    shown = split(sets.impressions[window, number], parts.shown, rng)
    links = split(sets.link_clicks[window, number], shown, rng)
    cents = split_money(sets.cost_cents[window, number], shown, rng, account.unit)
    leads, sales = (split(counts[window, number], links * parts.converting, rng) for counts in (sets.leads, sets.sales))
    value = split_money(sets.value_cents[window, number], sales, rng, account.unit)
    form = market.lines[place].ad_type == "LEAD_FORM"
    for day, at in zip(*np.nonzero(shown), strict=True):
        cell = (day, at)
        worth = account.spoken(int(value[cell]))
        actions, values = actions_of(int(links[cell]), int(leads[cell]), int(sales[cell]), worth, form)
        yield days.start + int(day), names[at], {
            "impressions": str(int(shown[cell])),
            "clicks": str(int(links[cell])),
            "inline_link_clicks": str(int(links[cell])),
            "spend": account.spoken(int(cents[cell])),
            **({"actions": actions} if actions else {}),
            **({"action_values": values} if values else {}),
        }  # fmt: skip


def by_ad(
    market: Market, place: int, number: int, days: range, _rng: np.random.Generator
) -> tuple[list[dict[str, str]], Parts]:
    """An ad set's ads, and their parts of its days."""
    name, ads = market.lines[place].group_names[number], ads_of(market, place, number)
    named = [{"ad_id": f"12021{ad.id}", "ad_name": f"{name} | ad {ad.number}"} for ad in ads]
    return named, ads_of_days(market, place, ads, days)


def by_age_gender(
    market: Market, place: int, _number: int, days: range, _rng: np.random.Generator
) -> tuple[list[dict[str, str]], Parts]:
    """Ages and genders, and their parts of a line's days."""
    return [{"age": age, "gender": gender.lower()} for age, gender in CELLS], cells_of(market, place, days)


def by_publisher(
    market: Market, place: int, _number: int, days: range, rng: np.random.Generator
) -> tuple[list[dict[str, str]], Parts]:
    """Publisher platforms, and their parts of an ad set's days."""
    form = market.lines[place].ad_type
    sites = ["instagram"] if form == "STORIES" else ["facebook", "instagram"]
    sites += [] if form in {"STORIES", "REELS"} else ["audience_network"]
    shown = np.repeat(rng.uniform(0.3, 1.5, len(sites))[None, :], len(days), axis=0)
    return [{"publisher_platform": site} for site in sites], Parts(shown, np.ones_like(shown))
