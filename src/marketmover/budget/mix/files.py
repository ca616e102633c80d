"""A media mix's series from a CSV file: one row a period, one column a series."""

import csv
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.mix.features import WEEKS_PER_YEAR
from marketmover.errors import InputError, NotFoundError
from marketmover.kit import counted, did_you_mean, parse_date

Floats = NDArray[np.float64]

_DAYS_PER_YEAR = 365.25
_UNEVEN_DAYS = 3  # months differ by as much


@dataclass(frozen=True)
class MixFile:
    """Columns of a file, rows in order of time.

    Attributes:
        outcome: By period.
        spend: By channel, by period.
        controls: By name, by period.
        dates: First days of the periods, where the file has them.
        periods_per_year: From the dates; without them, weeks are taken for granted.
    """

    outcome: Floats
    spend: dict[str, Floats]
    controls: dict[str, Floats]
    dates: tuple[date, ...] | None
    periods_per_year: float


def read_mix(path: Path, outcome: str, spend: list[str], controls: list[str], day: str | None) -> MixFile:
    """Read the columns that were asked for.

    Args:
        path: A CSV file with a header, separated by commas or semicolons.
        outcome: Column of the outcome.
        spend: Columns of the channels.
        controls: Columns of the controls.
        day: Column of the periods' first days; without it the first one whose every value is a date.

    Raises:
        InputError: The file, a column or a value cannot be used.
    """
    header, rows = _table(path)
    wanted = [outcome, *spend, *controls, *([day] if day else [])]
    for name in wanted:
        if header.count(name) != 1:
            problem = "has no column" if name not in header else "has more than one column"
            raise InputError(f"{path.name} {problem} {name!r}.", did_you_mean(name, header))
    twice = sorted({name for name in wanted if wanted.count(name) > 1})
    if twice:
        raise InputError(f"Column {twice[0]!r} was asked for twice.", "Name each column for one purpose.")
    dates = _dates(path, header, rows, day)
    order = sorted(range(len(rows)), key=lambda row: dates[row]) if dates else list(range(len(rows)))
    ordered = tuple(dates[row] for row in order) if dates else None

    def column(name: str) -> Floats:
        return _column(path, header, rows, name)[order]

    return MixFile(
        outcome=column(outcome),
        spend={name: column(name) for name in spend},
        controls={name: column(name) for name in controls},
        dates=ordered,
        periods_per_year=_periods_per_year(path, ordered) if ordered else WEEKS_PER_YEAR,
    )


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", "Name a CSV file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text: {error}.", "Save it as CSV in UTF-8.") from error
    first = text.partition("\n")[0]
    lines = csv.reader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows = [row for row in lines if any(cell.strip() for cell in row)]
    if len(rows) < 3:
        raise InputError(f"{path.name} holds fewer than two periods.", "Give a header and one row for each period.")
    header = [name.strip() for name in rows[0]]
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise InputError(
                f"{path.name}, row {number}, has {counted(len(row), 'value')}; the header has {len(header)}.",
                "Give every row as many values as the header has names.",
            )
    return header, rows[1:]


def _column(path: Path, header: list[str], rows: list[list[str]], name: str) -> Floats:
    place, found = header.index(name), np.empty(len(rows))
    for number, row in enumerate(rows):
        try:
            found[number] = float(row[place])
        except ValueError as error:
            said = repr(row[place]) if row[place].strip() else "nothing"
            raise InputError(
                f"{path.name}, row {number + 2}, column {name!r}: {said} stands where a number is due.",
                "Write numbers plainly, as 1234.5, and 0 where nothing was spent.",
            ) from error
    return found


def _dates(path: Path, header: list[str], rows: list[list[str]], day: str | None) -> list[date] | None:
    if day is not None:
        found = _as_dates(rows, header.index(day))
        if found is None:
            raise InputError(f"{path.name}: column {day!r} is not dates.", "Write dates as 2026-11-22.")
        return found
    columns = (_as_dates(rows, place) for place in range(len(header)))
    return next((found for found in columns if found is not None), None)


def _as_dates(rows: list[list[str]], place: int) -> list[date] | None:
    texts = [row[place].strip()[:10] for row in rows]
    try:
        return [parse_date(text) for text in texts] if all("-" in text for text in texts) else None
    except ValueError:
        return None


def _periods_per_year(path: Path, dates: tuple[date, ...]) -> float:
    """Periods a year, from the usual gap between dates; gaps must be even, as a missing period is not a quiet one."""
    gaps = np.array([(after - before).days for before, after in pairwise(dates)])
    if (gaps == 0).any():
        twice = dates[int(np.argmin(gaps))]
        raise InputError(
            f"{path.name} has more than one row for {twice}.", "Sum rows of one period, regions included, to one."
        )
    usual = float(np.median(gaps))
    uneven = np.flatnonzero(np.abs(gaps - usual) > (_UNEVEN_DAYS if usual > 20 else 0))
    if len(uneven):
        before, after = dates[uneven[0]], dates[uneven[0] + 1]
        raise InputError(
            f"{path.name}: from {before} to {after} are {(after - before).days} days, where {usual:g} are usual.",
            "Add the missing periods, or give periods of one length.",
        )
    return _DAYS_PER_YEAR / float(gaps.mean())
