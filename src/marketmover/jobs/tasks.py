"""Tasks: long work that a person or a program asks for. Asked for here, done by `run_tasks`, looked at by its id."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, tuple_, update
from sqlalchemy.orm import Session, defer

from marketmover.errors import InputError, NotFoundError, UsageError
from marketmover.jobs.records import JobLease, TaskRow
from marketmover.kit import new_id
from marketmover.store.records import Workspace

STATES = ("queued", "running", "done", "failed", "cancelled")
OPEN = ("queued", "running")
LEASES = "task "  # before a task's id: the name of its lease

_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_MOST_KIND = 64
_ID = 32
_MOST_ARGUMENTS = 1_000_000  # characters of JSON
_MOST_WORDS = 255


@dataclass(frozen=True)
class Task:
    """Long work that somebody asked for, as it stands.

    Attributes:
        id: 32 hexadecimal digits.
        workspace: Whose it is.
        kind: What is done, like `plans.compose`.
        about: What it is done to, in a few words.
        arguments: What it was asked with.
        state: `queued`, `running`, `done`, `failed` or `cancelled`.
        progress: From 0 to 1.
        step: What it is at.
        result: What came of it, where it is done; `None` as well where it was not read.
        error: Why it failed: `title`, `status`, `detail`, `remedy`, and `id` where the log tells more.
        asked_by: A person or a key.
        created_at: When it was asked for.
        started_at: When it began last.
        ended_at: When it was done, failed or cancelled.
        cancel_asked: Whether it is to be cancelled at its next step.
        attempt: How often it began; higher than 1 where its process died.
        sequence: Its place in the feed of changes; `None` until the feed is read.
    """

    id: str
    workspace: str
    kind: str
    about: str
    arguments: Mapping[str, Any] = field(repr=False)
    state: str
    progress: float
    step: str
    result: Mapping[str, Any] | None = field(repr=False)
    error: Mapping[str, Any] | None
    asked_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancel_asked: bool
    attempt: int
    sequence: int | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing becomes of it any more."""
        return self.state not in OPEN

    def shown(self) -> dict[str, Any]:
        """The task as programs are shown it: JSON, without its arguments and its result."""
        return {
            "id": self.id,
            "kind": self.kind,
            "about": self.about,
            "state": self.state,
            "progress": self.progress,
            "step": self.step,
            "error": None if self.error is None else dict(self.error),
            "asked_by": self.asked_by,
            "created_at": self.created_at.isoformat(),
            "started_at": self.started_at and self.started_at.isoformat(),
            "ended_at": self.ended_at and self.ended_at.isoformat(),
            "cancel_asked": self.cancel_asked,
            "attempt": self.attempt,
        }


def submit(
    session: Session,
    workspace: str,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    asked_by: str,
    about: str = "",
    now: datetime,
) -> Task:
    """Ask for long work, in the caller's transaction: it begins once that is committed.

    Args:
        session: Of records.
        workspace: In which it is done.
        kind: The name under which the work is registered.
        arguments: What the work is handed: JSON.
        asked_by: Who asks.
        about: What it is done to, for lists.
        now: The moment.

    Raises:
        InputError: The arguments are not JSON, or are too large: files belong into the store of files.
        ValueError: The kind is no name of work; the program that calls is wrong.
    """
    if len(kind) > _MOST_KIND or not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of task: write it like plans.compose")
    row = TaskRow(
        workspace_id=workspace,
        id=new_id(),
        kind=kind,
        about=clean(about, _MOST_WORDS),
        arguments=json_of(arguments, f"The arguments of {kind}", _MOST_ARGUMENTS),
        state="queued",
        progress=0.0,
        step="",
        result=None,
        error=None,
        asked_by=clean(asked_by, _MOST_WORDS),
        created_at=now,
        due_at=now,
        started_at=None,
        ended_at=None,
        cancel_asked=False,
        attempt=0,
        token=0,
        sequence=None,
    )
    session.add(row)
    session.flush()
    return task_of(row)


def open_task(session: Session, workspace: str, kinds: Collection[str], about: str) -> Task | None:
    """The oldest task of some kinds about one thing that waits or runs, without its arguments.

    In a transaction that may write, nobody else who asks this can ask for such a task before it ends.
    """
    lock = select(Workspace.id).where(Workspace.id == workspace).with_for_update(key_share=True)
    session.execute(lock)
    same = and_(TaskRow.workspace_id == workspace, TaskRow.kind.in_(kinds), TaskRow.about == clean(about, _MOST_WORDS))
    chosen = select(TaskRow).where(same, TaskRow.ended_at.is_(None)).options(*WITHOUT_CONTENT)
    row = session.scalars(chosen.order_by(TaskRow.created_at, TaskRow.id).limit(1)).one_or_none()
    return None if row is None else task_of(row, content=False)


def find_task(session: Session, workspace: str, task_id: str) -> Task:
    """A task by its id, with its result.

    Raises:
        NotFoundError: The workspace has none of this id.
    """
    return task_of(_found(session, workspace, task_id))


def find_by_start(session: Session, workspace: str, start: str) -> Task:
    """A task by its id or by how that begins, as people type it.

    Raises:
        NotFoundError: The workspace has none.
        UsageError: Several begin like this.
    """
    if len(start) >= _ID:
        return find_task(session, workspace, start)
    chosen = select(TaskRow).where(TaskRow.workspace_id == workspace, TaskRow.id.startswith(start, autoescape=True))
    rows = session.scalars(chosen.limit(2)).all()
    if not rows:
        raise _unknown(start)
    if len(rows) > 1:
        raise UsageError(f"Several tasks begin with {start!r}.", "Give more of the id.")
    return task_of(rows[0])


