"""Reading what is kept of the history: what it is as a whole, its members, its imports and its quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from marketmover.errors import NotFoundError
from marketmover.history.overview.records import HistoryDay, HistoryEntry, HistoryMember, HistoryOverview

Kept = type[HistoryMember] | type[HistoryDay] | type[HistoryEntry]


@dataclass(frozen=True)
class Summary:
    """The history as a whole: `HistoryReport` without its lines and imports, and when it was made."""

    made_at: datetime
    digest: str
    content: Mapping[str, Any]


def holds(table: Kept, workspace: str) -> ColumnElement[bool]:
    """The rows of the generation that holds; in the same statement, so that it cannot change meanwhile."""
    generation = select(HistoryOverview.generation).where(HistoryOverview.workspace_id == workspace).scalar_subquery()
    return and_(table.workspace_id == workspace, table.generation == generation)


def summary(session: Session, workspace: str) -> Summary | None:
    """The history as a whole; `None` before the first import."""
    row = session.get(HistoryOverview, workspace)
    return None if row is None else Summary(row.made_at, row.digest, row.content)


def list_members(
    session: Session,
    workspace: str,
    *,
    level: str | None = None,
    platform: str | None = None,
    campaign_id: str | None = None,
    lines_only: bool = False,
    after: int = -1,
    limit: int = 500,
) -> list[HistoryMember]:
    """Accounts, campaigns and ad groups in the order of their numbers.

    Args:
        session: Of records.
        workspace: Whose.
        level: `account`, `campaign` or `ad_group`.
        platform: Of this platform alone.
        campaign_id: This campaign and what is in it.
        lines_only: Budget lines alone.
        after: The number behind which to begin.
        limit: At most so many.
    """
    chosen = select(HistoryMember).where(holds(HistoryMember, workspace), HistoryMember.number > after)
    if level is not None:
        chosen = chosen.where(HistoryMember.level == level)
    if platform is not None:
        chosen = chosen.where(HistoryMember.platform == platform)
    if campaign_id is not None:
        chosen = chosen.where(HistoryMember.campaign_id == campaign_id)
    if lines_only:
        chosen = chosen.where(HistoryMember.line_id.is_not(None))
    return list(session.scalars(chosen.order_by(HistoryMember.number).limit(limit)))


def member(session: Session, workspace: str, line_id: str) -> HistoryMember:
    """A budget line.

    Raises:
        NotFoundError: There is none of this id.
    """
    chosen = select(HistoryMember).where(holds(HistoryMember, workspace), HistoryMember.line_id == line_id)
    row = session.scalars(chosen.limit(1)).first()
    if row is None:
        raise NotFoundError(f"The history has no line {line_id!r}.", "See /v1/history/lines for those that it has.")
    return row


def entries(
    session: Session,
    workspace: str,
    kind: str,
    *,
    import_id: int | None = None,
    reason: str | None = None,
    after: int | None = None,
    newest_first: bool = False,
    limit: int = 500,
) -> list[HistoryEntry]:
    """Imports (`import`) or rows that could not be used (`quarantine`), by their numbers.

    Args:
        session: Of records.
        workspace: Whose.
        kind: Which.
        import_id: Of this import alone.
        reason: Set aside for this reason alone.
        after: The number behind which to begin, in the order asked for.
        newest_first: The highest numbers first.
        limit: At most so many.
    """
    chosen = select(HistoryEntry).where(holds(HistoryEntry, workspace), HistoryEntry.kind == kind)
    if import_id is not None:
        chosen = chosen.where(HistoryEntry.import_id == import_id)
    if reason is not None:
        chosen = chosen.where(HistoryEntry.reason == reason)
    number = HistoryEntry.number
    if after is not None:
        chosen = chosen.where(number < after if newest_first else number > after)
    return list(session.scalars(chosen.order_by(number.desc() if newest_first else number).limit(limit)))


def doubts(session: Session, workspace: str) -> tuple[int, int]:
    """Days without figures between lines' first and last ones, and odd days, all lines together."""
    counts = select(func.sum(HistoryMember.missing_days), func.sum(HistoryMember.odd_days))
    missing, odd = session.execute(counts.where(holds(HistoryMember, workspace))).one()
    return int(missing or 0), int(odd or 0)
