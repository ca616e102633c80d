"""Telling by its content whose export a file is: Google's, Meta's, or the CRM's."""

import re
import zlib
from typing import IO

_HEAD = 1 << 16
_SIGNS = {
    "google_ads": rb'"(?:metrics|costMicros|cost_micros|customer|adGroup|ad_group|fieldMask|field_mask|changeEvent'
    rb"|change_event|campaignCriterion|campaign_criterion|adGroupCriterion|ad_group_criterion|adGroupAd|ad_group_ad"
    rb'|advertisingChannelType|advertising_channel_type|campaignSimulation|campaign_simulation|segments)"',
    "meta_ads": rb'"(?:date_start|date_stop|adset_id|adset_name|account_currency|targeting|object_story_spec'
    rb'|optimization_goal|daily_outcomes_curve|lifetime_budget|event_type|inline_link_clicks|creative|paging)"',
    "crm": rb'"(?:lead_id|qualified|qualified_at|won_at|won)"',
}


def head_of(stream: IO[bytes]) -> bytes:
    """The first bytes of a file's text, unpacked where it is a gzip."""
    start = stream.read(_HEAD)
    if not start.startswith(b"\x1f\x8b"):
        return start
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start, _HEAD)
    except zlib.error:
        return b""


def owner_of(head: bytes) -> str | None:
    """`google_ads`, `meta_ads` or `crm`; `None` where its beginning does not show it."""
    plain = head.replace(b"\x00", b"")  # UTF-16 shows its keys so
    counts = {owner: len(set(re.findall(pattern, plain))) for owner, pattern in _SIGNS.items()}
    best = max(counts, key=lambda owner: counts[owner])
    others = [count for owner, count in counts.items() if owner != best]
    return best if counts[best] > max(others) else None
