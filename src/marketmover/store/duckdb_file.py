"""The lake's file: what ibis leaves to DuckDB itself (opening, locking, transactions, bulk insert)."""

import re
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.errors import NewerSchemaError, StoreBusyError, StoreError
from marketmover.kit import new_id
from marketmover.store.urls import UPGRADE

if TYPE_CHECKING:
    import duckdb
    from ibis.backends.duckdb import Backend
    from ibis.expr.datatypes import DataType

META = "lake_meta"
SCHEMA_VERSION = 1
_POLL_S = 0.1
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "storage_compatibility_version": "v1.5.0",  # new files alone; its compression is smaller, and a third faster
}
_HELD = re.compile("Could not set lock on file|used by another process")


class HeldError(StoreBusyError):
    """Another process holds the lake."""


def connect(path: Path, wait_s: float) -> "Backend":
    """Open or make the file; see `Lake.open`."""
    import ibis

    if "?" in str(path):
        raise StoreError(
            f"The lake {path} cannot be opened: DuckDB reads no path with a question mark.", "Choose another folder."
        )
    connection = _held_connection(path, wait_s)
    try:
        _check_version(connection, path)
    except BaseException:
        connection.close()
        raise
    return ibis.duckdb.from_connection(connection)


def _held_connection(path: Path, wait_s: float) -> "duckdb.DuckDBPyConnection":
    import duckdb

    deadline = time.monotonic() + wait_s
    while True:
        try:
            return duckdb.connect(path, config=_CONFIG)
        except duckdb.Error as error:
            if not _HELD.search(str(error)) or time.monotonic() >= deadline:
                raise _opening_error(path, str(error)) from error
        time.sleep(_POLL_S)


def _opening_error(path: Path, text: str) -> StoreError:
    if _HELD.search(text):
        holder = re.search(r"\(PID (\d+)\)", text)
        return HeldError(
            f"The lake {path} is open in another process{f' ({holder.group(1)})' if holder else ''}; one process holds "
            "it at a time.",
            "Wait until that one ends, or stop it; or work in another home by MARKETMOVER_HOME.",
        )
    if "with a newer version of DuckDB" in text:
        return NewerSchemaError(
            f"The lake {path} was written by a newer DuckDB than the one that is installed.", "Run: " + UPGRADE
        )
    if "not a valid DuckDB" in text:
        return StoreError(
            f"The lake {path} is not a DuckDB file.", "Move it away, or name another by MARKETMOVER_LAKE_URL."
        )
    return StoreError(
        f"The lake {path} cannot be opened: {text}",
        "Check that its folder is there and that this user may write to it.",
    )


