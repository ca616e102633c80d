"""What was sent to the ad platforms for plans, step by step."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    key = sa.ForeignKey("workspaces.id", name="fk_plan_sendings_workspace_id_workspaces")
    op.create_table(
        "plan_sendings",
        sa.Column("workspace_id", sa.String(64), key, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("plan_digest", sa.String(64), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("about", sa.String(255), nullable=False),
        sa.Column("who", sa.String(255), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_plan_sendings"),
        sa.UniqueConstraint(
            "workspace_id", "plan_digest", "platform", "account", "request_digest", name="uq_plan_sendings_request"
        ),
    )
    op.create_table(
        "plan_steps",
        sa.Column("workspace_id", sa.String(64), nullable=False),
        sa.Column("sending_id", sa.String(32), nullable=False),
        sa.Column("ref", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("creates", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "sending_id", "ref", name="pk_plan_steps"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "sending_id"],
            ["plan_sendings.workspace_id", "plan_sendings.id"],
            name="fk_plan_steps_workspace_id_plan_sendings",
        ),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("plan_steps")
    op.drop_table("plan_sendings")
