"""A trained engine handed to a person as a folder: whole, or as it was before."""

import shutil
from pathlib import Path

from marketmover.errors import InputError
from marketmover.kit import new_id
from marketmover.language.sentiment.tuning.versions import TRAINED_ON

_REMEDY = "Name another folder with --out."


def check_out(out: Path) -> None:
    """Refuse a folder that is something else, before the work rather than after it.

    Raises:
        InputError: It is a file, lies in one, or holds what is not ours.
    """
    there = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"{out} cannot be a folder: {there} is a file.", _REMEDY)
    if out.exists() and any(out.iterdir()) and not (out / TRAINED_ON).is_file():
        raise InputError(f"{out} is there already, and holds no engine that was trained here.", _REMEDY)


def copy_out(source: Path, out: Path) -> None:
    """Copy a folder beside `out`, then put it in its place.

    Raises:
        InputError: It cannot be written.
    """
    place = out.absolute()
    beside, former = (place.parent / f".{place.name}-{new_id()}" for _ in range(2))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, beside)
        if place.exists():
            place.rename(former)
        beside.replace(place)
    except OSError as error:
        if former.exists() and not place.exists():
            former.rename(place)
        raise InputError(f"The engine cannot be written to {out}: {error.strerror}.", _REMEDY) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)
