"""A single series from a CSV, and its scores to one."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marketmover.errors import InputError, NotFoundError
from marketmover.monitoring.models.detector import clock_seconds

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TIMES = ("timestamp", "time", "date", "datetime", "day", "ds")
_VALUES = ("value", "y")
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none"})
_REMEDY = "A series is CSV with the header timestamp,value and a row for each moment."
_LARGEST = 1e150
_MILLISECONDS_FROM = 1e11
"""As seconds this would be the year 5138, so such a number counts milliseconds."""


@dataclass(frozen=True)
class Series:
    """A series as its file has it.

    Attributes:
        timestamps: As written, a row each.
        texts: The values as written.
        times_s: Seconds since 1970 by the clock of the timestamps.
        values: NaN where one is missing.
    """

    timestamps: list[str]
    texts: list[str]
    times_s: list[float]
    values: list[float]

    def newest_first(self) -> bool:
        """Whether rows run back in time: more steps go back than forth."""
        steps = [later - earlier for earlier, later in zip(self.times_s, self.times_s[1:], strict=False)]
        return sum(step < 0 for step in steps) > sum(step > 0 for step in steps)


def read_series(path: Path) -> Series:
    """Read `timestamp,value`; columns may stand in any order, and others beside them are not read.

    Timestamps are ISO 8601 or RFC 3339, or seconds or milliseconds since 1970. An empty value is missing.

    Raises:
        NotFoundError: There is no such file.
        InputError: It cannot be used; the message names the line and the remedy.
    """
    lines = _lines(path)
    if not lines:
        raise InputError(f"{path.name} is empty.", _REMEDY)
    time_column, value_column, rest = _columns(path, lines)
    series = Series([], [], [], [])
    for number, cells in rest:
        if len(cells) <= max(time_column, value_column):
            raise InputError(f"{path.name}, line {number}: it has too few cells.", _REMEDY)
        stamp, text = cells[time_column], cells[value_column]
        series.timestamps.append(stamp)
        series.texts.append(text)
        series.times_s.append(_seconds(path, number, stamp.strip()))
        series.values.append(_value(path, number, text.strip()))
    return series


def scores_csv(series: Series, scores: Sequence[float]) -> str:
    """`timestamp,value,score`: the same rows in the same order, timestamps and values as they were written."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("timestamp", "value", "score"))
    writer.writerows(zip(series.timestamps, series.texts, map(repr, scores), strict=True))
    return text.getvalue()


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Line numbers and cells of all lines that are not blank."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-16" if raw[:2] in _UTF16 else "utf-8-sig")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", "Name the CSV of a series.") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder.", "Name the CSV of a series.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}.", "Save it as CSV in UTF-8.") from error
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise InputError(f"{path.name}, line {reader.line_num}: {error}.", "Save it as CSV in UTF-8.") from error


def _columns(path: Path, lines: list[tuple[int, list[str]]]) -> tuple[int, int, list[tuple[int, list[str]]]]:
    """Where timestamps and values stand, and the lines below the header."""
    heads = [cell.strip().lower() for cell in lines[0][1]]
    time_column = next((heads.index(name) for name in _TIMES if name in heads), None)
    value_column = next((heads.index(name) for name in _VALUES if name in heads), None)
    if value_column is None and len(heads) == 2 and time_column is not None:
        value_column = 1 - time_column
    if time_column is None or value_column is None:
        found = ",".join(heads[:6])
        raise InputError(f"{path.name}, line {lines[0][0]}: the header is not timestamp,value but {found!r}.", _REMEDY)
    return time_column, value_column, lines[1:]


def _seconds(path: Path, number: int, text: str) -> float:
    try:
        return clock_seconds(datetime.fromisoformat(text))
    except ValueError:
        pass  # then it is a number, or nothing that can be used
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if abs(seconds) >= _MILLISECONDS_FROM:
        seconds /= 1000.0
    if not abs(seconds) < _MILLISECONDS_FROM:
        raise InputError(
            f"{path.name}, line {number}: {text!r} is not a timestamp.",
            "Write it as 2026-01-05 or 2026-01-05 10:15:00, or in seconds since 1970.",
        )
    return seconds


def _value(path: Path, number: int, text: str) -> float:
    if text.lower() in _MISSING:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.inf
    if not abs(value) <= _LARGEST:
        raise InputError(
            f"{path.name}, line {number}: {text!r} is not a number.",
            "Write it plainly, as 1234.5: no thousands separators, no signs; leave it empty where it is missing.",
        )
    return value
