"""The folder that a sandbox goes into: never over somebody's files."""

import json
import shutil
from pathlib import Path
from typing import Any

from marketmover.errors import ConflictError, InputError

_PARTS = ("google_ads", "meta_ads", "crm", "truth", "serving")
_FILES = ("simulated.json", "connection.json", "ca.pem")


def clear_folder(folder: Path, *, force: bool) -> None:
    """Make sure that `folder` is free for a sandbox; a former sandbox goes where `force` says so.

    Only what a sandbox writes is removed.

    Raises:
        InputError: It is not a folder.
        ConflictError: It holds something else, or a sandbox and `force` is not set.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder.", "Name a folder that does not exist yet.")
    if not any(folder.iterdir()):
        return
    if not is_sandbox(folder):
        raise ConflictError(f"{folder} holds files that no sandbox made.", "Name an empty folder, or a new one.")
    if not force:
        raise ConflictError(f"{folder} holds a sandbox already.", "Add --force to replace it, or name another folder.")
    for part in _PARTS:
        shutil.rmtree(folder / part, ignore_errors=True)
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)


def is_sandbox(folder: Path) -> bool:
    """Whether `simulated.json` says so."""
    try:
        told: Any = json.loads((folder / "simulated.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("simulated") is True
