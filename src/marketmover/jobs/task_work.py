"""Work that tasks are done by: what it is handed, and what becomes of the task when it ends."""

import logging
import math
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from marketmover.errors import MarketmoverError, StoreBusyError
from marketmover.jobs import task_holding
from marketmover.jobs.hold import JobRun, LeaseLostError, StoppedError, hide_asked
from marketmover.jobs.lanes import LAKE
from marketmover.jobs.lease import Lease
from marketmover.jobs.runs import Due
from marketmover.jobs.tasks import Task, clean, json_of
from marketmover.kit import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LOG = logging.getLogger(__name__)
_MOST_STEP = 255
_MOST_RESULT = 1_000_000  # characters of JSON
_BUSY_WAIT_S, _AWAY_WAIT_S = 10.0, 5.0
_BUSY_FOR = timedelta(hours=6)


class CancelledError(MarketmoverError):
    """Work was cancelled by who asked for it."""


class TaskRun(JobRun):
    """What a task's work is handed: its arguments, and how it tells how far it is and learns that it must end.

    Attributes:
        task_id: The task's.
        kind: What is to be done.
        workspace: In which.
        arguments: What it was asked with.
        asked_by: Who asked.
    """

    def __init__(self, lease: Lease, task: Task) -> None:
        self.ending = threading.Event()  # as `stop` to whatever the work calls: it is set by a cancel, too
        super().__init__(lease, Due(task.created_at, task.attempt), self.ending)
        self.task_id = task.id
        self.kind = task.kind
        self.workspace = task.workspace
        self.arguments = task.arguments
        self.asked_by = task.asked_by
        self.created_at = task.created_at
        self.cancelled = threading.Event()
        self.told: tuple[float, str] = (0.0, "")
        self.kept: tuple[float, str] = self.told

    @property
    def lease(self) -> Lease:
        """Under which it runs."""
        return self._lease

    def report(self, share: float, step: str = "") -> None:
        """Tell how far it is; call as often as you like between steps, it is written down every half second.

        Args:
            share: From 0 to 1.
            step: What it is at.

        Raises:
            CancelledError: Who asked for it does not want it any more.
            StoppedError: The process is to end.
            LeaseLostError: Another process has the task now.
        """
        self.told = min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0, clean(step, _MOST_STEP)
        self.go_on()

    def go_on(self) -> None:
        """Call between steps, where work can be left and taken up again; raises as `report` does."""
        if self.cancelled.is_set() and not self.lost.is_set():
            raise CancelledError(f"The {self.name} was cancelled.")
        super().go_on()

    def cancel(self) -> None:
        """Have it end at its next step, for good."""
        self.cancelled.set()
        self.ending.set()


@dataclass(frozen=True)
class Work:
    """How tasks of a kind are done.

    Attributes:
        do: Does it, and returns its result: JSON, up to a million characters; what is larger goes into files. It may be
            cut off anywhere and run again, so a repeat must do no harm.
        lane: `lake` where it opens the lake: such works run one at a time in a process. `free`: side by side.
    """

    do: Callable[[TaskRun], Mapping[str, Any]]
    lane: str = LAKE


@dataclass(frozen=True)
class Outcome:
    """What becomes of a task after its work.

    Attributes:
        state: `done`, `failed` or `cancelled`; `queued`: it is put back; `lost`: another has it.
        words: In a line.
        result: What came of it.
        error: Why it failed.
        wait_s: Where it is put back: seconds before which nobody takes it up.
        counted: Where it is put back: whether the attempt counts.
    """

    state: str
    words: str = ""
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    wait_s: float = 0.0
    counted: bool = False

    def keep(self, session: "Session", run: TaskRun, now: datetime) -> None:
        """Write it down, unless another has the task by now."""
        if self.state == "lost":
            return
        if self.state == "queued":
            task_holding.put_back(
                session, run.lease, run.task_id, now, self.words, wait_s=self.wait_s, counted=self.counted
            )
            return
        task_holding.end_task(session, run.lease, run.task_id, self.state, now, result=self.result, error=self.error)


def outcome_of(work: Work, run: TaskRun, now: Callable[[], datetime]) -> Outcome:
    """Do the work, whatever comes of it."""
    try:
        result = json_of(work.do(run), f"The result of {run.kind}", _MOST_RESULT)
    except Exception as error:  # noqa: BLE001 - one task's fault must not end the others; it is kept with the task
        return _outcome_of(error, run, now())
    return Outcome("done", result=result)


def _outcome_of(error: Exception, run: TaskRun, now: datetime) -> Outcome:
    if isinstance(error, LeaseLostError):
        return Outcome("lost", "Another process has it.")
    if isinstance(error, StoppedError | CancelledError):
        return Outcome("cancelled") if run.cancelled.is_set() else Outcome("queued", "It goes on at the next start.")
    if isinstance(error, StoreBusyError) and now - run.created_at < _BUSY_FOR:
        return Outcome("queued", clean(f"Waiting: {error.message}", _MOST_STEP), wait_s=_BUSY_WAIT_S)
    if is_away(error):
        _logged(error, run)
        words = "The records could not be reached; it begins again."
        return Outcome("queued", words, wait_s=_AWAY_WAIT_S, counted=True)
    told = told_of(error, run)
    return Outcome("failed", str(told["detail"]), error=told)


def is_away(error: Exception) -> bool:
    """Whether the records were away or busy, or had no connection free."""
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.exc import TimeoutError as PoolTimeoutError

    return isinstance(error, OperationalError | PoolTimeoutError)


def told_of(error: Exception, run: TaskRun) -> dict[str, Any]:
    """What is told of an error: ours in words, any other by an id alone, under which the log has its trace."""
    if isinstance(error, MarketmoverError):
        return {
            "title": HTTPStatus(error.status).phrase,
            "status": error.status,
            "detail": hide_asked(error.message),
            "remedy": error.remedy,
        }
    error_id = _logged(error, run)
    return {
        "title": HTTPStatus(500).phrase,
        "status": 500,
        "detail": f"Something went wrong inside marketmover (error {error_id}).",
        "remedy": "This is our fault, not yours. Please report it with what the server's log says under that id.",
        "id": error_id,
    }


def _logged(error: Exception, run: TaskRun) -> str:
    """Write an error's trace to the log; the id under which it stands there."""
    error_id = new_id()[:12]
    trace = hide_asked("".join(traceback.format_exception(error)))
    _LOG.error("error %s in task %s (%s) of workspace %s\n%s", error_id, run.task_id, run.kind, run.workspace, trace)
    return error_id
