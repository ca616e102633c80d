"""When the last backup was taken, as the home remembers it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marketmover.app.operating.places import BACKUPS
from marketmover.store import write_together

_FILE = "last.json"


@dataclass(frozen=True)
class LastBackup:
    """When a backup was taken, and where it was written."""

    at: datetime
    path: str


def keep_last(home: Path, last: LastBackup) -> None:
    """Remember the last backup."""
    told = json.dumps({"at": last.at.isoformat(), "path": last.path})
    write_together(home / BACKUPS, {_FILE: told + "\n"}, "The note of the last backup")


def last_backup(home: Path) -> LastBackup | None:
    """The last backup; `None` where none was taken, or the note of it cannot be read."""
    try:
        told = json.loads((home / BACKUPS / _FILE).read_text(encoding="utf-8"))
        return LastBackup(datetime.fromisoformat(told["at"]), str(told["path"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
