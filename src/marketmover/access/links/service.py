"""One-time links: they let the first owner in, somebody who was invited, or somebody who needs a new password.

The token stands behind `#` in the address, which browsers send to no server, so that no log holds it. A link is good
for once and for a time; the database has its hash alone.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.access.keys import Keys
from marketmover.access.links.makers import may_still
from marketmover.access.people.roles import find_role, permissions_of
from marketmover.access.people.service import add_person, has_owner, join, memberships, normal_email, person_by_email
from marketmover.access.permissions import OWNER, Asker
from marketmover.access.records import LinkRow, PersonRow
from marketmover.access.sessions.passwords import check_password, hashed
from marketmover.access.sessions.service import From
from marketmover.access.sessions.signing_in import Shown, prove, set_password, telling_refused
from marketmover.access.sessions.throttle import forgive
from marketmover.access.sessions.totp import forget_totp, require_second_factor, totp_state
from marketmover.access.tokens import new_token, token_hash
from marketmover.access.workspaces.service import find_workspace, lock_workspace
from marketmover.errors import ConflictError, ForbiddenError, NotFoundError
from marketmover.kit import new_id
from marketmover.store import Records

PATH = "/v1/links/page"
Purpose = Literal["owner", "invitation", "reset"]
_LASTS = {"owner": timedelta(days=1), "invitation": timedelta(days=7), "reset": timedelta(days=1)}
_GONE = "This link was used, was withdrawn, or is too old, or whoever made it may not do so any more."
_ANOTHER = "Ask whoever sent it for another. Where you have a password already, just sign in."


@dataclass(frozen=True)
class Link:
    """A one-time link, without its token.

    Attributes:
        id: Which it is.
        purpose: What it does.
        workspace: Where it leads to.
        email: Whose it is; empty for the first owner's, who says it.
        role: What it makes them; empty where it changes no role.
        known: Whether its e-mail has an account already: then whoever opens it must show that it is theirs.
        made_by: Who made it.
        expires_at: When it ends.
    """

    id: str
    purpose: Purpose
    workspace: str
    email: str
    role: str
    known: bool
    made_by: str
    expires_at: datetime


@dataclass(frozen=True)
class Redeemed:
    """What somebody gives who opens a link."""

    email: str
    name: str
    shown: Shown


def first_link(session: Session, workspace: str, base_url: str, now: datetime) -> str | None:
    """Where a workspace has no owner, the address by which one person becomes it, good for once and for a day.

    Links that were made so before and not used hold no more: the latest alone does.
    """
    if has_owner(session, workspace):
        return None
    former = update(LinkRow).where(LinkRow.workspace_id == workspace, LinkRow.purpose == "owner")
    session.execute(former.where(LinkRow.used_at.is_(None)).values(used_at=now))
    _, token = _make(session, workspace, "owner", now, "first start", role=OWNER)
    return address(base_url, token)


def invite(session: Session, workspace: str, email: str, role: str, *, by: Asker, now: datetime) -> tuple[Link, str]:
    """Invite somebody by e-mail; an earlier invitation of theirs holds no more.

    Args:
        session: The caller commits.
        workspace: Where to.
        email: Whom.
        role: As what.
        by: Who asks: the role may permit no more than they may do.
        now: The present moment.

    Returns:
        The invitation, and its token, told this once.

    Raises:
        ForbiddenError: The role, or that of an earlier invitation, permits more than who asks may do.
        NotFoundError: There is no such role.
        ConflictError: They belong to the workspace already.
    """
    email = normal_email(email)
    by.require(find_role(session, workspace, role).permissions, f"The role {role}")
    person = person_by_email(session, email)
    if person is not None and workspace in memberships(session, person.id):
        raise ConflictError(f"{email} belongs to workspace {workspace} already.")
    for former in invitations(session, workspace, now):
        if former.email == email:
            _require_held(session, former, by)
            _end(session, former.id, now)
    link, token = _make(session, workspace, "invitation", now, by.who, email=email, role=role)
    after = {"role": role, "expires_at": link.expires_at.isoformat()}
    audit.append(session, workspace, who=by.who, what="person.invited", about=f"person {email}", after=after, at=now)
    return link, token


def invitations(session: Session, workspace: str, now: datetime) -> list[Link]:
    """Invitations that are open, by when they were made."""
    chosen = (
        select(LinkRow)
        .where(LinkRow.workspace_id == workspace, LinkRow.purpose == "invitation")
        .where(LinkRow.used_at.is_(None), LinkRow.expires_at > now)
        .order_by(LinkRow.made_at, LinkRow.id)
    )
    return [_link(session, row) for row in session.scalars(chosen)]


def withdraw(session: Session, workspace: str, link_id: str, *, by: Asker, now: datetime) -> None:
    """Withdraw an invitation.

    Raises:
        NotFoundError: None that is open has this id.
        ForbiddenError: Its role permits more than who asks may do.
    """
    open_ones = {link.id: link for link in invitations(session, workspace, now)}
    if link_id not in open_ones:
        raise NotFoundError(f"There is no open invitation {link_id[:80]!r}.")
    link = open_ones[link_id]
    _require_held(session, link, by)
    _end(session, link_id, now)
    about = f"person {link.email}"
    before = {"role": link.role}
    audit.append(session, workspace, who=by.who, what="person.uninvited", about=about, before=before, at=now)


def _require_held(session: Session, link: Link, by: Asker) -> None:
    by.require(permissions_of(session, link.workspace, link.role), f"The role {link.role}")


def reset_link(
    session: Session, workspace: str, person: PersonRow, *, forgets_totp: bool, who: str, now: datetime
) -> tuple[Link, str]:
    """A link by which a person sets a new password; `forgets_totp` turns their second factor off as well.

    Whoever offers this sees to it that who asks manages the person wherever they belong (`require_answerable`).

    Returns:
        The link, and its token, told this once.
    """
    former = update(LinkRow).where(LinkRow.person_id == person.id, LinkRow.used_at.is_(None))
    session.execute(former.values(used_at=now))
    link, token = _make(
        session, workspace, "reset", now, who, email=person.email, person_id=person.id, forgets_totp=forgets_totp
    )
    after = {"second_factor_off": forgets_totp}
    for place in sorted(memberships(session, person.id)):
        about = f"person {person.email}"
        audit.append(session, place, who=who, what="person.link_made", about=about, after=after, at=now)
    return link, token


def look(session: Session, token: str, now: datetime) -> Link:
    """What a link is for.

    Raises:
        NotFoundError: It holds no more, or never did.
    """
    return _link(session, _row(session, token, now))


def redeem(
    records: Records,
    keys: Keys,
    token: str,
    given: Redeemed,
    origin: From,
    now: datetime,
    *,
    signed_in: str | None = None,
) -> tuple[PersonRow, bool]:
    """Use a link up: somebody becomes the owner, joins, or has a new password.

    An e-mail that has an account is believed by that account's password (and code) alone, or by its session. Whoever
    makes invitations sees them, and could else enter accounts of others.

    Args:
        records: Of the installation.
        keys: What opens second factors.
        token: The link's.
        given: Who they say they are, and the password: a new one, or that of their account.
        origin: Where from.
        now: The present moment.
        signed_in: The id of the person whose session the browser has.

    Returns:
        The person, and whether they may be signed in at once: not where a second factor is to be shown first.

    Raises:
        NotFoundError: The link holds no more, or never did.
        ConflictError: Somebody else became the owner meanwhile, or they belong already.
        UsageError: The password cannot be one.
        UnauthenticatedError: The account's password or code is wrong.
        RateLimitError: Too many attempts failed.
    """
    with records.session(read_only=True) as session:
        link = look(session, token, now)
        email = normal_email(link.email or given.email)
        there = person_by_email(session, email)
    shown = Shown(email, given.shown.password, given.shown.code)
    if link.purpose == "reset" or there is None:
        fresh = hashed(check_password(shown.password, email))
        with records.session() as session:
            row = _take(session, token, now)
            person = _renewed(session, keys, row, email, given.name, fresh, now)
            _settle(session, row, person, now)
            return person, not totp_state(session, person.id)[0]
    proven = prove(records, shown, origin, now) if there.id != signed_in else None
    with telling_refused(records, proven, now) if proven else nullcontext(), records.session() as session:
        person = session.get_one(PersonRow, there.id)
        if proven is not None:
            require_second_factor(session, keys, person, shown.code, now)
            forgive(session, email, origin.address)
        _settle(session, _take(session, token, now), person, now)
        return person, True


def address(base_url: str, token: str) -> str:
    """The address of a link."""
    return f"{base_url.rstrip('/')}{PATH}#{token}"


def _renewed(session: Session, keys: Keys, row: LinkRow, email: str, name: str, fresh: str, now: datetime) -> PersonRow:
    """The person of a link, with a new password; somebody new where the link is none of theirs."""
    person = person_by_email(session, email)
    if row.purpose != "reset" and person is not None:
        raise ConflictError(f"{email} has an account by now.", "Open the link again.")
    if person is not None and person.disabled_at is not None:
        raise ForbiddenError(f"The account of {email} is disabled.", "Ask an owner of the workspace.")
    person = person or add_person(session, email, name, now)
    if row.forgets_totp:
        forget_totp(session, keys, person.id)
    set_password(session, person, fresh, who=person.email, now=now)
    return person


def _settle(session: Session, row: LinkRow, person: PersonRow, now: datetime) -> None:
    if row.purpose == "reset":
        return
    lock_workspace(session, row.workspace_id)
    if row.purpose == "owner" and has_owner(session, row.workspace_id):
        raise ConflictError("The workspace has an owner already.", "Ask them for an invitation.")
    join(session, row.workspace_id, person, row.role or "", who=person.email, now=now)


def _make(
    session: Session, workspace: str, purpose: Purpose, now: datetime, made_by: str, **what: Any
) -> tuple[Link, str]:
    token = new_token()
    row = LinkRow(
        id=new_id(),
        workspace_id=workspace,
        token_hash=token_hash(token),
        purpose=purpose,
        made_by=made_by[:255],
        made_at=now,
        expires_at=now + _LASTS[purpose],
        **{"forgets_totp": False, **what},
    )
    session.add(row)
    session.flush()
    return _link(session, row), token


def _row(session: Session, token: str, now: datetime) -> LinkRow:
    chosen = select(LinkRow).where(LinkRow.token_hash == token_hash(token))
    row = session.scalar(chosen.where(LinkRow.used_at.is_(None), LinkRow.expires_at > now))
    archived = row is not None and find_workspace(session, row.workspace_id).archived_at is not None
    if row is None or archived or not may_still(session, row, now):
        raise NotFoundError(_GONE, _ANOTHER)
    return row


def _take(session: Session, token: str, now: datetime) -> LinkRow:
    """Use a link up; of two at once, the database lets one through."""
    row = _row(session, token, now)
    if not _end(session, row.id, now):
        raise NotFoundError(_GONE, _ANOTHER)
    return row


def _end(session: Session, link_id: str, now: datetime) -> bool:
    used = update(LinkRow).where(LinkRow.id == link_id, LinkRow.used_at.is_(None)).values(used_at=now)
    return session.scalar(used.returning(LinkRow.id)) is not None


def _link(session: Session, row: LinkRow) -> Link:
    known = row.purpose != "reset" and row.email is not None and person_by_email(session, row.email) is not None
    purpose = cast("Purpose", row.purpose)
    return Link(row.id, purpose, row.workspace_id, row.email or "", row.role or "", known, row.made_by, row.expires_at)
