"""What the exports say of lines and ads on the platforms themselves: accounts, resource names, budgets, texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True)
class GoogleAdGroup:
    """An ad group of a running Google line.

    Attributes:
        id: Its id.
        status: `ENABLED`, `PAUSED`, `REMOVED` or `UNKNOWN`.
        excluded: The age ranges and genders that it leaves out, by Google's names (`AGE_RANGE_18_24`, `MALE`).
    """

    id: str
    status: str = "UNKNOWN"
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class GoogleResource:
    """A running Google line as the account has it.

    Attributes:
        customer_id: The account's id, digits only.
        campaign: Resource name, `customers/1/campaigns/55`.
        budget: Resource name of its budget, `customers/1/campaignBudgets/9`, `None` where the exports do not say.
        budget_shared: Whether the budget is explicitly shared with other campaigns.
        budget_period: `DAILY`, or `CUSTOM_PERIOD` where one sum holds for the campaign's whole life.
        status: `ENABLED`, `PAUSED`, `REMOVED` or `UNKNOWN`.
        bidding_strategy: Google's `biddingStrategyType`, `UNKNOWN` where the exports do not say.
        bidding_target: Its target cost per action in currency, or return as a ratio.
        portfolio_strategy: Resource name of the portfolio strategy that the campaign follows, if any.
        excluded: The age ranges and genders that the campaign itself leaves out.
        ad_groups: Its ad groups, as far as the exports name them.
    """

    customer_id: str
    campaign: str
    budget: str | None = None
    budget_shared: bool = False
    budget_period: str = "DAILY"
    status: str = "UNKNOWN"
    bidding_strategy: str = "UNKNOWN"
    bidding_target: float | None = None
    portfolio_strategy: str | None = None
    excluded: frozenset[str] = frozenset()
    ad_groups: tuple[GoogleAdGroup, ...] = ()


@dataclass(frozen=True)
class MetaAdSet:
    """An ad set of a running Meta line.

    Attributes:
        id: Its id.
        status: `ACTIVE`, `PAUSED`, ...; `UNKNOWN` where the exports do not say.
        targeting: The whole of its `targeting` as exported, `None` where no export holds it.
    """

    id: str
    status: str = "UNKNOWN"
    targeting: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class MetaResource:
    """A running Meta line as the account has it.

    Attributes:
        account_id: The account's id, digits only (no `act_`).
        campaign_id: The campaign's id.
        ad_set_id: The line's ad set, `None` where a campaign with several holds the budget.
        budget_level: Where the budget stands; it never stands on both.
        budget_kind: `daily`, or `lifetime` where one sum holds from first to last day.
        spent: What a lifetime budget has spent so far, in currency; `None` where unknown.
        status: The ad set's (or campaign's, where it holds the budget): `ACTIVE`, `PAUSED`, ...
        campaign_status: The campaign's.
        bid_strategy: `LOWEST_COST_WITHOUT_CAP`, `COST_CAP`, ...; `UNKNOWN` where the exports do not say.
        bid_target: Its cap in currency, or return as a ratio.
        time_zone: The account's IANA time zone, if known.
        promoted_object: What its ad sets promote (`page_id`, `pixel_id`, `application_id`, ...), as exported.
        ad_sets: The line's ad sets, as far as the exports name them.
    """

    account_id: str
    campaign_id: str
    ad_set_id: str | None
    budget_level: Literal["campaign", "ad_set"] = "ad_set"
    budget_kind: Literal["daily", "lifetime"] = "daily"
    spent: float | None = None
    status: str = "UNKNOWN"
    campaign_status: str = "UNKNOWN"
    bid_strategy: str = "UNKNOWN"
    bid_target: float | None = None
    time_zone: str | None = None
    promoted_object: Mapping[str, str] = field(default_factory=dict[str, str])
    ad_sets: tuple[MetaAdSet, ...] = ()


@dataclass(frozen=True)
class AdText:
    """A past or running ad, as far as its words and parts were exported.

    Attributes:
        id: The platform's id of the ad.
        platform: `google_ads` or `meta_ads`.
        line_id: The budget line that it runs in.
        group_id: Its ad group or ad set, where exported.
        headlines: Google's headlines, or Meta's one title.
        descriptions: Google's descriptions, or Meta's one primary text.
        call_to_action: Meta's `call_to_action_type`.
        form: `TEXT` on Google; `IMAGE`, `VIDEO`, `CAROUSEL`, `LEAD_FORM`, ... on Meta.
        final_url: Where a click leads.
        running: Whether the ad is on.
        impressions, clicks, conversions: What it earned, 0 where not exported.
        creative_id, page_id, picture, lead_gen_form_id: Meta's parts, where exported.
        created_on: The day that it was made, where exported (Meta).
    """

    id: str
    platform: str
    line_id: str | None = None
    headlines: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    call_to_action: str | None = None
    form: str | None = None
    final_url: str | None = None
    running: bool = True
    impressions: float = 0.0
    clicks: float = 0.0
    conversions: float = 0.0
    creative_id: str | None = None
    page_id: str | None = None
    picture: str | None = None
    lead_gen_form_id: str | None = None
    created_on: date | None = None
    group_id: str | None = None
