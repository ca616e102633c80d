"""Running what is due."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from marketmover.jobs import runs
from marketmover.jobs.hold import HeldError, JobRun, holding, state_of, words_of
from marketmover.jobs.retry import Waits
from marketmover.jobs.schedule import Schedule
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.store import Records

_MINUTE_S, _HOUR_S = 60.0, 3600.0


@dataclass(frozen=True)
class Job:
    """Work on a schedule.

    Attributes:
        name: Unique in its workspace.
        schedule: When it is due; `None`: by hand alone.
        work: Does it, and returns one line of what it did. It may be cut off anywhere and run again: what it does must
            be such that a repeat does no harm.
        help: What it is for, in a line.
        lane: Jobs of one lane run one after the other, those of different lanes side by side.
        waits: When to try again where it fails.
        lease_s: Seconds after which another process may follow one that died.
    """

    name: str
    schedule: Schedule | None
    work: Callable[[JobRun], str]
    help: str = ""
    lane: str = "lake"
    waits: Waits = field(default_factory=lambda: Waits(first_s=_MINUTE_S, most_s=_HOUR_S, tries=5))
    lease_s: float = 60.0


@dataclass(frozen=True)
class Done:
    """What became of a run: `state` as in `JobRunRow`, and in a line what was done or went wrong.

    `workspace` is whose it was, where several are served; `seconds` how long it took.
    """

    name: str
    state: str
    said: str
    workspace: str = ""
    seconds: float = field(default=0.0, compare=False)


def run_job(
    records: "Records",
    job: Job,
    due: "runs.Due",
    *,
    stop: threading.Event,
    now: Callable[[], datetime] = utc_now,
) -> Done | None:
    """Run a job that is due; `None` where another process has it. What goes wrong is written down, not raised."""
    began = time.monotonic()
    try:
        with holding(records, job.name, due=due, waits=job.waits, lease_s=job.lease_s, stop=stop, now=now) as run:
            run.said = job.work(run)
    except HeldError:
        return None
    except Exception as error:  # noqa: BLE001 - one job's fault must not end the others; it stands in job_runs
        return Done(job.name, state_of(error), words_of(error), seconds=time.monotonic() - began)
    return Done(job.name, "done", run.said, seconds=time.monotonic() - began)


def run_due(
    records: "Records",
    jobs: Sequence[Job],
    *,
    stop: threading.Event,
    tell: Callable[[Done], None],
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Run each job that is due now, one after the other."""
    for job in jobs:
        if stop.is_set():
            return
        if job.schedule is None:
            continue
        with records.session(read_only=True) as session:
            due = runs.due(session, records.workspace, job.name, job.schedule, job.waits.tries, now())
        done = run_job(records, job, due, stop=stop, now=now) if due is not None else None
        if done is not None:
            tell(done)