def _check_version(connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
    connection.execute(f"CREATE TABLE IF NOT EXISTS {META} (schema_version INTEGER PRIMARY KEY)")
    found = connection.execute(f"SELECT max(schema_version) FROM {META}").fetchone()  # noqa: S608 - a constant name
    version = found[0] if found else None
    if version is None:
        connection.execute(f"INSERT INTO {META} VALUES ({SCHEMA_VERSION})")  # noqa: S608 - a constant name
    elif version > SCHEMA_VERSION:
        raise NewerSchemaError(
            f"The lake {path} has schema version {version}; this marketmover knows up to {SCHEMA_VERSION}.",
            "Run: " + UPGRADE,
        )


def tables(backend: "Backend") -> list[str]:
    """Names of the stored tables, sorted; neither views nor what ibis keeps in memory."""
    found = backend.con.execute(
        "SELECT table_name FROM duckdb_tables() "
        "WHERE NOT internal AND NOT temporary AND database_name = current_database()"
    ).fetchall()
    return sorted(name for (name,) in found if name != META)


def create_table(backend: "Backend", table: str, columns: Mapping[str, "DataType"]) -> None:
    """Create an empty table; ibis would take 20 ms for it."""
    typed = (
        f'"{name}" {_sql_type(backend, kind)}{"" if kind.nullable else " NOT NULL"}' for name, kind in columns.items()
    )
    backend.con.execute(f'CREATE TABLE "{table}" ({", ".join(typed)})')


def column_names(backend: "Backend", table: str) -> set[str]:
    """Names of a table's columns; ibis would take 10 ms for them."""
    own = f"database_name = current_database() AND table_name = {_literal(table)}"
    found = backend.con.execute(f"SELECT column_name FROM duckdb_columns() WHERE {own}").fetchall()  # noqa: S608 - quoted
    return {name for (name,) in found}


def add_column(backend: "Backend", table: str, column: str, kind: "DataType") -> None:
    """Add a nullable column; old rows hold null in it."""
    backend.con.execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {_sql_type(backend, kind)}')


def same_type(backend: "Backend", one: "DataType", other: "DataType") -> bool:
    """Whether DuckDB stores both alike (a timestamp's unstated precision is microseconds), null apart."""
    mapper = backend.compiler.type_mapper
    return mapper.from_string(_sql_type(backend, one)) == mapper.from_string(_sql_type(backend, other))


def _sql_type(backend: "Backend", kind: "DataType") -> str:
    return backend.compiler.type_mapper.to_string(kind.copy(nullable=True))


def insert(backend: "Backend", table: str, rows: object, constants: Mapping[str, str]) -> int:
    """Insert arrow rows by column name, with constant columns beside them; the number of rows."""
    view = f"incoming_{new_id()}"
    backend.con.register(view, rows)
    try:
        return insert_query(backend, table, f'SELECT * FROM "{view}"', constants)  # noqa: S608 - our own name
    finally:
        backend.con.unregister(view)


def insert_query(backend: "Backend", table: str, query: str, constants: Mapping[str, str]) -> int:
    """Insert the rows of a query by column name, with constant columns beside them; the number of rows."""
    import duckdb

    # literals, since a parameter makes DuckDB import pandas, which takes a quarter of a second
    stamped = "".join(f', {_literal(value)} AS "{column}"' for column, value in constants.items())
    try:
        found = backend.con.execute(
            f'INSERT INTO "{table}" BY NAME SELECT *{stamped} FROM ({query})',  # noqa: S608 - names are checked
        ).fetchone()
    except (duckdb.ConversionException, duckdb.ConstraintException, duckdb.InvalidInputException) as error:
        raise StoreError(f"Rows do not fit the lake's table {table!r}: {error}") from error
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise _unwritable(error) from error
    return int(found[0]) if found else 0


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def delete_rows(backend: "Backend", table: str, chosen: str) -> int:
    """Delete the rows whose ids stand in the column `row_id` of `chosen`; the number of rows."""
    found = backend.con.execute(
        f'DELETE FROM "{table}" WHERE rowid IN (SELECT row_id FROM "{chosen}")'  # noqa: S608 - names are checked
    ).fetchone()
    return int(found[0]) if found else 0


@contextmanager
def transaction(backend: "Backend") -> Generator[None]:
    """One DuckDB transaction around the block."""
    import duckdb

    backend.con.begin()
    try:
        yield
    except BaseException:
        backend.con.rollback()
        raise
    try:
        backend.con.commit()
    except (duckdb.IOException, duckdb.TransactionException) as error:
        raise _unwritable(error) from error


def copy_to(backend: "Backend", path: Path) -> dict[str, int]:
    """Write all that the file holds at one moment into a new one, whatever threads of this process write meanwhile.

    Gives the rows by table.
    """
    import duckdb

    name = f"copy_{new_id()}"
    source = backend.con.execute("SELECT current_database()").fetchone()
    assert source is not None  # noqa: S101 - a connection always has one
    try:
        backend.con.execute(f"ATTACH {_literal(str(path))} AS {name}")
        try:
            with transaction(backend):
                counts = {table: _count(backend, table) for table in tables(backend)}
                backend.con.execute(f'COPY FROM DATABASE "{source[0]}" TO {name}')
        finally:
            backend.con.execute(f"DETACH {name}")
    except duckdb.IOException as error:
        raise StoreError(
            f"The lake cannot be copied to {path}: {error}", "Run `marketmover doctor` to see whether the disk is full."
        ) from error
    return counts


def _count(backend: "Backend", table: str) -> int:
    found = backend.con.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - a name of ours
    return int(found[0]) if found else 0


def _unwritable(error: Exception) -> StoreError:
    return StoreError(
        f"The lake could not be written, and nothing of this change was kept: {error}",
        "Run `marketmover doctor` to see whether the disk is full.",
    )
