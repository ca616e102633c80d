"""What is read from each source's rows: names of keys in both spellings, and DuckDB's column types for them.

Every value is read as text, so that a value of a wrong type spoils its own row and nothing else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

GOOGLE_OBJECTS: dict[str, tuple[str, ...]] = {
    "customer": ("id", "currencyCode", "timeZone"),
    "campaign": (
        *("id", "name", "status", "advertisingChannelType", "advertisingChannelSubType", "biddingStrategyType"),
        *("targetCpa", "targetRoas", "maximizeConversions", "maximizeConversionValue", "biddingStrategy"),
        *("startDate", "startDateTime", "endDate", "endDateTime"),
    ),
    "campaignBudget": ("resourceName", "id", "amountMicros", "totalAmountMicros", "explicitlyShared"),
    "adGroup": ("id", "name", "type", "status"),
    "metrics": (
        *("impressions", "clicks", "costMicros", "conversions", "conversionsValue"),
        *("searchImpressionShare", "searchBudgetLostImpressionShare", "searchRankLostImpressionShare"),
    ),
}
GOOGLE_TEXTS = (
    *("segments", "adGroupCriterion", "campaignCriterion", "changeEvent", "adGroupAd", "campaignSimulation"),
    *("conversionAction", "geoTargetConstant", "ageRange", "gender"),
)
GOOGLE_VIEWS = (
    *("ageRangeView", "genderView", "geographicView", "userLocationView", "locationView", "keywordView"),
    *("searchTermView", "landingPageView", "expandedLandingPageView", "shoppingPerformanceView", "assetGroup"),
    *("adGroupAdAssetView", "adGroupAudienceView", "campaignAudienceView", "incomeRangeView", "parentalStatusView"),
    *("displayKeywordView", "topicView", "managedPlacementView", "groupPlacementView", "detailPlacementView"),
    *("productGroupView", "hotelPerformanceView", "videoView", "video", "assetFieldTypeView", "callView"),
)

META_BREAKDOWNS = (
    *("age", "gender", "country", "region", "dma", "publisher_platform", "platform_position", "device_platform"),
    *("impression_device", "product_id", "frequency_value", "hourly_stats_aggregated_by_advertiser_time_zone"),
    *("hourly_stats_aggregated_by_audience_time_zone", "image_asset", "video_asset", "title_asset", "body_asset"),
)
META_TEXTS = (
    *("account_id", "account_currency", "campaign_id", "campaign_name", "adset_id", "adset_name", "ad_id", "ad_name"),
    *("objective", "impressions", "inline_link_clicks", "clicks", "spend", "reach", "frequency"),
    *("date_start", "date_stop", "id", "name", "status", "effective_status", "bid_strategy", "daily_budget"),
    *("lifetime_budget", "optimization_goal", "bid_amount", "targeting", "creative", "event_time", "event_type"),
    *("object_id", "object_name", "object_type", "extra_data", "daily_outcomes_curve", "start_time", "stop_time"),
    *("end_time", "created_time", "currency", "timezone_name", "destination_type", "promoted_object", "message"),
)
META_LISTS = ("actions", "action_values")

CRM_TEXTS = (
    *("lead_id", "created_at", "platform", "campaign_id", "ad_group_id", "qualified", "won", "revenue", "currency"),
    *("qualified_at", "won_at"),
)

_LIST_TYPE = 'STRUCT(action_type VARCHAR, "value" {})[]'


@cache
def snake(name: str) -> str:
    """`costMicros` as `cost_micros`."""
    return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)


def spellings(name: str, spelling: str) -> list[str]:
    """The keys that a field may stand under: camelCase first, then snake_case."""
    both = [name] if snake(name) == name else [name, snake(name)]
    if spelling == "camel":
        return both[:1]
    return both[-1:] if spelling == "snake" else both


@dataclass(frozen=True)
class ReadSpec:
    """DuckDB's `columns` for one source in one spelling.

    Attributes:
        source: `google`, `meta` or `crm`.
        spelling: `camel`, `snake` or `both`.
        columns: Key of a row to DuckDB type.
        keeps_texts: Whether values in lists are read as text, so that one that is no number spoils its own row alone;
            else DuckDB refuses the file.
    """

    source: str
    spelling: str
    columns: dict[str, str] = field(default_factory=dict[str, str])
    keeps_texts: bool = True

    def text(self, *path: str) -> str:
        """SQL for a field of a row, as text, in whichever spelling the file uses."""
        options = [f'"{key}"' for key in spellings(path[0], self.spelling)]
        if len(path) > 1:
            options = [f'{option}."{key}"' for option in options for key in spellings(path[1], self.spelling)]
        return options[0] if len(options) == 1 else f"coalesce({', '.join(options)})"

    def is_there(self, name: str) -> str:
        """SQL for whether a row has the key."""
        options = [f'"{key}" IS NOT NULL' for key in spellings(name, self.spelling)]
        return f"({' OR '.join(options)})"

    def any_there(self, names: Iterable[str]) -> str:
        """SQL for whether a row has any of the keys."""
        return f"({' OR '.join(self.is_there(name) for name in names)})"

    def misspelt(self) -> str:
        """SQL for whether a row is written in the other spelling, so that the file must be read again in both."""
        other = {"camel": "snake", "snake": "camel"}.get(self.spelling)
        if self.source != "google" or other is None:
            return "FALSE"
        tops = [f'"{_spelt(name, other)}" IS NOT NULL' for name in _TELLTALES]
        inner = [
            f'"{_spelt(name, self.spelling)}"."{_spelt(member, other)}" IS NOT NULL'
            for name, member in _INNER_TELLTALES
        ]
        return f"({' OR '.join((*tops, *inner))})"

    def row_type(self) -> str:
        """The DuckDB type of a whole row, for rows inside an answer."""
        return "STRUCT(" + ", ".join(f'"{key}" {kind}' for key, kind in self.columns.items()) + ")"

    def literal(self) -> str:
        """The `columns` argument of `read_json` as SQL."""
        return columns_literal(self.columns)


def columns_literal(columns: dict[str, str]) -> str:
    """The `columns` argument of `read_json` as SQL."""
    return "{" + ", ".join(f"'{key}': '{kind}'" for key, kind in columns.items()) + "}"


def read_spec(source: str, spelling: str, *, keeps_texts: bool = True) -> ReadSpec:
    """What is read of the rows of `source`, written in `spelling`."""
    if source == "google":
        return ReadSpec(source, spelling, _google_columns(spelling), keeps_texts)
    if source == "meta":
        columns = dict.fromkeys((*META_TEXTS, *META_BREAKDOWNS), "VARCHAR")
        lists = dict.fromkeys(META_LISTS, _LIST_TYPE.format("VARCHAR" if keeps_texts else "DOUBLE"))
        return ReadSpec(source, "snake", columns | lists, keeps_texts)
    return ReadSpec(source, "snake", dict.fromkeys(CRM_TEXTS, "VARCHAR"))


_TELLTALES = ("campaignBudget", "adGroup", "adGroupCriterion", "campaignCriterion", "adGroupAd", "changeEvent")
_INNER_TELLTALES = (
    ("metrics", "costMicros"),
    ("metrics", "conversionsValue"),
    ("customer", "currencyCode"),
    ("campaign", "advertisingChannelType"),
)


def _spelt(name: str, spelling: str) -> str:
    return name if spelling == "camel" else snake(name)


def _google_columns(spelling: str) -> dict[str, str]:
    other = {"camel": "snake", "snake": "camel"}.get(spelling)
    columns = {_spelt(name, other): "VARCHAR" for name in _TELLTALES} if other else {}
    for name, members in GOOGLE_OBJECTS.items():
        keys = [key for member in members for key in spellings(member, spelling)]
        keys += [_spelt(member, other) for top, member in _INNER_TELLTALES if top == name and other]
        kind = "STRUCT(" + ", ".join(f'"{key}" VARCHAR' for key in keys) + ")"
        columns |= dict.fromkeys(spellings(name, spelling), kind)
    for name in (*GOOGLE_TEXTS, *GOOGLE_VIEWS):
        columns |= dict.fromkeys(spellings(name, spelling), "VARCHAR")
    return columns


def objects_of(source: str) -> frozenset[str]:
    """Keys, in both spellings, whose value must be an object (or null)."""
    names = GOOGLE_OBJECTS if source == "google" else ()
    return frozenset(key for name in names for key in spellings(name, "both"))


def lists_of(source: str) -> frozenset[str]:
    """Keys whose value must be a list of objects (or null)."""
    return frozenset(META_LISTS if source == "meta" else ())
