"""What people do with alerts: acknowledge, put off, open again. Each needs a reason, and is kept with it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketmover.errors import ConflictError, UsageError
from marketmover.kit import LineId
from marketmover.monitoring.kept.feed import Happened, note
from marketmover.monitoring.kept.reading import find_alert
from marketmover.monitoring.kept.records import AlertChange, AlertRow


def acknowledge(session: Session, workspace: str, key: str, *, who: str, reason: str, now: datetime) -> AlertRow:
    """Say that an alert is seen to; it counts no more until it grows worse or comes back.

    Raises:
        NotFoundError: There is none of this id.
        ConflictError: It is over.
    """
    row = _current(session, workspace, key)
    row.state, row.snoozed_until = "acknowledged", None
    return _handled(session, row, Happened("acknowledged", who, now, reason))


def snooze(
    session: Session, workspace: str, key: str, *, until: datetime, who: str, reason: str, now: datetime
) -> AlertRow:
    """Put an alert off until a moment, unless it grows worse before.

    Raises:
        NotFoundError: There is none of this id.
        ConflictError: It is over.
        UsageError: The moment has passed.
    """
    if until <= now:
        raise UsageError(f"{until.isoformat()} has passed.", "Put it off until a later moment.")
    row = _current(session, workspace, key)
    row.state, row.snoozed_until = "open", until
    return _handled(session, row, Happened("snoozed", who, now, reason))


def reopen(session: Session, workspace: str, key: str, *, who: str, reason: str, now: datetime) -> AlertRow:
    """Take back that an alert was seen to, or put off.

    Raises:
        NotFoundError: There is none of this id.
        ConflictError: It is over.
    """
    row = _current(session, workspace, key)
    row.state, row.snoozed_until = "open", None
    return _handled(session, row, Happened("reopened", who, now, reason))


def _current(session: Session, workspace: str, key: str) -> AlertRow:
    row = find_alert(session, workspace, key)
    if row.state == "resolved":
        raise ConflictError(f"The alert {key} is over since {row.resolved_on}.", "There is nothing to do.")
    return row


def _handled(session: Session, row: AlertRow, happened: Happened) -> AlertRow:
    row.handled_by, row.handled_at, row.reason = happened.who, happened.at, happened.reason
    session.flush()
    note(session, row, happened)
    return row


def forget_alerts(session: Session, workspace: str, platform: str, campaigns: Collection[str]) -> int:
    """Delete the alerts that are of these campaigns alone, and what happened to them; how many they were."""
    ids = set(campaigns)
    rows = session.scalars(select(AlertRow).where(AlertRow.workspace_id == workspace, AlertRow.platform == platform))
    gone = [row.key for row in rows if row.line_ids and {_campaign(line) for line in row.line_ids} <= ids]
    for table, column in ((AlertChange, AlertChange.alert_key), (AlertRow, AlertRow.key)):
        session.execute(delete(table).where(table.workspace_id == workspace, column.in_(gone)))
    return len(gone)


def _campaign(line: str) -> str:
    """The campaign in a line's id; nothing in what is none, as other programs may write."""
    try:
        return LineId.parse(line).campaign_id
    except ValueError:
        return ""
