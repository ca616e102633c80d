"""Who does a task: taking it up under a lease, keeping how far it is, ending it or putting it back.

The task's row carries the token of the lease under which it was begun last. Everything is written on condition of that
token, so that who was followed by another writes nothing any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from marketmover.jobs.lease import Lease, release, take
from marketmover.jobs.owners import is_gone
from marketmover.jobs.records import JobLease, TaskRow
from marketmover.jobs.tasks import LEASES, Task, task_of
from marketmover.kit import plural
from marketmover.store.records import Workspace

TRIES = 3
_TURN = timedelta(hours=1)  # a workspace that had no turn for so long is as one that had none
_MOST_LOOKED_AT = 50


@dataclass(frozen=True)
class Place:
    """Where a task is found."""

    workspace: str
    id: str


def waiting(session: Session, kinds: Sequence[str], now: datetime) -> list[Place]:
    """Tasks of some kinds that can be taken up, over all workspaces, in the order in which they are to be.

    First those whose process died, then each workspace's oldest: the workspace whose last turn is longest ago first.
    """
    return [*_abandoned(session, kinds, now), *_queued(session, kinds, now)]


def take_up(session: Session, place: Place, owner: str, now: datetime, lease_s: float) -> tuple[Lease, Task] | None:
    """Begin a task, or begin it anew; `None` where another has it.

    The task is given as it is then: one that was cancelled, or whose process died too often, is `cancelled` or `failed`
    and not to be done.
    """
    ours = and_(TaskRow.workspace_id == place.workspace, TaskRow.id == place.id, TaskRow.ended_at.is_(None))
    row = session.scalars(select(TaskRow).where(ours).with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    lease = take(session, place.workspace, LEASES + place.id, owner, now, lease_s)
    if lease is None:
        return None
    row.sequence = None
    if row.cancel_asked or row.attempt >= TRIES:
        row.state = "cancelled" if row.cancel_asked else "failed"
        row.error = None if row.cancel_asked else _died(row.attempt)
        row.ended_at = now
        _forget(session, lease)
    else:
        row.state, row.step, row.progress = "running", "", 0.0
        row.attempt, row.started_at, row.token = row.attempt + 1, now, lease.token
    session.flush()
    return lease, task_of(row)


def keep_progress(session: Session, lease: Lease, task_id: str, progress: float, step: str) -> None:
    """Write down how far a task is, unless another has it by now."""
    change = update(TaskRow).where(_held(lease, task_id)).values(progress=progress, step=step, sequence=None)
    session.execute(change.execution_options(synchronize_session=False))


def to_be_cancelled(session: Session, task_ids: Sequence[str]) -> set[str]:
    """Which of some running tasks are to be cancelled."""
    chosen = select(TaskRow.id).where(TaskRow.id.in_(task_ids), TaskRow.cancel_asked)
    return set(session.scalars(chosen))


def end_task(
    session: Session,
    lease: Lease,
    task_id: str,
    state: str,
    now: datetime,
    *,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
) -> bool:
    """Write down how a task ended; whether it was still ours to end."""
    values: dict[str, Any] = {"state": state, "result": result, "error": error, "ended_at": now, "sequence": None}
    if state == "done":
        values["progress"] = 1.0
    ours = _changed(session, lease, task_id, values)
    if ours:
        _forget(session, lease)
    return ours


def put_back(
    session: Session, lease: Lease, task_id: str, now: datetime, step: str, *, wait_s: float = 0.0, counted: bool
) -> bool:
    """Let a task be taken up again, by anyone; one that was to be cancelled is. Whether it was still ours.

    Args:
        session: Of records.
        lease: Under which it ran.
        task_id: The task's.
        now: The moment.
        step: Why it waits.
        wait_s: Seconds before which nobody takes it up.
        counted: Whether this attempt counts.
    """
    values: dict[str, Any] = {
        "state": case((TaskRow.cancel_asked, "cancelled"), else_="queued"),
        "ended_at": case((TaskRow.cancel_asked, literal(now, TaskRow.ended_at.type))),
        "due_at": now + timedelta(seconds=wait_s),
        "step": step,
        "progress": 0.0,
        "attempt": TaskRow.attempt - (0 if counted else 1),
        "sequence": None,
    }
    # the lease stays, with nobody's name: its tokens must go on where they are
    return _changed(session, lease, task_id, values) and release(session, lease)


def _queued(session: Session, kinds: Sequence[str], now: datetime) -> list[Place]:
    served = aliased(TaskRow)
    place = func.row_number().over(partition_by=TaskRow.workspace_id, order_by=(TaskRow.created_at, TaskRow.id))
    ready = (TaskRow.state == "queued", TaskRow.due_at <= now, *_open(kinds))
    columns = TaskRow.workspace_id, TaskRow.id, TaskRow.created_at
    oldest = select(*columns, place.label("place")).where(*ready).subquery()
    last_turn = (
        select(func.max(served.started_at))
        .where(served.workspace_id == oldest.c.workspace_id, served.started_at > now - _TURN, served.kind.in_(kinds))
        .scalar_subquery()
    )
    chosen = select(oldest.c.workspace_id, oldest.c.id).where(oldest.c.place == 1)
    ordered = chosen.order_by(last_turn.asc().nulls_first(), oldest.c.created_at, oldest.c.id)
    return [Place(workspace, its_id) for workspace, its_id in session.execute(ordered.limit(_MOST_LOOKED_AT))]


def _abandoned(session: Session, kinds: Sequence[str], now: datetime) -> list[Place]:
    held = and_(JobLease.workspace_id == TaskRow.workspace_id, JobLease.name == LEASES + TaskRow.id)
    running = (
        select(TaskRow.workspace_id, TaskRow.id, JobLease.owner, JobLease.until)
        .join(JobLease, held, isouter=True)
        .where(TaskRow.state == "running", *_open(kinds))
        .order_by(TaskRow.created_at, TaskRow.id)
    )
    return [
        Place(workspace, its_id)
        for workspace, its_id, owner, until in session.execute(running)
        if owner is None or until <= now or is_gone(owner)
    ]


def _open(kinds: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    """Tasks of some kinds that have not ended, in workspaces that were not put away."""
    put_away = select(Workspace.id).where(Workspace.archived_at.is_not(None))
    return TaskRow.ended_at.is_(None), TaskRow.kind.in_(kinds), TaskRow.workspace_id.not_in(put_away)


def _changed(session: Session, lease: Lease, task_id: str, values: Mapping[str, Any]) -> bool:
    change = update(TaskRow).where(_held(lease, task_id)).values(values).returning(TaskRow.id)
    return session.execute(change.execution_options(synchronize_session=False)).first() is not None


def _held(lease: Lease, task_id: str) -> ColumnElement[bool]:
    return and_(
        TaskRow.workspace_id == lease.workspace,
        TaskRow.id == task_id,
        TaskRow.state == "running",
        TaskRow.token == lease.token,
    )


def _forget(session: Session, lease: Lease) -> None:
    """Delete the lease of a task that has ended: it is never taken up again."""
    own = delete(JobLease).where(
        JobLease.workspace_id == lease.workspace, JobLease.name == lease.name, JobLease.owner == lease.owner
    )
    session.execute(own.execution_options(synchronize_session=False))


def _died(attempts: int) -> dict[str, Any]:
    return {
        "title": "Broken Off",
        "status": 500,
        "detail": f"Its process died, or lost the records, {attempts} {plural(attempts, 'time')} in the middle of it.",
        "remedy": "Look into the server's log for why it ended: memory is a common reason. Then ask for it again.",
    }
