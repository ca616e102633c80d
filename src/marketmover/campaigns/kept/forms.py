"""Forms in which requests and answers speak of briefs and plans."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from marketmover.campaigns.dialogue import Question
from marketmover.campaigns.kept.briefs import KeptBrief, Origin
from marketmover.campaigns.kept.plans import KeptPlan
from marketmover.campaigns.kept.records import BriefRow
from marketmover.campaigns.kept.standing import Standing
from marketmover.plans import Brief, Expected, Limits, LogEntry, Mix, Outcome, Plan, Platform, Range
from marketmover.web import Identifier, LongText, Name

Money = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Asked(BaseModel):
    """What requests bring: unknown keys are refused, so that a typo is found."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _keepable(cls, told: Any) -> Any:
        """Refuse texts that nothing can keep, and what is nested beyond reason, wherever in the body."""
        _check(told, _DEEPEST)
        return told


_DEEPEST = 24


def _check(told: Any, depth: int) -> None:
    if isinstance(told, str):
        if "\x00" in told or any("\ud800" <= letter <= "\udfff" for letter in told):
            raise ValueError("a text holds a character that cannot be kept (NUL, or half of a surrogate pair)")
    elif isinstance(told, dict | list):
        if depth == 0:
            raise ValueError("it is nested too deeply")
        whole = cast("dict[Any, Any] | list[Any]", told)
        for part in [*whole, *whole.values()] if isinstance(whole, dict) else whole:
            _check(part, depth - 1)


class BriefText(Asked):
    """A client's brief, as it was written."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "We need leads for our yoga studios: EUR 9,000 for March 2027."}]},
    )

    text: LongText = Field(description="What the client wrote, or the JSON of contract brief.")
    name: Name = Field(default="brief.txt", description="What it is called; `.eml` and `.csv` are read as such.")


class Corrections(Asked):
    """Fields of a brief as a person has them who knows better."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"corrections": {"budget": "20k euros", "audience.age_min": None, "objective": "leads"}}]
        },
    )

    corrections: dict[Annotated[str, Field(max_length=64)], Any] = Field(
        min_length=1,
        max_length=40,
        description="By field, like `budget` or `audience.countries`: a value as contract brief has it, or in plain "
        "words; null clears the field.",
    )


class Answers(Asked):
    """A client's answers to the open questions."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reply": "1. 20k euros in total\n2. women only"}]}
    )

    reply: LongText = Field(
        description="A reply in the client's words that numbers or quotes the questions, or gives a line to each; or "
        "JSON by field or number of question."
    )


class WordMark(BaseModel):
    """Words that fields rest on, counted in characters (Unicode code points) from the text's beginning."""

    start: int
    end: int
    words: str
    fields: list[str]


class BriefSource(BaseModel):
    """A text that the brief rests on: the client's first, then answers; with the words in it that count."""

    text: str
    marks: list[WordMark]
    who: str
    at: datetime


class BriefSummary(BaseModel):
    """A brief in a list."""

    id: str
    title: str
    objective: str | None
    product: str | None
    budget: float | None
    currency: str | None
    open_questions: int
    who: str
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, row: BriefRow) -> "BriefSummary":
        """A kept brief in a list."""
        brief = Brief.model_validate(row.brief)
        return cls(
            id=row.id,
            title=row.title,
            objective=brief.objective,
            product=brief.product,
            budget=brief.budget.amount if brief.budget else None,
            currency=brief.budget.currency if brief.budget else None,
            open_questions=row.said["open"],
            who=row.who,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )


class BriefAnswer(BaseModel):
    """A brief as it stands: what was understood, the words it rests on, and what is worth asking.

    `origins` says where each field that is set comes from: the client's `text`, an `answer`, or a correction
    (`client`). What the plan assumes where a question stays open stands in its `assumed`.
    """

    id: str
    title: str
    brief: Brief
    origins: dict[str, Origin]
    sources: list[BriefSource]
    questions: list[Question]
    who: str
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, kept: KeptBrief, today: date) -> "BriefAnswer":
        """A kept brief as it stands."""
        row = kept.row
        return cls(
            id=row.id,
            title=row.title,
            brief=kept.brief,
            origins=kept.origins,
            sources=[
                BriefSource(
                    text=said.text,
                    marks=[WordMark.model_validate(asdict(one)) for one in said.marks],
                    who=said.who,
                    at=said.at,
                )
                for said in kept.texts
            ],
            questions=kept.questions(today),
            who=row.who,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )  # fmt: skip


