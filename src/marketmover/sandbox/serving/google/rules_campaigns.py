"""What Google refuses of campaigns and ad groups."""

import re
from datetime import date, datetime

from marketmover.sandbox.serving.google.rules import Complaints, Looked
from marketmover.sandbox.serving.google.rules_money import bidding_rules

_MOST_NAME, _MOST_GROUP_NAME = 256, 255
_FORBIDDEN = re.compile(r"[\0\n\r]")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_GROUP_TYPES = {
    "SEARCH": {"SEARCH_STANDARD", "SEARCH_DYNAMIC_ADS"},
    "DISPLAY": {"DISPLAY_STANDARD"},
    "DEMAND_GEN": set[str](),
}
_NETWORKS = ("targetGoogleSearch", "targetSearchNetwork", "targetContentNetwork")
_UNWRITTEN = "A campaign of this type cannot be changed by the API."


def campaign_rules(looked: Looked) -> Complaints:
    """Name, channel, budget, bidding, dates, networks. Source: Google Ads API reference, Campaign, CampaignError."""
    yield from looked.required("name", "advertisingChannelType", "campaignBudget", "containsEuPoliticalAdvertising")
    if looked.after.get("advertisingChannelType") == "VIDEO":
        yield looked.complain("mutate_error", "MUTATE_NOT_ALLOWED", _UNWRITTEN)
    yield from _name(looked)
    yield from looked.owner_missing("budget", "campaignBudget")
    yield from _budget_of_another(looked)
    yield from bidding_rules(looked)
    yield from _dates(looked)
    yield from _networks(looked)
    branded = looked.fields.get("brandGuidelinesEnabled") is not False
    if looked.creating and branded and looked.fields.get("advertisingChannelType") == "PERFORMANCE_MAX":
        words = "With brand guidelines a business name must be linked to the campaign in the same request."
        yield looked.complain("campaign_error", "REQUIRED_BUSINESS_NAME_ASSET_NOT_LINKED", words)


def _name(looked: Looked) -> Complaints:
    name = looked.fields.get("name")
    if not name:
        return
    own = looked.before.get("resourceName")
    if _FORBIDDEN.search(name):
        words = "A campaign's name may not hold NUL, line feed or carriage return."
        yield looked.complain("campaign_error", "INVALID_CAMPAIGN_NAME", words, "name", trigger=name)
    elif len(name) > _MOST_NAME:
        yield looked.complain("string_length_error", "TOO_LONG", "Too long.", "name", trigger=name)
    elif any(one.get("name") == name for key, one in looked.standing.live("campaign") if key != own):
        words = "The name is already being used by another campaign."
        yield looked.complain("campaign_error", "DUPLICATE_CAMPAIGN_NAME", words, "name", trigger=name)


def _budget_of_another(looked: Looked) -> Complaints:
    budget = looked.fields.get("campaignBudget")
    found = looked.standing.find("budget", str(budget or ""))
    own = looked.before.get("resourceName")
    users = [key for key, one in looked.standing.live("campaign") if one.get("campaignBudget") == budget and key != own]
    if found is not None and users and found.get("explicitlyShared") is False:
        yield looked.complain(
            "campaign_budget_error", "CANNOT_USE_IMPLICITLY_SHARED_CAMPAIGN_BUDGET_WITH_MULTIPLE_CAMPAIGNS",
            "A budget that is not shared can be of one campaign only.", "campaignBudget", trigger=budget,
        )  # fmt: skip


def _dates(looked: Looked) -> Complaints:
    days: dict[str, date] = {}
    for name in ("startDateTime", "endDateTime"):
        text = looked.fields.get(name)
        if text is None:
            continue
        try:
            moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None:
            words = "The date must be in the format yyyy-MM-dd HH:mm:ss."
            yield looked.complain("date_error", "INVALID_STRING_DATE_TIME_SECONDS", words, name, trigger=text)
        else:
            days[name] = moment.date()
            yield from _past(looked, name, moment)
    if len(days) == 2 and days["startDateTime"] > days["endDateTime"]:
        words = "The start date is after the end date."
        yield looked.complain("date_range_error", "START_DATE_AFTER_END_DATE", words, "startDateTime")


def _past(looked: Looked, name: str, moment: datetime) -> Complaints:
    start = name == "startDateTime"
    if moment.date() < looked.standing.account.today:
        words = "A campaign's dates cannot be set to the past."
        yield looked.complain("date_range_error", "CANNOT_SET_DATE_TO_PAST", words, name, trigger=moment)
    if start and moment.strftime("%H%M%S") != "000000":
        code = "DATE_RANGE_ERROR_START_TIME_MUST_BE_THE_START_OF_A_DAY"
        yield looked.complain("date_error", code, "The start must be the start of a day.", name, trigger=moment)
    if not start and moment.strftime("%H%M%S") != "235959":
        code = "DATE_RANGE_ERROR_END_TIME_MUST_BE_THE_END_OF_A_DAY"
        yield looked.complain("date_error", code, "The end must be the end of a day.", name, trigger=moment)


def _networks(looked: Looked) -> Complaints:
    told = looked.fields.get("networkSettings")
    if told is None or looked.after.get("advertisingChannelType") not in {"SEARCH", "DISPLAY"}:
        return
    google, partners, content = (bool(told.get(name)) for name in _NETWORKS)
    if not (google or partners or content):
        words = "The campaign must target at least one network."
        yield looked.complain("campaign_error", "CAMPAIGN_MUST_TARGET_AT_LEAST_ONE_NETWORK", words, "networkSettings")
    elif partners and not google:
        code = "CANNOT_TARGET_SEARCH_NETWORK_WITHOUT_GOOGLE_SEARCH"
        words = "The search network goes with Google search only."
        yield looked.complain("campaign_error", code, words, "networkSettings", "targetSearchNetwork")


def group_rules(looked: Looked) -> Complaints:
    """Name, campaign, type. Source: Google Ads API reference, AdGroup, AdGroupError."""
    yield from looked.required("name", "campaign")
    yield from looked.owner_missing("campaign", "campaign")
    name, own = looked.fields.get("name"), looked.before.get("resourceName")
    campaign = looked.owner("campaign", "campaign") or {}
    channel, kind = campaign.get("advertisingChannelType"), looked.fields.get("type")
    if name and (_FORBIDDEN.search(name) or len(name) > _MOST_GROUP_NAME):
        yield looked.complain("ad_group_error", "INVALID_ADGROUP_NAME", "Invalid ad group name.", "name", trigger=name)
    same = (one for key, one in looked.standing.live("group") if key != own)
    if name and any((one.get("name"), one.get("campaign")) == (name, looked.after.get("campaign")) for one in same):
        words = "The campaign has an ad group of this name."
        yield looked.complain("ad_group_error", "DUPLICATE_ADGROUP_NAME", words, "name", trigger=name)
    if looked.creating and channel == "PERFORMANCE_MAX":
        words = "A campaign of this type has no ad groups."
        yield looked.complain("ad_group_error", "CANNOT_ADD_AD_GROUP_FOR_CAMPAIGN_TYPE", words, "campaign")
    elif kind is not None and channel in _GROUP_TYPES and kind not in _GROUP_TYPES[channel]:
        code, words = (
            "AD_GROUP_TYPE_NOT_VALID_FOR_ADVERTISING_CHANNEL_TYPE",
            "The type does not go with the campaign's.",
        )
        yield looked.complain("ad_group_error", code, words, "type", trigger=kind)
