"""The room's tables: connected accounts, sealed secrets, and the log of who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Integer, String, Text
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
