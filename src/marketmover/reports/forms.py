"""Forms in which requests and answers speak of links, the memo, and what clients say."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from marketmover.campaigns.page import Memo
from marketmover.charts import clean
from marketmover.reports.calendar.dates import Kind as DayKind
from marketmover.reports.calendar.dates import PlanDay
from marketmover.reports.records import AnswerRow, RemarkRow, ShareRow
from marketmover.reports.shares.service import ALL, MOST_DAYS, Allowed, Yes, state_of
from marketmover.reports.shares.visiting import Standing
from marketmover.reports.survey.satisfaction import ENOUGH, satisfaction
from marketmover.web import Name
from marketmover.web.texts import Clean

Words = Annotated[Clean, StringConstraints(strip_whitespace=True, max_length=5_000)]
Token = Annotated[
    Clean, StringConstraints(min_length=1, max_length=2_000), Field(description="What stands behind `#` in the link.")
]


def _one_line(text: str) -> str:
    """Blanks of all kinds as one; refuse what would turn the direction of what stands around a name in logs."""
    if clean(text) != text:
        raise ValueError("it holds a control character, or one that turns the direction of writing")
    return " ".join(text.split())


ShownName = Annotated[Name, StringConstraints(max_length=120), AfterValidator(_one_line)]
ClientName = Annotated[ShownName, Field(examples=["Mia Example"])]
Content = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Asked(BaseModel):
    """What requests bring: unknown keys are refused, so that a typo is found."""

    model_config = ConfigDict(extra="forbid")


class ShareAsked(Asked):
    """A link by which a client reads a plan."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Mia, Studio Example", "allows": ["comment", "approve"]}]},
    )

    name: ShownName = Field(description="For whom; the client sees it too.")
    allows: list[Allowed] = Field(
        default=list(ALL), max_length=len(ALL), description="What the client may do beside reading."
    )
    yes: Yes = Field(
        default="recorded",
        description="`recorded`: somebody of yours still approves. `approves`: the client's yes approves the plan; "
        "such a link takes the permission plans:approve, now and when the yes is said.",
    )
    days: int | None = Field(
        default=None,
        ge=1,
        le=MOST_DAYS,
        description="How long it holds; by default 30 days; with the survey, also until 21 days after the plan's end.",
    )
    sender: Annotated[Clean, StringConstraints(strip_whitespace=True, max_length=120), AfterValidator(_one_line)] = (
        Field(default="", description="Whom the client turns to; by default whoever makes it.")
    )


class ShareView(BaseModel):
    """A link by which a client reads a plan, without its token."""

    id: str
    plan_id: str
    name: str
    sender: str
    allows: list[Allowed]
    yes: Yes
    state: Literal["open", "ended", "revoked"]
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    opened: int = Field(description="Visits; what is read within half an hour is one.")
    opened_at: datetime | None = Field(description="When it was read last.")

    @classmethod
    def of(cls, row: ShareRow, now: datetime) -> "ShareView":
        """A link as it is shown."""
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls.model_validate({**own, "state": state_of(row, now)})


class ShareMade(ShareView):
    """A link that was made; `link` and `calendar` are told this once."""

    link: str = Field(description="The address to hand on.")
    calendar: str = Field(description="The plan's days for a calendar that fetches by address; it opens nothing else.")


class Reply(BaseModel):
    """What was answered to a client's remark. `name` is who answered; for the client, whom they turn to."""

    name: str
    text: str
    at: datetime


class Remark(BaseModel):
    """What a client said. `name` is what they call themselves."""

    id: str
    kind: Literal["comment", "changes", "approval"]
    name: str
    text: str
    at: datetime
    reply: Reply | None = None

    @classmethod
    def of(cls, row: RemarkRow, sender: str | None = None) -> "Remark":
        """A remark as it is shown; to a client, `sender` stands for whoever answered it."""
        told = {name: getattr(row, name) for name in ("id", "kind", "name", "text", "at")}
        if row.reply is not None and row.replied_at is not None:
            told["reply"] = Reply(name=sender or row.replied_by or "", text=row.reply, at=row.replied_at)
        return cls.model_validate(told)


class ClientRemark(Remark):
    """What a client said, as those see it who made the plan."""

    plan_id: str
    plan_title: str
    link: str = Field(description="The name of the link that it came by.")
    stands: bool = Field(description="Whether the plan is still what it was said of.")
    approved_plan: bool = Field(description="Whether this yes approved the plan.")
    waits: bool = Field(
        description="A yes to a plan as it stands, that nobody here approved yet, and that may still run."
    )


