"""Which words a line shows: those of its running ads, or for a new line those of past ads that fit the platform."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from marketmover.campaigns.platforms.limits import META_TEXT_LIMITS, TEXT_LIMITS, TextLimits, display_width
from marketmover.history import AdText
from marketmover.plans import Creative, Platform

_PRIOR_IMPRESSIONS = 1000.0  # an ad with fewer is judged mostly by how ads in the account do
_PLATFORM_NAMES = {"google_ads": "Google", "meta_ads": "Meta"}
# Google Ads Help 6021546, Editorial: no exclamation mark in headlines, no symbols or emoji as eye-catchers.
_EYE_CATCHERS = re.compile(r"[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]|[!?.]{2,}")


class CreativeChoice(NamedTuple):
    """A line's creative, `None` where no past text serves, and in words what a person should know of it."""

    creative: Creative | None
    warning: str | None = None


def choose_creative(
    ads: Sequence[AdText], platform: Platform, *, line_id: str, ad_type: str, is_new: bool
) -> CreativeChoice:
    """The creative that a plan shows for a line.

    A running line shows its lead ad, the running one with most impressions: existing ads go on. A new line takes over
    the texts of the past ad that earned most for its impressions and fits the platform's limits; where no ad fits
    alone, texts of several are put together, of the other platform last.

    Args:
        ads: Every ad that is known.
        platform: The line's.
        line_id: The line's id, by which its own ads are found.
        ad_type: Google's channel or Meta's form.
        is_new: Whether the line is new.
    """
    if not is_new:
        return _lead([ad for ad in ads if ad.line_id == line_id])
    ranked = _ranked([ad for ad in ads if ad.platform == platform], ad_type)
    others = _ranked([ad for ad in ads if ad.platform != platform], ad_type)
    if platform == "meta_ads":
        return _for_meta(ranked, others, line_id)
    return _for_google(ranked, others, line_id, TEXT_LIMITS.get(ad_type, TEXT_LIMITS["SEARCH"]))


def creative_of(ad: AdText, ad_type: str) -> Creative | None:
    """A past ad as the creative of another line, `None` where its texts do not fill what the line's form asks for.

    Args:
        ad: The ad.
        ad_type: Google's channel or Meta's form of the line that takes it over.
    """
    if ad.platform == "meta_ads":
        return _creative(ad, ad.headlines[:1], ad.descriptions[:1]) if ad.headlines or ad.descriptions else None
    found = _fitting([ad], TEXT_LIMITS.get(ad_type, TEXT_LIMITS["SEARCH"]))
    return None if found is None else _creative(ad, *found)


def _lead(ads: Sequence[AdText]) -> CreativeChoice:
    worded = [ad for ad in ads if ad.headlines or ad.descriptions]
    if not worded:
        return CreativeChoice(None)  # pictures and videos go on unseen
    lead = min(worded, key=lambda ad: (not ad.running, -ad.impressions, ad.id))
    return CreativeChoice(_creative(lead, lead.headlines, lead.descriptions))


def _ranked(ads: Sequence[AdText], ad_type: str) -> list[AdText]:
    """Best first: of the asked form, then by results an impression, shrunk towards the account's own rate."""
    earned = _measure(ads)
    total = sum(ad.impressions for ad in ads)
    usual = sum(earned(ad) for ad in ads) / total if total else 0.0

    def rate(ad: AdText) -> float:
        return (earned(ad) + usual * _PRIOR_IMPRESSIONS) / (ad.impressions + _PRIOR_IMPRESSIONS)

    return sorted(ads, key=lambda ad: (ad.form != ad_type, -rate(ad), not ad.running, ad.id))


def _measure(ads: Sequence[AdText]) -> Callable[[AdText], float]:
    if any(ad.conversions > 0 for ad in ads):
        return lambda ad: ad.conversions
    return lambda ad: ad.clicks


