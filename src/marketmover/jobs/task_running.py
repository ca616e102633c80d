"""Doing tasks, until told to stop: any number of processes may, and each task is done by one of them at a time."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from marketmover.jobs import task_holding
from marketmover.jobs.hold import beating, words_of
from marketmover.jobs.lanes import LAKE, Turns
from marketmover.jobs.owners import new_owner
from marketmover.jobs.retry import Waits, with_retries
from marketmover.jobs.running import Done
from marketmover.jobs.task_work import Outcome, TaskRun, Work, is_away, outcome_of
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from marketmover.jobs.lease import Lease
    from marketmover.jobs.tasks import Task
    from marketmover.store import Records

LOOK_S = 0.5


def run_tasks(
    stop: threading.Event,
    records: "Records",
    works: Mapping[str, Work],
    *,
    tell: Callable[[Done], None],
    threads: int = 2,
    lake: Turns | None = None,
    lease_s: float = 60.0,
    grace_s: float = 30.0,
) -> list[str]:
    """Do the tasks of all workspaces as they come, until `stop` is set; those of kinds that are not named are left.

    Args:
        stop: Set to end. Tasks under way are asked to end at their next step, and go on at the next start.
        records: Where tasks are kept, of whichever workspace.
        works: How tasks are done, by kind.
        tell: Called with what became of each, from several threads.
        threads: How many tasks that do not need the lake run side by side; of those that do one runs at a time.
        lake: Whose turn it is to use the lake, where others in this process use it as well.
        lease_s: Seconds after which another process may follow one that died.
        grace_s: Seconds that tasks under way have to end.

    Returns:
        Tasks that did not end in time; they are taken up again when their leases have run out.
    """
    runner = _Runner(stop, records, works, tell, lease_s)
    turns = lake or Turns()
    kinds = {lane: [kind for kind, work in works.items() if (work.lane == LAKE) is lane] for lane in (True, False)}
    lanes = [_Lane(runner, kinds[True], 1, turns), _Lane(runner, kinds[False], threads, None)]
    while not stop.is_set():
        runner.told_of_trouble(runner.look)
        for lane in lanes:
            runner.told_of_trouble(lane.look)
        stop.wait(LOOK_S)
    return runner.end(time.monotonic() + grace_s, [thread for lane in lanes for thread in lane.threads])


class _Runner:
    """Does single tasks, and keeps those under way up to date."""

    def __init__(
        self,
        stop: threading.Event,
        records: "Records",
        works: Mapping[str, Work],
        tell: Callable[[Done], None],
        lease_s: float,
    ) -> None:
        self.stop = stop
        self.records = records
        self._works = works
        self._tell = tell
        self._lease_s = lease_s
        self._running: set[TaskRun] = set()
        self._lock = threading.Lock()

    def told_of_trouble(self, act: Callable[[], None]) -> None:
        """Do something that needs the records, and only tell where that goes wrong: it is done again soon."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the records were away: the tasks that run go on
            self._tell(Done("tasks", "failed", words_of(error)))

    def look(self) -> None:
        """Keep how far the tasks under way are, and see which are to be cancelled."""
        running = self._runs()
        news = [(run, run.told) for run in running if run.told != run.kept]
        if news:
            with self.records.session() as session:
                for run, told in news:
                    task_holding.keep_progress(session, run.lease, run.task_id, *told)
            for run, told in news:
                run.kept = told
        if running:
            with self.records.session(read_only=True) as session:
                unwanted = task_holding.to_be_cancelled(session, [run.task_id for run in running])
            for run in running:
                if run.task_id in unwanted:
                    run.cancel()

    def next_of(self, kinds: Sequence[str]) -> "tuple[Lease, Task] | None":
        """Take up the next task of some kinds; `None` where there is none."""
        for place in self.waiting(kinds):
            with self.records.session() as session:
                taken = task_holding.take_up(session, place, new_owner(), utc_now(), self._lease_s)
            if taken is not None and not taken[1].ended:
                return taken
            if taken is not None:
                self._tell_of(taken[1], taken[1].state, (taken[1].error or {}).get("detail", ""))
        return None

    def waiting(self, kinds: Sequence[str]) -> list[task_holding.Place]:
        """Tasks of some kinds that wait."""
        with self.records.session(read_only=True) as session:
            return task_holding.waiting(session, kinds, utc_now())

    def do(self, lease: "Lease", task: "Task") -> None:
        """Do a task that was taken up, and write down what became of it."""
        run, began = TaskRun(lease, task), time.monotonic()
        with self._lock:
            self._running.add(run)
        if self.stop.is_set():
            run.ending.set()
        try:
            with beating(self.records, lease, self._lease_s, run.lost, utc_now):
                outcome = outcome_of(self._works[task.kind], run, utc_now)
                with_retries(lambda: self._keep(outcome, run), waits=_KEEPING, passing=is_away)
        finally:
            with self._lock:
                self._running.remove(run)
        state = "stopped" if outcome.state == "queued" else outcome.state
        self._tell_of(task, state, outcome.words, time.monotonic() - began)

    def end(self, deadline: float, threads: Sequence[threading.Thread]) -> list[str]:
        """Ask the tasks under way to end; those that did not in time."""
        for run in self._runs():
            run.ending.set()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return [f"{run.kind} {run.task_id}" for run in self._runs()]

    def _runs(self) -> list[TaskRun]:
        with self._lock:
            return list(self._running)

    def _keep(self, outcome: Outcome, run: TaskRun) -> None:
        with self.records.session() as session:
            outcome.keep(session, run, utc_now())

    def _tell_of(self, task: "Task", state: str, words: str, seconds: float = 0.0) -> None:
        about = f"task {task.id}{', ' if task.about else ''}{task.about}"
        self._tell(Done(task.kind, state, f"{about}{': ' if words else ''}{words}", task.workspace, seconds))


_KEEPING = Waits(first_s=0.5, most_s=5.0, tries=5)


class _Lane:
    """Tasks of some kinds, in as many threads as may run side by side; a thread ends where nothing waits."""

    def __init__(self, runner: _Runner, kinds: Sequence[str], most: int, turns: Turns | None) -> None:
        self.threads: list[threading.Thread] = []
        self._runner = runner
        self._kinds = kinds
        self._most = most
        self._turns = turns

    def look(self) -> None:
        """Start threads for what waits."""
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        free = self._most - len(self.threads)
        if free <= 0 or not self._kinds:
            return
        for _ in self._runner.waiting(self._kinds)[:free]:
            thread = threading.Thread(target=self._work_off, name="tasks", daemon=True)
            self.threads.append(thread)
            thread.start()

    def _work_off(self) -> None:
        self._runner.told_of_trouble(self._do_all)

    def _do_all(self) -> None:
        while not self._runner.stop.is_set():
            with self._turn() as had:
                taken = self._runner.next_of(self._kinds) if had else None
                if taken is None:
                    return
                self._runner.do(*taken)

    def _turn(self) -> "AbstractContextManager[bool]":
        return nullcontext(True) if self._turns is None else self._turns.taken(self._runner.stop)
