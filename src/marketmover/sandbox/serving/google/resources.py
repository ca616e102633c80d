"""What can be asked of which resource. Source: Google Ads API fields reference, as far as the sandbox fills it."""

from typing import NamedTuple

_COUNTS = frozenset({"impressions", "clicks", "cost_micros", "conversions"})
_RATES = frozenset({"ctr", "average_cpc", "average_cpm", "cost_per_conversion"})
_DETAIL = _COUNTS | _RATES
_ALL = _DETAIL | {"conversions_value", "value_per_conversion"}
_GROUP_SHARES = frozenset({"search_impression_share", "search_rank_lost_impression_share"})
_SHARES = _GROUP_SHARES | {"search_budget_lost_impression_share"}

ACTION_METRICS = frozenset({"conversions", "conversions_value", "value_per_conversion"})
"""Metrics that can be had by conversion action: the others are not a matter of one action."""

ACTION_SEGMENTS = frozenset({"conversion_action_name", "conversion_action_category"})
CALENDAR = frozenset({"date", "week", "month", "quarter", "year", "day_of_week"})
"""Segments that follow from the day."""
CORE_DATES = frozenset({"date", "week", "month", "quarter", "year"})
"""Segments that may stand in WHERE without standing in SELECT."""


class Resource(NamedTuple):
    """A resource that FROM may name.

    `rows` is the kind of rows without days that there is one of for each; empty where there are none without figures.
    `facts`, `actions` and `devices` are the kinds of daily rows. `beside` are the resources that may be selected along.
    """

    beside: frozenset[str]
    rows: str = ""
    facts: str = ""
    actions: str = ""
    devices: str = ""
    metrics: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()


def _beside(*names: str) -> frozenset[str]:
    return frozenset({"customer", *names})


_GROUPS = _beside("campaign", "ad_group")

SERVED: dict[str, Resource] = {
    "customer": Resource(_beside(), "customer", "campaigns", "campaign_actions", "", _ALL, CALENDAR | ACTION_SEGMENTS),
    "campaign": Resource(
        _beside("campaign_budget"), "campaign", "campaigns", "campaign_actions", "", _ALL | _SHARES,
        CALENDAR | ACTION_SEGMENTS,
    ),
    "ad_group": Resource(
        _beside("campaign"), "ad_group", "daily", "actions", "daily_by_device", _ALL | _GROUP_SHARES,
        CALENDAR | ACTION_SEGMENTS | {"device"},
    ),
    "ad_group_ad": Resource(_GROUPS, "ad_group_ad", "ad_performance", metrics=_DETAIL, segments=CALENDAR),
    "ad_group_criterion": Resource(_GROUPS, "ad_group_criterion"),
    "campaign_criterion": Resource(_beside("campaign"), "campaign_criterion"),
    "campaign_budget": Resource(_beside("campaign"), "campaign_budget"),
    "campaign_simulation": Resource(_beside("campaign"), "campaign_simulation"),
    "geo_target_constant": Resource(frozenset(), "geo_target_constant"),
    "change_event": Resource(_beside("campaign", "ad_group"), "change_event"),
    "gender_view": Resource(
        _GROUPS | {"ad_group_criterion"}, "", "gender_view", metrics=_DETAIL, segments=CALENDAR
    ),
    "age_range_view": Resource(
        _GROUPS | {"ad_group_criterion"}, "", "age_range_view", metrics=_DETAIL, segments=CALENDAR
    ),
    "geographic_view": Resource(
        _beside("campaign"), "", "geographic_view", metrics=_DETAIL, segments=CALENDAR | {"geo_target_region"}
    ),
}  # fmt: skip
"""The resources that the sandbox fills."""
