"""Bringing the stores of a home to what this marketmover works with, with a backup taken before."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.app.operating.backup import take_backup
from marketmover.app.operating.places import BACKUPS, SUFFIX, Places, is_there
from marketmover.errors import NotFoundError, StoreError
from marketmover.kit import utc_now
from marketmover.store import database, portable

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

    from marketmover.app.opening import App
    from marketmover.store import Lake

_WAIT_S = 60.0


@dataclass(frozen=True)
class Step:
    """One store's way: from what to what, in words."""

    store: str
    before: str
    after: str


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did, and where the backup lies that was taken before; nothing where all was up to date."""

    steps: list[Step]
    backup: Path | None = None


def upgrade_home(app: "App", *, backup: bool = True, wait_s: float = _WAIT_S) -> Upgraded:
    """Bring records, lake and records of models up to date.

    Each store is changed in one transaction, all of it or nothing; one that is done stays done where a later one fails.

    Args:
        app: The installation.
        backup: Whether to take a backup before, into the home's `backups/`.
        wait_s: Seconds to wait for a process that holds the lake.

    Raises:
        NotFoundError: There is no home.
        NewerSchemaError: A newer marketmover wrote it.
        StoreError: A store cannot be read or written; the backup was taken before.
    """
    places = Places.of(app.settings)
    if not places.home.is_dir():
        raise NotFoundError(f"The home {places.home} is not there.", "Run: marketmover init")
    steps = pending(places, wait_s)
    if not steps:
        return Upgraded([])
    taken = None
    if backup:
        (places.home / BACKUPS).mkdir(exist_ok=True)
        taken = places.home / BACKUPS / f"before-upgrade-{utc_now():%Y%m%dT%H%M%SZ}{SUFFIX}"
        take_backup(app, taken, wait_s=wait_s)
    for step in steps:
        _CHANGES[step.store](places, wait_s)
    return Upgraded(steps, taken)


def pending(places: Places, wait_s: float) -> list[Step]:
    """What an upgrade would do, by store; nothing is changed."""
    return [*_records_behind(places), *_models_behind(places), *_lake_behind(places, wait_s)]


def _records_behind(places: Places) -> list[Step]:
    if not is_there(places.records):
        return []
    engine = database.connect(places.records, pooled=False)
    try:
        with database.clear_errors(places.records):
            found = database.current_revision(engine)
    finally:
        engine.dispose()
    newest = database.known_revisions()[-1]
    return [Step("records", found or "nothing", newest)] if found != newest else []


def _models_behind(places: Places) -> list[Step]:
    from marketmover.learning.tracking_tables import newest_revision

    if not is_there(places.tracking) or (found := _read(places.tracking, portable.revision_of)) is None:
        return []  # MLflow makes its tables when it is first used
    newest = newest_revision()
    return [Step("records of models", found, newest)] if found != newest else []


def _read(url: "URL", look: "Callable[[Connection], str | None]") -> str | None:
    engine = database.connect(url, pooled=False)
    try:
        with database.clear_errors(url), engine.execution_options(**database.READ_ONLY).connect() as connection:
            return look(connection)
    finally:
        engine.dispose()


def _lake_behind(places: Places, wait_s: float) -> list[Step]:
    with places.opened_lake(wait_s) as lake:
        lacking = missing_columns(lake) if lake else []
    return [Step("lake", "without " + ", ".join(lacking), "with them")] if lacking else []


def missing_columns(lake: "Lake") -> list[str]:
    """Columns, and tables, that a lake with a history lacks: `TABLE.COLUMN`, `TABLE`."""
    from marketmover.history.tables import ALL, IMPORTS

    there = lake.tables()
    if IMPORTS.name not in there:
        return []  # the first import makes them all
    lacking = [form.name for form in ALL if form.name not in there]
    for form in (form for form in ALL if form.name in there):
        present = set(lake.table(form.name).columns)
        lacking += [f"{form.name}.{column}" for column in form.columns if column not in present]
    return lacking


def _upgrade_records(places: Places, wait_s: float) -> None:
    del wait_s
    engine = database.connect(places.records, pooled=False)
    try:
        database.migrate(engine)
    finally:
        engine.dispose()


def _upgrade_models(places: Places, wait_s: float) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from marketmover.learning.tracking_tables import tracking_at

    del wait_s
    try:
        with database.clear_errors(places.tracking), database.locked(places.tracking) as connection:
            tracking_at(connection, None)
    except SQLAlchemyError as error:
        raise StoreError(
            f"The records of models cannot be brought up to date: {error}. Nothing of them changed."
        ) from error


def _upgrade_lake(places: Places, wait_s: float) -> None:
    from marketmover.history.tables import ensure_tables

    with places.opened_lake(wait_s) as lake:
        if lake is not None:
            with lake.transaction():
                ensure_tables(lake, columns_too=True)


_CHANGES: dict[str, Callable[[Places, float], None]] = {
    "records": _upgrade_records,
    "records of models": _upgrade_models,
    "lake": _upgrade_lake,
}
