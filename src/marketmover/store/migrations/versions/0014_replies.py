"""What is answered to clients' remarks."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("client_remarks", sa.Column("reply", sa.Text(), nullable=True))
    op.add_column("client_remarks", sa.Column("replied_by", sa.String(255), nullable=True))
    op.add_column("client_remarks", sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("client_remarks") as table:
        for column in ("replied_at", "replied_by", "reply"):
            table.drop_column(column)
