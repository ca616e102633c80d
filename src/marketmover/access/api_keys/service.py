"""Keys for programs: `mm_`, the key's id, and a secret of 256 random bits, of which the hash alone is kept.

A key can do what it was given, as far as who made it may do that now: who is taken out of a workspace takes their keys
along. Keys made on the server belong to nobody, and stay until they end or are revoked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.access.people.roles import own_roles, permissions_of
from marketmover.access.permissions import Asker, permissions_of_scopes
from marketmover.access.records import KeyRow, MembershipRow, PersonRow
from marketmover.access.tokens import matches, new_token, token_hash
from marketmover.errors import ConflictError, NotFoundError, UsageError
from marketmover.kit import new_id

_TEXT = re.compile(r"mm_(?P<id>[0-9a-f]{16})_(?P<secret>[A-Za-z0-9_-]{43})")
_NOBODYS = token_hash("nobody's")
_SEEN_EVERY = timedelta(minutes=1)
_MOST_DAYS = 3_650


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret.

    Attributes:
        id: Which it is; the key itself begins with it.
        name: What it is for, as logs have it.
        permissions: What it was given.
        made_by: Who made it.
        made_at: When.
        expires_at: When it ends; `None`: never.
        used_at: When it was used last, within a minute or so.
        revoked_at: When it was revoked.
    """

    id: str
    name: str
    permissions: frozenset[str]
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


def create_key(
    session: Session,
    workspace: str,
    name: str,
    scopes: Iterable[str],
    *,
    by: Asker,
    now: datetime,
    expires_days: int | None = None,
) -> tuple[ApiKey, str]:
    """Make a key.

    Args:
        session: The caller commits.
        workspace: The one workspace that it opens.
        name: What to call it; no other key that holds has this name.
        scopes: Permissions, names of roles, or `read`.
        by: Who asks. The key can never do more than they may do, and where they are a person, ends with them.
        now: The present moment.
        expires_days: Days after which it ends; `None`: it does not.

    Returns:
        The key's description, and the key itself, told this once.

    Raises:
        UsageError: A scope, the name or the days cannot be used.
        ForbiddenError: It would be able to do more than who asks.
        ConflictError: A key that holds has the name.
    """
    permissions = permissions_of_scopes(scopes, own_roles(session, workspace))
    by.require(permissions, "This key")
    name = _checked_name(session, workspace, name, now)
    if expires_days is not None and not 1 <= expires_days <= _MOST_DAYS:
        raise UsageError(f"A key ends after 1 to {_MOST_DAYS:,} days.", "Leave it out for a key without an end.")
    secret = new_token()
    row = KeyRow(
        id=new_id()[:16],
        workspace_id=workspace,
        name=name,
        secret_hash=token_hash(secret),
        permissions=sorted(permissions),
        person_id=by.person,
        made_by=by.who[:255],
        made_at=now,
        expires_at=None if expires_days is None else now + timedelta(days=expires_days),
    )
    session.add(row)
    session.flush()
    after = {"name": name, "permissions": row.permissions, "expires_at": row.expires_at and row.expires_at.isoformat()}
    audit.append(session, workspace, who=by.who, what="key.created", about=f"key {row.id}", after=after, at=now)
    return _key(row), f"mm_{row.id}_{secret}"


def keys_of(session: Session, workspace: str, *, after: str = "", most: int = 1_000_000) -> list[ApiKey]:
    """A workspace's keys by id, from `after` on; those that ended too."""
    chosen = select(KeyRow).where(KeyRow.workspace_id == workspace, KeyRow.id > after)
    return [_key(row) for row in session.scalars(chosen.order_by(KeyRow.id).limit(most))]


def find_key(session: Session, workspace: str, key: str) -> ApiKey:
    """A key by its id, or by its name where it holds or is the only one of that name.

    Raises:
        NotFoundError: There is none.
    """
    there = keys_of(session, workspace)
    named = [one for one in there if one.name == key]
    standing = [one for one in named if one.revoked_at is None]
    found = [one for one in there if one.id == key] or standing or named
    if not found:
        raise NotFoundError(f"There is no key {key[:80]!r} in workspace {workspace}.", "See: marketmover keys list")
    return found[-1]


def revoke_key(session: Session, workspace: str, key: str, *, by: Asker, now: datetime) -> ApiKey:
    """Revoke a key, by id or name, at once and for good.

    Raises:
        NotFoundError: There is none.
        ForbiddenError: It can do more than who asks.
    """
    found = find_key(session, workspace, key)
    by.require(found.permissions, "This key")
    if found.revoked_at is None:
        row = session.get_one(KeyRow, found.id)
        row.revoked_at = now
        about, before = f"key {found.id}", {"name": found.name, "permissions": sorted(found.permissions)}
        audit.append(session, workspace, who=by.who, what="key.revoked", about=about, before=before, at=now)
        session.flush()
    return find_key(session, workspace, found.id)


def key_opened_by(session: Session, text: str, now: datetime) -> tuple[KeyRow, frozenset[str]] | None:
    """The key that was shown, if it holds, and what it may do now."""
    shown = _TEXT.fullmatch(text)
    if shown is None:
        return None
    row = session.get(KeyRow, shown["id"])
    right = matches(shown["secret"], _NOBODYS if row is None else row.secret_hash)
    if row is None or not right or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    held = _held_by_maker(session, row)
    return None if held is None else (row, frozenset(row.permissions) & held)


def permissions_of_key(session: Session, workspace: str, name: str, now: datetime) -> frozenset[str]:
    """What the key of a name may do at the moment; nothing where none holds."""
    chosen = select(KeyRow).where(KeyRow.workspace_id == workspace, KeyRow.name == name, KeyRow.revoked_at.is_(None))
    for row in session.scalars(chosen):
        if row.expires_at is None or row.expires_at > now:
            return frozenset(row.permissions) & (_held_by_maker(session, row) or frozenset())
    return frozenset()


def is_unseen(row: KeyRow, now: datetime) -> bool:
    """Whether its last use is to be written down anew."""
    return row.used_at is None or now - row.used_at >= _SEEN_EVERY


def note_use(session: Session, key_id: str, now: datetime) -> None:
    """Write down that a key was used."""
    session.execute(update(KeyRow).where(KeyRow.id == key_id).values(used_at=now))


def _held_by_maker(session: Session, row: KeyRow) -> frozenset[str] | None:
    if row.person_id is None:
        return frozenset(row.permissions)
    maker = session.get(PersonRow, row.person_id)
    member = session.get(MembershipRow, (row.workspace_id, row.person_id))
    if maker is None or member is None or maker.disabled_at is not None:
        return None
    return permissions_of(session, row.workspace_id, member.role)


def _checked_name(session: Session, workspace: str, name: str, now: datetime) -> str:
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise UsageError("A key has a name of 1 to 100 printable letters.", "Name what it is for: --name nightly")
    for other in keys_of(session, workspace):
        ended = other.expires_at is not None and other.expires_at <= now
        if other.name == name and other.revoked_at is None and not ended:
            raise ConflictError(
                f"There is a key {name!r} already.", f"Take another name, or run: marketmover keys revoke {other.id}"
            )
    return name


def _key(row: KeyRow) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        frozenset(row.permissions),
        row.made_by,
        row.made_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
    )
