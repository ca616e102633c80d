"""Alerts as notices: what is new, has grown worse, or is over, each told once, one thread an alert."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketmover.kit import stable_hash
from marketmover.monitoring.notices.alerts_file import AlertsFile
from marketmover.monitoring.notices.notice import SEVERITIES, Notice, Severity, Step, one_line
from marketmover.monitoring.notices.records import NoticeThread
from marketmover.monitoring.notices.wording import body_of, facts_of, title_of

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert

_SAME_AGAIN = timedelta(days=7)
"""An alert that comes back within so long is the same one, as in `monitor`; one that is over for longer is not told."""

_MUCH_WORSE = 2.0  # times the money that was told
_WIDER = 1.5  # times the lines


def notices_of_alerts(session: Session, workspace: str, found: AlertsFile, link: str = "") -> list[Notice]:
    """What is to be told of alerts, given what was told before; it is remembered in the same transaction.

    An alert is known again by its platform, metric, direction and lines. It is *new* when it is first seen or comes
    back, *worse* when its severity rises, its money doubles or its lines grow by half, and *resolved* when it is over,
    or when a later file of the same source lacks it, since corrected figures no longer show it.

    Args:
        session: Of the transaction that also puts the notices into the outbox.
        workspace: Whose alerts they are.
        found: The alerts as they stand.
        link: Where more stands.
    """
    threads = list(session.scalars(select(NoticeThread).where(NoticeThread.workspace_id == workspace)))
    notices: list[Notice] = []
    seen: set[str] = set()
    for alert in found.alerts:
        thread = _thread_of(alert, threads, seen, found.as_of)
        if thread is None:
            thread = _started(workspace, alert, found)
            session.add(thread)
            step = _first_step(alert, found.as_of)
        else:
            step = _next_step(alert, thread)
        seen.add(thread.key)
        _remember(thread, alert, found.source, told=step is not None)
        if step is not None:
            notices.append(_notice(alert, thread, step, found, link))
    notices += [_taken_back(thread, found, link) for thread in _vanished(threads, seen, found)]
    session.flush()
    return notices


def _thread_of(alert: "Alert", threads: Sequence[NoticeThread], seen: set[str], as_of: date) -> NoticeThread | None:
    """The thread that an alert goes on: the one found on the same day, else one that is open or was of late."""
    lines = set(alert.line_ids)
    kin = [
        one
        for one in threads
        if one.key not in seen
        and (one.platform, one.metric, one.direction) == (alert.platform, alert.metric, alert.direction)
        and (lines & set(one.line_ids) or lines == set(one.line_ids))
    ]
    same_day = [one for one in kin if one.detected_on == alert.detected_on]
    begun = date.fromisoformat(alert.detected_on)
    recent = [
        one
        for one in kin
        if one.resolved_on is None or begun - date.fromisoformat(one.resolved_on) <= _SAME_AGAIN
        if date.fromisoformat(one.detected_on) <= max(begun, as_of)
    ]
    return max(same_day or recent, key=lambda one: (len(lines & set(one.line_ids)), one.detected_on), default=None)


def _started(workspace: str, alert: "Alert", found: AlertsFile) -> NoticeThread:
    of = (alert.platform, alert.metric, alert.direction, alert.detected_on, *sorted(alert.line_ids))
    return NoticeThread(
        workspace_id=workspace,
        key=stable_hash(*of),
        source=found.source[-255:],
        platform=alert.platform,
        metric=alert.metric,
        direction=alert.direction,
        kind=alert.kind,
        line_ids=alert.line_ids,
        detected_on=alert.detected_on,
        updated_on=alert.updated_on,
        resolved_on=None,
        severity=alert.severity,
        money=0.0,
        subject=title_of(alert, "new", found.currency),
        times=0,
    )


def _first_step(alert: "Alert", as_of: date) -> Step | None:
    if alert.resolved_on is None:
        return "new"
    return "resolved" if as_of - date.fromisoformat(alert.resolved_on) <= _SAME_AGAIN else None


def _next_step(alert: "Alert", thread: NoticeThread) -> Step | None:
    if alert.resolved_on is not None:
        return "resolved" if thread.resolved_on is None else None
    if thread.resolved_on is not None:
        return "new"
    graver = SEVERITIES.index(alert.severity) > SEVERITIES.index(cast("Severity", thread.severity))
    dearer = thread.money > 0 and _money(alert) >= _MUCH_WORSE * thread.money
    wider = len(alert.line_ids) >= _WIDER * len(thread.line_ids)
    return "worse" if graver or dearer or wider else None


def _remember(thread: NoticeThread, alert: "Alert", source: str, *, told: bool) -> None:
    """What was told is what the next is measured by; lines and days are as they stand."""
    thread.source, thread.updated_on, thread.resolved_on = source[-255:], alert.updated_on, alert.resolved_on
    if told:
        thread.times += 1
        thread.money, thread.line_ids = _money(alert), alert.line_ids
        thread.severity = max(alert.severity, cast("Severity", thread.severity), key=SEVERITIES.index)


def _money(alert: "Alert") -> float:
    return max(alert.money_at_risk, alert.money_lost)


def _notice(alert: "Alert", thread: NoticeThread, step: Step, found: AlertsFile, link: str) -> Notice:
    title = title_of(alert, step, found.currency)
    return Notice(
        severity=cast("Severity", thread.severity),
        title=title,
        body=body_of(alert, step, found.currency, again=step == "new" and thread.times > 1),
        link=link,
        key=f"alert/{thread.key}/{thread.times}",
        kind=alert.kind,
        step=step,
        thread=f"alert/{thread.key}",
        subject=thread.subject if thread.times > 1 else "",
        facts=facts_of(alert, step, found.currency, simulated=found.simulated),
        money=_money(alert),
    )


def _vanished(threads: Sequence[NoticeThread], seen: set[str], found: AlertsFile) -> Iterator[NoticeThread]:
    """Open threads of the same source that a file which watched their days does not hold any more."""
    for one in threads:
        of_source = one.key not in seen and one.resolved_on is None and one.source == found.source[-255:]
        if not of_source or found.first is None:
            continue
        watched = found.first <= date.fromisoformat(one.detected_on) and one.updated_on <= found.as_of.isoformat()
        if watched:
            yield one


def _taken_back(thread: NoticeThread, found: AlertsFile, link: str) -> Notice:
    thread.resolved_on = found.as_of.isoformat()
    thread.times += 1
    return Notice(
        severity=cast("Severity", thread.severity),
        title=one_line(f"Over: {thread.subject}"),
        body="The platforms have corrected their figures, and those of now no longer show it. There is nothing to do.",
        link=link,
        key=f"alert/{thread.key}/{thread.times}",
        kind=thread.kind,
        step="resolved",
        thread=f"alert/{thread.key}",
        subject=thread.subject,
    )
