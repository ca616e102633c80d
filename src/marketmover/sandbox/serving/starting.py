"""Created objects that begin to run: what the market must know of the line that they make."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from marketmover.kit import line_id
from marketmover.sandbox.countries import USUAL
from marketmover.sandbox.exports.creatives import ads_of
from marketmover.sandbox.exports.google_structure import AGES
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.models.parameters import GENDERS
from marketmover.sandbox.serving.dialect import Bid, Fields, bid_of, budget_of, meta_audience, parent
from marketmover.sandbox.serving.places import Places
from marketmover.sandbox.serving.refusal import ServingRefusal, mapping_in
from marketmover.sandbox.serving.registry import Registry
from marketmover.sandbox.serving.things import Key, Start, Thing

_COUNTRIES = {country.geo_target: code for code, country in USUAL.items()}


def starting(registry: Registry, places: Places, day: date) -> Iterator[Start]:
    """Lines that are ready to run for the first time: campaign, group and ad are on, and there is money.

    Args:
        registry: What was created.
        places: The market.
        day: Today.

    Raises:
        ServingRefusal: The market has no such line.
    """
    number = len(registry.starts)
    for make in (_google, _meta):
        for found in make(registry, places):
            number += 1
            platform = str(found["platform"])
            key = f"{platform}:new:{number}"
            groups = tuple(group.key.id for group in found["groups"])
            named = line_id(platform, found["campaign"], groups[0] if len(groups) == 1 else None)
            served = {
                "id": named,
                "campaign_id": found["campaign"],
                "campaign_name": found["name"],
                "group_ids": list(groups),
                "group_names": [str(group.fields.get("name") or group.key.id) for group in found["groups"]],
                "group_shares": [1.0 / len(groups)] * len(groups),
                "budget_id": found["budget_id"],
                "budget_level": found["level"],
                **({"countries": found["countries"]} if found["countries"] else {}),
            }
            bid: Bid = found["bid"]
            line = {"id": key, "platform": platform, "is_new": True, "ad_type": found["ad_type"],
                    "bidding": {"strategy": bid.strategy, "target": None}, "audience": found["audience"],
                    "creative": found["creative"]}  # fmt: skip
            yield Start(
                key, named, line, served, found["budget"], bid.target, found["campaign"], groups, day.isoformat()
            )


def _google(registry: Registry, places: Places) -> Iterator[dict[str, Any]]:
    for campaign in registry.of("google_ads", "campaign"):
        groups = registry.groups_ready("google_ads", campaign.key.id)
        if campaign.line_id or not campaign.on or not groups:
            continue
        budget = registry.things.get(
            Key("google_ads", "budget", parent("google_ads", "campaign", "campaignBudget", campaign.fields))
        )
        amount = budget_of("google_ads", budget.fields, registry.account) if budget else None
        if not budget or not amount:
            continue
        audience = _google_audience(registry, campaign, groups)
        yield {
            "platform": "google_ads",
            "campaign": campaign.key.id,
            "name": str(campaign.fields["name"]),
            "groups": groups,
            "budget_id": budget.key.id,
            "budget": amount,
            "level": "campaign",
            "bid": bid_of("google_ads", campaign.fields, registry.account) or Bid("MAXIMIZE_CONVERSIONS", None),
            "ad_type": str(campaign.fields["advertisingChannelType"]),
            "audience": audience,
            "countries": audience["countries"],
            "creative": _creative_of_group(registry, places, groups[0]),
        }


def _meta(registry: Registry, places: Places) -> Iterator[dict[str, Any]]:
    """An ad set with a budget is a line; a campaign with one is a line of all its ad sets."""
    owners = {parent("meta_ads", "group", "campaign_id", group.fields) for group in registry.of("meta_ads", "group")}
    for owner in sorted(owners):
        campaign = registry.things.get(Key("meta_ads", "campaign", owner))
        if not registry.is_on(Key("meta_ads", "campaign", owner), "ACTIVE"):
            continue
        ready = [group for group in registry.groups_ready("meta_ads", owner) if not group.line_id]
        whole = budget_of("meta_ads", campaign.fields, registry.account) if campaign else None
        if whole and campaign and not campaign.line_id and ready:
            yield _meta_line(registry, places, owner, ready, whole, "campaign")
        elif not whole:
            for group in ready:
                amount = budget_of("meta_ads", group.fields, registry.account)
                if amount:
                    yield _meta_line(registry, places, owner, [group], amount, "ad_set")


def _meta_line(
    registry: Registry, places: Places, owner: str, groups: list[Thing], budget: float, level: str
) -> dict[str, Any]:
    campaign = registry.things.get(Key("meta_ads", "campaign", owner))
    mates = places.lines("meta_ads", "campaign", owner)
    fields = groups[0].fields
    bid = bid_of("meta_ads", fields, registry.account)
    if bid is None and campaign:
        bid = bid_of("meta_ads", campaign.fields, registry.account)
    audience = meta_audience(mapping_in(fields, "targeting"))
    return {
        "platform": "meta_ads",
        "campaign": owner,
        "name": str(campaign.fields.get("name")) if campaign else mates[0].campaign_name,
        "groups": groups,
        "budget_id": owner if level == "campaign" else groups[0].key.id,
        "budget": budget,
        "level": level,
        "bid": bid or Bid("LOWEST_COST_WITHOUT_CAP", None),
        "ad_type": _form(registry, places, groups[0]),
        "audience": audience,
        "countries": audience["countries"],
        "creative": _creative_of_group(registry, places, groups[0]),
    }


def _google_audience(registry: Registry, campaign: Thing, groups: Iterable[Thing]) -> dict[str, Any]:
    criteria = [one.fields for one in registry.below("google_ads", "campaign_criterion", "campaign", campaign.key.id)]
    for group in groups:
        criteria += [one.fields for one in registry.below("google_ads", "ad_group_criterion", "adGroup", group.key.id)]
    countries = [
        _COUNTRIES.get(str(mapping_in(one, "location").get("geoTargetConstant", "")).rpartition("/")[2])
        for one in criteria
        if "location" in one and not one.get("negative")
    ]
    words = [
        str(mapping_in(one, "keyword").get("text")) for one in criteria if "keyword" in one and not one.get("negative")
    ]
    youngest, oldest, genders = people_left(criteria, (18, 65, GENDERS))
    return {"countries": [one for one in countries if one], "age_min": youngest, "age_max": oldest,
            "genders": list(genders), "interests": [], "keywords": words}  # fmt: skip


def people_left(
    criteria: Iterable[Fields], people: tuple[int, int, tuple[str, ...]]
) -> tuple[int, int, tuple[str, ...]]:
    """Ages and genders that exclusions leave of some people.

    Raises:
        ServingRefusal: Nobody is left, or ages with a hole between them, which no line of the market can have.
    """
    out = [one for one in criteria if one.get("negative")]
    ages = {str(mapping_in(one, "ageRange").get("type")) for one in out if "ageRange" in one}
    genders = {str(mapping_in(one, "gender").get("type")) for one in out if "gender" in one}
    youngest, oldest, both = people
    bands = [name for name, (low, high) in AGES.items() if high >= youngest and low <= oldest]
    left = [name for name in bands if name not in ages]
    kept = tuple(one for one in both if one not in genders)
    if not left or not kept:
        raise ServingRefusal("invalid", "negative", "the exclusions leave nobody.")
    first, last = bands.index(left[0]), bands.index(left[-1])
    if last - first + 1 != len(left):
        raise ServingRefusal("unsupported", "ageRange", "the simulated market has no line with a hole in its ages.")
    low = max(youngest, AGES[left[0]][0])
    high = min(oldest, AGES[left[-1]][1] if left[-1] != "AGE_RANGE_65_UP" else 65)
    return low, high, kept


def _creative_of_group(registry: Registry, places: Places, group: Thing) -> dict[str, Any] | None:
    platform = group.key.platform
    name = "adGroup" if platform == "google_ads" else "adset_id"
    ads = [ad for ad in registry.below(platform, "ad", name, group.key.id) if ad.on]
    return creative_of(registry, places, ads[0]) if ads else None


def creative_of(registry: Registry, places: Places, ad: Thing) -> dict[str, Any] | None:
    """What a created ad says, in the form of `plan.json`."""
    if ad.key.platform == "google_ads":
        told = mapping_in(ad.fields, "ad")
        form = next((value for name, value in told.items() if name.endswith("Ad") and isinstance(value, Mapping)), {})
        texts = {
            name: [str(mapping_in({"asset": one}, "asset").get("text")) for one in form.get(name) or ()]
            for name in ("headlines", "descriptions")
        }
        return dict(texts) if any(texts.values()) else None
    story = _story(registry, ad)
    if story is None:
        found = past_ad(places, str(mapping_in(ad.fields, "creative").get("creative_id")))
        return {"source_ad_id": found[0]} if found else None
    texts = [str(story[name]) for name in ("name", "title", "message", "description") if story.get(name)]
    return {"headlines": texts, "descriptions": []} if texts else None


def _story(registry: Registry, ad: Thing) -> Fields | None:
    """The link or film that a created ad shows; `None` where it shows a past ad's creative."""
    creative = mapping_in(ad.fields, "creative")
    made = registry.things.get(Key("meta_ads", "creative", str(creative.get("creative_id"))))
    spec = mapping_in(made.fields if made else creative, "object_story_spec")
    if not spec:
        return None
    return mapping_in(spec, "video_data") or mapping_in(spec, "link_data")


