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
    _runs: list[tuple[str | None, int]] = field(default_factory=list[tuple[str | None, int]])
    _count: int = 0
    _next: tuple[str | None, int] = ("", -1)

    def add_line(self, line: int) -> None:
        """A row that is a line of its own."""
        self._add(None, line)

    def add_element(self, pointer: str, index: int) -> None:
        """A row that is an element of the array at a JSON pointer."""
        self._add(pointer, index)

    def _add(self, pointer: str | None, number: int) -> None:
        if (pointer, number) != self._next:
            self._firsts.append(self._count)
            self._runs.append((pointer, number))
        self._next = (pointer, number + 1)
        self._count += 1

    def of(self, row: int) -> str:
        """The place of a row (from 1): `line 17` or the JSON pointer `/3/results/16`."""
        run = bisect_right(self._firsts, row - 1) - 1
        pointer, first = self._runs[run]
        number = first + row - 1 - self._firsts[run]
        return f"line {number}" if pointer is None else f"{pointer}/{number}"


def raw_lines(file: SourceFile, wanted: set[int]) -> dict[int, tuple[str, str]]:
    """Row number to (place, text) of rows in a file of one row a line."""
    found: dict[int, tuple[str, str]] = {}
    row = 0
    with gzip.open(file.path) if file.gzipped else file.path.open("rb") as opened:
        for number, line in enumerate(cast("IO[bytes]", opened), start=1):
            if not line.strip():
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
