"""Alerts of plans that are watched no more: closed, and people told, since nobody looks whether they are over."""

from collections.abc import Callable, Collection
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from marketmover.kit import counted, utc_now
from marketmover.monitoring.kept.feed import Happened, note
from marketmover.monitoring.kept.keeping import WATCH
from marketmover.monitoring.kept.records import AlertRow

if TYPE_CHECKING:
    from marketmover.monitoring.notices.installation import Installation
    from marketmover.store import Stores

SOURCE = "watch"
_REASON = "The plan that it was found for is watched no more."


def close_ended(
    installation: "Installation", watched: Collection[str], is_own: Callable[[str], bool], said: str = ""
) -> str:
    """Close what was found for plans that a job watched, and does not any more.

    Call it once those that are watched were looked at: what goes on under another plan is theirs by then.

    Args:
        installation: Whose alerts.
        watched: The plans that are watched now, as sources name them (`watch/PLAN`).
        is_own: Whether a plan, so named, is one of the job's.
        said: What the job has done.

    Returns:
        `said`, and how many were closed.
    """
    from marketmover.monitoring.notices.outbox import notify
    from marketmover.monitoring.notices.telling import end_threads

    still = {source_of(plan)[-255:] for plan in watched}

    def is_ended(source: str) -> bool:
        begin, slash, plan = source.partition("/")
        return begin == SOURCE and bool(slash) and is_own(plan) and source not in still

    configuration, now = installation.notices(), utc_now()
    with installation.home() as stores:
        day = last_day(stores) or now.date()
        with stores.records.session() as session:
            own = AlertRow.workspace_id == stores.workspace, AlertRow.state != "resolved"
            rows = [row for row in session.scalars(select(AlertRow).where(*own)) if is_ended(row.source)]
            for row in rows:
                row.state, row.resolved_on = "resolved", day.isoformat()
                note(session, row, Happened("resolved", WATCH, now, _REASON))
            if configuration is not None:
                told = end_threads(session, stores.workspace, is_ended, day, configuration.link)
                notify(session, stores.workspace, told, configuration.routes.values(), now)
    closed = f"{counted(len(rows), 'alert')} closed with {'its plan' if len(rows) == 1 else 'their plans'}"
    return "; ".join(part for part in (said, closed if rows else "") if part)


def source_of(plan: str) -> str:
    """What alerts say that they were found by: the watch of a plan, or of all lines where none is named."""
    return f"{SOURCE}/{plan}" if plan else SOURCE


def last_day(stores: "Stores") -> date | None:
    """The last day that is known of any account."""
    from marketmover.history.pulls.lag import freshness

    with stores.records.session(read_only=True) as session:
        known = freshness(session, stores.workspace, utc_now())
    return max((one.last_day for one in known if one.last_day), default=None)
