"""Who runs a job: one process at a time. Who dies is followed by another.

A lease is a row that is taken, and held for longer, by conditional updates (Gray and Cheriton, 1989, Leases). Each
taking counts its token up: work that is kept in a transaction with `confirm` cannot be kept by a holder whom another
has followed, however long that one slept. Clocks of several machines must agree to within a third
of the lease.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketmover.jobs.owners import is_gone
from marketmover.jobs.records import JobLease


@dataclass(frozen=True)
class Lease:
    """The right to run a job, held until it ends unless it is extended."""

    workspace: str
    name: str
    owner: str
    token: int


def take(session: Session, workspace: str, name: str, owner: str, now: datetime, seconds: float) -> Lease | None:
    """Take a job that nobody holds, whose holder died, or let the lease run out; `None` where another holds it."""
    gone = _gone_holder(session, workspace, name)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"workspace_id": workspace, "name": name, "owner": None, "until": now, "token": 0}
    session.execute(insert(JobLease).values(row).on_conflict_do_nothing())
    change = (
        update(JobLease)
        .where(JobLease.workspace_id == workspace, JobLease.name == name)
        .where(or_(JobLease.owner.is_(None), JobLease.until <= now, JobLease.owner == gone))
        .values(owner=owner, until=now + timedelta(seconds=seconds), token=JobLease.token + 1)
        .returning(JobLease.token)
        .execution_options(synchronize_session=False)
    )
    token = session.execute(change).scalar()
    return None if token is None else Lease(workspace, name, owner, token)


def extend(session: Session, lease: Lease, now: datetime, seconds: float) -> bool:
    """Hold it for longer; whether it was still held."""
    return _change(session, lease, until=now + timedelta(seconds=seconds))


def confirm(session: Session, lease: Lease) -> bool:
    """Whether it is still held; nobody can take it before this transaction ends."""
    return _change(session, lease, owner=lease.owner)


def release(session: Session, lease: Lease) -> bool:
    """Let others have it at once; whether it was still held."""
    return _change(session, lease, owner=None)


def holder(session: Session, workspace: str, name: str, now: datetime) -> str | None:
    """Who holds a job, and is not known to have died."""
    row = session.get(JobLease, (workspace, name))
    held = row is not None and row.owner is not None and row.until > now and not is_gone(row.owner)
    return row.owner if row is not None and held else None


def _gone_holder(session: Session, workspace: str, name: str) -> str | None:
    held_by = select(JobLease.owner).where(JobLease.workspace_id == workspace, JobLease.name == name)
    owner = session.scalar(held_by)
    return owner if owner is not None and is_gone(owner) else None


def _change(session: Session, lease: Lease, **values: object) -> bool:
    ours = and_(
        JobLease.workspace_id == lease.workspace,
        JobLease.name == lease.name,
        JobLease.owner == lease.owner,
        JobLease.token == lease.token,
    )
    change = update(JobLease).where(ours).values(**values).execution_options(synchronize_session=False)
    return session.execute(change.returning(JobLease.token)).first() is not None
