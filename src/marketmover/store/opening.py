"""Opening the stores that the settings name. No other module knows which backend runs."""

import tempfile
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.errors import SettingsError, StoreError
from marketmover.store.urls import file_path, scheme_of, unsupported

STORES = ("lake", "records", "stream", "files")
UNFINISHED = "restore.unfinished"
"""A file of the home that is there while a backup is put in place: a home that has it may be half old and half new."""

if TYPE_CHECKING:
    from marketmover.settings import Settings
    from marketmover.store.files import Files
    from marketmover.store.lake import Lake
    from marketmover.store.records import Records
    from marketmover.store.stream import Stream


class Stores:
    """The four stores of a home, each opened when first asked for.

    Args:
        home: The folder of what is embedded; it must be there.
        urls: URLs by store (`lake`, `records`, `stream`, `files`), and `tracking`, MLflow's own; empty or missing
            ones mean the embedded default.
        workspace: Whose rows and files are seen and written.
        records: Records that are open already, of the same workspace; they stay open when these stores are closed.
    """

    def __init__(
        self, home: Path, urls: Mapping[str, str], workspace: str = "default", records: "Records | None" = None
    ) -> None:
        self._home = home
        self._given_records = records
        self._urls = {name: urls.get(name, "") for name in (*STORES, "tracking")}
        self._workspace = workspace
        self._open = ExitStack()

    @cached_property
    def lake(self) -> "Lake":
        """History to scan and fit on."""
        from marketmover.store.lake import Lake

        lake = Lake.open(lake_path(self._urls["lake"], self._home), self._workspace)
        self._open.callback(lake.close)
        return lake

    @cached_property
    def records(self) -> "Records":
        """Rows that change."""
        from marketmover.store.database import database_url
        from marketmover.store.records import Records

        if self._given_records is not None:
            return self._given_records
        records = Records.open(database_url(self._urls["records"], self._home), self._workspace)
        self._open.callback(records.close)
        return records

    @cached_property
    def stream(self) -> "Stream":
        """Facts in order."""
        from marketmover.store.stream import Stream

        require_stream(self._urls["stream"])
        return Stream(self.records)

    @cached_property
    def files(self) -> "Files":
        """Models, exports, pictures."""
        from marketmover.store.files import Files

        return Files.at(self._urls["files"] or "files", self._home, self._workspace)

    @property
    def tracking_url(self) -> str:
        """MLflow's database, as MLflow reads it; `learning` alone opens it."""
        return tracking_url(self._urls["tracking"], self._home)

    @property
    def workspace(self) -> str:
        """Whose rows and files are seen and written."""
        return self._workspace

    def close(self) -> None:
        """Close what was opened."""
        self._open.close()


def lake_path(url: str, home: Path) -> Path:
    """The lake's file."""
    if url and scheme_of(url) != "duckdb":
        raise unsupported("lake_url", url, "duckdb:///PATH")
    return file_path("lake_url", url, home) if url else home / "lake.duckdb"


def require_stream(url: str) -> None:
    """See that the stream's setting is one that we have."""
    if url not in {"", "records"}:
        raise unsupported("stream_url", url, "`records` (a table in records)")


def tracking_url(url: str, home: Path) -> str:
    """The database of MLflow's records by its setting; empty means `mlflow.db` in the home.

    Raises:
        SettingsError: It names no database that we can use.
    """
    scheme = scheme_of(url)
    if scheme in {"postgresql", "postgres"}:
        return f"postgresql+psycopg://{url.partition('://')[2]}"
    if url and scheme != "sqlite":
        raise unsupported("tracking_url", url, "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE")
    return f"sqlite:///{file_path('tracking_url', url, home) if url else home / 'mlflow.db'}"


class StoreOpener:
    """Opens the stores where they are used. Commands get it as `typer.Context.obj`.

    Args:
        settings: Where they are; without it the environment and `.env` are read when they are first needed.
    """

    def __init__(self, settings: "Settings | None" = None) -> None:
        self._given = settings

    @cached_property
    def settings(self) -> "Settings":
        """The installation's settings."""
        from marketmover.settings import load_settings

        return self._given or load_settings()

    @property
    def workspace(self) -> str:
        """The workspace that commands work in."""
        return self.settings.workspace

    @contextmanager
    def home(self) -> Generator[Stores]:
        """The home's stores; the home is made if it is not there.

        Raises:
            SettingsError: The home is a file, or cannot be made.
            StoreError: A restore of it was cut off.
        """
        home = made_home(self.settings.home)
        refuse_half_restored(home)
        yield from _closing(Stores(home, store_urls(self.settings), self.workspace))

    @contextmanager
    def temporary(self) -> Generator[Stores]:
        """Embedded stores in a folder that is gone when the block ends, however it ends; several may be open."""
        with tempfile.TemporaryDirectory(prefix="marketmover-") as folder:
            yield from _closing(Stores(Path(folder), {}, self.workspace))


def store_urls(settings: "Settings") -> dict[str, str]:
    """The URLs by store, passwords included."""
    return {
        "lake": settings.lake_url.get_secret_value(),
        "records": settings.records_url.get_secret_value(),
        "stream": settings.stream_url.get_secret_value(),
        "files": settings.files_url.get_secret_value(),
        "tracking": settings.tracking_url.get_secret_value(),
    }


def _closing(stores: Stores) -> Generator[Stores]:
    try:
        yield stores
    finally:
        stores.close()


def refuse_half_restored(home: Path) -> None:
    """See that no restore into a home was cut off.

    Raises:
        StoreError: One was.
    """
    if (home / UNFINISHED).exists():
        raise StoreError(
            f"A backup was being put into the home {home}, and that was cut off.",
            "Run it again: marketmover restore FILE --replace. Nothing is lost: what was there before lies beside it, "
            f"as {home / UNFINISHED} says.",
        )


def made_home(home: Path) -> Path:
    """The home's folder, made if need be, for its owner alone."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise SettingsError(
            f"The home {home} is a file, not a folder.", "Move it away, or set MARKETMOVER_HOME to a folder."
        ) from error
    except OSError as error:
        raise SettingsError(
            f"The home {home} cannot be made: {error.strerror}.", "Set MARKETMOVER_HOME to a folder that you may write."
        ) from error
    return home
