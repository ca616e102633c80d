"""What is asked of Meta's edges, so that the import finds every field that it reads (contract: history)."""

from dataclasses import dataclass

INSIGHTS_FIELDS = (
    *("account_id", "account_currency", "campaign_id", "campaign_name", "adset_id", "adset_name", "objective"),
    *("impressions", "clicks", "inline_link_clicks", "spend", "reach", "frequency", "actions", "action_values"),
)
_DETAIL_FIELDS = tuple(name for name in INSIGHTS_FIELDS if name not in {"reach", "frequency", "objective"})

ACCOUNT_FIELDS = ("account_id", "name", "currency", "timezone_name", "account_status")

CHANGE_FIELDS = (
    *("event_time", "event_type", "translated_event_type", "object_id", "object_name", "object_type", "extra_data"),
)

ESTIMATE_FIELDS = ("daily_outcomes_curve", "estimate_ready")

COMMENT_FIELDS = ("id", "message", "created_time")

_CREATIVE = (
    "creative{id,title,body,call_to_action_type,object_type,video_id,object_story_spec,asset_feed_spec,image_hash}"
)
_RUNS = ("ACTIVE", "PAUSED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES")


@dataclass(frozen=True)
class ObjectsEdge:
    """An edge of the account that lists its objects.

    Attributes:
        fields: To ask for.
        statuses: Which objects to list; by default Meta leaves out what is archived, whose history still counts.
    """

    fields: tuple[str, ...]
    statuses: tuple[str, ...]


OBJECTS: dict[str, ObjectsEdge] = {
    "campaigns": ObjectsEdge(
        (
            *("id", "account_id", "name", "status", "effective_status", "objective", "buying_type", "bid_strategy"),
            *("daily_budget", "lifetime_budget", "start_time", "stop_time", "special_ad_categories"),
        ),
        _RUNS,
    ),
    "adsets": ObjectsEdge(
        (
            *("id", "account_id", "campaign_id", "name", "status", "effective_status", "targeting", "billing_event"),
            *("optimization_goal", "promoted_object", "destination_type", "bid_strategy", "bid_amount"),
            *("daily_budget", "lifetime_budget", "start_time", "end_time"),
        ),
        (*_RUNS, "CAMPAIGN_PAUSED"),
    ),
    "ads": ObjectsEdge(
        (
            "id",
            "account_id",
            "campaign_id",
            "adset_id",
            "name",
            "status",
            "effective_status",
            "created_time",
            _CREATIVE,
        ),
        (
            *(*_RUNS, "CAMPAIGN_PAUSED", "ADSET_PAUSED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED"),
            "PENDING_BILLING_INFO",
        ),
    ),
}


@dataclass(frozen=True)
class InsightsKind:
    """A kind of daily figures.

    Attributes:
        level: `adset` or `ad`.
        breakdowns: Dimensions that split rows.
        fields: To ask for.
        days: How many of the last days are worth asking for; `None` for all.
    """

    level: str
    breakdowns: tuple[str, ...]
    fields: tuple[str, ...]
    days: int | None


INSIGHTS: dict[str, InsightsKind] = {
    "insights": InsightsKind("adset", (), INSIGHTS_FIELDS, None),
    "insights_by_ad": InsightsKind("ad", (), (*_DETAIL_FIELDS, "ad_id", "ad_name"), 90),
    "insights_by_age_gender": InsightsKind("adset", ("age", "gender"), _DETAIL_FIELDS, 90),
    "insights_by_publisher_platform": InsightsKind("adset", ("publisher_platform",), _DETAIL_FIELDS, 90),
}
