"""Google's error codes and field names in plain words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from marketmover.kit import counted


class Meaning(NamedTuple):
    """An error in plain words, without a full stop, and what to do about it; the remedy may be empty."""

    words: str
    remedy: str


# Google Ads API reference, Error codes. Codes that are not here are told in Google's own sentence.
_CODES: dict[str, Meaning] = {
    "ad_group_criterion_error.INVALID_KEYWORD_TEXT": Meaning(
        "the keyword holds signs that Google does not take", "Write it with letters, digits and spaces."
    ),
    "ad_group_criterion_error.CANNOT_TARGET_AND_EXCLUDE": Meaning(
        "it is listed as a target today, and cannot be excluded as well", "Take it off the targets in Google Ads first."
    ),
    "ad_group_error.DUPLICATE_ADGROUP_NAME": Meaning(
        "the campaign already has an ad group of this name", "Rename one of them."
    ),
    "authentication_error.CUSTOMER_NOT_FOUND": Meaning(
        "there is no account of this number", "Check customer_id (ten digits, no dashes) and login_customer_id."
    ),
    "authentication_error.NOT_ADS_USER": Meaning(
        "the person who gave access has no Google Ads account", "Connect again as somebody who has one."
    ),
    "authentication_error.OAUTH_TOKEN_EXPIRED": Meaning("the access token is out of date", ""),
    "authentication_error.OAUTH_TOKEN_REVOKED": Meaning("the access that was given was withdrawn", ""),
    "authorization_error.CUSTOMER_NOT_ENABLED": Meaning(
        "the account is not active (never set up to its end, suspended or closed)", "Put it in order in Google Ads."
    ),
    "authorization_error.DEVELOPER_TOKEN_NOT_APPROVED": Meaning(
        "the developer token may only be used with test accounts", "Apply for basic access in Google's API Centre."
    ),
    "authorization_error.DEVELOPER_TOKEN_PROHIBITED": Meaning(
        "the developer token belongs to another Google Cloud project", "Use the token with the project it came with."
    ),
    "authorization_error.USER_PERMISSION_DENIED": Meaning(
        "the person who gave access may not do this in this account",
        "Give that person access to it, or set login_customer_id to the manager account that has it.",
    ),
    "bidding_error.BID_TOO_BIG": Meaning("the bid or target is too high", "Lower it."),
    "bidding_error.BID_TOO_SMALL": Meaning("the bid or target is too low", "Raise it."),
    "bidding_error.CANNOT_CREATE_CAMPAIGN_WITH_BIDDING_STRATEGY": Meaning(
        "this kind of campaign cannot bid so", "Choose another bidding strategy."
    ),
    "bidding_error.INVALID_BIDDING_STRATEGY_TYPE": Meaning(
        "this kind of campaign cannot bid so", "Choose another bidding strategy."
    ),
    "campaign_budget_error.CAMPAIGN_BUDGET_REMOVED": Meaning("the budget was removed", "Pull, and compose anew."),
    "campaign_budget_error.DUPLICATE_NAME": Meaning(
        "a budget of this name is there already, perhaps from an earlier plan with the same start",
        "Remove or rename it in Google Ads, or give the plan's line another name.",
    ),
    "campaign_budget_error.MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC": Meaning(
        "the amount is less than one click may cost", "Give the line more, or leave it out."
    ),
    "campaign_budget_error.MONEY_AMOUNT_TOO_LARGE": Meaning("the amount is larger than Google takes", "Lower it."),
    "campaign_budget_error.NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT": Meaning(
        "the amount has more decimals than the account's currency", "Round it to the currency's smallest coin."
    ),
    "campaign_criterion_error.CANNOT_EXCLUDE_CRITERIA_TYPE": Meaning(
        "this kind of campaign does not take such an exclusion", "Leave it out, or set it in Google Ads."
    ),
    "campaign_error.CANNOT_MODIFY_START_DATE_IF_ALREADY_STARTED": Meaning(
        "the campaign has started already", "Leave its start as it is."
    ),
    "campaign_error.CANNOT_SET_DATE_TO_PAST": Meaning("the date is in the past", "Compose a plan with later dates."),
    "campaign_error.DUPLICATE_CAMPAIGN_NAME": Meaning(
        "a campaign of this name is there already, perhaps from an earlier plan with the same start",
        "Remove or rename it in Google Ads, or give the plan's line another name.",
    ),
    "campaign_error.INVALID_OPERATION_IF_SERVING_STATUS_HAS_ENDED": Meaning(
        "the campaign has ended", "Compose a plan with later dates, or leave the line out."
    ),
    "context_error.OPERATION_NOT_PERMITTED_FOR_CONTEXT": Meaning(
        "this kind of campaign does not take it", "Leave it out, or set it in Google Ads."
    ),
    "context_error.OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE": Meaning(
        "it was removed in Google Ads", "Pull, and compose anew."
    ),
    "criterion_error.INVALID_KEYWORD_TEXT": Meaning(
        "the keyword holds signs that Google does not take", "Write it with letters, digits and spaces."
    ),
    "criterion_error.KEYWORD_HAS_INVALID_CHARS": Meaning(
        "the keyword holds signs that Google does not take", "Write it with letters, digits and spaces."
    ),
    "criterion_error.KEYWORD_HAS_TOO_MANY_WORDS": Meaning("the keyword has more than 10 words", "Shorten it."),
    "criterion_error.KEYWORD_TEXT_TOO_LONG": Meaning("the keyword is longer than 80 characters", "Shorten it."),
    "database_error.CONCURRENT_MODIFICATION": Meaning(
        "somebody else changed the same thing at the same moment; nothing was changed by us", "Try again."
    ),
    "date_error.EARLIER_THAN_MINIMUM_DATE": Meaning("the date is too early", "Compose a plan with later dates."),
    "date_range_error.CANNOT_SET_DATE_TO_PAST": Meaning("the date is in the past", "Compose a plan with later dates."),
    "date_range_error.INVALID_DATE": Meaning("it is no date", "Correct it."),
    "date_range_error.START_DATE_AFTER_END_DATE": Meaning("the start is after the end", "Correct the dates."),
    "field_error.IMMUTABLE_FIELD": Meaning("it cannot be changed once it was made", "Make a new campaign instead."),
    "field_error.REQUIRED": Meaning("it is missing, and Google demands it", "Fill it in."),
    "id_error.NOT_FOUND": Meaning("it is not there", "Pull, and compose anew."),
    "mutate_error.EU_POLITICAL_ADVERTISING_DECLARATION_REQUIRED": Meaning(
        "it does not say whether it holds EU political advertising", "Say it in google_ads.json."
    ),
    "mutate_error.RESOURCE_ALREADY_EXISTS": Meaning("it is there already", ""),
    "mutate_error.RESOURCE_NOT_FOUND": Meaning("it is not there", "Pull, and compose anew."),
    "operation_access_denied_error.ACTION_NOT_PERMITTED": Meaning(
        "this may not be done by the API", "Do it in Google Ads."
    ),
    "operation_access_denied_error.OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE": Meaning(
        "it was removed in Google Ads", "Pull, and compose anew."
    ),
    "policy_finding_error.POLICY_FINDING": Meaning(
        "the words break one of Google's advertising policies", "Change the words, or ask Google for a review."
    ),
    "quota_error.RESOURCE_EXHAUSTED": Meaning("too many calls for now", ""),
    "quota_error.RESOURCE_TEMPORARILY_EXHAUSTED": Meaning("too many calls for now", ""),
    "range_error.TOO_HIGH": Meaning("the value is too high", "Lower it."),
    "range_error.TOO_LOW": Meaning("the value is too low", "Raise it."),
    "resource_count_limit_exceeded_error.RESOURCE_LIMIT": Meaning(
        "the account has as many of these as Google allows", "Remove some that are no longer used."
    ),
    "string_length_error.TOO_LONG": Meaning("the text is too long", "Shorten it."),
    "string_length_error.TOO_SHORT": Meaning("the text is too short", "Lengthen it."),
    "url_field_error.INVALID_FINAL_URL": Meaning("the landing page is no web address", "Correct the ad's final URL."),
}
_FAMILIES: dict[str, str] = {
    "authorization_error": "See in Google Ads what the person who gave access may do.",
    "header_error": "Check login_customer_id: ten digits, no dashes.",
    "query_error": "Please report this: marketmover asked in a way that Google does not understand.",
    "request_error": "Please report this: marketmover asked in a way that Google does not understand.",
}

_FIELDS: dict[str, str] = {
    "ad_group": "ad group",
    "advertising_channel_type": "channel",
    "age_range": "age range",
    "amount_micros": "daily budget",
    "campaign_budget": "budget",
    "contains_eu_political_advertising": "declaration on EU political advertising",
    "cpc_bid_ceiling_micros": "highest bid",
    "descriptions": "description",
    "end_date_time": "end",
    "final_urls": "landing page",
    "geo_target_constant": "place",
    "id": "",
    "headlines": "headline",
    "resource_name": "",
    "start_date_time": "start",
    "target_cpa_micros": "target cost per action",
    "target_roas": "target return",
    "text": "",
}
_WRAPPERS = {"mutate_operations", "create", "update", "remove", "ad", "responsive_search_ad", "keyword"}


def known_codes() -> list[str]:
    """The codes that words were written for."""
    return list(_CODES)


def meaning_of(code: str, message: str) -> Meaning:
    """What an error code means; for codes that nobody wrote words for, Google's own sentence."""
    known = _CODES.get(code)
    if known is not None:
        return known
    sentence = " ".join(message.split()).rstrip(".") or code.partition(".")[2].replace("_", " ").lower()
    return Meaning(f"Google says “{sentence}”", _FAMILIES.get(code.partition(".")[0], ""))


