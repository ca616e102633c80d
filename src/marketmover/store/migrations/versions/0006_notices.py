"""Notices, their deliveries, and what was last told of each alert."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "notices",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("thread", sa.String(255), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        _workspace("notices"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_notices_workspace_id_key"),
    )
    _create_deliveries()
    op.create_table(
        "notice_threads",
        _workspace("notice_threads"),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("metric", sa.String(64), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("line_ids", sa.JSON(), nullable=False),
        sa.Column("detected_on", sa.String(10), nullable=False),
        sa.Column("updated_on", sa.String(10), nullable=False),
        sa.Column("resolved_on", sa.String(10), nullable=True),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("money", sa.Float(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="pk_notice_threads"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    for table in ("notice_threads", "notice_deliveries", "notices"):
        op.drop_table(table)


def _workspace(table: str) -> "sa.Column[str]":
    key = sa.ForeignKey("workspaces.id", name=f"fk_{table}_workspace_id_workspaces")
    return sa.Column("workspace_id", sa.String(64), key, nullable=False)


def _create_deliveries() -> None:
    notice = sa.ForeignKey("notices.id", name="fk_notice_deliveries_notice_id_notices")
    op.create_table(
        "notice_deliveries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("notice_id", sa.String(32), notice, nullable=False),
        sa.Column("route", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gathered", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.String(32), nullable=True),
        sa.Column("message_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        _workspace("notice_deliveries"),
        sa.PrimaryKeyConstraint("id", name="pk_notice_deliveries"),
        sa.UniqueConstraint("notice_id", "route", name="uq_notice_deliveries_notice_id_route"),
    )
    op.create_index("ix_notice_deliveries_due", "notice_deliveries", ["workspace_id", "state", "due_at"])
