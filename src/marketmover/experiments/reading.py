"""A test's results from a CSV: one row an arm and day, or one an arm, unit and day."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from marketmover.errors import InputError, NotFoundError
from marketmover.experiments.results import Floats, Results
from marketmover.kit import counted, days_between, did_you_mean, parse_date

_ARM = ("arm", "variant", "variation", "group", "cell", "experiment_arm")
_DATE = ("date", "day", "segments.date", "date_start")
_UNIT = ("unit", "unit_id", "user_id", "visitor_id", "customer_id", "cluster", "geo", "region", "city", "store", "dma")
_CONTROLS = ("usual", "control", "baseline", "today", "original", "base", "a", "0")
_MOST_ARMS = 10
_HALF_A_DAY = 0.5
_FEW_DAYS = 8
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_results(path: Path, control: str | None = None, arms: Sequence[str] = ()) -> Results:
    """Read a test's results.

    Args:
        path: CSV with a header: an arm column, a date column, and columns of numbers. A column that names a unit
            (`unit`, `user_id`, `geo`, `store` ...) makes units the pieces that are compared; a column that ends in
            `_before` or is called `before` holds what the unit did before the test.
        control: Name of the control arm; by default the arm called `usual`, `control` or `a`, else the first.
        arms: Names that must be there, control first; other arms are refused.

    Raises:
        NotFoundError: There is no such file.
        InputError: It cannot be used; the message names the row, the column and the remedy.
    """
    table = _Table.read(path)
    names = _arms(table, control, arms)
    kept = _kept(table, names)
    days = sorted({row.day for row in kept if row.day is not None})
    if days and any(row.day is None for row in kept):
        number = next(row.number for row in kept if row.day is None)
        raise InputError(f"{path.name}, row {number}: it has no date.", "Give every row a date, or none.")
    dates = tuple(days[0] + timedelta(ahead) for ahead in range(days_between(days[0], days[-1]))) if days else ()
    columns, present = _by_day(table, kept, names, dates)
    units, before = _by_unit(table, kept, names)
    notes = [*_gaps(names, dates, present), *_last_day(dates, columns)]
    return Results(names, dates, columns, present, units, before, tuple(notes))


@dataclass(frozen=True)
class _Row:
    number: int
    arm: str
    day: date | None
    unit: str | None
    values: Sequence[float]


@dataclass(frozen=True)
class _Table:
    path: Path
    numbers: tuple[str, ...]
    unit_column: str | None
    rows: list[_Row]

    @classmethod
    def read(cls, path: Path) -> "_Table":
        heads, lines = _cells(path)
        arm = _column(path, heads, _ARM)
        if arm is None:
            raise InputError(
                f"{path.name}: it has no column that names the arm.",
                f"Call it 'arm': arm,date,leads,... It has: {', '.join(heads[:12])}.",
            )
        day, unit = (_column(path, heads, known) for known in (_DATE, _UNIT))
        roles = {arm, day, unit}
        numbers = tuple(head for place, head in enumerate(heads) if place not in roles and _is_number(lines, place))
        if not numbers:
            raise InputError(f"{path.name}: it has no column of numbers.", "Add what was counted: leads, cost, ...")
        places = [heads.index(name) for name in numbers]
        rows = [
            _Row(
                number,
                cells[arm],
                _day(path, number, cells[day]) if day is not None else None,
                cells[unit] if unit is not None else None,
                [_number(path, number, heads[place], cells[place]) for place in places],
            )
            for number, cells in lines
        ]
        return cls(path, numbers, heads[unit] if unit is not None else None, rows)


def _cells(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-16" if raw[:2] in _UTF16 else "utf-8-sig")  # Google's own tables come in UTF-16
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", "Name the CSV of the test's results.") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder.", "Name the CSV of the test's results.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}.", "Save it as CSV in UTF-8.") from error
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        reader = csv.reader(text.splitlines(), delimiter=mark, strict=True)
        heads = [head.strip().lower().replace(" ", "_") for head in next(reader, [])]
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{path.name} is not a CSV file: {error}.", "Save it as CSV in UTF-8.") from error
    if not lines:
        raise InputError(f"{path.name} holds no rows.", "Give a header, and a row for each arm and day.")
    twice = next((head for head in heads if heads.count(head) > 1), None)
    if twice is not None:
        raise InputError(
            f"{path.name}: the column {twice!r} stands there twice.", "Give each column a name of its own."
        )
    for number, row in lines:
        if len(row) != len(heads):
            raise InputError(
                f"{path.name}, row {number}: it has {counted(len(row), 'value')}, the header {len(heads)}.",
                "Write figures without thousands separators, or put values with separators in quotes.",
            )
    return heads, lines


def _column(path: Path, heads: Sequence[str], known: Sequence[str]) -> int | None:
    found = [heads.index(name) for name in known if name in heads]
    if len(found) > 1:
        both = " and ".join(repr(heads[place]) for place in found[:2])
        raise InputError(f"{path.name}: {both} say the same.", f"Keep one column for the {known[0]}.")
    return found[0] if found else None


def _is_number(lines: Iterable[tuple[int, list[str]]], place: int) -> bool:
    """Whether a column is meant to hold numbers: its first value that is not empty is one, or nearly."""
    first = next((cells[place] for _, cells in lines if cells[place]), "")
    return any(letter.isdigit() for letter in first) and not any(letter.isalpha() for letter in first.replace("e", ""))


def _number(path: Path, number: int, column: str, text: str) -> float:
    try:
        value = float(text) if text else 0.0
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(
            f"{path.name}, row {number}, {column}: {text!r} is not a number.",
            "Write it plainly, as 1234.5: no thousands separators, no signs of currency or per cent.",
        )
    return value


def _day(path: Path, number: int, text: str) -> date:
    try:
        return parse_date(text[:10])
    except ValueError as error:
        raise InputError(f"{path.name}, row {number}: {text!r} is not a day.", "Write it as YYYY-MM-DD.") from error


def _arms(table: _Table, control: str | None, wanted: Sequence[str]) -> tuple[str, ...]:
    found = list(dict.fromkeys(row.arm for row in table.rows))
    name = table.path.name
    if "" in found:
        number = next(row.number for row in table.rows if not row.arm)
        raise InputError(f"{name}, row {number}: it names no arm.", "Give every row the name of its arm.")
    folded = {arm.casefold(): arm for arm in found}
    for one in (*wanted, *([control] if control else [])):
        if one.casefold() not in folded:
            raise InputError(f"{name} has no arm {one!r}.", did_you_mean(one, found))
    if len(found) < 2:
        raise InputError(f"{name} holds one arm only, {found[0]!r}.", "A test compares two: add the rows of the other.")
    if len(found) > _MOST_ARMS:
        raise InputError(f"{name} holds {len(found)} arms.", f"At most {_MOST_ARMS}: is the right column called 'arm'?")
    chosen = control or (wanted[0] if wanted else next((one for one in _CONTROLS if one in folded), found[0]))
    first = folded[chosen.casefold()]
    kept = [folded[one.casefold()] for one in wanted] if wanted else found
    return (first, *(arm for arm in kept if arm != first))


def _kept(table: _Table, names: Sequence[str]) -> list[_Row]:
    kept = [row for row in table.rows if row.arm in names]
    seen: dict[tuple[str, date | None, str | None], int] = {}
    for row in kept:
        key = (row.arm, row.day, row.unit)
        if key in seen:
            what = " and ".join(str(part) for part in key if part is not None)
            raise InputError(
                f"{table.path.name}, row {row.number}: {what} have a row already, row {seen[key]}.",
                "Sum what belongs to one arm and day to one row, or add a column that names the unit.",
            )
        seen[key] = row.number
        _check_values(table, row)
    return kept


def _check_values(table: _Table, row: _Row) -> None:
    for column, value in zip(table.numbers, row.values, strict=True):
        if value < 0 and column not in {"profit", "margin", "net_revenue"}:
            raise InputError(
                f"{table.path.name}, row {row.number}, {column}: {value:g} is below 0.",
                "Correct the export; only a profit may be negative.",
            )


def _by_day(
    table: _Table, kept: Sequence[_Row], names: Sequence[str], dates: Sequence[date]
) -> tuple[dict[str, Floats], "np.ndarray[tuple[int, int], np.dtype[np.bool_]]"]:
    place = {day: column for column, day in enumerate(dates)}
    row_of = {arm: row for row, arm in enumerate(names)}
    arms = np.array([row_of[row.arm] for row in kept])
    days = np.array([place[row.day] if row.day is not None else 0 for row in kept])
    shape = (len(names), max(len(dates), 1))
    values = np.array([row.values for row in kept], dtype=np.float64)
    columns: dict[str, Floats] = {}
    for number, column in enumerate(table.numbers):
        held = np.zeros(shape)
        np.add.at(held, (arms, days), values[:, number])
        columns[column] = held
    present = np.zeros(shape, dtype=np.bool_)
    present[arms, days] = True
    return columns, present


def _by_unit(
    table: _Table, kept: Sequence[_Row], names: Sequence[str]
) -> tuple[tuple[Mapping[str, Floats], ...], str | None]:
    if table.unit_column is None:
        return (), None
    before = next((name for name in table.numbers if name == "before" or name.endswith("_before")), None)
    home: dict[str, str] = {}
    for row in kept:
        if home.setdefault(row.unit or "", row.arm) != row.arm:
            raise InputError(
                f"{table.path.name}, row {row.number}: {row.unit!r} stands in the arms {home[row.unit or '']!r} and "
                f"{row.arm!r}.",
                "A unit belongs to one arm for the whole test: leave out those that changed, and say how many.",
            )
    return tuple(_units_of(table, [row for row in kept if row.arm == arm], before) for arm in names), before


def _units_of(table: _Table, rows: Sequence[_Row], before: str | None) -> dict[str, Floats]:
    places = {unit: place for place, unit in enumerate(dict.fromkeys(row.unit for row in rows))}
    at = np.array([places[row.unit] for row in rows])
    values = np.array([row.values for row in rows], dtype=np.float64)
    summed: dict[str, Floats] = {}
    for number, column in enumerate(table.numbers):
        held = np.zeros(len(places))
        if column == before:
            held[at] = values[:, number]  # the same on all of a unit's days
        else:
            np.add.at(held, at, values[:, number])
        summed[column] = held
    return summed


def _gaps(
    names: Sequence[str], dates: Sequence[date], present: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]"
) -> list[str]:
    """Days on which an arm has no row: paired days need both."""
    notes: list[str] = []
    if not dates:
        return notes
    for arm, there in zip(names, present, strict=True):
        missing = [day for day, on in zip(dates, there, strict=True) if not on]
        if missing:
            span = f"{missing[0]}" if len(missing) == 1 else f"{missing[0]} to {missing[-1]}"
            notes.append(
                f"Arm {arm} has no row on {counted(len(missing), 'day')} ({span}); such days are left out for all arms."
            )
    return notes


def _last_day(dates: Sequence[date], columns: Mapping[str, Floats]) -> list[str]:
    """Whether the last day looks as if it were not over yet."""
    if len(dates) < _FEW_DAYS:
        return []
    totals = np.stack([values.sum(axis=0) for values in columns.values()])
    usual = np.median(totals[:, -8:-1], axis=1)
    busy = usual > 0
    if busy.any() and (totals[busy, -1] < _HALF_A_DAY * usual[busy]).all():
        return [f"{dates[-1]} holds less than half of a usual day in every column: leave it out if it is not over yet."]
    return []
