"""A plan as it is written to `plan.json` (contract: plan). Money in major units of `currency`."""

import hashlib
import json
from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field

from marketmover.plans.base import Form, Platform, Range
from marketmover.plans.brief import Brief, BriefTarget
from marketmover.plans.limits import Limits
from marketmover.plans.matching import MatchedStrategy, SimilarCampaign
from marketmover.plans.returns import Returns
from marketmover.plans.testing import ABTest

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


class SettingChange(Form):
    """A setting of a line that the plan changes, and what that is expected to do to the line's outcome.

    `gain` is relative (0.08 for 8% more) at the line's budget, what the learning phase costs included; `probability` is
    that of its being for the better.
    """

    parameter: Literal["audience", "bidding", "message", "ad_type"]
    before: str
    after: str
    gain: Range
    probability: float
    words: str


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
    changes: list[SettingChange] = []
    matched_strategy: MatchedStrategy | None = None


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


class PayingNote(Form):
    """Why a plan spends what it spends, where it spends as much as pays.

    `most` is what it might have spent; `average` and `marginal` are the expected costs of one of `metric`, on the whole
    and of the next one, in account currency (for `revenue`: of one unit of it); `target` is the highest allowed.
    """

    most: float
    metric: str
    target: float | None
    judged_by: Literal["average", "marginal", "profit"]
    average: float
    marginal: float
    words: str


class PlatformCosts(Form):
    """What an outcome costs on each platform, and whether the split was evened out.

    `variation` is the difference of the platforms' expected costs over their mean, `before` the same before anything
    was evened out; `price` is the share of the expected objective that evening out costs (or would have cost).
    """

    metric: str
    cost: dict[Platform, float]
    variation: float
    before: float
    price: float | None
    evened: bool
    words: str


class ReachedGroup(Form):
    """A group of people or a place: what share of views and money it gets, and what it brings.

    `spend` and `outcome` are sums over the days of the breakdown, in account currency and in the report's metric;
    `cost` is what one outcome costs, with its 80% range, small counts drawn towards all groups' (for `revenue`: what a
    unit of it costs). `today` and `planned` are its shares of the money under today's split and under the plan, as far
    as its lines go on reaching the people that they reach. `asked` is whether the brief asks for it, `None` where it
    asks for nobody in particular.
    """

    value: str
    name: str
    impressions_share: float
    spend: float
    spend_share: float
    outcome: float
    outcome_share: float
    cost: Range | None
    today: float
    planned: float
    asked: bool | None = None


class GroupReport(Form):
    """Who is reached, by `age`, `gender`, `country` or `region`.

    `covered` is the share of the lines' spend over these days that the breakdown shows, `unknown` the share of that on
    people of whom the platforms do not know who they are. `not_reached` names who is asked for and hardly reached,
    `starved` who would get much less of the money than their results justify.
    """

    by: Literal["age", "gender", "country", "region"]
    metric: str
    first_date: date
    last_date: date
    covered: float
    unknown: float
    groups: list[ReachedGroup]
    not_reached: list[str] = []
    starved: list[str] = []
    words: str


class Fairness(Form):
    """Evenness: `platforms` compares what an outcome costs on each platform, `groups` says who is reached.

    `remarks` say what could not be seen, and what the figures take for granted.
    """

    platforms: PlatformCosts | None = None
    groups: list[GroupReport] = []
    remarks: list[str] = []


class SettlingTest(Form):
    """A test that would settle what the data leave open: one line's daily budget changed for some weeks.

    `now` and `then` are the range (10th to 90th percentile) of what one more outcome costs on the line, in account
    currency, as far as it is known today and as far as it will be known after the test; `extra_spend` is the money that
    the test adds (or, below 0, saves) over its weeks; `planned` tests are changes that the plan makes anyway.
    """

    line_id: str
    planned: bool
    daily_budget: float
    change: float
    weeks: int
    metric: str
    now: tuple[float, float]
    then: tuple[float, float]
    extra_spend: float
    words: str


class Certainty(Form):
    """How sure the plan's main claim is, in words, and what would settle it.

    `verdict` is about beating today's split; `by_metric` says the same of each metric; `unknown_lines` are lines of
    which the data cannot say what more or less money would do.
    """

    verdict: Literal["clear", "likely", "not_enough_data", "no_change"]
    words: str
    by_metric: dict[str, Literal["clear", "likely", "not_enough_data", "clearly_less", "likely_less"]] = {}
    unknown_lines: list[str] = []
    tests: list[SettlingTest] = []


class SettingsNote(Form):
    """What the plan's changes of settings add to the best split alone, in the plan's metric.

    `gain` is relative; `unsupported` says in words what the history cannot choose, and why.
    """

    metric: str
    gain: Range | None = None
    probability: float | None = None
    words: str = ""
    unsupported: list[str] = []


class Trial(Form):
    """A setting that is tried on part of a line's budget, since knowing it is worth more than the trial costs.

    `share` is the part of the line's budget that runs with the new setting; `expected` the relative gain as far as it
    is known today; `known_to` how closely it will be known on `known_on` (a standard error); `settles` the chance that
    it is then known with nine in ten which is better; `value` what knowing it is expected to earn over 90 days, in
    the plan's metric. `setting` is the part of the line as it is on trial: `audience`, `bidding` or `creative`.
    """

    line_id: str
    parameter: Literal["audience", "bidding", "message", "ad_type"]
    before: str
    after: str
    share: float
    budget: float
    expected: Range
    known_on: date
    known_to: float
    settles: float
    value: float
    words: str
    setting: dict[str, Any] = {}


class Exploration(Form):
    """What the plan spends on learning: at most a tenth of its budget runs with settings on trial."""

    budget: float
    share: float
    words: str
    trials: list[Trial] = []


class LeftOut(Form):
    """A line of the history that takes no part in the plan, and why."""

    id: str
    reason: str


class Plan(Form):
    """A plan for all platforms. Line budgets add up to `total_budget` to the cent.

    `limits` and `seed` are those that it was made with; `None` in plans that do not say. `stop_days` are the days on
    which to decide on the lines of `stop_first`, in its order.
    """

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
    set_up: list[str] = []
    objective_weights: dict[str, float] = {}
    as_much_as_pays: PayingNote | None = None
    fairness: Fairness = Fairness()
    returns: Returns | None = None
    certainty: Certainty | None = None
    ab_test: ABTest | None = None
    settings: SettingsNote | None = None
    exploration: Exploration | None = None
    similar_campaigns: list[SimilarCampaign] = []
    would_change_it: list[str] = []
    stop_first: list[str] = []
    stop_days: list[date] = []
    risks: list[str] = []
    history: HistoryNote
    limits: Limits | None = None
    seed: int | None = None

    def mark_of(self, line: PlanLine) -> str:
        """What the names of all that is made for a line bear, so that exports tell what has become of it.

        Two plans may begin on one day: the start of the plan's digest tells their marks apart.
        """
        return f"[{line.id} {self.start_date} {self.digest[:6]}]"

    @property
    def digest(self) -> str:
        """SHA-256 of what the plan puts on the platforms, 64 hexadecimal digits: the same once it is read back.

        Words about it (reasons, warnings, ranges) are no part of it.
        """
        lines = [line.model_dump(mode="json", include=_PUT_THERE) for line in self.lines]
        told = [self.currency, str(self.start_date), str(self.end_date), self.total_budget, lines]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


_PUT_THERE = {"id", "name", "ad_type", "bidding", "audience", "creative", "budget", "daily_budget"}
