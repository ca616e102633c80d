"""Tables of what is kept of campaigns: briefs, plans, what tuning proposed, what analyses found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key


class BriefRow(RecordsBase):
    """A client's brief: `understood` as it was read first, `brief` as it stands now.

    `said` holds what came since: texts of answers, the words each field rests on, and fields that were corrected.
    """

    __tablename__ = "briefs"

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    understood: Mapped[dict[str, Any]]
    brief: Mapped[dict[str, Any]]
    said: Mapped[dict[str, Any]]
    who: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class PlanRow(RecordsBase):
    """A plan in the home: what lists show of it. The plan itself, and what is in force of it, are in its folder."""

    __tablename__ = "plans"

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    brief_id: Mapped[str | None] = mapped_column(String(32))
    parent_id: Mapped[str | None] = mapped_column(String(32))
    start_date: Mapped[date]
    end_date: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    total_budget: Mapped[float]
    objective: Mapped[str] = mapped_column(String(64))
    expected: Mapped[dict[str, Any]]
    probability_better: Mapped[float | None]
    platforms: Mapped[list[str]] = mapped_column(JSON)
    simulated: Mapped[bool]
    who: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class TuningRow(RecordsBase):
    """Changes that tuning proposed for a plan: `proposed`, `applied` or `declined`."""

    __tablename__ = "tunings"

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(String(32))
    as_of: Mapped[date]
    changes: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(255))
    decided_at: Mapped[datetime | None]
    entry_id: Mapped[str | None] = mapped_column(String(64))


class AnalysisRow(RecordsBase):
    """What an analysis of the history found: a `backtest`, or a comparison of `models`."""

    __tablename__ = "analyses"

    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    arguments: Mapped[dict[str, Any]]
    found: Mapped[dict[str, Any]]
    who: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


for _table in (BriefRow, PlanRow, TuningRow, AnalysisRow):
    Index(f"ix_{_table.__tablename__}_workspace_id_created_at_id", _table.workspace_id, _table.created_at, _table.id)
Index("ix_tunings_workspace_id_plan_id", TuningRow.workspace_id, TuningRow.plan_id)
