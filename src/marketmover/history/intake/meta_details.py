"""Meta's campaigns, ad sets, ads, changes and outcome curves, from their JSON to rows of the lake's tables."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

from marketmover.history.intake.values import (
    META_BIDDING,
    META_GOALS,
    META_OBJECTIVES,
    META_STATUS,
    Flags,
    Object,
    day,
    loads,
    member,
    minor_units,
    number,
    text,
)

Row = dict[str, Any]
_PLATFORM = "meta_ads"
_GENDERS = {"1": "MALE", "2": "FEMALE"}
_BIG_CHANGE = 0.2
_LEARNING = (
    *("update_ad_set_target_spec", "update_ad_set_optimization_goal", "update_ad_set_bid_strategy"),
    *("update_ad_set_bidding", "update_ad_set_bid_adjustments", "update_ad_creative", "create_ad", "create_ad_set"),
    *("update_campaign_bid_strategy", "update_ad_set_optimization_event", "update_ad_set_conversion_event"),
)
_BUDGETS = ("budget", "spend_cap")


class MetaObjects:
    """What Meta's rows need to know of each other: which account a campaign is in, and its currency."""

    def __init__(self, homes: dict[str, str], currency: dict[str, str], campaigns: dict[str, str]) -> None:
        self.homes = homes
        self.currency = currency
        self.campaigns = campaigns
        self._only = next(iter(currency)) if len(currency) == 1 else ""

    def account(self, whole: Object, campaign_id: str | None) -> str:
        """The account of an object: as it says, else its campaign's, else the only one there is."""
        said = str(whole.get("account_id") or "").removeprefix("act_")
        return said or self.homes.get(campaign_id or "", self._only)

    def money(self, value: Any, account: str) -> float | None:
        """Minor units of an account's currency in major units."""
        return minor_units(value, self.currency.get(account, ""))


def meta_fact_settings(row: Object, file: str, flags: Flags) -> Iterator[Row]:
    """A daily row's campaign and ad set as rows of `history_settings`."""
    key: Row = {
        "platform": _PLATFORM,
        "account_id": str(row["account_id"] or ""),
        "campaign_id": row["campaign_id"],
    }
    yield {
        **key,
        "group_id": "",
        "name": text(row["campaign_name"]),
        "objective": flags.enum(row["objective"], META_OBJECTIVES, (file, "objective")),
    }
    if row["group_id"]:
        yield {**key, "group_id": row["group_id"], "name": text(row["adset_name"])}


def meta_campaign(whole: Object, objects: MetaObjects, file: str, flags: Flags) -> Row | None:
    """A campaign as a row of `history_settings`."""
    campaign_id = text(whole.get("id")) or text(whole.get("campaign_id"))
    if campaign_id is None:
        return None
    account = objects.account(whole, campaign_id)
    return {
        "platform": _PLATFORM,
        "account_id": account,
        "campaign_id": campaign_id,
        "group_id": "",
        "name": text(whole.get("name")),
        "status": _status(whole, file, flags),
        "objective": flags.enum(whole.get("objective"), META_OBJECTIVES, (file, "objective")),
        "bidding_strategy": flags.enum(whole.get("bid_strategy"), META_BIDDING, (file, "bid_strategy")),
        "daily_budget": objects.money(whole.get("daily_budget"), account) or 0.0,
        "lifetime_budget": objects.money(whole.get("lifetime_budget"), account) or 0.0,
        "start_date": day(whole.get("start_time")),
        "end_date": day(whole.get("stop_time") or whole.get("end_time")),
    }


def _status(whole: Object, file: str, flags: Flags) -> str | None:
    return flags.enum(whole.get("status") or whole.get("effective_status"), META_STATUS, (file, "status"))


