"""The outbox's rows: put in, claimed by one process, settled. Each function works in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketmover.kit import new_id, stable_hash
from marketmover.monitoring.notices.notice import SEVERITIES, Message, Notice, Severity, Step
from marketmover.monitoring.notices.records import NoticeDelivery, NoticeRow
from marketmover.monitoring.notices.routing import Gathered, Route

_MOST_KEY = 255
LEASE = timedelta(minutes=5)
"""How long a claim holds: beyond what any transport takes to send or to give up."""


@dataclass(frozen=True)
class Claim:
    """Deliveries that this process alone may send now, as one message."""

    owner: str
    route: str
    message: Message
    attempts: int


def notify(session: Session, workspace: str, notices: Iterable[Notice], routes: Iterable[Route], now: datetime) -> int:
    """Put notices into the outbox, for each route that takes them.

    A key is taken once: the same notice again changes nothing. What waits of the same thread on the same route is
    passed over, since the newer notice tells more.

    Args:
        session: Of the transaction in which the reason for the notices is written.
        workspace: Whose they are.
        notices: What to tell, each with a key.
        routes: All there are.
        now: The present moment.

    Returns:
        How many deliveries were added.
    """
    every = list(routes)
    added = 0
    for notice in notices:
        if not notice.key:
            raise ValueError(f"the notice {notice.title!r} has no key, so it could be told twice")
        row = _inserted(session, workspace, notice, now)
        for route in every if row else ():
            if route.takes(notice):
                _pass_over(session, workspace, notice, route)
                _add(session, workspace, row, notice, route, now)
                added += 1
    return added


def claim(session: Session, workspace: str, routes: Collection[Route], now: datetime) -> Claim | None:
    """Take the next message that is due on one of `routes`; `None` where there is none.

    The rows become `sending`; commit before anything is sent.
    """
    by_name = {route.name: route for route in routes}
    while True:
        first = session.scalars(
            select(NoticeDelivery)
            .where(_waiting(workspace), NoticeDelivery.due_at <= now, NoticeDelivery.route.in_(by_name))
            .order_by(NoticeDelivery.due_at, NoticeDelivery.id)
            .limit(1)
        ).first()
        if first is None:
            return None
        if not _put_off(session, first, by_name[first.route], now):
            return _taken(session, workspace, first, now)


def settle(
    session: Session,
    claimed: Claim,
    state: str,
    said: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    repeated: bool = False,
) -> None:
    """Write what became of a claim; nothing where another process has taken it over meanwhile."""
    values: dict[str, Any] = {"state": state, "said": said, "owner": None, "lease_until": None}
    values |= {"sent_at": now} if state == "sent" else {}
    values |= {"due_at": due_at} if due_at else {}
    values |= {"repeated": True} if repeated else {}
    session.execute(
        update(NoticeDelivery)
        .where(NoticeDelivery.owner == claimed.owner, NoticeDelivery.state == "sending")
        .values(values)
    )


def take_back_lost(session: Session, workspace: str, routes: Iterable[Route], now: datetime) -> int:
    """What a process that died was sending waits again, marked as perhaps sent; given up after the route's tries."""
    lost = and_(
        NoticeDelivery.workspace_id == workspace, NoticeDelivery.state == "sending", NoticeDelivery.lease_until < now
    )
    tries = {route.name: route.tries for route in routes}
    rows = session.scalars(select(NoticeDelivery).where(lost).with_for_update()).all()
    for row in rows:
        given_up = row.attempts >= tries.get(row.route, 1)
        row.state, row.owner, row.lease_until, row.repeated = "dead" if given_up else "waiting", None, None, True
        row.said = "The process that was sending it ended; whether it got through is not known."
    session.flush()
    return len(rows)


def bury_without_route(session: Session, workspace: str, routes: Collection[Route], place: str) -> int:
    """Give up what waits on routes that are no longer there."""
    gone = NoticeDelivery.route.not_in([route.name for route in routes])
    reason = f"Its route is no longer in {place}."
    buried = session.connection().execute(
        update(NoticeDelivery).where(_waiting(workspace), gone).values(state="dead", said=reason)
    )
    return buried.rowcount


