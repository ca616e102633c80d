"""Where the rows of a file lie: runs of consecutive lines or array elements, so that millions cost next to nothing."""

import gzip
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import IO, cast

from marketmover.history.reading.sources import Shape, SourceFile


@dataclass
class Places:
    """Places of rows in the order they were added."""

    _firsts: list[int] = field(default_factory=list[int])
    _runs: list[tuple[str | None, int, int]] = field(default_factory=list[tuple[str | None, int, int]])
    _count: int = 0
    _next: tuple[str | None, int, int] = ("", -1, -1)

    def add(self, pointer: str | None, number: int, row: int) -> None:
        """A row that was kept.

        Args:
            pointer: JSON pointer of the array that it is an element of; none where it is a line of its own.
            number: Its index in that array, or its line.
            row: Its index in the file, rows that were set aside counted.
        """
        if (pointer, number, row) != self._next:
            self._firsts.append(self._count)
            self._runs.append((pointer, number, row))
        self._next = (pointer, number + 1, row + 1)
        self._count += 1

    def of(self, kept: int) -> tuple[int, str]:
        """Index in the file, and place (`line 17` or a JSON pointer), of the row kept as number `kept`, from 0."""
        run = bisect_right(self._firsts, kept) - 1
        pointer, number, row = self._runs[run]
        offset = kept - self._firsts[run]
        return row + offset, f"line {number + offset}" if pointer is None else f"{pointer}/{number + offset}"


def raw_lines(file: SourceFile, wanted: set[int]) -> dict[int, tuple[str, str]]:
    """Row (from 0) to (place, text) of rows in a file of one row a line."""
    found: dict[int, tuple[str, str]] = {}
    row = -1
    with gzip.open(file.path) if file.gzipped else file.path.open("rb") as opened:
        for number, line in enumerate(cast("IO[bytes]", opened), start=1):
            if line.isspace():
                continue
            row += 1
            if row in wanted:
                found[row] = (f"line {number}", line.decode(errors="replace").strip())
    return found


def pointer(shape: Shape, answer: int, key: str, index: int) -> str:
    """The JSON pointer of a row in a document of `shape` (or its line and pointer, where answers lie one a line)."""
    if shape == Shape.ARRAY:
        return f"/{index}"
    within = f"/{key}/{index}"
    if shape == Shape.ANSWER_LINES:
        return f"line {answer + 1} {within}"
    return f"/{answer}{within}" if shape == Shape.BATCHES else within