def past_ad(places: Places, creative_id: str) -> tuple[str, int] | None:
    """The market's Meta ad that has a creative, and the place of its line."""
    for place, line in enumerate(places.market.lines):
        for group in range(len(line.group_ids) if line.platform == "meta_ads" else 0):
            for ad in ads_of(places.market, place, group):
                if numeric_id(ad.id, "creative", digits=15) == creative_id:
                    return f"12021{ad.id}", place
    return None


def _form(registry: Registry, places: Places, group: Thing) -> str:
    """The form of an ad set's ads: by its positions, else by what its ad shows."""
    targeting = mapping_in(group.fields, "targeting")
    positions = {str(one) for one in targeting.get("instagram_positions") or ()}
    if positions and positions <= {"story", "reels"}:
        return "STORIES" if "story" in positions else "REELS"
    ad = next(ad for ad in registry.below("meta_ads", "ad", "adset_id", group.key.id) if ad.on)
    story = _story(registry, ad)
    if story is None:
        found = past_ad(places, str(mapping_in(ad.fields, "creative").get("creative_id")))
        return places.market.lines[found[1]].ad_type if found else "IMAGE"
    call = mapping_in(mapping_in(story, "call_to_action"), "value")
    if "lead_gen_form_id" in call:
        return "LEAD_FORM"
    if "video_id" in story:
        return "VIDEO"
    return "CAROUSEL" if len(story.get("child_attachments") or ()) >= 2 else "IMAGE"
