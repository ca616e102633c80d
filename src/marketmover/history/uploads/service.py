"""Taking exports in: into the home's files at once, and from there into the lake."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

from marketmover.console import Progress
from marketmover.errors import InputError, NotFoundError
from marketmover.history.faults import EmptyHistoryError
from marketmover.history.import_report import ImportReport
from marketmover.history.importing import SIMULATED_MARK, import_history
from marketmover.history.overview.building import refresh
from marketmover.history.reading.sources import FOLDERS, SUFFIXES
from marketmover.history.tables import IMPORTS, current_rows, ensure_tables
from marketmover.history.uploads.archive import copy_bounded, entries_of
from marketmover.history.uploads.sniffing import head_of, owner_of

if TYPE_CHECKING:
    from marketmover.store import Files, Stores

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LEFT_OUT = {"truth", "__MACOSX"}
_PACKED = "packed"  # archives wait here until the task unpacks them
_UNKNOWN = "unknown"  # what was in one and does not show whose it is


@dataclass(frozen=True)
class Upload:
    """A file that comes in: the name that its sender gives it, and its bytes."""

    name: str
    stream: IO[bytes]


def folder_of(upload_id: str) -> str:
    """Where an upload lies in the home's files."""
    return f"imports/{upload_id}"


def uploads_with(files: "Files", platform: str) -> list[str]:
    """Folders of the uploads that may hold exports of a platform: its own, leads, or what nobody looked into yet."""
    held = {platform, "crm", _UNKNOWN, _PACKED}
    places = [PurePosixPath(path).parts for path in files.list("imports")]
    return sorted({folder_of(place[1]) for place in places if len(place) > 3 and place[2] in held})


def take_in(
    files: "Files", upload_id: str, uploads: Sequence[Upload], *, owner: str | None, most_unpacked: int
) -> list[str]:
    """Keep what was sent, by platform; archives as they are, once looked through.

    Args:
        files: The home's.
        upload_id: A new one.
        uploads: What was sent.
        owner: Whose exports they are (`google_ads`, `meta_ads`, `crm`), where their paths and content do not show it.
        most_unpacked: Bytes that all archives may unpack to.

    Returns:
        Paths of what is kept.

    Raises:
        InputError: A file is of no kind that can be imported, or an archive is refused; nothing is kept then.
    """
    kept: list[str] = []
    try:
        for number, upload in enumerate(uploads):
            kept += _take(files, f"{folder_of(upload_id)}", number, upload, owner, most_unpacked)
    except BaseException:
        for path in kept:
            files.delete(path)
        raise
    return kept


def _take(files: "Files", folder: str, number: int, upload: Upload, owner: str | None, most: int) -> list[str]:
    name = PurePosixPath(upload.name.replace("\\", "/"))
    if name.name == SIMULATED_MARK:
        return [_kept(files, f"{folder}/{SIMULATED_MARK}", upload.stream)]
    if name.suffix.lower() == ".zip":
        entries_of(upload.stream, _shown(upload.name), most)
        upload.stream.seek(0)
        marked = f"-{owner}" if owner else ""
        return [_kept(files, f"{folder}/{_PACKED}/{number:04d}{marked}.zip", upload.stream)]
    if not name.name.lower().endswith(SUFFIXES):
        raise InputError(
            f"{_shown(upload.name)} is no export that can be read.", "Send .json, .jsonl, either gzipped, or a .zip."
        )
    head = head_of(upload.stream)
    upload.stream.seek(0)
    path = _place(name, f"{number:04d}", head, owner)
    if path is None:
        raise InputError(
            f"{_shown(upload.name)} does not show whose export it is.",
            "Say platform=google_ads, meta_ads or crm, or send it in a folder of that name.",
        )
    return [_kept(files, f"{folder}/{path}", upload.stream)]


def _kept(files: "Files", path: str, stream: IO[bytes]) -> str:
    with files.open(path, "wb") as target:
        while chunk := stream.read(1 << 20):
            target.write(chunk)
    return path


def _place(name: PurePosixPath, number: str, head: bytes, owner: str | None) -> str | None:
    """Where a file goes within its upload: by its path, by what its sender said, by its content."""
    by_path = next((part for part in reversed(name.parts[:-1]) if part in FOLDERS), None)
    whose = by_path or owner or owner_of(head)
    base = _UNSAFE.sub("-", name.name).lstrip(".-")[-100:]
    return f"{whose}/{number}-{base}" if whose else None


def _shown(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:120] or "A file"


def import_upload(
    stores: "Stores",
    upload_id: str,
    *,
    since: datetime,
    now: datetime,
    as_of: date | None = None,
    most_unpacked: int,
    progress: Progress,
) -> ImportReport:
    """Import what was taken in. Done again after it was cut off, it is not imported twice.

    Args:
        stores: Of the home.
        upload_id: What was taken in.
        since: When it was asked for: an import of it since then is this one.
        now: The moment.
        as_of: Taken as today.
        most_unpacked: Bytes that its files may unpack to.
        progress: Called with the share done and the present step; may raise to stop.

    Raises:
        NotFoundError: There is no such upload, or its files are gone.
        InputError: A file cannot be read, or unpacks to too much.
        EmptyHistoryError: No row is of use.
    """
    folder = folder_of(upload_id)
    if (done := imported_already(stores, folder, since)) is None:
        with _ready(stores.files, folder, most_unpacked, progress) as place:
            done = import_history(
                stores.lake, place, now=now, as_of=as_of, progress=lambda share, step: progress(0.1 + 0.7 * share, step)
            )
    progress(0.85, "bringing figures up to date")
    refresh(stores, now)
    return done


