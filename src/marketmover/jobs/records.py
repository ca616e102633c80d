"""The room's tables: who holds which job, what became of each run, and long work that was asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import InWorkspace, RecordsBase
from marketmover.store.records import workspace_key

_BIG = BigInteger().with_variant(Integer(), "sqlite")


class JobLease(RecordsBase):
    """Who holds a job until when. `token` counts how often it was taken, so that a former holder is known as such."""

    __tablename__ = "job_leases"

    workspace_id: Mapped[str] = workspace_key()
    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    owner: Mapped[str | None] = mapped_column(String(255))
    until: Mapped[datetime]
    token: Mapped[int] = mapped_column(_BIG)


class JobRunRow(InWorkspace, RecordsBase):
    """One try at a job.

    `state` is `running`, `done`, `failed`, `stopped` (asked to, as at the end of the process) or `lost` (its process
    died, or lost the lease). `again_at` is when a try that did not end well is to be repeated; null: with the next
    time that the job is due.
    """

    __tablename__ = "job_runs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    due_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(255))
    token: Mapped[int] = mapped_column(_BIG)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(Text)


Index("ix_job_runs_name", JobRunRow.workspace_id, JobRunRow.name, JobRunRow.token)


class TaskRow(InWorkspace, RecordsBase):
    """Long work that somebody asked for.

    `state` is `queued`, `running`, `done`, `failed` or `cancelled`. A queued one does not begin before `due_at`.
    `attempt` counts how often it began and its process did not end it; `token` is that of the lease under which it was
    begun last, so that only its holder can write to it. `sequence` is its place in the feed of changes, null from each
    change until the feed is read.
    """

    __tablename__ = "tasks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(255))
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16))
    progress: Mapped[float] = mapped_column(Float)
    step: Mapped[str] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    asked_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancel_asked: Mapped[bool] = mapped_column(Boolean)
    attempt: Mapped[int] = mapped_column(Integer)
    token: Mapped[int] = mapped_column(_BIG)
    sequence: Mapped[int | None] = mapped_column(_BIG)


Index("ix_tasks_created", TaskRow.workspace_id, TaskRow.created_at, TaskRow.id)
Index("ix_tasks_started", TaskRow.workspace_id, TaskRow.started_at)
Index("uq_tasks_sequence", TaskRow.workspace_id, TaskRow.sequence, unique=True)
Index(  # it does not begin with the workspace: who does tasks looks for those of all workspaces
    "ix_tasks_open",
    TaskRow.state,
    TaskRow.created_at,
    sqlite_where=TaskRow.ended_at.is_(None),
    postgresql_where=TaskRow.ended_at.is_(None),
)


class TaskFeed(RecordsBase):
    """How far a workspace's changes of tasks are numbered; its row is the lock of those who number them."""

    __tablename__ = "task_feeds"

    workspace_id: Mapped[str] = workspace_key()
    last_sequence: Mapped[int] = mapped_column(_BIG)
