"""Taking a backup of a whole installation, all workspaces, while it may be running."""

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from marketmover import __version__
from marketmover.app.operating import manifest as parts
from marketmover.app.operating.archive import member_of, write_archive
from marketmover.app.operating.manifest import Database, LakeCopy, Manifest, Member
from marketmover.app.operating.places import Places, file_of, is_there
from marketmover.errors import InputError, NotFoundError
from marketmover.kit import utc_now
from marketmover.store import portable

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

    from marketmover.app.opening import App
    from marketmover.store import Files

_WAIT_S = 60.0


@dataclass(frozen=True)
class Backup:
    """A backup that was taken: where it is, how big, and what it holds."""

    path: Path
    size: int
    manifest: Manifest


def take_backup(
    app: "App", target: Path, *, with_key: bool = False, replace: bool = False, wait_s: float = _WAIT_S
) -> Backup:
    """Write everything that an installation holds into one file, which appears when it is whole.

    Records and models' records are seen as they were at one moment. The lake is held until it is copied, and that
    moment lies within, so that nothing is told as landed that the copy lacks. Files follow: what records name is there
    before they name it.

    Args:
        app: The installation.
        target: The file.
        with_key: Put the key that opens the sealed credentials into it. Whoever has the file then has them.
        replace: Whether the file may be one that is there.
        wait_s: Seconds to wait for a process that holds the lake.

    Raises:
        NotFoundError: There is no home yet.
        InputError: The file is there, or its folder is not.
        StoreError: A store cannot be read, the lake stays held, or the disk is full.
    """
    places = Places.of(app.settings)
    _check(places, target, replace)
    with TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as aside:
        work = _Work(places, Path(aside), {}, [])
        found = work.gather(wait_s)
        work.take_files(target.absolute())
        keys = app.keys.all() if with_key else ()
        if keys:
            work.add(parts.KEY, _written(Path(aside, parts.KEY), app.keys.text()))
        manifest = Manifest(
            made_at=utc_now(), marketmover=__version__, with_key=bool(keys), members=work.members, **found
        )
        size = write_archive(target.absolute(), manifest, work.sources)
    _note(places.home, target, manifest.made_at)
    return Backup(target, size, manifest)


def _check(places: Places, target: Path, replace: bool) -> None:
    if not places.home.is_dir():
        raise NotFoundError(f"The home {places.home} is not there, so that there is nothing to back up.")
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise InputError(
            f"{target} cannot be a file: " + ("it is a folder." if target.is_dir() else "its folder is not there."),
            "Name a file, such as marketmover.tar.zst, in a folder that is there.",
        )
    if target.exists() and not replace:
        raise InputError(f"{target} is there already.", "Name another file, or say --replace.")


@dataclass
class _Work:
    """A backup under way: what was gathered, and where each member lies."""

    places: Places
    aside: Path
    sources: dict[str, Path]
    members: list[Member]

    def add(self, name: str, path: Path, to: str = "") -> None:
        self.members.append(member_of(name, path, to))
        self.sources[name] = path

    def gather(self, wait_s: float) -> dict[str, Any]:
        """The databases and the lake as they are at one moment."""
        places, found = self.places, dict[str, Any]()
        with ExitStack() as held:
            with places.opened_lake(wait_s) as lake:
                records = self._snapshot(held, parts.RECORDS, places.records)
                models = self._snapshot(held, parts.TRACKING, places.tracking)
                if lake is not None:
                    counts = lake.copy_to(self.aside / parts.LAKE)
                    found["lake"] = LakeCopy(duckdb=lake.connection.version, tables=counts)
            for kind, url, connection in (
                (parts.RECORDS, places.records, records),
                (parts.TRACKING, places.tracking, models),
            ):
                if connection is not None and (revision := portable.revision_of(connection)):
                    found[kind] = self._rows(kind, url, connection, revision)
            if records is not None and parts.RECORDS in found:
                found["key_ids"] = _key_ids(records)
        if "lake" in found:
            self.add(parts.LAKE, self.aside / parts.LAKE)
        return found

    def _snapshot(self, held: ExitStack, kind: str, url: "URL") -> "Connection | None":
        if not is_there(url):
            return None
        folder = self.aside / f"{kind}.snapshot"
        folder.mkdir()
        return held.enter_context(portable.snapshot(url, folder))

    def _rows(self, kind: str, url: "URL", connection: "Connection", revision: str) -> Database:
        counts = portable.write_tables(connection, self.aside / kind)
        for name in counts:
            self.add(f"{kind}/{name}.jsonl", self.aside / kind / f"{name}.jsonl")
        backend = "sqlite" if file_of(url) else "postgresql"
        return Database(backend=backend, revision=revision, tables=counts)

    def take_files(self, target: Path) -> None:
        """The files of all workspaces, and what else lies in the home; one that goes away meanwhile is left out."""
        files, folder = self.places.files(), self.aside / parts.FILES
        folder.mkdir()
        for number, path in enumerate(files.list()):
            copy = folder / f"{number:06d}"
            if _pinned(files, path, copy):
                self.add(f"{parts.FILES}/{number:06d}", copy, path)
        (self.aside / parts.HOME).mkdir()
        for number, path in enumerate(self.places.other_files(target)):
            copy = self.aside / parts.HOME / f"{number:06d}"
            if self.aside not in (self.places.home / path).parents and _copied(self.places.home / path, copy):
                self.add(f"{parts.HOME}/{number:06d}", copy, path)


def _pinned(files: "Files", path: str, copy: Path) -> bool:
    """The file as it is now: files are never written in place, so that in a folder a second name is enough."""
    try:
        if files.is_local:
            try:
                copy.hardlink_to(Path(files.shown, path))
            except OSError:  # on another disk
                return _copied(Path(files.shown, path), copy)
        else:
            files.copy_out(path, copy)
    except NotFoundError:
        return False
    return True


def _copied(source: Path, copy: Path) -> bool:
    try:
        shutil.copyfile(source, copy, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise InputError(
            f"{source} cannot be backed up: {error.strerror}.", "See that this user may read it."
        ) from error
    return True


def _key_ids(records: "Connection") -> list[str]:
    """The keys that sealed secrets need; none at a migration that has no secrets yet."""
    from sqlalchemy import inspect, text

    if not inspect(records).has_table("secrets"):
        return []
    return [str(row[0]) for row in records.execute(text("SELECT DISTINCT key_id FROM secrets ORDER BY key_id"))]


def _written(path: Path, text: str) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write(text)
    return path


def _note(home: Path, target: Path, at: datetime) -> None:
    """Leave word for `doctor` of when the last backup was taken and where it went."""
    from marketmover.app.operating.memory import LastBackup, keep_last

    keep_last(home, LastBackup(at, str(target.absolute())))
