"""The outbox: notices, what became of each on each of its routes, and what was last told of each alert."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import InWorkspace, RecordsBase
from marketmover.store.records import workspace_key


class NoticeRow(InWorkspace, RecordsBase):
    """Something to tell; `content` is the notice as JSON."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(255))
    thread: Mapped[str] = mapped_column(String(255))
    content: Mapped[dict[str, Any]]
    raised_at: Mapped[datetime]


class NoticeDelivery(InWorkspace, RecordsBase):
    """A notice on one of its routes.

    `state` is `waiting`, `sending`, `sent`, `dead` (given up, with the reason) or `passed_over` (a newer notice of its
    thread tells more). Rows with the same `message_id` went, or go, together.
    """

    __tablename__ = "notice_deliveries"
    __table_args__ = (UniqueConstraint("notice_id", "route"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    notice_id: Mapped[str] = mapped_column(String(32), ForeignKey("notices.id"))
    route: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime]
    gathered: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer)
    repeated: Mapped[bool]
    message_id: Mapped[str | None] = mapped_column(String(32))
    message_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(Text)


Index("ix_notice_deliveries_due", NoticeDelivery.workspace_id, NoticeDelivery.state, NoticeDelivery.due_at)


class NoticeThread(RecordsBase):
    """An alert as it was last told: by it the next one is known to be new, worse, over, or nothing new."""

    __tablename__ = "notice_threads"

    workspace_id: Mapped[str] = workspace_key()
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    source: Mapped[str] = mapped_column(String(255))
    platform: Mapped[str] = mapped_column(String(64))
    metric: Mapped[str] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(32))
    line_ids: Mapped[list[str]] = mapped_column(JSON)
    detected_on: Mapped[str] = mapped_column(String(10))
    updated_on: Mapped[str] = mapped_column(String(10))
    resolved_on: Mapped[str | None] = mapped_column(String(10))
    severity: Mapped[str] = mapped_column(String(16))
    money: Mapped[float] = mapped_column(Float)
    subject: Mapped[str] = mapped_column(Text)
    times: Mapped[int] = mapped_column(Integer)


class NoticeConfiguration(RecordsBase):
    """What `notices.toml` would say, where a person set it by the API; secrets stand in it by name."""

    __tablename__ = "notice_configurations"

    workspace_id: Mapped[str] = workspace_key()
    content: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(255))
