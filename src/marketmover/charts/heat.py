"""Shaded grids: which days a history covers, and how strongly features and outcomes go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from marketmover.charts.axes import days_below
from marketmover.charts.figure import bar, bar_row, drawing, figure, ornament
from marketmover.charts.formats import DASH, MINUS, Formats
from marketmover.charts.markup import name_of, tag
from marketmover.charts.scale import Scale
from marketmover.charts.table import Column, table

_STRIP = 12.0
_STEPS = 4


@dataclass(frozen=True)
class CoverageRow:
    """One line's days.

    Attributes:
        label: The line's name.
        present: Whether each day is there, in order from the calendar's first day.
        flagged: Days that are there but odd (outliers, planted marks), as offsets from the first day.
    """

    label: str
    present: Sequence[bool]
    flagged: Sequence[int] = ()


def coverage(title: str, first: date, rows: Sequence[CoverageRow], formats: Formats, *, note: str = "") -> Markup:
    """A calendar of which days are there: filled where present, open where missing, marked where flagged.

    Raises:
        ValueError: There is no row or no day, or rows differ in length.
    """
    if not rows or not rows[0].present or len({len(row.present) for row in rows}) != 1:
        raise ValueError(f"the calendar '{title}' needs rows of the same number of days")
    days = len(rows[0].present)
    last = first + timedelta(days=days - 1)
    strips = [_coverage_row(row, days, formats) for row in rows]
    axis = drawing(f"{title}: days", formats.dates(first, last), 18, *days_below(first, last, formats, 0, 14))
    drawn = tag("div", *strips, bar_row("", axis, ""), class_="bars calendar", role="img", aria_label=title)
    heads = [Column("Line"), *(Column(head, figures=True) for head in ("Days", "Of", "Missing", "Flagged"))]
    cells = [_counts(row, days, formats) for row in rows]
    return figure(title, drawn, table(heads, cells), note=note, kind="coverage")


def correlation_table(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    note: str = "",
) -> Markup:
    """Correlations from -1 to 1 as a table whose cells are shaded by strength; it is its own table of figures.

    Args:
        title: What goes together with what.
        rows: Names of the rows.
        columns: Names of the columns.
        values: Shape (rows, columns); `None` where it cannot be told.
        note: One sentence below the title.

    Raises:
        ValueError: A row of values is longer or shorter than the columns.

    >>> 'class="n heat p4"' in correlation_table("Spend and leads", ["Spend"], ["Leads"], [[0.93]])
    True
    """
    head = tag("tr", tag("td"), *(tag("th", name_of(name), scope="col", class_="n") for name in columns))
    body: list[Markup] = []
    for name, line in zip(rows, values, strict=True):
        cells = [_shaded(value) for _, value in zip(columns, line, strict=True)]
        body.append(tag("tr", tag("th", name_of(name), scope="row"), *cells))
    grid = tag("table", tag("thead", head), tag("tbody", *body), class_="heat-table")
    caption = [tag("strong", title)] + ([tag("span", note, class_="note")] if note else [])
    return tag("figure", tag("figcaption", *caption), tag("div", grid, class_="scroll"), class_="chart correlations")


def _coverage_row(row: CoverageRow, days: int, formats: Formats) -> Markup:
    scale = Scale(0, days)
    parts = [bar(0, 100, 0, _STRIP, "missing", radius=1.5)]
    parts += [
        bar(scale(start), scale(end) - scale(start), 0, _STRIP, "present") for start, end in _stretches(row.present)
    ]
    parts += [bar(scale(day), max(100 / days, 0.25), 0, _STRIP, "flagged") for day in row.flagged if 0 <= day < days]
    return bar_row(row.label, ornament(_STRIP, *parts, kind="strip"), formats.share(sum(row.present) / days))


def _stretches(present: Sequence[bool]) -> list[tuple[int, int]]:
    """Stretches of days that are there, as (first, one after the last)."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for index, there in enumerate([*present, False]):
        if there and start is None:
            start = index
        elif not there and start is not None:
            found.append((start, index))
            start = None
    return found


def _counts(row: CoverageRow, days: int, formats: Formats) -> list[str]:
    there = sum(row.present)
    return [name_of(row.label), *(formats.count(value) for value in (there, days, days - there, len(row.flagged)))]


def _shaded(value: float | None) -> Markup:
    if value is None:
        return tag("td", DASH, class_="n heat")
    strength = min(int(abs(value) * _STEPS + 0.5), _STEPS)
    kind = f"{'p' if value > 0 else 'm'}{strength}" if strength else "zero"
    return tag("td", _signed(value), class_=f"n heat {kind}")


def _signed(value: float) -> str:
    """With its sign; nought has none."""
    written = f"{value:+z.2f}"
    return "0.00" if written == "+0.00" else written.replace("-", MINUS)