def revive(session: Session, workspace: str, now: datetime, route: str | None = None) -> int:
    """What was given up waits again, with all its tries before it."""
    dead = and_(NoticeDelivery.workspace_id == workspace, NoticeDelivery.state == "dead")
    chosen = and_(dead, NoticeDelivery.route == route) if route else dead
    revived = session.connection().execute(
        update(NoticeDelivery).where(chosen).values(state="waiting", attempts=0, due_at=now)
    )
    return revived.rowcount


def latest(session: Session, workspace: str, most: int) -> Sequence[tuple[NoticeDelivery, Notice]]:
    """The last deliveries with their notices, newest first."""
    rows = session.execute(
        select(NoticeDelivery, NoticeRow.content)
        .join(NoticeRow, NoticeRow.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.workspace_id == workspace)
        .order_by(NoticeRow.raised_at.desc(), NoticeRow.id, NoticeDelivery.route)
        .limit(most)
    )
    return [(delivery, notice_of(content)) for delivery, content in rows]


def listed(
    session: Session,
    workspace: str,
    *,
    state: str | None = None,
    route: str | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Deliveries with their notices, the newest first, as JSON values with moments.

    Args:
        session: Of records.
        workspace: Whose.
        state: Those in this state alone.
        route: Those on this route alone.
        after: When its notice was raised and its id, of the delivery behind which to begin.
        limit: At most so many.
    """
    place = (NoticeRow.raised_at, NoticeDelivery.id)
    chosen = (
        select(NoticeDelivery, NoticeRow.content, NoticeRow.raised_at)
        .join(NoticeRow, NoticeRow.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.workspace_id == workspace)
    )
    if state is not None:
        chosen = chosen.where(NoticeDelivery.state == state)
    if route is not None:
        chosen = chosen.where(NoticeDelivery.route == route)
    if after is not None:
        chosen = chosen.where(tuple_(*place) < tuple_(*after))
    rows = session.execute(chosen.order_by(*(column.desc() for column in place)).limit(limit))
    return [_listed(delivery, content, raised_at) for delivery, content, raised_at in rows]


def _listed(delivery: NoticeDelivery, content: Mapping[str, Any], raised_at: datetime) -> dict[str, Any]:
    names = ("id", "route", "state", "due_at", "sent_at", "said")
    own = {name: getattr(delivery, name) for name in names}
    about = {name: content[name] for name in ("title", "severity", "step", "kind")}
    return {**own, **about, "tries": delivery.attempts, "raised_at": raised_at}


def open_notice(session: Session, workspace: str, thread: str) -> Notice | None:
    """The last notice of a thread; `None` where there is none, or the last one said that it is over."""
    chosen = (
        select(NoticeRow.content)
        .where(NoticeRow.workspace_id == workspace, NoticeRow.thread == _fitting(thread))
        .order_by(NoticeRow.raised_at.desc())
        .limit(1)
    )
    content = session.scalars(chosen).first()
    notice = notice_of(content) if content else None
    return notice if notice is not None and notice.step != "resolved" else None


def notice_of(content: dict[str, Any]) -> Notice:
    """A notice as it was put in."""
    return Notice(
        severity=cast("Severity", content["severity"]),
        title=content["title"],
        body=content["body"],
        link=content["link"],
        key=content["key"],
        kind=content["kind"],
        step=cast("Step", content["step"]),
        thread=content["thread"],
        subject=content["subject"],
        facts=tuple((str(name), str(value)) for name, value in content["facts"]),
        money=content["money"],
    )


def _waiting(workspace: str) -> ColumnElement[bool]:
    return and_(NoticeDelivery.workspace_id == workspace, NoticeDelivery.state == "waiting")


def _inserted(session: Session, workspace: str, notice: Notice, now: datetime) -> str:
    """The new row's id; empty where the key is known already."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "id": new_id(),
        "workspace_id": workspace,
        "key": _fitting(notice.key),
        "thread": _fitting(notice.thread),
        "content": notice.to_json(),
        "raised_at": now,
    }
    statement = insert(NoticeRow).values(values).on_conflict_do_nothing().returning(NoticeRow.id)
    return session.execute(statement).scalar() or ""


