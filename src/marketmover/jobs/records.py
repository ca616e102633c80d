"""The room's tables: who holds which job, and what became of each run."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
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
