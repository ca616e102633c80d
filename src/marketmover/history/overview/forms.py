"""The history as the API shows it."""

from datetime import date as Day  # noqa: N812 - fields below are called `date`, as the contract calls them
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from marketmover.history.loading.panels import NO_CURRENCY

Level = Literal["account", "campaign", "ad_group"]
PlatformId = Literal["google_ads", "meta_ads"]
Reason = Literal[
    "unreadable",
    "truncated",
    "missing_date",
    "missing_id",
    "wrong_type",
    "negative_cost",
    "negative_count",
    "impossible_clicks",
    "duplicate",
    "conflict",
    "other_currency",
    "future",
]


class Figures(BaseModel):
    """Counts of some days, and ratios of them; a ratio is null where there is nothing to divide by."""

    impressions: float = Field(examples=[44995])
    clicks: float = Field(examples=[789])
    cost: float = Field(description="Money spent.", examples=[4337.56])
    conversions: float = Field(examples=[40.9])
    leads: float = Field(description="Of the conversions, those that are leads.", examples=[38.0])
    sales: float = Field(examples=[2.9])
    installs: float = Field(examples=[0.0])
    revenue: float = Field(examples=[1052.52])
    crm_leads: float = Field(description="Leads that the CRM has, by the day they came.", examples=[33])
    qualified_leads: float = Field(description="Of these, those that sales took.", examples=[9])
    won: float = Field(description="Of these, those that bought.", examples=[2])
    ctr: float | None = Field(description="Clicks over impressions.", examples=[0.0175])
    cost_per_thousand: float | None = None
    cost_per_click: float | None = None
    conversion_rate: float | None = None
    cost_per_conversion: float | None = None
    cost_per_lead: float | None = None
    cost_per_qualified_lead: float | None = None
    cost_per_acquisition: float | None = None
    roas: float | None = Field(default=None, description="Revenue over cost.")


class ActionView(BaseModel):
    """What a conversion action counts as, and why."""

    platform: str
    action: str = Field(examples=["Submit lead form"])
    kind: str = Field(description="leads, qualified_leads, sales, installs or other.", examples=["leads"])
    reason: str = Field(examples=["its category is SUBMIT_LEAD_FORM"])
    total: float
    guessed: bool = Field(description="Whether nobody said so.")


class CorrelationView(BaseModel):
    """How a feature and an outcome go together from week to week within lines."""

    feature: str
    outcome: str
    value: float | None


class HistorySummary(BaseModel):
    """What the history holds. Before the first import `made_at` is null and all else is empty."""

    made_at: datetime | None = None
    simulated: bool = False
    sample: bool = Field(default=False, description="Whether sample data are in it, which were made to look around.")
    currency: str = Field(default=NO_CURRENCY, description="Of all money in it; others stand in spend_by_currency.")
    first_date: Day | None = None
    last_date: Day | None = None
    lines: int = Field(default=0, description="Budget lines with daily figures.")
    missing_days: int = Field(default=0, description="Days without figures between lines' first and last ones.")
    odd_days: int = Field(default=0, description="Days with a figure far above its surroundings.")
    rows: dict[str, int] = Field(default_factory=dict[str, int], examples=[{"daily": 11680}])
    spend_by_currency: dict[str, float] = Field(default_factory=dict[str, float], examples=[{"USD": 96000.0}])
    quarantine: dict[str, int] = Field(default_factory=dict[str, int], examples=[{"negative_cost": 1}])
    flags: dict[str, int] = Field(default_factory=dict[str, int])
    unknown: dict[str, int] = Field(default_factory=dict[str, int])
    crm: dict[str, float] | None = Field(default=None, description="CRM leads, and what became of them.")
    actions: list[ActionView] = Field(default_factory=list[ActionView])
    correlations: list[CorrelationView] = Field(default_factory=list[CorrelationView])
    notes: list[str] = Field(default_factory=list[str], description="What to know before trusting it.")


class CoverageDay(BaseModel):
    """A platform's or account's day: how many budget lines have figures, and how many that ran around it lack them."""

    platform: str
    account_id: str | None = Field(default=None, description="Where it was asked for by account.")
    date: Day
    lines: int
    missing: int
    impressions: int


