"""`/v1/shared`: what a client's link opens. Tokens come in bodies: no log of addresses has them."""

from typing import Annotated

from fastapi import Query, Response

from marketmover.campaigns.page import memo_of
from marketmover.kit import utc_now
from marketmover.reports.answers import service as answers
from marketmover.reports.app import ReportsApp
from marketmover.reports.files.service import calendar_of, days_of, file_name, pdf_of
from marketmover.reports.forms import (
    FILES,
    CommentAsked,
    DayView,
    LinkToken,
    PaperAsked,
    Remark,
    SharedMemo,
    SurveyAsked,
    SurveyView,
    YesAsked,
    file_answer,
)
from marketmover.reports.records import AnswerRow
from marketmover.reports.shares.service import FEED, calendar_token
from marketmover.reports.shares.visiting import Visit, note_visit, visited, visited_by_calendar
from marketmover.reports.survey import service as surveys
from marketmover.reports.telling import configured, tell
from marketmover.web import open_to_all, room_router

router = room_router("/shared", "What a client's link opens")


@router.post("/look", summary="Read a memo by a link", operation_id="look_at_shared")
def look(response: Response, asked: LinkToken, hall: Annotated[ReportsApp, open_to_all()]) -> SharedMemo:
    """The memo of one plan, what may be done there, and what was said by this link so far."""
    response.headers["Cache-Control"] = "no-store"
    visit = visited(hall, asked.token, utc_now())
    with visit.app.records.session() as session:
        note_visit(session, visit, utc_now())
    return _memo(visit, asked.token)


@router.post("/comment", summary="Comment on a plan by a link", operation_id="comment_shared")
def comment(response: Response, asked: CommentAsked, hall: Annotated[ReportsApp, open_to_all()]) -> Remark:
    """Keeps what the client says, or wants changed, for those who made the plan."""
    response.headers["Cache-Control"] = "no-store"
    now = utc_now()
    visit = visited(hall, asked.token, now, need="comment")
    told = configured(visit.app)
    with visit.app.records.session() as session:
        row = answers.remark(session, visit, asked.kind, answers.Said(asked.name, asked.text), now)
        tell(session, visit, row, told, now)
        return Remark.of(row)


@router.post("/approve", summary="Say yes to a plan by a link", operation_id="approve_shared")
def approve(response: Response, asked: YesAsked, hall: Annotated[ReportsApp, open_to_all()]) -> SharedMemo:
    """Keeps the client's yes to what they read; by a link that approves, it approves the plan."""
    response.headers["Cache-Control"] = "no-store"
    now = utc_now()
    visit = visited(hall, asked.token, now, need="approve")
    told = configured(visit.app)
    with visit.app.records.session() as session:
        row = answers.say_yes(session, visit, asked.content, answers.Said(asked.name, asked.text), now)
        tell(session, visit, row, told, now)
    return _memo(visited(hall, asked.token, now), asked.token)


@router.post("/survey", summary="Say what one thought, by a link", operation_id="answer_shared_survey")
def survey(response: Response, asked: SurveyAsked, hall: Annotated[ReportsApp, open_to_all()]) -> SurveyView:
    """Keeps how content the client is with a campaign that is over; said again, the last holds."""
    response.headers["Cache-Control"] = "no-store"
    now = utc_now()
    visit = visited(hall, asked.token, now, need="survey")
    with visit.app.records.session() as session:
        row = surveys.answer(session, visit, asked.score, answers.Said(asked.name, asked.reason), now)
        return SurveyView(asked=True, score=row.score, reason=row.reason)


@router.post(
    "/memo.pdf",
    summary="Fetch the memo as PDF by a link",
    operation_id="read_shared_pdf",
    response_class=Response,
    responses=FILES["application/pdf"],
)
def read_pdf(asked: PaperAsked, hall: Annotated[ReportsApp, open_to_all()]) -> Response:
    """The memo on A4 or Letter, made out to whom the link is for."""
    visit = visited(hall, asked.token, utc_now())
    with visit.app.records.session(read_only=True) as session:
        yes = answers.yes_to(session, visit.share, visit.content)
    made = pdf_of(visit.kept, visit.plan, asked.paper, share=visit.share, yes=yes)
    return file_answer(made, "application/pdf", file_name(visit.plan, "pdf"), "no-store")


@router.post(
    "/calendar.ics",
    summary="Fetch the plan's days by a link",
    operation_id="read_shared_calendar",
    response_class=Response,
    responses=FILES["text/calendar"],
)
def read_calendar(asked: LinkToken, hall: Annotated[ReportsApp, open_to_all()]) -> Response:
    """The plan's days as a calendar file, once."""
    return _calendar(visited(hall, asked.token, utc_now()))


@router.get(
    "/calendar.ics",
    summary="Follow the plan's days from a calendar",
    operation_id="follow_shared_calendar",
    response_class=Response,
    responses=FILES["text/calendar"],
)
def follow_calendar(
    hall: Annotated[ReportsApp, open_to_all()],
    token: Annotated[
        str, Query(pattern=r"^[0-9a-f]{64}$", description="The calendar's own token, which opens nothing else.")
    ],
) -> Response:
    """The plan's days for a calendar that fetches by address; it ends with the link."""
    return _calendar(visited_by_calendar(hall, token, utc_now()), bare=True)


def _calendar(visit: Visit, *, bare: bool = False) -> Response:
    replaced = visit.standing(utc_now()) == "replaced"
    made = calendar_of(visit.kept, visit.plan, replaced=replaced, bare=bare)
    return file_answer(made, "text/calendar; charset=utf-8", file_name(visit.plan, "ics"), "no-store")


def _memo(visit: Visit, token: str) -> SharedMemo:
    now, share, life = utc_now(), visit.share, visit.kept.life
    with visit.app.records.session(read_only=True) as session:
        yes = answers.yes_to(session, share, visit.content)
        said = answers.said_by_link(session, share)
        given = surveys.answer_of(session, share)
    return SharedMemo(
        name=share.name,
        sender=share.sender,
        house=visit.house,
        expires_at=share.expires_at,
        allows=share.allows,  # pyright: ignore[reportArgumentType] - pydantic checks the names
        standing=visit.standing(now),
        content=visit.content,
        memo=memo_of(visit.plan),
        days=[DayView.of(one) for one in days_of(visit.kept, visit.plan)],
        yes=None if yes is None else Remark.of(yes, share.sender),
        approved=life.approval is not None,
        remarks=[Remark.of(row, share.sender) for row in said],
        survey=_survey(visit, given),
        calendar=f"{FEED}?token={calendar_token(token)}",
    )


def _survey(visit: Visit, given: AnswerRow | None) -> SurveyView:
    asked = surveys.is_asked(visit, utc_now())
    if given is None:
        return SurveyView(asked=asked)
    return SurveyView(asked=asked, score=given.score, reason=given.reason)
