"""A database's rows as files that no backend owns: written from one snapshot, read into SQLite or PostgreSQL alike."""

import base64
import json
import math
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, Text, cast, func, insert, inspect, select, text
from sqlalchemy import types as sa_types
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, StatementError

from marketmover.errors import StoreError
from marketmover.store import database

VERSION_TABLE = "alembic_version"
_BATCH = 1000
_SUFFIX = ".jsonl"


@contextmanager
def snapshot(url: URL, aside: Path) -> Generator[Connection]:
    """A connection that sees the database as it is now, however others go on writing.

    Args:
        url: SQLite or PostgreSQL.
        aside: A folder for SQLite's copy, which is made page by page under a read lock.

    Raises:
        StoreError: It cannot be reached or read.
    """
    with database.clear_errors(url):
        source = _copied(url, aside) if url.get_backend_name() == "sqlite" else url
        engine = database.connect(source, pooled=False)
        try:
            options = database.READ_ONLY if source is url else {}
            level = {"isolation_level": "REPEATABLE READ"} if source is url else {}
            with engine.connect().execution_options(**options, **level) as connection, connection.begin():
                connection.execute(text("SELECT 1"))  # from here on the snapshot stands
                yield connection
        finally:
            engine.dispose()


def _copied(url: URL, aside: Path) -> URL:
    copy = aside / f"{Path(url.database or '').name}.snapshot"
    try:
        with closing(sqlite3.connect(url.database or "")) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise StoreError(
            f"The database {url.database} cannot be copied: {error}.", "Run: marketmover doctor"
        ) from error
    return url.set(database=str(copy))


def revision_of(connection: Connection) -> str | None:
    """The migration that the tables are at; `None` where there are none of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a constant


def count_rows(connection: Connection) -> dict[str, int]:
    """Rows by table, the migration's own apart."""
    return {table.name: _count(connection, table) for table in _tables(connection)}


def write_tables(connection: Connection, folder: Path) -> dict[str, int]:
    """Write each table into `folder` as `TABLE.jsonl`: a line of column names, then a line a row; rows by table."""
    folder.mkdir(parents=True, exist_ok=True)
    return {table.name: _write(connection, table, folder / f"{table.name}{_SUFFIX}") for table in _tables(connection)}


def read_tables(connection: Connection, folder: Path, counts: Mapping[str, int]) -> None:
    """Read tables that `write_tables` wrote into a database that is at the same migration.

    Args:
        connection: In a transaction of the target; it is for the caller to commit.
        folder: Where the files lie.
        counts: Rows by table, as they must come out.

    Raises:
        StoreError: A table or column is not there, a value does not fit, or the number of rows is another.
    """
    there = {table.name: table for table in _tables(connection)}
    if unknown := sorted(set(counts) - set(there)):
        raise StoreError(f"The backup holds tables that this marketmover does not know: {', '.join(unknown)}.")
    with _without_foreign_keys(connection):
        for name, rows in counts.items():
            _clear(connection, there[name])
            found = _read(connection, there[name], folder / f"{name}{_SUFFIX}")
            if found != rows:
                raise StoreError(f"The backup's table {name} has {found} rows, and its manifest says {rows}.")
    _check_foreign_keys(connection)
    _move_counters(connection, there.values())


def _tables(connection: Connection) -> list[Table]:
    """The tables by name, with the columns that can be written."""
    found = inspect(connection).get_multi_columns()
    own = MetaData()
    return [
        Table(name, own, *(Column(one["name"], one["type"]) for one in columns if "computed" not in one))
        for (_, name), columns in sorted(found.items(), key=lambda item: item[0][1])
        if name != VERSION_TABLE and not name.startswith("sqlite_")
    ]


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _write(connection: Connection, table: Table, path: Path) -> int:
    # JSON as its own text: a null in JSON and no value at all are two things
    columns = [cast(column, Text) if isinstance(column.type, JSON) else column for column in table.columns]
    rows = connection.execution_options(yield_per=_BATCH).execute(select(*columns))
    count = 0
    with path.open("w", encoding="utf-8") as handle:
        handle.write(json.dumps([column.name for column in table.columns]) + "\n")
        for count, row in enumerate(rows, start=1):  # noqa: B007 - it is the number of rows at the end
            handle.write(json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n")
    return count


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else {"float": str(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(value).decode()}
        case Decimal():
            return {"decimal": str(value)}
        case _:
            raise StoreError(f"A value of the kind {type(value).__name__} cannot be written into a backup.")


_READERS: dict[str, Any] = {
    "float": float,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": base64.b64decode,
    "decimal": Decimal,
}


def _read(connection: Connection, table: Table, path: Path) -> int:
    count = 0
    try:
        with path.open(encoding="utf-8") as handle:
            columns = [table.columns[name] for name in json.loads(handle.readline())]
            for batch in _batches(handle):
                rows = [_fitted(json.loads(line), columns) for line in batch]
                connection.execute(insert(table), rows)
                count += len(rows)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"The backup's table {table.name} cannot be read, after row {count}: {error!r}.") from error
    except (DBAPIError, StatementError) as error:
        raise StoreError(
            f"Rows {count + 1} and after of the table {table.name} do not fit this database: {error.orig or error}."
        ) from error
    return count


def _batches(lines: Iterator[str]) -> Generator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fitted(values: list[Any], columns: list[Column[Any]]) -> dict[str, Any]:
    return {column.name: _value(value, column.type) for value, column in zip(values, columns, strict=True)}


def _value(value: Any, kind: Any) -> Any:
    """A value as a column of the target takes it."""
    if isinstance(value, dict):
        (name, told), *_ = value.items()
        value = _READERS[name](told)
    if isinstance(kind, JSON):
        return None if value is None else _json(value)
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC) if getattr(kind, "timezone", False) else aware.astimezone(UTC).replace(tzinfo=None)
    if isinstance(kind, sa_types.Boolean) and value is not None:
        return bool(value)
    return value


def _json(words: str) -> Any:
    value = json.loads(words)
    return JSON.NULL if value is None else value


def _clear(connection: Connection, table: Table) -> None:
    """Rows that a migration brought would stand beside those of the backup."""
    if _count(connection, table):
        connection.execute(table.delete())


@contextmanager
def _without_foreign_keys(connection: Connection) -> Generator[None]:
    """Rows come in any order: on PostgreSQL the keys are taken off and put on again (and so held against every row).

    On SQLite the caller has them off, see `database.locked`.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    found = connection.execute(
        text(
            "SELECT quote_ident(t.relname), quote_ident(c.conname), pg_get_constraintdef(c.oid) FROM pg_constraint c "
            "JOIN pg_class t ON t.oid = c.conrelid "
            "WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace"
        )
    ).all()
    for table, name, _ in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (
        broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    ):
        raise StoreError(f"Rows of the backup's table {broken[0]} belong to rows of {broken[2]} that it does not hold.")


def _move_counters(connection: Connection, tables: Any) -> None:
    """PostgreSQL counts rows by sequences, which must go on after the highest number that is there."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.columns:
            if not isinstance(column.type, sa_types.Integer):
                continue
            quoted = connection.dialect.identifier_preparer.quote_identifier(table.name)
            sequence = connection.execute(select(func.pg_get_serial_sequence(quoted, column.name))).scalar()
            highest = connection.execute(select(func.max(column))).scalar() if sequence else None
            if sequence and highest is not None:
                connection.execute(select(func.setval(sequence, highest)))
