"""A client's brief as it was understood. What the text does not state is `None` or empty, never a guess."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from marketmover.plans.base import Form, Platform

Objective = Literal["leads", "sales", "traffic", "awareness", "engagement", "app_installs"]
Outcome = Literal[
    "leads",
    "qualified_leads",
    "conversions",
    "revenue",
    "profit",
    "clicks",
    "impressions",
    "reach",
    "installs",
]
Mix = dict[Outcome, Annotated[float, Field(gt=0)]]
"""What one of each outcome is worth beside one of another: `{"leads": 1, "qualified_leads": 3}`."""
TargetMetric = Literal[
    "cost_per_lead",
    "cost_per_acquisition",
    "roas",
    "leads",
    "sales",
    "revenue",
    "clicks",
    "installs",
    "ctr",
    "qualified_leads",
    "cost_per_qualified_lead",
    "profit",
]


class BriefBudget(Form):
    """What this campaign may spend: `amount` in major units of `currency` (ISO 4217), per `period`."""

    amount: float = Field(ge=0)
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    period: Literal["total", "day", "week", "month"] = "total"


class PlatformChoice(Form):
    """Platforms that the client asks for and those that the client does not want."""

    include: list[Platform] = []
    exclude: list[Platform] = []


class Audience(Form):
    """Who is to be reached: ISO 3166-1 alpha-2 countries, places as written, ages in years."""

    countries: list[str] = []
    places: list[str] = []
    age_min: int | None = Field(default=None, ge=0, le=120)
    age_max: int | None = Field(default=None, ge=0, le=120)
    genders: list[Literal["FEMALE", "MALE"]] = []
    interests: list[str] = []


class BriefTarget(Form):
    """A figure that the client wants kept; money in the budget's currency, `ctr` in per cent."""

    metric: TargetMetric
    value: float
    comparison: Literal["at_most", "at_least"]


class BriefConstraint(Form):
    """Something to avoid or to have, in the client's words."""

    kind: Literal["avoid", "require"]
    what: str


class BriefSentiment(Form):
    """How the client feels about what was done so far; `score` from -1 to 1."""

    label: Literal["positive", "neutral", "negative"]
    score: float = Field(ge=-1, le=1)


class Brief(Form):
    """A client's brief, understood (contract: brief)."""

    objective: Objective | None = None
    outcome: Outcome | Mix | None = None
    budget: BriefBudget | None = None
    start_date: date | None = None
    end_date: date | None = None
    duration_days: int | None = Field(default=None, ge=1)
    platforms: PlatformChoice = PlatformChoice()
    audience: Audience = Audience()
    targets: list[BriefTarget] = []
    product: str | None = None
    industry: str | None = None
    tone: list[str] = []
    constraints: list[BriefConstraint] = []
    sentiment: BriefSentiment | None = None
    concerns: list[str] = []
    evidence: dict[str, str] = {}
    warnings: list[str] = []

    @model_validator(mode="after")
    def _dates_in_order(self) -> "Brief":
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValueError(f"end_date {self.end_date} is before start_date {self.start_date}")
        return self