def field_words(path: Sequence[tuple[str, int | None]]) -> str:
    """The field that an error lies in, as a person would name it; empty where it lies in the whole operation.

    >>> field_words([("mutate_operations", 3), ("ad_group_ad_operation", None), ("create", None), ("ad", None),
    ...     ("responsive_search_ad", None), ("headlines", 1), ("text", None)])
    'headline 2'
    """
    said = [
        f"{words} {place + 1}" if place is not None else words
        for name, place in path
        if name not in _WRAPPERS and not name.endswith("_operation")
        if (words := _FIELDS.get(name, name.replace("_", " ")))
    ]
    return ", ".join(said)


_THINGS = {
    "campaignBudgetOperation": "the budget",
    "campaignOperation": "the campaign",
    "adGroupOperation": "the ad group",
    "adGroupAdOperation": "an ad",
    "adGroupCriterionOperation": "the targeting of an ad group",
    "campaignCriterionOperation": "the targeting of the campaign",
}


def thing_words(operation: Mapping[str, Any]) -> str:
    """What an operation is about, in words: `the budget`, `the keyword “crm”`.

    >>> thing_words({"adGroupCriterionOperation": {"create": {"keyword": {"text": "crm"}}}})
    'the keyword “crm”'
    """
    kind = next(iter(operation), "")
    resource: Any = operation.get(kind, {}).get("create") or {}
    if text := resource.get("keyword", {}).get("text"):
        return f"the keyword “{text}”"
    if headlines := resource.get("ad", {}).get("responsiveSearchAd", {}).get("headlines"):
        return f"the ad “{headlines[0].get('text', '')}”"
    plain = re.sub(r"([A-Z])", lambda found: f" {found[1].lower()}", kind.removesuffix("Operation"))
    return _THINGS.get(kind, f"the {plain}")


