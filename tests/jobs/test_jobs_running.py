"""Who runs a job and what becomes of it, on SQLite and on PostgreSQL, with threads and processes that are killed."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from marketmover.errors import InputError, PlatformError
from marketmover.jobs import (
    Done,
    Every,
    HeldError,
    Job,
    JobRun,
    LeaseLostError,
    Served,
    StoppedError,
    Waits,
    forget_runs,
    holding,
    run_job,
    run_until,
)
from marketmover.jobs import runs as job_runs
from marketmover.jobs.lease import Lease, confirm, extend, holder, release, take
from marketmover.jobs.owners import is_gone, new_owner
from marketmover.jobs.records import JobLease
from marketmover.jobs.runs import Due
from marketmover.kit import utc_now
from marketmover.store import Records
from marketmover.store.records import Workspace
from programs import line_from, running

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
HALF_HOURLY = Every(30)

_DO_STEPS = """
import sys
from sqlalchemy.engine import make_url
from marketmover.jobs import holding
from marketmover.jobs.owners import is_gone, new_owner
from marketmover.jobs.records import JobLease
from marketmover.jobs.runs import Due
from marketmover.kit import utc_now
from marketmover.store import Records
from marketmover.store.records import Workspace
records = Records.open(make_url(sys.argv[1]))
with holding(records, "pull", lease_s=float(sys.argv[2])) as run:
    print("held", flush=True)
    for number in range(1_000_000):
        sys.stdin.readline()
        with records.session() as session:
            session.add(Workspace(id=f"{sys.argv[3]}-{number}", created_at=utc_now()))
            run.confirm(session)
        print(number, flush=True)
"""

_TAKE_WHEN_TOLD = """
import sys, threading
from datetime import datetime
from sqlalchemy.engine import make_url
from marketmover.jobs import Every, Job, run_job
from marketmover.jobs.runs import Due
from marketmover.store import Records
records = Records.open(make_url(sys.argv[1]))
job = Job("pull", Every(30), lambda run: "did it")
print("ready", flush=True)
while line := sys.stdin.readline():
    number, moment = line.split()
    due = Due(datetime.fromisoformat(moment), 1, int(number))
    done = run_job(records, job, due, stop=threading.Event())
    print("done" if done else "held", flush=True)
