"""The room's tables: alerts, what happened to each, and goals of plans."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key


class AlertRow(RecordsBase):
    """An alert as it stands.

    `state` is `open`, `acknowledged` or `resolved`. `content` is the alert as `alerts.json` has it, without its
    evidence; `source` is the watch that found it last, `worth` the larger of its money at risk and lost.
    """

    __tablename__ = "alerts"

    workspace_id: Mapped[str] = workspace_key()
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(255))
    plan_id: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    metric: Mapped[str] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(8))
    severity: Mapped[str] = mapped_column(String(16))
    line_ids: Mapped[list[str]] = mapped_column(JSON)
    detected_on: Mapped[str] = mapped_column(String(10))
    updated_on: Mapped[str] = mapped_column(String(10))
    resolved_on: Mapped[str | None] = mapped_column(String(10))
    currency: Mapped[str] = mapped_column(String(8))
    simulated: Mapped[bool]
    worth: Mapped[float] = mapped_column(Float)
    content: Mapped[dict[str, Any]]
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    snoozed_until: Mapped[datetime | None]
    handled_by: Mapped[str | None] = mapped_column(String(255))
    handled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
    changed_at: Mapped[datetime]


Index("ix_alerts_worth", AlertRow.workspace_id, AlertRow.state, AlertRow.worth)


class AlertChange(RecordsBase):
    """Something that happened to an alert; `number` counts up in a workspace, in the order of commits.

    `what` is `found`, `worse`, `resolved`, `back`, `acknowledged`, `snoozed` or `reopened`.
    """

    __tablename__ = "alert_changes"

    workspace_id: Mapped[str] = workspace_key()
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    alert_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(255))
    what: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    severity: Mapped[str] = mapped_column(String(16))
    worth: Mapped[float] = mapped_column(Float)


Index("ix_alert_changes_alert", AlertChange.workspace_id, AlertChange.alert_key, AlertChange.number)


class PlanGoals(RecordsBase):
    """What a plan is to reach, as `--goals` has it."""

    __tablename__ = "plan_goals"

    workspace_id: Mapped[str] = workspace_key()
    plan_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    goals: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(255))
