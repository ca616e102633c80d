"""Google's settings, targeting, ads, changes and simulations, from their JSON to rows of the lake's tables."""

import json
from collections.abc import Iterator
from typing import Any, cast

from marketmover.history.intake.values import (
    AGE_RANGES,
    GENDERS,
    GOOGLE_BIDDING,
    GOOGLE_CHANNELS,
    GOOGLE_STATUS,
    MATCH_TYPES,
    Flags,
    Object,
    day,
    ids,
    last_id,
    loads,
    member,
    micros,
    number,
    text,
    truth,
)
from marketmover.history.segments import country_of

Row = dict[str, Any]
_PLATFORM = "google_ads"
_LEARNING = ("bidding", "target_cpa", "targetCpa", "target_roas", "targetRoas", "maximize_conv", "maximizeConv")
_BIG_CHANGE = 0.2
_SIMULATION_DAYS = 7


def google_settings(row: Object, file: str, flags: Flags) -> Iterator[Row]:
    """A staged row's campaign and ad group as rows of `history_settings`."""
    account, campaign_id = str(row["account_id"] or ""), text(row["campaign_id"])
    if campaign_id is None:
        return
    campaign, budget, group = (row[name] or {} for name in ("campaign", "budget", "ad_group"))
    key: Row = {"platform": _PLATFORM, "account_id": account, "campaign_id": campaign_id}
    strategy, target = _bidding(campaign, file, flags)
    yield {
        **key,
        "group_id": "",
        "name": text(campaign.get("name")),
        "status": flags.enum(campaign.get("status"), GOOGLE_STATUS, (file, "campaign.status")),
        "ad_type": flags.enum(
            campaign.get("advertising_channel_type"), GOOGLE_CHANNELS, (file, "campaign.advertisingChannelType")
        ),
        "ad_subtype": text(campaign.get("advertising_channel_sub_type")),
        "bidding_strategy": strategy,
        "bidding_target": target,
        "daily_budget": micros(budget.get("amount_micros")),
        "lifetime_budget": micros(budget.get("total_amount_micros")),
        "budget_resource": text(budget.get("resource_name")) or _resource(account, budget.get("id")),
        "portfolio_strategy": text(campaign.get("bidding_strategy")),
        "budget_shared": truth(budget.get("explicitly_shared")),
        "start_date": day(campaign.get("start_date_time") or campaign.get("start_date")),
        "end_date": day(campaign.get("end_date_time") or campaign.get("end_date")),
    }
    if row["group_id"]:
        yield {
            **key,
            "group_id": row["group_id"],
            "name": text(group.get("name")),
            "status": flags.enum(group.get("status"), GOOGLE_STATUS, (file, "adGroup.status")),
        }


def _resource(account: str, budget_id: Any) -> str | None:
    return f"customers/{account}/campaignBudgets/{budget_id}" if budget_id and account else None


def _bidding(campaign: Object, file: str, flags: Flags) -> tuple[str | None, float | None]:
    """The strategy and its target: 0 where the strategy's own field is there without one, null if nothing is said."""
    strategy = flags.enum(campaign.get("bidding_strategy_type"), GOOGLE_BIDDING, (file, "campaign.biddingStrategyType"))
    objects = {name: loads(campaign.get(name)) for name in ("target_cpa", "maximize_conversions")}
    values = {name: loads(campaign.get(name)) for name in ("target_roas", "maximize_conversion_value")}
    costs = [micros(member(value, "targetCpaMicros")) for value in objects.values()]
    returns = [number(member(value, "targetRoas")) for value in values.values()]
    own = (objects | values).get((strategy or "").lower())
    return strategy, next((target for target in (*costs, *returns) if target), None if own is None else 0.0)


def google_criterion(row: Object, file: str, flags: Flags) -> Row | None:
    """A criterion as a row of `history_targeting`; null for one that says nothing of people, places or words."""
    criterion = loads(row["extra"])
    found = _criterion(criterion, file, flags)
    if found is None or not row["campaign_id"]:
        return None
    kind, value, match_type = found
    status = member(criterion, "status")
    return {
        "platform": _PLATFORM,
        "account_id": str(row["account_id"] or ""),
        "campaign_id": row["campaign_id"],
        "group_id": row["group_id"],
        "kind": kind,
        "value": value,
        "match_type": match_type,
        "negative": bool(truth(member(criterion, "negative"))),
        "present": status != "REMOVED",
    }


def _criterion(criterion: Any, file: str, flags: Flags) -> tuple[str, str, str] | None:
    if keyword := member(criterion, "keyword", "text"):
        match_type = member(criterion, "keyword", "matchType")
        return "keyword", str(keyword), flags.enum(match_type, MATCH_TYPES, (file, "keyword.matchType")) or ""
    simple = {
        "age_range": flags.enum(member(criterion, "ageRange", "type"), AGE_RANGES, (file, "ageRange.type")),
        "gender": flags.enum(member(criterion, "gender", "type"), GENDERS, (file, "gender.type")),
        "interest": member(criterion, "userInterest", "userInterestCategory")
        or member(criterion, "userList", "userList"),
        "geo": member(criterion, "location", "geoTargetConstant"),
    }
    kind, value = next(((kind, value) for kind, value in simple.items() if value), ("", None))
    if kind == "geo":
        return (*_place(str(value)), "")
    return (kind, str(value), "") if value else None


def _place(resource: str) -> tuple[str, str]:
    """`geoTargetConstants/2840` as country US (2000 and the ISO 3166-1 number); any other place by its resource."""
    constant = resource.rsplit("/", 1)[-1]
    country = country_of(constant)
    return ("country", country) if country else ("place", resource)


