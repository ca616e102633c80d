"""The room's tables: connected accounts, sealed secrets, the log of who did what, people and what lets them in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Identity, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import InWorkspace, RecordsBase
from marketmover.store.records import workspace_key

_BIG = BigInteger().with_variant(Integer(), "sqlite")


class AccountRow(RecordsBase):
    """A connected account of an ad platform; what opens it lies sealed in `secrets`."""

    __tablename__ = "accounts"

    workspace_id: Mapped[str] = workspace_key()
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[str] = mapped_column(String(128))
    settings: Mapped[dict[str, Any]]
    added_at: Mapped[datetime]


Index("uq_accounts_platform", AccountRow.workspace_id, AccountRow.platform, AccountRow.account_id, unique=True)


class SecretRow(RecordsBase):
    """A secret, sealed with a key that is not in this database; `key_id` names that key."""

    __tablename__ = "secrets"

    workspace_id: Mapped[str] = workspace_key()
    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class AuditRow(InWorkspace, RecordsBase):
    """Who did what, when, and how it was before and after. Rows are added and never changed: triggers see to it."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(_BIG, Identity(), primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(255))
    what: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(255))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


Index("ix_audit_log_about", AuditRow.workspace_id, AuditRow.about, AuditRow.id)


class PersonRow(RecordsBase):
    """Somebody who may sign in, to whichever workspaces they belong; `password` is a hash by argon2."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    password: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


def _person_key() -> Mapped[str]:
    return mapped_column(String(32), ForeignKey("people.id"), primary_key=True)


class MembershipRow(RecordsBase):
    """A person's role in a workspace: one that comes with the program, or one of the workspace's own."""

    __tablename__ = "memberships"

    workspace_id: Mapped[str] = workspace_key()
    person_id: Mapped[str] = _person_key()
    role: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]


Index("ix_memberships_person_id", MembershipRow.person_id)


class RoleRow(RecordsBase):
    """A role of a workspace's own: what it permits."""

    __tablename__ = "roles"

    workspace_id: Mapped[str] = workspace_key()
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    permissions: Mapped[list[str]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class SessionRow(RecordsBase):
    """A person who is signed in. Its cookie's token is not here, only the token's hash."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("people.id"), index=True)
    workspace_id: Mapped[str | None] = mapped_column(String(64), ForeignKey("workspaces.id"))
    way: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(255))


class KeyRow(InWorkspace, RecordsBase):
    """A key for a program. Its secret is not here, only the secret's hash."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    secret_hash: Mapped[str] = mapped_column(String(64))
    permissions: Mapped[list[str]] = mapped_column(JSON)
    person_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("people.id"))
    made_by: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


Index("ix_api_keys_name", KeyRow.workspace_id, KeyRow.name)


class LinkRow(InWorkspace, RecordsBase):
    """A one-time link: `owner` (the first), `invitation`, or `reset` (a new password). Its token is not here."""

    __tablename__ = "one_time_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("people.id"))
    forgets_totp: Mapped[bool]
    made_by: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


Index("ix_one_time_links_purpose", LinkRow.workspace_id, LinkRow.purpose, LinkRow.made_at)


class TotpRow(InWorkspace, RecordsBase):
    """That a person's app makes codes. The seed lies sealed in the workspace's `secrets`; used steps are refused."""

    __tablename__ = "totp"

    person_id: Mapped[str] = _person_key()
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(_BIG)


class RecoveryRow(RecordsBase):
    """The hash of a code that stands in once for the person's app."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[str] = _person_key()
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class IdentityRow(RecordsBase):
    """Who a person is at an OpenID provider."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(32), ForeignKey("people.id"), index=True)
    since: Mapped[datetime]


class OidcRow(RecordsBase):
    """A sign-in that is under way at an OpenID provider, bound to the browser that began it."""

    __tablename__ = "oidc_sign_ins"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    return_to: Mapped[str] = mapped_column(String(1024))
    expires_at: Mapped[datetime]


class FailureRow(RecordsBase):
    """How often signing in failed lately, by the hash of an e-mail, of an address, or of both."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