def _fitting(key: str) -> str:
    return key if len(key) <= _MOST_KEY else stable_hash(key)


def _add(session: Session, workspace: str, row: str, notice: Notice, route: Route, now: datetime) -> None:
    due, gathered = route.due(notice, now)
    delivery = NoticeDelivery(
        id=new_id(),
        workspace_id=workspace,
        notice_id=row,
        route=route.name,
        state="waiting",
        due_at=due,
        gathered=gathered,
        attempts=0,
        repeated=False,
        said="",
    )
    session.add(delivery)
    session.flush()


def _pass_over(session: Session, workspace: str, notice: Notice, route: Route) -> None:
    """Older news of the thread; not those that were put together with others and may have got through with them."""
    if not notice.thread:
        return
    thread = select(NoticeRow.id).where(
        NoticeRow.workspace_id == workspace, NoticeRow.thread == _fitting(notice.thread)
    )
    alone = or_(NoticeDelivery.message_id.is_(None), NoticeDelivery.gathered == "")
    session.execute(
        update(NoticeDelivery)
        .where(_waiting(workspace), NoticeDelivery.route == route.name, NoticeDelivery.notice_id.in_(thread), alone)
        .values(state="passed_over", said="A newer notice tells more.")
        .execution_options(synchronize_session=False)
    )


def _put_off(session: Session, first: NoticeDelivery, route: Route, now: datetime) -> bool:
    """Whether a delivery that came due must wait after all: it was late, and quiet hours have begun."""
    later = route.disturbing(now)
    if later == now or route.passes(_contents(session, [first])[0]):
        return False
    first.due_at, first.gathered = later, first.gathered or ("" if first.message_id else "quiet")
    session.flush()
    return True


def _taken(session: Session, workspace: str, first: NoticeDelivery, now: datetime) -> Claim | None:
    if first.message_id is not None:
        mine = NoticeDelivery.message_id == first.message_id
    elif first.gathered:
        mine = and_(
            NoticeDelivery.route == first.route,
            NoticeDelivery.gathered == first.gathered,
            NoticeDelivery.due_at <= now,
            NoticeDelivery.message_id.is_(None),
        )
    else:
        mine = NoticeDelivery.id == first.id
    owner = new_id()
    values = {"state": "sending", "owner": owner, "lease_until": now + LEASE, "attempts": NoticeDelivery.attempts + 1}
    if first.message_id is None:
        values |= {"message_id": new_id(), "message_at": now}
    session.execute(
        update(NoticeDelivery)
        .where(_waiting(workspace), mine)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    rows = session.scalars(select(NoticeDelivery).where(NoticeDelivery.owner == owner)).all()
    return Claim(owner, rows[0].route, _message(session, rows), max(row.attempts for row in rows)) if rows else None


def _message(session: Session, rows: Sequence[NoticeDelivery]) -> Message:
    notices = sorted(_contents(session, rows), key=lambda one: (-SEVERITIES.index(one.severity), -one.money, one.title))
    head = rows[0]
    return Message(
        id=head.message_id or "",
        notices=tuple(notices),
        at=head.message_at or head.due_at,
        digest=cast("Gathered", head.gathered),
        repeated=any(row.repeated for row in rows),
    )


def _contents(session: Session, rows: Sequence[NoticeDelivery]) -> list[Notice]:
    ids = [row.notice_id for row in rows]
    found = session.scalars(select(NoticeRow.content).where(NoticeRow.id.in_(ids)).order_by(NoticeRow.raised_at))
    return [notice_of(content) for content in found]
