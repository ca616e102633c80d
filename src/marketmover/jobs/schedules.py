"""The kind of task that runs a scheduled job now, and the lines in which a job and its runs are shown to programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketmover.jobs import owners
from marketmover.jobs.running import Job
from marketmover.jobs.runs import PastRun, last_runs, next_at

RUN = "jobs.run"


@dataclass(frozen=True)
class Scheduled:
    """A job, how it went last, and when it runs next; `None`: never, and not by itself."""

    job: Job
    last: PastRun | None
    next_at: datetime | None


def scheduled(session: Session, workspace: str, jobs: Sequence[Job], now: datetime) -> list[Scheduled]:
    """Jobs of a workspace as they stand."""
    last = last_runs(session, workspace, [job.name for job in jobs])
    return [Scheduled(job, last.get(job.name), _next(job, last.get(job.name), now)) for job in jobs]


def shown(one: Scheduled) -> dict[str, Any]:
    """A job as programs are shown it: JSON."""
    job = one.job
    return {
        "name": job.name,
        "help": job.help,
        "schedule": None if job.schedule is None else str(job.schedule),
        "lane": job.lane,
        "next_at": one.next_at and one.next_at.isoformat(),
        "last": one.last and shown_run(one.last),
    }


def shown_run(run: PastRun) -> dict[str, Any]:
    """A run of a job as programs are shown it: JSON."""
    return {
        "number": run.token,
        "state": run.state,
        "attempt": run.attempt,
        "due_at": run.due_at.isoformat(),
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at and run.ended_at.isoformat(),
        "again_at": run.again_at and run.again_at.isoformat(),
        "owner": owners.shown(run.owner),
        "said": run.said,
    }


def _next(job: Job, last: PastRun | None, now: datetime) -> datetime | None:
    return None if job.schedule is None else next_at(last, job.schedule, job.waits.tries, now)