def list_tasks(
    session: Session,
    workspace: str,
    *,
    state: str | None = None,
    kind: str | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[Task]:
    """Tasks, the newest first, without their arguments and results.

    Args:
        session: Of records.
        workspace: Whose.
        state: Only those in this state.
        kind: Only those of this kind, or of all kinds of a room: `plans`.
        before: Only those asked for before another: its `created_at` and `id`.
        limit: At most so many.
    """
    chosen = select(TaskRow).where(TaskRow.workspace_id == workspace).options(*WITHOUT_CONTENT)
    if state is not None:
        chosen = chosen.where(TaskRow.state == state)
    if kind is not None:
        chosen = chosen.where(or_(TaskRow.kind == kind, TaskRow.kind.startswith(f"{kind}.", autoescape=True)))
    if before is not None:
        chosen = chosen.where(tuple_(TaskRow.created_at, TaskRow.id) < tuple_(*before))
    rows = session.scalars(chosen.order_by(TaskRow.created_at.desc(), TaskRow.id.desc()).limit(limit))
    return [task_of(row, content=False) for row in rows]


def ask_to_cancel(session: Session, workspace: str, task_id: str, now: datetime) -> Task:
    """Cancel a task: at once where it waits, at its next step where it runs. What has ended stays as it ended.

    Raises:
        NotFoundError: The workspace has none of this id.
    """
    ours = and_(TaskRow.workspace_id == workspace, TaskRow.id == task_id)
    session.execute(select(TaskRow.id).where(ours).with_for_update())  # nobody takes it up or puts it back meanwhile
    waits = update(TaskRow).where(ours, TaskRow.state == "queued")
    runs = update(TaskRow).where(ours, TaskRow.state == "running")
    ended = {"state": "cancelled", "ended_at": now, "cancel_asked": True, "sequence": None}
    for change in (waits.values(ended), runs.values(cancel_asked=True, sequence=None)):
        session.execute(change.execution_options(synchronize_session=False))
    session.expire_all()
    return find_task(session, workspace, task_id)


def forget_tasks(session: Session, workspace: str, before: datetime) -> int:
    """Delete tasks that ended before a moment; how many they were. None that waits or runs is ever forgotten."""
    old = and_(TaskRow.workspace_id == workspace, TaskRow.ended_at < before)
    names = select(LEASES + TaskRow.id).where(old)
    leases = delete(JobLease).where(JobLease.workspace_id == workspace, JobLease.name.in_(names))
    session.connection().execute(leases)
    return session.connection().execute(delete(TaskRow).where(old)).rowcount


def give_up_open(connection: Connection, now: datetime) -> int:
    """Have all tasks of all workspaces that wait or run fail, where nobody knows what became of them; how many.

    Args:
        connection: Of records that were put back as they were earlier: what was asked for then may be done since.
        now: The moment.
    """
    error = {
        "title": HTTPStatus.CONFLICT.phrase,
        "status": int(HTTPStatus.CONFLICT),
        "detail": "It was under way when the backup was taken that was restored; it may have been done since.",
        "remedy": "Look at what it was to do, and ask for it again where that is not done.",
    }
    left = update(TaskRow).where(TaskRow.state.in_(OPEN))
    return connection.execute(left.values(state="failed", error=error, ended_at=now, sequence=None)).rowcount


WITHOUT_CONTENT = (defer(TaskRow.arguments, raiseload=True), defer(TaskRow.result, raiseload=True))


def task_of(row: TaskRow, *, content: bool = True) -> Task:
    """A row as a task; without its arguments and its result where they were not read."""
    return Task(
        id=row.id,
        workspace=row.workspace_id,
        kind=row.kind,
        about=row.about,
        arguments=row.arguments if content else {},
        state=row.state,
        progress=row.progress,
        step=row.step,
        result=row.result if content else None,
        error=row.error,
        asked_by=row.asked_by,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        cancel_asked=row.cancel_asked,
        attempt=row.attempt,
        sequence=row.sequence,
    )


def clean(words: str, most: int) -> str:
    """Words in one line that every database can keep, cut to a length."""
    line = " ".join(words.replace("\x00", "").encode(errors="replace").decode().split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def json_of(content: Mapping[str, Any], what: str, most: int) -> dict[str, Any]:
    """Content as JSON has it: tuples are lists, keys are strings.

    Raises:
        InputError: It is not JSON, or larger than `most` characters.
    """
    try:
        text = json.dumps(dict(content), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} cannot be kept as JSON: {error}.") from error
    if len(text) > most:
        raise InputError(f"{what} have {len(text):,} characters of JSON; at most {most:,} are kept.", "Name a file.")
    return json.loads(text)


def _found(session: Session, workspace: str, task_id: str) -> TaskRow:
    chosen = select(TaskRow).where(TaskRow.workspace_id == workspace, TaskRow.id == task_id)
    row = session.scalars(chosen).one_or_none()
    if row is None:
        raise _unknown(task_id)
    return row


def _unknown(task_id: str) -> NotFoundError:
    return NotFoundError(f"There is no task {task_id!r}.", "Those that ended are forgotten after a time.")
