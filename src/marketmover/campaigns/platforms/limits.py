"""The platforms' own limits, as data, each with where it is written."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class TextLimits:
    """How many texts a kind of ad takes, and how long each may be.

    Attributes:
        headlines: Fewest and most.
        descriptions: Fewest and most.
        headline_width, description_width: Longest, in Google's counting (`display_width`).
        refuses: Whether the platform refuses what is longer, rather than cutting it off on screen.
        source: Where the platform says so.
    """

    headlines: tuple[int, int]
    descriptions: tuple[int, int]
    headline_width: int
    description_width: int
    refuses: bool
    source: str


_RESPONSIVE = "Google Ads API reference, ResponsiveSearchAdInfo; Google Ads Help 7684791, About responsive search ads"
_DISPLAY = "Google Ads API reference, ResponsiveDisplayAdInfo"
_ASSET_GROUP = "Google Ads API guide, Performance Max, Asset requirements"
_DEMAND_GEN = "Google Ads API reference, DemandGenMultiAssetAdInfo"
_META = "Meta Ads Guide, image ads in Facebook Feed: text recommendations"

TEXT_LIMITS: dict[str, TextLimits] = {
    "SEARCH": TextLimits((3, 15), (2, 4), 30, 90, True, _RESPONSIVE),
    "DISPLAY": TextLimits((1, 5), (1, 5), 30, 90, True, _DISPLAY),
    "PERFORMANCE_MAX": TextLimits((3, 15), (2, 5), 30, 90, True, _ASSET_GROUP),
    "DEMAND_GEN": TextLimits((1, 5), (1, 5), 40, 90, True, _DEMAND_GEN),
}
META_TEXT_LIMITS = TextLimits((1, 1), (1, 1), 40, 125, False, _META)

# Google Ads API reference, KeywordInfo; Google Ads Help 7476658.
KEYWORD_MOST_CHARACTERS = 80
KEYWORD_MOST_WORDS = 10
KEYWORD_FORBIDDEN = frozenset("!@%,*~^=`<>|{}();\\")

# Google Ads API reference, Campaign.name: no NUL, line feed or carriage return; kept well below every known length cap.
NAME_MOST_CHARACTERS = 120

# Marketing API, Currencies: these currencies have offset 1, every other one that accounts may have has 100.
META_WHOLE_CURRENCIES = frozenset({"CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"})

# Google refuses amounts that are no multiple of the currency's billable unit (CurrencyConstant.billable_unit_micros).
# `kit.coin_of` says which currencies take whole units alone; elsewhere a cent is a multiple of it.

# Marketing API, Minimum budgets: about 1 US dollar a day where an ad set is charged for impressions.
META_LEAST_DAILY = 1.0
META_LEAST_DAILY_CURRENCIES = frozenset({"AUD", "CAD", "CHF", "EUR", "GBP", "NZD", "SGD", "USD"})

_INSERTION = re.compile(r"\{(?:keyword|location\([^)]*\)|customizer\.[^:{}]+)(?::([^{}]*))?\}", re.IGNORECASE)


def display_width(text: str) -> int:
    """A text's length as Google Ads counts it.

    Wide and full-width characters (Chinese, Japanese, Korean) count twice; an insertion such as `{KeyWord:Yoga}` counts
    as its default text. Source: Google Ads Help 1722134 (character limits, double-width languages) and 2454041 (keyword
    insertion).

    >>> display_width("Yoga in Austin"), display_width("ヨガ"), display_width("Book {KeyWord:Yoga}")
    (14, 4, 9)
    """
    plain = _INSERTION.sub(lambda match: match.group(1) or "", text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in plain)
