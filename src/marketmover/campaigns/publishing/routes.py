"""The life of a plan over HTTP: approve, publish, start, apply, undo, rollback; its state and its log."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Response, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from marketmover.campaigns.kept import plans, tunings
from marketmover.campaigns.kept.app import CampaignsApp, shelf_of
from marketmover.campaigns.kept.feed import note_change, telling
from marketmover.campaigns.kept.folders import over_http, told_by_id
from marketmover.campaigns.kept.forms import Asked, PlanLog, PlanState, PlanSummary
from marketmover.campaigns.kept.remedying import changes_for, require_alert, settle_alert
from marketmover.campaigns.publishing.approving import approve, check_approved
from marketmover.campaigns.publishing.carrying import carrying
from marketmover.campaigns.publishing.platform import Refusal
from marketmover.campaigns.publishing.requests import read_files
from marketmover.campaigns.publishing.words import about
from marketmover.campaigns.tuning.in_force import Author, Carry, InForce, apply_changes, roll_back, undo
from marketmover.errors import ConflictError, UsageError
from marketmover.jobs import open_task
from marketmover.kit import counted, utc_now
from marketmover.plans import Changes, LogEntry, Mode, Platform, State
from marketmover.web import Desk, Identifier, JobView, Listing, Page, accepted, listed, needs, room_router

router = room_router("/plans", "Plans")
Why = Annotated[str, Field(max_length=2_000, description="Why, for the log.")]
_JOB: dict[int | str, dict[str, Any]] = {202: {"model": JobView, "description": "Under way: a job."}}


class ApprovalAsked(Asked):
    """An approval; who approves is whoever is signed in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"may_start": True}]})

    may_start: bool = Field(default=False, description="What is new may be switched on, once it is there as asked.")
    why: Why = ""


class PublicationAsked(Asked):
    """How a plan is to be published."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = Field(default=False, description="Let the platforms check it; nothing is done.")
    only: Platform | None = Field(default=None, description="One platform alone.")
    keep: bool = Field(default=False, description="Where a step is refused, leave what was made before it (paused).")
    now: bool = Field(default=False, description="Change running lines at once, also before the plan's first day.")
    why: Why = ""


class StartAsked(Asked):
    """What is new is to be switched on."""

    only: Platform | None = None
    why: Why = ""


class GivingUp(Asked):
    """A publication that was cut short, or waits, is to be given up."""

    why: Why = ""


class Application(Asked):
    """Changes to put into force: as contract plan has them, or as a tuning proposed them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"tuning_id": "0f1e2d3c4b5a69788796a5b4c3d2e1f0"}]}
    )

    changes: Changes | None = None
    tuning_id: Identifier | None = Field(default=None, description="A proposal of `/v1/plans/{plan_id}/tunings`.")
    alert_id: Identifier | None = Field(
        default=None,
        description="Alone: what `/v1/plans/{plan_id}/remedies/{alert_id}` says. The alert is then seen to.",
    )
    dry_run: bool = Field(default=False, description="Say what would be in force; change nothing.")
    why: Why = ""


class UndoAsked(Asked):
    """The last changes that stand are to be taken back."""

    entry_id: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="Only if this entry of the log is the one that would be taken back."
    )
    dry_run: bool = False
    why: Why = ""


class RollbackAsked(Asked):
    """An earlier state is to be in force again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "c2"}, {"to": "plan"}]})

    to: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = Field(
        description="An entry of the log, or `plan` for the plan as it was composed."
    )
    dry_run: bool = False
    why: Why = ""


class Refused(BaseModel):
    """What a platform would refuse, and what to do."""

    line_ids: list[str]
    words: str
    remedy: str

    @classmethod
    def of(cls, refusal: Refusal) -> "Refused":
        """A refusal as it is shown."""
        return cls(line_ids=list(refusal.line_ids), words=refusal.words, remedy=refusal.remedy)


class Carried(BaseModel):
    """What is in force now (or would be), and what became of it on the platforms."""

    dry_run: bool
    in_force: PlanState
    words: str
    notes: list[str]
    refusals: list[Refused]


@router.post("/{plan_id}/approve", summary="Approve a plan", operation_id="approve_plan")
def approve_plan(
    desk: Annotated[Desk, needs("plans:approve")], plan_id: Identifier, asked: ApprovalAsked
) -> PlanSummary:
    """Approves what the plan's files hold now, in the name of whoever is signed in. Only then it can be published."""
    app = cast("CampaignsApp", desk.app)
    folder = app.plan_folder(plan_id)
    with told_by_id(folder):
        entry = approve(folder, Author(desk.caller.who, "approve", asked.why), may_start=asked.may_start)
        told = {"files": entry.files, "may_start": entry.may_start, "why": entry.why}
        with desk.session() as session:
            desk.audit(session, "plan.approved", about(app.plan_of(plan_id)), after=told)
            note_change(app, session, plan_id, "approved")
            return PlanSummary.of(plans.find_plan(session, shelf_of(app), plan_id), utc_now().date())


