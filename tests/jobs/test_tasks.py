"""Long work that is asked for, on SQLite and on PostgreSQL: what becomes of it, who does it, what is told of it."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from marketmover.errors import InputError, NotFoundError, StoreBusyError
from marketmover.jobs import (
    CancelledError,
    Done,
    Task,
    TaskRun,
    Turns,
    Work,
    ask_to_cancel,
    changes,
    find_task,
    forget_tasks,
    list_tasks,
    open_task,
    run_tasks,
    submit,
    task_holding,
)
from marketmover.jobs.lease import Lease
from marketmover.jobs.owners import new_owner
from marketmover.jobs.records import JobLease
from marketmover.jobs.task_work import outcome_of
from marketmover.kit import utc_now
from marketmover.store import Records
from marketmover.store.records import Workspace

if TYPE_CHECKING:
    from collections.abc import Generator

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
WAIT_S = 60  # for what comes at once; none of it is waited for in a test that passes


def asked(
    records: Records, kind: str = "plans.compose", workspace: str = "default", at: int = 0, **arguments: Any
) -> Task:
    """A task that was asked for `at` seconds after nine thirty."""
    with records.session() as session:
        now = NOW + timedelta(seconds=at)
        return submit(session, workspace, kind, arguments, asked_by="ann@example.com", about="autumn", now=now)


def now_of(records: Records, task: Task) -> Task:
    with records.session(read_only=True) as session:
        return find_task(session, task.workspace, task.id)


def cancelled(records: Records, task: Task) -> Task:
    with records.session() as session:
        return ask_to_cancel(session, task.workspace, task.id, utc_now())


def taken(
    records: Records, kinds: tuple[str, ...] = ("plans.compose",), now: datetime | None = None
) -> tuple[Lease, Task] | None:
    """The next task, taken up as another process would."""
    now = now or utc_now()
    with records.session(read_only=True) as session:
        places = task_holding.waiting(session, kinds, now)
    if not places:
        return None
    with records.session() as session:
        return task_holding.take_up(session, places[0], new_owner(), now, 60)


def order(records: Records, kinds: tuple[str, ...] = ("plans.compose",)) -> list[Task]:
    """All that waits, in the order in which it is taken up."""
    found: list[Task] = []
    while (one := taken(records, kinds)) is not None:
        found.append(one[1])
    return found


def open_workspaces(url: str, *names: str) -> None:
    for name in names:
        Records.open(sa.make_url(url), workspace=name).close()


class Told:
    """What a runner tells; another thread can wait for it."""

    def __init__(self) -> None:
        self.all: list[Done] = []
        self._changed = threading.Condition()

    def __call__(self, done: Done) -> None:
        with self._changed:
            self.all.append(done)
            self._changed.notify_all()

    def wait(self, many: int = 1) -> list[Done]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.all) >= many, WAIT_S), self.all
            return list(self.all)


@contextmanager
def doing(
    records: Records, works: Mapping[str, Work], lake: Turns | None = None
) -> "Generator[tuple[Told, threading.Event]]":
    """A runner beside the block; it has ended after the block."""
    told, stop = Told(), threading.Event()
    runner = threading.Thread(target=run_tasks, args=(stop, records, works), kwargs={"tell": told, "lake": lake})
    runner.start()
    try:
        yield told, stop
    finally:
        stop.set()
        runner.join()


def done_by(do: Callable[[TaskRun], Mapping[str, Any]], lane: str = "free") -> Work:
    return Work(do, lane)


def raising(error: Exception) -> Work:
    def do(_: TaskRun) -> Mapping[str, Any]:
        raise error

    return done_by(do)


def test_a_task_is_done_and_its_result_is_kept(records: Records) -> None:
    task = asked(records, brief="more sales", sums=(1, 2))
    assert (task.state, task.progress, task.attempt) == ("queued", 0.0, 0)
    with doing(records, {"plans.compose": done_by(lambda run: {"plan": "a.json", **run.arguments})}) as (told, _):
        [done] = told.wait()
    assert (done.name, done.state) == ("plans.compose", "done")
    ended = now_of(records, task)
    assert (ended.state, ended.progress, ended.attempt, ended.error) == ("done", 1.0, 1, None)
    assert ended.result == {"plan": "a.json", "brief": "more sales", "sums": [1, 2]}
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert ended.ended_at >= ended.started_at
    with records.session(read_only=True) as session:
        assert session.scalars(sa.select(JobLease)).all() == []


def test_what_was_asked_in_a_transaction_that_failed_was_never_asked(records: Records) -> None:
    def ask_and_fail() -> None:
        with records.session() as session:
            submit(session, "default", "plans.compose", {}, asked_by="ann", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert taken(records) is None


@pytest.mark.parametrize("bad", [{"sum": float("nan")}, {"day": NOW}, {"text": "x" * 1_000_001}])
def test_arguments_that_cannot_be_kept_are_refused(records: Records, bad: dict[str, Any]) -> None:
    with records.session() as session, pytest.raises(InputError, match=r"The arguments of plans\.compose"):
        submit(session, "default", "plans.compose", bad, asked_by="ann", now=NOW)


def test_progress_is_seen_while_it_runs(records: Records) -> None:
    task, seen = asked(records), threading.Event()

    def do(run: TaskRun) -> Mapping[str, Any]:
        run.report(float("nan"))
        run.report(0.25, "fitting\x00 \ud800curves\n" + "x" * 500)
        assert seen.wait(WAIT_S)
        return {}

    with doing(records, {"plans.compose": done_by(do)}):
        while (now := now_of(records, task)).progress != 0.25:
            pass
        seen.set()
    assert now.state == "running"
    assert now.step.startswith("fitting ?curves xxx")
    assert len(now.step) == 255


def test_one_that_waits_is_cancelled_at_once_and_never_begins(records: Records) -> None:
    task = asked(records)
    assert cancelled(records, task).state == "cancelled"
    assert taken(records) is None


def test_one_that_runs_is_cancelled_at_its_next_step(records: Records) -> None:
    task, began = asked(records), threading.Event()

    def do(run: TaskRun) -> Mapping[str, Any]:
        began.set()
        run.pause(WAIT_S)
        return {}

    with doing(records, {"plans.compose": done_by(do)}) as (told, _):
        assert began.wait(WAIT_S)
        asked_to = cancelled(records, task)
        assert (asked_to.state, asked_to.cancel_asked) in {("running", True), ("cancelled", True)}
        assert told.wait()[0].state == "cancelled"
    ended = now_of(records, task)
    assert (ended.state, ended.result, ended.error) == ("cancelled", None, None)
    assert cancelled(records, task) == ended


def test_one_that_got_through_before_it_noticed_is_done(records: Records) -> None:
    task = asked(records)

    def do(_: TaskRun) -> Mapping[str, Any]:
        cancelled(records, task)
        return {"kept": True}

    with doing(records, {"plans.compose": done_by(do)}) as (told, _):
        told.wait()
    assert (now_of(records, task).state, now_of(records, task).result) == ("done", {"kept": True})


def test_an_error_that_a_person_can_mend_is_told_in_words(records: Records) -> None:
    task = asked(records)
    error = InputError("There is no brief at https://a.example/x?token=hidden", "Name another.")
    with doing(records, {"plans.compose": raising(error)}) as (told, _):
        assert told.wait()[0].state == "failed"
    assert now_of(records, task).error == {
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "detail": "There is no brief at https://a.example/x?...",
        "remedy": "Name another.",
    }


def test_a_fault_of_ours_is_masked_and_its_trace_stands_in_the_log(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    task = asked(records)
    with caplog.at_level(logging.ERROR), doing(records, {"plans.compose": raising(KeyError("secret"))}) as (told, _):
        told.wait()
    error = now_of(records, task).error
    assert error is not None
    assert "secret" not in str(error)
    assert "secret" not in told.all[0].said
    [logged] = [record.getMessage() for record in caplog.records]
    assert f"error {error['id']} in task {task.id}" in logged
    assert "KeyError: 'secret'" in logged


@pytest.mark.parametrize("result", [{"at": NOW}, {"share": float("inf")}, {"rows": ["x" * 1_000_001]}])
def test_a_result_that_cannot_be_kept_fails_the_task(records: Records, result: dict[str, Any]) -> None:
    task = asked(records)
    with doing(records, {"plans.compose": done_by(lambda _: result)}) as (told, _):
        told.wait()
    ended = now_of(records, task)
    assert ended.state == "failed"
    assert "The result of plans.compose" in str(ended.error)


def test_a_process_that_is_to_end_puts_its_tasks_back_and_the_attempt_is_not_counted(records: Records) -> None:
    task, began = asked(records), threading.Event()

    def do(run: TaskRun) -> Mapping[str, Any]:
        began.set()
        while True:
            run.report(0.5)
            run.pause(WAIT_S)

    with doing(records, {"plans.compose": done_by(do)}) as (told, stop):
        assert began.wait(WAIT_S)
        stop.set()
        assert told.wait()[0].state == "stopped"
    back = now_of(records, task)
    assert (back.state, back.attempt, back.progress, back.ended_at) == ("queued", 0, 0.0, None)
    with doing(records, {"plans.compose": done_by(lambda _: {})}) as (told, _):
        told.wait()
    assert (now_of(records, task).state, now_of(records, task).attempt) == ("done", 1)


def test_one_that_is_to_be_cancelled_is_not_put_back(records: Records) -> None:
    task = asked(records)
    one = taken(records)
    assert one is not None
    cancelled(records, task)
    with records.session() as session:
        assert task_holding.put_back(session, one[0], task.id, NOW, "It goes on.", counted=False)
    assert (now_of(records, task).state, now_of(records, task).ended_at) == ("cancelled", NOW)


def test_a_store_that_another_process_holds_is_waited_for(records: Records) -> None:
    task = asked(records, at=0)
    one = taken(records, now=NOW)
    assert one is not None
    run = TaskRun(*one)
    busy = raising(StoreBusyError("The lake is open in another process (12).", "Wait."))
    outcome = outcome_of(busy, run, lambda: NOW + timedelta(hours=5))
    with records.session() as session:
        outcome.keep(session, run, NOW)
    back = now_of(records, task)
    assert (back.state, back.attempt) == ("queued", 0)
    assert back.step == "Waiting: The lake is open in another process (12)."
    assert taken(records, now=NOW + timedelta(seconds=9)) is None
    assert taken(records, now=NOW + timedelta(seconds=10)) is not None
    assert outcome_of(busy, run, lambda: NOW + timedelta(hours=7)).state == "failed"


def test_a_task_that_could_not_reach_the_records_begins_again_at_most_three_times(records: Records) -> None:
    task = asked(records)
    for attempt in (1, 2, 3):
        one = taken(records, now=NOW + timedelta(minutes=attempt))
        assert one is not None
        assert one[1].attempt == attempt
        run = TaskRun(*one)
        outcome = outcome_of(raising(PoolTimeoutError("no connection is free")), run, lambda: NOW)
        with records.session() as session:
            outcome.keep(session, run, NOW + timedelta(minutes=attempt))
        assert now_of(records, task).state == "queued"
    assert taken(records, now=NOW + timedelta(minutes=4)) is not None
    assert now_of(records, task).state == "failed"


def test_what_is_held_is_not_taken_until_its_lease_runs_out_and_its_former_holder_writes_nothing(
    records: Records,
) -> None:
    task = asked(records)
    late = utc_now() + timedelta(days=1)
    first = taken(records)
    assert first is not None
    assert taken(records) is None
    second = taken(records, now=late)
    assert second is not None
    assert second[1].attempt == 2
    with records.session() as session:
        task_holding.keep_progress(session, first[0], task.id, 0.9, "the former")
        assert not task_holding.end_task(session, first[0], task.id, "done", late, result={"by": "the former"})
        assert not task_holding.put_back(session, first[0], task.id, late, "", counted=False)
    assert (now_of(records, task).state, now_of(records, task).step) == ("running", "")
    with records.session() as session:
        assert task_holding.put_back(session, second[0], task.id, late, "", counted=False)
    third = taken(records, now=late)
    assert third is not None
    assert third[0].token == 3  # so that the first's and the second's stay those of former holders
    with records.session() as session:
        assert not task_holding.end_task(session, first[0], task.id, "done", late)


def test_a_task_whose_process_died_three_times_fails(records: Records) -> None:
    task = asked(records)
    for day in range(3):
        one = taken(records, now=utc_now() + timedelta(days=day))
        assert one is not None
        assert one[1].attempt == day + 1
    last = taken(records, now=utc_now() + timedelta(days=3))
    assert last is not None
    assert last[1].state == "failed"
    error = now_of(records, task).error
    assert error is not None
    assert error["detail"] == "Its process died, or lost the records, 3 times in the middle of it."
    assert taken(records, now=utc_now() + timedelta(days=4)) is None


def test_one_that_was_to_be_cancelled_when_its_process_died_is_cancelled(records: Records) -> None:
    task = asked(records)
    assert taken(records) is not None
    cancelled(records, task)
    assert taken(records, now=utc_now() + timedelta(days=1)) is not None
    assert now_of(records, task).state == "cancelled"


def test_tasks_are_taken_up_in_their_order_and_workspaces_take_turns(records: Records, records_url: str) -> None:
    open_workspaces(records_url, "acme", "beta")
    busy = [asked(records, at=at) for at in range(3)]
    acme = [asked(records, workspace="acme", at=at) for at in (10, 11)]
    beta = asked(records, workspace="beta", at=20)
    asked(records, kind="plans.publish", at=-5)  # which nobody here does
    found = [task.id for task in order(records)]
    assert found == [busy[0].id, acme[0].id, beta.id, busy[1].id, acme[1].id, busy[2].id]


def test_nobody_works_in_a_workspace_that_was_put_away(records: Records, records_url: str) -> None:
    open_workspaces(records_url, "acme")
    task = asked(records, workspace="acme")
    with records.session() as session:
        session.get_one(Workspace, "acme").archived_at = NOW
    assert taken(records) is None
    with records.session() as session:
        session.get_one(Workspace, "acme").archived_at = None
    assert [one.id for one in order(records)] == [task.id]


def test_other_kinds_of_work_do_not_cost_a_workspace_its_turn(records: Records, records_url: str) -> None:
    open_workspaces(records_url, "acme")
    first, second = asked(records, at=0), asked(records, at=1)
    other = asked(records, workspace="acme", at=2)
    assert [task.id for task in order(records)[:1]] == [first.id]
    del second
    asked(records, kind="history.import", workspace="acme", at=3)
    assert len(order(records, ("history.import",))) == 1
    assert other.id not in {task.id for task in order(records)}


def test_of_many_that_reach_for_a_task_at_once_one_gets_it(records: Records) -> None:
    asked(records)
    start, got = threading.Barrier(6), list[Task]()

    def reach() -> None:
        start.wait()
        if one := taken(records):
            got.append(one[1])

    threads = [threading.Thread(target=reach) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [task.attempt for task in got] == [1]


def test_who_asks_whether_the_same_is_under_way_keeps_others_from_asking_for_it_meanwhile(records: Records) -> None:
    found: list[Task | None] = []

    def ask_unless_open() -> None:
        with records.session() as session:
            found.append(open_task(session, "default", ("plans.compose", "plans.tune"), "autumn"))

    with records.session() as session:
        assert open_task(session, "default", ("plans.compose",), "autumn") is None
        task = submit(session, "default", "plans.tune", {}, asked_by="ann", about="autumn", now=NOW)
        other = threading.Thread(target=ask_unless_open)
        other.start()
        other.join(0.3)
        assert found == []
    other.join(WAIT_S)
    assert [one and one.id for one in found] == [task.id]
    with records.session() as session:
        assert open_task(session, "default", ("plans.compose",), "autumn") is None
        assert open_task(session, "default", ("plans.tune",), "winter") is None
    cancelled(records, task)
    with records.session() as session:
        assert open_task(session, "default", ("plans.tune",), "autumn") is None


def test_a_cancel_holds_though_the_task_is_put_back_in_the_same_instant(records: Records) -> None:
    task = asked(records)
    held = taken(records)
    assert held is not None
    put_back = threading.Thread(target=_put_back, args=(records, held[0], task))

    def meanwhile(_: object, __: object, statement: str, *rest: object) -> None:
        del rest
        if "tasks" in statement and not put_back.ident:
            put_back.start()
            put_back.join(0.5)

    with records.session() as session:
        session.connection()
        event.listen(records.engine, "after_cursor_execute", meanwhile)
        ask_to_cancel(session, "default", task.id, NOW)
    event.remove(records.engine, "after_cursor_execute", meanwhile)
    put_back.join(WAIT_S)
    assert now_of(records, task).state == "cancelled"


def _put_back(records: Records, lease: Lease, task: Task) -> None:
    with records.session() as session:
        task_holding.put_back(session, lease, task.id, NOW, "", counted=False)


def test_works_that_use_the_lake_run_one_at_a_time_and_others_beside_them(records: Records) -> None:
    for kind in ("history.import", "plans.tune", "models.compare", "monitoring.watch"):
        asked(records, kind)
    lake, both = threading.Lock(), threading.Barrier(2, timeout=WAIT_S)

    def alone(_: TaskRun) -> Mapping[str, Any]:
        assert lake.acquire(blocking=False)
        both.wait()  # with one of the free ones
        lake.release()
        return {}

    def beside(_: TaskRun) -> Mapping[str, Any]:
        both.wait()
        return {}

    works = {
        "history.import": Work(alone),
        "plans.tune": Work(alone),
        "models.compare": done_by(beside),
        "monitoring.watch": done_by(beside),
    }
    with doing(records, works) as (told, _):
        assert [done.state for done in told.wait(4)] == ["done"] * 4


def test_others_who_use_the_lake_have_their_turn_between_tasks(records: Records) -> None:
    turns, stop, order = Turns(), threading.Event(), list[str]()
    for at in range(2):
        asked(records, at=at)
    waits = threading.Thread(target=lambda: use(turns, stop, order))

    def do(_: TaskRun) -> Mapping[str, Any]:
        order.append("task")
        if not waits.ident:
            waits.start()
            while not turns.waiting:
                pass
        return {}

    with doing(records, {"plans.compose": Work(do)}, turns) as (told, _):
        told.wait(2)
    waits.join()
    assert order == ["task", "other", "task"]


def use(turns: Turns, stop: threading.Event, order: list[str]) -> None:
    with turns.taken(stop) as had:
        assert had
        order.append("other")


def test_who_waits_for_the_lake_stops_when_told_to() -> None:
    turns, stop = Turns(), threading.Event()
    with turns.taken(stop) as had:
        assert had
        stop.set()
        with turns.taken(stop) as second:
            assert not second


def test_a_workspace_sees_its_own_tasks_alone(records: Records, records_url: str) -> None:
    open_workspaces(records_url, "acme")
    task = asked(records)
    with records.session() as session:
        for act in (lambda: find_task(session, "acme", task.id), lambda: ask_to_cancel(session, "acme", task.id, NOW)):
            with pytest.raises(NotFoundError):
                act()
        assert list_tasks(session, "acme") == []
    assert changes(records, "acme", 0).tasks == []
    assert now_of(records, task).state == "queued"


def test_tasks_are_listed_newest_first_by_state_kind_and_page(records: Records) -> None:
    there = [
        asked(records, kind, at=at // 2) for at, kind in enumerate(["plans.compose", "plans.tune", "plans_x", "pull"])
    ]
    cancelled(records, there[1])
    with records.session(read_only=True) as session:
        everything = list_tasks(session, "default")
        assert sorted(task.id for task in everything) == sorted(task.id for task in there)
        assert [task.created_at for task in everything] == sorted((t.created_at for t in there), reverse=True)
        assert {task.id for task in list_tasks(session, "default", kind="plans")} == {there[0].id, there[1].id}
        assert [task.id for task in list_tasks(session, "default", state="cancelled")] == [there[1].id]
        pages, before = list[Task](), None
        while page := list_tasks(session, "default", before=before, limit=1):
            pages += page
            before = page[-1].created_at, page[-1].id
        assert pages == everything


def test_old_ones_that_ended_are_forgotten_with_their_leases(records: Records) -> None:
    old, waits = asked(records), asked(records, "plans.tune")
    one = taken(records)
    assert one is not None
    with records.session() as session:
        task_holding.put_back(session, one[0], old.id, NOW, "", counted=False)
        ask_to_cancel(session, "default", old.id, NOW)
    with records.session() as session:
        assert forget_tasks(session, "default", NOW) == 0
        assert forget_tasks(session, "default", NOW + timedelta(seconds=1)) == 1
        assert session.scalars(sa.select(JobLease)).all() == []
    assert now_of(records, waits).state == "queued"


def test_changes_come_in_order_once_for_each_task_as_it_stands(records: Records) -> None:
    begun = changes(records, "default").token
    first, second = asked(records, at=0), asked(records, at=1)
    seen = changes(records, "default", begun)
    assert [task.id for task in seen.tasks] == [first.id, second.id]
    assert changes(records, "default", seen.token).tasks == []
    cancelled(records, first)
    later = changes(records, "default", seen.token)
    assert [(task.id, task.state) for task in later.tasks] == [(first.id, "cancelled")]
    assert [task.id for task in changes(records, "default", begun).tasks] == [second.id, first.id]
    assert changes(records, "default", later.token + 1_000).token == later.token  # a token of a home that is gone


def test_changes_come_by_pages_without_gaps(records: Records) -> None:
    there = [asked(records, at=at) for at in range(5)]
    found, token = list[str](), 0
    while page := changes(records, "default", token, limit=2).tasks:
        found += [task.id for task in page]
        assert page[-1].sequence is not None
        token = changes(records, "default", token, limit=2).token
    assert found == [task.id for task in there]


def test_a_change_that_is_committed_late_is_not_passed_over(postgres_url: str) -> None:
    records = Records.open(sa.make_url(postgres_url))
    with records.session() as slow:
        early = submit(slow, "default", "plans.compose", {}, asked_by="ann", now=NOW)
        late = asked(records, at=5)
        seen = changes(records, "default", 0)
        assert [task.id for task in seen.tasks] == [late.id]
    assert [task.id for task in changes(records, "default", seen.token).tasks] == [early.id]
    with records.session() as slow:
        ask_to_cancel(slow, "default", late.id, NOW)
        token = changes(records, "default", seen.token).token  # neither waits for it nor passes it over
    assert [task.state for task in changes(records, "default", token).tasks] == ["cancelled"]
    records.close()


def test_a_program_is_shown_a_task_as_json_without_what_it_was_asked_with(records: Records) -> None:
    shown = asked(records, brief="hidden").shown()
    assert (shown["kind"], shown["state"], shown["asked_by"]) == ("plans.compose", "queued", "ann@example.com")
    assert "hidden" not in str(shown)


def test_work_that_catches_everything_ends_all_the_same_once_it_was_cancelled(records: Records) -> None:
    one = asked(records) and taken(records)
    assert one is not None
    run = TaskRun(*one)
    run.cancel()
    for act in (run.go_on, lambda: run.report(0.5), lambda: run.pause(WAIT_S)):
        with pytest.raises(CancelledError):
            act()
