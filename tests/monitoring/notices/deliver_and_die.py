"""A program: deliver from a home's outbox, and be killed before or after the N-th message is written down."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from telling_cases import NOON

from marketmover.monitoring.notices import Message, deliver, read_configuration
from marketmover.settings import Settings
from marketmover.store import StoreOpener


class Told:
    """Writes titles into a file, and dies when its time has come."""

    shown = "a file"

    def __init__(self, path: Path, at: int, moment: str) -> None:
        self._path, self._at, self._moment, self._count = path, at, moment, 0

    def send(self, message: Message) -> str:
        """Write it down."""
        self._count += 1
        self._die("before")
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{message.notices[0].key}{':repeat' if message.repeated else ''}\n")
        self._die("after")
        return "written"

    def _die(self, moment: str) -> None:
        if (self._count, self._moment) == (self._at, moment):
            os.kill(os.getpid(), signal.SIGKILL)


home, folder, run, at, moment = sys.argv[1:]
told = Told(Path(folder, "told.txt"), int(at), moment)
with StoreOpener(Settings(home=Path(home))).home() as stores:
    routes = read_configuration(Path(folder, "notices.toml"))
    now = NOON + timedelta(minutes=10 * int(run))
    deliver(stores.records, routes, lambda _route: told, lambda: now)
