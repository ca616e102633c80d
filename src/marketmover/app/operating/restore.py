"""Putting a backup into a home: checked whole, made ready aside, and swapped in at the end."""

import shutil
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from marketmover.app.operating import manifest as parts
from marketmover.app.operating.archive import opened_archive
from marketmover.app.operating.manifest import Database, Manifest
from marketmover.app.operating.places import RESTORING, Places, file_of, what_is_there
from marketmover.app.operating.swapping import Swap, require_alone
from marketmover.errors import ConflictError, InputError, MarketmoverError, NewerSchemaError, StoreError
from marketmover.kit import utc_now
from marketmover.store import database, portable
from marketmover.store.opening import UNFINISHED, made_home
from marketmover.store.urls import UPGRADE

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

    from marketmover.app.opening import App

_WAIT_S = 10.0


@dataclass(frozen=True)
class Restored:
    """What a restore did: what it put in place, where what was there before lies now, and what is missing still."""

    manifest: Manifest
    set_aside: list[str] = field(default_factory=list[str])
    missing: list[str] = field(default_factory=list[str])


def restore_backup(app: "App", source: Path, *, replace: bool = False, wait_s: float = _WAIT_S) -> Restored:
    """Put a backup into the installation that the settings describe, on whichever databases they name.

    Nothing is touched before every part of the backup was held against its digest and all of it stands ready: rows in
    a transaction or a file of its own, the lake and the files beside their places. What was there is moved aside, never
    deleted. A restore that is cut off in the midst of the swap leaves a mark, and the home is refused until it was
    restored again.

    Args:
        app: The installation; its home is made where it is not there.
        source: The backup.
        replace: Whether to put it in place of what a home holds.
        wait_s: Seconds to wait for a process that holds the lake.

    Raises:
        InputError: The file is no whole backup, or leads out of the home.
        NewerSchemaError: A newer marketmover, MLflow or DuckDB wrote it.
        ConflictError: The home holds something, or another process is at work in it.
        StoreError: A store cannot be written, or the disk is too full.
    """
    places = Places.of(app.settings)
    made_home(places.home)
    with opened_archive(source) as archive:
        _check_manifest(archive.manifest, places)
        _check_room(archive.manifest, places.home)
        holds = what_is_there(places, wait_s)
        if holds and not replace and not (places.home / UNFINISHED).exists():
            raise ConflictError(
                f"The home {places.home} holds something already: {', '.join(holds)}.",
                "Say --replace to put the backup in its place (what is there is moved aside), or set "
                "MARKETMOVER_HOME to another folder.",
            )
        with TemporaryDirectory(prefix=RESTORING, dir=places.home) as folder:
            staged = Path(folder)
            archive.unpack(staged)
            set_aside = _put_in_place(places, archive.manifest, staged, keep=bool(holds))
    return Restored(archive.manifest, set_aside, _missing(app, archive.manifest))


def _check_manifest(manifest: Manifest, places: Places) -> None:
    if manifest.records and manifest.records.revision not in database.known_revisions():
        raise NewerSchemaError(
            f"The backup's records are at revision {manifest.records.revision}, which this marketmover does not know: "
            f"a newer one ({manifest.marketmover}) wrote it.",
            "Run: " + UPGRADE,
        )
    if wrong := places.not_taken(member.path for member in manifest.of(parts.HOME)):
        raise InputError(
            f"The backup would put {wrong!r} into {places.home}, where a store, a link or what no backup holds has its "
            "place. Nothing was changed.",
            "Move a link away that stands there, or name another place for the store in the settings.",
        )


def _check_room(manifest: Manifest, home: Path) -> None:
    rows = sum(member.size for kind in (parts.RECORDS, parts.TRACKING) for member in manifest.of(kind))
    needed, free = manifest.size + rows, shutil.disk_usage(home).free
    if needed > free:
        raise StoreError(
            f"The backup takes {needed / 1e6:,.0f} MB of disk, and {home} has {free / 1e6:,.0f} MB free.",
            "Free some space, or restore into a home on a larger disk. Nothing was changed.",
        )


def _put_in_place(places: Places, manifest: Manifest, staged: Path, *, keep: bool) -> list[str]:
    """Make all ready aside, then swap; says where what was there before lies."""
    swap = Swap(places, f"{utc_now():%Y%m%dT%H%M%SZ}", keep=keep)
    if manifest.lake:
        _check_lake(staged / parts.LAKE, manifest.lake.tables)
    require_alone(places)
    with ExitStack() as built:
        for kind, url, there in (
            (parts.TRACKING, places.tracking, manifest.tracking),
            (parts.RECORDS, places.records, manifest.records),
        ):
            connection = built.enter_context(_building(url, staged / f"{kind}.sqlite", swap))
            if there is not None:
                _build(connection, kind, there, staged)
        require_alone(places, servers=False)
        swap.begin()
    return swap.finish(manifest, staged)


@contextmanager
def _building(url: "URL", aside: Path, swap: Swap) -> "Generator[Connection]":
    """A transaction in which a database is built: SQLite's in a new file, PostgreSQL's beside the tables moved away."""
    target = url if file_of(url) is None else url.set(database=str(aside))
    with database.clear_errors(url), database.locked(target) as connection:
        if file_of(url) is None:
            swap.move_tables(connection)
        yield connection


def _build(connection: "Connection", kind: str, there: Database, staged: Path) -> None:
    """The tables as they were at their migration, their rows, and then every migration since; no work goes on."""
    from alembic import command

    from marketmover.jobs.tasks import give_up_open
    from marketmover.learning.tracking_tables import tracking_at

    if kind == parts.TRACKING:
        tracking_at(connection, there.revision)
    else:
        command.upgrade(database.alembic_config(connection), there.revision)
    portable.read_tables(connection, staged / kind, there.tables)
    if kind == parts.TRACKING:
        tracking_at(connection, None)
    else:
        command.upgrade(database.alembic_config(connection), "head")
        give_up_open(connection, utc_now())


def _check_lake(path: Path, told: Mapping[str, int]) -> None:
    from marketmover.store import Lake

    lake = Lake.open(path)
    try:
        found = lake.count_rows()
    finally:
        lake.close()
    if found != dict(told):
        raise InputError("The backup's lake holds other numbers of rows than its manifest says. Nothing was changed.")


def _missing(app: "App", manifest: Manifest) -> list[str]:
    """What a person must bring, since the backup does not hold it."""
    try:
        there = {key.id for key in app.keys.all()}
    except MarketmoverError as error:
        return [str(error)]
    lost = sorted(set(manifest.key_ids) - there)
    if not lost:
        return []
    mend = f"Put secret.key back into {app.settings.home} (mode 600), or set MARKETMOVER_SECRET_KEY."
    anew = "Without it, connect the accounts anew: marketmover accounts add"
    return [f"the key {', '.join(lost)} that opens the credentials of connected accounts. {mend} {anew}"]