def meta_ad_set(whole: Object, objects: MetaObjects, file: str, flags: Flags) -> Row | None:
    """An ad set as a row of `history_settings`."""
    ad_set, campaign_id = text(whole.get("id")) or text(whole.get("adset_id")), text(whole.get("campaign_id"))
    campaign_id = campaign_id or objects.campaigns.get(ad_set or "")
    if ad_set is None or campaign_id is None:
        return None
    account = objects.account(whole, campaign_id)
    return {
        "platform": _PLATFORM,
        "account_id": account,
        "campaign_id": campaign_id,
        "group_id": ad_set,
        "name": text(whole.get("name")),
        "status": _status(whole, file, flags),
        "bidding_strategy": flags.enum(whole.get("bid_strategy"), META_BIDDING, (file, "bid_strategy")),
        "bidding_target": objects.money(whole.get("bid_amount"), account) or _no_cap(whole),
        "optimization_goal": flags.enum(whole.get("optimization_goal"), META_GOALS, (file, "optimization_goal")),
        "promoted_object": _promoted(whole.get("promoted_object")),
        "targeting": _whole(whole.get("targeting")),
        "daily_budget": objects.money(whole.get("daily_budget"), account) or 0.0,
        "lifetime_budget": objects.money(whole.get("lifetime_budget"), account) or 0.0,
        "start_date": day(whole.get("start_time")),
        "end_date": day(whole.get("end_time") or whole.get("stop_time")),
    }


def _no_cap(whole: Object) -> float | None:
    """0 for an ad set whose strategy has no cap, null where nothing is said of it."""
    return 0.0 if whole.get("bid_strategy") == "LOWEST_COST_WITHOUT_CAP" else None


def _promoted(value: Any) -> list[dict[str, str]] | None:
    promoted = loads(value)
    if not isinstance(promoted, dict):
        return None
    pairs = cast("dict[str, Any]", promoted)
    return [{"name": name, "value": str(pairs[name])} for name in sorted(pairs)]


def _whole(targeting: Any) -> str | None:
    """Targeting as it was exported, in one way of writing it."""
    found = loads(targeting)
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if isinstance(found, dict) and found else None


def meta_targeting(whole: Object, settings: Row) -> Iterator[Row]:
    """An ad set's targeting as rows of `history_targeting`."""
    targeting = loads(whole.get("targeting"))
    key = {name: settings[name] for name in ("platform", "account_id", "campaign_id", "group_id")}
    for kind, value in _criteria(targeting):
        yield {**key, "kind": kind, "value": value, "match_type": "", "negative": False, "present": True}


def _criteria(targeting: Any) -> Iterator[tuple[str, str]]:
    geo = member(targeting, "geo_locations")
    yield from (("country", str(code)) for code in _items(member(geo, "countries")))
    for kind in ("regions", "cities", "zips", "places"):
        yield from (("place", str(name)) for item in _items(member(geo, kind)) if (name := _name(item)))
    for bound in ("age_min", "age_max"):
        if (age := number(member(targeting, bound))) is not None:
            yield bound, str(int(age))
    yield from (
        ("gender", _GENDERS[str(code)]) for code in _items(member(targeting, "genders")) if str(code) in _GENDERS
    )
    specs = [*_items(member(targeting, "flexible_spec")), targeting]
    for spec in specs:
        for kind in ("interests", "behaviors"):
            yield from (("interest", str(name)) for item in _items(member(spec, kind)) if (name := _name(item)))
    yield from (("platform", str(name)) for name in _items(member(targeting, "publisher_platforms")))
    for platform in ("facebook", "instagram", "messenger", "audience_network"):
        names = _items(member(targeting, f"{platform}_positions"))
        yield from (("position", f"{platform}:{name}") for name in names)


