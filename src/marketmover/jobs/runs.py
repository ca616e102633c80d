"""What became of each run of a job, and from that when it is due again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, aliased

from marketmover.jobs.lease import Lease, holder
from marketmover.jobs.records import JobRunRow
from marketmover.jobs.schedule import Schedule
from marketmover.kit import new_id


@dataclass(frozen=True)
class Due:
    """Work to do.

    Attributes:
        at: When it was due.
        attempt: The number of this try.
        after: The token of the run that this follows from: if another came between, it is not due any more. `None`: by
            hand, whatever ran before.
    """

    at: datetime
    attempt: int
    after: int | None = None


@dataclass(frozen=True)
class PastRun:
    """One try at a job, as `JobRunRow` describes it."""

    name: str
    due_at: datetime
    attempt: int
    state: str
    owner: str
    token: int
    started_at: datetime
    ended_at: datetime | None
    again_at: datetime | None
    said: str


def begin(session: Session, lease: Lease, due: Due, now: datetime) -> None:
    """Write down that a run begins; runs of those who died before are written off."""
    unfinished = update(JobRunRow).where(
        JobRunRow.workspace_id == lease.workspace, JobRunRow.name == lease.name, JobRunRow.state == "running"
    )
    session.execute(unfinished.values(state="lost", ended_at=now, said="Its process died, or was away too long."))
    session.add(
        JobRunRow(
            workspace_id=lease.workspace,
            id=new_id(),
            name=lease.name,
            due_at=due.at,
            attempt=due.attempt,
            state="running",
            owner=lease.owner,
            token=lease.token,
            started_at=now,
            said="",
        )
    )


def end(session: Session, lease: Lease, state: str, said: str, again_at: datetime | None, now: datetime) -> None:
    """Write down how a run ended."""
    ours = update(JobRunRow).where(
        JobRunRow.workspace_id == lease.workspace, JobRunRow.name == lease.name, JobRunRow.token == lease.token
    )
    session.execute(ours.values(state=state, said=said, ended_at=now, again_at=again_at))


def last_runs(session: Session, workspace: str, names: Sequence[str]) -> dict[str, PastRun]:
    """The newest run of each job that ever ran."""
    newest = (
        select(JobRunRow.name, func.max(JobRunRow.token).label("token"))
        .where(JobRunRow.workspace_id == workspace, JobRunRow.name.in_(names))
        .group_by(JobRunRow.name)
        .subquery()
    )
    chosen = select(JobRunRow).where(
        JobRunRow.workspace_id == workspace,
        JobRunRow.name == newest.c.name,
        JobRunRow.token == newest.c.token,
    )
    return {row.name: _past(row) for row in session.scalars(chosen)}


def runs_of(session: Session, workspace: str, name: str, last: int = 20, before: int | None = None) -> list[PastRun]:
    """The last runs of a job, newest first; with `before` those before the run of that token."""
    chosen = select(JobRunRow).where(JobRunRow.workspace_id == workspace, JobRunRow.name == name)
    if before is not None:
        chosen = chosen.where(JobRunRow.token < before)
    chosen = chosen.order_by(JobRunRow.token.desc()).limit(last)
    return [_past(row) for row in session.scalars(chosen)]


def due(session: Session, workspace: str, name: str, schedule: Schedule, tries: int, now: datetime) -> Due | None:
    """Whether a job is due; not while somebody holds it. Times that were missed are made up for once, not each.

    A job that never ran is due at once.
    """
    if holder(session, workspace, name, now) is not None:
        return None
    return due_after(last_runs(session, workspace, [name]).get(name), schedule, tries, now)


def due_after(last: PastRun | None, schedule: Schedule, tries: int, now: datetime) -> Due | None:
    """Whether a job that nobody holds is due after its last run."""
    slot = schedule.last(now)
    if last is None:
        return Due(slot, 1, 0)
    if last.state in {"running", "lost"}:  # it died in the middle
        return Due(last.due_at, last.attempt + 1, last.token) if last.attempt < tries else _anew(last, slot)
    if last.again_at is not None:
        return Due(max(last.due_at, slot), _next_try(last), last.token) if last.again_at <= now else None
    return _anew(last, slot)


def next_at(last: PastRun | None, schedule: Schedule, tries: int, now: datetime) -> datetime:
    """When it runs next, as things are."""
    if due_after(last, schedule, tries, now) is not None:
        return now
    return last.again_at if last is not None and last.again_at is not None else schedule.next(now)


def forget_runs(session: Session, workspace: str, before: datetime) -> int:
    """Delete runs that began before a moment, but for each job's newest; how many they were."""
    later = aliased(JobRunRow)
    followed = (
        select(later.id)
        .where(later.workspace_id == workspace, later.name == JobRunRow.name, later.token > JobRunRow.token)
        .exists()
    )
    old = delete(JobRunRow).where(JobRunRow.workspace_id == workspace, JobRunRow.started_at < before, followed)
    return session.connection().execute(old).rowcount


def _anew(last: PastRun, slot: datetime) -> Due | None:
    return Due(slot, 1, last.token) if slot > last.due_at else None


def _next_try(last: PastRun) -> int:
    """A try that was only interrupted is not counted."""
    return last.attempt if last.state == "stopped" else last.attempt + 1


def _past(row: JobRunRow) -> PastRun:
    return PastRun(
        row.name,
        row.due_at,
        row.attempt,
        row.state,
        row.owner,
        row.token,
        row.started_at,
        row.ended_at,
        row.again_at,
        row.said,
    )
