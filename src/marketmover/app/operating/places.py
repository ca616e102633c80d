"""Where an installation keeps what: the four stores, the records of models, and what else lies in the home."""

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL, make_url

from marketmover.app.operating.manifest import KEY, within
from marketmover.errors import StoreError
from marketmover.settings import Settings
from marketmover.store import database, portable
from marketmover.store.opening import UNFINISHED, lake_path, store_urls, tracking_url

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from marketmover.store import Files, Lake

BACKUPS = "backups"
REPLACED = ".replaced-"
SUFFIX = ".tar.zst"
RESTORING = ".restoring-"
_NO_MATTER = {"workspaces"}
_MODELS = {"runs", "registered_models"}


@dataclass(frozen=True)
class Places:
    """Where everything is that a backup holds."""

    home: Path
    lake: Path
    records: URL
    tracking: URL
    files_url: str

    @classmethod
    def of(cls, settings: Settings) -> "Places":
        """By the settings.

        Raises:
            SettingsError: One of them cannot be used.
        """
        urls, home = store_urls(settings), settings.home
        return cls(
            home=home,
            lake=lake_path(urls["lake"], home),
            records=database.database_url(urls["records"], home),
            tracking=make_url(tracking_url(urls["tracking"], home)),
            files_url=urls["files"] or "files",
        )

    def files(self) -> "Files":
        """The files of all workspaces."""
        from marketmover.store import Files

        return Files.whole(self.files_url, self.home)

    @contextmanager
    def opened_lake(self, wait_s: float) -> "Generator[Lake | None]":
        """The lake, held meanwhile; `None` where there is none."""
        from marketmover.store import Lake

        if not self.lake.exists():
            yield None
            return
        lake = Lake.open(self.lake, wait_s=wait_s)
        try:
            yield lake
        finally:
            lake.close()

    def other_files(self, but: Path | None = None) -> list[str]:
        """Paths within the home of what is no store: routes of notices, folders of plans. Neither links nor dotfiles.

        Raises:
            StoreError: A name is one that no backup can hold.
        """
        is_of_store = self._stores()

        def is_other(path: Path) -> bool:
            if path.is_symlink() or path == but or is_reserved(path.relative_to(self.home).as_posix()):
                return False
            return (path.is_dir() or path.is_file()) and not is_of_store(path)

        found: list[str] = []
        for folder, folders, names in os.walk(self.home):
            folders[:] = sorted(name for name in folders if is_other(Path(folder, name)))
            found += [
                Path(folder, name).relative_to(self.home).as_posix() for name in names if is_other(Path(folder, name))
            ]
        return sorted(map(_sayable, found))

    def not_taken(self, names: "Iterable[str]") -> str | None:
        """The first of some paths within the home at which no backup may put a file: in a store, or through a link."""
        is_of_store = self._stores()
        for name in names:
            path = self.home / name
            folders = [self.home / folder for folder in PurePosixPath(name).parents[:-1]]
            if is_reserved(name) or is_of_store(path) or any(folder.is_symlink() for folder in folders):
                return name
        return None

    def _stores(self) -> "Callable[[Path], bool]":
        """What tells whether a path within the home is a store's; its log and spilled pages lie beside it."""
        files = self.files()
        root = Path(files.shown) if files.is_local else self.home
        there = (self.lake, file_of(self.records), file_of(self.tracking))
        stores = tuple(str(path) for path in there if path)

        def is_of_store(path: Path) -> bool:
            within_files = self.home in root.parents and path.is_relative_to(root)
            return within_files or str(path).startswith(stores)

        return is_of_store


def _sayable(name: str) -> str:
    try:
        return within(name)
    except ValueError as error:
        raise StoreError(f"The home holds a file that no backup can name: {name!a}.", "Rename it.") from error


def is_reserved(name: str) -> bool:
    """Whether a path within the home is one that backups leave alone: the key, earlier backups, what was set aside."""
    first = name.partition("/")[0]
    return first.startswith(".") or first in {BACKUPS, KEY, UNFINISHED} or REPLACED in first or first.endswith(SUFFIX)


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def is_there(url: URL) -> bool:
    """Whether a database may hold something; a server's does."""
    file = file_of(url)
    return file is None or file.exists()


def rows_of(url: URL) -> dict[str, int] | None:
    """Rows by table of a database; `None` where it cannot be read.

    Raises:
        StoreError: A server cannot be reached.
    """
    if not is_there(url):
        return {}
    with TemporaryDirectory(prefix="marketmover-") as aside:
        try:
            with portable.snapshot(url, Path(aside)) as connection:
                return portable.count_rows(connection)
        except StoreError:
            if file_of(url) is None:
                raise
            return None


def what_is_there(places: Places, wait_s: float) -> list[str]:
    """What a home holds that a restore would put something else in place of, in words; an `init`ed home holds nothing.

    Raises:
        StoreError: A server cannot be reached, or another process holds the lake.
    """
    from marketmover.store.duckdb_file import HeldError

    found: list[str] = []
    records, models = rows_of(places.records), rows_of(places.tracking)
    count = sum(rows for name, rows in (records or {}).items() if name not in _NO_MATTER)
    found += ["records that cannot be read"] if records is None else [f"{count:,} rows of records"] * bool(count)
    runs = sum(rows for name, rows in (models or {}).items() if name in _MODELS)
    found += ["records of models that cannot be read"] if models is None else [f"{runs:,} runs of models"] * bool(runs)
    try:
        with places.opened_lake(wait_s) as lake:
            rows = sum(lake.count_rows().values()) if lake else 0
            found += [f"{rows:,} rows in the lake"] * bool(rows)
    except HeldError:
        raise
    except StoreError:
        found.append("a lake that cannot be read")
    files, others = len(places.files().list()), len(places.other_files())
    return found + [f"{files:,} files"] * bool(files) + [f"{others:,} other files of the home"] * bool(others)