def _for_google(ranked: Sequence[AdText], others: Sequence[AdText], line_id: str, limits: TextLimits) -> CreativeChoice:
    for ad in ranked:
        found = _fitting([ad], limits)
        if found is not None:
            return CreativeChoice(_creative(ad, *found))
    pooled = _fitting(ranked, limits)
    if pooled is not None:
        return CreativeChoice(
            _with_address(_creative(ranked[0], *pooled), ranked),
            f"{line_id} puts texts of several past ads together: read them once as one ad before it runs.",
        )
    pooled = _fitting([*ranked, *(_plain(ad) for ad in others)], limits)
    if pooled is not None:
        everyone = [*ranked, *others]
        texts = _creative(everyone[0], *pooled).model_copy(update={"call_to_action": None, "format": "TEXT"})
        return CreativeChoice(
            _with_address(texts, everyone),
            f"{line_id} borrows texts from Meta ads, since past Google ads do not fill one: read them before it runs.",
        )
    headlines, descriptions = limits.headlines[0], limits.descriptions[0]
    return CreativeChoice(
        None,
        f"No past ads hold enough texts for {line_id}: write at least {headlines} headlines of up to "
        f"{limits.headline_width} characters and {descriptions} descriptions of up to {limits.description_width}.",
    )


def _for_meta(ranked: Sequence[AdText], others: Sequence[AdText], line_id: str) -> CreativeChoice:
    worded = [ad for ad in ranked if ad.headlines or ad.descriptions]
    whole = [ad for ad in worded if _shown_whole(ad)]
    if worded:
        lead = (whole or worded)[0]
        cut = f"{line_id} takes over texts that Meta cuts off on most screens: shorten them." if not whole else None
        return CreativeChoice(_creative(lead, lead.headlines[:1], lead.descriptions[:1]), cut)
    borrowed = [ad for ad in others if ad.headlines and ad.descriptions and not _inserts(ad)]
    if borrowed:
        lead = borrowed[0]
        name = _PLATFORM_NAMES[lead.platform]
        creative = _creative(lead, lead.headlines[:1], lead.descriptions[:1])
        return CreativeChoice(
            creative.model_copy(update={"call_to_action": None, "format": None}),
            f"{line_id} borrows its texts from a {name} ad, since no past Meta ad is known: give it a picture.",
        )
    return CreativeChoice(
        None, f"No past ad's texts are known for {line_id}: write a headline and a primary text for it."
    )


def _fitting(ads: Iterable[AdText], limits: TextLimits) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    ads = list(ads)
    headlines = _distinct((text for ad in ads for text in ad.headlines), limits.headline_width)[: limits.headlines[1]]
    descriptions = _distinct((text for ad in ads for text in ad.descriptions), limits.description_width)
    descriptions = descriptions[: limits.descriptions[1]]
    if len(headlines) < limits.headlines[0] or len(descriptions) < limits.descriptions[0]:
        return None
    return headlines, descriptions


def _distinct(texts: Iterable[str], width: int) -> tuple[str, ...]:
    """Each text once (whatever its case), without those that are empty, too long, or count down to a day gone by."""
    found: dict[str, str] = {}
    for text in (" ".join(raw.split()) for raw in texts):
        if text and display_width(text) <= width and "{countdown(" not in text.lower():
            found.setdefault(text.casefold(), text)
    return tuple(found.values())


def _plain(ad: AdText) -> AdText:
    """The ad without texts that Google's editorial rules refuse; a title may serve as a description as well."""
    headlines = tuple(text for text in ad.headlines if "!" not in text and not _EYE_CATCHERS.search(text))
    descriptions = tuple(text for text in ad.descriptions if not _EYE_CATCHERS.search(text) and text.count("!") <= 1)
    return AdText(id=ad.id, platform=ad.platform, headlines=headlines, descriptions=descriptions)


def _shown_whole(ad: AdText) -> bool:
    limits = META_TEXT_LIMITS
    return all(display_width(text) <= limits.headline_width for text in ad.headlines[:1]) and all(
        display_width(text) <= limits.description_width for text in ad.descriptions[:1]
    )


def _inserts(ad: AdText) -> bool:
    return any("{" in text for text in (*ad.headlines, *ad.descriptions))


def _with_address(creative: Creative, ads: Iterable[AdText]) -> Creative:
    """The creative with the best ad's landing page that is known."""
    return creative.model_copy(update={"final_url": next((ad.final_url for ad in ads if ad.final_url), None)})


def _creative(ad: AdText, headlines: Sequence[str], descriptions: Sequence[str]) -> Creative:
    return Creative(
        headline=headlines[0] if headlines else None,
        body=descriptions[0] if descriptions else None,
        call_to_action=ad.call_to_action,
        format=ad.form,
        headlines=list(headlines),
        descriptions=list(descriptions),
        final_url=ad.final_url,
        source_ad_id=ad.id,
    )
