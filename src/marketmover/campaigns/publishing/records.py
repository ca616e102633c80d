"""The ledger's tables: what was to be sent for a plan, and what became of each step of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key


class SendingRow(RecordsBase):
    """One request of a plan for one account. `before` is what it found there, line by line, to be put back.

    States: `open` (something may be on its way), `waiting` (what is new is there; what changes running lines is sent on
    the day `due`), `done`, `taken_back` (nothing of it is left on the platform), `given_up` (a person was told what is
    left). `folder` is the plan's, where a job finds it on the day.
    """

    __tablename__ = "plan_sendings"
    __table_args__ = (
        UniqueConstraint(
            "workspace_id", "plan_digest", "platform", "account", "request_digest", name="uq_plan_sendings_request"
        ),
    )

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_digest: Mapped[str] = mapped_column(String(64))
    platform: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    request_digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(255))
    who: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    request: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    due: Mapped[date | None]
    folder: Mapped[str | None] = mapped_column(Text)


class StepRow(RecordsBase):
    """One step of a sending.

    States: `checked`, `sending` (written before the call), `sent` (by this home: the answer came), `found` (made, but
    known by its mark alone), `unknown` (the answer was lost), `refused`, `by_hand`, `taken_back`.
    """

    __tablename__ = "plan_steps"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "sending_id"], ["plan_sendings.workspace_id", "plan_sendings.id"]),
    )

    workspace_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sending_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ref: Mapped[str] = mapped_column(String(255), primary_key=True)
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(Text)
    creates: Mapped[bool]
    tries: Mapped[int]
    changed_at: Mapped[datetime]
    ids: Mapped[dict[str, Any]]
    words: Mapped[str] = mapped_column(Text)