"""


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(records: Records, owner: str, now: datetime = NOW, seconds: float = 60) -> Lease | None:
    with records.session() as session:
        return take(session, "default", "pull", owner, now, seconds)


def past(records: Records, name: str = "pull") -> list[job_runs.PastRun]:
    with records.session(read_only=True) as session:
        return job_runs.runs_of(session, "default", name)


def due(records: Records, now: datetime, tries: int = 3) -> Due | None:
    with records.session(read_only=True) as session:
        return job_runs.due(session, "default", "pull", HALF_HOURLY, tries, now)


def job(work: Callable[[JobRun], str], tries: int = 3) -> Job:
    return Job("pull", HALF_HOURLY, work, waits=Waits(first_s=60, most_s=600, tries=tries))


def tried(records: Records, work: Callable[[JobRun], str], clock: Clock) -> str | None:
    """Run the job if it is due: its state; `None` where it was not."""
    now_due = due(records, clock())
    done = run_job(records, job(work), now_due, stop=threading.Event(), now=clock) if now_due else None
    return done.state if done else None


def fail(error: Exception) -> Callable[[JobRun], str]:
    def work(_: JobRun) -> str:
        raise error

    return work


def well(_: JobRun) -> str:
    return "pulled 3 days"


def test_a_job_that_is_held_cannot_be_taken_until_it_is_let_go_or_runs_out(records: Records) -> None:
    first = taken(records, "a")
    assert first is not None
    assert taken(records, "b", NOW + timedelta(seconds=59)) is None
    with records.session() as session:
        assert extend(session, first, NOW + timedelta(seconds=50), 60)
    assert taken(records, "b", NOW + timedelta(seconds=100)) is None
    second = taken(records, "b", NOW + timedelta(seconds=111))
    assert second is not None
    assert second.token == first.token + 1
    with records.session() as session:
        assert [act(session, first) for act in (confirm, release)] == [False, False]
        assert not extend(session, first, NOW, 1000)
        assert holder(session, "default", "pull", NOW + timedelta(seconds=112)) == "b"
        assert release(session, second)
    assert taken(records, "c") is not None


def test_workspaces_hold_their_jobs_apart(records: Records, records_url: str) -> None:
    Records.open(sa.make_url(records_url), workspace="acme").close()
    assert taken(records, "a") is not None
    with records.session() as session:
        assert take(session, "acme", "pull", "b", NOW, 60) is not None


def test_of_many_that_reach_for_a_job_at_once_one_gets_it(records: Records) -> None:
    start, got = threading.Barrier(6), list[Lease]()

    def reach(number: int) -> None:
        start.wait()
        if lease := taken(records, f"owner {number}"):
            got.append(lease)

    threads = [threading.Thread(target=reach, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [lease.token for lease in got] == [1]


def test_a_job_runs_once_for_each_time_it_is_due_and_missed_times_are_made_up_for_once(
    records: Records, clock: Clock
) -> None:
    assert tried(records, well, clock) == "done"  # it never ran: at once
    assert tried(records, well, clock) is None
    clock.forward(minutes=29)
    assert tried(records, well, clock) is None
    clock.forward(minutes=1)
    assert tried(records, well, clock) == "done"
    clock.forward(days=3)  # the machine was off
    assert tried(records, well, clock) == "done"
    assert tried(records, well, clock) is None
    assert next((run.due_at, run.said) for run in past(records)) == (clock(), "pulled 3 days")
    assert len(past(records)) == 3


def test_what_fails_for_a_passing_reason_is_tried_again_after_a_wait_that_grows_and_then_with_its_next_time(
    records: Records, clock: Clock
) -> None:
    busy = fail(PlatformError("Too many calls.", "Wait.", kind="throttled"))
    assert tried(records, busy, clock) == "failed"
    assert tried(records, busy, clock) is None
    [run] = past(records)
    assert run.said == "Too many calls. Wait."
    assert run.again_at is not None
    assert 30 <= (run.again_at - NOW).total_seconds() <= 60
    clock.forward(seconds=60)
    assert tried(records, busy, clock) == "failed"
    clock.forward(seconds=120)
    assert tried(records, busy, clock) == "failed"
    assert [(run.attempt, run.due_at) for run in past(records)] == [(3, NOW), (2, NOW), (1, NOW)]
    clock.forward(minutes=20)
    assert tried(records, busy, clock) is None  # three tries are all it has
    clock.forward(minutes=30)
    assert tried(records, well, clock) == "done"
    assert past(records)[0].attempt == 1


def test_the_wait_that_a_platform_asks_for_outlasts_the_schedule(records: Records, clock: Clock) -> None:
    assert tried(records, fail(PlatformError("Later.", kind="throttled", wait_s=7200)), clock) == "failed"
    clock.forward(minutes=119)
    assert tried(records, well, clock) is None
    clock.forward(minutes=1)
    assert tried(records, well, clock) == "done"


@pytest.mark.parametrize("error", [PlatformError("Renew.", kind="expired"), InputError("No such account.")])
def test_what_a_person_must_mend_is_not_tried_again_before_its_next_time(
    records: Records, clock: Clock, error: Exception
) -> None:
    assert tried(records, fail(error), clock) == "failed"
    clock.forward(minutes=29)
    assert tried(records, well, clock) is None
    clock.forward(minutes=1)
    assert tried(records, well, clock) == "done"


def test_a_fault_of_ours_is_written_down_and_does_not_end_the_others(records: Records, clock: Clock) -> None:
    assert tried(records, fail(ZeroDivisionError("by zero")), clock) == "failed"
    assert past(records)[0].said == "ZeroDivisionError('by zero')"


def test_work_that_is_asked_to_stop_is_taken_up_again_at_once_and_the_try_is_not_counted(
    records: Records, clock: Clock
) -> None:
    stop = threading.Event()

    def work(run: JobRun) -> str:
        stop.set()
        run.go_on()
        return "never"

    now_due = due(records, clock())
    assert now_due is not None
    done = run_job(records, job(work), now_due, stop=stop, now=clock)
    assert (done and done.state) == "stopped"
    assert due(records, clock()) == Due(NOW, 1, 1)


def test_a_pause_ends_when_the_process_is_to_end(records: Records) -> None:
    stop = threading.Event()

    def wait_an_hour() -> None:
        with holding(records, "pull", stop=stop) as run:
            threading.Timer(0, stop.set).start()
            run.pause(3600)

    with pytest.raises(StoppedError):
        wait_an_hour()


def test_by_hand_a_job_that_is_held_is_refused_and_its_holder_named(records: Records) -> None:
    held = rf"pull is being done by process {os.getpid()} on "
    with holding(records, "pull"), pytest.raises(HeldError, match=held), holding(records, "pull"):
        pytest.fail("two at once")
    assert [run.state for run in past(records)] == ["done"]


def test_a_run_that_another_process_did_meanwhile_is_not_done_twice(records: Records, clock: Clock) -> None:
    seen = due(records, clock())
    assert seen is not None
    assert tried(records, well, clock) == "done"
    assert run_job(records, job(well), seen, stop=threading.Event(), now=clock) is None
    assert len(past(records)) == 1


def test_who_slept_through_its_lease_keeps_nothing_of_its_work(records: Records) -> None:
    late = NOW + timedelta(days=400)

    def sleep_and_work() -> None:
        with holding(records, "pull", now=lambda: NOW) as run:
            assert taken(records, "b", late) is not None  # a process that woke up too late
            with records.session() as session:
                session.add(Workspace(id="work", created_at=NOW))
                run.confirm(session)

    with pytest.raises(LeaseLostError, match="taken over"):
        sleep_and_work()
    with records.session(read_only=True) as session:
        assert session.get(Workspace, "work") is None
        assert holder(session, "default", "pull", late) == "b"


def test_a_lease_is_extended_while_the_work_goes_on(records: Records) -> None:
    looked = threading.Semaphore(0)

    def now() -> datetime:
        looked.release()
        return utc_now()

    with holding(records, "pull", lease_s=0.3, now=now) as run:
        first = until(records)
        while until(records) == first:
            assert looked.acquire(timeout=60)
        run.go_on()


class Breaking:
    """Records that give no session once they are told to, as a pool does that has no connection free."""

    def __init__(self, records: Records, error: Exception) -> None:
        self.workspace = records.workspace
        self.asked, self.broken = threading.Semaphore(0), False
        self._records, self._error = records, error

    def session(self, *, read_only: bool = False) -> AbstractContextManager[Session]:
        if self.broken and threading.current_thread().name.startswith("lease "):
            self.asked.release()
            raise self._error
        return self._records.session(read_only=read_only)


@pytest.mark.parametrize("error", [PoolTimeoutError("no connection is free"), OSError("no file is left")])
def test_a_lease_that_cannot_be_extended_for_whatever_reason_is_lost_when_its_time_is_over(
    records: Records, error: Exception
) -> None:
    breaking = Breaking(records, error)

    def be_away_for_too_long() -> None:
        with holding(cast("Records", breaking), "pull", lease_s=0.3) as run:
            breaking.broken = True
            assert run.lost.wait(timeout=60)
            run.go_on()

    with pytest.raises(LeaseLostError):
        be_away_for_too_long()
    assert breaking.asked.acquire(timeout=0)


def test_a_lease_that_could_not_be_extended_once_is_extended_at_the_next_beat(records: Records) -> None:
    breaking = Breaking(records, PoolTimeoutError("no connection is free"))
    with holding(cast("Records", breaking), "pull", lease_s=3) as run:
        breaking.broken = True
        assert breaking.asked.acquire(timeout=60)
        breaking.broken = False
        before = until(records)
        while until(records) == before:
            assert not run.lost.is_set()
        run.go_on()


def until(records: Records) -> datetime:
    with records.session(read_only=True) as session:
        return session.get_one(JobLease, ("default", "pull")).until


def test_a_process_killed_in_mid_job_is_followed_and_what_it_finished_is_kept(records_url: str) -> None:
    with running(_DO_STEPS, records_url, "60", "first") as one:
        assert line_from(one) == "held"
        tell(one)
        assert line_from(one) == "0"
        records = Records.open(sa.make_url(records_url))
        with pytest.raises(HeldError), holding(records, "pull"):
            pytest.fail("two at once")
        assert due(records, utc_now()) is None
        os.kill(one.pid, signal.SIGKILL)
        one.wait()
    later = utc_now() + timedelta(seconds=61)  # beyond the lease, where nothing tells that it is gone
    again = due(records, later)
    assert again is not None
    assert (again.attempt, again.after) == (2, 1)
    done = run_job(records, job(well), again, stop=threading.Event(), now=lambda: later)
    assert (done and done.state) == "done"
    assert [(run.state, run.attempt) for run in past(records)] == [("done", 2), ("lost", 1)]
    with records.session(read_only=True) as session:
        assert session.get(Workspace, "first-0") is not None
    records.close()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells which processes are beside us")
def test_a_process_that_was_killed_beside_us_is_followed_at_once(records_url: str) -> None:
    with running(_DO_STEPS, records_url, "3600", "first") as one:
        assert line_from(one) == "held"
        os.kill(one.pid, signal.SIGKILL)
        one.wait()
    records = Records.open(sa.make_url(records_url))
    with holding(records, "pull") as run:
        run.said = "followed"
    assert [(run.state, run.said[:8]) for run in past(records)] == [("done", "followed"), ("lost", "Its proc")]
    records.close()


def test_a_holder_on_another_machine_or_from_before_this_boot_is_given_its_time(records: Records) -> None:
    host, process, place, began, mark = new_owner().split(":")
    for other in (("elsewhere", process, place, "1", mark), (host, process, "beforeboot", "1", mark), ("a", "b")):
        assert not is_gone(":".join(other))
    assert not is_gone(f"{host}:{process}:{place}:{began}:{mark}")
    assert taken(records, f"elsewhere:{process}:{place}:1:{mark}") is not None
    assert taken(records, "b", NOW + timedelta(seconds=59)) is None


def test_a_process_that_was_frozen_cannot_keep_work_when_it_wakes_after_another_has_followed(records_url: str) -> None:
    with running(_DO_STEPS, records_url, "60", "first") as frozen:
        assert line_from(frozen) == "held"
        os.kill(frozen.pid, signal.SIGSTOP)
        records = Records.open(sa.make_url(records_url))
        later = utc_now() + timedelta(seconds=120)
        with holding(records, "pull", now=lambda: later):
            os.kill(frozen.pid, signal.SIGCONT)
            tell(frozen)
            assert line_from(frozen) == ""
            assert frozen.wait() != 0
    with records.session(read_only=True) as session:
        assert session.get(Workspace, "first-0") is None
    assert [run.state for run in past(records)] == ["done", "lost"]
    records.close()


def test_two_processes_that_see_the_same_work_due_do_it_once(records_url: str) -> None:
    records = Records.open(sa.make_url(records_url))
    with running(_TAKE_WHEN_TOLD, records_url) as one, running(_TAKE_WHEN_TOLD, records_url) as two:
        assert [line_from(process) for process in (one, two)] == ["ready", "ready"]
        for number in range(10):
            for process in (one, two):
                tell(process, f"{number} {(NOW + timedelta(minutes=30 * number)).isoformat()}")
            assert sorted(line_from(process) for process in (one, two)) == ["done", "held"]
    assert len(past(records)) == 10
    records.close()


def tell(process: subprocess.Popen[str], line: str = "go") -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def test_lanes_run_side_by_side_and_each_one_job_after_the_other(records: Records) -> None:
    stop, met = threading.Event(), threading.Barrier(2, timeout=60)
    order: list[str] = []

    def meet(run: JobRun) -> str:
        met.wait()
        return run.name

    def second(run: JobRun) -> str:
        order.append(run.name)
        stop.set()
        return run.name

    jobs = [
        Job("a1", HALF_HOURLY, meet, lane="a"),
        Job("a2", HALF_HOURLY, second, lane="a"),
        Job("b1", HALF_HOURLY, meet, lane="b"),
    ]
    told: list[str] = []
    late = run_until(
        stop, lambda: [Served(records, lambda: jobs)], tell=lambda done: told.append(done.name), look_s=0.05
    )
    assert (late, sorted(told), order) == ([], ["a1", "a2", "b1"], ["a2"])


def test_jobs_that_cannot_be_read_for_a_moment_end_nothing(records: Records) -> None:
    stop, looks, told = threading.Event(), list[int](), list[Done]()

    def jobs() -> list[Job]:
        looks.append(1)
        if len(looks) == 1:
            raise ConnectionError("the records are away")
        return [Job("pull", HALF_HOURLY, lambda _: "done")]

    def tell(done: Done) -> None:
        told.append(done)
        if done.name == "pull":
            stop.set()

    assert run_until(stop, lambda: [Served(records, jobs)], tell=tell, look_s=0.01) == []
    assert [(done.name, done.state) for done in told] == [("jobs", "failed"), ("pull", "done")]


def test_work_that_does_not_end_in_time_is_told_of(records: Records) -> None:
    stop, free = threading.Event(), threading.Event()

    def stubborn(_: JobRun) -> str:
        stop.set()
        free.wait(60)
        return ""

    late = run_until(
        stop,
        lambda: [Served(records, lambda: [Job("pull", HALF_HOURLY, stubborn)])],
        tell=lambda _: None,
        grace_s=0,
        look_s=0.05,
    )
    free.set()
    assert late == ["lake"]
    for thread in threading.enumerate():
        if thread.name == "lane lake":
            thread.join(60)


def test_old_runs_are_forgotten_but_never_a_jobs_newest(records: Records, clock: Clock) -> None:
    for _ in range(3):
        assert tried(records, well, clock) == "done"
        clock.forward(minutes=30)
    with records.session() as session:
        assert forget_runs(session, "default", clock() + timedelta(days=1)) == 2
    assert len(past(records)) == 1
    assert due(records, NOW + timedelta(minutes=60)) is None


def test_a_lane_whose_jobs_are_gone_ends_and_begins_again_with_them(records: Records) -> None:
    stop, told = threading.Event(), list[str]()
    there = [Job("pull shop", HALF_HOURLY, lambda _: "done", lane="pull shop")]

    def jobs() -> list[Job]:
        names = {thread.name for thread in threading.enumerate()}
        if told and any(name.startswith("lane pull shop") for name in names):
            return []
        if told and there[0].name == "pull shop":
            there[0] = Job("pull again", HALF_HOURLY, lambda _: "done", lane="pull shop")
        return there

    def tell(done: Done) -> None:
        told.append(done.name)
        if done.name == "pull again":
            stop.set()

    assert run_until(stop, lambda: [Served(records, jobs)], tell=tell, look_s=0.01) == []
    assert told == ["pull shop", "pull again"]
