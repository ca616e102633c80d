"""Lift tests: experiments in which a line's spend was changed on purpose, read from a CSV (contract: plan)."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from marketmover.errors import InputError, NotFoundError
from marketmover.history.panel import Panel
from marketmover.kit import did_you_mean, parse_date

COLUMNS = ("line_id", "start_date", "end_date", "spend_change", "metric", "lift", "standard_error")
METRICS = (
    "leads", "qualified_leads", "conversions", "sales", "revenue", "installs", "clicks", "impressions", "reach",
)  # fmt: skip
_SOURCE = {"qualified_leads": "crm_qualified"}
_TOO_LITTLE = 0.01  # a change of less than this share of a line's spend is no experiment: it is a share, not money
_CONTRADICTS = 3.0  # standard errors at which a lift against its spend is no chance


@dataclass(frozen=True)
class LiftTest:
    """What a test of one line found.

    Attributes:
        line_id: The line whose spend was changed.
        start, end: The test's dates, both included.
        spend_change: Money that the line spent more because of the test over its dates, in account currency; negative
            where it spent less (a line switched off, a hold-out).
        metric: What was counted.
        lift: Change in the metric over those dates that `spend_change` caused, in its own unit (leads, account
            currency); of a cut it is usually negative.
        standard_error: Of `lift`, in the same unit.
    """

    line_id: str
    start: date
    end: date
    spend_change: float
    metric: str
    lift: float
    standard_error: float


def load_lift_tests(path: Path, panel: Panel) -> tuple[LiftTest, ...]:
    """Read the tests of a file, in its order. Tests may overlap; further columns are left alone.

    Args:
        path: CSV with a header and the columns of `COLUMNS`, in any order.
        panel: The history that the tests belong to.

    Raises:
        NotFoundError: There is no such file.
        InputError: The file or a row cannot be used; the message names the row, the column and the remedy.
    """
    rows = _rows(path)
    tests: dict[LiftTest, int] = {}
    for number, cells in rows:
        row = _Row(path, number, cells)
        test = row.test(panel)
        row.check(test, panel)
        if test in tests:
            raise row.wrong(f"says the same as row {tests[test]}", "One test counts once: leave one of them out.")
        tests[test] = number
    return tuple(tests)


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """Rows with their line in the file, by column.

    Raises:
        NotFoundError, InputError: As `load_lift_tests`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            heads = [head.strip().lower() for head in next(reader, [])]
            _check_heads(path, heads)
            rows: list[tuple[int, Mapping[str, str]]] = []
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(heads):
                    raise InputError(
                        f"{path}, row {reader.line_num}: it has {len(cells)} values, the header {len(heads)} columns.",
                        "Write figures without thousands separators, or put values with commas in quotes.",
                    )
                rows.append((reader.line_num, {h: c.strip() for h, c in zip(heads, cells, strict=True)}))
            return rows
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", "Name a file with --lift-tests.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name a file with --lift-tests.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is not a CSV file: {error}.", "Save it as CSV in UTF-8.") from error


def _check_heads(path: Path, heads: Sequence[str]) -> None:
    missing = [name for name in COLUMNS if name not in heads]
    twice = sorted({name for name in COLUMNS if heads.count(name) > 1})
    remedy = f"The first row is the header: {','.join(COLUMNS)}"
    if missing:
        joined = "its columns are not separated by commas" if len(heads) == 1 and heads[0] else ""
        what = joined or f"it has no column {', '.join(missing)}"
        raise InputError(f"{path}: {what}.", remedy)
    if twice:
        raise InputError(f"{path}: the column {', '.join(twice)} stands there twice.", remedy)


