"""Finding the files of a history, and telling by their first bytes how each is to be read."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from marketmover.errors import InputError, NotFoundError
from marketmover.history.faults import EmptyHistoryError
from marketmover.history.reading.unpacking import Unpacked

FOLDERS = {"google_ads": "google", "meta_ads": "meta", "crm": "crm"}
"""Folder of a history to the kind of rows that its files hold."""

HEAD_BYTES = 1 << 16
SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")


class Shape(Enum):
    """How the rows of a file lie in it."""

    LINES = "one JSON object a line"
    ARRAY = "an array of rows"
    BATCHES = "an array of answers, each with its rows in `results` or `data`"
    ANSWER = "one answer with its rows in `results` or `data`"
    ANSWER_LINES = "one answer a line"
    OTHER = "anything else"
    EMPTY = "nothing"


@dataclass(frozen=True)
class SourceFile:
    """One file of a history.

    Attributes:
        path: Where it lies.
        name: Its path within the history, with forward slashes.
        source: `google`, `meta` or `crm`, by its folder.
        gzipped: Whether its bytes are compressed (by content, not by name).
        size: Bytes on disk.
        text_size: Bytes of its text; of a gzip what its end or its beginning promises, whichever is more.
        shape: How its rows lie in it, as far as its first bytes say.
        spelling: `camel`, `snake` or `both`: how its keys are written.
    """

    path: Path
    name: str
    source: str
    gzipped: bool
    size: int
    text_size: int
    shape: Shape
    spelling: str


def find_sources(folder: Path) -> list[SourceFile]:
    """The files of a history, in a stable order (folder, then name).

    Raises:
        NotFoundError: The folder is not there.
        EmptyHistoryError: It holds no export.
        InputError: It is no folder, or may not be read.
    """
    if not folder.exists():
        raise NotFoundError(f"The history {folder} does not exist.", "Give the folder that holds the exports.")
    if not folder.is_dir():
        raise InputError(f"The history {folder} is a file, not a folder.", "Give the folder that holds the exports.")
    found: list[SourceFile] = []
    try:
        for subfolder, source in FOLDERS.items():
            paths = sorted(_exports(folder / subfolder))
            found += [_inspect(path, path.relative_to(folder).as_posix(), source) for path in paths]
    except PermissionError as error:
        raise InputError(f"{error.filename} may not be read.", "Give this user the right to read it.") from error
    if not found:
        raise EmptyHistoryError(
            f"The folder {folder} holds no export.",
            f"Put JSON exports into its folders {', '.join(FOLDERS)} (docs: history).",
        )
    return found


def _exports(base: Path) -> Iterator[Path]:
    """The export files below a folder; hidden ones (`._a.json` on macOS) are not exports."""
    if not base.is_dir():
        return
    for place, folders, names in os.walk(base, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if name.lower().endswith(SUFFIXES) and not name.startswith(".") and path.is_file():
                yield path


def _refuse(error: OSError) -> None:
    """A folder that cannot be listed is an error, not an empty folder."""
    raise error


def _inspect(path: Path, name: str, source: str) -> SourceFile:
    size = path.stat().st_size
    with path.open("rb") as file:
        gzipped = file.read(2) == b"\x1f\x8b"
    text_size, head = _unpacked(path, size) if gzipped else (size, _head(path))
    shape = _shape(head) if _is_plain_utf8(head) else Shape.OTHER
    return SourceFile(path, name, source, gzipped, size, text_size, shape, _spelling(head))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _unpacked(path: Path, size: int) -> tuple[int, bytes]:
    """About how many bytes a gzip holds, and the first of them.

    Its end tells the size of its last member, up to 4 GiB (RFC 1952, ISIZE). Where it has several, or is larger, the
    share by which its beginning grows tells more.
    """
    with path.open("rb") as file:
        file.seek(max(size - 4, 0))
        last_member = int.from_bytes(file.read(4), "little")
    with Unpacked(path, gzipped=True) as packed:
        start = packed.read()
        return max(last_member, len(start) * size // max(packed.taken, 1)), start[:HEAD_BYTES]


def _is_plain_utf8(head: bytes) -> bool:
    """Whether DuckDB can read the encoding: no byte order mark, no UTF-16 or UTF-32."""
    return not head.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) and b"\x00" not in head[:8]


_SNAKE = re.compile(rb'"(?:cost_micros|currency_code|ad_group|campaign_budget|advertising_channel_type|resource_name)"')
_CAMEL = re.compile(rb'"(?:costMicros|currencyCode|adGroup|campaignBudget|advertisingChannelType|resourceName)"')


def _spelling(head: bytes) -> str:
    snake, camel = bool(_SNAKE.search(head)), bool(_CAMEL.search(head))
    if snake == camel:
        return "both"
    return "snake" if snake else "camel"


def _shape(head: bytes) -> Shape:
    text = head.lstrip()
    if not text:
        return Shape.EMPTY if len(head) < HEAD_BYTES else Shape.OTHER
    if text.startswith(b"["):
        first = text[1:].lstrip()
        if first.startswith(b"{"):
            return Shape.BATCHES if opens_answer(first) else Shape.ARRAY
        return Shape.ARRAY if first.startswith(b"]") else Shape.OTHER
    if not text.startswith(b"{"):
        return Shape.OTHER
    return _object_shape(text)


def _object_shape(text: bytes) -> Shape:
    answer = opens_answer(text)
    line = text.split(b"\n", 1)
    one_line = len(line) > 1 and line[0].rstrip().endswith(b"}")
    rest_opens = one_line and line[1].lstrip().startswith(b"{")
    if rest_opens:
        return Shape.ANSWER_LINES if answer else Shape.LINES
    if answer:
        return Shape.ANSWER
    return Shape.LINES if one_line and not line[1].strip() else Shape.OTHER


_KEY = re.compile(rb'\s*"((?:[^"\\]|\\.)*)"\s*:\s*')
_SCALAR = re.compile(rb'(?:"(?:[^"\\]|\\.)*"|[^\s,{}\[\]"]+)\s*,?')


def opens_answer(text: bytes) -> bool:
    """Whether the object that `text` begins with holds rows in `results` or `data` (keys before them are skipped)."""
    at = 1
    while key := _KEY.match(text, at):
        at = key.end()
        if key[1] in (b"results", b"data") and text[at : at + 1] == b"[":
            return True
        scalar = _SCALAR.match(text, at)
        at = scalar.end() if scalar else _after_nested(text, at)
        if at < 0:
            return False
    return False


def _after_nested(text: bytes, at: int) -> int:
    """The place after the object or array at `at` and its comma; -1 where it does not end within `text`."""
    depth, inside = 0, False
    for index in range(at, min(len(text), at + 4096)):
        char = text[index]
        if inside:
            inside = not (char == 0x22 and text[index - 1] != 0x5C)
        elif char == 0x22:
            inside = True
        elif char in b"{[":
            depth += 1
        elif char in b"}]":
            depth -= 1
            if depth == 0:
                rest = text[index + 1 :].lstrip()
                return len(text) - len(rest) + rest.startswith(b",")
    return -1


def ends_whole(file: SourceFile) -> bool:
    """Whether the file is whole: its last character closes an array or object, and a gzip ends as it should.

    DuckDB takes an array cut after a comma as whole, and does not check how a gzip ends.
    """
    if not file.gzipped:
        return _tail(file.path).endswith((b"]", b"}"))
    last = b""
    with Unpacked(file.path, gzipped=True) as packed:
        while chunk := packed.read():
            last = chunk.rstrip()[-1:] or last
    return last in (b"]", b"}") and not packed.broken


def _tail(path: Path) -> bytes:
    """The end of a file, white space after it left off."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - HEAD_BYTES, 0))
        return file.read().rstrip()
