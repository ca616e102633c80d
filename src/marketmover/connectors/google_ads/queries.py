"""What is asked of Google Ads, in its query language: for each kind of export its query, and how many days it takes."""

from datetime import date, timedelta
from typing import NamedTuple

_CUSTOMER = ("customer.id", "customer.currency_code", "customer.time_zone")
_CAMPAIGN = (
    *("campaign.id", "campaign.name", "campaign.status", "campaign.advertising_channel_type"),
    *("campaign.bidding_strategy_type", "campaign.bidding_strategy", "campaign.target_cpa.target_cpa_micros"),
    *("campaign.target_roas.target_roas", "campaign.maximize_conversions.target_cpa_micros"),
    *("campaign.maximize_conversion_value.target_roas", "campaign.start_date_time", "campaign.end_date_time"),
)
STRATEGIES = {
    "TARGET_CPA": "targetCpa",
    "TARGET_ROAS": "targetRoas",
    "MAXIMIZE_CONVERSIONS": "maximizeConversions",
    "MAXIMIZE_CONVERSION_VALUE": "maximizeConversionValue",
}
"""Strategies that may have a target, and the fields of a campaign where it stands."""

_BUDGET = (
    *("campaign_budget.resource_name", "campaign_budget.amount_micros", "campaign_budget.total_amount_micros"),
    "campaign_budget.explicitly_shared",
)
_GROUP = ("ad_group.id", "ad_group.name", "ad_group.type", "ad_group.status")
_IDS = ("customer.id", "campaign.id", "campaign.name")
_COUNTS = ("metrics.impressions", "metrics.clicks", "metrics.cost_micros", "metrics.conversions")
_FIGURES = (*_COUNTS, "metrics.conversions_value")
_SHARES = ("metrics.search_impression_share", "metrics.search_rank_lost_impression_share")
_ACTION = ("segments.conversion_action_name", "segments.conversion_action_category")
_AD = "ad_group_ad.ad."
_AD_TEXTS = (
    *("responsive_search_ad.headlines", "responsive_search_ad.descriptions"),
    *("responsive_display_ad.headlines", "responsive_display_ad.descriptions"),
)
_CRITERION = (
    *("criterion_id", "status", "type", "negative", "keyword.text", "keyword.match_type", "age_range.type"),
    *("gender.type", "user_interest.user_interest_category", "user_list.user_list"),
)
_CAMPAIGN_CRITERION = (
    *("criterion_id", "status", "type", "negative", "location.geo_target_constant", "keyword.text"),
    *("keyword.match_type", "age_range.type", "gender.type"),
)
_CHANGE = (
    *("resource_name", "change_date_time", "change_resource_type", "change_resource_name", "changed_fields"),
    *("old_resource", "new_resource", "campaign", "ad_group", "client_type", "resource_change_operation"),
)
_SIMULATION = (
    *("campaign_id", "type", "modification_method", "start_date", "end_date"),
    "budget_point_list.points",
)

CHANGES_AT_ONCE = 10_000  # the most that one query of changes may ask for
CHANGE_DAYS = 30  # changes are kept for so many days
DETAIL_DAYS = 90  # figures by ad and by people are pulled for so many days, as they serve advice on the present


class Query(NamedTuple):
    """One question: fields, the resource that rows come from, and a condition beside the days; may be empty."""

    fields: tuple[str, ...]
    resource: str
    where: str = ""

    def text(self, first: date | None = None, last: date | None = None) -> str:
        """The query for the days `first` to `last`, both included; without days where the kind has none."""
        days = "" if first is None else f"segments.date BETWEEN '{first}' AND '{last}'"
        where = " AND ".join(part for part in (days, self.where) if part)
        return f"SELECT {', '.join(self.fields)} FROM {self.resource}{f' WHERE {where}' if where else ''}"  # noqa: S608 - GAQL


