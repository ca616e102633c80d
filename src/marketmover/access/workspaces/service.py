"""Workspaces: made, listed, named, archived. What is in one is seen by its members alone."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.access.records import MembershipRow
from marketmover.errors import ConflictError, NotFoundError, UsageError
from marketmover.store.records import Workspace

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Place:
    """A workspace: what commands and the API call it, what people call it, and when it was archived, if it was."""

    id: str
    title: str
    created_at: datetime
    archived_at: datetime | None


def workspaces(session: Session, *, archived: bool = False) -> list[Place]:
    """All workspaces of the installation by id, archived ones too where asked for."""
    chosen = select(Workspace).order_by(Workspace.id)
    if not archived:
        chosen = chosen.where(Workspace.archived_at.is_(None))
    return [_place(row) for row in session.scalars(chosen)]


def workspaces_of(session: Session, person_id: str, *, archived: bool = False) -> list[Place]:
    """The workspaces that a person belongs to, by id."""
    mine = select(MembershipRow.workspace_id).where(MembershipRow.person_id == person_id)
    chosen = select(Workspace).where(Workspace.id.in_(mine)).order_by(Workspace.id)
    if not archived:
        chosen = chosen.where(Workspace.archived_at.is_(None))
    return [_place(row) for row in session.scalars(chosen)]


def find_workspace(session: Session, workspace: str) -> Place:
    """A workspace by its id.

    Raises:
        NotFoundError: There is none.
    """
    return _place(_row(session, workspace))


def find_open(session: Session, workspace: str) -> Place:
    """A workspace by its id that is not archived.

    Raises:
        NotFoundError: There is none.
        ConflictError: It is archived.
    """
    place = find_workspace(session, workspace)
    if place.archived_at is not None:
        raise ConflictError(
            f"The workspace {workspace} is archived.", f"Bring it back: marketmover workspaces restore {workspace}"
        )
    return place


def lock_workspace(session: Session, workspace: str) -> Place:
    """A workspace whose members nobody else changes until this transaction ends.

    Raises:
        NotFoundError: There is none.
    """
    row = session.scalar(select(Workspace).where(Workspace.id == workspace).with_for_update())
    if row is None:
        raise _missing(workspace)
    return _place(row)


def create_workspace(session: Session, workspace: str, title: str, *, who: str, now: datetime) -> Place:
    """Make a workspace. Nobody belongs to it yet.

    Raises:
        UsageError: The id cannot be one.
        ConflictError: There is one of that id, be it archived.
    """
    if not _ID.fullmatch(workspace):
        raise UsageError(
            f"{workspace!r} cannot name a workspace.",
            "Use 1 to 64 lower case letters, digits, - and _, beginning with a letter or digit.",
        )
    if session.get(Workspace, workspace) is not None:
        raise ConflictError(f"The name {workspace} is taken by another workspace.", "Choose another.")
    row = Workspace(id=workspace, created_at=now, title=title.strip() or None)
    session.add(row)
    session.flush()
    _audit(session, row, who, "workspace.created", now)
    return _place(row)


def rename_workspace(session: Session, workspace: str, title: str, *, who: str, now: datetime) -> Place:
    """Give a workspace another title.

    Raises:
        NotFoundError: There is none.
    """
    row = _row(session, workspace)
    before, row.title = {"title": row.title or ""}, title.strip() or None
    _audit(session, row, who, "workspace.renamed", now, before)
    return _place(row)


def archive_workspace(session: Session, workspace: str, *, archived: bool, who: str, now: datetime) -> Place:
    """Archive a workspace, so that nobody sees it and no key opens it, or bring it back. Nothing in it is deleted.

    Raises:
        NotFoundError: There is none.
    """
    row = _row(session, workspace)
    if archived != (row.archived_at is not None):
        row.archived_at = now if archived else None
        _audit(session, row, who, "workspace.archived" if archived else "workspace.restored", now)
    return _place(row)


def _row(session: Session, workspace: str) -> Workspace:
    row = session.get(Workspace, workspace)
    if row is None:
        raise _missing(workspace)
    return row


def _missing(workspace: str) -> NotFoundError:
    return NotFoundError(f"There is no workspace {workspace[:80]!r}.", "See: marketmover workspaces list")


def _audit(
    session: Session, row: Workspace, who: str, what: str, now: datetime, before: dict[str, str] | None = None
) -> None:
    after = {"title": row.title or "", "archived": row.archived_at is not None}
    audit.append(session, row.id, who=who, what=what, about=f"workspace {row.id}", before=before, after=after, at=now)


def _place(row: Workspace) -> Place:
    return Place(row.id, row.title or row.id, row.created_at, row.archived_at)
