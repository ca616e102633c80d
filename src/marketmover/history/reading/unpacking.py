"""A file's bytes, unpacked where it is gzipped, as far as they go: a cut or damaged `.gz` gives all it holds."""

import zlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_CHUNK = 1 << 18
_GZIP = 16 + zlib.MAX_WBITS


class Unpacked:
    """Bytes of a file in chunks.

    Attributes:
        taken: Bytes of the file that were read so far.
        broken: Whether a gzipped file ended too early or holds damage; what came before was given.
    """

    def __init__(self, path: Path, *, gzipped: bool) -> None:
        self._file = path.open("rb")
        self._gzipped = gzipped
        self._unpacker = zlib.decompressobj(_GZIP)
        self._within = False
        self.taken = 0
        self.broken = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self) -> bytes:
        """The next bytes; empty at the end."""
        while not self.broken:
            packed = self._file.read(_CHUNK)
            self.taken += len(packed)
            if not self._gzipped:
                return packed
            if not packed:
                self.broken = self._within
                return b""
            if unpacked := self._unpack(packed):
                return unpacked
        return b""

    def _unpack(self, packed: bytes) -> bytes:
        """Bytes of `packed`, which may end one gzip member and begin the next; zeros after the last are padding."""
        parts: list[bytes] = []
        while packed:
            if not self._within and not packed.strip(b"\x00"):
                break
            self._within = True
            before = self._unpacker.copy()  # zlib gives nothing of a call that meets damage
            try:
                parts.append(self._unpacker.decompress(packed))
            except zlib.error:
                self.broken = True
                with suppress(zlib.error):
                    parts.extend(before.decompress(packed[at : at + 1]) for at in range(len(packed)))
                break
            packed = self._unpacker.unused_data
            if self._unpacker.eof:
                self._unpacker = zlib.decompressobj(_GZIP)
                self._within = False
        return b"".join(parts)
