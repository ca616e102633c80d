"""Running Google lines whose audience or message the plan changes: what they leave out, and their new ads."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.platforms.changed import Warn, audience_words, changes_of, not_by_people, texts_of
from marketmover.campaigns.platforms.google_new import fits_search, search_ad
from marketmover.campaigns.platforms.google_operations import GoogleOperations
from marketmover.campaigns.platforms.google_targeting import age_exclusions, gender_exclusions, in_words, leaves_nobody
from marketmover.history import AdText, GoogleAdGroup, GoogleResource
from marketmover.kit import counted
from marketmover.plans import Creative, LineAudience, PlanLine

Json = dict[str, Any]

_BY_AD_GROUP = {"SEARCH", "DISPLAY"}
_WHY_NOT = {
    "DEMAND_GEN": "Demand Gen takes ages and genders in an audience only",
    "VIDEO": "the API does not change VIDEO campaigns",
}
_CRITERIA = {
    "adGroups": ("adGroupCriterionOperation", "adGroup"),
    "campaigns": ("campaignCriterionOperation", "campaign"),
}
_OTHERWISE = "the API does not take ages and genders for this kind of campaign"


@dataclass(frozen=True)
class GoogleSettings:
    """What changes of settings need beside the line: the ads that are known, and whether ages may be chosen at all."""

    ads: Sequence[AdText] = ()
    fixed_audience: bool = False


def change_settings(
    operations: GoogleOperations, line: PlanLine, resource: GoogleResource, settings: GoogleSettings, warn: Warn
) -> None:
    """Append what a running line's changed audience and message need, or say in words what to set by hand.

    Bids are changed with the campaign. Old ads go on, and a new one is paused: a person reads it first.

    Args:
        operations: Takes the operations.
        line: The plan's line, with the new settings in it.
        resource: What is known of it.
        settings: What the changes of one account share.
        warn: Is told in words what a person should know.
    """
    changed = changes_of(line)
    if "audience" in changed:
        _audience(operations, line, resource, settings, warn)
    if "message" in changed and line.creative is not None:
        before = next(change.before for change in line.changes if change.parameter == "message")
        mine = [ad for ad in settings.ads if ad.platform == "google_ads" and ad.line_id == line.id]
        new_ads(operations, NewMessage(line.id, line.ad_type, line.creative, before), resource, mine, warn)


def _audience(
    operations: GoogleOperations, line: PlanLine, resource: GoogleResource, settings: GoogleSettings, warn: Warn
) -> None:
    if settings.fixed_audience:
        warn(not_by_people(line, "Google"))
        return
    criteria, sent, by_hand, why = _by_kind(line.id, line.ad_type, line.audience, warn)
    if not criteria:
        warn(
            f"{line.id}: the plan asks for {audience_words(line)}, which leaves out none of Google's groups of people."
        )
        return
    by_campaign = line.ad_type == "PERFORMANCE_MAX"
    owners = {resource.campaign: resource.excluded} if by_campaign else dict(_ad_groups(resource))
    if sent and not owners:
        by_hand, why, sent = criteria, "the exports do not name its ad groups", []
    _exclude(operations, line, sent, owners, warn)
    if by_hand:
        warn(_exclude_by_hand(line.id, why, by_hand))


def exclusions_of(line_id: str, ad_type: str, audience: LineAudience, warn: Warn) -> tuple[dict[str, Json], list[str]]:
    """The ages and genders that an audience leaves out: criteria by Google's name, and in words what is to do by hand.

    Args:
        line_id: The line's.
        ad_type: Google's channel, which decides what the API takes.
        audience: Whom the line is to reach.
        warn: Is told in words what a person should know.
    """
    _, sent, by_hand, why = _by_kind(line_id, ad_type, audience, warn)
    return {_name(entry): entry for entry in sent}, [_exclude_by_hand(line_id, why, by_hand)] if by_hand else []


def _by_kind(
    line_id: str, ad_type: str, audience: LineAudience, warn: Warn
) -> tuple[list[Json], list[Json], list[Json], str]:
    """All exclusions of an audience; those that the API takes for the channel; those it does not; and why not."""
    ages = age_exclusions(audience.age_min, audience.age_max, lambda text: warn(f"{line_id}: {text}"))
    criteria = ages + gender_exclusions(audience.genders)
    if ad_type == "PERFORMANCE_MAX":
        why = "Performance Max does not exclude genders by the API"
        return criteria, *_apart(criteria, lambda entry: "ageRange" in entry), why
    return criteria, *_apart(criteria, lambda _: ad_type in _BY_AD_GROUP), _WHY_NOT.get(ad_type, _OTHERWISE)


def _exclude_by_hand(line_id: str, why: str, criteria: Sequence[Json]) -> str:
    return f"{line_id}: {why}. Exclude {in_words(criteria)} in Google Ads, and leave “Unknown” in."


def _exclude(
    operations: GoogleOperations,
    line: PlanLine,
    criteria: Sequence[Json],
    owners: Mapping[str, frozenset[str]],
    warn: Warn,
) -> None:
    """Append the exclusions that each ad group (or the campaign) does not have yet; none that would leave it nobody."""
    fresh: dict[str, Json] = {}
    for owner, excluded in owners.items():
        missing = {_name(entry): entry for entry in criteria if _name(entry) not in excluded}
        if leaves_nobody(excluded | missing.keys()):
            place, wanted = owner.split("/", 2)[2], audience_words(line)
            warn(
                f"{line.id}: {place} reaches none of {wanted} today: its audience stays as it is. Pause it in Google "
                "Ads if you agree."
            )
            continue
        kind, parent = _CRITERIA[owner.rsplit("/", 2)[1]]
        for entry in missing.values():
            operations.create(kind, None, {parent: owner, **entry})
        fresh |= missing
    if fresh:
        warn(
            f"{line.id}: the request excludes {in_words(fresh.values())}; people of whom Google knows no age or gender "
            "stay in. Where one of these is listed as a target today, take it off that list first: else Google refuses "
            "all."
        )


def _apart(criteria: Sequence[Json], sends: Callable[[Json], bool]) -> tuple[list[Json], list[Json]]:
    return [entry for entry in criteria if sends(entry)], [entry for entry in criteria if not sends(entry)]


def _ad_groups(resource: GoogleResource) -> Iterator[tuple[str, frozenset[str]]]:
    for group in resource.ad_groups:
        if group.status != "REMOVED":
            yield _resource_name(resource, group), group.excluded | resource.excluded


def _resource_name(resource: GoogleResource, group: GoogleAdGroup) -> str:
    return f"{resource.campaign.rsplit('/', 2)[0]}/adGroups/{group.id}"


def _name(entry: Json) -> str:
    return (entry.get("ageRange") or entry["gender"])["type"]


@dataclass(frozen=True)
class NewMessage:
    """What a running line is to say: its id, Google's channel, the new texts, and the headline that leads today."""

    line_id: str
    ad_type: str
    creative: Creative
    before: str = ""


