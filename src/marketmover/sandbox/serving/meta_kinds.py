"""The kinds of rows that the simulated Meta account answers with, each in the wire form of its Graph edge."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from marketmover.sandbox.exports import meta, meta_details, meta_structure
from marketmover.sandbox.exports.account import places
from marketmover.sandbox.exports.changes import changes_of
from marketmover.sandbox.serving.seen import Seen

Row = dict[str, Any]
_PLATFORM = "meta_ads"
_DETAIL_DAYS = 90


def insights(seen: Seen) -> Iterator[Row]:
    """Facts by ad set and day."""
    for part in seen.parts:
        for place in places(part.market, _PLATFORM):
            yield from map(json.loads, meta.fact_rows(part.market, part.account, place, part.pull))


def insights_by_ad(seen: Seen) -> Iterator[Row]:
    """Facts by ad, of the history's last weeks and of the window."""
    return _details(seen, "by_ad")


def insights_by_age_gender(seen: Seen) -> Iterator[Row]:
    """Facts by age and gender, days as `insights_by_ad`."""
    return _details(seen, "by_age_gender")


def insights_by_publisher_platform(seen: Seen) -> Iterator[Row]:
    """Facts by publisher platform, days as `insights_by_ad`."""
    return _details(seen, "by_publisher")


def campaigns(seen: Seen) -> Iterator[Row]:
    """Campaigns as they stand."""
    part = seen.window
    return meta_structure.campaign_rows(part.market, part.account, part.pull)


def adsets(seen: Seen) -> Iterator[Row]:
    """Ad sets as they stand."""
    part = seen.window
    for place in places(part.market, _PLATFORM):
        yield from meta_structure.ad_set_rows(part.market, part.account, place, part.pull)


def ads(seen: Seen) -> Iterator[Row]:
    """Ads with their creatives as they stand."""
    part = seen.window
    for place in places(part.market, _PLATFORM):
        yield from meta_structure.ad_rows(part.market, part.account, place, part.pull)


def activities(seen: Seen) -> Iterator[Row]:
    """What was changed, in the history and since."""
    for part in (seen.past, seen.window):
        for change in changes_of(part.market, _PLATFORM):
            if part.pull.first <= change.day <= part.pull.last:
                yield from meta_structure.activity_rows(part.market, part.account, change)


def delivery_estimate(seen: Seen) -> Iterator[Row]:
    """Meta's own curves, as it saw them at the end of the history."""
    part = seen.history
    for place in places(part.market, _PLATFORM):
        if meta_structure.has_curve(part.market, place):
            yield meta_structure.estimate_row(part.market, part.account, place)


FACTS: Mapping[str, Callable[[Seen], Iterable[Row]]] = {
    "insights": insights, "insights_by_ad": insights_by_ad, "insights_by_age_gender": insights_by_age_gender,
    "insights_by_publisher_platform": insights_by_publisher_platform, "activities": activities,
}  # fmt: skip
"""Kinds that have days."""

STRUCTURE: Mapping[str, Callable[[Seen], Iterable[Row]]] = {
    "campaigns": campaigns, "adsets": adsets, "ads": ads, "delivery_estimate": delivery_estimate,
}  # fmt: skip
"""Kinds that are as they stand today."""


def day_of(row: Row) -> str:
    """The day of a row, ISO 8601."""
    return str(row.get("date_start") or row["event_time"][:10])


def _details(seen: Seen, parts_of: str) -> Iterator[Row]:
    for part in seen.parts:
        first = max(part.pull.last - _DETAIL_DAYS + 1, 0) if part is seen.history else part.pull.first
        told = getattr(meta_details, parts_of)
        yield from meta_details.detail_rows(part.market, part.account, part.pull, told, first)