def _of(prefix: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{prefix}{name}" for name in names)


_DAY = "segments.date"

DAILY: dict[str, tuple[Query, ...]] = {
    # Both levels in one chunk: campaigns without ad groups, and what is lost to the budget, stand at the campaign
    # alone; a campaign's row that is older than its groups' rows would win over them.
    "daily": (
        Query((*_CUSTOMER, *_CAMPAIGN, *_GROUP, *_FIGURES, *_SHARES, _DAY), "ad_group"),
        Query(
            (
                *(*_CUSTOMER, *_CAMPAIGN, *_BUDGET, *_FIGURES, *_SHARES),
                *("metrics.search_budget_lost_impression_share", _DAY),
            ),
            "campaign",
        ),
    ),
    "actions": (
        Query((*_IDS, "ad_group.id", *_FIGURES[-2:], *_ACTION, _DAY), "ad_group"),
        Query(
            (*_IDS, *_FIGURES[-2:], *_ACTION, _DAY),
            "campaign",
            "campaign.advertising_channel_type = 'PERFORMANCE_MAX'",
        ),
    ),
}
"""Figures by day of the whole time that is asked for."""

DETAILS: dict[str, tuple[Query, ...]] = {
    "ads_daily": (Query((*_IDS, "ad_group.id", f"{_AD}id", f"{_AD}type", *_COUNTS, _DAY), "ad_group_ad"),),
    "genders": (Query((*_IDS, "ad_group.id", "ad_group_criterion.gender.type", *_COUNTS, _DAY), "gender_view"),),
    "ages": (Query((*_IDS, "ad_group.id", "ad_group_criterion.age_range.type", *_COUNTS, _DAY), "age_range_view"),),
    "places": (
        Query(
            (
                *(*_IDS, "geographic_view.country_criterion_id", "geographic_view.location_type"),
                *("segments.geo_target_region", *_COUNTS, _DAY),
            ),
            "geographic_view",
        ),
    ),
}
"""Figures by day of the last `DETAIL_DAYS` days."""

STRUCTURE: dict[str, tuple[Query, ...]] = {
    "campaigns": (Query((*_CUSTOMER, *_CAMPAIGN, *_BUDGET), "campaign"),),
    "groups": (Query((*_IDS, *_GROUP), "ad_group"),),
    "targeting": (
        Query((*_IDS, "ad_group.id", *_of("ad_group_criterion.", _CRITERION)), "ad_group_criterion"),
        Query((*_IDS, *_of("campaign_criterion.", _CAMPAIGN_CRITERION)), "campaign_criterion"),
    ),
    "ads": (
        Query(
            (
                *(*_IDS, "ad_group.id", "ad_group_ad.status"),
                *(f"{_AD}id", f"{_AD}type", f"{_AD}final_urls", *_of(_AD, _AD_TEXTS)),
            ),
            "ad_group_ad",
        ),
    ),
    "simulations": (
        Query(
            (*_IDS, *_of("campaign_simulation.", _SIMULATION)),
            "campaign_simulation",
            "campaign_simulation.type = 'BUDGET'",
        ),
    ),
}
"""What stands today, without days."""

ACCOUNT = (
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, customer.manager "
    "FROM customer LIMIT 1"
)


def changes_query(since: str, until: str) -> str:
    """Changes from one moment to another (`2026-01-05 00:00:00`), oldest first."""
    moment = "change_event.change_date_time"
    fields = ", ".join(("customer.id", *_of("change_event.", _CHANGE)))
    return (
        f"SELECT {fields} FROM change_event WHERE {moment} >= '{since}' AND {moment} <= '{until}' "  # noqa: S608 - GAQL
        f"ORDER BY {moment} LIMIT {CHANGES_AT_ONCE}"
    )


def quoted(text: str) -> str:
    r"""A text as GAQL writes it.

    >>> quoted("it's")
    "'it\\'s'"
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def spans(since: date, until: date, days: int) -> list[tuple[date, date]]:
    """The days `since` to `until` in steps of `days`, counted from `since`.

    >>> spans(date(2026, 1, 1), date(2026, 1, 3), 2)
    [(datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)), (datetime.date(2026, 1, 3), datetime.date(2026, 1, 3))]
    """
    count = (until - since).days // days + 1 if until >= since else 0
    starts = [since + timedelta(days * number) for number in range(count)]
    return [(start, min(start + timedelta(days - 1), until)) for start in starts]
