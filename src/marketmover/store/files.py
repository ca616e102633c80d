"""Files: models, exports, pictures, crawled pages; through fsspec on a folder, in memory, or on S3."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from marketmover.errors import MissingExtraError, NotFoundError, StoreError, UsageError
from marketmover.kit import new_id
from marketmover.store.urls import redacted, scheme_of, unsupported

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_INCOMING = ".incoming"
SUPPORTED = "a folder, file:///PATH, memory:// or s3://BUCKET/PREFIX"


class Files:
    """A tree of files. Paths are relative, with forward slashes (`models/curves.json`), and never lead out of it."""

    def __init__(self, filesystem: "AbstractFileSystem", root: str) -> None:
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        self._local = "file" in _protocols(filesystem)

    @classmethod
    def open_url(cls, url: str, workspace: str = "default") -> "Files":
        """Open the tree at a URL or folder; a workspace has a folder of its own in it.

        Raises:
            SettingsError: No backend answers to the URL.
            MissingExtraError: Its package is not installed.
            StoreError: The folder cannot be made or read.
        """
        scheme = scheme_of(url)
        if scheme in {"", "file"}:
            folder = Path(url.removeprefix("file://") or "/").expanduser().absolute()
            return cls(_filesystem("file", url), f"{_made(folder / workspace).as_posix()}")
        if scheme == "memory":
            return cls(_filesystem("memory", url), f"/{url.removeprefix('memory://').strip('/')}/{workspace}")
        if scheme == "s3":
            return cls(_filesystem("s3", url), f"{url.removeprefix('s3://').strip('/')}/{workspace}")
        raise unsupported("files_url", url, SUPPORTED)

    def read_bytes(self, path: str) -> bytes:
        """The file's bytes.

        Raises:
            NotFoundError: There is no such file.
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
            with self._writing(full) as stream:
                yield stream
            return
        try:
            stream = cast("IO[bytes]", self._filesystem.open(full, "rb"))
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotFoundError(f"There is no file {path!r} in {self.shown}.") from error
        with stream:
            yield stream

    def exists(self, path: str) -> bool:
        """Whether there is a file of this name."""
        return bool(self._filesystem.isfile(self._full(path)))

    def delete(self, path: str) -> None:
        """Delete a file; one that is not there is no error."""
        if self.exists(path):
            self._filesystem.rm_file(self._full(path))

    def list(self, folder: str = "") -> list[str]:
        """Paths of all files in a folder and below it, sorted."""
        top = self._full(folder) if folder else self._root
        if not self._filesystem.isdir(top):
            return []
        found = list(self._filesystem.find(top))
        bare = self._root.lstrip("/")
        relative = (name.lstrip("/").removeprefix(bare).lstrip("/") for name in found)
        return sorted(name for name in relative if not name.startswith(_INCOMING))

    @contextmanager
    def local(self, path: str) -> Generator[Path]:
        """The file as a path on this machine, to read from: itself in a folder, else a copy while the block runs."""
        if self._local:
            if not self.exists(path):
                raise NotFoundError(f"There is no file {path!r} in {self.shown}.")
            yield Path(self._full(path))
            return
        with tempfile.TemporaryDirectory(prefix="marketmover-") as folder, self.open(path) as source:
            copy = Path(folder) / PurePosixPath(path).name
            with copy.open("wb") as target:
                shutil.copyfileobj(source, target)
            yield copy

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

    @contextmanager
    def _writing(self, full: str) -> Generator[IO[bytes]]:
        if self._local:
            with _replacing(Path(full), _made(Path(self._root) / _INCOMING)) as stream:
                yield stream
            return
        with tempfile.TemporaryDirectory(prefix="marketmover-") as folder:
            part = Path(folder) / "part"
            with part.open("wb") as stream:
                yield stream
            self._filesystem.put_file(str(part), full)


@contextmanager
def _replacing(target: Path, incoming: Path) -> Generator[IO[bytes]]:
    """Write beside, then move into place: the move is atomic within one file system."""
    part = incoming / new_id()
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(_made(target.parent) / target.name)
    finally:
        part.unlink(missing_ok=True)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be made: {error.strerror}.", "Choose another by MARKETMOVER_FILES_URL."
        ) from error
    return folder


def _protocols(filesystem: Any) -> tuple[str, ...]:
    protocol = filesystem.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


def _filesystem(protocol: str, url: str) -> "AbstractFileSystem":
    import fsspec

    try:
        return fsspec.filesystem(protocol)
    except ImportError as error:
        raise MissingExtraError(f"files={redacted(url)}", protocol) from error
