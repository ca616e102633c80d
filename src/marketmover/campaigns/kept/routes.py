"""Plans over HTTP: asked for, listed, shown line by line, as files, and beside each other."""

import json
from datetime import date
from typing import Annotated, Any, Literal, cast, get_args

from fastapi import Query, Request, Response, status
from fastapi.responses import FileResponse, JSONResponse

from marketmover.campaigns.changes.report import PlanDiff
from marketmover.campaigns.kept import briefs, plans
from marketmover.campaigns.kept.app import CampaignsApp, shelf_of
from marketmover.campaigns.kept.feed import note_change
from marketmover.campaigns.kept.folders import read_plan, told_by_id
from marketmover.campaigns.kept.forms import LineRow, PlanAnswer, PlanAsked, PlanSummary, ReplanAsked
from marketmover.campaigns.kept.lines import line_rows
from marketmover.campaigns.kept.places import after_place, page
from marketmover.campaigns.kept.standing import Standing
from marketmover.errors import NotFoundError, UsageError
from marketmover.kit import new_id, utc_now
from marketmover.plans import Limits, Outcome
from marketmover.web import Desk, Identifier, JobView, Listing, Page, accepted, listed, needs, room_router
from marketmover.web.caching import tagged

router = room_router("/plans", "Plans")
FileName = Literal["plan.html", "plan.json", "split.xlsx", "split.csv", "google_ads.json", "meta_ads.json"]
_KINDS = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PAGE = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
_JOB: dict[int | str, dict[str, Any]] = {
    202: {"model": JobView, "description": "Under way: a job; its result names the plan."}
}
_TAGGED: dict[int | str, dict[str, Any]] = {304: {"description": "As it was when it was last sent."}}


