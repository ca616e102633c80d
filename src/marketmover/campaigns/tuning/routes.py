"""Tuning over HTTP: asked for as a job, listed as proposals that a person applies or declines."""

from datetime import date, datetime
from typing import Annotated, Any, cast

from fastapi import Response, status
from pydantic import BaseModel, ConfigDict, Field

from marketmover.campaigns.kept import tunings
from marketmover.campaigns.kept.app import CampaignsApp
from marketmover.campaigns.kept.feed import note_change
from marketmover.campaigns.kept.forms import Asked
from marketmover.campaigns.kept.places import after_place, page
from marketmover.campaigns.kept.records import TuningRow
from marketmover.campaigns.kept.remedying import asked_remedy
from marketmover.campaigns.tuning import remedies
from marketmover.kit import utc_now
from marketmover.plans import Changes, ExpectedGain, Limits
from marketmover.web import Desk, Identifier, JobView, Listing, Page, accepted, listed, needs, room_router

router = room_router("/plans", "Plans")
_JOB: dict[int | str, dict[str, Any]] = {
    202: {"model": JobView, "description": "Under way: a job; its result names the tuning."}
}


class TuningAsked(Asked):
    """A running plan is to be tuned."""

    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, json_schema_extra={"examples": [{"as_of": "2027-01-12"}]}
    )

    as_of: date | None = Field(default=None, description="Taken for today; by default the last day pulled.")
    limits: Limits | None = Field(default=None, description="In the place of those that the plan was made with.")


class TuningSummary(BaseModel):
    """A proposal in a list. `changes` is how many; `state` is `proposed`, `applied` or `declined`."""

    id: str
    plan_id: str
    as_of: date
    state: str
    changes: int
    held: int
    expected_gain: ExpectedGain | None
    who: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    entry_id: str | None = Field(description="The entry of the plan's log by which it came into force.")

    @classmethod
    def of(cls, row: TuningRow) -> "TuningSummary":
        """A kept proposal in a list."""
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        gain = row.changes.get("expected_gain")
        counts = {"changes": len(row.changes["changes"]), "held": len(row.changes["held"])}
        return cls.model_validate({**own, **counts, "expected_gain": gain})


class TuningAnswer(BaseModel):
    """A proposal: what it is, and the changes in the form of contract plan."""

    tuning: TuningSummary
    proposed: Changes


class RemedyAnswer(BaseModel):
    """What can be done at once about an alert. `changes` is what would be put into force; money in the plan's currency.

    `way` is `change` (apply the changes), `tuning` (apply the proposal `tuning_id`), `tune` (ask for a proposal),
    `by_hand` (only a person can do it), `wait` (its lines were changed since) or `none` (it is over).
    """

    alert_id: str
    plan_id: str
    way: remedies.Way
    words: str
    changes: Changes | None
    tuning_id: str | None
    by_hand: list[str] = Field(description="What only a person can do.")


class Declining(Asked):
    """A proposal is not wanted."""

    why: Annotated[str, Field(max_length=2_000)] = ""


@router.post(
    "/{plan_id}/tune",
    summary="Tune a running plan",
    operation_id="tune_plan",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def tune_plan(desk: Annotated[Desk, needs("plans:write")], plan_id: Identifier, asked: TuningAsked) -> Response:
    """A job that says what to change now, why, and what that is expected to earn, by the home's pulls.

    Nothing is changed: what comes out is a proposal, which `POST /v1/plans/{plan_id}/apply` puts into force.
    """
    cast("CampaignsApp", desk.app).plan_folder(plan_id)
    limits = asked.limits.model_dump(mode="json", exclude_unset=True) if asked.limits else None
    told = {"plan_id": plan_id, "as_of": asked.as_of and str(asked.as_of), "limits": limits}
    return accepted(desk.submit("plans.tune", told, about=f"plan {plan_id}"))


@router.get("/{plan_id}/tunings", summary="List what tuning proposed", operation_id="list_tunings")
def list_tunings(
    desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, listing: Annotated[Listing, listed()]
) -> Page[TuningSummary]:
    """Proposals for a plan, the newest first."""
    cast("CampaignsApp", desk.app).plan_folder(plan_id)
    with desk.session(read_only=True) as session:
        found = tunings.list_tunings(
            session, desk.workspace, plan_id, after=after_place(listing.after), limit=listing.most
        )
        rows = [TuningSummary.of(row) for row in found]
    return page(listing, rows, "tunings")


@router.get("/{plan_id}/tunings/{tuning_id}", summary="Read a proposal", operation_id="read_tuning")
def read_tuning(desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, tuning_id: Identifier) -> TuningAnswer:
    """Its changes, each with its reason and what it is expected to earn, and the lines that are held."""
    with desk.session(read_only=True) as session:
        row = tunings.find_tuning(session, desk.workspace, plan_id, tuning_id)
    return TuningAnswer(tuning=TuningSummary.of(row), proposed=Changes.model_validate(row.changes))


@router.get(
    "/{plan_id}/remedies/{alert_id}", summary="What can be done at once about an alert", operation_id="read_remedy"
)
def read_remedy(desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, alert_id: Identifier) -> RemedyAnswer:
    """As the plan stands now; `POST /v1/plans/{plan_id}/apply` with `alert_id` does it where there is a change."""
    found = asked_remedy(desk, plan_id, alert_id)
    return RemedyAnswer(
        alert_id=alert_id,
        plan_id=plan_id,
        way=found.way,
        words=found.words,
        changes=found.changes,
        tuning_id=found.tuning_id,
        by_hand=found.by_hand,
    )


@router.post("/{plan_id}/tunings/{tuning_id}/decline", summary="Decline a proposal", operation_id="decline_tuning")
def decline_tuning(
    desk: Annotated[Desk, needs("plans:approve")], plan_id: Identifier, tuning_id: Identifier, asked: Declining
) -> TuningSummary:
    """Says that a proposal is not wanted; it stays on record."""
    with desk.session() as session:
        row = tunings.find_tuning(session, desk.workspace, plan_id, tuning_id)
        tunings.decide(row, tunings.DECLINED, who=desk.caller.who, now=utc_now())
        desk.audit(session, "tuning.declined", f"plan {plan_id}", after={"tuning": tuning_id, "why": asked.why})
        note_change(desk.app, session, plan_id, "tuned")
        return TuningSummary.of(row)
