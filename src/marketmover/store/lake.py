"""The lake: history to scan and fit on, through ibis on DuckDB."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self
from weakref import WeakValueDictionary

from marketmover.errors import StoreError
from marketmover.kit import new_id
from marketmover.store import duckdb_file
from marketmover.store.scratch import Scratch, open_scratch

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
    from ibis import Deferred
    from ibis.backends.duckdb import Backend

WORKSPACE = "workspace_id"


class ArrowStream(Protocol):
    """Rows by Arrow's stream protocol: a `pyarrow.Table` or `RecordBatchReader`, a polars frame, an ibis table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@dataclass
class _Nesting:
    """How many transactions deep a connection is, over all workspaces that share it."""

    depth: int = 0


@dataclass(eq=False)
class _Threads:
    """What threads of a process share that have the same file open: all their connections are to one database."""

    alone: threading.RLock = field(default_factory=threading.RLock)
    opening: threading.Lock = field(default_factory=threading.Lock)


_THREADS: "WeakValueDictionary[Path, _Threads]" = WeakValueDictionary()
_LOOKING = threading.Lock()


class Lake:
    """Tables to scan, seen from one workspace: every table handed out is filtered to it, every row stamped with it.

    Work on it by ibis expressions, which run in the database; rows leave it, by `to_pyarrow()`, when aggregated to what
    a model needs. One process holds a lake at a time. Within it each thread opens the lake for itself; what reads and
    then writes by what it read stands in `alone`, as readers see a change only once it is kept.
    """

    def __init__(
        self,
        connection: "Backend",
        workspace: str = "default",
        nesting: _Nesting | None = None,
        threads: _Threads | None = None,
    ) -> None:
        self._connection = connection
        self._workspace = workspace
        self._nesting = nesting or _Nesting()
        self._threads = threads or _Threads()

    @classmethod
    def open(cls, path: Path, workspace: str = "default", *, wait_s: float = 5.0) -> Self:
        """Open the DuckDB file at `path`, or make it.

        Args:
            path: The file; its folder must be there.
            workspace: Whose rows are seen and written.
            wait_s: Seconds to wait for another process to let go of the file.

        Raises:
            StoreError: Another process holds the file, it is no DuckDB file, or it may not be read or written.
            NewerSchemaError: A newer marketmover or DuckDB wrote it.
        """
        with _LOOKING:
            threads = _THREADS.setdefault(path.resolve(), _Threads())
        with threads.opening:  # two that make a new file at once would undo each other
            return cls(duckdb_file.connect(path, wait_s), workspace, threads=threads)

    @property
    def connection(self) -> "Backend":
        """The ibis backend, for expressions. Its tables hold all workspaces: read them by `table`."""
        return self._connection

    @property
    def workspace(self) -> str:
        """The workspace whose rows are seen and written."""
        return self._workspace

    def for_workspace(self, workspace: str) -> "Lake":
        """The same lake seen from another workspace."""
        return Lake(self._connection, workspace, self._nesting, self._threads)

    def tables(self) -> list[str]:
        """Names of all tables that were ensured, sorted."""
        return duckdb_file.tables(self._connection)

    def has(self, name: str) -> bool:
        """Whether the table was ever ensured, by any workspace."""
        return name in self.tables()

    def ensure(self, name: str, schema: "Mapping[str, str] | ibis.Schema") -> None:
        """Create the table where it is missing, and add columns that a present one lacks (null in the old rows).

        Args:
            name: Lower case letters, digits and underscores.
            schema: Columns and their ibis types (`{"day": "date", "cost": "float64"}`), without `workspace_id`.

        Raises:
            StoreError: A column is there with another type.
        """
        import ibis

        wanted = {WORKSPACE: "!string", **{column: str(kind) for column, kind in dict(schema).items()}}
        _check_names(name, wanted)
        if not self.has(name):
            duckdb_file.create_table(self._connection, name, dict(ibis.schema(wanted)))
            return
        present = dict(self._connection.table(name).schema())
        for column, kind in dict(ibis.schema(wanted)).items():
            if column not in present:
                duckdb_file.add_column(self._connection, name, column, kind)
            elif not duckdb_file.same_type(self._connection, present[column], kind):
                raise StoreError(
                    f"The lake's table {name!r} holds column {column!r} as {present[column]}, not as {kind}.",
                    "Keep the column's type, or write to a new column.",
                )

    def table(self, name: str) -> "ir.Table":
        """This workspace's rows of a table, `workspace_id` included.

        Raises:
            StoreError: The table was never ensured.
        """
        self._require(name)
        table = self._connection.table(name)
        return table.filter(table[WORKSPACE] == self._workspace)

    def _require(self, name: str) -> None:
        if not self.has(name):
            known = ", ".join(self.tables()) or "none yet"
            raise StoreError(f"The lake has no table {name!r}; it has: {known}.", "Import a history first.")

    def append(self, name: str, rows: ArrowStream) -> int:
        """Add rows; columns are matched by name, those not given are null.

        Args:
            name: The table.
            rows: An ibis table of the lake's own connection is added within the database, in its order.

        Returns:
            How many rows were added.

        Raises:
            StoreError: The table was never ensured, a column is not in it, or a value does not fit its column.
        """
        import ibis.expr.types as ir
        import pyarrow as pa

        inside = isinstance(rows, ir.Table) and rows.get_backend() is self._connection
        source: Any = rows if inside or isinstance(rows, pa.Table) else pa.RecordBatchReader.from_stream(rows)
        given: list[str] = list(source.columns) if inside else source.schema.names
        self._require(name)
        columns = duckdb_file.column_names(self._connection, name)
        unknown = sorted(set(given) - columns | ({WORKSPACE} & set(given)))
        if unknown:
            raise StoreError(
                f"Rows for the lake's table {name!r} have columns that cannot be written: {', '.join(unknown)}.",
                "Ensure the columns first; workspace_id is stamped by the lake itself.",
            )
        stamp = {WORKSPACE: self._workspace}
        if inside:
            return duckdb_file.insert_query(self._connection, name, self._connection.compile(source), stamp)
        return duckdb_file.insert(self._connection, name, source, stamp)

    def delete(self, name: str, where: "Callable[[ir.Table], ir.BooleanValue] | Deferred") -> int:
        """Delete this workspace's rows for which `where` holds (not where it is null).

        Args:
            name: The table.
            where: A condition on its columns (`_.day >= start`, with ibis's `_`), or a function of the table.

        Returns:
            How many rows were deleted.
        """
        from ibis import Deferred

        self._require(name)
        physical = self._connection.table(name)
        table = physical.mutate(row_id=physical.rowid()).filter(physical[WORKSPACE] == self._workspace)
        chosen = table.filter(where if isinstance(where, Deferred) else where(table)).select("row_id")
        doomed = f"doomed_{new_id()}"
        with self.transaction():
            self._connection.create_table(doomed, chosen, temp=True)
            deleted = duckdb_file.delete_rows(self._connection, name, doomed)
            self._connection.drop_table(doomed)
        return deleted

    def scratch(self, memory_mib: int, threads: int | None = None) -> AbstractContextManager[Scratch]:
        """A database to make rows ready in, gone with all that it holds when the block ends.

        Args:
            memory_mib: Memory that the lake and the scratch database share meanwhile; beyond it they spill to disk,
                beside the lake's file.
            threads: Threads that both have meanwhile; by default one a core.

        Raises:
            StoreError: Memory and disk together are not enough for what is done in it.
        """
        return open_scratch(self._connection, memory_mib, threads)

    @contextmanager
    def alone(self) -> Generator[None]:
        """While the block runs no other thread is in such a block of the same file; it may hold transactions."""
        with self._threads.alone:
            yield

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing over several changes: kept when the block ends, undone if it raises or the process dies.

        An inner transaction is part of the outer one.
        """
        self._nesting.depth += 1
        try:
            if self._nesting.depth > 1:
                yield
                return
            with duckdb_file.transaction(self._connection):
                yield
        finally:
            self._nesting.depth -= 1

    def count_rows(self) -> dict[str, int]:
        """Rows by table, those of all workspaces."""
        return {name: int(self._connection.table(name).count().to_pyarrow().as_py()) for name in self.tables()}

    def copy_to(self, path: Path) -> dict[str, int]:
        """Write the whole lake of one moment, with all workspaces, to a new file; gives the rows by table.

        Raises:
            StoreError: It cannot be written.
        """
        return duckdb_file.copy_to(self._connection, path)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.disconnect()


def _check_names(table: str, columns: Mapping[str, str]) -> None:
    for name in (table, *columns):
        if not name.isascii() or not name.replace("_", "a").isalnum() or name != name.lower() or name[0].isdigit():
            raise StoreError(f"{name!r} cannot name a table or column of the lake; use lower case, digits and _.")
