"""Reading single values of settings: what cannot be read is null and, where an enum, UNKNOWN and flagged."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from marketmover.history.reading.columns import snake
from marketmover.kit import parse_date

Object = Mapping[str, Any]

GOOGLE_STATUS = frozenset({"ENABLED", "PAUSED", "REMOVED", "UNSPECIFIED", "UNKNOWN"})
GOOGLE_CHANNELS = frozenset(
    {
        *("SEARCH", "DISPLAY", "SHOPPING", "HOTEL", "VIDEO", "MULTI_CHANNEL", "LOCAL", "SMART", "PERFORMANCE_MAX"),
        *("LOCAL_SERVICES", "TRAVEL", "DEMAND_GEN", "DISCOVERY", "UNSPECIFIED", "UNKNOWN"),
    }
)
GOOGLE_BIDDING = frozenset(
    {
        *("COMMISSION", "ENHANCED_CPC", "FIXED_CPM", "FIXED_SHARE_OF_VOICE", "INVALID", "MANUAL_CPA", "MANUAL_CPC"),
        *("MANUAL_CPM", "MANUAL_CPV", "MAXIMIZE_CONVERSIONS", "MAXIMIZE_CONVERSION_VALUE", "PAGE_ONE_PROMOTED"),
        *("PERCENT_CPC", "TARGET_CPA", "TARGET_CPC", "TARGET_CPM", "TARGET_CPV", "TARGET_IMPRESSION_SHARE"),
        *("TARGET_OUTRANK_SHARE", "TARGET_ROAS", "TARGET_SPEND", "UNSPECIFIED", "UNKNOWN"),
    }
)
META_OBJECTIVES = frozenset(
    {
        *("OUTCOME_APP_PROMOTION", "OUTCOME_AWARENESS", "OUTCOME_ENGAGEMENT", "OUTCOME_LEADS", "OUTCOME_SALES"),
        *("OUTCOME_TRAFFIC", "APP_INSTALLS", "BRAND_AWARENESS", "CONVERSIONS", "EVENT_RESPONSES", "LEAD_GENERATION"),
        *("LINK_CLICKS", "LOCAL_AWARENESS", "MESSAGES", "OFFER_CLAIMS", "PAGE_LIKES", "POST_ENGAGEMENT"),
        *("PRODUCT_CATALOG_SALES", "REACH", "STORE_VISITS", "VIDEO_VIEWS"),
    }
)
META_STATUS = frozenset(
    {
        *("ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "CAMPAIGN_PAUSED", "ADSET_PAUSED", "PENDING_REVIEW"),
        *("DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO", "IN_PROCESS", "WITH_ISSUES"),
    }
)
META_BIDDING = frozenset(
    {"LOWEST_COST_WITHOUT_CAP", "LOWEST_COST_WITH_BID_CAP", "COST_CAP", "LOWEST_COST_WITH_MIN_ROAS"}
)
META_GOALS = frozenset(
    {
        *("AD_RECALL_LIFT", "APP_INSTALLS", "APP_INSTALLS_AND_OFFSITE_CONVERSIONS", "CLICKS", "CONVERSATIONS"),
        *("DERIVED_EVENTS", "ENGAGED_USERS", "EVENT_RESPONSES", "IMPRESSIONS", "IN_APP_VALUE", "LANDING_PAGE_VIEWS"),
        *("LEAD_GENERATION", "LINK_CLICKS", "MEANINGFUL_CALL_ATTEMPT", "MESSAGING_APPOINTMENT_CONVERSION"),
        *("MESSAGING_PURCHASE_CONVERSION", "NONE", "OFFSITE_CONVERSIONS", "PAGE_LIKES", "POST_ENGAGEMENT"),
        *("PROFILE_AND_PAGE_ENGAGEMENT", "PROFILE_VISIT", "QUALITY_CALL", "QUALITY_LEAD", "REACH", "REMINDERS_SET"),
        *("SUBSCRIBERS", "THRUPLAY", "VALUE", "VISIT_INSTAGRAM_PROFILE", "TWO_SECOND_CONTINUOUS_VIDEO_VIEWS"),
        *("AUTOMATIC_OBJECTIVE", "ADVERTISER_SILOED_VALUE", "APP_DOWNLOADS", "VIDEO_VIEWS", "BRAND_AWARENESS"),
    }
)
MATCH_TYPES = frozenset({"EXACT", "PHRASE", "BROAD", "UNSPECIFIED", "UNKNOWN"})
AGE_RANGES = frozenset(
    {
        *("AGE_RANGE_18_24", "AGE_RANGE_25_34", "AGE_RANGE_35_44", "AGE_RANGE_45_54", "AGE_RANGE_55_64"),
        *("AGE_RANGE_65_UP", "AGE_RANGE_UNDETERMINED", "UNSPECIFIED", "UNKNOWN"),
    }
)
GENDERS = frozenset({"MALE", "FEMALE", "UNDETERMINED", "UNSPECIFIED", "UNKNOWN"})
_WHOLE_MINOR_UNITS = frozenset({"CLP", "COP", "CRC", "HUF", "IDR", "ISK", "JPY", "KRW", "PYG", "TWD", "VND"})


class Flags(Counter[tuple[str, str, str]]):
    """What looks odd and was kept: (file, field, value) to how often."""

    def enum(self, value: Any, known: frozenset[str], where: tuple[str, str]) -> str | None:
        """The value if its list knows it, else UNKNOWN, flagged under `where` (file, field); null stays null."""
        if value is None or value == "":
            return None
        if value in known:
            return str(value)
        self[(*where, str(value))] += 1
        return "UNKNOWN"


def member(value: Any, *path: str) -> Any:
    """A member of nested objects, each key in camelCase or snake_case; null where any is not there."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        inside = cast("Object", value)
        value = inside.get(name)
        if value is None:
            value = inside.get(snake(name))
    return value


def loads(text: str | None) -> Any:
    """JSON text of an object or list; null where there is none or it is no JSON."""
    if not text or text[0] not in "{[":
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def number(value: Any) -> float | None:
    """A finite number from a number or text; else null."""
    if value is None or isinstance(value, bool):
        return None
    try:
        read = float(value)
    except (TypeError, ValueError):
        return None
    return read if abs(read) < float("inf") else None


def micros(value: Any) -> float | None:
    """Micros to major units."""
    read = number(value)
    return None if read is None else read / 1_000_000


def minor_units(value: Any, currency: str) -> float | None:
    """Meta's minor units (cents) to major units; some currencies have none (Marketing API, Currencies)."""
    read = number(value)
    return None if read is None else read / (1 if currency in _WHOLE_MINOR_UNITS else 100)


def day(value: Any) -> date | None:
    """The day that a date or moment begins with; else null."""
    try:
        return parse_date(str(value)[:10])
    except ValueError:
        return None


def truth(value: Any) -> bool | None:
    """A boolean from JSON or its text; else null."""
    return {"true": True, "false": False}.get(str(value).lower())


def text(value: Any) -> str | None:
    """Text of a value that is there and not empty."""
    return str(value) if value not in (None, "") else None


def ids(resource: Any) -> dict[str, str]:
    """The ids in a Google resource name: `customers/1/campaigns/55` is `{customers: 1, campaigns: 55}`."""
    parts = str(resource or "").split("/")
    return dict(zip(parts[::2], parts[1::2], strict=False))


def last_id(resource: Any) -> str:
    """The first number in a resource name's last part: `customers/1/adGroupAds/551~9` is `551`."""
    return str(resource or "").rsplit("/", 1)[-1].split("~")[0]
