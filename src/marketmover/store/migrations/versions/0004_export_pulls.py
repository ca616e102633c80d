"""Pulls of connected accounts' exports, and their chunks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PULL = ("workspace_id", "platform", "account_id", "number")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "export_pulls",
        *_key("export_pulls"),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("today", "first_day", "last_day")),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("landed_at", sa.DateTime(timezone=True)),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.BigInteger()),
        sa.PrimaryKeyConstraint(*_PULL, name="pk_export_pulls"),
    )
    op.create_table(
        "export_pull_chunks",
        *_key("export_pull_chunks"),
        sa.Column("ref", sa.String(128), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("resume", sa.Text()),
        sa.Column("problem", sa.Text()),
        sa.Column("file", sa.String(255)),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint(*_PULL, "ref", name="pk_export_pull_chunks"),
        sa.ForeignKeyConstraint(_PULL, [f"export_pulls.{name}" for name in _PULL], name="fk_export_pull_chunks_pull"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("export_pull_chunks")
    op.drop_table("export_pulls")


def _key(table: str) -> "list[sa.Column[str] | sa.Column[int]]":
    key = sa.ForeignKey("workspaces.id", name=f"fk_{table}_workspace_id_workspaces")
    return [
        sa.Column("workspace_id", sa.String(64), key, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    ]
