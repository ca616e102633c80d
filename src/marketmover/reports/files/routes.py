"""`/v1/plans/{plan_id}/memo.pdf` and `/calendar.ics`: what to send along, for those who made the plan."""

from typing import Annotated, cast

from fastapi import Query, Request, Response

from marketmover.campaigns.kept import KeptPlan, find_plan
from marketmover.reports.app import ReportsApp, shelf_of
from marketmover.reports.files.service import calendar_of, file_name, pdf_of
from marketmover.reports.forms import FILES, file_answer
from marketmover.reports.pdf.document import Paper
from marketmover.web import Desk, Identifier, needs, room_router
from marketmover.web.caching import tagged

router = room_router("/plans", "Plans")


@router.get(
    "/{plan_id}/memo.pdf",
    summary="Fetch a plan's memo as PDF",
    operation_id="read_memo_pdf",
    response_class=Response,
    responses=FILES["application/pdf"],
)
def read_pdf(
    desk: Annotated[Desk, needs("plans:read")],
    plan_id: Identifier,
    request: Request,
    paper: Annotated[Paper, Query(description="Its size.")] = "a4",
) -> Response:
    """The memo in a client's words, on A4 or Letter."""
    app = cast("ReportsApp", desk.app)
    plan = app.plan_of(plan_id)
    made = pdf_of(_kept(desk, plan_id), plan, paper)
    return tagged(request, file_answer(made, "application/pdf", file_name(plan, "pdf")))


@router.get(
    "/{plan_id}/calendar.ics",
    summary="Fetch a plan's days as a calendar",
    operation_id="read_plan_calendar",
    response_class=Response,
    responses=FILES["text/calendar"],
)
def read_calendar(desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, request: Request) -> Response:
    """Start, checks, tuning, changes, end and report, each a whole day (RFC 5545)."""
    app = cast("ReportsApp", desk.app)
    plan = app.plan_of(plan_id)
    made = calendar_of(_kept(desk, plan_id), plan)
    return tagged(request, file_answer(made, "text/calendar; charset=utf-8", file_name(plan, "ics")))


def _kept(desk: Desk, plan_id: str) -> KeptPlan:
    with desk.session(read_only=True) as session:
        return find_plan(session, shelf_of(cast("ReportsApp", desk.app)), plan_id)
