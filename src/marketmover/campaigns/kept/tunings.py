"""What tuning proposed for a plan, and what a person made of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from marketmover.campaigns.kept.places import Place, newest_first
from marketmover.campaigns.kept.records import TuningRow
from marketmover.errors import ConflictError, NotFoundError
from marketmover.plans import Changes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PROPOSED, APPLIED, DECLINED = "proposed", "applied", "declined"


def propose(
    session: "Session", workspace: str, name: str, *, plan_id: str, changes: Changes, who: str, now: datetime
) -> TuningRow:
    """Keep what tuning advises, once, under the id `name`."""
    known = session.get(TuningRow, (workspace, name))
    if known is not None:
        return known
    row = TuningRow(
        workspace_id=workspace,
        id=name,
        plan_id=plan_id,
        as_of=changes.as_of,
        changes=changes.model_dump(mode="json", by_alias=True),
        state=PROPOSED,
        who=who[:255],
        created_at=now,
        decided_by=None,
        decided_at=None,
        entry_id=None,
    )
    session.add(row)
    session.flush()
    return row


def list_tunings(
    session: "Session", workspace: str, plan_id: str, *, after: Place | None, limit: int
) -> list[TuningRow]:
    """What was proposed for a plan, the newest first; `after` is `created_at` and id of the one to begin behind."""
    return list(session.scalars(newest_first(TuningRow, workspace, after, limit, TuningRow.plan_id == plan_id)))


def find_tuning(session: "Session", workspace: str, plan_id: str, name: str) -> TuningRow:
    """A proposal for a plan.

    Raises:
        NotFoundError: There is none of this id.
    """
    row = session.get(TuningRow, (workspace, name))
    if row is None or row.plan_id != plan_id:
        raise NotFoundError(
            f"There is no tuning {name[:64]!r} of this plan.", f"GET /v1/plans/{plan_id}/tunings lists them."
        )
    return row


def decide(row: TuningRow, state: str, *, who: str, now: datetime, entry_id: str | None = None) -> None:
    """Say what a person made of a proposal; `entry_id` is the entry of the plan's log by which it came into force.

    Raises:
        ConflictError: It was decided already.
    """
    check_open(row)
    row.state, row.decided_by, row.decided_at, row.entry_id = state, who[:255], now, entry_id


def check_open(row: TuningRow) -> None:
    """Whether a proposal is still to be decided.

    Raises:
        ConflictError: It was decided already.
    """
    if row.state != PROPOSED:
        raise ConflictError(f"This tuning was {row.state} by {row.decided_by} already.", "Tune the plan anew.")
