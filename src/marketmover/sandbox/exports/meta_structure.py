"""What Meta exports beside daily facts: campaigns, ad sets, ads, activities, breakdowns, delivery estimates."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.exports.account import Account, Pull, budget_at, places, runs_at
from marketmover.sandbox.exports.bidding import shown_target
from marketmover.sandbox.exports.changes import Change, changes_of
from marketmover.sandbox.exports.creatives import ShownAd, ads_of
from marketmover.sandbox.exports.curves import predicted
from marketmover.sandbox.exports.files import text, write_pages
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.exports.meta import objective
from marketmover.sandbox.lines import Run
from marketmover.sandbox.market import Market

_POSITIONS = {"STORIES": "story", "REELS": "reels"}
_PAGE = "100200300400500"


def write_structure(
    market: Market, account: Account, folder: Path, pull: Pull, changes: Sequence[Change] | None = None
) -> dict[str, int]:
    """Everything but the insights, as it stood at `pull`; how many rows of each.

    With `changes` these are the log, and there are no estimates; else the log is that of the whole history.
    """
    lines = places(market, "meta_ads")
    logged = changes_of(market, "meta_ads") if changes is None else changes
    edges = {
        "campaigns": campaign_rows(market, account, pull),
        "adsets": (row for place in lines for row in ad_set_rows(market, account, place, pull)),
        "ads": (row for place in lines for row in ad_rows(market, account, place, pull)),
        "activities": (row for change in logged for row in activity_rows(market, account, change)),
        "delivery_estimate": (estimate_row(market, account, place) for place in lines if has_curve(market, place)),
    }
    return {
        edge: write_pages(folder, edge, f"v23.0/act_{account.meta_id}/{edge}", (text(row) for row in rows))
        for edge, rows in edges.items()
        if changes is None or edge != "delivery_estimate"
    }


def has_curve(market: Market, place: int) -> bool:
    """Whether Meta gives a curve for a line."""
    line = market.lines[place]
    return line.has_curve and line.budget_level == "ad_set" and line.last_day >= market.setting.days - 1


def _bidding(market: Market, account: Account, place: int, *, own: bool) -> dict[str, str]:
    """The bid strategy of an ad set with a budget of its own, and for a cost cap the bid, in minor units."""
    run = market.lines[place].runs[-1]
    target = shown_target(market, place, run) if own else run.target
    cap = {"bid_amount": str(account.minor(target))} if run.bidding == "COST_CAP" and target is not None else {}
    return {**({"bid_strategy": run.bidding} if own else {}), **cap}


def _state(*, on: bool) -> dict[str, str]:
    return {"status": "ACTIVE" if on else "PAUSED", "effective_status": "ACTIVE" if on else "PAUSED"}


def campaign_rows(market: Market, account: Account, pull: Pull) -> Iterator[dict[str, Any]]:
    """One row a campaign; the budget stands on it or on its ad sets, never on both."""
    seen: set[str] = set()
    for place in places(market, "meta_ads"):
        line = market.lines[place]
        if line.campaign_id in seen:
            continue
        seen.add(line.campaign_id)
        mates = [mate for mate in market.lines if mate.campaign_id == line.campaign_id]
        on_campaign = line.budget_level == "campaign"
        budget = {"daily_budget": str(account.minor(budget_at(market, place, pull.last)))} if on_campaign else {}
        yield {
            "id": line.campaign_id,
            "account_id": account.meta_id,
            "name": line.campaign_name,
            "objective": objective(market, place, modern=pull.modern),
            "buying_type": "AUCTION",
            **_state(on=any(runs_at(mate, pull.last) for mate in mates)),
            **({"bid_strategy": line.bidding} if on_campaign else {}),
            **budget,
            "start_time": f"{account.day(min(mate.first_day for mate in mates))}T00:00:00+0000",
        }


def ad_set_rows(market: Market, account: Account, place: int, pull: Pull) -> Iterator[dict[str, Any]]:
    """A line's ad sets as they stood at the pull."""
    line = market.lines[place]
    own = line.budget_level == "ad_set"
    budget = {"daily_budget": str(account.minor(budget_at(market, place, pull.last)))} if own else {}
    wants_leads = market.truth.lead_share[place] >= 0.5
    goal = "LEAD_GENERATION" if line.ad_type == "LEAD_FORM" else "OFFSITE_CONVERSIONS"
    for number, ad_set in enumerate(line.group_ids):
        yield {
            "id": ad_set,
            "name": line.group_names[number],
            "campaign_id": line.campaign_id,
            "account_id": account.meta_id,
            **_state(on=runs_at(line, pull.last)),
            "targeting": _targeting(market, place),
            "optimization_goal": goal,
            "promoted_object": {"pixel_id": _PAGE, "custom_event_type": "LEAD" if wants_leads else "PURCHASE"},
            "billing_event": "IMPRESSIONS",
            **_bidding(market, account, place, own=own),
            **budget,
            "start_time": f"{account.day(line.first_day)}T00:00:00+0000",
        }