def _items(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _name(item: Any) -> Any:
    return member(item, "name") or member(item, "key") if isinstance(item, dict) else item


def meta_creative(whole: Object, objects: MetaObjects) -> Row | None:
    """An ad as a row of `history_creatives`."""
    ad_id = text(whole.get("id"))
    if ad_id is None:
        return None
    creative = loads(whole.get("creative"))
    group = text(whole.get("adset_id")) or ""
    campaign = text(whole.get("campaign_id")) or objects.campaigns.get(group, "")
    story = member(creative, "object_story_spec")
    link, video = member(story, "link_data"), member(story, "video_data")
    call = member(link, "call_to_action") or member(video, "call_to_action")
    feed = member(creative, "asset_feed_spec")
    return {
        "platform": _PLATFORM,
        "account_id": objects.account(whole, campaign),
        "campaign_id": campaign,
        "group_id": group,
        "ad_id": ad_id,
        "status": text(whole.get("status") or whole.get("effective_status")),
        "format": ad_form(creative),
        "headlines": [str(found) for item in _items(member(feed, "titles")) if (found := member(item, "text"))],
        "descriptions": [str(found) for item in _items(member(feed, "bodies")) if (found := member(item, "text"))],
        "title": text(member(creative, "title") or member(link, "name") or member(video, "title")),
        "body": text(member(creative, "body") or member(link, "message") or member(video, "message")),
        "call_to_action": text(member(creative, "call_to_action_type") or member(call, "type")),
        "final_url": text(member(link, "link") or member(call, "value", "link")),
        "creative_id": text(member(creative, "id")),
        "page_id": text(member(story, "page_id")),
        "picture": text(member(link, "picture") or member(video, "image_url") or member(link, "image_hash")),
        "lead_gen_form_id": _lead_form(story),
        "created_on": day(whole.get("created_time")),
    }


def _lead_form(story: Any) -> str | None:
    """The lead form that any call to action of a story opens."""
    if isinstance(story, dict):
        parts = cast("dict[str, Any]", story)
        if found := text(parts.get("lead_gen_form_id")):
            return found
        return next((found for part in parts.values() if (found := _lead_form(part))), None)
    return next((found for part in _items(story) if (found := _lead_form(part))), None)


def ad_form(creative: Any) -> str | None:
    """LEAD_FORM, CAROUSEL, VIDEO or IMAGE by a creative's structure; null where there is no creative."""
    if not creative:
        return None
    story = member(creative, "object_story_spec")
    if _lead_form(creative):
        return "LEAD_FORM"
    if len(_items(member(story, "link_data", "child_attachments"))) >= 2:
        return "CAROUSEL"
    is_video = member(story, "video_data") is not None or member(creative, "object_type") == "VIDEO"
    return "VIDEO" if is_video or member(creative, "video_id") is not None else "IMAGE"


def meta_change(whole: Object, objects: MetaObjects) -> Row | None:
    """An activity as a row of `history_changes`."""
    moment = text(whole.get("event_time"))
    if moment is None:
        return None
    target, what = str(whole.get("object_id") or ""), str(whole.get("event_type") or "UNKNOWN")
    is_group = target in objects.campaigns
    campaign = objects.campaigns.get(target, target if target in objects.homes else "")
    extra = whole.get("extra_data")
    return {
        "platform": _PLATFORM,
        "account_id": objects.account(whole, campaign),
        "campaign_id": campaign,
        "group_id": target if is_group else "",
        "changed_at": moment,
        "date": day(moment) or _epoch_day(moment),
        "what": what,
        "fields": "",
        "before": None,
        "after": str(extra or ""),
        "object_id": target,
        "restarts_learning": _restarts_learning(what, loads(extra)),
    }


def _epoch_day(moment: str) -> date | None:
    return datetime.fromtimestamp(int(moment), UTC).date() if moment.isdigit() else None


def _restarts_learning(what: str, extra: Any) -> bool:
    """Significant edits and budget changes by more than a fifth (Meta Business Help, learning phase)."""
    if what in _LEARNING:
        return True
    if not any(name in what for name in _BUDGETS):
        return False
    old, new = number(_amount(member(extra, "old_value"))), number(_amount(member(extra, "new_value")))
    return bool(old and new and abs(new / old - 1) > _BIG_CHANGE)


def _amount(value: Any) -> Any:
    return (
        next((member(value, name) for name in ("new_value", "old_value", "value")), None)
        if isinstance(value, dict)
        else value
    )


def meta_curve(whole: Object, objects: MetaObjects) -> Row | None:
    """A delivery estimate's outcome curve as curve columns of `history_settings`."""
    group = text(whole.get("adset_id")) or text(whole.get("id")) or text(whole.get("object_id")) or ""
    campaign = (
        text(whole.get("campaign_id")) or objects.campaigns.get(group) or (group if group in objects.homes else "")
    )
    curve = loads(whole.get("daily_outcomes_curve"))
    points = [(number(member(point, "spend")), _actions(member(point, "actions"))) for point in _items(curve)]
    spent = sorted((spend, actions) for spend, actions in points if spend is not None and spend >= 0)
    if not campaign or len(spent) < 2:
        return None
    return {
        "platform": _PLATFORM,
        "account_id": objects.account(whole, campaign),
        "campaign_id": campaign,
        "group_id": "" if group == campaign else group,
        "curve_spend": [spend for spend, _ in spent],
        "curve_conversions": [actions for _, actions in spent],
        "curve_date": None,
    }


def _actions(value: Any) -> float:
    if isinstance(value, list):
        return max((number(member(item, "value")) or 0.0 for item in cast("list[Any]", value)), default=0.0)
    return number(value) or 0.0
