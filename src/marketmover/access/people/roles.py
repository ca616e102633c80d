"""Roles: those that come with the program, and a workspace's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.access.permissions import ROLES, Asker, check_permissions, check_role_name
from marketmover.access.records import LinkRow, MembershipRow, PersonRow, RoleRow
from marketmover.errors import ConflictError, NotFoundError
from marketmover.kit import counted, did_you_mean


@dataclass(frozen=True)
class Role:
    """A role and what it permits; `own` where the workspace made it."""

    name: str
    permissions: frozenset[str]
    own: bool


def roles_of(session: Session, workspace: str) -> list[Role]:
    """All roles that can be given in a workspace."""
    return [Role(name, permissions, own=False) for name, permissions in ROLES.items()] + [
        Role(name, permissions, own=True) for name, permissions in own_roles(session, workspace).items()
    ]


def own_roles(session: Session, workspace: str) -> dict[str, frozenset[str]]:
    """What a workspace's own roles permit, by name."""
    rows = session.scalars(select(RoleRow).where(RoleRow.workspace_id == workspace).order_by(RoleRow.name))
    return {row.name: frozenset(row.permissions) for row in rows}


def permissions_of(session: Session, workspace: str, role: str) -> frozenset[str]:
    """What a role permits; nothing where it is gone."""
    if role in ROLES:
        return ROLES[role]
    row = session.get(RoleRow, (workspace, role))
    return frozenset() if row is None else frozenset(row.permissions)


def permissions_now(session: Session, workspace: str, person_id: str | None) -> frozenset[str]:
    """What a person may do in a workspace at the moment; nothing where they left it or are disabled."""
    person = None if person_id is None else session.get(PersonRow, person_id)
    member = None if person is None else session.get(MembershipRow, (workspace, person.id))
    if person is None or member is None or person.disabled_at is not None:
        return frozenset()
    return permissions_of(session, workspace, member.role)


def find_role(session: Session, workspace: str, name: str) -> Role:
    """A role by its name.

    Raises:
        NotFoundError: There is none in this workspace.
    """
    there = {role.name: role for role in roles_of(session, workspace)}
    if name not in there:
        raise NotFoundError(f"There is no role {name!r} here.", did_you_mean(name, list(there)))
    return there[name]


def keep_role(
    session: Session, workspace: str, name: str, permissions: Iterable[str], *, by: Asker, now: datetime
) -> Role:
    """Make a role of the workspace's own, or change what it permits, for all who have it.

    Args:
        session: The caller commits.
        workspace: Whose role it is.
        name: What to call it.
        permissions: What it is to permit.
        by: Who asks: neither before nor after may the role permit more than they may do.
        now: The present moment.

    Raises:
        UsageError: The name or a permission cannot be one.
        ForbiddenError: It permits more than who asks may do.
    """
    asked = check_permissions(permissions)
    by.require(asked, f"The role {check_role_name(name)}")
    row = session.get(RoleRow, (workspace, name))
    before = None if row is None else {"permissions": row.permissions}
    if row is None:
        row = RoleRow(workspace_id=workspace, name=name)
        session.add(row)
    else:
        by.require(frozenset(row.permissions), f"The role {name}")
    row.permissions, row.changed_at = sorted(asked), now
    after = {"permissions": row.permissions}
    what = "role.made" if before is None else "role.changed"
    audit.append(session, workspace, who=by.who, what=what, about=f"role {name}", before=before, after=after, at=now)
    return Role(name, asked, own=True)


def remove_role(session: Session, workspace: str, name: str, *, by: Asker, now: datetime) -> None:
    """Remove a role of the workspace's own.

    Raises:
        NotFoundError: There is none.
        ConflictError: Somebody has it, or is invited to it.
        ForbiddenError: It permits more than who asks may do.
        UsageError: It comes with the program.
    """
    row = session.get(RoleRow, (workspace, check_role_name(name)))
    if row is None:
        raise NotFoundError(f"There is no role {name!r} of this workspace's own.")
    by.require(frozenset(row.permissions), f"The role {name}")
    if used := _used(session, workspace, name, now):
        raise ConflictError(f"The role {name} is given to {counted(used, 'person', 'people')}.", "Give them another.")
    session.delete(row)
    session.flush()
    before = {"permissions": row.permissions}
    audit.append(session, workspace, who=by.who, what="role.removed", about=f"role {name}", before=before, at=now)


def _used(session: Session, workspace: str, name: str, now: datetime) -> int:
    members = select(func.count()).where(MembershipRow.workspace_id == workspace, MembershipRow.role == name)
    invited = select(func.count()).where(
        LinkRow.workspace_id == workspace, LinkRow.role == name, LinkRow.used_at.is_(None), LinkRow.expires_at > now
    )
    return (session.scalar(members) or 0) + (session.scalar(invited) or 0)
