"""A window of text that moves over a file: decoded, of bounded size, with line numbers."""

import codecs
import json
import re
from collections.abc import Callable
from typing import Any

from marketmover.history.reading.unpacking import Unpacked

_LONGEST_ROW = 32 << 20
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECODER = json.JSONDecoder()


def encoding_of(start: bytes) -> str:
    """The Unicode encoding that a file's first bytes show: by mark, else by where its zero bytes stand (RFC 4627)."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    zeros = tuple(byte == 0 for byte in start[:4])
    if zeros[:4] == (False, True, False, True):
        return "utf-16-le"
    if zeros[:4] == (True, False, True, False):
        return "utf-16-be"
    return "utf-8"


class Window:
    """The part of a file that is held: `text`, read up to `at`.

    Args:
        stream: The file's bytes.
    """

    def __init__(self, stream: Unpacked) -> None:
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self._ended = False
        self._lines_before = 0
        self._counted = 0
        self.text = ""
        self.at = 0

    def fill(self) -> bool:
        """Read on; whether there was more. What lies before `at` is let go."""
        if self._ended:
            return False
        chunk = self._stream.read()
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(encoding_of(chunk))(errors="replace")
        more = self._decoder.decode(chunk, final=not chunk)
        self._let_go()
        self.text += more
        self._ended = not chunk
        return bool(chunk)

    def _let_go(self) -> None:
        self.line()
        self.text = self.text[self.at :]
        self._counted -= self.at
        self.at = 0

    def line(self) -> int:
        """The line, from 1, that `at` lies in."""
        if self._counted < self.at:
            self._lines_before += self.text.count("\n", self._counted, self.at)
            self._counted = self.at
        return self._lines_before + 1

    def start_place(self) -> tuple[int, int, int]:
        """Line, column and byte (from 0) of the window's place, for a file that is refused at its start."""
        before = self.text[: self.at]
        return self.line(), len(before) - before.rfind("\n"), len(before.encode())

    def peek(self) -> str:
        """The next character that is no space; empty at the end of the file."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    def advance(self, count: int) -> None:
        """Go past `count` characters."""
        self.at += count

    def ensure(self, count: int) -> None:
        """Hold at least `count` characters from here on, if the file has them."""
        while len(self.text) - self.at < count and self.fill():
            pass

    def decode(self) -> tuple[Any, int, str | None]:
        """The JSON value here, where it ends, and what is wrong with it (then the value means nothing)."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                near_end = error.pos >= len(self.text) - 16 or error.msg.startswith("Unterminated")
                if near_end and len(self.text) - self.at < _LONGEST_ROW and self.fill():
                    continue
                return None, self.at, _Fault(error.msg, cut=near_end)
            except RecursionError:
                return None, self.at, _Fault("nested too deeply", cut=False)
            if end < len(self.text) or not self.fill():
                return value, end, None

    def is_incomplete(self, fault: str) -> bool:
        """Whether the value was cut by the end of the file."""
        return isinstance(fault, _Fault) and fault.cut and self._ended

    def is_cut_line(self, line: str) -> bool:
        """Whether a line lacks nothing but its end, and the file ends with it."""
        if not self._ended:
            return False
        try:
            _DECODER.raw_decode(line.lstrip())
        except json.JSONDecodeError as error:
            return error.pos >= len(line.strip()) - 1 or error.msg.startswith("Unterminated")
        return False

    def parses(self, at: int) -> bool:
        """Whether a whole JSON object begins at `at`, or one whose end lies beyond the window."""
        try:
            _DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            return error.pos >= len(self.text) - 16 and not self._ended
        return True

    def find(self, pattern: re.Pattern[str], accept: Callable[[int], bool]) -> int | None:
        """The first place after here where `pattern` matches and `accept` agrees; none up to the end of the file.

        The window grows while it searches, up to the longest row there may be; then it moves on.
        """
        searched = self.at + 1
        while True:
            for found in pattern.finditer(self.text, searched):
                start = found.start(1) if pattern.groups else found.end()
                if accept(start):
                    return start
                searched = start
            before = self.at
            if len(self.text) - self.at > _LONGEST_ROW or not self.fill():
                return None
            searched -= before


class _Fault(str):
    """What is wrong with a value, and whether it may only lack its end."""

    __slots__ = ("cut",)
    cut: bool

    def __new__(cls, text: str, *, cut: bool) -> "_Fault":
        made = super().__new__(cls, text)
        made.cut = cut
        return made
