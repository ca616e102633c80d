"""The swap at the end of a restore: what is there is moved aside, what stands ready takes its place."""

import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from marketmover.app.operating import manifest as parts
from marketmover.app.operating.manifest import Manifest
from marketmover.app.operating.places import REPLACED, Places, file_of
from marketmover.errors import ConflictError, StoreError
from marketmover.kit import counted
from marketmover.store import database
from marketmover.store.duckdb_file import HeldError
from marketmover.store.opening import UNFINISHED

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

_STOP = "Stop it first: marketmover serve ends on Ctrl-C or SIGTERM. Nothing was changed."
_CLOSING_S = 3.0
_POLL_S = 0.05
_LOGS = ("", "-wal", "-shm", "-journal")


def require_alone(places: Places, *, servers: bool = True) -> None:
    """See that no other process works with the records or the lake of a home.

    Args:
        places: Where they are.
        servers: Whether to ask servers, too; once tables are moved there, a transaction keeps others out.

    Raises:
        ConflictError: One does.
        StoreError: One holds the lake.
    """
    for url in (places.records, places.tracking):
        if file_of(url) is not None:
            _require_file_alone(url)
        elif servers:
            _require_server_alone(url)
    try:
        with places.opened_lake(0):
            pass
    except HeldError:
        raise
    except StoreError:
        return  # it cannot be opened: nobody works with it


def _require_file_alone(url: "URL") -> None:
    """SQLite leaves its log behind only where nobody else has the file open."""
    path = Path(url.database or "")
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=2)) as connection:
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.rollback()
            connection.execute(f"PRAGMA journal_mode = {mode}")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise ConflictError(f"Another process works with {path}.", _STOP) from error
        raise StoreError(f"{path} cannot be moved aside: {error}.") from error
    except sqlite3.DatabaseError:
        return  # no database: nobody works with it


def _require_server_alone(url: "URL") -> None:
    """A connection that was just closed is listed for a moment still, so that the second look counts."""
    engine = database.connect(url, pooled=False)
    deadline = time.monotonic() + _CLOSING_S
    try:
        with database.clear_errors(url), engine.connect() as connection:
            while others := connection.execute(text(_OTHERS)).scalar_one():
                if time.monotonic() > deadline:
                    raise ConflictError(
                        f"{counted(others, 'other connection')} open to the database {database.shown(url)}.", _STOP
                    )
                connection.rollback()
                time.sleep(_POLL_S)
    finally:
        engine.dispose()


class Swap:
    """One swap: its stamp tells what it moved aside from what others did.

    Args:
        places: Where everything belongs.
        stamp: Part of the names that things are moved to.
        keep: Whether what was there is kept; an empty home's is not.
    """

    def __init__(self, places: Places, stamp: str, *, keep: bool) -> None:
        self._places = places
        self._suffix = f"{REPLACED}{stamp}"
        self._schema = f"marketmover_replaced_{stamp.lower()}"
        self._keep = keep
        self._aside: list[str] = []

    def move_tables(self, connection: "Connection") -> None:
        """Move the tables and functions of a PostgreSQL database into a schema of their own, in its transaction.

        Raises:
            StoreError: Somebody uses them, or this user may not make a schema.
        """
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        tables = connection.execute(text(_TABLES)).scalars().all()
        functions = connection.execute(text(_FUNCTIONS)).scalars().all()
        if not tables and not functions:
            return
        connection.exec_driver_sql(f"CREATE SCHEMA {self._schema}")
        for name in tables:
            connection.exec_driver_sql(f"ALTER TABLE {name} SET SCHEMA {self._schema}")
        for name in functions:
            connection.exec_driver_sql(f"ALTER FUNCTION {name} SET SCHEMA {self._schema}")
        if self._keep:
            self._aside.append(f"the schema {self._schema} of {database.shown(connection.engine.url)}")
        else:
            connection.exec_driver_sql(f"DROP SCHEMA {self._schema} CASCADE")

    def begin(self) -> None:
        """Mark the home as being restored, just before anything of it changes."""
        lines = [f"Whatever was replaced lies under its own name with {self._suffix} after it.", *self._aside]
        mark = self._places.home / UNFINISHED
        with mark.open("w", encoding="utf-8") as handle:
            handle.write("\n".join(lines) + "\n")
            handle.flush()
            os.fsync(handle.fileno())

    def finish(self, manifest: Manifest, staged: Path) -> list[str]:
        """Move what was there aside and what stands ready in; says where the former lies."""
        places = self._places
        self._replace(places.lake, staged / parts.LAKE if manifest.lake else None, ("", ".wal"))
        for kind, url, there in (
            (parts.RECORDS, places.records, manifest.records),
            (parts.TRACKING, places.tracking, manifest.tracking),
        ):
            if (file := file_of(url)) is not None:
                self._replace(file, staged / f"{kind}.sqlite" if there else None, _LOGS)
        self._replace_files(manifest, staged)
        self._replace_others(manifest, staged)
        (places.home / UNFINISHED).unlink()
        return self._aside

    def _replace(self, target: Path, ready: Path | None, endings: tuple[str, ...]) -> None:
        for ending in endings:
            former = target.with_name(target.name + ending)
            if former.exists():
                self._away(former)
        if ready is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            _moved(ready, target)

    def _away(self, former: Path) -> None:
        if not self._keep:
            former.unlink()
            return
        aside = former.with_name(former.name + self._suffix)
        former.replace(aside)
        self._aside.append(str(aside))

    def _replace_files(self, manifest: Manifest, staged: Path) -> None:
        files = self._places.files()
        if files.list():
            self._aside.append(files.set_aside(self._suffix))
        elif files.is_local and Path(files.shown).exists():
            shutil.rmtree(files.shown)
        for member in manifest.of(parts.FILES):
            files.copy_in(staged / member.name, member.path)

    def _replace_others(self, manifest: Manifest, staged: Path) -> None:
        home = self._places.home
        others = self._places.other_files()
        for name in others:
            aside = home / f"{parts.HOME}{self._suffix}" / name
            aside.parent.mkdir(parents=True, exist_ok=True)
            (home / name).replace(aside)
        if others:
            self._aside.append(str(home / f"{parts.HOME}{self._suffix}"))
        for member in manifest.of(parts.HOME):
            target = home / member.path
            target.parent.mkdir(parents=True, exist_ok=True)
            _moved(staged / member.name, target)
        if manifest.with_key:
            key = home / parts.KEY
            if key.exists() and key.read_bytes() != (staged / parts.KEY).read_bytes():
                self._away(key)
            (staged / parts.KEY).chmod(0o600)
            _moved(staged / parts.KEY, key)


def _moved(source: Path, target: Path) -> None:
    """Move a file into place, written to disk first; over a border between disks it is copied beside it."""
    if source.stat().st_dev != target.parent.stat().st_dev:
        beside = target.with_name(f".{target.name}.restoring")
        shutil.copy2(source, beside)
        source = beside
    handle = os.open(source, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    source.replace(target)


_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()"
_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""
