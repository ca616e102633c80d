"""Looking at each store of a home without making, migrating or changing any of it, apart from a probe in the files."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from marketmover.errors import MarketmoverError, StoreError
from marketmover.kit import new_id
from marketmover.store.opening import lake_path, require_stream, store_urls
from marketmover.store.urls import redacted, scheme_of

if TYPE_CHECKING:
    from marketmover.settings import Settings

State = Literal["ok", "warning", "broken"]


@dataclass(frozen=True)
class Finding:
    """What was found of a thing: its state, in words, and how to mend it where it is not `ok`."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def inspect_stores(settings: "Settings") -> list[Finding]:
    """A finding for each of the four stores, in the order lake, records, stream, files."""
    urls, home = store_urls(settings), settings.home
    looks: dict[str, Callable[[], Finding]] = {
        "lake": lambda: _lake(urls["lake"], home),
        "records": lambda: _records(urls["records"], home),
        "stream": lambda: _stream(urls["stream"]),
        "files": lambda: _files(urls["files"], home, settings.workspace),
    }
    return [_told(name, look) for name, look in looks.items()]


def _told(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except MarketmoverError as error:
        return Finding(name, "broken", error.message, error.remedy)


def _lake(url: str, home: Path) -> Finding:
    path = lake_path(url, home)
    if not path.exists():
        return _unmade("lake", path, home)
    from marketmover.store.duckdb_file import HeldError
    from marketmover.store.lake import Lake

    try:
        lake = Lake.open(path, wait_s=0)
    except HeldError as error:
        return Finding("lake", "warning", error.message, error.remedy)
    tables = len(lake.tables())
    lake.close()
    return Finding("lake", "ok", f"{path}: {_count(tables, 'table')}, {_size(path)}")


def _records(url: str, home: Path) -> Finding:
    from marketmover.store import database

    target = database.database_url(url, home)
    shown = database.shown(target)
    if target.get_backend_name() == "sqlite":
        path = Path(target.database or "")
        if not path.exists():
            return _unmade("records", path, home)
        _check_sqlite(path)
    engine = database.connect(target, pooled=False)
    with database.clear_errors(target):
        revision = database.current_revision(engine)
    newest = database.known_revisions()[-1]
    if revision == newest:
        return Finding("records", "ok", f"{shown}: schema revision {revision}")
    return Finding(
        "records", "ok", f"{shown}: schema revision {revision or 'none'}, brought to {newest} on its next use"
    )


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as error:
        raise StoreError(f"The records {path} cannot be read: {error}.", _RESTORE) from error
    if found != ["ok"]:
        raise StoreError(f"The records {path} are damaged: {'; '.join(found)}.", _RESTORE)


_RESTORE = "Restore them from a backup, or move the file away to begin anew."


def _stream(url: str) -> Finding:
    require_stream(url)
    return Finding("stream", "ok", "a table in records")


def _files(url: str, home: Path, workspace: str) -> Finding:
    if scheme_of(url or "files") in {"", "file"} and not home.exists():
        return _unmade("files", home / "files", home)
    from marketmover.store.files import Files

    files = Files.at(url or "files", home, workspace)
    probe = f"doctor/{new_id()}"
    files.write_text(probe, probe)
    found = files.read_text(probe)
    files.delete(probe)
    if found != probe:
        raise StoreError(f"The files {files.shown} gave back something else than was written.", "Check that storage.")
    return Finding("files", "ok", f"{redacted(files.shown)}: writing, reading and deleting work")


def _unmade(name: str, path: Path, home: Path) -> Finding:
    if path.parent != home and not path.parent.is_dir():
        raise StoreError(
            f"The {name} {path} cannot be made: its folder is not there.",
            f"Make the folder {path.parent}, or name another by MARKETMOVER_{name.upper()}_URL.",
        )
    return Finding(name, "ok", f"{path}: not there yet, made on first use")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"
