"""What Google refuses of ads and criteria."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from marketmover.sandbox.serving.google.rules import Complaints, Looked

_SEARCH_TEXTS = {"headlines": (3, 15, 30), "descriptions": (2, 4, 90)}
_INSERTION = re.compile(r"\{(?:keyword|location\([^)]*\)|customizer\.[^:{}]+)(?::([^{}]*))?\}", re.IGNORECASE)
_AD_FORMS = ("responsiveSearchAd", "responsiveDisplayAd", "demandGenMultiAssetAd", "demandGenVideoResponsiveAd",
             "demandGenCarouselAd", "videoResponsiveAd", "videoAd", "imageAd", "appAd")  # fmt: skip
_CRITERIA = ("keyword", "ageRange", "gender", "userInterest", "userList", "location", "language", "placement",
             "topic", "audience", "parentalStatus", "incomeRange", "device", "adSchedule", "proximity",
             "youtubeChannel", "youtubeVideo", "webpage", "customAudience", "combinedAudience", "ipBlock")  # fmt: skip
_PEOPLE = {"ageRange", "gender"}
_KEYWORD_SIGNS = frozenset("!@%,*~^=`<>|{}();\\")
_CONSTANTS = {
    "location": ("geoTargetConstant", re.compile(r"geoTargetConstants/\d+")),
    "language": ("languageConstant", re.compile(r"languageConstants/\d+")),
}


def ad_rules(looked: Looked) -> Complaints:
    """Group, address, texts. Source: Google Ads API reference, ResponsiveSearchAdInfo, AdError, UrlFieldError."""
    yield from looked.required("adGroup")
    yield from looked.owner_missing("group", "adGroup")
    if not looked.creating:
        return
    ad: Mapping[str, Any] = looked.fields.get("ad") or {}
    form = next((name for name in _AD_FORMS if name in ad), None)
    if form is None:
        yield looked.complain("field_error", "REQUIRED", "The required field was not present.", "ad", "adData")
    if not ad.get("finalUrls"):
        yield looked.complain("field_error", "REQUIRED", "The required field was not present.", "ad", "finalUrls")
    for number, url in enumerate(ad.get("finalUrls") or ()):
        yield from _address(looked, str(url), number)
    if form == "responsiveSearchAd":
        group = looked.owner("group", "adGroup") or {}
        if group.get("type", "SEARCH_STANDARD") != "SEARCH_STANDARD":
            yield looked.complain(
                "ad_error", "INVALID_AD_TYPE", "The ad's type does not go with the group.", "ad", form
            )
        yield from _search_texts(looked, ad[form])


def _address(looked: Looked, url: str, number: int) -> Complaints:
    parts = urlsplit(url)
    code = ""
    if not parts.scheme:
        code = "MISSING_PROTOCOL_IN_FINAL_URL"
    elif parts.scheme not in {"http", "https"}:
        code = "INVALID_PROTOCOL_IN_FINAL_URL"
    elif not parts.hostname:
        code = "MISSING_HOST_IN_FINAL_URL"
    elif "." not in parts.hostname or re.search(r"\s", url):
        code = "MALFORMED_FINAL_URL"
    if code:
        yield looked.complain(
            "url_field_error", code, "The final URL is not valid.", "ad", "finalUrls", number, trigger=url
        )


def _search_texts(looked: Looked, form: Mapping[str, Any]) -> Complaints:
    for name, (least, most, width) in _SEARCH_TEXTS.items():
        texts = [str(one.get("text", "")) for one in form.get(name) or ()]
        at = ("ad", "responsiveSearchAd", name)
        if len(texts) < least:
            yield looked.complain("collection_size_error", "TOO_FEW", f"Too few: at least {least}.", *at)
        if len(texts) > most:
            yield looked.complain("collection_size_error", "TOO_MANY", f"Too many: at most {most}.", *at)
        for number, text in enumerate(texts):
            if not text.strip():
                yield looked.complain("string_length_error", "EMPTY", "Empty.", *at, number, "text")
            elif _width(text) > width:
                yield looked.complain("string_length_error", "TOO_LONG", "Too long.", *at, number, "text", trigger=text)
            elif text in texts[:number]:
                words = "The same text stands in the ad twice."
                yield looked.complain("asset_error", "DUPLICATE_ASSET", words, *at, number, "text", trigger=text)


def _width(text: str) -> int:
    """Wide signs count twice, an insertion as its default."""
    plain = _INSERTION.sub(lambda match: match.group(1) or "", text)
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in plain)


def group_criterion_rules(looked: Looked) -> Complaints:
    """Keywords and people. Source: Google Ads API reference, AdGroupCriterion, CriterionError."""
    yield from looked.required("adGroup")
    yield from looked.owner_missing("group", "adGroup")
    group = looked.owner("group", "adGroup") or {}
    campaign = looked.standing.find("campaign", str(group.get("campaign", ""))) or {}
    channel = campaign.get("advertisingChannelType")
    yield from _criterion(looked, "ad_group_criterion", "ad_group_criterion_error", "adGroup")
    if channel == "DEMAND_GEN" and _PEOPLE & set(looked.fields):
        words = "Ages and genders go into an audience here."
        yield looked.complain("ad_group_criterion_error", "CANNOT_ADD_CRITERIA_TYPE", words)
    if channel in {"SEARCH", "DISPLAY"} and {"location", "language"} & set(looked.fields):
        words = "Places and languages stand on the campaign here."
        yield looked.complain("ad_group_criterion_error", "CANNOT_ADD_CRITERIA_TYPE", words)


def campaign_criterion_rules(looked: Looked) -> Complaints:
    """Places, languages, people. Source: Google Ads API reference, CampaignCriterion, CampaignCriterionError."""
    yield from looked.required("campaign")
    yield from looked.owner_missing("campaign", "campaign")
    yield from _criterion(looked, "campaign_criterion", "campaign_criterion_error", "campaign")
    channel = (looked.owner("campaign", "campaign") or {}).get("advertisingChannelType")
    refused = _PEOPLE if channel != "PERFORMANCE_MAX" else {"gender"}
    if looked.creating and refused & set(looked.fields):
        words = "Criteria of this type cannot be excluded for the campaign."
        yield looked.complain("campaign_criterion_error", "CANNOT_EXCLUDE_CRITERIA_TYPE", words)


def _criterion(looked: Looked, what: str, error: str, owner: str) -> Complaints:
    chosen = next((name for name in _CRITERIA if name in looked.fields), None)
    if not looked.creating:
        return
    if chosen is None:
        yield looked.complain(error, "CONCRETE_TYPE_REQUIRED", "A criterion must say what it is.")
        return
    if chosen == "keyword":
        yield from _keyword(looked, looked.fields["keyword"])
    if chosen in _CONSTANTS:
        field, pattern = _CONSTANTS[chosen]
        name = str(looked.fields[chosen].get(field, ""))
        if not pattern.fullmatch(name):
            words = "This is no such constant."
            yield looked.complain("criterion_error", "INVALID_CRITERION_ID", words, chosen, field, trigger=name)
    if chosen in _PEOPLE and not looked.fields[chosen].get("type"):
        yield looked.complain("field_error", "REQUIRED", "The required field was not present.", chosen, "type")
    alike = (looked.fields.get(owner), bool(looked.fields.get("negative")), looked.fields[chosen])
    known = ((one.get(owner), bool(one.get("negative")), one.get(chosen)) for _, one in looked.standing.live(what))
    if alike in known and (chosen not in _PEOPLE or alike[1]):
        yield looked.complain("mutate_error", "RESOURCE_ALREADY_EXISTS", "The criterion is there already.", chosen)


def _keyword(looked: Looked, keyword: Mapping[str, Any]) -> Complaints:
    text = str(keyword.get("text", ""))
    checks = {
        "INVALID_KEYWORD_TEXT": not text.strip(),
        "KEYWORD_TEXT_TOO_LONG": len(text) > 80,
        "KEYWORD_HAS_TOO_MANY_WORDS": len(text.split()) > 10,
        "KEYWORD_HAS_INVALID_CHARS": bool(_KEYWORD_SIGNS & set(text)),
    }
    for code, wrong in checks.items():
        if wrong:
            words = "The keyword cannot be used."
            yield looked.complain("criterion_error", code, words, "keyword", "text", trigger=text)
    if not keyword.get("matchType"):
        words = "The required field was not present."
        yield looked.complain("field_error", "REQUIRED", words, "keyword", "matchType")
