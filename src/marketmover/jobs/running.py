"""Running what is due, until told to stop."""

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
    """What became of a run: `state` as in `JobRunRow`, and in a line what was done or went wrong."""

    name: str
    state: str
    said: str


def run_job(
    records: "Records",
    job: Job,
    due: "runs.Due",
    *,
    stop: threading.Event,
    now: Callable[[], datetime] = utc_now,
) -> Done | None:
    """Run a job that is due; `None` where another process has it. What goes wrong is written down, not raised."""
    try:
        with holding(records, job.name, due=due, waits=job.waits, lease_s=job.lease_s, stop=stop, now=now) as run:
            run.said = job.work(run)
    except HeldError:
        return None
    except Exception as error:  # noqa: BLE001 - one job's fault must not end the others; it stands in job_runs
        return Done(job.name, state_of(error), words_of(error))
    return Done(job.name, "done", run.said)


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


def run_until(
    stop: threading.Event,
    records: "Records",
    jobs: Callable[[], Sequence[Job]],
    *,
    tell: Callable[[Done], None],
    grace_s: float = 30.0,
    look_s: float = 5.0,
) -> list[str]:
    """Run jobs as they become due, each lane in a thread of its own, until `stop` is set.

    Args:
        stop: Set to end. Runs under way are asked to end at their next step.
        records: Where leases and runs are written.
        jobs: The jobs as they are now: accounts come and go.
        tell: Called with what became of each run, from the lanes' threads.
        grace_s: Seconds that runs under way have to end.
        look_s: Seconds between looks at what is due.

    Returns:
        Lanes that did not end in time; what they did is taken up again when their leases have run out.
    """
    lanes: dict[str, threading.Thread] = {}
    while not stop.is_set():
        for name in sorted(_lanes_of(jobs, tell) - lanes.keys()):
            lanes[name] = threading.Thread(
                target=_run_lane, args=(name, stop, records, jobs, tell, look_s), name=f"lane {name}", daemon=True
            )
            lanes[name].start()
        stop.wait(look_s)
    deadline = time.monotonic() + grace_s
    for lane in lanes.values():
        lane.join(max(0.0, deadline - time.monotonic()))
    return [name for name, lane in lanes.items() if lane.is_alive()]


def _lanes_of(jobs: Callable[[], Sequence[Job]], tell: Callable[[Done], None]) -> set[str]:
    """The lanes that there are now; none, and it is said why, while the jobs cannot be read."""
    try:
        return {job.lane for job in jobs()}
    except Exception as error:  # noqa: BLE001 - the records were away: the lanes that run go on, and it looks again
        tell(Done("jobs", "failed", words_of(error)))
        return set()


def _run_lane(
    name: str,
    stop: threading.Event,
    records: "Records",
    jobs: Callable[[], Sequence[Job]],
    tell: Callable[[Done], None],
    look_s: float,
) -> None:
    while not stop.is_set():
        try:
            run_due(records, [job for job in jobs() if job.lane == name], stop=stop, tell=tell)
        except Exception as error:  # noqa: BLE001 - the records were away: the lane looks again, and says so
            tell(Done(f"lane {name}", "failed", words_of(error)))
        stop.wait(look_s)
