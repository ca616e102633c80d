"""`/v1/workspaces`: the clients of an agency."""

from datetime import datetime
from typing import Annotated

from fastapi import status
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from marketmover.access.browsers import require_person
from marketmover.access.forms import Form, WorkspaceName
from marketmover.access.people.roles import permissions_of
from marketmover.access.people.service import join, memberships
from marketmover.access.permissions import OWNER
from marketmover.access.records import PersonRow
from marketmover.access.workspaces.service import (
    Place,
    archive_workspace,
    create_workspace,
    find_workspace,
    rename_workspace,
    workspaces_of,
)
from marketmover.errors import ConflictError, NotFoundError
from marketmover.kit import utc_now
from marketmover.web import Desk, Name, Page, needs, room_router

router = room_router("/workspaces", "Workspaces")
_NEEDED = "workspaces:write"


class WorkspaceAnswer(BaseModel):
    """A workspace."""

    id: str
    title: str
    created_at: datetime
    archived_at: datetime | None
    may_change: bool = Field(description="Whether whoever asks may rename and archive it.")


class CreateWorkspace(Form):
    """A workspace to make."""

    id: WorkspaceName
    title: Name | None = Field(default=None, examples=["Shop North"])


class ChangeWorkspace(Form):
    """What is to change."""

    title: Name | None = None
    archived: bool | None = Field(default=None, description="Archived: nobody sees it, no key opens it.")


@router.get("", summary="List workspaces", operation_id="list_workspaces")
def list_workspaces(desk: Annotated[Desk, needs(None)]) -> Page[WorkspaceAnswer]:
    """Those of the person who asks, archived ones too where they own them; a key's own."""
    with desk.session(read_only=True) as session:
        shown = [_shown(place, may_change=_NEEDED in held) for place, held in _seen(session, desk)]
        return Page[WorkspaceAnswer](items=shown, next=None)


@router.get("/{workspace_id}", summary="Read a workspace", operation_id="read_workspace")
def read_workspace(workspace_id: WorkspaceName, desk: Annotated[Desk, needs(None)]) -> WorkspaceAnswer:
    """One of those."""
    with desk.session(read_only=True) as session:
        for place, held in _seen(session, desk):
            if place.id == workspace_id:
                return _shown(place, may_change=_NEEDED in held)
    raise NotFoundError(f"There is no workspace {workspace_id!r}.")


@router.post("", status_code=status.HTTP_201_CREATED, summary="Make a workspace", operation_id="create_workspace")
def make_workspace(asked: CreateWorkspace, desk: Annotated[Desk, needs(_NEEDED)]) -> WorkspaceAnswer:
    """Who makes it owns it."""
    caller, now = require_person(desk.caller), utc_now()
    with desk.session() as session:
        place = create_workspace(session, asked.id, asked.title or "", who=caller.who, now=now)
        join(session, place.id, session.get_one(PersonRow, caller.id), OWNER, who=caller.who, now=now)
        desk.audit(session, "workspace.created", f"workspace {place.id}")
    return _shown(place)


@router.patch("/{workspace_id}", summary="Rename or archive a workspace", operation_id="change_workspace")
def change_workspace(
    workspace_id: WorkspaceName, asked: ChangeWorkspace, desk: Annotated[Desk, needs(_NEEDED)]
) -> WorkspaceAnswer:
    """Nothing in it is deleted; an archived one can be brought back."""
    now, who = utc_now(), desk.caller.who
    with desk.session() as session:
        _require_held(session, desk, workspace_id)
        place = find_workspace(session, workspace_id)
        if asked.title is not None:
            place = rename_workspace(session, workspace_id, asked.title, who=who, now=now)
        if asked.archived:
            _require_another(session, desk, workspace_id)
        if asked.archived is not None:
            place = archive_workspace(session, workspace_id, archived=asked.archived, who=who, now=now)
    return _shown(place)


def _seen(session: Session, desk: Desk) -> list[tuple[Place, frozenset[str]]]:
    if desk.caller.kind == "key":
        return [(find_workspace(session, desk.workspace), desk.caller.permissions)]
    held = _held(session, desk.caller.id)
    mine = workspaces_of(session, desk.caller.id, archived=True)
    return [(place, held[place.id]) for place in mine if place.archived_at is None or _NEEDED in held[place.id]]


def _held(session: Session, person: str) -> dict[str, frozenset[str]]:
    return {place: permissions_of(session, place, role) for place, role in memberships(session, person).items()}


def _require_held(session: Session, desk: Desk, workspace: str) -> None:
    if workspace == desk.workspace:
        return
    held = _held(session, desk.caller.id) if desk.caller.kind == "person" else {}
    if _NEEDED not in held.get(workspace, frozenset()):
        raise NotFoundError(f"There is no workspace {workspace!r} that you may change.")


def _require_another(session: Session, desk: Desk, workspace: str) -> None:
    mine = {place.id for place in workspaces_of(session, desk.caller.id)} if desk.caller.kind == "person" else {""}
    if mine == {workspace}:
        raise ConflictError(
            f"{workspace} is the only workspace that you belong to.", "Make another first, or you could not come back."
        )


def _shown(place: Place, *, may_change: bool = True) -> WorkspaceAnswer:
    return WorkspaceAnswer(
        id=place.id,
        title=place.title,
        created_at=place.created_at,
        archived_at=place.archived_at,
        may_change=may_change,
    )
