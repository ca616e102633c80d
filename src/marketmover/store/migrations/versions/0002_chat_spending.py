"""What was spent on the language model, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    key = sa.ForeignKey("workspaces.id", name="fk_chat_spending_workspace_id_workspaces")
    op.create_table(
        "chat_spending",
        sa.Column("workspace_id", sa.String(64), key, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "day", name="pk_chat_spending"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("chat_spending")
