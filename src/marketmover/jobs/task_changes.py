"""What changed among a workspace's tasks, in an order in which nothing is passed over.

A change writes no number: it takes the number away. Whoever reads the feed numbers what has none, under a lock, once
the changes are committed. So numbers become visible in their order, a change whose transaction was slow to commit gets
a later number rather than one that readers have passed, and those who change tasks never wait for each other.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketmover.jobs.records import TaskFeed, TaskRow
from marketmover.jobs.tasks import WITHOUT_CONTENT, Task, task_of

if TYPE_CHECKING:
    from marketmover.store import Records

_PASS = 500  # tasks numbered in one transaction


@dataclass(frozen=True)
class Changes:
    """Tasks that changed, each as it stands now, in the order of their last changes; `token` leads on from here."""

    tasks: list[Task]
    token: int


def changes(records: "Records", workspace: str, after: int | None = None, limit: int = 100) -> Changes:
    """What changed after a token, at most `limit`; a task that changed twice comes once.

    Args:
        records: Where tasks are kept.
        workspace: Whose.
        after: The last token that was read; `None`: from now on, so that nothing comes but a token.
        limit: At most so many.
    """
    _number(records, workspace)
    with records.session(read_only=True) as session:
        last = session.scalar(select(TaskFeed.last_sequence).where(TaskFeed.workspace_id == workspace)) or 0
        if after is None or after >= last:
            return Changes([], last)
        chosen = select(TaskRow).where(TaskRow.workspace_id == workspace, TaskRow.sequence > after)
        rows = session.scalars(chosen.options(*WITHOUT_CONTENT).order_by(TaskRow.sequence).limit(limit))
        found = [task_of(row, content=False) for row in rows]
    newest = found[-1].sequence if found else None
    return Changes(found, last if newest is None or (newest < last and len(found) < limit) else newest)


def _number(records: "Records", workspace: str) -> None:
    """Number what changed since."""
    unnumbered = (
        select(TaskRow.id)
        .where(TaskRow.workspace_id == workspace, TaskRow.sequence.is_(None))
        .order_by(TaskRow.created_at, TaskRow.id)
        .limit(_PASS)
    )
    while True:
        with records.session(read_only=True) as session:
            if session.scalars(unnumbered).first() is None:
                return
        with records.session() as session:
            last = _locked_last(session, workspace)
            # one that is just being changed is left: it gets a number once that is committed
            ids = list(session.scalars(unnumbered.with_for_update(skip_locked=True)))
            if not ids:
                return
            numbered = update(TaskRow).where(TaskRow.id == bindparam("its_id")).values(sequence=bindparam("number"))
            places = [{"its_id": its_id, "number": last + place} for place, its_id in enumerate(ids, 1)]
            session.connection().execute(numbered, places)
            feed = update(TaskFeed).where(TaskFeed.workspace_id == workspace)
            session.connection().execute(feed.values(last_sequence=last + len(ids)))


def _locked_last(session: Session, workspace: str) -> int:
    """The last number; nobody else numbers this workspace's changes before the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(TaskFeed).values(workspace_id=workspace, last_sequence=0)
    session.execute(row.on_conflict_do_nothing())
    own = select(TaskFeed.last_sequence).where(TaskFeed.workspace_id == workspace)
    return session.scalars(own.with_for_update()).one()