@dataclass(frozen=True)
class _Row:
    path: Path
    number: int
    cells: Mapping[str, str]

    def wrong(self, what: str, remedy: str, column: str = "") -> InputError:
        place = f", {column}" if column else ""
        return InputError(f"{self.path}, row {self.number}{place}: it {what}.", remedy)

    def test(self, panel: Panel) -> LiftTest:
        return LiftTest(
            line_id=self._line(panel.line_ids),
            start=self._day("start_date"),
            end=self._day("end_date"),
            spend_change=self._number("spend_change"),
            metric=self._metric(panel),
            lift=self._number("lift"),
            standard_error=self._number("standard_error"),
        )

    def check(self, test: LiftTest, panel: Panel) -> None:
        """Refuse what parses but cannot be meant.

        Raises:
            InputError: With the column and the remedy.
        """
        if test.standard_error <= 0:
            raise self.wrong(
                f"says {test.standard_error:g}",
                "A standard error is above 0, in the lift's own unit: it says how far to trust the test.",
                "standard_error",
            )
        self._check_dates(test, panel)
        self._check_spend(test, panel)
        if test.lift * test.spend_change < 0 and abs(test.lift) > _CONTRADICTS * test.standard_error:
            raise self.wrong(
                f"says that {test.spend_change:+g} of spend caused {test.lift:+g} {test.metric}",
                "The lift is the change that the change of spend caused: of a line that was cut or switched off it is "
                "negative.",
                "lift",
            )

    def _check_dates(self, test: LiftTest, panel: Panel) -> None:
        if test.end < test.start:
            raise self.wrong(f"ends on {test.end}, before it starts on {test.start}", "Swap the two days.", "end_date")
        first, last = (panel.dates[place].astype(object) for place in (0, -1))
        column = "start_date" if not first <= test.start <= last else "end_date"
        if test.start < first or test.end > last:
            raise self.wrong(
                f"runs from {test.start} to {test.end}, and the history from {first} to {last}",
                "Import exports of the test's dates, or leave the row out.",
                column,
            )

    def _check_spend(self, test: LiftTest, panel: Panel) -> None:
        if test.spend_change == 0:
            raise self.wrong(
                "says 0", "A test changes spend: give the money spent more, or less with a minus.", "spend_change"
            )
        days = (test.end - test.start).days + 1
        cost = panel.cost[panel.line_ids.index(test.line_id)]
        usual = float(cost[cost > 0].mean()) * days if (cost > 0).any() else 0.0
        if abs(test.spend_change) < _TOO_LITTLE * usual:
            raise self.wrong(
                f"says {test.spend_change:g}, where the line usually spends {usual:.2f} in {days} days",
                f"It is money over the test's dates in {panel.currency}, not a share: for half as much again write "
                f"{usual / 2:.2f}, for a line switched off {-usual:.2f}.",
                "spend_change",
            )

    def _line(self, known: Sequence[str]) -> str:
        name = self.cells["line_id"]
        if name in known:
            return name
        what = f"names the line {name!r}, which the history does not have"
        raise self.wrong(what, did_you_mean(name, known), "line_id")

    def _metric(self, panel: Panel) -> str:
        name = self.cells["metric"].lower()
        counted = [metric for metric in METRICS if np.nansum(getattr(panel, _SOURCE.get(metric, metric))) > 0]
        if panel.has_crm and "leads" not in counted:
            counted.insert(0, "leads")
        if name in counted:
            return name
        what = "is not a metric" if name not in METRICS else "is not counted in this history"
        raise self.wrong(f"says {self.cells['metric']!r}, which {what}", f"One of: {', '.join(counted)}", "metric")

    def _day(self, column: str) -> date:
        try:
            return parse_date(self.cells[column])
        except ValueError as error:
            raise self.wrong(
                f"says {self.cells[column]!r}, which is not a day", "Write it as YYYY-MM-DD.", column
            ) from error

    def _number(self, column: str) -> float:
        text = self.cells[column]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
        wanted = "money over the test's dates" if column == "spend_change" else "the metric's own unit over those dates"
        raise self.wrong(
            f"says {text!r}, which is not a number",
            f"Write {wanted} with a point for decimals, without signs of currency or per cent.",
            column,
        )
