"""Who asks: by the key in a request's header, or by its cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketmover.access.api_keys.service import is_unseen, key_opened_by, note_use
from marketmover.access.people.roles import permissions_of
from marketmover.access.people.service import memberships
from marketmover.access.records import PersonRow, SessionRow
from marketmover.access.rules import Rules
from marketmover.access.sessions.service import session_of
from marketmover.access.tokens import csrf_matches
from marketmover.access.workspaces.service import find_workspace, workspaces_of
from marketmover.errors import ForbiddenError, NotFoundError, NoWorkspaceError
from marketmover.web import Caller

_SAFE = {"GET", "HEAD", "OPTIONS"}
_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Entry:
    """Who asks, and whether that they were here is to be written down by `note_entry`."""

    caller: Caller
    row_id: str
    unseen: bool


def authenticate(
    session: Session,
    rules: Rules,
    *,
    authorization: str | None,
    cookie: str | None,
    csrf: str | None,
    method: str,
    workspace: str | None,
    now: datetime,
) -> Entry | None:
    """Who asks; `None` where nobody does, or what was shown does not hold. It reads alone.

    A header goes before the cookie: where it does not hold, the cookie is not looked at. A person works in the
    workspace that the request names, else in the session's, else in the first of theirs.

    Args:
        session: May be read-only.
        rules: How long sessions last.
        authorization: The header `Authorization`: `Bearer mm_...`.
        cookie: The session cookie's value.
        csrf: The header `X-CSRF-Token`: with a cookie, what changes anything needs it.
        method: The request's method.
        workspace: The workspace that the request names.
        now: The present moment.

    Raises:
        ForbiddenError: The CSRF token is missing or wrong.
        NoWorkspaceError: The person belongs nowhere.
        NotFoundError: The workspace that is named is none of the caller's.
    """
    if authorization is not None:
        return _by_key(session, authorization, workspace, now)
    row = session_of(session, cookie, rules, now)
    if row is None or cookie is None:
        return None
    if method.upper() not in _SAFE and not csrf_matches(cookie, csrf):
        raise ForbiddenError(
            "The CSRF token is missing or wrong.", "Send the `csrf` that GET /v1/session tells as X-CSRF-Token."
        )
    return _by_session(session, row, workspace, now)


def note_entry(session: Session, entry: Entry, now: datetime) -> None:
    """Write down that somebody was here: sessions that nobody uses end, and keys show when they were used last."""
    if entry.caller.kind == "key":
        note_use(session, entry.row_id, now)
    else:
        session.execute(update(SessionRow).where(SessionRow.id == entry.row_id).values(seen_at=now))


def _by_key(session: Session, authorization: str, workspace: str | None, now: datetime) -> Entry | None:
    scheme, _, text = authorization.partition(" ")
    found = key_opened_by(session, text.strip(), now) if scheme.lower() == "bearer" else None
    if found is None:
        return None
    row, permissions = found
    if find_workspace(session, row.workspace_id).archived_at is not None:
        return None
    if workspace is not None and workspace != row.workspace_id:
        raise _elsewhere(workspace)
    return Entry(Caller("key", row.id, row.name, row.workspace_id, permissions), row.id, is_unseen(row, now))


def _by_session(session: Session, row: SessionRow, workspace: str | None, now: datetime) -> Entry:
    person = session.get_one(PersonRow, row.person_id)
    roles = memberships(session, person.id)
    mine = [place.id for place in workspaces_of(session, person.id)]
    if workspace is not None and workspace not in mine:
        raise _elsewhere(workspace)
    if not mine:
        raise NoWorkspaceError(f"{person.email} belongs to no workspace.", "Ask an owner of one for an invitation.")
    chosen = workspace or (row.workspace_id if row.workspace_id in mine else mine[0])
    permissions = permissions_of(session, chosen, roles[chosen])
    caller = Caller("person", person.id, person.email, chosen, permissions)
    return Entry(caller, row.id, now - row.seen_at >= _SEEN_EVERY)


def _elsewhere(workspace: str) -> NotFoundError:
    return NotFoundError(f"There is no workspace {workspace[:80]!r}.", "GET /v1/session names those that there are.")
