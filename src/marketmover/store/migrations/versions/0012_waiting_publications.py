"""Publications whose changes of running lines wait for the plan's first day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("plan_sendings") as table:
        table.add_column(sa.Column("due", sa.Date(), nullable=True))
        table.add_column(sa.Column("folder", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("plan_sendings") as table:
        table.drop_column("folder")
        table.drop_column("due")
