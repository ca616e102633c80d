"""What Google Ads exports of targeting and ads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.countries import country_of
from marketmover.sandbox.exports import google_rows
from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.cells import split, split_money
from marketmover.sandbox.exports.creatives import ShownAd, ads_of
from marketmover.sandbox.exports.files import text, write_search_stream
from marketmover.sandbox.exports.google import Cells, Counts
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.exports.people import Parts, ads_of_days
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream

AGES = {
    "AGE_RANGE_18_24": (18, 24), "AGE_RANGE_25_34": (25, 34), "AGE_RANGE_35_44": (35, 44),
    "AGE_RANGE_45_54": (45, 54), "AGE_RANGE_55_64": (55, 64), "AGE_RANGE_65_UP": (65, 99),
}  # fmt: skip
DETAIL_DAYS = 90
_SITE = "https://www.example.com/"


def write_structure(
    market: Market, account: Account, folder: Path, pull: Pull, *, facts_by_ad: bool = True
) -> dict[str, int]:
    """Targeting, ads, and facts by ad of the last weeks, as they stood at `pull`; how many rows of each."""
    lines = places(market, "google_ads")
    first = max(pull.last - DETAIL_DAYS + 1, pull.first)
    kinds = {
        "ad_group_criteria": (row for place in lines for row in criteria_rows(market, account, place)),
        "campaign_criteria": (row for place in lines for row in campaign_criteria_rows(market, account, place)),
        "ads": (row for place in lines for row in ad_rows(market, account, place, pull)),
        "ad_performance": (row for place in lines for row in ad_fact_rows(market, account, place, pull, first)),
    }
    return {
        name: write_search_stream(folder, name, _MASKS[name], (text(row) for row in rows))
        for name, rows in kinds.items()
        if facts_by_ad or name != "ad_performance"
    }


_MASKS = {
    "ad_group_criteria": "adGroupCriterion.criterionId,adGroupCriterion.type,adGroupCriterion.negative",
    "campaign_criteria": "campaignCriterion.criterionId,campaignCriterion.location.geoTargetConstant",
    "ads": "adGroupAd.ad.id,adGroupAd.ad.responsiveSearchAd.headlines,adGroupAd.status",
    "ad_performance": "adGroupAd.ad.id,metrics.impressions,metrics.clicks,metrics.costMicros,segments.date",
}


def ids_of(market: Market, account: Account, place: int, group: int) -> dict[str, Any]:
    """Ids alone: the parts by which detail rows are joined."""
    line = market.lines[place]
    found: dict[str, Any] = {
        "customer": google_rows.customer(account),
        "campaign": {
            "resourceName": f"customers/{account.customer_id}/campaigns/{line.campaign_id}",
            "id": line.campaign_id,
            "name": line.campaign_name,
        },
    }
    if line.group_ids:
        found["adGroup"] = google_rows.ad_group(market, account, place, group)
    return found


def criterion_of(account: Account, owner: str, key: str, **what: Any) -> dict[str, Any]:
    """A criterion of the ad group `owner`, numbered by `key`."""
    criterion = numeric_id(owner, key, digits=9)
    return {
        "resourceName": f"customers/{account.customer_id}/adGroupCriteria/{owner}~{criterion}",
        "criterionId": criterion,
        "status": "ENABLED",
        **what,
    }


def criteria_rows(market: Market, account: Account, place: int) -> Iterator[dict[str, Any]]:
    """Keywords (one of them negative), ages and genders (those left out are negative), interests."""
    line = market.lines[place]
    for group, owner in enumerate(line.group_ids):
        base = ids_of(market, account, place, group)
        wanted: list[dict[str, Any]] = [
            {"type": "KEYWORD", "keyword": {"text": word, "matchType": ("PHRASE", "EXACT", "BROAD")[at % 3]}}
            for at, word in enumerate(line.keywords)
        ]
        if line.keywords:
            wanted.append({"type": "KEYWORD", "keyword": {"text": "free", "matchType": "BROAD"}, "negative": True})
        for name, (youngest, oldest) in AGES.items():
            out = oldest < line.age_min or youngest > line.age_max
            wanted.append({"type": "AGE_RANGE", "ageRange": {"type": name}, **({"negative": True} if out else {})})
        for gender in ("FEMALE", "MALE"):
            out = gender not in line.genders
            wanted.append({"type": "GENDER", "gender": {"type": gender}, **({"negative": True} if out else {})})
        if not line.keywords:
            wanted += [{"type": "USER_INTEREST", "userInterest": {"userInterestCategory": _interest(account, name)}}
                       for name in line.interests]  # fmt: skip
        if line.role == "retargeting":
            wanted.append({"type": "USER_LIST", "userList": {"userList": _visitors(account, line.id)}})
        for what in wanted:
            yield {**base, "adGroupCriterion": criterion_of(account, owner, text(what), **what)}


def _interest(account: Account, name: str) -> str:
    return f"customers/{account.customer_id}/userInterests/{numeric_id(name, digits=5)}"


def _visitors(account: Account, line_id: str) -> str:
    return f"customers/{account.customer_id}/userLists/{numeric_id(line_id, 'visitors', digits=9)}"


def campaign_criteria_rows(market: Market, account: Account, place: int) -> Iterator[dict[str, Any]]:
    """The countries that a line is shown in."""
    line = market.lines[place]
    base = {key: value for key, value in ids_of(market, account, place, 0).items() if key != "adGroup"}
    for country in line.countries:
        constant = country_of(country).geo_target
        name = f"customers/{account.customer_id}/campaignCriteria/{line.campaign_id}~{constant}"
        location = {"geoTargetConstant": f"geoTargetConstants/{constant}"}
        found = {"resourceName": name, "criterionId": constant, "type": "LOCATION", "location": location}
        yield {**base, "campaignCriterion": found}


_AD_TYPES = {
    "SEARCH": ("RESPONSIVE_SEARCH_AD", "responsiveSearchAd"),
    "DISPLAY": ("RESPONSIVE_DISPLAY_AD", "responsiveDisplayAd"),
    "VIDEO": ("VIDEO_RESPONSIVE_AD", "videoResponsiveAd"),
    "DEMAND_GEN": ("DEMAND_GEN_MULTI_ASSET_AD", "demandGenMultiAssetAd"),
}


def ad_part(market: Market, account: Account, place: int, group: int, ad: ShownAd, pull: Pull) -> dict[str, Any]:
    """An ad as it stood at the pull."""
    line = market.lines[place]
    kind, form = _AD_TYPES[line.ad_type]
    texts = {
        "headlines": [{"text": headline} for headline in ad.headlines],
        "descriptions": [{"text": description} for description in ad.descriptions],
    }
    return {
        "resourceName": f"customers/{account.customer_id}/adGroupAds/{line.group_ids[group]}~{ad.id}",
        "status": "ENABLED" if ad.last >= pull.last else "PAUSED",
        "ad": {
            "resourceName": f"customers/{account.customer_id}/ads/{ad.id}",
            "id": ad.id,
            "type": kind,
            form: texts,
            "finalUrls": [_SITE],
        },
    }


def ad_rows(market: Market, account: Account, place: int, pull: Pull) -> Iterator[dict[str, Any]]:
    """A line's ads as they stood at the pull."""
    for group in range(len(market.lines[place].group_ids)):
        for ad in ads_of(market, place, group):
            part = ad_part(market, account, place, group, ad, pull)
            yield {**ids_of(market, account, place, group), "adGroupAd": part}


