"""Workspaces, and the stream's facts, topics and offsets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
    )
    _create_facts()
    op.create_table(
        "stream_topics",
        _workspace("stream_topics"),
        sa.Column("topic", sa.String(128), nullable=False),
        sa.Column("last_sequence", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "topic", name="pk_stream_topics"),
    )
    op.create_table(
        "stream_offsets",
        _workspace("stream_offsets"),
        sa.Column("consumer_group", sa.String(128), nullable=False),
        sa.Column("topic", sa.String(128), nullable=False),
        sa.Column("sequence", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "consumer_group", "topic", name="pk_stream_offsets"),
    )


def downgrade() -> None:
    """Go back to an empty database."""
    for table in ("stream_offsets", "stream_topics", "stream_facts", "workspaces"):
        op.drop_table(table)


def _workspace(table: str) -> "sa.Column[str]":
    key = sa.ForeignKey("workspaces.id", name=f"fk_{table}_workspace_id_workspaces")
    return sa.Column("workspace_id", sa.String(64), key, nullable=False)


def _create_facts() -> None:
    op.create_table(
        "stream_facts",
        sa.Column("position", _BIG, sa.Identity(), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(128), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", _BIG, nullable=True),
        _workspace("stream_facts"),
        sa.PrimaryKeyConstraint("position", name="pk_stream_facts"),
        sa.UniqueConstraint("id", name="uq_stream_facts_id"),
    )
    op.create_index("uq_stream_facts_order", "stream_facts", ["workspace_id", "topic", "sequence"], unique=True)
    op.create_index(
        "ix_stream_facts_unordered",
        "stream_facts",
        ["workspace_id", "topic", "position"],
        sqlite_where=sa.text("sequence IS NULL"),
        postgresql_where=sa.text("sequence IS NULL"),
    )
