"""A scratch database beside the lake's tables: what is made ready in it reaches the lake without leaving DuckDB."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketmover.kit import new_id

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


@dataclass(frozen=True)
class Scratch:
    """A database in memory, in the lake's own process, that spills beside the lake's file.

    Attributes:
        db: A connection that works in it, with transactions of its own.
    """

    db: "duckdb.DuckDBPyConnection"
    _name: str
    _backend: "Backend"

    def table(self, name: str) -> "ir.Table":
        """A table or view of the scratch database as the lake sees it: to join with the lake's, or to append."""
        return self._backend.table(name, database=(self._name, "main"))


@contextmanager
def open_scratch(backend: "Backend", memory_mib: int, threads: int | None = None) -> Generator[Scratch]:
    """A scratch database of the lake's process; see `Lake.scratch`."""
    name = f"scratch_{new_id()}"
    backend.con.execute(f"ATTACH ':memory:' AS {name}")
    db = backend.con.cursor()
    try:
        db.execute(f"SET memory_limit = '{memory_mib}MiB'")
        if threads is not None:
            db.execute(f"SET threads = {threads}")
        db.execute("SET enable_progress_bar = false")
        db.execute(f"USE {name}")
        yield Scratch(db, name, backend)
    finally:
        db.close()
        backend.con.execute(f"DETACH {name}")
        backend.con.execute("RESET threads")
        backend.con.execute("RESET memory_limit")
