"""The ads of a campaign, with what they showed and what came of them. It looks into the lake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from marketmover.history.tables import CREATIVES, FACTS, current, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake

_AD = "ad="
_SUMMED = ("impressions", "clicks", "conversions", "cost_micros")


@dataclass(frozen=True)
class AdsAsked:
    """Whose ads, over which days; without days all that are known. An empty group means all of the campaign."""

    platform: str
    campaign_id: str
    group_id: str = ""
    first: date | None = None
    last: date | None = None


def ads_of(lake: "Lake", asked: AdsAsked) -> list[dict[str, Any]]:
    """Each ad that is known of, those shown most first; figures are null where none were exported for these days.

    Args:
        lake: Holds the history.
        asked: Whose ads.
    """
    ensure_tables(lake, columns_too=True)
    figures = _figures(lake, asked)
    known = {row["ad_id"]: row for row in _of(current(lake, CREATIVES), asked).to_pyarrow().to_pylist()}
    ids = sorted(known.keys() | figures.keys())
    ads = [_told(ad_id, known.get(ad_id), figures.get(ad_id), asked) for ad_id in ids]
    return sorted(ads, key=lambda ad: -(ad["impressions"] or 0))


def _of(rows: Any, asked: AdsAsked) -> Any:
    rows = rows.filter((rows.platform == asked.platform) & (rows.campaign_id == asked.campaign_id))
    return rows.filter(rows.group_id == asked.group_id) if asked.group_id else rows


def _figures(lake: "Lake", asked: AdsAsked) -> dict[str, dict[str, Any]]:
    """Sums by ad, of rows that are split by nothing but the ad."""
    facts = _of(current(lake, FACTS), asked)
    facts = facts.filter((facts.kind == "ad") & (facts.dims == "") & ~facts.segment.contains(","))
    if asked.first:
        facts = facts.filter(facts.date >= asked.first)
    if asked.last:
        facts = facts.filter(facts.date <= asked.last)
    named = facts.mutate(ad_id=facts.segment.substr(len(_AD)))
    sums = {name: named[name].sum() for name in _SUMMED}
    about = {"group_id": named.group_id.max(), "first_date": named.date.min(), "last_date": named.date.max()}
    return {row["ad_id"]: row for row in named.group_by("ad_id").aggregate(**sums, **about).to_pyarrow().to_pylist()}


def _told(
    ad_id: str, known: Mapping[str, Any] | None, figures: Mapping[str, Any] | None, asked: AdsAsked
) -> dict[str, Any]:
    texts: Mapping[str, Any] = known or {}
    sums: Mapping[str, Any] = figures or {}
    micros = sums.get("cost_micros")
    return {
        "ad_id": ad_id,
        "platform": asked.platform,
        "campaign_id": asked.campaign_id,
        "group_id": texts.get("group_id") or sums.get("group_id") or "",
        "status": texts.get("status") or "",
        "format": texts.get("format") or "",
        "headlines": _texts(texts.get("headlines"), texts.get("title")),
        "descriptions": _texts(texts.get("descriptions"), texts.get("body")),
        "call_to_action": texts.get("call_to_action") or "",
        "final_url": texts.get("final_url") or "",
        "cost": None if micros is None else micros / 1_000_000,
        **{name: sums.get(name) for name in ("impressions", "clicks", "conversions", "first_date", "last_date")},
    }


def _texts(several: list[str] | None, single: str | None) -> list[str]:
    return list(several or ()) or ([single] if single else [])