@router.post(
    "/{plan_id}/publish",
    summary="Publish a plan",
    operation_id="publish_plan",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def publish_plan(
    desk: Annotated[Desk, needs("plans:publish")], plan_id: Identifier, asked: PublicationAsked
) -> Response:
    """A job that sends an approved plan to the connected accounts. What is new stays paused; nothing is made twice."""
    folder = cast("CampaignsApp", desk.app).plan_folder(plan_id)
    if not asked.dry_run:
        _require_approved(folder)
    return _submit(desk, "plans.publish", plan_id, asked.model_dump(mode="json") | {"start": False})


@router.post(
    "/{plan_id}/start",
    summary="Start what a plan made anew",
    operation_id="start_plan",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def start_plan(desk: Annotated[Desk, needs("plans:publish")], plan_id: Identifier, asked: StartAsked) -> Response:
    """A job that switches on what publishing made, if all of it is there as asked; from then on it spends money."""
    _require_approved(cast("CampaignsApp", desk.app).plan_folder(plan_id))
    return _submit(desk, "plans.publish", plan_id, asked.model_dump(mode="json") | {"start": True})


def _require_approved(folder: Path) -> None:
    """See at once that a plan is approved as it stands; the job looks again.

    Raises:
        ConflictError: It is not, or was changed since.
    """
    with told_by_id(folder):
        check_approved(InForce.read(folder), read_files(folder))


def _submit(desk: Desk, kind: str, plan_id: str, told: Mapping[str, Any]) -> Response:
    """Have the platforms asked for a plan, unless they are just being asked for it.

    Raises:
        ConflictError: A job asks the platforms for this plan just now, or is about to.
    """
    of_plan = f"plan {plan_id}"

    def require_free(session: Session) -> None:
        found = open_task(session, desk.workspace, ("plans.publish", "plans.give_up"), of_plan)
        if found is not None:
            raise ConflictError(
                f"The platforms are being asked for this plan already, since {found.created_at:%H:%M} UTC, for "
                f"{found.asked_by}.",
                f"Wait until that has ended (job {found.id}) or stop it; then look at the plan.",
            )

    return accepted(desk.submit(kind, {**told, "plan_id": plan_id}, about=of_plan, check=require_free))


@router.post(
    "/{plan_id}/give-up",
    summary="Give up a publication",
    operation_id="give_up_publication",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def give_up(desk: Annotated[Desk, needs("plans:publish")], plan_id: Identifier, asked: GivingUp) -> Response:
    """A job that takes back what was cut short or waits, as far as that goes, and names what is left."""
    cast("CampaignsApp", desk.app).plan_folder(plan_id)
    return _submit(desk, "plans.give_up", plan_id, {"why": asked.why})


@router.post("/{plan_id}/apply", summary="Apply changes", operation_id="apply_changes")
def apply_to_plan(desk: Annotated[Desk, needs("plans:publish")], plan_id: Identifier, asked: Application) -> Carried:
    """Puts changes into force, all or none; of a published plan on the platforms first."""
    made = _asked_changes(desk, plan_id, asked)

    def change(folder: Any, author: Author, carry: Carry) -> State:
        return apply_changes(folder, made, author, dry_run=asked.dry_run, carry=carry)

    def settle(session: Any, entry: LogEntry) -> None:
        if asked.tuning_id is not None:
            row = tunings.find_tuning(session, desk.workspace, plan_id, asked.tuning_id)
            tunings.decide(row, tunings.APPLIED, who=desk.caller.who, now=utc_now(), entry_id=entry.id)
        if asked.alert_id is not None:
            settle_alert(desk, session, asked.alert_id, f"{counted(len(entry.changes), 'change')} of the plan made")

    return _carried(desk, plan_id, change, asked.why, dry_run=asked.dry_run, mode="approve", settle=settle)


def _asked_changes(desk: Desk, plan_id: str, asked: Application) -> Changes:
    """The changes that are asked for, from the one place that is named.

    Raises:
        UsageError: None is, or two are.
        NotFoundError: It, or the alert that it is done about, is not there.
        ConflictError: The tuning was decided already, or the alert calls for no change.
    """
    if asked.changes is not None and asked.tuning_id is not None:
        raise UsageError("Changes come from one place.", "Give changes, tuning_id, or alert_id.")
    if asked.alert_id is not None:
        require_alert(desk, asked.alert_id)
    if asked.tuning_id is not None:
        with desk.session(read_only=True) as session:
            row = tunings.find_tuning(session, desk.workspace, plan_id, asked.tuning_id)
            if not asked.dry_run:
                tunings.check_open(row)
        return Changes.model_validate(row.changes)
    if asked.changes is not None:
        return asked.changes
    if asked.alert_id is None:
        raise UsageError("Changes come from one place.", "Give changes, tuning_id, or alert_id.")
    return changes_for(desk, plan_id, asked.alert_id)


@router.post("/{plan_id}/undo", summary="Undo the last changes", operation_id="undo_changes")
def undo_changes(desk: Annotated[Desk, needs("plans:publish")], plan_id: Identifier, asked: UndoAsked) -> Carried:
    """Takes back the last changes that stand; again, the ones before."""
    return _carried(
        desk, plan_id,
        lambda folder, author, carry: undo(folder, author, last=asked.entry_id, dry_run=asked.dry_run, carry=carry),
        asked.why, dry_run=asked.dry_run,
    )  # fmt: skip


@router.post("/{plan_id}/rollback", summary="Go back to an earlier state", operation_id="roll_back")
def roll_back_to(desk: Annotated[Desk, needs("plans:publish")], plan_id: Identifier, asked: RollbackAsked) -> Carried:
    """Goes back to any earlier state, also to one that was undone since."""
    return _carried(
        desk, plan_id,
        lambda folder, author, carry: roll_back(folder, asked.to, author, dry_run=asked.dry_run, carry=carry),
        asked.why, dry_run=asked.dry_run,
    )  # fmt: skip


@router.get("/{plan_id}/state", summary="Read what is in force", operation_id="read_plan_state")
def read_state(desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier) -> PlanState:
    """The daily budgets, pauses and settings that are in force."""
    app = cast("CampaignsApp", desk.app)
    folder = app.plan_folder(plan_id)
    with told_by_id(folder):
        return _state(InForce.read(folder))


@router.get("/{plan_id}/log", summary="List what was done with a plan", operation_id="list_plan_log")
def list_log(
    desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, listing: Annotated[Listing, listed()]
) -> Page[PlanLog]:
    """Who approved, published and changed what, when and why; the newest first. What never took effect is left out."""
    folder = cast("CampaignsApp", desk.app).plan_folder(plan_id)
    with told_by_id(folder):
        now = InForce.read(folder)
    standing = {entry.id for entry in now.standing()}
    rows = [PlanLog(entry=entry, stands=entry.id in standing) for entry in reversed(now.life)]
    place = {row.entry.id: number for number, row in enumerate(rows, start=1)}
    first = listing.after if listing.after in range(len(rows) + 1) else 0
    shown = rows[first : first + listing.most]
    return cast("Page[PlanLog]", listing.answer(shown, lambda row: place[row.entry.id], f"plan-{plan_id}-log"))


def _carried(
    desk: Desk,
    plan_id: str,
    change: Callable[[Any, Author, Carry], State],
    why: str,
    *,
    dry_run: bool,
    mode: Mode = "by_hand",
    settle: Callable[[Any, LogEntry], None] = lambda _session, _entry: None,
) -> Carried:
    """Carry a change to the platforms and put it into force; in the transaction that says so in the audit log."""
    app = cast("CampaignsApp", desk.app)
    folder = app.plan_folder(plan_id)
    noted = nullcontext() if dry_run else telling(app, plan_id, "changed")
    with told_by_id(folder), noted:
        before = InForce.read(folder)
        with carrying(app, folder) as carrier:

            def carry(now: InForce, entry: LogEntry) -> Callable[[], None]:
                finish = carrier(now, entry)
                with desk.session() as session:
                    settle(session, entry)
                    desk.audit(session, f"plan.{entry.kind}", f"plan {plan_id}", _brief(now.state), _brief(entry.after))
                return finish

            after = change(folder, Author(desk.caller.who, mode, why), carry)
            refusals = carrier.preview(before, after) if dry_run else []
        now = InForce.read(folder)
    state = _state(now) if not dry_run else _state(now).model_copy(update=_brief(after))
    return Carried(
        dry_run=dry_run,
        in_force=state,
        words="Nothing was changed." if dry_run else over_http(carrier.words, folder),
        notes=[over_http(note, folder) for note in carrier.notes],
        refusals=[Refused.of(one) for one in refusals],
    )


def _brief(state: State) -> Mapping[str, Any]:
    return {"daily_budgets": state.daily_budgets, "paused": state.paused, "settings": state.settings}


def _state(now: InForce) -> PlanState:
    stands = now.standing()
    life = plans.life_of(now.folder)
    return PlanState(
        state=life.standing(now.plan.start_date, now.plan.end_date, utc_now().date()),
        as_of=now.state.as_of,
        daily_budgets=now.state.daily_budgets,
        paused=now.state.paused,
        settings=now.state.settings,
        change_id=now.state.change_id,
        waits_until=life.waits_until,
        may_undo=stands[-1].id if stands else None,
    )
