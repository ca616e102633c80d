"""Alerts, goals and running plans as the API shows them."""

from datetime import date as Day  # noqa: N812 - fields below are called `date`
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from marketmover.monitoring.alerts import AlertCause
from marketmover.monitoring.evidence import Evidence
from marketmover.monitoring.lines.advice import Recommendation
from marketmover.monitoring.lines.plan_file import Goal
from marketmover.plans import Range
from marketmover.web.texts import Name

AlertState = Literal["open", "acknowledged", "resolved"]


class AlertView(BaseModel):
    """One trouble, from the day that it was found to the day that it was over."""

    id: str = Field(examples=["0b6f3f4c0e6f4b3c8a8d5d1f2c3b4a59"])
    state: AlertState
    severity: Literal["info", "warning", "critical"]
    kind: Literal["underperforming", "anomaly", "pacing", "delivery", "tracking"]
    platform: str = Field(examples=["meta_ads"])
    campaign_id: str | None
    ad_group_id: str | None
    line_ids: list[str] = Field(examples=[["meta_ads:77:771"]])
    plan_id: str | None = Field(description="The plan that it was found for.")
    who: str = Field(description="The lines in words.")
    words: str = Field(description="What is wrong, in words.")
    metric: str = Field(examples=["cost_per_lead"])
    direction: Literal["up", "down"]
    observed: float = Field(examples=[61.0])
    expected: Range
    probability: float = Field(description="That the trouble is real.", examples=[0.97])
    currency: str = Field(examples=["USD"])
    money_at_risk: float = Field(description="Over the rest of the plan, as known when it was found.", examples=[412.0])
    money_lost: float = Field(description="From its beginning to its last day.")
    worth: float = Field(description="The larger of both: the order of the list.")
    since: Day
    detected_on: Day
    updated_on: Day
    resolved_on: Day | None
    cause: AlertCause
    recommendations: list[Recommendation]
    simulated: bool
    snoozed_until: datetime | None
    handled_by: str | None = Field(description="Who acknowledged it, put it off or opened it again last.")
    handled_at: datetime | None
    reason: str = Field(description="Why they did.")
    found_at: datetime
    changed_at: datetime


class AlertHappening(BaseModel):
    """Something that happened to an alert."""

    number: int
    at: datetime
    who: str = Field(description="A person, a key, or `watch`.")
    what: Literal["found", "worse", "resolved", "back", "acknowledged", "snoozed", "reopened"]
    reason: str
    state: AlertState
    severity: str
    worth: float


class AlertDetail(AlertView):
    """An alert with what it rests on, and what happened to it."""

    evidence: list[Evidence] = Field(description="The daily figures of its lines, and where their rows stand.")
    happened: list[AlertHappening]


class SeverityCount(BaseModel):
    """Open alerts of a severity that are not put off."""

    severity: Literal["info", "warning", "critical"]
    alerts: int
    worth: dict[str, float] = Field(description="By currency.", examples=[{"USD": 1412.0}])


class AlertCounts(BaseModel):
    """What needs somebody now."""

    open: list[SeverityCount]


class Settled(BaseModel):
    """Why an alert is settled."""

    model_config = ConfigDict(extra="forbid")

    reason: Name = Field(examples=["The landing page is being mended."])


class Snoozed(Settled):
    """Until when an alert is put off, and why."""

    until: AwareDatetime


class WatchAsked(BaseModel):
    """What to watch: a plan, or all lines."""

    model_config = ConfigDict(extra="forbid")

    plan_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")


class Goals(BaseModel):
    """What a plan is to reach over its dates: costs have an `at_most`, counts an `at_least`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"goals": {"cost_per_lead": {"at_most": 40}, "leads": {"at_least": 600}}}],
        },
    )

    goals: dict[str, Goal] = Field(max_length=50)


class ActualDayView(BaseModel):
    """A day of a plan: what was to be spent, what was, and what came; null where it is not known yet."""

    model_config = ConfigDict(from_attributes=True)

    date: Day
    planned: float
    spent: float | None
    planned_so_far: float
    spent_so_far: float | None
    results: dict[str, float] | None
    results_so_far: dict[str, float] | None


class ActualLineView(BaseModel):
    """A line of a plan up to now."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    seen_as: str | None = Field(description="Its id in the exports; null where they do not have it yet.")
    planned_so_far: float
    spent: float
    results: dict[str, float]
    expected_so_far: dict[str, Range]


class ActualView(BaseModel):
    """A plan against what came."""

    model_config = ConfigDict(from_attributes=True)

    currency: str
    start_date: Day
    end_date: Day
    as_of: Day | None = Field(description="The last of its days that is known; null before the first.")
    planned_so_far: float
    spent: float
    pace: float | None = Field(description="Spent over planned.")
    results: dict[str, float] = Field(examples=[{"leads": 214.0}])
    expected_so_far: dict[str, Range]
    days: list[ActualDayView]
    lines: list[ActualLineView]
