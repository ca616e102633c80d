"""The room's tables: links by which clients read plans, what they say, and what they thought afterwards."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key


class ShareRow(RecordsBase):
    """A link by which a client reads a plan. Its tokens are not here, only their hashes.

    `yes` says what a client's yes does: it is `recorded`, or it `approves`. `opened` counts visits.
    """

    __tablename__ = "plan_shares"

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    sender: Mapped[str] = mapped_column(String(255))
    token_hash: Mapped[str] = mapped_column(String(64))
    calendar_hash: Mapped[str] = mapped_column(String(64))
    allows: Mapped[list[str]] = mapped_column(JSON)
    yes: Mapped[str] = mapped_column(String(16))
    made_by: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_by: Mapped[str | None] = mapped_column(String(255))
    revoked_at: Mapped[datetime | None]
    opened: Mapped[int]
    opened_at: Mapped[datetime | None]


class RemarkRow(RecordsBase):
    """What a client said of a plan: a `comment`, wished `changes`, or an `approval` of what `content` is the hash of.

    `entry_id` is the entry of the plan's log, where the client's yes approved it; `reply` what somebody of the
    workspace answered, which the client reads by their link.
    """

    __tablename__ = "client_remarks"

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(String(32))
    share_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    entry_id: Mapped[str | None] = mapped_column(String(64))
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[str | None] = mapped_column(String(255))
    replied_at: Mapped[datetime | None]


class AnswerRow(RecordsBase):
    """What a client thought of a campaign when it was over: one answer a link, the last one given."""

    __tablename__ = "survey_answers"

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(String(32))
    share_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]


for _table in (ShareRow, RemarkRow, AnswerRow):
    Index(f"ix_{_table.__tablename__}_workspace_id_plan_id", _table.workspace_id, _table.plan_id)
Index("uq_plan_shares_token_hash", ShareRow.token_hash, unique=True)
Index("uq_plan_shares_calendar_hash", ShareRow.calendar_hash, unique=True)
Index("ix_client_remarks_workspace_id_at_id", RemarkRow.workspace_id, RemarkRow.at, RemarkRow.id)
Index("uq_survey_answers_workspace_id_share_id", AnswerRow.workspace_id, AnswerRow.share_id, unique=True)
