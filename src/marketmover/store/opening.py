"""Opening the stores that the settings name. No other module knows which backend runs."""

import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.errors import SettingsError
from marketmover.store.urls import file_path, scheme_of, unsupported

if TYPE_CHECKING:
    from marketmover.settings import Settings
    from marketmover.store.files import Files
    from marketmover.store.lake import Lake
    from marketmover.store.records import Records
    from marketmover.store.stream import Stream


class Stores:
    """The four stores of a home, each opened when first asked for."""

    def __init__(self, settings: "Settings", home: Path) -> None:
        self._settings = settings
        self._home = home
        self._open = ExitStack()

    @cached_property
    def lake(self) -> "Lake":
        """History to scan and fit on."""
        from marketmover.store.lake import Lake

        lake = Lake.open(lake_path(self._settings.lake_url, self._home), self._settings.workspace)
        self._open.callback(lake.close)
        return lake

    @cached_property
    def records(self) -> "Records":
        """Rows that change."""
        from marketmover.store.records import Records

        records = Records.open(records_url(self._settings.records_url, self._home), self._settings.workspace)
        self._open.callback(records.close)
        return records

    @cached_property
    def stream(self) -> "Stream":
        """Facts in order."""
        from marketmover.store.stream import Stream

        if self._settings.stream_url not in {"", "records"}:
            raise unsupported("stream_url", self._settings.stream_url, "`records` (a table in records)")
        return Stream(self.records)

    @cached_property
    def files(self) -> "Files":
        """Models, exports, pictures."""
        from marketmover.store.files import Files

        return Files.open_url(self._settings.files_url or str(self._home / "files"), self._settings.workspace)

    def close(self) -> None:
        """Close what was opened."""
        self._open.close()


def lake_path(url: str, home: Path) -> Path:
    """The lake's file."""
    if url and scheme_of(url) != "duckdb":
        raise unsupported("lake_url", url, "duckdb:///PATH")
    return file_path("lake_url", url, home) if url else home / "lake.duckdb"


def records_url(url: str, home: Path) -> str:
    """The records' URL as SQLAlchemy reads it."""
    if scheme_of(url) in {"postgresql", "postgres"}:
        return url.replace("postgres://", "postgresql://", 1)
    if url and scheme_of(url) != "sqlite":
        raise unsupported("records_url", url, "sqlite:///PATH or postgresql://HOST/DATABASE")
    return f"sqlite:///{file_path('records_url', url, home) if url else home / 'records.sqlite'}"


class StoreOpener:
    """Opens the stores where they are used. Commands get it as `typer.Context.obj`.

    Args:
        load: Gives the settings; called when they are first needed.
    """

    def __init__(self, load: "Callable[[], Settings]") -> None:
        self._load = load

    @cached_property
    def settings(self) -> "Settings":
        """The installation's settings."""
        return self._load()

    @property
    def workspace(self) -> str:
        """The workspace that commands work in."""
        return self.settings.workspace

    @contextmanager
    def home(self) -> Generator[Stores]:
        """The home's stores; the home is made if it is not there.

        Raises:
            SettingsError: The home is a file, or cannot be made.
        """
        yield from _closing(Stores(self.settings, made_home(self.settings.home)))

    @contextmanager
    def temporary(self) -> Generator[Stores]:
        """Embedded stores in a folder that is gone when the block ends, however it ends; several may be open."""
        with tempfile.TemporaryDirectory(prefix="marketmover-") as folder:
            embedded = {"home": Path(folder), "lake_url": "", "records_url": "", "stream_url": "", "files_url": ""}
            yield from _closing(Stores(self.settings.model_copy(update=embedded), Path(folder)))


def _closing(stores: Stores) -> Generator[Stores]:
    try:
        yield stores
    finally:
        stores.close()


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
