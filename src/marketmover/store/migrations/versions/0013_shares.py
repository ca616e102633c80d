"""Links by which clients read plans, what they say of them, and what they thought afterwards."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    _table(
        "plan_shares",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("sender", sa.String(255), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("calendar_hash", sa.String(64), nullable=False),
        sa.Column("allows", sa.JSON(), nullable=False),
        sa.Column("yes", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(255), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(255), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
    )
    for column in ("token_hash", "calendar_hash"):
        op.create_index(f"uq_plan_shares_{column}", "plan_shares", [column], unique=True)
    _table(
        "client_remarks",
        sa.Column("share_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.String(64), nullable=True),
    )
    op.create_index("ix_client_remarks_workspace_id_at_id", "client_remarks", ["workspace_id", "at", "id"])
    _table(
        "survey_answers",
        sa.Column("share_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
    )
    answers = ["workspace_id", "share_id"]
    op.create_index("uq_survey_answers_workspace_id_share_id", "survey_answers", answers, unique=True)


def _table(name: str, *columns: sa.Column[Any]) -> None:
    """A table of a workspace's rows by id, found by the plan that they are about."""
    workspace = sa.ForeignKey("workspaces.id", name=f"fk_{name}_workspace_id_workspaces")
    op.create_table(
        name,
        sa.Column("workspace_id", sa.String(64), workspace, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("workspace_id", "id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_workspace_id_plan_id", name, ["workspace_id", "plan_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    for name in ("survey_answers", "client_remarks", "plan_shares"):
        op.drop_table(name)
