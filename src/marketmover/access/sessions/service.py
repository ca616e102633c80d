"""Sessions: who is signed in. A cookie carries the token; here is its hash, and when it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from marketmover.access.records import OidcRow, PersonRow, SessionRow
from marketmover.access.rules import Rules
from marketmover.access.sessions.throttle import forget_failures
from marketmover.access.tokens import new_token, token_hash
from marketmover.access.workspaces.service import workspaces_of
from marketmover.errors import NotFoundError
from marketmover.kit import new_id


@dataclass(frozen=True)
class From:
    """Where a request comes from: its network address, and what its browser calls itself."""

    address: str
    agent: str


def open_session(session: Session, person: PersonRow, way: str, origin: From, rules: Rules, now: datetime) -> str:
    """Sign a person in: always by a token of its own, so that nobody can prepare one for them.

    Args:
        session: The caller commits.
        person: Who has proved to be that person.
        way: How: `password`, `link` or `oidc`.
        origin: Where from.
        rules: How long sessions last.
        now: The present moment.

    Returns:
        The token for the cookie; it is told this once.
    """
    token = new_token()
    mine = workspaces_of(session, person.id)
    session.add(
        SessionRow(
            id=new_id(),
            token_hash=token_hash(token),
            person_id=person.id,
            workspace_id=_last_workspace(session, person.id, [place.id for place in mine]),
            way=way,
            opened_at=now,
            seen_at=now,
            ends_at=now + rules.lasts,
            address=origin.address[:64],
            agent="".join(letter for letter in origin.agent if letter.isprintable())[:255],
        )
    )
    session.flush()
    return token


def session_of(session: Session, token: str | None, rules: Rules, now: datetime) -> SessionRow | None:
    """The session of a cookie's token, if it still holds and its person may sign in."""
    if not token or len(token) > 128:
        return None
    chosen = (
        select(SessionRow)
        .join(PersonRow, PersonRow.id == SessionRow.person_id)
        .where(
            SessionRow.token_hash == token_hash(token),
            SessionRow.ends_at > now,
            SessionRow.seen_at > now - rules.idle,
            PersonRow.disabled_at.is_(None),
        )
    )
    return session.scalar(chosen)


def end_session(session: Session, token: str | None) -> str | None:
    """Sign out: the token opens nothing any more. Returns whose it was."""
    if not token:
        return None
    gone = delete(SessionRow).where(SessionRow.token_hash == token_hash(token)).returning(SessionRow.person_id)
    return session.scalar(gone)


def end_session_of(session: Session, person_id: str, session_id: str) -> None:
    """Sign a person out in one place.

    Raises:
        NotFoundError: They are not signed in there.
    """
    gone = delete(SessionRow).where(SessionRow.id == session_id, SessionRow.person_id == person_id)
    if session.scalar(gone.returning(SessionRow.id)) is None:
        raise NotFoundError("You are not signed in there any more.", "Look at the list again.")


def choose_workspace(session: Session, row: SessionRow, workspace: str) -> None:
    """Work in another workspace from now on.

    Raises:
        NotFoundError: The person does not belong to it.
    """
    if workspace not in {place.id for place in workspaces_of(session, row.person_id)}:
        raise NotFoundError(f"There is no workspace {workspace!r}.", "GET /v1/session names those that there are.")
    row.workspace_id = workspace


def sessions_of(session: Session, person_id: str, rules: Rules, now: datetime) -> list[SessionRow]:
    """Where a person is signed in, the latest first."""
    chosen = (
        select(SessionRow)
        .where(SessionRow.person_id == person_id, SessionRow.ends_at > now, SessionRow.seen_at > now - rules.idle)
        .order_by(SessionRow.opened_at.desc())
    )
    return list(session.scalars(chosen))


def forget_expired(session: Session, rules: Rules, now: datetime) -> None:
    """Forget sessions, sign-ins under way and failures that count no more."""
    session.execute(delete(SessionRow).where(or_(SessionRow.ends_at <= now, SessionRow.seen_at <= now - rules.idle)))
    session.execute(delete(OidcRow).where(OidcRow.expires_at <= now))
    forget_failures(session, now)


def _last_workspace(session: Session, person_id: str, mine: Sequence[str]) -> str | None:
    """Where the person worked last, else the first by name."""
    chosen = (
        select(SessionRow.workspace_id)
        .where(SessionRow.person_id == person_id, SessionRow.workspace_id.in_(mine))
        .order_by(SessionRow.seen_at.desc())
        .limit(1)
    )
    return session.scalar(chosen) or next(iter(mine), None)