def _targeting(market: Market, place: int) -> dict[str, Any]:
    line = market.lines[place]
    found: dict[str, Any] = {
        "geo_locations": {"countries": list(line.countries), "location_types": ["home", "recent"]},
        "age_min": line.age_min,
        "age_max": line.age_max,
    }
    if line.interests:
        interests = [{"id": numeric_id(name, digits=13), "name": name} for name in line.interests]
        found["flexible_spec"] = [{"interests": interests}]
    if line.role == "retargeting":
        found["custom_audiences"] = [{"id": numeric_id(line.id, "visitors", digits=15), "name": "Website visitors"}]
    if len(line.genders) == 1:
        found["genders"] = [2 if line.genders[0] == "FEMALE" else 1]
    if position := _POSITIONS.get(line.ad_type):
        found["publisher_platforms"] = ["facebook", "instagram"] if position == "reels" else ["instagram"]
        found["instagram_positions"] = [position]
        if position == "reels":
            found["facebook_positions"] = ["facebook_reels"]
    return found


def ad_rows(market: Market, account: Account, place: int, pull: Pull) -> Iterator[dict[str, Any]]:
    """A line's ads with their creatives as they stood at the pull."""
    line = market.lines[place]
    for group, ad_set in enumerate(line.group_ids):
        for ad in ads_of(market, place, group):
            yield {
                "id": _long(ad.id),
                "name": f"{line.group_names[group]} | ad {ad.number}",
                "adset_id": ad_set,
                "campaign_id": line.campaign_id,
                **_state(on=ad.last >= pull.last and runs_at(line, pull.last)),
                "created_time": f"{account.day(ad.first)}T06:00:00+0000",
                "creative": _creative(market, place, ad),
            }


def _long(ad_id: str) -> str:
    return f"12021{ad_id}"


def _creative(market: Market, place: int, ad: ShownAd) -> dict[str, Any]:
    """A creative whose form shows in its structure: carousel, video, lead form, else an image."""
    form = market.lines[place].ad_type
    buys = market.truth.lead_share[place] < 0.5
    action = "SHOP_NOW" if buys else "SIGN_UP"
    link = "https://www.example.com/"
    title, body = ad.headlines[ad.number % len(ad.headlines)], ad.descriptions[0]
    form_id = {"lead_gen_form_id": numeric_id(ad.id, "form", digits=15)}
    call = {"type": action, "value": form_id if form == "LEAD_FORM" else {"link": link}}
    if form in {"VIDEO", "REELS"}:
        data: dict[str, Any] = {"video_id": numeric_id(ad.id, "video", digits=15), "title": title, "message": body}
        spec: dict[str, Any] = {"video_data": {**data, "call_to_action": call}}
    else:
        data = {"link": link, "message": body, "name": title, "call_to_action": call}
        picture = {"picture": f"https://www.example.com/pictures/{ad.id}.jpg"}
        cards = [{"link": link, "name": text_, "picture": f"https://www.example.com/pictures/{ad.id}-{at}.jpg"}
                 for at, text_ in enumerate(ad.headlines[:3])]  # fmt: skip
        spec = {"link_data": {**data, **({"child_attachments": cards} if form == "CAROUSEL" else picture)}}
    return {
        "id": numeric_id(ad.id, "creative", digits=15),
        "title": title,
        "body": body,
        "call_to_action_type": action,
        "object_type": "VIDEO" if "video_data" in spec else "SHARE",
        "object_story_spec": {"page_id": _PAGE, **spec},
    }


