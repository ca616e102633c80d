"""A chunk's file: an array of the platform's own documents, gzipped."""

import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any, cast

from marketmover.history.pulls import ledger
from marketmover.history.pulls.source import Document

if TYPE_CHECKING:
    from datetime import date

    from marketmover.history.records import ExportPull, ExportPullChunk
    from marketmover.store import Files, Stores

SIMULATED = "simulated.json"
_MOMENTS = (
    ("segments", "date"),
    ("date_start",),
    ("created_at",),
    ("changeEvent", "changeDateTime"),
    ("event_time",),
)
_NOTICE = {"simulated": True, "notice": "These data are simulated. No advertiser, campaign or person in them exists."}


def write_documents(files: "Files", path: str, documents: Iterable[Document]) -> tuple[int, str]:
    """Write documents as they come; the file appears once all of them have come, and not if they break off.

    Returns:
        How many rows they hold, and the SHA-256 of the file's bytes.
    """
    rows = 0
    with files.open(path, "wb") as stream:
        hashed = _Hashing(stream)
        with gzip.GzipFile(filename="", fileobj=cast("IO[bytes]", hashed), mode="wb", mtime=0) as packed:
            opening = b"["
            for document in documents:
                packed.write(opening + json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
                opening = b",\n"
                rows += rows_in(document)
            packed.write(b"]\n" if opening != b"[" else b"[]\n")
        return rows, hashed.digest()


def rows_in(document: Document) -> int:
    """How many rows a document holds: a batch's `results`, a page's `data`, else itself."""
    held = document.get("results", document.get("data"))
    if isinstance(held, list):
        return len(cast("list[Any]", held))
    return int("fieldMask" not in document and "requestId" not in document)


def is_whole(files: "Files", chunk: "ExportPullChunk") -> bool:
    """Whether a chunk's file is there and just as it was written."""
    if chunk.file is None or not files.exists(chunk.file):
        return False
    return hashlib.sha256(files.read_bytes(chunk.file)).hexdigest() == chunk.digest


def say_simulated(files: "Files", folder: str) -> None:
    """Mark a pull's folder as simulated, as the sandbox marks its histories."""
    files.write_text(f"{folder}/{SIMULATED}", json.dumps(_NOTICE) + "\n")


def side_of(platform: str, kind: str) -> str:
    """The folder of a history that a kind of rows belongs into: CRM leads do not lie with the platform's own rows."""
    return "crm" if kind == "leads" else platform


def sweep(stores: "Stores", pull: "ExportPull", known: set[str | None]) -> None:
    """Delete files of tries that were cut off after they were written and before they were marked."""
    folder = ledger.folder_of(pull)
    for name in stores.files.list(folder):
        if name not in known and name != f"{folder}/{SIMULATED}":
            stores.files.delete(name)


def cut_rows(packed: bytes, before: "date") -> bytes:
    """A chunk's file without the rows of `before` and later; rows without a day stay."""
    documents: list[dict[str, Any]] = json.loads(gzip.decompress(packed))
    kept: list[dict[str, Any]] = []
    for document in documents:
        name = next((name for name in ("results", "data") if isinstance(document.get(name), list)), None)
        if name is not None:
            kept.append({**document, name: [row for row in document[name] if _is_before(row, before)]})
        elif _is_before(document, before):
            kept.append(document)
    return gzip.compress(json.dumps(kept, ensure_ascii=False).encode(), mtime=0)


def _is_before(row: dict[str, Any], before: "date") -> bool:
    for path in _MOMENTS:
        value: Any = row
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value[:10] < before.isoformat()
    return True


class _Hashing(io.RawIOBase):
    """Passes bytes on, and knows the digest of all that went through."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._hash.update(data)
        return self._stream.write(data)

    def digest(self) -> str:
        return self._hash.hexdigest()
