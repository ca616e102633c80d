"""What clients said of plans, for those who made them and answer it.

`/v1/plans/{plan_id}/comments` and `/v1/client-remarks`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Query

from marketmover.campaigns.kept import after_place, find_plan, note_change, place_of
from marketmover.errors import NotFoundError
from marketmover.kit import utc_now
from marketmover.reports.answers import service
from marketmover.reports.app import ReportsApp, shelf_of
from marketmover.reports.forms import ClientRemark, Remark, ReplyAsked
from marketmover.reports.records import RemarkRow, ShareRow
from marketmover.reports.shares.visiting import content_of, is_replaced, standing_of
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


@router.put(
    "/plans/{plan_id}/comments/{remark_id}/reply",
    summary="Answer what a client said",
    operation_id="reply_to_client",
)
def reply(
    desk: Annotated[Desk, needs("plans:write")], plan_id: Identifier, remark_id: Identifier, asked: ReplyAsked
) -> ClientRemark:
    """The client reads it by their link, below what they said, in the name of whom the link tells them to turn to."""
    app = cast("ReportsApp", desk.app)
    with desk.session() as session:
        find_plan(session, shelf_of(app), plan_id)
        found = service.reply(
            session, desk.workspace, plan_id, remark_id, asked.text, who=desk.caller.who, now=utc_now()
        )
        note_change(app, session, plan_id, "said")
        return _shown(session, app, [found])[0]


@router.get("/client-remarks", summary="List what clients said", operation_id="list_client_remarks")
def list_all(
    desk: Annotated[Desk, needs("plans:read")],
    listing: Annotated[Listing, listed()],
    kind: Annotated[service.Kind | None, Query(description="Only these.")] = None,
) -> Page[ClientRemark]:
    """Of all plans, the newest first, also of those deleted since; `waits` tells which yes waits for somebody here."""
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
    plans = {name: _plan(session, app, name) for name in {remark.plan_id for remark, _ in rows}}
    return [_one(remark, share, plans[remark.plan_id]) for remark, share in rows]


@dataclass(frozen=True)
class _Plan:
    """The plan that something was said of, as it stands now; `open` is whether a yes to it still waits for anybody."""

    title: str
    content: str
    open: bool


def _plan(session: "Session", app: ReportsApp, plan_id: str) -> _Plan | None:
    now = utc_now()
    try:
        kept = find_plan(session, shelf_of(app), plan_id)
        content = content_of(kept)
    except NotFoundError:
        return None  # what was said of a draft that was deleted since stays readable
    draft = kept.standing(now.date()) == "draft"
    waits = draft and standing_of(kept, now, replaced=is_replaced(session, app, kept, now)) == "open"
    return _Plan(kept.row.title, content, waits)


def _one(remark: RemarkRow, share: ShareRow, plan: _Plan | None) -> ClientRemark:
    stands = plan is not None and plan.content == remark.content
    return ClientRemark(
        **Remark.of(remark).model_dump(),
        plan_id=remark.plan_id,
        plan_title="" if plan is None else plan.title,
        link=share.name,
        stands=stands,
        approved_plan=remark.entry_id is not None,
        waits=stands and remark.kind == "approval" and plan is not None and plan.open,
    )
