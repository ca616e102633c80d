"""Long work that somebody asked for, and how far its changes are numbered."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("about", sa.String(255), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("asked_by", sa.String(255), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("token", _BIG, nullable=False),
        sa.Column("sequence", _BIG, nullable=True),
        _workspace("tasks"),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    _index_tasks()
    op.create_table(
        "task_feeds",
        _workspace("task_feeds"),
        sa.Column("last_sequence", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_task_feeds"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("task_feeds")
    op.drop_table("tasks")


def _index_tasks() -> None:
    op.create_index("ix_tasks_created", "tasks", ["workspace_id", "created_at", "id"])
    op.create_index("ix_tasks_started", "tasks", ["workspace_id", "started_at"])
    op.create_index("uq_tasks_sequence", "tasks", ["workspace_id", "sequence"], unique=True)
    unended = sa.text("ended_at IS NULL")
    op.create_index("ix_tasks_open", "tasks", ["state", "created_at"], sqlite_where=unended, postgresql_where=unended)


def _workspace(table: str) -> "sa.Column[str]":
    key = sa.ForeignKey("workspaces.id", name=f"fk_{table}_workspace_id_workspaces")
    return sa.Column("workspace_id", sa.String(64), key, nullable=False)
