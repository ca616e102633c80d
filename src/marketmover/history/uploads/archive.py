"""Zip files as strangers send them: what is in one is looked at before a byte of it is unpacked."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO

from marketmover.errors import InputError

_MOST_ENTRIES = 5_000
_CHUNK = 1 << 20
_WHAT = "Pack the exports anew: files alone, in google_ads/, meta_ads/ and crm/."


def entries_of(stream: IO[bytes], name: str, most_bytes: int) -> list[zipfile.ZipInfo]:
    """The files of an archive, checked: no links, no ways out of it, not too many, not too large.

    Args:
        stream: The archive.
        name: For errors.
        most_bytes: What all of it may unpack to, as it says itself; `unpack` counts.

    Raises:
        InputError: It is no archive, or one that is refused.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError) as error:
        raise InputError(f"{name} is no zip file that can be read.", _WHAT) from error
    if len(infos) > _MOST_ENTRIES:
        raise InputError(f"{name} holds {len(infos):,} files; at most {_MOST_ENTRIES:,} are taken.", "Send several.")
    for info in infos:
        _check(info, name)
    if sum(info.file_size for info in infos) > most_bytes:
        raise InputError(f"{name} would unpack to more than {most_bytes:,} bytes.", "Send several smaller ones.")
    return [info for info in infos if not info.is_dir()]


def _check(info: zipfile.ZipInfo, name: str) -> None:
    # `filename` has backslashes and NUL tidied away; `orig_filename` is what stands there
    given = info.orig_filename
    parts = PurePosixPath(given).parts
    if not given or "\\" in given or "\0" in given or given.startswith("/") or ".." in parts or ":" in given:
        raise InputError(f"{name} holds a file whose path leads out of it: {given[:100]!r}.", _WHAT)
    mode = info.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        raise InputError(f"{name} holds a link or a device: {given[:100]!r}.", _WHAT)
    if info.flag_bits & 0x1:
        raise InputError(f"{name} is encrypted.", "Pack it without a password.")


def copy_bounded(source: IO[bytes], target: IO[bytes], most_bytes: int, go_on: Callable[[], None]) -> int:
    """Copy bytes, and stop where there are more than may be; how many there were.

    Raises:
        InputError: There are more.
    """
    taken = 0
    while chunk := source.read(_CHUNK):
        go_on()
        taken += len(chunk)
        if taken > most_bytes:
            raise InputError("The files unpack to more than is taken at once.", "Send several smaller ones.")
        target.write(chunk)
    return taken
