"""The log of who did what as a file: JSON lines, or CSV."""

import csv
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from marketmover import console
from marketmover.access.audit import Entry
from marketmover.errors import InputError
from marketmover.kit import new_id

_COLUMNS = ("id", "at", "who", "what", "about", "before", "after")


def write_entries(entries: Iterable[Entry], path: Path) -> int:
    """Write entries to a file that its owner alone may read; CSV where its name ends so, else JSON lines.

    The file is there whole or not at all.

    Returns:
        How many were written.

    Raises:
        InputError: The file cannot be written.
    """
    aside = path.with_name(f".{path.name}-{new_id()}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            count = _write(entries, out, as_csv=path.suffix.lower() == ".csv")
        aside.replace(path)
    except OSError as error:
        raise InputError(f"The file {path} cannot be written: {error.strerror}.", "Name another.") from error
    finally:
        aside.unlink(missing_ok=True)
    return count


def _write(entries: Iterable[Entry], out: TextIO, *, as_csv: bool) -> int:
    writer = csv.writer(out, lineterminator="\r\n")
    count = 0
    if as_csv:
        writer.writerow(_COLUMNS)
    for entry in entries:
        count += 1
        told = {"id": entry.id, **entry.shown()}
        if as_csv:
            writer.writerow([_cell(told[name]) for name in _COLUMNS])
        else:
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
    return count


def _cell(value: object) -> str:
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return console.guarded(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
