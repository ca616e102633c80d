"""Bringing in what a watch found: new alerts, those that go on, and those that are over."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketmover.monitoring.kept.feed import Happened, note
from marketmover.monitoring.kept.records import AlertRow
from marketmover.monitoring.matching import key_of, known_as, vanished
from marketmover.monitoring.notices.alerts_file import AlertsFile, alerts_of
from marketmover.monitoring.notices.notice import SEVERITIES, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketmover.monitoring.alerts import Alert

WATCH = "watch"
"""Who finds alerts."""

_MUCH_WORSE = 2.0  # times the money


@dataclass
class KeptCount:
    """How many alerts are new, worse, back, or over since the last watch, and how many there are."""

    found: int = 0
    worse: int = 0
    back: int = 0
    resolved: int = 0
    alerts: int = 0


def keep_alerts(
    session: Session, workspace: str, found: "Mapping[str, Any]", *, source: str, plan_id: str = "", now: datetime
) -> KeptCount:
    """Keep what a watch found. The same again changes nothing.

    An alert is known again as notices know it (`monitoring.matching`). What people said of it stays until it grows
    worse or comes back. One that the same source no longer finds is over.

    Args:
        session: Of the transaction that it is kept in.
        workspace: Whose.
        found: `WatchReport.to_json()`.
        source: What was watched, like `watch` or `plan ID`.
        plan_id: The plan that was watched; empty for none.
        now: The moment.
    """
    file = alerts_of(found, "the alerts", source)
    evidence = _evidence_of(found)
    known = list(session.scalars(select(AlertRow).where(AlertRow.workspace_id == workspace)))
    count, seen = KeptCount(alerts=len(file.alerts)), set[str]()
    for alert in file.alerts:
        row = known_as(alert, known, seen, file.as_of)
        if row is None:
            row = _new(workspace, alert, now)
            session.add(row)
            what = "found"
        else:
            what = _what_became(alert, row)
        seen.add(row.key)
        _bring_up(row, alert, file, plan_id or row.plan_id)
        row.evidence = evidence.get(_name(alert.model_dump()), [])
        _say(session, row, what, now, count)
    for row in vanished(known, seen, file):
        row.state, row.resolved_on = "resolved", file.as_of.isoformat()
        _say(session, row, "resolved", now, count)
    session.flush()
    return count


def _evidence_of(found: "Mapping[str, Any]") -> dict[str, list[dict[str, Any]]]:
    return {_name(one): one.get("evidence") or [] for one in found.get("alerts", ())}


def _name(alert: "Mapping[str, Any]") -> str:
    of = ("platform", "kind", "metric", "direction", "detected_on", "line_ids")
    return "|".join(str(alert.get(part)) for part in of)


def _new(workspace: str, alert: "Alert", now: datetime) -> AlertRow:
    return AlertRow(
        workspace_id=workspace,
        key=key_of(alert),
        source="",
        plan_id="",
        state="open",
        resolved_on=None,
        worth=0.0,
        reason="",
        found_at=now,
        changed_at=now,
    )


def _bring_up(row: AlertRow, alert: "Alert", file: AlertsFile, plan_id: str) -> None:
    """The alert as it stands now."""
    row.source, row.plan_id = file.source[-255:], plan_id
    row.platform, row.kind, row.metric = alert.platform, alert.kind, alert.metric
    row.direction, row.severity, row.line_ids = alert.direction, alert.severity, list(alert.line_ids)
    row.detected_on, row.updated_on, row.resolved_on = alert.detected_on, alert.updated_on, alert.resolved_on
    row.currency, row.simulated = file.currency, file.simulated
    row.worth = _worth(alert)
    row.content = alert.model_dump(mode="json", exclude={"evidence"})
    if alert.resolved_on is not None:
        row.state = "resolved"


def _worth(alert: "Alert") -> float:
    return max(alert.money_at_risk, alert.money_lost)


def _what_became(alert: "Alert", row: AlertRow) -> str:
    """What the watch says of an alert that is known: `resolved`, `back`, `worse`, or nothing."""
    if alert.resolved_on is not None:
        return "resolved" if row.state != "resolved" else ""
    if row.state == "resolved":
        return "back"
    graver = SEVERITIES.index(alert.severity) > SEVERITIES.index(cast("Severity", row.severity))
    return "worse" if graver or (row.worth > 0 and _worth(alert) >= _MUCH_WORSE * row.worth) else ""


def _say(session: Session, row: AlertRow, what: str, now: datetime, count: KeptCount) -> None:
    if not what:
        return
    if what in {"back", "worse"}:  # what was said of it was said of less
        row.state, row.snoozed_until, row.handled_by, row.handled_at, row.reason = "open", None, None, None, ""
    session.flush()
    note(session, row, Happened(what, WATCH, now))
    setattr(count, what, getattr(count, what) + 1)
