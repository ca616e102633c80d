"""Sending what is due: claimed, sent, settled, one message after the other, so that a process may die at any moment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from marketmover.errors import PlatformError, SettingsError
from marketmover.kit import stable_hash
from marketmover.monitoring.notices import outbox
from marketmover.monitoring.notices.configuration import Configuration
from marketmover.monitoring.notices.notice import Notifier
from marketmover.monitoring.notices.outbox import Claim
from marketmover.monitoring.notices.routing import Route
from marketmover.store import Records

_FIRST_S, _GROWTH, _MOST_S = 30.0, 4.0, 6 * 3600.0
_LONGEST_ASKED_S = 24 * 3600.0
_JITTER = 0.2


@dataclass
class Delivered:
    """What one pass did.

    Attributes:
        sent, put_off, given_up: Messages that got through, that wait for another try, and that will not be tried again.
        problems: Sentences on what went wrong, once each.
    """

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    problems: list[str] = field(default_factory=list[str])

    def tell(self, problem: str) -> None:
        """Add a problem that is not among them."""
        if problem not in self.problems:
            self.problems.append(problem)


def deliver(
    records: Records,
    configuration: Configuration,
    notifier_of: Callable[[Route], Notifier],
    clock: Callable[[], datetime],
    go_on: Callable[[], object] = lambda: None,
) -> Delivered:
    """Send all that is due. A route that fails is left alone until the next pass.

    The rows of a message are `sending`, and that is committed, before it is sent. If the process dies between then and
    the next commit, nobody knows whether it got through; five minutes later it is sent again under the same id, marked
    as a repeat.

    Args:
        records: The outbox; each step is a transaction of its own.
        configuration: The routes.
        notifier_of: Makes a route's notifier; raises SettingsError where its options cannot be used.
        clock: The present moment.
        go_on: Called between messages; raises where the pass is to end.
    """
    done = Delivered()
    open_routes = dict(configuration.routes)
    with records.session() as session:
        outbox.take_back_lost(session, records.workspace, open_routes.values(), clock())
        if buried := outbox.bury_without_route(
            session, records.workspace, [*open_routes.values()], configuration.place
        ):
            done.given_up += buried
            done.tell(f"Notices of routes that are no longer in {configuration.place} were given up.")
    notifiers = _notifiers(open_routes, notifier_of, done)
    while notifiers:
        go_on()
        routes = [open_routes[name] for name in notifiers]
        with records.session() as session:
            claimed = outbox.claim(session, records.workspace, routes, clock())
        if claimed is None:
            break
        if not _send(records, claimed, open_routes[claimed.route], notifiers[claimed.route], clock, done):
            del notifiers[claimed.route]
    return done


def wait_s(attempt: int, message_id: str, asked_s: float | None = None) -> float:
    """Seconds to wait after a failed try: 30, then four times as long each, at most six hours, give or take a fifth.

    Args:
        attempt: 1 after the first.
        message_id: Spreads the tries of many messages over time, the same way each time.
        asked_s: What the other side asked for; it is waited for at least, up to a day.
    """
    usual = min(_FIRST_S * _GROWTH ** min(attempt - 1, 20), _MOST_S)
    place = int(stable_hash(message_id, str(attempt))[:8], 16) / 0xFFFFFFFF
    return max(usual * (1.0 - _JITTER + 2.0 * _JITTER * place), min(asked_s or 0.0, _LONGEST_ASKED_S))


def _notifiers(
    routes: dict[str, Route], notifier_of: Callable[[Route], Notifier], done: Delivered
) -> dict[str, Notifier]:
    """Those that can be made; of the others it is told what to mend, and what is theirs waits."""
    made: dict[str, Notifier] = {}
    for name, route in routes.items():
        try:
            made[name] = notifier_of(route)
        except SettingsError as error:
            done.tell(str(error))
    return made


def _send(
    records: Records,
    claimed: Claim,
    route: Route,
    notifier: Notifier,
    clock: Callable[[], datetime],
    done: Delivered,
) -> bool:
    """Whether the route may be sent more: it took this message, or refused it for what the message is."""
    try:
        said = notifier.send(claimed.message)
    except PlatformError as error:
        _failed(records, claimed, route, error, clock(), done)
        return error.kind == "refused"
    with records.session() as session:
        outbox.settle(session, claimed, "sent", said, now=clock())
    done.sent += 1
    return True


def _failed(
    records: Records, claimed: Claim, route: Route, error: PlatformError, now: datetime, done: Delivered
) -> None:
    given_up = error.kind == "refused" or claimed.attempts >= route.tries
    due = now + timedelta(seconds=wait_s(claimed.attempts, claimed.message.id, error.wait_s))
    if not all(route.passes(one) for one in claimed.message.notices):
        due = route.disturbing(due)
    with records.session() as session:
        outbox.settle(
            session,
            claimed,
            "dead" if given_up else "waiting",
            str(error),
            now=now,
            due_at=None if given_up else due,
            repeated=error.kind == "unknown",
        )
    done.given_up += given_up
    done.put_off += not given_up
    done.tell(f"{route.name}: {error}")