class Coverage(BaseModel):
    """The calendar of what is there."""

    first: Day | None
    last: Day | None
    days: list[CoverageDay]


class GapView(BaseModel):
    """Days without figures, both ends included."""

    first: Day
    last: Day


class OutlierView(BaseModel):
    """A day's figure far above its surroundings; it is kept."""

    date: Day
    metric: str
    value: float
    usual: float


class Member(BaseModel):
    """An account, campaign, or ad group (on Meta an ad set)."""

    level: Level
    platform: str = Field(examples=["google_ads"])
    account_id: str
    campaign_id: str = Field(description="Empty for an account.")
    group_id: str = Field(description="Empty for an account or campaign.")
    line_id: str | None = Field(description="Its id where it is a budget line.", examples=["google_ads:55:551"])
    name: str
    ad_type: str = Field(examples=["SEARCH"])
    status: str = Field(examples=["ENABLED"])
    currency: str = Field(examples=["USD"])
    first_date: Day
    last_date: Day


class LineView(Member):
    """A budget line: what is known of it, and what is missing."""

    line_name: str = Field(description="As plans call it.")
    days: int
    missing_days: int
    odd_days: int


class LineSettings(BaseModel):
    """How a budget line is set on its platform, as last exported; null or empty where the exports do not say."""

    objective: str = Field(examples=["OUTCOME_LEADS"])
    bidding_strategy: str = Field(examples=["TARGET_CPA"])
    bidding_target: float | None = Field(description="Target cost in account currency, or target return as a ratio.")
    daily_budget: float | None = Field(description="In account currency.", examples=[290.0])
    lifetime_budget: float | None = None
    budget_level: str = Field(description="campaign or ad_set: where the budget stands.", examples=["campaign"])
    shared_budget: bool = Field(description="Whether other lines draw on the same budget.")
    optimization_goal: str | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    countries: list[str] = Field(description="ISO 3166-1 alpha-2.")
    places: list[str]
    age_min: int | None = None
    age_max: int | None = None
    genders: list[str]
    interests: list[str]
    keywords: list[str]
    not_shown: int = Field(default=0, description="Places, interests and keywords beyond the first 30 of each.")
    learning_since: Day | None = Field(default=None, description="The last change that starts a learning phase.")


class SettingsChange(BaseModel):
    """A change of what is set. Values are given of budgets (account currency) and of what runs (1 or 0)."""

    date: Day
    kind: Literal["budget", "status", "other"]
    what: str = Field(description="As the platform calls it.", examples=["CAMPAIGN_BUDGET"])
    fields: str
    value_before: float | None = None
    value_after: float | None = None
    before: str | None = Field(default=None, description="As exported, cut to 300 characters.")
    after: str | None = None
    restarts_learning: bool = False
    group_id: str = Field(default="", description="Whose it is, where it is not the campaign's.")


class LineDetail(LineView):
    """A budget line with its gaps, its odd days, its settings and their changes, and its figures in all."""

    gaps: list[GapView]
    outliers: list[OutlierView]
    totals: Figures
    settings: LineSettings | None = Field(default=None, description="Null until the history is made anew.")
    changes: list[SettingsChange] = Field(
        default_factory=list[SettingsChange], description="The newest 100, newest first."
    )


class MissingDays(BaseModel):
    """Days of a platform on which budget lines lack figures, though they ran around them."""

    platform: str
    days: int
    line_days: int = Field(description="Summed over lines.")


class AccountOf(BaseModel):
    """An ad account."""

    platform: str
    account_id: str


class Doubts(BaseModel):
    """What figures of a period cannot tell."""

    first: Day | None
    last: Day | None
    missing: list[MissingDays]
    without_groups: list[AccountOf] = Field(description="Accounts that spent, and whose ad groups have no figures.")
    set_aside: int = Field(description="Rows of these days that could not be used; duplicates are not counted.")
    set_aside_undated: int = Field(description="Rows that could not be used, of which no day can be told.")


