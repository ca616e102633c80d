"""The room's table: answers to requests that bore an idempotency key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key


class IdempotencyRow(RecordsBase):
    """A request that bore a key.

    `state` is `begun`, `applied` (something was kept: it must not be done again) or `answered`.
    """

    __tablename__ = "idempotency_keys"

    workspace_id: Mapped[str] = workspace_key()
    caller: Mapped[str] = mapped_column(String(128), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    begun_at: Mapped[datetime]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


Index("ix_idempotency_keys_begun_at", IdempotencyRow.begun_at)
