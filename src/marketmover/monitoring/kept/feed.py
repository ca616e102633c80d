"""What happened to alerts, in an order in which nothing is passed over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketmover.monitoring.kept.records import AlertChange, AlertRow
from marketmover.store.records import Workspace


@dataclass(frozen=True)
class Happened:
    """Something that is about to happen to an alert."""

    what: str
    who: str
    at: datetime
    reason: str = ""


def note(session: Session, row: AlertRow, happened: Happened) -> None:
    """Write down what happened, with the alert as it stands afterwards.

    The workspace's row is locked until the transaction ends: so numbers become visible in their order.
    """
    own = select(Workspace.id).where(Workspace.id == row.workspace_id)
    session.execute(own.with_for_update())
    numbers = select(func.max(AlertChange.number)).where(AlertChange.workspace_id == row.workspace_id)
    change = AlertChange(
        workspace_id=row.workspace_id,
        number=1 + (session.scalar(numbers) or 0),
        alert_key=row.key,
        at=happened.at,
        who=happened.who,
        what=happened.what,
        reason=happened.reason,
        state=row.state,
        severity=row.severity,
        worth=row.worth,
    )
    row.changed_at = happened.at
    session.add(change)
    session.flush()


def changes_of(session: Session, workspace: str, key: str) -> list[AlertChange]:
    """What happened to an alert, in order."""
    own = select(AlertChange).where(AlertChange.workspace_id == workspace, AlertChange.alert_key == key)
    return list(session.scalars(own.order_by(AlertChange.number)))


def alert_changes_after(
    session: Session, workspace: str, after: int | None = None, limit: int = 100
) -> tuple[list[dict[str, Any]], int]:
    """What happened to a workspace's alerts after a number, and the number that leads on from there.

    Args:
        session: Of records.
        workspace: Whose.
        after: The last number that was read; `None`: from now on, so that nothing comes but a number.
        limit: At most so many.
    """
    if after is None:
        numbers = select(func.max(AlertChange.number)).where(AlertChange.workspace_id == workspace)
        return [], session.scalar(numbers) or 0
    chosen = select(AlertChange).where(AlertChange.workspace_id == workspace, AlertChange.number > after)
    rows = list(session.scalars(chosen.order_by(AlertChange.number).limit(limit)))
    return [_shown(row) for row in rows], rows[-1].number if rows else after


def _shown(row: AlertChange) -> dict[str, Any]:
    return {
        "number": row.number,
        "alert_id": row.alert_key,
        "what": row.what,
        "who": row.who,
        "at": row.at.isoformat(),
        "state": row.state,
        "severity": row.severity,
        "worth": row.worth,
    }