@router.post(
    "",
    summary="Compose a plan",
    operation_id="create_plan",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def create_plan(desk: Annotated[Desk, needs("plans:write")], asked: PlanAsked) -> Response:
    """A job that composes a plan from the history and a brief. The plan's id is in the job's `result.plan_id`."""
    if (asked.brief_id is None) == (asked.brief is None):
        raise UsageError("A plan is made of one brief.", "Give brief_id, or brief.")
    brief, text, title = asked.brief, None, asked.title
    if asked.brief_id is not None:
        with desk.session(read_only=True) as session:
            kept = briefs.find_brief(session, desk.workspace, asked.brief_id)
        brief, text = kept.brief, kept.row.text or None
    assert brief is not None  # noqa: S101 - one of both was given
    told = asked.model_dump(mode="json", include={"start", "seed", "objective", "brief_id"})
    order = told | {
        "plan_id": new_id(),
        "brief": brief.model_dump(mode="json"),
        "text": text,
        "title": title or "",
        "limits": asked.limits.model_dump(mode="json", exclude_unset=True) if asked.limits else None,
    }
    return accepted(desk.submit("plans.compose", order, about=title or plans.subject_of(brief)))


@router.post(
    "/{plan_id}/replan",
    summary="Plan again with some lines locked",
    operation_id="replan",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def replan(desk: Annotated[Desk, needs("plans:write")], plan_id: Identifier, asked: ReplanAsked) -> Response:
    """A job that composes a plan in the place of another, which stays as it is. The new plan names it as its parent."""
    parent = cast("CampaignsApp", desk.app).plan_of(plan_id)
    with desk.session(read_only=True) as session:
        kept = plans.find_plan(session, shelf_of(desk.app), plan_id)
        text = None
        if kept.row.brief_id is not None:
            text = briefs.find_brief(session, desk.workspace, kept.row.brief_id).row.text or None
    own = {line.id: line.budget for line in parent.lines}
    strange = [name for name in asked.locked if name not in own]
    if strange:
        raise NotFoundError(f"The plan has no line {strange[0]!r}.", f"It has {', '.join(sorted(own)[:10])}.")
    locked = {name: own[name] if budget is None else budget for name, budget in asked.locked.items()}
    further = asked.limits.model_dump(mode="json", exclude_unset=True) if asked.limits else {}
    further["lines"] = further.get("lines", {}) | {name: {"locked": budget} for name, budget in locked.items()}
    brief, limits = plans.replanned(parent, asked.total, Limits.model_validate(further))
    order = {
        "plan_id": new_id(),
        "brief": brief.model_dump(mode="json"),
        "brief_id": kept.row.brief_id,
        "parent_id": plan_id,
        "text": text,
        "title": asked.title or kept.row.title,
        "start": str(asked.start or parent.start_date),
        "seed": parent.seed or 0 if asked.seed is None else asked.seed,
        "objective": parent.objective_weights or (parent.objective if parent.objective in get_args(Outcome) else None),
        "limits": limits.model_dump(mode="json", exclude_unset=True),
    }
    return accepted(desk.submit("plans.compose", order, about=f"plan {plan_id}"))


@router.get("", summary="List plans", operation_id="list_plans")
def list_plans(
    desk: Annotated[Desk, needs("plans:read")],
    listing: Annotated[Listing, listed()],
    state: Annotated[Standing | None, Query(description="Only those that stand there.")] = None,
    brief_id: Annotated[Identifier | None, Query(description="Only those of a brief.")] = None,
    parent_id: Annotated[Identifier | None, Query(description="Only those made in a plan's place.")] = None,
    running_on: Annotated[date | None, Query(description="Only those whose dates hold this day.")] = None,
) -> Page[PlanSummary]:
    """Plans, the newest first."""
    today, app = utc_now().date(), cast("CampaignsApp", desk.app)
    wanted = plans.Filter(state, brief_id, parent_id, running_on)
    with desk.session(read_only=True) as session:
        found = plans.list_plans(
            session, shelf_of(app), wanted, today=today, after=after_place(listing.after), limit=listing.most
        )
    rows = [PlanSummary.of(one, today) for one in found]
    return page(listing, rows, "plans")


@router.get(
    "/{plan_id}", summary="Read a plan", operation_id="read_plan", response_model=PlanAnswer, responses=_TAGGED
)  # fmt: skip
def read_one(desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, request: Request) -> Response:
    """How the plan stands, and the plan itself (contract plan)."""
    kept = _kept(desk, plan_id)
    head = PlanSummary.of(kept, utc_now().date()).model_dump_json()
    with told_by_id(kept.folder):
        read_plan(kept.folder)
    body = f'{head[:-1]},"plan":'.encode() + (kept.folder / "plan.json").read_bytes() + b"}"
    return tagged(request, Response(body, media_type="application/json"))


@router.delete(
    "/{plan_id}",
    summary="Delete a draft",
    operation_id="delete_plan",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
)
def delete_plan(desk: Annotated[Desk, needs("plans:write")], plan_id: Identifier) -> None:
    """Takes away a plan that nobody approved. What was approved, published or changed stays on record."""
    with desk.session() as session:
        note_change(desk.app, session, plan_id, "deleted")
        row = plans.delete_draft(session, shelf_of(desk.app), plan_id)
        desk.audit(session, "plan.deleted", f"plan {plan_id}", before={"title": row.title, "total": row.total_budget})


@router.get("/{plan_id}/lines", summary="List a plan's lines", operation_id="list_plan_lines")
def list_lines(
    desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, listing: Annotated[Listing, listed()]
) -> Page[LineRow]:
    """Each line's budget beside today's, what is in force, and what it is to bring; as a table with `format=csv`."""
    kept = _kept(desk, plan_id)
    with told_by_id(kept.folder):
        rows = line_rows(kept.folder)
    place = {row.id: number for number, row in enumerate(rows, start=1)}
    first = listing.after if listing.after in range(len(rows) + 1) else 0
    shown = rows[first : first + listing.most]
    return cast("Page[LineRow]", listing.answer(shown, lambda row: place[row.id], f"plan-{plan_id}-lines"))


@router.get(
    "/{plan_id}/files/{name}",
    summary="Fetch a plan's file",
    operation_id="read_plan_file",
    response_class=FileResponse,
    responses={200: {"content": {kind: {} for kind in _KINDS.values()}}},
)
def read_file(
    desk: Annotated[Desk, needs("plans:read")],
    plan_id: Identifier,
    name: FileName,
    download: Annotated[bool, Query(description="To be saved, not shown.")] = False,
) -> Response:
    """The page to sign, the split as a sheet, the plan as data, and what the platforms are sent."""
    file = _kept(desk, plan_id).folder / name
    if not file.is_file():
        raise NotFoundError(f"The plan has no file {name}.")
    shown = "inline" if name == "plan.html" and not download else "attachment"
    headers = {"Content-Security-Policy": _PAGE, "X-Frame-Options": "SAMEORIGIN"} if name == "plan.html" else {}
    return FileResponse(
        file,
        media_type=_KINDS[name.rpartition(".")[2]],
        filename=name,
        content_disposition_type=shown,
        headers=headers | {"Cache-Control": "private, no-cache"},
    )


@router.get(
    "/{plan_id}/diff", summary="Compare a plan with another", operation_id="compare_plans", response_model=PlanDiff
)  # fmt: skip
def compare(
    desk: Annotated[Desk, needs("plans:read")],
    plan_id: Identifier,
    against: Annotated[Identifier, Query(description="The earlier plan's id.")],
    request: Request,
) -> Response:
    """What changed from an earlier plan to this one, and why."""
    from marketmover.campaigns.changes import compare_plans

    app = cast("CampaignsApp", desk.app)
    found = compare_plans(app.plan_of(against), app.plan_of(plan_id), (against, plan_id))
    return tagged(request, JSONResponse(json.loads(found.model_dump_json())))


def _kept(desk: Desk, plan_id: str) -> plans.KeptPlan:
    app = cast("CampaignsApp", desk.app)
    with desk.session(read_only=True) as session:
        found = plans.find_plan(session, shelf_of(app), plan_id)
    app.plan_folder(plan_id)
    return found
