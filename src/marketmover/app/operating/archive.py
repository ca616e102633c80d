"""The file of a backup: a tar packed with Zstandard, its manifest first. Plain files alone, under names of our own.

`tar --zstd -tf FILE` lists it. The reader takes no link, no folder and no extended header, so that no name in
an archive reaches the file system: where things go is said by the manifest, and checked there.
"""

import hashlib
import os
import tarfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from marketmover.app.operating.manifest import Manifest, Member
from marketmover.errors import InputError, StoreError
from marketmover.kit import new_id

MANIFEST = "manifest.json"
_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 20
_MOST_MANIFEST = 64 << 20


def member_of(name: str, path: Path, to: str = "") -> Member:
    """A file as the manifest names it, with its size and digest."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Member(name=name, size=size, sha256=digest.hexdigest(), path=to)


def write_archive(target: Path, manifest: Manifest, sources: Mapping[str, Path]) -> int:
    """Write a backup: the whole file appears at the end, for its owner alone, or none; its size.

    Args:
        target: The file.
        manifest: What it holds.
        sources: Where each member lies, by its name.

    Raises:
        StoreError: It cannot be written, or a member is not what the manifest says.
    """
    aside = target.with_name(f".{target.name}-{new_id()}")
    try:
        with _packed(aside) as out:
            content = manifest.model_dump_json(indent=1).encode()
            _head(out, MANIFEST, len(content))
            out.write(content + _padding(len(content)))
            for member in manifest.members:
                _head(out, member.name, member.size)
                _copy(sources[member.name], out, member)
            out.write(bytes(2 * _BLOCK))
        _sync(aside)
        size = aside.stat().st_size
        aside.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise StoreError(
            f"The backup {target} cannot be written: {error.strerror or error}.", "Name another place for it."
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return size


@contextmanager
def _packed(path: Path) -> Generator[Any]:
    import pyarrow as pa

    handle = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    with handle, pa.CompressedOutputStream(handle, "zstd") as out:
        yield out


def _head(out: Any, name: str, size: int) -> None:
    head = tarfile.TarInfo(name)
    head.size, head.mode = size, 0o600
    out.write(head.tobuf(tarfile.GNU_FORMAT))


def _copy(source: Path, out: Any, member: Member) -> None:
    digest, left = hashlib.sha256(), member.size
    with source.open("rb") as handle:
        while left and (chunk := handle.read(min(_CHUNK, left))):
            digest.update(chunk)
            out.write(chunk)
            left -= len(chunk)
    if left or digest.hexdigest() != member.sha256:
        raise StoreError(f"{source} changed while it was backed up.", "Run the backup again.")
    out.write(_padding(member.size))


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Archive:
    """A backup that is open to be read, once, from its beginning to its end."""

    def __init__(self, path: Path, stream: Any) -> None:
        self._path = path
        self._stream = stream
        self.manifest = self._manifest()

    def unpack(self, folder: Path) -> None:
        """Write every member into `folder` under its name, each held against its size and its digest.

        Raises:
            InputError: Something is missing, is there twice, or is not what the manifest says.
        """
        waiting = {member.name: member for member in self.manifest.members}
        while (head := self._head()) is not None:
            member = waiting.pop(head.name, None)
            if member is None or head.size != member.size:
                raise self._broken(f"it holds {head.name!r} of {head.size:,} bytes, which its manifest does not")
            target = folder / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                self._take(member, out)
        if waiting:
            raise self._broken(f"{next(iter(waiting))} is missing")

    def _manifest(self) -> Manifest:
        head = self._head()
        if head is None or head.name != MANIFEST or head.size > _MOST_MANIFEST:
            raise self._broken("it does not begin with a manifest")
        content = self._read(head.size)
        self._read(-head.size % _BLOCK)
        try:
            return Manifest.model_validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise self._broken(f"its manifest cannot be used, at {place or 'its beginning'}: {first['msg']}") from error

    def _head(self) -> tarfile.TarInfo | None:
        block = self._read(_BLOCK)
        if not any(block):
            return None
        try:
            head = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, ValueError) as error:
            raise self._broken("it holds what is no header") from error
        if head.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or head.size < 0:
            raise self._broken(f"{head.name!r} is not a plain file")
        return head

    def _take(self, member: Member, out: IO[bytes]) -> None:
        digest, left = hashlib.sha256(), member.size
        while left:
            chunk = self._read(min(_CHUNK, left))
            digest.update(chunk)
            out.write(chunk)
            left -= len(chunk)
        self._read(-member.size % _BLOCK)
        if digest.hexdigest() != member.sha256:
            raise self._broken(f"{member.name} has another digest than its manifest says")

    def _read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            try:
                part: bytes = self._stream.read(size)
            except (OSError, ValueError) as error:
                raise self._broken("it cannot be unpacked") from error
            if not part:
                raise self._broken("it ends too early")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _broken(self, why: str) -> InputError:
        return InputError(
            f"{self._path} is no whole backup of marketmover: {why}. Nothing was changed.", "Take another backup."
        )


@contextmanager
def opened_archive(path: Path) -> Generator[Archive]:
    """Open a backup and read its manifest.

    Raises:
        InputError: It is not there, or no backup of ours.
    """
    import pyarrow as pa

    try:
        handle = path.open("rb")
    except OSError as error:
        raise InputError(f"The backup {path} cannot be read: {error.strerror}.") from error
    with handle, pa.CompressedInputStream(handle, "zstd") as stream:
        yield Archive(path, stream)
