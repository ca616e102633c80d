"""Connecting to the records' database and bringing its tables up to date."""

import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from marketmover.errors import MissingExtraError, NewerSchemaError, SettingsError, StoreError
from marketmover.store.urls import UPGRADE, file_path, redacted, scheme_of, unsupported

READ_ONLY: dict[str, Any] = {"marketmover_read_only": True, "postgresql_readonly": True}
_BUSY_S = 30
_CONNECT_S = 10
_POLL_S = 0.02
_POOL = {"pool_size": 20, "max_overflow": 60}  # requests, jobs and beats of leases have one each; idle ones are few
_MIGRATION_LOCK = 0x6D61726B  # any fixed number: PostgreSQL's advisory lock for migrations


def database_url(url: str, home: Path) -> URL:
    """The records' database by their setting; empty means `records.sqlite` in the home.

    Raises:
        SettingsError: It names no database that we can use.
    """
    scheme = scheme_of(url)
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    if url and scheme != "sqlite":
        raise unsupported("records_url", url, "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE")
    return URL.create("sqlite", database=str(file_path("records_url", url, home) if url else home / "records.sqlite"))


def _postgresql(url: str) -> URL:
    try:
        return make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise SettingsError(
            f"The setting records_url is {redacted(url)!r}, which cannot be read as a URL.",
            "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with @ / : % in a password as %40 %2F %3A %25.",
        ) from error


def connect(url: URL, *, pooled: bool = True) -> Engine:
    """An engine for a database; nothing is opened yet."""
    server = url.get_backend_name() == "postgresql"
    options: dict[str, Any] = {"pool_pre_ping": server, **_POOL} if pooled else {"poolclass": NullPool}
    if server and "connect_timeout" not in url.query:  # without it a silent host is waited for by minutes
        options["connect_args"] = {"connect_timeout": _CONNECT_S}
    try:
        engine = create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise MissingExtraError(f"records={shown(url)}", "postgres") from error
    if not server:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def shown(url: URL) -> str:
    """The database as it may be shown: without its password, and as a person would write it."""
    return redacted(str(url.set(drivername=url.get_backend_name())))


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """WAL, foreign keys, patience, and transactions begun by us (Python's sqlite3 begins them too late)."""
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - narrows the type for what follows
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_S * 1000}")
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL. SQLite does not wait for others here, whatever its timeout is, so we do."""
    deadline = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY} or (
                time.monotonic() >= deadline
            ):
                raise
        else:
            return
        time.sleep(_POLL_S)


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
            f"The records {shown(engine.url)} have schema revision {revision}, which this marketmover does "
            f"not know (it knows up to {known_revisions()[-1]}): a newer one wrote them.",
            "Run: " + UPGRADE,
        )
    return revision


def _upgrade(url: URL) -> None:
    from alembic import command

    try:
        with locked(url) as connection:
            command.upgrade(alembic_config(connection), "head")
    except DBAPIError as error:
        raise StoreError(
            f"The records {shown(url)} cannot be brought up to date: {_reason(error)} Nothing was changed.",
            "MARKETMOVER_RECORDS_URL must name a database of marketmover's own, in which its user may make tables.",
        ) from error


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
    engine = connect(url, pooled=False)
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
    """Turn the database's errors on opening into one that names the database and the remedy."""
    server = url.get_backend_name() == "postgresql"
    try:
        yield
    except DBAPIError as error:
        raise StoreError(
            f"The records {shown(url)} cannot be opened: {_reason(error)}",
            "Check that the server runs, and that the user, the password and the database are right."
            if server
            else "Check that the folder is there, that this user may write to it, and that the file is ours.",
        ) from error


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().split("\n")[0].rstrip(".") + "."