def figures_of(shown: int, clicks: int, cents: int, conversions: float) -> dict[str, Any]:
    """Metrics of a detail row, int64 as strings."""
    found: dict[str, Any] = {"impressions": str(shown), "clicks": str(clicks), "costMicros": str(cents * 10_000)}
    return {**found, "conversions": round(conversions, 2)}


def ad_fact_rows(market: Market, account: Account, place: int, pull: Pull, first: int) -> Iterator[dict[str, Any]]:
    """Facts by ad and day of the last weeks: what its group had on the days that it ran."""
    cells, days = Cells(market, account, place), range(first, pull.last + 1)
    rng = stream(market.setting.seed, "facts by ad", market.lines[place].id)
    for group in range(len(market.lines[place].group_ids)):
        base, ads = ids_of(market, account, place, group), ads_of(market, place, group)
        heads = [ad_part(market, account, place, group, ad, pull) for ad in ads]
        parts = ads_of_days(market, place, ads, days)
        for day, ad, metrics in broken_down(
            cells.of_group(group, slice(first, pull.last + 1)), parts, rng, account.unit
        ):
            yield {**base, "adGroupAd": heads[ad], "metrics": metrics, "segments": {"date": account.day(first + day)}}


def broken_down(
    counts: Counts, parts: Parts, rng: np.random.Generator, unit: int
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Daily counts split over parts that add up to them: day, part, metrics."""
    shown = split(counts.impressions, parts.shown, rng)
    clicks = split(counts.clicks, shown, rng)
    cents = split_money(counts.cost_cents, shown, rng, unit)
    conversions = split(counts.conversions, clicks * parts.converting, rng)
    for day, part in zip(*np.nonzero(shown), strict=True):
        cell = (day, part)
        figures = figures_of(int(shown[cell]), int(clicks[cell]), int(cents[cell]), float(conversions[cell]))
        yield int(day), int(part), figures