class PlanAsked(Asked):
    """A plan that is asked for: of a brief in the home, or of a brief as it stands here."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={
            "examples": [
                {
                    "brief_id": "3b2c9d0e4f5a4b6c8d7e9f0a1b2c3d4e",
                    "limits": {"platforms": {"google_ads": {"max_share": 0.6}}},
                }
            ]
        },
    )  # fmt: skip

    brief_id: Identifier | None = Field(default=None, description="A brief of `/v1/briefs`.")
    brief: Brief | None = Field(default=None, description="Contract brief; in the place of `brief_id`.")
    start: date | None = Field(default=None, description="First day; by default the brief's.")
    seed: Seed = 0
    objective: Outcome | Mix | None = Field(default=None, description="What to maximise, else as the brief has it.")
    limits: Limits | None = Field(default=None, description="Limits on the split: docs/plans.md.")
    title: Name | None = None


class ReplanAsked(Asked):
    """A plan in the place of another: what is named is changed, all else stays as it was asked for."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={"examples": [{"total": 28000, "locked": {"google_ads:55:551": 8120}}]},
    )

    total: Money | None = Field(default=None, description="What is spent; by default what the plan spends.")
    locked: dict[Annotated[str, Field(max_length=255)], Money | None] = Field(
        default_factory=dict,
        max_length=2_000,
        description="Lines that keep a budget: by line, the sum, or null for the budget that the plan gives it.",
    )
    limits: Limits | None = Field(default=None, description="Further limits; they go before the plan's own.")
    start: date | None = Field(default=None, description="First day; by default the plan's.")
    seed: Seed | None = None
    title: Name | None = None


class PlanSummary(BaseModel):
    """A plan in a list. `expected` is the range of what it maximises; money in `currency`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "7f1e9a1c2b3d4e5f8a9b0c1d2e3f4a5b", "title": "Running shoes",
                    "state": "approved", "brief_id": None, "parent_id": None, "start_date": "2027-01-04",
                    "end_date": "2027-01-31", "currency": "EUR", "total_budget": 30000.0, "objective": "leads",
                    "expected": {"low": 610.0, "mid": 702.0, "high": 799.0}, "probability_better": 0.93,
                    "platforms": ["google_ads", "meta_ads"], "simulated": False, "approved_by": "anne@example.com",
                    "approved_at": "2027-01-02T09:30:00Z", "waits_until": None, "who": "bo@example.com",
                    "created_at": "2027-01-02T09:00:00Z",
                }
            ]
        }
    )  # fmt: skip

    id: str
    title: str
    state: Standing
    brief_id: str | None
    parent_id: str | None
    start_date: date
    end_date: date
    currency: str
    total_budget: float
    objective: str
    expected: Range | None
    probability_better: float | None
    platforms: list[str]
    simulated: bool
    approved_by: str | None
    approved_at: datetime | None
    waits_until: date | None
    who: str
    created_at: datetime

    @classmethod
    def of(cls, kept: KeptPlan, today: date) -> "PlanSummary":
        """A kept plan in a list."""
        row, approval = kept.row, kept.life.approval
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        told = {
            "expected": row.expected or None,
            "state": kept.standing(today),
            "approved_by": approval.who if approval else None,
            "approved_at": approval.at if approval else None,
            "waits_until": kept.life.waits_until,
        }
        return cls.model_validate({**own, **told})


class PlanAnswer(PlanSummary):
    """A plan: how it stands, and the plan itself in the form of contract plan."""

    plan: Plan


class LineRow(BaseModel):
    """A line of a plan as a table has it: its budget beside today's, what is in force, and what it is to bring."""

    id: str
    platform: Platform
    name: str
    ad_type: str
    is_new: bool
    budget: float
    share: float
    today: float
    change: float
    daily_budget: float = Field(description="As the plan has it.")
    in_force: float = Field(description="The daily budget that is in force.")
    paused: bool
    expected: Expected
    reasons: list[str]


class PlanState(BaseModel):
    """What of a plan is in force. `daily_budgets` by line, in the plan's currency."""

    state: Standing
    as_of: date | None = Field(description="The last day before the present budgets.")
    daily_budgets: dict[str, float]
    paused: list[str]
    settings: dict[str, dict[str, Any]]
    change_id: str | None
    waits_until: date | None
    may_undo: str | None = Field(description="The entry of the log that `undo` would take back.")


class PlanLog(BaseModel):
    """An entry of a plan's log. `stands` is whether what it changed is still in force."""

    entry: LogEntry
    stands: bool
