"""What is kept of a workspace's history for lists and charts.

All of it is made at once, as a *generation*; `HistoryOverview` says which one holds. Readers join with it, so that they
see one generation whole.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Float, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key

FIGURES = (
    "impressions",
    "clicks",
    "cost",
    "conversions",
    "leads",
    "sales",
    "installs",
    "revenue",
    "crm_leads",
    "qualified_leads",
    "won",
)
"""Figures of a day: `cost` and `revenue` in account currency; the last three are the CRM's, by the day created."""


class HistoryOverview(RecordsBase):
    """Which generation holds, of which state of the lake it is, and the history in one document."""

    __tablename__ = "history_overviews"

    workspace_id: Mapped[str] = workspace_key()
    generation: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class HistoryMember(RecordsBase):
    """An account, campaign or ad group (Meta: ad set) that has daily figures.

    `line_id` is given where it is a budget line; gaps and odd days are those of lines. `number` orders members by
    level, platform and ids.
    """

    __tablename__ = "history_members"

    workspace_id: Mapped[str] = workspace_key()
    generation: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    level: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str] = mapped_column(String(64))
    campaign_id: Mapped[str] = mapped_column(String(64))
    group_id: Mapped[str] = mapped_column(String(64))
    line_id: Mapped[str | None] = mapped_column(String(160))
    name: Mapped[str] = mapped_column(String(512))
    ad_type: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(32))
    currency: Mapped[str] = mapped_column(String(8))
    first_date: Mapped[date] = mapped_column(Date)
    last_date: Mapped[date] = mapped_column(Date)
    days: Mapped[int] = mapped_column(Integer)
    missing_days: Mapped[int] = mapped_column(Integer)
    odd_days: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]]


class HistoryDay(RecordsBase):
    """A member's figures of a day. `lines` counts budget lines with figures, `missing` those that lack them."""

    __tablename__ = "history_days"

    workspace_id: Mapped[str] = workspace_key()
    generation: Mapped[str] = mapped_column(String(32), primary_key=True)
    member: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    lines: Mapped[int] = mapped_column(Integer)
    missing: Mapped[int] = mapped_column(Integer)
    impressions: Mapped[int] = mapped_column(BigInteger)
    clicks: Mapped[int] = mapped_column(BigInteger)
    cost: Mapped[float] = mapped_column(Float)
    conversions: Mapped[float] = mapped_column(Float)
    leads: Mapped[float] = mapped_column(Float)
    sales: Mapped[float] = mapped_column(Float)
    installs: Mapped[float] = mapped_column(Float)
    revenue: Mapped[float] = mapped_column(Float)
    crm_leads: Mapped[float] = mapped_column(Float)
    qualified_leads: Mapped[float] = mapped_column(Float)
    won: Mapped[float] = mapped_column(Float)


Index(
    "ix_history_days_level",
    HistoryDay.workspace_id,
    HistoryDay.generation,
    HistoryDay.level,
    HistoryDay.day,
    HistoryDay.member,
)


class HistoryEntry(RecordsBase):
    """An import's report (`kind` is `import`), or a row that could not be used (`quarantine`)."""

    __tablename__ = "history_entries"

    workspace_id: Mapped[str] = workspace_key()
    generation: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    import_id: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]]