def activity_rows(market: Market, account: Account, change: Change) -> Iterator[dict[str, Any]]:
    """A change as the activities edge tells it; `extra_data` is JSON within a string."""
    line = market.lines[change.place]
    on_campaign = line.budget_level == "campaign"
    what = "campaign" if on_campaign else "ad_set"
    if change.kind == "budget":
        kind, told = f"update_{what}_budget", "Budget updated"
        money = {"type": "payment_amount", "currency": account.currency, "additional_value": "Per day"}
        extra: dict[str, Any] = {
            name: {**money, name: account.minor(amount)}
            for name, amount in (("old_value", change.before), ("new_value", change.after))
        }
    elif change.kind == "status":
        kind, told = f"update_{what}_run_status", "Status updated"
        extra = {"old_value": _run_status(change.before), "new_value": _run_status(change.after)}
    elif change.kind == "bidding":
        kind, told = f"update_{what}_bid_strategy", "Bid strategy updated"
        extra = {"old_value": change.old.bidding, "new_value": change.new.bidding}
    elif change.kind == "target":
        kind, told = "update_ad_set_bidding", "Bid updated"
        old, new = (account.minor(shown_target(market, change.place, run) or 0.0) for run in (change.old, change.new))
        extra = {"old_value": old, "new_value": new}
    else:
        kind, told = "update_ad_set_target_spec", "Targeting updated"
        extra = {"old_value": _asked_for(change.old), "new_value": _asked_for(change.new)}
    objects = line.group_ids if change.kind in {"targeting", "target"} or not on_campaign else (line.campaign_id,)
    hour = 8 + int(numeric_id(line.id, str(change.day), digits=4)) % 10
    for name in objects:
        yield {
            "event_time": f"{account.day(change.day)}T{hour:02d}:12:00+0000",
            "event_type": kind,
            "translated_event_type": told,
            "object_id": name,
            "object_type": "CAMPAIGN" if name == line.campaign_id else "CAMPAIGN_GROUP",
            "extra_data": text(extra),
        }


def _asked_for(run: Run) -> list[dict[str, Any]]:
    oldest = "65+" if run.age_max >= 65 else str(run.age_max)
    genders = "All" if len(run.genders) == 2 else {"FEMALE": "Women", "MALE": "Men"}[run.genders[0]]
    return [
        {"content": "Age:", "children": [f"{run.age_min} - {oldest}"]},
        {"content": "Gender:", "children": [genders]},
    ]


def _run_status(on: float) -> str:
    return "Active" if on else "Inactive"


def estimate_row(market: Market, account: Account, place: int) -> dict[str, Any]:
    """Meta's own curve for an ad set, figures a day; spend in major units."""
    seen, people = predicted(market, place), float(market.truth.audience[place])
    points = [
        {
            "spend": account.rounded(float(seen.spend[at])),
            "reach": round(people * -float(np.expm1(-seen.impressions[at] / people))),
            "impressions": round(float(seen.impressions[at])),
            "actions": round(float(seen.conversions[at]), 3),
        }
        for at in range(len(seen.spend))
    ]
    return {
        "adset_id": market.lines[place].group_ids[0],
        "daily_outcomes_curve": points,
        "estimate_ready": True,
        "estimate_dau": round(people),
        "estimate_mau_lower_bound": round(1.6 * people),
        "estimate_mau_upper_bound": round(2.1 * people),
    }