def new_ads(
    operations: GoogleOperations, message: NewMessage, resource: GoogleResource, ads: Sequence[AdText], warn: Warn
) -> None:
    """Append a paused ad for each ad group that does not say the message yet, or say in words what to do by hand.

    Args:
        operations: Takes the operations.
        message: What to say.
        resource: The line, with its ad groups.
        ads: The line's own ads, from which the landing page is taken.
        warn: Is told in words what a person should know.
    """
    line_id, creative = message.line_id, message.creative
    groups = [group for group in resource.ad_groups if group.status not in ("REMOVED", "PAUSED")]
    why = _why_no_ad(message.ad_type, creative, groups)
    if why is not None:
        warn(
            f"{line_id}: its new message is not in the request, since {why}. Put it into its ads by hand: "
            f"{texts_of(creative)}."
        )
        return
    made, there, nowhere = 0, 0, 0
    for group in groups:
        own = [ad for ad in ads if ad.group_id == group.id]
        url = _landing_page(own) or _landing_page(ads)
        if any(_says(ad, creative) for ad in own):
            there += 1
        elif url is None:
            nowhere += 1
        else:
            ad = {"adGroup": _resource_name(resource, group), "status": "PAUSED", "ad": search_ad(creative, url)}
            operations.create("adGroupAdOperation", None, ad)
            made += 1
    _say(message, made, there, nowhere, warn)


def _why_no_ad(ad_type: str, creative: Creative, groups: Sequence[GoogleAdGroup]) -> str | None:
    if ad_type != "SEARCH":
        return f"ads of {ad_type} need pictures or films that no export holds"
    if not fits_search(creative):
        return "it does not make 3 to 15 headlines of up to 30 characters and 2 to 4 descriptions of up to 90"
    return None if groups else "the exports name no ad group that is on"


def _landing_page(ads: Sequence[AdText]) -> str | None:
    """The page of the ad that is on and shown most, of those that name one."""
    ranked = sorted(ads, key=lambda ad: (not ad.running, -ad.impressions, ad.id))
    return next((ad.final_url for ad in ranked if ad.final_url), None)


def _says(ad: AdText, creative: Creative) -> bool:
    return set(creative.headlines) <= set(ad.headlines) and set(creative.descriptions) <= set(ad.descriptions)


def _say(message: NewMessage, made: int, there: int, nowhere: int, warn: Warn) -> None:
    line_id, creative = message.line_id, message.creative
    old = f"those that say “{message.before}”" if message.before else "those that it replaces"
    if made:
        warn(
            f"{line_id}: the request makes a paused ad “{creative.headline}” in {counted(made, 'ad group')}, with the "
            f"landing page of the ads there. The old ads go on: when you have read the new one, switch it on and pause "
            f"{old}. Google takes three responsive search ads that are on in an ad group."
        )
    if there:
        warn(
            f"{line_id}: {counted(there, 'ad group')} already {'has' if there == 1 else 'have'} an ad that says "
            f"“{creative.headline}”: see that it is on, and pause {old}."
        )
    if nowhere:
        warn(
            f"{line_id}: {counted(nowhere, 'ad group')} {'gets' if nowhere == 1 else 'get'} no new ad, since the "
            f"exports do not say where its clicks should lead. Make it by hand: {texts_of(creative)}."
        )
