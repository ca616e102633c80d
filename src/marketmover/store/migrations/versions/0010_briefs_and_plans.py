"""Briefs, plans, what tuning proposed, and what analyses found."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    _table(
        "briefs",
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=False),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    _table(
        "plans",
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("brief_id", sa.String(32), nullable=True),
        sa.Column("parent_id", sa.String(32), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total_budget", sa.Double(), nullable=False),
        sa.Column("objective", sa.String(64), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("probability_better", sa.Double(), nullable=True),
        sa.Column("platforms", sa.JSON(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    _table(
        "tunings",
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("who", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(255), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", sa.String(64), nullable=True),
    )
    _table(
        "analyses",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_tunings_workspace_id_plan_id", "tunings", ["workspace_id", "plan_id"])


def _table(name: str, *columns: sa.Column[Any]) -> None:
    """A table of a workspace's rows by id, found by when they were made."""
    workspace = sa.ForeignKey("workspaces.id", name=f"fk_{name}_workspace_id_workspaces")
    op.create_table(
        name,
        sa.Column("workspace_id", sa.String(64), workspace, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("workspace_id", "id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workspace_id_created_at_id", name, ["workspace_id", "created_at", "id"])


def downgrade() -> None:
    """Go back to the revision before."""
    for name in ("analyses", "tunings", "plans", "briefs"):
        op.drop_table(name)