def try_upload(
    stores: "Stores",
    upload_id: str,
    *,
    now: datetime,
    as_of: date | None = None,
    most_unpacked: int,
    progress: Progress,
) -> ImportReport:
    """Tell what importing what was taken in would bring, and leave nothing of it behind: no row, and no file.

    Raises:
        NotFoundError, InputError, EmptyHistoryError: As importing it would.
    """
    folder = folder_of(upload_id)
    try:
        with _ready(stores.files, folder, most_unpacked, progress) as place:
            tried = import_history(
                stores.lake,
                place,
                now=now,
                as_of=as_of,
                progress=lambda share, step: progress(0.1 + 0.9 * share, step),
                kept=False,
            )
    except (InputError, EmptyHistoryError):
        _discard(stores.files, folder)
        raise
    _discard(stores.files, folder)
    return tried


def _discard(files: "Files", folder: str) -> None:
    for path in files.list(folder):
        files.delete(path)


@contextmanager
def _ready(files: "Files", folder: str, most: int, progress: Progress) -> Generator[Path]:
    """An upload's files, unpacked and bounded, as a folder of this machine."""
    if not files.list(folder):
        raise NotFoundError("The files of this upload are not kept any more.", "Send them again.")
    left = _unpack(files, folder, most, lambda: progress(0.0, "unpacking"))
    _check_gzips(files, folder, left, lambda: progress(0.05, "looking through"))
    if not any(path.rpartition("/")[2] != SIMULATED_MARK for path in files.list(folder)):
        raise InputError("No export is in what was sent.", "Send .json or .jsonl files, as they are or in a .zip.")
    with files.local_folder(folder) as place:
        try:
            yield place
        except EmptyHistoryError as error:  # who sent it knows no folders of the server
            words = error.message.replace(f"The folder {place} holds", "What was sent holds")
            raise EmptyHistoryError(words, error.remedy, error.reasons) from error


def imported_already(stores: "Stores", folder: str, since: datetime) -> ImportReport | None:
    """The import of a folder of the home's files since a moment."""
    ensure_tables(stores.lake)
    for row in reversed(current_rows(stores.lake, IMPORTS)):
        if row["imported_at"] >= since and str(row["folder"]).replace("\\", "/").endswith(folder):
            return ImportReport.from_json(row["report"])
    return None


def _unpack(files: "Files", folder: str, most: int, go_on: Callable[[], None]) -> int:
    """Unpack the archives of an upload, each file whole or not at all; bytes that may still be unpacked."""
    left = most
    for path in files.list(f"{folder}/{_PACKED}"):
        number, _, owner = PurePosixPath(path).stem.partition("-")
        with files.local(path) as local, local.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            for place, info in enumerate(entries_of(stream, "The zip file", left)):
                go_on()
                left -= _unpack_one(files, folder, archive, info, f"{number}-{place:04d}", owner or None, left, go_on)
        files.delete(path)
    return left


def _unpack_one(
    files: "Files",
    folder: str,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    number: str,
    owner: str | None,
    most: int,
    go_on: Callable[[], None],
) -> int:
    """Unpack a file that is an export; bytes that it has."""
    name = PurePosixPath(info.filename)
    if _LEFT_OUT & set(name.parts) or name.name.startswith("."):
        return 0
    try:
        with archive.open(info) as source:
            if name.name == SIMULATED_MARK:
                path = f"{folder}/{SIMULATED_MARK}"
            elif not name.name.lower().endswith(SUFFIXES):
                return 0
            else:
                head = head_of(source)
                path = f"{folder}/{_place(name, number, head, owner) or f'{_UNKNOWN}/{number}'}"
        with archive.open(info) as source, files.open(path, "wb") as target:
            return copy_bounded(source, target, most, go_on)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"The zip file is broken at {_shown(info.filename)}.", "Pack it anew.") from error


def _check_gzips(files: "Files", folder: str, most: int, go_on: Callable[[], None]) -> None:
    """See that gzips unpack to what may be: a small one may hold any number of zeros."""
    left = most
    for path in files.list(folder):
        with files.open(path) as stream:
            if stream.read(2) != b"\x1f\x8b":
                continue
        try:
            with files.open(path) as stream, gzip.open(stream) as unpacked:
                left -= copy_bounded(cast("IO[bytes]", unpacked), cast("IO[bytes]", _Nowhere()), left, go_on)
        except (gzip.BadGzipFile, zlib.error, EOFError):
            continue  # what is broken in it is the import's to tell


class _Nowhere(io.RawIOBase):
    """Takes bytes and keeps none."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)