class ReplyAsked(Asked):
    """What is answered to a client's remark."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "Display gets 500 less now."}]})

    text: Annotated[Words, StringConstraints(min_length=1)]


class DayView(BaseModel):
    """A day of the plan."""

    day: date
    kind: DayKind
    title: str
    words: str

    @classmethod
    def of(cls, one: PlanDay) -> "DayView":
        """A day as it is shown."""
        return cls(day=one.day, kind=one.kind, title=one.title, words=one.words)


class SurveyView(BaseModel):
    """What the client thought, where they said so, and whether they are asked."""

    asked: bool = Field(description="Whether the campaign is over and this link asks.")
    score: int | None = Field(default=None, ge=1, le=5)
    reason: str = ""


class LinkToken(Asked):
    """A link that somebody opens."""

    token: Token


class CommentAsked(LinkToken):
    """What a client says of the plan."""

    name: ClientName
    text: Annotated[Words, StringConstraints(min_length=1)]
    kind: Literal["comment", "changes"] = Field(
        default="comment", description="`changes`: they want something changed."
    )


class YesAsked(LinkToken):
    """A client's yes."""

    name: ClientName
    content: Content = Field(description="`content` of the memo that was read: the yes holds for it alone.")
    agreed: Literal[True] = Field(description="That they ticked the box.")
    text: Words = ""


class PaperAsked(LinkToken):
    """The memo on paper."""

    paper: Literal["a4", "letter"] = "a4"


class SharedMemo(BaseModel):
    """What a link shows: the memo of one plan, and what may be done there."""

    name: str = Field(description="For whom.")
    sender: str = Field(description="Whom to turn to.")
    house: str = Field(description="What the sender's workspace is called; may be empty.")
    expires_at: datetime
    allows: list[Allowed]
    standing: Standing = Field(description="Whether the plan is open to a yes, or why not any more.")
    content: str = Field(description="Hash of the plan's content; a yes names it.")
    memo: Memo
    days: list[DayView]
    yes: Remark | None = Field(description="The yes that was said by this link to this very content.")
    approved: bool = Field(description="Whether the plan itself is approved.")
    remarks: list[Remark]
    survey: SurveyView
    calendar: str = Field(description="Path of the days' feed for a calendar, with its own token.")


class SurveyAsked(LinkToken):
    """What a client thought of a campaign that is over."""

    name: ClientName
    score: int = Field(ge=1, le=5, description="From 1, not content at all, to 5, very content.")
    reason: Words = ""


class SurveyAnswer(BaseModel):
    """What one client thought."""

    plan_id: str
    name: str
    score: int
    reason: str
    answered_at: datetime


class SatisfactionView(BaseModel):
    """What clients thought. `mean`, `low` and `high` (an 80% range) from 1 to 5; null below five answers."""

    answers: int
    enough: bool
    mean: float | None
    low: float | None
    high: float | None
    counts: dict[int, int] = Field(description="How many gave which score.")
    words: str
    reasons: list[SurveyAnswer] = Field(description="The newest first, 100 at most.")

    @classmethod
    def of(cls, rows: Sequence[AnswerRow]) -> "SatisfactionView":
        """Answers summed up."""
        found = satisfaction([row.score for row in rows])
        words = f"Not enough answers yet to tell: {found.answers} of the {ENOUGH} that it takes."
        if found.mean is not None and found.low is not None and found.high is not None:
            span = f"{found.low:.1f} to {found.high:.1f}"
            words = f"Clients give {found.mean:.1f} of 5 ({span}, by {found.answers} answers)."
        told = [
            SurveyAnswer.model_validate({name: getattr(row, name) for name in SurveyAnswer.model_fields})
            for row in rows[:_MOST_REASONS]
        ]
        return cls(
            answers=found.answers,
            enough=found.mean is not None,
            mean=found.mean,
            low=found.low,
            high=found.high,
            counts=found.counts,
            words=words,
            reasons=told,
        )


_MOST_REASONS = 100
FILES: Mapping[str, dict[int | str, dict[str, Any]]] = {
    kind: {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}
    for kind in ("application/pdf", "text/calendar")
}
"""How the API's description tells of answers that are files."""


def file_answer(made: bytes, kind: str, name: str, caching: str = "private, no-cache") -> Response:
    """A file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": caching}
    return Response(made, media_type=kind, headers=headers)
