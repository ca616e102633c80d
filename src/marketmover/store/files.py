"""Files: models, exports, pictures, crawled pages; through fsspec on a folder, in memory, or on S3."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from marketmover.errors import MissingExtraError, NotFoundError, StoreError, UsageError
from marketmover.kit import new_id
from marketmover.store.urls import redacted, scheme_of, unsupported

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_INCOMING = ".incoming"
_ABANDONED_S = 24 * 3600
SUPPORTED = "a folder, file:///PATH, memory:// or s3://BUCKET/PREFIX"


class Files:
    """A tree of files. Paths are relative, with forward slashes (`models/curves.json`), and never lead out of it."""

    def __init__(self, filesystem: "AbstractFileSystem", root: str) -> None:
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        self._local = "file" in _protocols(filesystem)

    @classmethod
    def at(cls, url: str, home: Path, workspace: str = "default") -> "Files":
        """The tree at a URL or folder (a relative one is taken from `home`); a workspace has a folder of its own in it.

        Raises:
            SettingsError: No backend answers to the URL.
            MissingExtraError: Its package is not installed.
            StoreError: The folder cannot be made.
        """
        whole = cls.whole(url, home)
        if whole.is_local:
            _sweep(_made(Path(whole._root, workspace)) / _INCOMING)
        return cls(whole._filesystem, f"{whole._root}/{workspace}")

    @classmethod
    def whole(cls, url: str, home: Path) -> "Files":
        """The trees of all workspaces as one, each under its name; raises as `at` does."""
        scheme, (_, _, rest) = scheme_of(url), url.partition("://")
        if scheme in {"", "file"}:
            return cls(_filesystem("file", url), (home / Path(rest or url).expanduser()).as_posix())
        if scheme == "memory":
            return cls(_filesystem("memory", url), f"/{rest}")
        if scheme == "s3" and rest:
            return cls(_filesystem("s3", url), rest.strip("/"))
        raise unsupported("files_url", url, SUPPORTED)

    @property
    def is_local(self) -> bool:
        """Whether they lie in a folder of this machine."""
        return self._local

    def set_aside(self, suffix: str) -> str:
        """Move the whole tree away, to a name of its own beside it; says where it lies then."""
        aside = Files(self._filesystem, self._root + suffix)
        if self._local:
            with self._clear_errors(""):
                Path(self._root).rename(aside._root)
            return aside.shown
        for path in self.list():
            with self._clear_errors(path):
                self._filesystem.copy(self._full(path), aside._full(path))
            self.delete(path)
        return aside.shown

    def copy_in(self, source: Path, path: str) -> None:
        """Write a file of this machine to a path, as `open` does."""
        with source.open("rb") as content, self.open(path, "wb") as target:
            shutil.copyfileobj(content, target)

    def read_bytes(self, path: str) -> bytes:
        """The file's bytes.

        Raises:
            NotFoundError: There is no such file.
            StoreError: It cannot be read.
        """
        with self.open(path) as stream:
            return stream.read()

    def read_text(self, path: str) -> str:
        """The file's text (UTF-8)."""
        return self.read_bytes(path).decode()

    def write_bytes(self, path: str, content: bytes) -> None:
        """Write the whole file at once: readers see the old content or the new, never a part."""
        with self.open(path, "wb") as stream:
            stream.write(content)

    def write_text(self, path: str, text: str) -> None:
        """Write text (UTF-8) as `write_bytes` does."""
        self.write_bytes(path, text.encode())

    @contextmanager
    def open(self, path: str, mode: Literal["rb", "wb"] = "rb") -> Generator[IO[bytes]]:
        """Open a file to read, or to write it anew: it appears when the block ends, and not if the block raises."""
        full = self._full(path)
        if mode == "wb":
            with self._writing(path) as stream:
                yield stream
            return
        if not self.exists(path):  # S3 would read a folder as an empty file
            raise self._missing(path)
        with self._clear_errors(path):
            stream = cast("IO[bytes]", self._filesystem.open(full, "rb"))
        with stream:
            yield stream

    def exists(self, path: str) -> bool:
        """Whether there is a file of this name."""
        with self._clear_errors(path):
            return bool(self._filesystem.isfile(self._full(path)))

    def delete(self, path: str) -> None:
        """Delete a file; one that is not there is no error."""
        if self.exists(path):
            with self._clear_errors(path):
                self._filesystem.rm_file(self._full(path))

    def list(self, folder: str = "") -> list[str]:
        """Paths of all files in a folder and below it, sorted; none where there is no such folder."""
        top = self._full(folder) if folder else self._root
        with self._clear_errors(folder):
            found = list(self._filesystem.find(top)) if self._filesystem.isdir(top) else []
        bare = self._root.lstrip("/")
        relative = (str(name).lstrip("/").removeprefix(bare).lstrip("/") for name in found)
        # S3's own console marks an empty folder by an object whose name ends with a slash
        return sorted(name for name in relative if _INCOMING not in name.split("/") and name[-1:] != "/")

    @contextmanager
    def local(self, path: str) -> Generator[Path]:
        """The file as a path on this machine, to read from: itself in a folder, else a copy while the block runs."""
        if self._local:
            if not self.exists(path):
                raise self._missing(path)
            yield Path(self._full(path))
            return
        with tempfile.TemporaryDirectory(prefix="marketmover-") as folder:
            copy = Path(folder) / PurePosixPath(path).name
            self.copy_out(path, copy)
            yield copy

    @contextmanager
    def local_folder(self, folder: str) -> Generator[Path]:
        """A folder and all below it as a path on this machine, to read from: itself, else a copy while the block runs.

        Raises:
            NotFoundError: It holds no file.
        """
        names = self.list(folder)
        if not names:
            raise NotFoundError(f"There is no folder {folder!r} in {self.shown}, or it is empty.")
        if self._local:
            yield Path(self._full(folder))
            return
        with tempfile.TemporaryDirectory(prefix="marketmover-") as place:
            for name in names:
                self.copy_out(name, Path(place, name[len(folder) + 1 :]))
            yield Path(place)

    def copy_out(self, path: str, target: Path) -> None:
        """Copy a file to a path on this machine; folders on the way are made."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.open(path) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)

    @property
    def shown(self) -> str:
        """Where the files are, for messages."""
        return self._root if self._local else f"{_protocols(self._filesystem)[0]}://{self._root.lstrip('/')}"

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _full(self, path: str) -> str:
        parts = path.split("/")
        if not path or "\\" in path or "\0" in path or any(part in {"", ".", "..", _INCOMING} for part in parts):
            raise UsageError(f"{path!r} is no path in the files; write it like 'models/curves.json'.")
        return f"{self._root}/{path}"

    def _missing(self, path: str) -> NotFoundError:
        return NotFoundError(f"There is no file {path!r} in {self.shown}.")

    @contextmanager
    def _clear_errors(self, path: str) -> Generator[None]:
        try:
            yield
        except _backend_errors() as error:
            raise StoreError(
                f"The files {self.shown} cannot be used, at {path!r}: {error}",
                "Check MARKETMOVER_FILES_URL, and that this user may read and write there.",
            ) from error

    @contextmanager
    def _writing(self, path: str) -> Generator[IO[bytes]]:
        """Write apart, then move into place, which is atomic in a folder, as an upload is on S3."""
        with self._clear_errors(path):
            folder = _made(Path(self._root) / _INCOMING) if self._local else Path(tempfile.gettempdir())
            part = folder / f"marketmover-{new_id()}"
        try:
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            with self._clear_errors(path):
                self._move_in(part, self._full(path))
        finally:
            part.unlink(missing_ok=True)

    def _move_in(self, part: Path, full: str) -> None:
        if not self._local:
            self._filesystem.put_file(str(part), full)
            return
        Path(full).parent.mkdir(parents=True, exist_ok=True)
        part.replace(full)


def _sweep(incoming: Path) -> None:
    """Delete what writers left behind that were killed more than a day ago."""
    for part in incoming.glob("marketmover-*"):
        with suppress(FileNotFoundError):  # another process sweeps too
            if part.stat().st_mtime < time.time() - _ABANDONED_S:
                part.unlink()


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be made: {error.strerror}.", "Choose another by MARKETMOVER_FILES_URL."
        ) from error
    return folder


def _backend_errors() -> tuple[type[Exception], ...]:
    """What backends raise: OSError, and botocore's own where S3 is used (no credentials, no such endpoint)."""
    botocore = sys.modules.get("botocore.exceptions")
    return (OSError, botocore.BotoCoreError) if botocore else (OSError,)


def _protocols(filesystem: Any) -> tuple[str, ...]:
    protocol = filesystem.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


def _filesystem(protocol: str, url: str) -> "AbstractFileSystem":
    import fsspec

    # listings are not cached: other processes write here too
    options: dict[str, Any] = {"use_listings_cache": False} if protocol == "s3" else {}
    try:
        return fsspec.filesystem(protocol, skip_instance_cache=True, **options)
    except ImportError as error:
        raise MissingExtraError(f"files={redacted(url)}", protocol) from error
