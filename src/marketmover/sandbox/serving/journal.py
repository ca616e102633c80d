"""What was done to a simulated account, on disk before it is answered: one JSON object a line, only ever added to."""

import json
import os
from pathlib import Path
from typing import Any

from marketmover.errors import ConflictError, InputError


class Journal:
    """An open journal. One process holds it at a time.

    A last line that was cut off while it was written was never answered, and is dropped.

    Attributes:
        path: The file.
        entries: All entries, oldest first.

    Raises:
        InputError: A line before the last cannot be read.
        ConflictError: Another process holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "r+b", buffering=0)
        try:
            self._hold()
            self.entries = self._read()
        except BaseException:
            self._file.close()
            raise

    def append(self, entry: dict[str, Any]) -> None:
        """Add an entry; it is on the disk when this returns."""
        line = json.dumps(entry, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        end = self._file.seek(0, os.SEEK_END)
        try:
            whole = self._file.write(line) == len(line)
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(end)
            raise InputError(f"{self.path} cannot be written: {error}.", "Is the disk full?") from error
        if not whole:
            self._file.truncate(end)
            raise InputError(f"{self.path} could be written in part only.", "Is the disk full?")
        self.entries.append(entry)

    def close(self) -> None:
        """Let another process have it."""
        self._file.close()

    def _hold(self) -> None:
        try:
            import fcntl
        except ImportError:  # a system without file locks: servers of one folder must not run side by side
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            where = self.path.parent.parent
            raise ConflictError(f"{where} is served already.", "Stop the other `sandbox serve`, or use it.") from error

    def _read(self) -> list[dict[str, Any]]:
        lines = self._file.read().split(b"\n")
        entries = [self._entry(number, line) for number, line in enumerate(lines[:-1], start=1)]
        if lines[-1]:
            self._file.truncate(sum(len(line) + 1 for line in lines[:-1]))
        self._file.seek(0, os.SEEK_END)
        return entries

    def _entry(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            entry: Any = json.loads(line)
        except ValueError as error:
            remedy = "Put back a copy of it, or take the folder `serving` away to begin anew."
            raise InputError(f"{self.path}, line {number}, cannot be read: {error}.", remedy) from error
        if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
            raise InputError(f"{self.path}, line {number}, is no entry of a journal.")
        return entry
