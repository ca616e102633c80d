"""Connecting to the records' database and bringing its tables up to date."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from importlib import resources
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from marketmover.errors import MissingExtraError, NewerSchemaError, StoreError
from marketmover.store.urls import UPGRADE, redacted

READ_ONLY: dict[str, Any] = {"marketmover_read_only": True, "postgresql_readonly": True}
_BUSY_S = 30
_MIGRATION_LOCK = 0x6D61726B  # any fixed number: PostgreSQL's advisory lock for migrations


def connect(url: str, *, pooled: bool = True) -> Engine:
    """An engine for `sqlite:///PATH` or `postgresql://...`; nothing is opened yet."""
    target = make_url(url)
    if target.get_backend_name() == "postgresql":
        target = target.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {} if pooled else {"poolclass": NullPool}
    if target.get_backend_name() == "postgresql" and pooled:
        options["pool_pre_ping"] = True
    try:
        engine = create_engine(target, **options)
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"records={redacted(url)}", "postgres") from error
    if target.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """WAL, foreign keys, patience, and transactions begun by us (Python's sqlite3 begins them too late)."""
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - narrows the type for what follows
    connection.isolation_level = None
    for pragma in (f"busy_timeout = {_BUSY_S * 1000}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue at the start: a reader that turns writer in mid-transaction would fail instead of waiting."""
    read_only = connection.get_execution_options().get("marketmover_read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {int(read_only)}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def known_revisions() -> list[str]:
    """The revisions of the migrations in this package, oldest first."""
    folder = resources.files("marketmover.store.migrations").joinpath("versions")
    return sorted(entry.name.split("_")[0] for entry in folder.iterdir() if entry.name[:4].isdigit())


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables where they are behind, in one transaction under a lock."""
    if current_revision(engine) != known_revisions()[-1]:
        _upgrade(engine.url)


def current_revision(engine: Engine) -> str | None:
    """The revision that the database is at; none where it is new.

    Raises:
        NewerSchemaError: It is a revision that this package does not know.
    """
    with engine.execution_options(**READ_ONLY).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and revision not in known_revisions():
        raise NewerSchemaError(
            f"The records {redacted(str(engine.url))} have schema revision {revision}, which this marketmover does "
            f"not know (it knows up to {known_revisions()[-1]}): a newer one wrote them.",
            "Run: " + UPGRADE,
        )
    return revision


def _upgrade(url: URL) -> None:
    from alembic import command

    with locked(url) as connection:
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Any:
    """Alembic's configuration for this package's migrations over an open connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(resources.files("marketmover.store") / "migrations"))
    return config


@contextmanager
def locked(url: URL) -> Generator[Connection]:
    """A connection in a transaction that no other migration shares; committed when the block ends.

    SQLite's foreign keys are off in it, since changing a table there means to copy and drop it.
    """
    engine = connect(url.render_as_string(hide_password=False), pooled=False)
    try:
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = OFF"))
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            yield connection
    finally:
        engine.dispose()


@contextmanager
def clear_errors(url: URL) -> Generator[None]:
    """Turn the database's errors on opening into ones that name the database and the remedy."""
    shown = redacted(str(url))
    try:
        yield
    except OperationalError as error:
        raise StoreError(
            f"The records {shown} cannot be opened: {str(error.orig).strip()}",
            "Check that the server runs and lets this user in, or that the file's folder is there and writable.",
        ) from error
    except DBAPIError as error:
        raise StoreError(
            f"The records {shown} cannot be used: {str(error.orig).strip()}",
            "Check MARKETMOVER_RECORDS_URL: it must name a database of marketmover's own.",
        ) from error
