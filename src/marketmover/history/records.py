"""The room's tables: pulls of connected accounts, and the chunks that each is made of."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKeyConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key


class ExportPull(RecordsBase):
    """One pull of an account's exports.

    `state` is `fetching`, `done` (all of it came; the lake does not know it yet), `landed` (it does), or `spoilt` (its
    files could not be read when they should have landed; the next pull fetches their days again).
    """

    __tablename__ = "export_pulls"

    workspace_id: Mapped[str] = workspace_key()
    platform: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255))
    time_zone: Mapped[str] = mapped_column(String(64))
    simulated: Mapped[bool]
    today: Mapped[date] = mapped_column(Date)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    problem: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    landed_at: Mapped[datetime | None]
    rows: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[int | None] = mapped_column(BigInteger)


class ExportPullChunk(RecordsBase):
    """A kind of rows over some days, of one pull.

    `state` is `planned`, `done` (its file is whole), `refused` (the account does not offer it), `missed` (figures do
    without it; the next pull asks again) or `pruned` (later pulls hold all that its file held). `resume` is what lets a
    fetch that was cut off go on, as an asynchronous report's id.
    """

    __tablename__ = "export_pull_chunks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "platform", "account_id", "number"],
            ["export_pulls.workspace_id", "export_pulls.platform", "export_pulls.account_id", "export_pulls.number"],
            name="fk_export_pull_chunks_pull",
        ),
    )

    workspace_id: Mapped[str] = workspace_key()
    platform: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    ref: Mapped[str] = mapped_column(String(128), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(64))
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    resume: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)
    file: Mapped[str | None] = mapped_column(String(255))
    rows: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str | None] = mapped_column(String(64))
    done_at: Mapped[datetime | None]
