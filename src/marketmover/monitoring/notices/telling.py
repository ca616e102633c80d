"""Alerts as notices: what is new, has grown worse, or is over, each told once, one thread an alert."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketmover.monitoring.matching import SAME_AGAIN, key_of, known_as, vanished
from marketmover.monitoring.notices.alerts_file import AlertsFile
from marketmover.monitoring.notices.notice import SEVERITIES, Notice, Severity, Step, one_line
from marketmover.monitoring.notices.records import NoticeThread
from marketmover.monitoring.notices.wording import body_of, facts_of, title_of

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert

_MUCH_WORSE = 2.0  # times the money that was told
_WIDER = 1.5  # times the lines
_CORRECTED = "The platforms have corrected their figures, and those of now no longer show it. There is nothing to do."
_ENDED = (
    "The plan that it was found for has ended, or is watched no more, and no other watch has found it again. Whether "
    "it is over nobody knows: look at the lines if they still run."
)


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
        thread = known_as(alert, threads, seen, found.as_of)
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
    notices += [_over(thread, found.as_of, "Over", _CORRECTED, link) for thread in vanished(threads, seen, found)]
    session.flush()
    return notices


def end_threads(
    session: Session, workspace: str, is_ended: Callable[[str], bool], day: date, link: str = ""
) -> list[Notice]:
    """What is to be told of alerts whose source looks at them no more; it is remembered in the same transaction.

    Args:
        session: Of the transaction that also puts the notices into the outbox.
        workspace: Whose alerts they are.
        is_ended: Whether a source does so.
        day: The last day that is known.
        link: Where more stands.
    """
    chosen = select(NoticeThread).where(NoticeThread.workspace_id == workspace, NoticeThread.resolved_on.is_(None))
    ended = [thread for thread in session.scalars(chosen) if is_ended(thread.source)]
    return [_over(thread, day, "Closed", _ENDED, link) for thread in ended]


def _started(workspace: str, alert: "Alert", found: AlertsFile) -> NoticeThread:
    return NoticeThread(
        workspace_id=workspace,
        key=key_of(alert),
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
    return "resolved" if as_of - date.fromisoformat(alert.resolved_on) <= SAME_AGAIN else None


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


def _over(thread: NoticeThread, day: date, how: str, body: str, link: str) -> Notice:
    thread.resolved_on = day.isoformat()
    thread.times += 1
    return Notice(
        severity=cast("Severity", thread.severity),
        title=one_line(f"{how}: {thread.subject}"),
        body=body,
        link=link,
        key=f"alert/{thread.key}/{thread.times}",
        kind=thread.kind,
        step="resolved",
        thread=f"alert/{thread.key}",
        subject=thread.subject,
    )
