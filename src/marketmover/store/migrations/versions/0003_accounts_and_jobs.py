"""Connected accounts, sealed secrets, the log of who did what, and jobs with their runs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    _create_accounts()
    _create_audit_log()
    _create_jobs()


def downgrade() -> None:
    """Go back to the revision before."""
    for table in ("job_runs", "job_leases", "audit_log", "secrets", "accounts"):
        op.drop_table(table)
    if _on_postgresql():
        op.execute("DROP FUNCTION audit_log_is_append_only()")


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        _workspace("accounts"),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(128), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pk_accounts"),
    )
    op.create_index("uq_accounts_platform", "accounts", ["workspace_id", "platform", "account_id"], unique=True)
    op.create_table(
        "secrets",
        _workspace("secrets"),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pk_secrets"),
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.String(255), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("about", sa.String(255), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        _workspace("audit_log"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_about", "audit_log", ["workspace_id", "about", "id"])
    for statement in _POSTGRESQL_GUARD if _on_postgresql() else _SQLITE_GUARD:
        op.execute(statement)


_SQLITE_GUARD = (
    """CREATE TRIGGER audit_log_never_updated BEFORE UPDATE ON audit_log
       BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END""",
    """CREATE TRIGGER audit_log_never_deleted BEFORE DELETE ON audit_log
       BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END""",
)
_POSTGRESQL_GUARD = (
    """CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'audit_log is append-only'; END $$""",
    """CREATE TRIGGER audit_log_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
       FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()""",
)


def _create_jobs() -> None:
    op.create_table(
        "job_leases",
        _workspace("job_leases"),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("owner", sa.String(255), nullable=True),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("token", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pk_job_leases"),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("token", _BIG, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("again_at", _MOMENT, nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        _workspace("job_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
    )
    op.create_index("ix_job_runs_name", "job_runs", ["workspace_id", "name", "token"])


def _workspace(table: str) -> "sa.Column[str]":
    key = sa.ForeignKey("workspaces.id", name=f"fk_{table}_workspace_id_workspaces")
    return sa.Column("workspace_id", sa.String(64), key, nullable=False)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
