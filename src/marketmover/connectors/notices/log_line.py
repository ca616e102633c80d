"""The log: a line of JSON a message, in a file or on standard error."""

import json
import os
from datetime import UTC
from pathlib import Path

from marketmover.console import say
from marketmover.errors import PlatformError
from marketmover.monitoring.notices import Message, Options

_TAIL_BYTES = 1_000_000


class LogNotifier:
    """Appends to a file, or prints.

    Args:
        path: The file; `None` for standard error.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @property
    def shown(self) -> str:
        """Where it leads."""
        return str(self._path) if self._path else "standard error"

    def send(self, message: Message) -> str:
        """Write it, once: a repeat is looked for in the last megabyte of the file first."""
        line = json.dumps(
            {
                "at": message.at.astimezone(UTC).isoformat(),
                "id": message.id,
                "severity": message.severity,
                "digest": message.digest or None,
                "notices": [notice.to_json() for notice in message.notices],
            },
            ensure_ascii=False,
        )
        if self._path is None:
            say(line)
            return "printed"
        try:
            return _append(self._path, line, message)
        except OSError as error:
            raise PlatformError(
                f"{self._path} cannot be written: {error.strerror}.",
                "Name a file in a folder that this user may write to.",
                kind="unavailable",
            ) from error


def log(options: Options) -> LogNotifier:
    """Of a route's options: `file`, or none for standard error."""
    path = options.text("file", "")
    if path and not Path(path).expanduser().is_absolute():
        raise options.wrong("file", f"is {path}", "Write its whole path.")
    return LogNotifier(Path(path).expanduser() if path else None)


def _append(path: Path, line: str, message: Message) -> str:
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
        if message.repeated and f'"id": "{message.id}"'.encode() in tail:
            return "written before"
        # a line that a dying process left unfinished is ended first, so that every line stands alone
        broken = b"\n" if tail and not tail.endswith(b"\n") else b""
        file.write(broken + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return "written"
