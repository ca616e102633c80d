"""Records: rows that change, through SQLAlchemy 2 on SQLite (WAL) or PostgreSQL (psycopg 3)."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Engine, ForeignKey, MetaData, String, TypeDecorator, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from marketmover.kit import utc_now
from marketmover.store import database

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware and in UTC out, on every backend.

    Raises:
        ValueError: A moment without a time zone was to be written.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102 - SQLAlchemy's hook
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; moments in records are aware")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102 - SQLAlchemy's hook
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RecordsBase(DeclarativeBase):
    """What every room's `records.py` derives its tables from.

    Constraints are named by convention, so that migrations can address them. `datetime` columns are `UtcDateTime`,
    `dict` columns JSON.
    """

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime(), dict[str, Any]: JSON()}


class Workspace(RecordsBase):
    """A client's data within a home; every other row belongs to one. An archived one is kept, and opens to nobody."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
    title: Mapped[str | None] = mapped_column(String(255))
    archived_at: Mapped[datetime | None]


class InWorkspace:
    """Mixin: the row belongs to a workspace. Let the table's own indexes begin with `workspace_id`."""

    @declared_attr
    def workspace_id(cls) -> Mapped[str]:  # noqa: N805 - SQLAlchemy gives the class
        """The workspace that the row belongs to."""
        return mapped_column(String(64), ForeignKey("workspaces.id"))


def workspace_key() -> Mapped[str]:
    """`workspace_id` as part of a table's primary key, in place of `InWorkspace`."""
    return mapped_column(String(64), ForeignKey("workspaces.id"), primary_key=True)


class Records:
    """A database of rows that change."""

    def __init__(self, engine: Engine, workspace: str = "default") -> None:
        self._engine = engine
        self._workspace = workspace

    @classmethod
    def open(cls, url: URL, workspace: str = "default") -> "Records":
        """Open the database at a URL and bring its tables up to date.

        Raises:
            StoreError: It cannot be reached, opened or read.
            NewerSchemaError: A newer marketmover wrote it.
            MissingExtraError: The driver is not installed.
        """
        engine = database.connect(url)
        try:
            with database.clear_errors(engine.url):
                database.migrate(engine)
                _add_workspace(engine, workspace)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, workspace)

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine."""
        return self._engine

    @property
    def workspace(self) -> str:
        """The workspace whose rows are seen and written."""
        return self._workspace

    def of_workspace(self, workspace: str) -> "Records":
        """The same database seen from another workspace, which must be there."""
        return Records(self._engine, workspace)

    def of_installation(self) -> "Records":
        """The same database as its oldest workspace sees it: what concerns all workspaces is held there.

        It shares this one's connections, and is not closed by itself.
        """
        with self.session(read_only=True) as session:
            oldest = session.scalar(select(Workspace.id).order_by(Workspace.created_at, Workspace.id).limit(1))
        return Records(self._engine, oldest or self._workspace)

    @contextmanager
    def session(self, *, read_only: bool = False) -> Generator[Session]:
        """One transaction: committed when the block ends, undone if it raises or the process dies.

        Args:
            read_only: Never waits for a writer on SQLite; writing in it is an error.
        """
        engine = self._engine.execution_options(**database.READ_ONLY) if read_only else self._engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _add_workspace(engine: Engine, workspace: str) -> None:
    with Session(engine.execution_options(**database.READ_ONLY)) as session:
        if session.get(Workspace, workspace) is not None:
            return
    # Two processes may start at once: the key lets one of them write it, and the other finds it written.
    with suppress(IntegrityError), Session(engine) as session, session.begin():
        session.add(Workspace(id=workspace, created_at=utc_now()))
