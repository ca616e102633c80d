"""Writing a generation beside the one that holds, then letting it hold; readers are never kept waiting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from marketmover.history.overview.records import HistoryDay, HistoryEntry, HistoryMember, HistoryOverview
from marketmover.kit import new_id

if TYPE_CHECKING:
    from marketmover.store import Records

_AT_ONCE = 5_000
_PARTS = (HistoryMember, HistoryDay, HistoryEntry)


@dataclass
class Made:
    """What is to be kept: rows by column, without workspace and generation."""

    digest: str
    content: dict[str, Any]
    members: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    days: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    entries: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def kept_digest(session: Session, workspace: str) -> str | None:
    """Of which state of the lake what is kept was made."""
    return session.scalar(select(HistoryOverview.digest).where(HistoryOverview.workspace_id == workspace))


def keep(records: "Records", made: Made, now: datetime) -> None:
    """Keep a generation; the ones before, and what a process that died left of others, are gone afterwards."""
    generation = new_id()
    stamp = {"workspace_id": records.workspace, "generation": generation}
    for table, rows in zip(_PARTS, (made.members, made.days, made.entries), strict=True):
        for part in _batches(rows):
            with records.session() as session:
                session.connection().execute(insert(table), [stamp | row for row in part])
    with records.session() as session:
        session.merge(HistoryOverview(**stamp, digest=made.digest, made_at=now, content=made.content))
    _forget_others(records, generation)


def _batches(rows: Sequence[dict[str, Any]]) -> Sequence[Sequence[dict[str, Any]]]:
    return [rows[at : at + _AT_ONCE] for at in range(0, len(rows), _AT_ONCE)]


def _forget_others(records: "Records", generation: str) -> None:
    for table in _PARTS:
        old = delete(table).where(table.workspace_id == records.workspace, table.generation != generation)
        with records.session() as session:
            session.connection().execute(old)
