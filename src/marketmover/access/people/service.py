"""People: who they are, where they belong and as what. The last owner of a workspace stays."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.access.people.roles import find_role, permissions_of
from marketmover.access.permissions import OWNER, Asker
from marketmover.access.records import KeyRow, MembershipRow, PersonRow, SessionRow, TotpRow
from marketmover.access.workspaces.service import lock_workspace
from marketmover.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from marketmover.kit import did_you_mean, new_id
from marketmover.web import Caller

_EMAIL = re.compile(r"[^\s@,;<>\"()\\]{1,64}@[^\s@,;<>\"()\\.]+(\.[^\s@,;<>\"()\\.]+)*")
_MOST_EMAIL = 254


@dataclass(frozen=True)
class Member:
    """A person in a workspace: who, as what, since when; `totp` where codes of an app are asked for as well."""

    id: str
    email: str
    name: str
    role: str
    since: datetime
    disabled: bool
    totp: bool

    @property
    def about(self) -> str:
        """What the log calls it."""
        return f"person {self.email}"


def normal_email(text: str) -> str:
    """An e-mail as it is kept: lower case, so that `Ana@Example.com` and `ana@example.com` are one person's.

    Raises:
        UsageError: It is none.
    """
    email = unicodedata.normalize("NFC", text.strip()).lower()
    if len(email) > _MOST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise UsageError(f"{text[:80]!r} is no e-mail address.", "Write it as ana@example.com.")
    return email


def add_person(session: Session, email: str, name: str, now: datetime) -> PersonRow:
    """Somebody new, who belongs nowhere yet and has no password.

    Raises:
        UsageError: The e-mail is none.
        ConflictError: There is a person of that e-mail.
    """
    if person_by_email(session, email) is not None:
        raise ConflictError(f"{normal_email(email)} has an account already.", "Sign in with it.")
    person = PersonRow(id=new_id(), email=normal_email(email), name=name.strip()[:255], password=None, created_at=now)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:  # another request was a moment earlier
        raise ConflictError(f"{person.email} has an account already.", "Sign in with it.") from error
    return person


def person_by_email(session: Session, email: str) -> PersonRow | None:
    """Who has this e-mail, in whichever workspaces."""
    return session.scalar(select(PersonRow).where(PersonRow.email == normal_email(email)))


def members(session: Session, workspace: str, *, after: str = "", most: int = 1_000_000) -> list[Member]:
    """Who belongs to a workspace, by e-mail, from `after` on."""
    chosen = (
        select(PersonRow, MembershipRow, TotpRow.confirmed_at)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(TotpRow, TotpRow.person_id == PersonRow.id)
        .where(MembershipRow.workspace_id == workspace, PersonRow.email > after)
        .order_by(PersonRow.email)
        .limit(most)
    )
    return [
        Member(
            person.id,
            person.email,
            person.name,
            belongs.role,
            belongs.since,
            person.disabled_at is not None,
            confirmed is not None,
        )
        for person, belongs, confirmed in session.execute(chosen)
    ]


def find_member(session: Session, workspace: str, person: str) -> Member:
    """A member by id or e-mail.

    Raises:
        NotFoundError: No such person belongs to this workspace, whoever may belong to others.
    """
    there = members(session, workspace)
    for member in there:
        if person in {member.id, member.email} or person.strip().lower() == member.email:
            return member
    raise NotFoundError(
        f"Nobody {person[:80]!r} belongs to workspace {workspace}.", did_you_mean(person, [one.email for one in there])
    )


def join(session: Session, workspace: str, person: PersonRow, role: str, *, who: str, now: datetime) -> None:
    """Let a person into a workspace.

    Raises:
        NotFoundError: There is no such role.
        ConflictError: They belong to it already.
    """
    find_role(session, workspace, role)
    if session.get(MembershipRow, (workspace, person.id)) is not None:
        raise ConflictError(f"{person.email} belongs to workspace {workspace} already.")
    session.add(MembershipRow(workspace_id=workspace, person_id=person.id, role=role, since=now))
    session.flush()
    _audit(session, workspace, who, "person.joined", f"person {person.email}", now, after={"role": role})


def give_role(session: Session, workspace: str, person: str, role: str, *, by: Asker, now: datetime) -> Member:
    """Give a member another role.

    Args:
        session: The caller commits.
        workspace: Where.
        person: The member's id.
        role: The new role.
        by: Who asks: neither the former nor the new role may permit more than they may do.
        now: The present moment.

    Raises:
        NotFoundError: There is no such member or role.
        ForbiddenError: One of the roles permits more than who asks may do.
        ConflictError: They are the last owner.
    """
    lock_workspace(session, workspace)
    member = find_member(session, workspace, person)
    by.require(permissions_of(session, workspace, member.role), f"The role {member.role}")
    by.require(find_role(session, workspace, role).permissions, f"The role {role}")
    if role != OWNER:
        _require_another_owner(session, workspace, member)
    row = session.get_one(MembershipRow, (workspace, member.id))
    before, row.role = {"role": row.role}, role
    session.flush()
    _audit(session, workspace, by.who, "person.role_given", member.about, now, before, {"role": role})
    return find_member(session, workspace, member.id)


def remove_member(session: Session, workspace: str, person: str, *, by: Asker, now: datetime) -> None:
    """Take a person out of a workspace, and revoke the keys that they made there. Elsewhere they stay as they are.

    Raises:
        NotFoundError: There is no such member.
        ForbiddenError: They may do more than who asks.
        ConflictError: They are the last owner.
    """
    lock_workspace(session, workspace)
    member = find_member(session, workspace, person)
    by.require(permissions_of(session, workspace, member.role), f"The role {member.role}")
    _require_another_owner(session, workspace, member)
    session.delete(session.get_one(MembershipRow, (workspace, member.id)))
    session.flush()
    _audit(session, workspace, by.who, "person.removed", member.about, now, {"role": member.role})
    own = update(KeyRow).where(KeyRow.workspace_id == workspace, KeyRow.person_id == member.id)
    gone = own.where(KeyRow.revoked_at.is_(None)).values(revoked_at=now).returning(KeyRow.id, KeyRow.name)
    for key_id, name in session.execute(gone.execution_options(synchronize_session=False)).all():
        _audit(session, workspace, by.who, "key.revoked", f"key {key_id}", now, {"name": name})


def disable_person(session: Session, person: PersonRow, *, disabled: bool, who: str, now: datetime) -> None:
    """Keep a person out of all workspaces, and end their sessions; or let them in again.

    Raises:
        ConflictError: They are the last owner of a workspace.
    """
    for workspace, _ in sorted(memberships(session, person.id).items()):
        lock_workspace(session, workspace)
        if disabled:
            _require_another_owner(session, workspace, find_member(session, workspace, person.id))
        what = "person.disabled" if disabled else "person.enabled"
        _audit(session, workspace, who, what, f"person {person.email}", now)
    person.disabled_at = now if disabled else None
    if disabled:
        end_sessions(session, person.id)


def rename_person(session: Session, person: PersonRow, name: str, now: datetime) -> None:
    """Give a person the name that they choose; the log of each of their workspaces has it."""
    before, person.name = person.name, name.strip() or person.email
    for workspace in sorted(memberships(session, person.id)):
        about = f"person {person.email}"
        _audit(session, workspace, person.email, "person.renamed", about, now, {"name": before}, {"name": person.name})


def end_sessions(session: Session, person_id: str, *, but: str | None = None) -> None:
    """Sign a person out everywhere; `but` names the session that stays."""
    doomed = delete(SessionRow).where(SessionRow.person_id == person_id)
    session.execute(doomed if but is None else doomed.where(SessionRow.id != but))


def memberships(session: Session, person_id: str) -> dict[str, str]:
    """A person's role by workspace, archived ones included."""
    rows = session.scalars(select(MembershipRow).where(MembershipRow.person_id == person_id))
    return {row.workspace_id: row.role for row in rows}


