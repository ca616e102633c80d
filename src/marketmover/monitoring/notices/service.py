"""The room's verbs for commands and jobs: tell a file of alerts, send a test, show the routes and what became of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from marketmover.errors import SettingsError, UsageError
from marketmover.kit import new_id
from marketmover.monitoring.notices import outbox
from marketmover.monitoring.notices.alerts_file import AlertsFile
from marketmover.monitoring.notices.configuration import Configuration
from marketmover.monitoring.notices.notice import Message, Notice, Notifier
from marketmover.monitoring.notices.routing import Route
from marketmover.monitoring.notices.telling import notices_of_alerts
from marketmover.store import Records


def tell_alerts(
    records: Records, configuration: Configuration, found: AlertsFile, now: datetime, link: str = ""
) -> tuple[int, int]:
    """Put what is to be told of alerts into the outbox; nothing is sent yet.

    Returns:
        How many alerts are new, grown worse or over since the last time, and how many deliveries that makes.
    """
    with records.session() as session:
        notices = notices_of_alerts(session, records.workspace, found, link or configuration.link)
        added = outbox.notify(session, records.workspace, notices, configuration.routes.values(), now)
    return len(notices), added


def checked_link(link: str) -> str:
    """A link as it was given.

    Raises:
        UsageError: It is no web address.
    """
    if link and not link.startswith(("https://", "http://")):
        raise UsageError(f"The link {link!r} is no web address.", "Write one that begins with https://")
    return link


def send_test(notifier: Notifier, route: str, now: datetime, link: str = "") -> str:
    """Send a message that says that it is a test, at once and past the outbox; what the other side said.

    Raises:
        PlatformError: It did not get through.
    """
    name = new_id()
    notice = Notice(
        severity="info",
        title=f"A test of the route {route}",
        body="This is what notices of marketmover look like here. Nothing is wrong.",
        link=link,
        key=f"test/{name}",
        kind="test",
        facts=(("What to do", "Nothing: if you can read this, the route works."),),
    )
    return notifier.send(Message(id=name, notices=(notice,), at=now))


def routes_shown(configuration: Configuration, notifier_of: Callable[[Route], Notifier]) -> list[dict[str, Any]]:
    """The routes as people and programs may see them, without secrets, with what is wrong with each."""
    return [_route_shown(route, notifier_of) for route in configuration.routes.values()]


def deliveries_shown(records: Records, most: int) -> list[dict[str, Any]]:
    """The last deliveries, newest first."""
    with records.session(read_only=True) as session:
        return [
            {
                "title": notice.title,
                "severity": notice.severity,
                "step": notice.step,
                "route": row.route,
                "state": row.state,
                "tries": row.attempts,
                "due_at": row.due_at.isoformat() if row.state == "waiting" else None,
                "sent_at": row.sent_at.isoformat() if row.sent_at else None,
                "said": row.said,
            }
            for row, notice in outbox.latest(session, records.workspace, most)
        ]


def _route_shown(route: Route, notifier_of: Callable[[Route], Notifier]) -> dict[str, Any]:
    try:
        leads, wrong = notifier_of(route).shown, ""
    except SettingsError as error:
        leads, wrong = "", str(error)
    return {
        "route": route.name,
        "to": route.to,
        "leads_to": leads,
        "from_severity": route.from_severity,
        "kinds": sorted(route.kinds),
        "steps": sorted(route.steps),
        "quiet": route.quiet.shown if route.quiet else None,
        "digest": route.digest.shown if route.digest else None,
        "critical_passes": route.critical_passes,
        "wrong": wrong,
    }
