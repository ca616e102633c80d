"""What lists and charts show of the history; alerts and what happened to them; goals of plans; who is told of what."""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from datetime import datetime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = (
    "notice_configurations",
    "plan_goals",
    "alert_changes",
    "alerts",
    "history_entries",
    "history_days",
    "history_members",
    "history_overviews",
)


def upgrade() -> None:
    """Go to this revision."""
    _history()
    _alerts()
    _set_by_people()


def _workspace(table: str) -> "sa.Column[str]":
    key = sa.ForeignKey("workspaces.id", name=f"fk_{table}_workspace_id_workspaces")
    return sa.Column("workspace_id", sa.String(64), key, nullable=False)


def _text(name: str, length: int, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length), nullable=nullable)


def _whole(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _history() -> None:
    op.create_table(
        "history_overviews",
        _workspace("history_overviews"),
        _text("generation", 32),
        _text("digest", 64),
        _moment("made_at"),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_history_overviews"),
    )
    ids = ("platform", 32), ("account_id", 64), ("campaign_id", 64), ("group_id", 64)
    op.create_table(
        "history_members",
        _workspace("history_members"),
        _text("generation", 32),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        _text("level", 16),
        *(_text(*one) for one in ids),
        _text("line_id", 160, nullable=True),
        *(_text(*one) for one in (("name", 512), ("ad_type", 64), ("status", 32), ("currency", 8))),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        *(_whole(name) for name in ("days", "missing_days", "odd_days")),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "generation", "number", name="pk_history_members"),
    )
    figures = "cost", "conversions", "leads", "sales", "installs", "revenue", "crm_leads", "qualified_leads", "won"
    op.create_table(
        "history_days",
        _workspace("history_days"),
        _text("generation", 32),
        sa.Column("member", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("day", sa.Date(), nullable=False),
        _text("level", 16),
        *(_whole(name) for name in ("lines", "missing")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("impressions", "clicks")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in figures),
        sa.PrimaryKeyConstraint("workspace_id", "generation", "member", "day", name="pk_history_days"),
    )
    op.create_index("ix_history_days_level", "history_days", ["workspace_id", "generation", "level", "day", "member"])
    op.create_table(
        "history_entries",
        _workspace("history_entries"),
        _text("generation", 32),
        _text("kind", 16),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        _whole("import_id"),
        _text("reason", 32),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "generation", "kind", "number", name="pk_history_entries"),
    )


def _alerts() -> None:
    first = ("key", 64), ("source", 255), ("plan_id", 128), ("state", 16), ("platform", 64), ("kind", 32)
    op.create_table(
        "alerts",
        _workspace("alerts"),
        *(_text(*one) for one in (*first, ("metric", 64), ("direction", 8), ("severity", 16))),
        sa.Column("line_ids", sa.JSON(), nullable=False),
        _text("detected_on", 10),
        _text("updated_on", 10),
        _text("resolved_on", 10, nullable=True),
        _text("currency", 8),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        _moment("snoozed_until", nullable=True),
        _text("handled_by", 255, nullable=True),
        _moment("handled_at", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("found_at"),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="pk_alerts"),
    )
    op.create_index("ix_alerts_worth", "alerts", ["workspace_id", "state", "worth"])
    op.create_table(
        "alert_changes",
        _workspace("alert_changes"),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        _text("alert_key", 64),
        _moment("at"),
        _text("who", 255),
        _text("what", 16),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("state", 16),
        _text("severity", 16),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_alert_changes"),
    )
    op.create_index("ix_alert_changes_alert", "alert_changes", ["workspace_id", "alert_key", "number"])


def _set_by_people() -> None:
    op.create_table(
        "plan_goals",
        _workspace("plan_goals"),
        _text("plan_id", 128),
        sa.Column("goals", sa.JSON(), nullable=False),
        _moment("changed_at"),
        _text("changed_by", 255),
        sa.PrimaryKeyConstraint("workspace_id", "plan_id", name="pk_plan_goals"),
    )
    op.create_table(
        "notice_configurations",
        _workspace("notice_configurations"),
        sa.Column("content", sa.JSON(), nullable=False),
        _moment("changed_at"),
        _text("changed_by", 255),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_notice_configurations"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    for table in _TABLES:
        op.drop_table(table)
