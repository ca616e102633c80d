"""What clients said of plans, for those who made them: `/v1/plans/{plan_id}/comments` and `/v1/client-remarks`."""

from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Query

from marketmover.campaigns.kept import KeptPlan, after_place, find_plan, place_of
from marketmover.errors import NotFoundError
from marketmover.kit import utc_now
from marketmover.reports.answers import service
from marketmover.reports.app import ReportsApp, shelf_of
from marketmover.reports.forms import ClientRemark, Remark
from marketmover.reports.records import RemarkRow, ShareRow
from marketmover.reports.shares.visiting import content_of
from marketmover.web import Desk, Identifier, Listing, Page, listed, needs, room_router

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

router = room_router("", "Links for clients")


@router.get("/plans/{plan_id}/comments", summary="List what clients said of a plan", operation_id="list_plan_comments")
def list_comments(
    desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, listing: Annotated[Listing, listed()]
) -> Page[ClientRemark]:
    """Comments, wishes and approvals by links, the newest first."""
    app = cast("ReportsApp", desk.app)
    with desk.session(read_only=True) as session:
        find_plan(session, shelf_of(app), plan_id)
        rows = service.remarks_of(
            session, desk.workspace, plan_id=plan_id, after=after_place(listing.after), limit=listing.most
        )
        shown = _shown(session, app, rows)
    return _answer(listing, shown, f"plan-{plan_id}-comments")


@router.get("/client-remarks", summary="List what clients said", operation_id="list_client_remarks")
def list_all(
    desk: Annotated[Desk, needs("plans:read")],
    listing: Annotated[Listing, listed()],
    kind: Annotated[service.Kind | None, Query(description="Only these.")] = None,
) -> Page[ClientRemark]:
    """Of all plans that there are, the newest first; `waits` tells which yes waits for somebody here."""
    app = cast("ReportsApp", desk.app)
    with desk.session(read_only=True) as session:
        rows = service.remarks_of(
            session, desk.workspace, kind=kind, after=after_place(listing.after), limit=listing.most
        )
        shown = _shown(session, app, rows)
    return _answer(listing, shown, "client-remarks")


def _answer(listing: Listing, rows: list[ClientRemark], name: str) -> Page[ClientRemark]:
    return cast("Page[ClientRemark]", listing.answer(rows, lambda row: place_of(row.at, row.id), name))


def _shown(session: "Session", app: ReportsApp, rows: list[tuple[RemarkRow, ShareRow]]) -> list[ClientRemark]:
    plans: dict[str, tuple[KeptPlan, str] | None] = {}
    for remark, _ in rows:
        if remark.plan_id not in plans:
            plans[remark.plan_id] = _plan(session, app, remark.plan_id)
    return [_one(remark, share, plans[remark.plan_id]) for remark, share in rows]


def _plan(session: "Session", app: ReportsApp, plan_id: str) -> tuple[KeptPlan, str] | None:
    try:
        kept = find_plan(session, shelf_of(app), plan_id)
        return kept, content_of(kept)
    except NotFoundError:
        return None  # what was said of a draft that was deleted since stays readable


def _one(remark: RemarkRow, share: ShareRow, plan: tuple[KeptPlan, str] | None) -> ClientRemark:
    stands = plan is not None and plan[1] == remark.content
    waits = plan is not None and remark.kind == "approval" and stands
    return ClientRemark(
        **Remark.of(remark).model_dump(),
        plan_id=remark.plan_id,
        plan_title="" if plan is None else plan[0].row.title,
        link=share.name,
        stands=stands,
        approved_plan=remark.entry_id is not None,
        waits=waits and plan is not None and plan[0].standing(utc_now().date()) == "draft",
    )
