"""The panel: a history as arrays, one row a budget line and one column a day. What `budget` learns from."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.plans import Platform

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Line:
    """The smallest thing that has a budget of its own, and what the exports say of it.

    `group_id` is the campaign's only ad group or the ad set, `None` where a campaign with several groups (or none)
    holds the budget. Money is in account currency; `daily_budget` is the platform's own setting today, `None` where not
    exported. `budget_level` (`campaign`, `ad_set`) says where the budget stands; lines of one `shared_budget` draw on
    the same sum. `countries` are ISO 3166-1 alpha-2, empty where the exports do not say. `learning_since` is the day of
    the last change that starts a learning phase.
    """

    id: str
    platform: Platform
    account_id: str
    campaign_id: str
    group_id: str | None
    name: str
    ad_type: str
    objective: str = "UNKNOWN"
    status: str = "UNKNOWN"
    bidding_strategy: str = "UNKNOWN"
    bidding_target: float | None = None
    daily_budget: float | None = None
    budget_level: str = "campaign"
    shared_budget: str | None = None
    countries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    genders: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    learning_since: date | None = None


@dataclass(frozen=True)
class PlatformCurve:
    """A response curve that a platform itself exported: Google's `campaignSimulation`, Meta's `daily_outcomes_curve`.

    Attributes:
        line_id: The line that it speaks of.
        as_of: The day that it was exported for, if known.
        spend: Spend a day in account currency, ascending, shape (points,).
        conversions: Conversions a day at that spend, shape (points,).
    """

    line_id: str
    as_of: date | None
    spend: Floats
    conversions: Floats


_ARRAYS = (
    "cost",
    "impressions",
    "clicks",
    "conversions",
    "leads",
    "sales",
    "installs",
    "revenue",
    "crm_leads",
    "crm_decided",
    "crm_qualified",
    "crm_won",
    "reach",
    "search_impression_share",
    "budget_lost_share",
    "rank_lost_share",
)


@dataclass(frozen=True)
class Panel:
    """A history as arrays of shape (lines, days).

    Attributes:
        currency: ISO 4217 of all money here.
        dates: Consecutive days, shape (days,), dtype `datetime64[D]`; the last is the last day known.
        lines: One a row of the arrays, in a stable order (platform, campaign, group).
        observed: Whether the exports hold a row for the line on the day; elsewhere all counts are 0.
        cost: Spend a day.
        impressions, clicks: Counts.
        conversions: All conversions that the platform reports (fractional on Google).
        leads: Conversions mapped to leads. Equal to `conversions` where an account has no other action.
        sales: Conversions mapped to sales.
        installs: Conversions mapped to app installs.
        revenue: Value of conversions, from the platform, else from won CRM leads (`revenue_source` says which).
        crm_leads: CRM leads by the day they were created.
        crm_decided, crm_qualified, crm_won: Of these, those decided on, qualified, won, still on the day created.
        reach: People reached a day, NaN where unknown (Meta only).
        search_impression_share, budget_lost_share, rank_lost_share: Fractions, NaN where unknown (Google search only).
        frequency: Impressions a person reached on a day, over the ad sets where a line has several; NaN where unknown,
            `None` where no export says.
        refreshed: Share of a line's ads that were new on the day, 0 where none was, NaN where the exports do not say;
            `None` where they never do.
        has_crm: Whether any CRM lead is known.
        revenue_source: `platform`, `crm` or `none`.
        lead_source: `platform` (mapped conversions), or `none` where the account has no leads.
        curves: Curves that platforms exported, at most one a line (the newest).
        simulated: Whether the history says of itself that it is simulated.
        holidays_country: ISO 3166-1 alpha-2 of the country whose holidays move demand, where one is clear.
    """

    currency: str
    dates: Days
    lines: tuple[Line, ...]
    observed: Bools
    cost: Floats
    impressions: Floats
    clicks: Floats
    conversions: Floats
    leads: Floats
    sales: Floats
    installs: Floats
    revenue: Floats
    crm_leads: Floats
    crm_decided: Floats
    crm_qualified: Floats
    crm_won: Floats
    reach: Floats
    search_impression_share: Floats
    budget_lost_share: Floats
    rank_lost_share: Floats
    has_crm: bool
    revenue_source: str
    lead_source: str
    curves: tuple[PlatformCurve, ...] = ()
    simulated: bool = False
    holidays_country: str | None = None
    refreshed: Floats | None = None
    frequency: Floats | None = None

    @classmethod
    def empty(cls, currency: str) -> "Panel":
        """A history that holds nothing: no lines, no days."""
        none = np.zeros((0, 0))
        arrays = dict.fromkeys(_ARRAYS, none)
        return cls(
            currency=currency,
            dates=np.zeros(0, dtype="datetime64[D]"),
            lines=(),
            observed=none.astype(bool),
            has_crm=False,
            revenue_source="none",
            lead_source="none",
            **arrays,
        )

    @property
    def line_ids(self) -> list[str]:
        """The lines' ids in the order of the arrays' rows."""
        return [line.id for line in self.lines]
