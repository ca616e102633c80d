"""`/v1/plans/{plan_id}/shares`: links by which clients read a plan, for those who make them."""

from typing import Annotated, cast

from fastapi import Response, status

from marketmover.campaigns.kept import find_plan, note_change
from marketmover.errors import ForbiddenError
from marketmover.kit import utc_now
from marketmover.reports.app import ReportsApp, shelf_of
from marketmover.reports.forms import ShareAsked, ShareMade, ShareView
from marketmover.reports.shares import service
from marketmover.web import Desk, Identifier, Page, needs, room_router

router = room_router("/plans", "Links for clients")


@router.post(
    "/{plan_id}/shares",
    summary="Make a link for a client",
    operation_id="share_plan",
    status_code=status.HTTP_201_CREATED,
)
def share_plan(
    desk: Annotated[Desk, needs("plans:write")], plan_id: Identifier, asked: ShareAsked, response: Response
) -> ShareMade:
    """A link to the memo of this plan and to nothing else, for somebody without an account. It is told this once."""
    now, app, caller = utc_now(), cast("ReportsApp", desk.app), desk.caller
    if asked.yes == "approves" and not (caller.kind == "person" and caller.may("plans:approve")):
        raise ForbiddenError(
            "A link whose yes approves is made by a person who may approve plans.",
            "Ask an owner or a manager, or make one by which the yes is recorded.",
        )
    terms = service.Terms(
        asked.name,
        asked.sender or (caller.who if caller.kind == "person" else "whoever sent you this link"),
        asked.allows,
        asked.yes,
        asked.days,
    )
    maker = service.Maker(caller.who, caller.id if caller.kind == "person" else None)
    app.plan_folder(plan_id)
    with desk.session() as session:
        end = find_plan(session, shelf_of(app), plan_id).row.end_date
        made = service.make_share(session, desk.workspace, plan_id, end, terms, by=maker, now=now)
        note_change(app, session, plan_id, "shared")
    response.headers["Cache-Control"] = "no-store"
    base = app.rules.base_url
    return ShareMade(
        **ShareView.of(made.share, now).model_dump(),
        link=f"{base}{service.PATH}#{made.token}",
        calendar=f"{base}{service.FEED}?token={made.calendar_token}",
    )


@router.get("/{plan_id}/shares", summary="List a plan's links for clients", operation_id="list_plan_shares")
def list_shares(desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier) -> Page[ShareView]:
    """The newest first, also those that hold no more; without their tokens."""
    now, app = utc_now(), cast("ReportsApp", desk.app)
    with desk.session(read_only=True) as session:
        find_plan(session, shelf_of(app), plan_id)
        rows = service.shares_of(session, desk.workspace, plan_id)
        return Page(items=[ShareView.of(row, now) for row in rows], next=None)


@router.delete(
    "/{plan_id}/shares/{share_id}",
    summary="Withdraw a link for a client",
    operation_id="revoke_plan_share",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
)
def revoke_share(desk: Annotated[Desk, needs("plans:write")], plan_id: Identifier, share_id: Identifier) -> None:
    """From now on it opens nothing, its calendar neither. What was said by it stays."""
    with desk.session() as session:
        service.revoke(session, desk.workspace, plan_id, share_id, who=desk.caller.who, now=utc_now())
        note_change(desk.app, session, plan_id, "shared")
