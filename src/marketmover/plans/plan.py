"""A plan as it is written to `plan.json` (contract: plan). Money in major units of `currency`."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from marketmover.plans.base import Form, Platform
from marketmover.plans.brief import Brief, BriefTarget


class Range(Form):
    """10th, 50th and 90th percentile of what will be counted over the plan's dates, chance included."""

    low: float
    mid: float
    high: float


Expected = dict[str, Range]
"""Metric to range: `leads`, `qualified_leads`, `conversions`, `revenue`, `cost_per_lead`, ..."""


class Bidding(Form):
    """How a line bids: the platform's own enum, and its target (cost in currency, or return as a ratio)."""

    strategy: str
    target: float | None = None


class LineAudience(Form):
    """Whom a line reaches."""

    countries: list[str] = []
    places: list[str] = []
    age_min: int | None = None
    age_max: int | None = None
    genders: list[str] = []
    interests: list[str] = []
    keywords: list[str] = []


class Creative(Form):
    """A line's lead creative: `headlines` and `descriptions` hold all that a responsive ad carries.

    `source_ad_id` is the past ad that the texts come from.
    """

    headline: str | None = None
    body: str | None = None
    call_to_action: str | None = None
    format: str | None = None
    headlines: list[str] = []
    descriptions: list[str] = []
    final_url: str | None = None
    source_ad_id: str | None = None


class LineEvidence(Form):
    """What a line's figures rest on."""

    days: int = 0
    spend: float = 0.0
    campaign_ids: list[str] = []


class CurvePoint(Form):
    """One point of a line's response curve: expected outcome at a budget over the plan's dates."""

    budget: float
    low: float
    mid: float
    high: float


class PlanLine(Form):
    """The smallest thing that has a budget of its own: a Google campaign, a Meta ad set."""

    id: str
    platform: Platform
    campaign_id: str | None
    ad_group_id: str | None
    is_new: bool = False
    name: str = ""
    ad_type: str
    bidding: Bidding
    audience: LineAudience
    creative: Creative | None
    budget: float = Field(ge=0)
    daily_budget: float = Field(ge=0)
    expected: Expected
    reasons: list[str]
    evidence: LineEvidence
    curve: list[CurvePoint] = []
    on_trial: bool = False


class BaselineLine(Form):
    """One line's budget under the split of today."""

    id: str
    budget: float


class Baseline(Form):
    """What the plan is compared with."""

    description: str
    expected: Expected
    lines: list[BaselineLine]


class HistoryNote(Form):
    """What of the history a plan rests on."""

    first_date: date | None
    last_date: date | None
    rows: int
    lines: int
    quarantined: int
    quarantine_reasons: dict[str, int]
    flagged: int


class TargetOutlook(BriefTarget):
    """A target of the brief, what the plan expects for it, and how likely it is kept (`None`: cannot be said)."""

    expected: Range | None = None
    probability: float | None = None


class LeftOut(Form):
    """A line of the history that takes no part in the plan, and why."""

    id: str
    reason: str


class Plan(Form):
    """A plan for all platforms. Line budgets add up to `total_budget` to the cent."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    version: Literal[1] = 1
    simulated: bool = False
    brief: Brief
    objective: str
    currency: str
    start_date: date
    end_date: date
    total_budget: float
    lines: list[PlanLine]
    expected: Expected
    baseline: Baseline
    probability_better_than_baseline: float | None
    probability_better: dict[str, float] = {}
    targets: list[TargetOutlook] = []
    left_out: list[LeftOut] = []
    assumptions: list[str]
    warnings: list[str]
    would_change_it: list[str] = []
    stop_first: list[str] = []
    risks: list[str] = []
    history: HistoryNote