def require_answerable(session: Session, caller: Caller, person_id: str) -> None:
    """See that who asks manages a person wherever that person belongs.

    A password opens all workspaces of a person: whoever could set it by the right of one would enter the others.

    Raises:
        ForbiddenError: They do not.
    """
    own = memberships(session, caller.id) if caller.kind == "person" else {}
    for workspace, role in memberships(session, person_id).items():
        held = permissions_of(session, workspace, own[workspace]) if workspace in own else frozenset[str]()
        held = caller.permissions if workspace == caller.workspace else held
        if not permissions_of(session, workspace, role) | {"people:write"} <= held:
            raise ForbiddenError(
                "You do not manage this person wherever they belong, so you cannot open their account.",
                "An owner of all of their workspaces can, or whoever runs the server.",
            )


def has_owner(session: Session, workspace: str) -> bool:
    """Whether somebody who may sign in owns the workspace."""
    return bool(_owners(session, workspace))


def _owners(session: Session, workspace: str) -> set[str]:
    chosen = (
        select(MembershipRow.person_id)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .where(MembershipRow.workspace_id == workspace, MembershipRow.role == OWNER, PersonRow.disabled_at.is_(None))
    )
    return set(session.scalars(chosen))


def _require_another_owner(session: Session, workspace: str, member: Member) -> None:
    if _owners(session, workspace) == {member.id}:
        raise ConflictError(
            f"{member.email} is the last owner of workspace {workspace}.", "Make somebody else an owner first."
        )


def copy_owners(
    session: Session, source: str, target: str, emails: Sequence[str] | None, *, who: str, now: datetime
) -> list[str]:
    """Make people owners of a new workspace: those who are named, else all who own another. Returns their e-mails.

    Raises:
        NotFoundError: Nobody has an e-mail that is named.
    """
    people = list(session.scalars(select(PersonRow).where(PersonRow.id.in_(_owners(session, source)))))
    if emails:
        found = {email: person_by_email(session, email) for email in emails}
        for email in (email for email, person in found.items() if person is None):
            raise NotFoundError(f"Nobody has the e-mail {email[:80]!r}.", "Invite them: marketmover people invite -h")
        people = [person for person in found.values() if person is not None]
    for person in people:
        join(session, target, person, OWNER, who=who, now=now)
    return sorted(person.email for person in people)


def _audit(
    session: Session,
    workspace: str,
    who: str,
    what: str,
    about: str,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.append(session, workspace, who=who, what=what, about=about, before=before, after=after, at=now)