class Fact(BaseModel):
    """What an account, campaign or ad group did on a day. Figures of several levels are the same money twice."""

    model_config = ConfigDict(from_attributes=True)

    date: Day
    level: Level
    platform: str
    account_id: str
    campaign_id: str
    group_id: str
    line_id: str | None
    name: str
    currency: str
    impressions: int
    clicks: int
    cost: float
    conversions: float
    leads: float
    sales: float
    installs: float
    revenue: float
    crm_leads: float
    qualified_leads: float
    won: float


class MemberTotals(Member):
    """What an account, campaign or ad group did over a period, and over the one that it is compared with."""

    figures: Figures
    before: Figures | None = None


class TrendPoint(BaseModel):
    """A day, or a week (told by its Monday). `before` is the same place in the period that it is compared with."""

    date: Day
    figures: Figures
    before: Figures | None = None


class Trends(BaseModel):
    """Figures over time, all that was asked for together."""

    currency: str
    by: Literal["day", "week"]
    first: Day | None
    last: Day | None
    compared_first: Day | None = None
    compared_last: Day | None = None
    totals: Figures
    totals_before: Figures | None = None
    points: list[TrendPoint]


class SourceRow(BaseModel):
    """A row of an export that figures rest on, and where it stands."""

    kind: str = Field(description="`daily`, or `action`, `breakdown`, `ad`, which are never added to totals.")
    date: Day
    platform: str
    account_id: str
    campaign_id: str
    group_id: str
    segment: str = Field(description="What else it is split by; empty for none.", examples=["device=MOBILE"])
    action: str | None
    figures: dict[str, float] = Field(examples=[{"impressions": 4145, "clicks": 55, "cost": 552.66}])
    actions: dict[str, float] = Field(default_factory=dict[str, float], description="Meta's actions by type.")
    import_id: int
    imported_at: datetime
    source: str = Field(description="What was imported.", examples=["pulls/meta_ads-665/7"])
    file: str | None = Field(description="Path within it; null for imports of before it was kept.")
    row: int | None = Field(description="Rows that stood before it in the file, of those that could be read.")


class AdView(BaseModel):
    """An ad: what it shows, and what came of it. Figures are null where no export of ads covers these days."""

    ad_id: str
    platform: str
    campaign_id: str
    group_id: str
    status: str = Field(examples=["ENABLED"])
    format: str = Field(description="IMAGE, VIDEO, CAROUSEL, LEAD_FORM, TEXT; empty where unknown.")
    headlines: list[str]
    descriptions: list[str]
    call_to_action: str
    final_url: str
    impressions: int | None
    clicks: int | None
    cost: float | None
    conversions: float | None = Field(description="As the platform counts them; null where it does not say.")
    first_date: Day | None = Field(description="First day with figures, of those asked for.")
    last_date: Day | None


class ImportView(BaseModel):
    """What an import took."""

    import_id: int
    imported_at: datetime
    as_of: Day
    source: str = Field(description="What was imported.", examples=["imports/0b6f3f4c0e6f4b3c8a8d5d1f2c3b4a59"])
    can_retry: bool = Field(description="Whether its files are kept, so that it can be read again.")
    files: int
    empty_files: int = 0
    rows: dict[str, int] = Field(examples=[{"daily": 11680}])
    unknown: dict[str, int] = {}
    added: int
    known: int
    quarantine: dict[str, int] = {}
    flags: dict[str, int] = {}
    first_date: Day | None
    last_date: Day | None
    lines: int
    spend: dict[str, float]
    simulated: bool


class QuarantineRow(BaseModel):
    """A row that could not be used, as it stood in its file."""

    import_id: int
    reason: str = Field(examples=["negative_cost"])
    detail: str
    file: str
    position: str = Field(description="`line 17`, or the row's JSON pointer.", examples=["/3/results/16"])
    row: int
    raw: str = Field(description="The row, cut to 1,000 characters.")


class ActionMapping(BaseModel):
    """What a conversion action is to count as."""

    model_config = ConfigDict(extra="forbid")

    platform: PlatformId
    action: str = Field(min_length=1, max_length=255, pattern=r"^[^\x00]+$", examples=["Submit lead form"])
    kind: Literal["leads", "qualified_leads", "sales", "installs", "other"]


def numbers_of(content: Any) -> dict[str, float] | None:
    """A map of numbers; `None` stays."""
    return None if content is None else {name: float(value) for name, value in content.items()}
