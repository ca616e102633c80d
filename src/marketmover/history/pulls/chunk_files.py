"""A chunk's file: an array of the platform's own documents, gzipped."""

import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any, cast

from marketmover.history.pulls.source import Document

if TYPE_CHECKING:
    from marketmover.history.records import ExportPullChunk
    from marketmover.store import Files

SIMULATED = "simulated.json"
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
