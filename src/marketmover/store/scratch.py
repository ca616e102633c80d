"""A scratch database beside the lake's tables: what is made ready in it reaches the lake without leaving DuckDB."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketmover.errors import StoreError
from marketmover.kit import new_id

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

_COSTLY = "fsst,dict_fsst"
"""Compressions of text that are not tried: they take a sixth of the time of writing facts, and save nothing there."""


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
    import duckdb

    name = f"scratch_{new_id()}"
    backend.con.execute(f"ATTACH ':memory:' AS {name}")
    db = backend.con.cursor()
    try:
        db.execute(f"SET memory_limit = '{memory_mib}MiB'")
        if threads is not None:
            db.execute(f"SET threads = {threads}")
        db.execute("SET enable_progress_bar = false")
        db.execute(f"SET disabled_compression_methods = '{_COSTLY}'")
        db.execute(f"USE {name}")
        yield Scratch(db, name, backend)
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            f"More than {memory_mib} MiB of memory were needed, and the disk did not hold the rest: {error}",
            "Free space on the disk that holds the lake (or the temporary folder), or import fewer files at a time.",
        ) from error
    finally:
        db.close()
        backend.con.execute(f"DETACH {name}")
        backend.con.execute("RESET disabled_compression_methods")
        backend.con.execute("RESET threads")
        backend.con.execute("RESET memory_limit")
