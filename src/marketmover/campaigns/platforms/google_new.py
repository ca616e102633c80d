"""New Google lines: budget, campaign, targeting, ad group, keywords and ad, all behind a paused campaign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.platforms.google_bidding import new_bidding
from marketmover.campaigns.platforms.google_existing import new_budget
from marketmover.campaigns.platforms.google_operations import GoogleOperations
from marketmover.campaigns.platforms.google_targeting import (
    age_exclusions,
    gender_exclusions,
    keyword_criteria,
    language_criteria,
    location_criteria,
)
from marketmover.campaigns.platforms.limits import NAME_MOST_CHARACTERS, TEXT_LIMITS, display_width
from marketmover.plans import Creative, Plan, PlanLine

Json = dict[str, Any]
Warn = Callable[[str], None]

# Campaigns of these channels can be made from what a plan knows; the others need a feed, an app or a contract.
_MAKEABLE = {"SEARCH", "DISPLAY", "PERFORMANCE_MAX", "DEMAND_GEN"}
_NEEDS = {
    "VIDEO": "the API does not create VIDEO campaigns (use a DEMAND_GEN campaign, or make it in Google Ads)",
    "SHOPPING": "it needs a Merchant Center account",
    "MULTI_CHANNEL": "it needs the app's id and store",
    "HOTEL": "it needs a Hotel Center account",
    "TRAVEL": "it needs a travel feed",
}
_NETWORKS: dict[str, dict[str, bool]] = {
    "SEARCH": {"targetGoogleSearch": True, "targetSearchNetwork": False, "targetContentNetwork": False},
    "DISPLAY": {"targetGoogleSearch": False, "targetSearchNetwork": False, "targetContentNetwork": True},
}
_AD_GROUP_TYPES = {"SEARCH": "SEARCH_STANDARD", "DISPLAY": "DISPLAY_STANDARD", "DEMAND_GEN": None}
_OLD_DATES = {"v21", "v22"}


@dataclass(frozen=True)
class NewLineContext:
    """What the new lines of a request share: the plan, the API version, languages, and how its currency is charged."""

    plan: Plan
    api_version: str
    languages: Sequence[str]
    whole: bool


def create_line(operations: GoogleOperations, line: PlanLine, micros: int, context: NewLineContext, warn: Warn) -> None:
    """Append all that a new line needs, or say in words why it cannot be made by the API.

    Args:
        operations: Takes the operations.
        line: The new line.
        micros: Its daily budget.
        context: What the request's new lines share.
        warn: Is told in words what is missing.
    """
    if line.ad_type not in _MAKEABLE:
        why = _NEEDS.get(line.ad_type, "its channel cannot be made from a plan")
        warn(f"{line.id} ({line.ad_type}) is not in the Google request: {why}. Place its {line.budget:,.2f} by hand.")
        return
    label = f"{line.id} ({line.ad_type})"
    name = _name(line, context.plan)
    budget = operations.create("campaignBudgetOperation", "campaignBudgets", new_budget(name, micros))
    campaign = operations.create(
        "campaignOperation", "campaigns", _campaign(line, name, budget, context, lambda text: warn(f"{label}: {text}"))
    )
    group = _ad_group(operations, line, campaign)
    _target(operations, line, campaign, group, context, warn)
    if line.ad_type == "SEARCH":
        _keywords(operations, line, group, context.plan.brief.product, warn)
        _search_ad(operations, line, group, warn)
    else:
        missing = "an asset group with images, logo and texts" if group is None else "an ad with images"
        warn(f"{label} is made without ads, since the exports hold no pictures: add {missing} before you switch it on.")


def _name(line: PlanLine, plan: Plan) -> str:
    words = line.name or f"{plan.brief.product or 'New campaign'} {line.ad_type.replace('_', ' ').title()}"
    clean = " ".join(words.replace("\0", " ").split())
    tail = f" {plan.mark_of(line)}"
    return clean[: NAME_MOST_CHARACTERS - len(tail)] + tail


def _campaign(line: PlanLine, name: str, budget: str, context: NewLineContext, warn: Warn) -> Json:
    plan = context.plan
    fields: Json = {
        "name": name,
        "status": "PAUSED",
        "advertisingChannelType": line.ad_type,
        "campaignBudget": budget,
        "containsEuPoliticalAdvertising": "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING",
        **new_bidding(line.bidding, line.ad_type, plan.objective, whole=context.whole, warn=warn),
    }
    if context.api_version in _OLD_DATES:
        fields |= {"startDate": str(plan.start_date), "endDate": str(plan.end_date)}
    else:
        fields |= {"startDateTime": f"{plan.start_date} 00:00:00", "endDateTime": f"{plan.end_date} 23:59:59"}
    if line.ad_type in _NETWORKS:
        fields["networkSettings"] = dict(_NETWORKS[line.ad_type])
        fields["geoTargetTypeSetting"] = {"positiveGeoTargetType": "PRESENCE"}
    if line.ad_type == "PERFORMANCE_MAX":
        fields["brandGuidelinesEnabled"] = False  # else name and logo must be linked in this very request
    return fields


def _ad_group(operations: GoogleOperations, line: PlanLine, campaign: str) -> str | None:
    if line.ad_type not in _AD_GROUP_TYPES:
        return None
    fields: Json = {"name": "Ad group 1", "campaign": campaign, "status": "ENABLED"}
    kind = _AD_GROUP_TYPES[line.ad_type]
    return operations.create("adGroupOperation", "adGroups", fields | ({"type": kind} if kind else {}))


def _target(
    operations: GoogleOperations,
    line: PlanLine,
    campaign: str,
    group: str | None,
    context: NewLineContext,
    warn: Warn,
) -> None:
    """Places and languages stand on the campaign (on Demand Gen's ad group); ages and genders on the ad group."""
    audience = line.audience
    countries = audience.countries or context.plan.brief.audience.countries
    places = location_criteria(countries, warn) + language_criteria(context.languages, warn)
    people = age_exclusions(audience.age_min, audience.age_max, warn) + gender_exclusions(audience.genders)
    if line.ad_type == "DEMAND_GEN":
        _criteria(operations, places, group=group)
        if people:
            warn(f"{line.id}: Demand Gen takes ages and genders in an audience only; set them before you switch it on.")
    elif group is None:
        _criteria(operations, places + [entry for entry in people if "ageRange" in entry], campaign=campaign)
        if any("gender" in entry for entry in people):
            warn(f"{line.id}: Performance Max does not exclude genders by the API; set it in Google Ads.")
    else:
        _criteria(operations, places, campaign=campaign)
        _criteria(operations, people, group=group)
    if not any("location" in entry for entry in places):
        warn(f"{line.id} names no country that Google can target, so it would reach the whole world: add places first.")
    if audience.places:
        warn(
            f"{line.id}: {', '.join(audience.places)} must be looked up in Google's list of places; until then the new "
            "campaign reaches the whole country."
        )
    if audience.interests and line.ad_type != "SEARCH":
        warn(f"{line.id}: choose Google audiences for {', '.join(audience.interests)} before you switch it on.")


def _criteria(
    operations: GoogleOperations, criteria: Sequence[Json], *, campaign: str | None = None, group: str | None = None
) -> None:
    for entry in criteria:
        if campaign is not None:
            operations.create("campaignCriterionOperation", None, {"campaign": campaign, **entry})
        else:
            operations.create("adGroupCriterionOperation", None, {"adGroup": group, **entry})


def _keywords(operations: GoogleOperations, line: PlanLine, group: str | None, product: str | None, warn: Warn) -> None:
    """The line's keywords; where it has none, the product that the brief names is the first one."""
    found = keyword_criteria(line.audience.keywords, warn)
    if not found and product:
        found = keyword_criteria([product.lower()], warn)
        if found:
            warn(f"{line.id} starts with one keyword, “{product.lower()}”, as the brief names the product: add more.")
    for entry in found:
        operations.create("adGroupCriterionOperation", None, {"adGroup": group, "status": "ENABLED", **entry})
    if not found:
        warn(f"{line.id} has no keywords: a search campaign shows nothing without them, so add some first.")


def _search_ad(operations: GoogleOperations, line: PlanLine, group: str | None, warn: Warn) -> None:
    creative = line.creative
    if creative is None or not fits_search(creative):
        warn(f"{line.id} is made without an ad: write 3 to 15 headlines and 2 to 4 descriptions for it first.")
        return
    if not creative.final_url:
        warn(f"{line.id} is made without an ad: the exports do not say where its clicks should lead.")
        return
    ad = search_ad(creative, creative.final_url)
    operations.create("adGroupAdOperation", None, {"adGroup": group, "status": "ENABLED", "ad": ad})


def search_ad(creative: Creative, url: str) -> Json:
    """A responsive search ad of a creative's texts that leads to `url`."""
    return {
        "finalUrls": [url],
        "responsiveSearchAd": {
            "headlines": [{"text": text} for text in creative.headlines],
            "descriptions": [{"text": text} for text in creative.descriptions],
        },
    }


def fits_search(creative: Creative) -> bool:
    """Whether a creative's texts make a responsive search ad that Google accepts."""
    limits = TEXT_LIMITS["SEARCH"]
    return (
        limits.headlines[0] <= len(creative.headlines) <= limits.headlines[1]
        and limits.descriptions[0] <= len(creative.descriptions) <= limits.descriptions[1]
        and all(display_width(text) <= limits.headline_width for text in creative.headlines)
        and all(display_width(text) <= limits.description_width for text in creative.descriptions)
    )