def campaigns_words(operations: Sequence[Mapping[str, Any]], campaigns: Sequence[str]) -> str:
    """The campaigns that operations are about.

    Args:
        operations: As REST writes them.
        campaigns: Names of the running ones.
    """
    named = [made["name"] for one in operations if (made := one.get("campaignOperation", {}).get("create"))]
    whole = [f"the new campaign “{name}”" for name in named] + [f"the campaign “{name}”" for name in campaigns]
    return " and ".join(whole or ["the account"])


def operations_words(
    operations: Sequence[Mapping[str, Any]], campaigns: Sequence[str], places: Mapping[str, str] | None = None
) -> str:
    """What operations do, for people; `places` are names by resource, the others as in `campaigns_words`.

    >>> operations_words([{"campaignOperation": {"update": {"status": "PAUSED"}, "updateMask": "status"}}], ["Brand"])
    'the campaign “Brand”: paused'
    """
    said = list(dict.fromkeys(word for one in operations for word in _update_words(one)))
    told, rest = _place_words(operations, places or {})
    said += told
    counts: dict[tuple[str, str], int] = {}
    for operation in rest:
        kind, inner = next(iter(operation.items()))
        if kind in _COUNTED and "update" not in inner:
            thing = "keyword" if "keyword" in inner.get("create", {}) else _COUNTED[kind]
            key = (thing, " taken away" if "remove" in inner else "")
            counts[key] = counts.get(key, 0) + 1
    said += [f"{counted(count, thing)}{gone}" for (thing, gone), count in counts.items()]
    return campaigns_words(operations, campaigns) + (f": {', '.join(said)}" if said else "")