def google_creative(row: Object) -> Row | None:
    """An ad as a row of `history_creatives`; null is what a row does not say: those of figures only name it."""
    ad_group_ad = loads(row["extra"])
    ad = member(ad_group_ad, "ad")
    ad_id = text(member(ad, "id"))
    if ad_id is None:
        return None
    responsive = member(ad, "responsiveSearchAd") or member(ad, "responsiveDisplayAd") or {}
    urls = cast("list[Any]", member(ad, "finalUrls") or [])
    headlines = _texts(member(responsive, "headlines")) or _old_texts(
        ad, ("headlinePart1", "headlinePart2", "headlinePart3")
    )
    return {
        "platform": _PLATFORM,
        "account_id": str(row["account_id"] or ""),
        "campaign_id": str(row["campaign_id"] or ""),
        "group_id": row["group_id"],
        "ad_id": ad_id,
        "status": text(member(ad_group_ad, "status")),
        "format": _format_of(ad, said=bool(headlines)),
        "headlines": headlines or None,
        "descriptions": _texts(member(responsive, "descriptions"))
        or _old_texts(ad, ("description", "description2"))
        or None,
        "call_to_action": text(member(responsive, "callToActionText")),
        "final_url": text(urls[0]) if urls else None,
    }


def _format_of(ad: Any, *, said: bool) -> str | None:
    """By the ad's type or its parts; text where it has a type or texts, and nothing else is known."""
    kind = str(member(ad, "type") or "")
    if kind in ("VIDEO_AD", "VIDEO_RESPONSIVE_AD") or member(ad, "videoAd") is not None:
        return "VIDEO"
    if kind in ("RESPONSIVE_DISPLAY_AD", "IMAGE_AD") or member(ad, "responsiveDisplayAd"):
        return "IMAGE"
    return "TEXT" if kind or said else None


def _texts(assets: Any) -> list[str]:
    return [str(found) for asset in cast("list[Any]", assets or []) if (found := member(asset, "text"))]


def _old_texts(ad: Any, names: tuple[str, ...]) -> list[str]:
    expanded = member(ad, "expandedTextAd")
    return [str(found) for name in names if (found := member(expanded, name))]


def google_change(row: Object) -> Row | None:
    """A change event as a row of `history_changes`."""
    event = loads(row["extra"])
    moment = text(member(event, "changeDateTime"))
    if moment is None:
        return None
    before, after = member(event, "oldResource"), member(event, "newResource")
    fields = member(event, "changedFields")
    named = ",".join(map(str, fields)) if isinstance(fields, list) else str(member(fields, "paths") or fields or "")
    resource = text(member(event, "changeResourceName"))
    what = str(member(event, "changeResourceType") or "UNKNOWN")
    campaign = row["campaign_id"] or last_id(member(event, "campaign"))
    if not campaign and what == "CAMPAIGN":
        campaign = last_id(resource)
    return {
        "platform": _PLATFORM,
        "account_id": str(row["account_id"] or ids(resource).get("customers", "")),
        "campaign_id": str(campaign or ""),
        "group_id": str(row["group_id"] or last_id(member(event, "adGroup"))),
        "changed_at": moment,
        "date": day(moment),
        "what": what,
        "fields": named,
        "before": json.dumps(before, ensure_ascii=False) if before else None,
        "after": json.dumps(after, ensure_ascii=False) if after else "",
        "object_id": resource or "",
        "restarts_learning": _restarts_learning(what, named, before, after),
    }


def _restarts_learning(what: str, fields: str, before: Any, after: Any) -> bool:
    """Bidding changes and budget changes by more than a fifth start a learning phase (Google Ads Help, bid status)."""
    if any(name in fields for name in _LEARNING):
        return True
    if what != "CAMPAIGN_BUDGET":
        return False
    old, new = (number(member(side, "campaignBudget", "amountMicros")) for side in (before, after))
    return bool(old and new and abs(new / old - 1) > _BIG_CHANGE)


def google_curve(row: Object) -> Row | None:
    """A budget simulation as curve columns of `history_settings`: spend and conversions a day."""
    simulation = loads(row["extra"])
    resource = text(member(simulation, "resourceName"))
    campaign = row["campaign_id"] or text(member(simulation, "campaignId")) or (last_id(resource) if resource else None)
    found = cast("list[Any]", member(simulation, "budgetPointList", "points") or [])
    points = [
        (micros(member(point, "costMicros")), number(member(point, "biddableConversions")) or 0.0) for point in found
    ]
    spent = sorted((cost, conversions) for cost, conversions in points if cost is not None and cost >= 0)
    if not campaign or len(spent) < 2:
        return None
    days = _simulated_days(simulation, found)
    return {
        "platform": _PLATFORM,
        "account_id": str(row["account_id"] or ids(resource).get("customers", "")),
        "campaign_id": str(campaign),
        "group_id": "",
        "curve_spend": [cost / days for cost, _ in spent],
        "curve_conversions": [conversions / days for _, conversions in spent],
        "curve_date": day(member(simulation, "endDate")),
    }


def _simulated_days(simulation: Any, points: list[Any]) -> int:
    """How many days a simulation's cost covers: Google gives a week's cost for a day's budget.

    A point whose cost exceeds its daily budget shows that; where none does, the figures are a day's already.
    """
    ratios = [
        cost / budget
        for point in points
        if (cost := number(member(point, "costMicros"))) and (budget := number(member(point, "budgetAmountMicros")))
    ]
    if max(ratios, default=0.0) <= 1.3:
        return 1
    first, last = day(member(simulation, "startDate")), day(member(simulation, "endDate"))
    return (last - first).days + 1 if first and last and last > first else _SIMULATION_DAYS
