"""Files that a command hands to a person, written into one folder: all of them or none."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from marketmover.errors import InputError

_REMEDY = "Name another folder with --out."


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be one, before the work rather than after it.

    Raises:
        InputError: It, or what it would lie in, is a file.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"{folder} cannot be a folder: {there} is a file.", _REMEDY)


def write_together(folder: Path, contents: Mapping[str, str | bytes], what: str) -> list[Path]:
    """Write files into `folder`, made where it is missing; says where they lie.

    Each is written aside first and moved into place at the end, so that a crash leaves the former ones whole.

    Args:
        folder: Where to.
        contents: Name to content; text is written as UTF-8.
        what: What they are together, as an error names it: `The plan`.

    Raises:
        InputError: The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as aside:
            for name, content in contents.items():
                _to_disk(Path(aside) / name, content.encode() if isinstance(content, str) else content)
            for name in contents:
                (Path(aside) / name).replace(folder / name)
    except OSError as error:
        raise InputError(f"{what} cannot be written to {folder}: {error.strerror}.", _REMEDY) from error
    return [folder / name for name in contents]


def _to_disk(path: Path, content: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
