"""`/v1/satisfaction`: what clients thought, over a period or of one plan."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, cast

from fastapi import Query

from marketmover.campaigns.kept import find_plan
from marketmover.errors import UsageError
from marketmover.reports.app import ReportsApp, shelf_of
from marketmover.reports.forms import SatisfactionView
from marketmover.reports.survey import service
from marketmover.web import Desk, Identifier, needs, room_router

router = room_router("/satisfaction", "Links for clients")


@router.get("", summary="Read what clients thought", operation_id="read_satisfaction")
def read_satisfaction(
    desk: Annotated[Desk, needs("plans:read")],
    first: Annotated[date | None, Query(description="Answers from this day (UTC) on.")] = None,
    last: Annotated[date | None, Query(description="Answers until this day, itself included.")] = None,
    plan_id: Annotated[Identifier | None, Query(description="Of one plan.")] = None,
) -> SatisfactionView:
    """The mean with its range, how many gave which score, and why; no mean below five answers."""
    if first is not None and last is not None and last < first:
        raise UsageError("The last day lies before the first.", "Turn them round.")
    with desk.session(read_only=True) as session:
        if plan_id is not None:
            find_plan(session, shelf_of(cast("ReportsApp", desk.app)), plan_id)
        rows = service.answers_of(session, desk.workspace, first=_begins(first), before=_ends(last), plan_id=plan_id)
        return SatisfactionView.of(rows)


def _begins(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _ends(day: date | None) -> datetime | None:
    if day is None or day == date.max:
        return None
    return datetime.combine(day + timedelta(days=1), time(), UTC)
