"""Tasks and the death of processes that do them: real processes, killed in the middle."""

import os
import signal
import subprocess
from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketmover.jobs import Task, find_task, list_tasks, submit
from marketmover.jobs.records import JobLease
from marketmover.kit import utc_now
from marketmover.store import Records
from programs import line_from, running

# Work of ten steps, each kept in a transaction of its own; it goes on where it was left.
_DO = """
import signal, sys, threading
from sqlalchemy.engine import make_url
from marketmover.jobs import Work, list_tasks, run_tasks, submit
from marketmover.jobs.records import JobLease
from marketmover.kit import utc_now
from marketmover.store import Records

url, me, lease_s = sys.argv[1:]
records, stop = Records.open(make_url(url)), threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())

def ten_steps(run):
    while True:
        with records.session() as session:
            steps = len(list_tasks(session, "default", kind="step"))
            if steps == 10:
                return {"by": me, "of": run.arguments["of"]}
            submit(session, "default", "step", {}, asked_by=me, now=utc_now())
            run.confirm(session)
        print(me, steps, flush=True)
        sys.stdin.readline()
        run.report(steps / 10)

def tell(done):
    print(me, done.state, flush=True)

print("ready", flush=True)
run_tasks(stop, records, {"ten_steps": Work(ten_steps)}, tell=tell, lease_s=float(lease_s))
print("ended", flush=True)
"""


@pytest.fixture
def task(records: Records) -> Task:
    with records.session() as session:
        return submit(session, "default", "ten_steps", {"of": "ten"}, asked_by="ann", now=utc_now())


def standing(records: Records, task: Task) -> Task:
    with records.session(read_only=True) as session:
        return find_task(session, "default", task.id)


def steps(records: Records) -> int:
    with records.session(read_only=True) as session:
        return len(list_tasks(session, "default", kind="step"))


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def do_the_rest(process: subprocess.Popen[str], me: str, first: int) -> None:
    for number in range(first, 10):
        assert line_from(process) == f"{me} {number}"
        go_on(process)
    assert line_from(process) == f"{me} done"
    process.send_signal(signal.SIGTERM)
    assert line_from(process) == "ended"


def test_a_task_whose_process_was_killed_is_done_by_another_and_no_step_is_lost_or_done_twice(
    records: Records, records_url: str, task: Task
) -> None:
    with running(_DO, records_url, "one", "3") as one:
        assert [line_from(one), line_from(one)] == ["ready", "one 0"]
        with running(_DO, records_url, "two", "3") as two:
            assert line_from(two) == "ready"
            go_on(one)
            assert line_from(one) == "one 1"
            assert standing(records, task).attempt == 1  # the other does not begin it as well
            os.kill(one.pid, signal.SIGKILL)
            do_the_rest(two, "two", 2)
    done = standing(records, task)
    assert (done.state, done.attempt, done.result) == ("done", 2, {"by": "two", "of": "ten"})
    assert steps(records) == 10


def test_a_task_whose_only_process_was_killed_goes_on_at_the_next_start(
    records: Records, records_url: str, task: Task
) -> None:
    with running(_DO, records_url, "one", "3") as one:
        assert [line_from(one), line_from(one)] == ["ready", "one 0"]
        os.kill(one.pid, signal.SIGKILL)
    assert standing(records, task).state == "running"
    with running(_DO, records_url, "two", "3") as two:
        assert line_from(two) == "ready"
        do_the_rest(two, "two", 1)
    assert (standing(records, task).state, standing(records, task).attempt) == ("done", 2)


def test_a_process_that_was_frozen_keeps_nothing_once_another_has_followed(
    records: Records, records_url: str, task: Task
) -> None:
    with running(_DO, records_url, "one", "60") as one:
        assert [line_from(one), line_from(one)] == ["ready", "one 0"]
        os.kill(one.pid, signal.SIGSTOP)
        with records.session() as session:  # as time does, that passes for all but the frozen one
            session.execute(sa.update(JobLease).values(until=utc_now() - timedelta(seconds=1)))
        with running(_DO, records_url, "two", "60") as two:
            assert [line_from(two), line_from(two)] == ["ready", "two 1"]
            os.kill(one.pid, signal.SIGCONT)
            go_on(one)
            assert line_from(one) == "one lost"
            assert steps(records) == 2
            go_on(two)
            do_the_rest(two, "two", 2)
    assert standing(records, task).result == {"by": "two", "of": "ten"}


def test_a_process_that_is_asked_to_end_leaves_the_task_to_the_next_and_the_attempt_is_not_counted(
    records: Records, records_url: str, task: Task
) -> None:
    with running(_DO, records_url, "one", "60") as one:
        assert [line_from(one), line_from(one)] == ["ready", "one 0"]
        one.send_signal(signal.SIGTERM)
        done = 1
        go_on(one)
        while (said := line_from(one)) != "one stopped":  # a step may be under way when the signal comes
            assert said == f"one {done}"
            done += 1
            go_on(one)
        assert line_from(one) == "ended"
    assert (standing(records, task).state, standing(records, task).attempt) == ("queued", 0)
    with running(_DO, records_url, "two", "60") as two:
        assert line_from(two) == "ready"
        do_the_rest(two, "two", done)
    assert (standing(records, task).state, standing(records, task).attempt) == ("done", 1)


def test_two_processes_share_what_waits_and_do_nothing_twice(records: Records, records_url: str) -> None:
    with records.session() as session:
        for at in range(10):
            moment = utc_now() - timedelta(minutes=10 - at)
            submit(session, "default", "ten_steps", {"of": "none"}, asked_by="ann", now=moment)
            submit(session, "default", "step", {}, asked_by="ann", now=moment)
    with running(_DO, records_url, "one", "60") as one, running(_DO, records_url, "two", "60") as two:
        while any(not standing(records, task).ended for task in asked(records)):
            pass
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
            assert process.stdout is not None
            assert process.stdout.read().split()[-1] == "ended"
    assert [(task.state, task.attempt) for task in asked(records)] == [("done", 1)] * 10


def asked(records: Records) -> list[Task]:
    with records.session(read_only=True) as session:
        return list_tasks(session, "default", kind="ten_steps")