_MOST_PLACES = 5


def _place_words(
    operations: Sequence[Mapping[str, Any]], places: Mapping[str, str]
) -> tuple[list[str], list[Mapping[str, Any]]]:
    """The places that are targeted and left out, in words, and the operations that are about something else."""
    found: dict[str, list[str]] = {}
    rest: list[Mapping[str, Any]] = []
    for operation in operations:
        made = next(iter(operation.values()), {}).get("create") or {}
        name = places.get(str((made.get("location") or {}).get("geoTargetConstant", "")))
        if name is None:
            rest.append(operation)
        else:
            found.setdefault("not in" if made.get("negative") else "in", []).append(name)
    return [f"{how} {_some(names)}" for how, names in sorted(found.items())], rest


def _some(names: Sequence[str]) -> str:
    shown, left = names[:_MOST_PLACES], len(names) - _MOST_PLACES
    return "; ".join(shown) + (f" and {counted(left, 'more place')}" if left > 0 else "")


_COUNTED = {
    "adGroupOperation": "ad group",
    "adGroupAdOperation": "ad",
    "adGroupCriterionOperation": "targeting rule",
    "campaignCriterionOperation": "targeting rule",
}
_STATES = {"ENABLED": "switched on", "PAUSED": "paused"}


def _update_words(operation: Mapping[str, Any]) -> list[str]:
    kind, inner = next(iter(operation.items()))
    fields = inner.get("update") or (inner.get("create") if kind == "campaignBudgetOperation" else None) or {}
    said = ["paused"] if kind == "campaignOperation" and "create" in inner else list[str]()
    if "amountMicros" in fields:
        said.append(f"{int(fields['amountMicros']) / 1e6:,.2f} a day")
    if "status" in fields and "update" in inner:
        state = _STATES.get(str(fields["status"]), str(fields["status"]))
        said.append(state if kind == "campaignOperation" else f"{_COUNTED.get(kind, 'part')} {state}")
    if any(path.partition(".")[0] in _BIDDING for path in str(inner.get("updateMask", "")).split(",")):
        said.append("bidding")
    return said


_BIDDING = {"maximizeConversions", "maximizeConversionValue", "targetCpa", "targetRoas", "targetSpend"}
