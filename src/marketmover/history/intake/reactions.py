"""What people wrote beneath ads, from Meta's JSON to rows of the lake, without who wrote it."""

from typing import TYPE_CHECKING, Any

from marketmover.history.intake.values import Object, day, text
from marketmover.language import mask

if TYPE_CHECKING:
    from marketmover.history.intake.meta_details import MetaObjects

_LONGEST = 2000  # characters that are kept: how somebody feels is said by then


def meta_reaction(whole: Object, objects: "MetaObjects") -> dict[str, Any] | None:
    """A comment as a row of `history_reactions`; `None` without its id, its day or its words."""
    found, written = text(whole.get("id")), day(whole.get("created_time"))
    words = (text(whole.get("message")) or "").strip()
    if found is None or written is None or not words:
        return None
    group = text(whole.get("adset_id")) or ""
    campaign = text(whole.get("campaign_id")) or objects.campaigns.get(group, "")
    return {
        "platform": "meta_ads",
        "account_id": objects.account(whole, campaign),
        "campaign_id": campaign,
        "group_id": group,
        "ad_id": text(whole.get("ad_id")),
        "reaction_id": found,
        "created_on": written,
        "text": mask(words[:_LONGEST]).text,
    }
