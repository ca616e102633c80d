"""Rows of bars: ranges (low, middle, high) beside today's, and moves from today's budget to the advised one."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marketmover.charts.axes import values_below
from marketmover.charts.figure import bar, bar_row, dot, drawing, figure, ornament, rule
from marketmover.charts.formats import Measure, or_dash
from marketmover.charts.markup import name_of, tag
from marketmover.charts.scale import Scale, upper_end
from marketmover.charts.table import Column, table

Span = tuple[float, float, float]
"""Low, middle and high."""

_STRIP = 18.0
_IN_FULL = 100_000


@dataclass(frozen=True)
class RangeRow:
    """A row of `range_bars`: the advised range, and today's where there is one."""

    label: str
    advised: Span | None
    today: Span | None = None


@dataclass(frozen=True)
class MoveRow:
    """A row of `dumbbells`: a value before and after, either `None` where there is none."""

    label: str
    before: float | None
    after: float | None


def range_bars(
    title: str,
    rows: Sequence[RangeRow],
    measure: Measure,
    *,
    note: str = "",
    names: tuple[str, str] = ("Advised", "Today"),
) -> Markup:
    """Ranges on one shared axis from 0: a bar from low to high with the middle marked, today's thinner below.

    `names` are what the table of figures calls the two; a row's `today` without extent is drawn as a mark.

    >>> from marketmover.charts import Formats
    >>> "540 to 690" in range_bars("Leads", [RangeRow("Plan", (540, 612, 690))], Formats().count_measure("Leads"))
    True
    """
    spans = [span for row in rows for span in (row.advised, row.today) if span]
    end = upper_end([span[2] for span in spans])
    drawn = [bar_row(row.label, range_strip(row.advised, row.today, end), _span(row.advised, measure)) for row in rows]
    heads = [Column(measure.name), *(Column(head, figures=True) for head in (names[0], "Range", names[1], "Range"))]
    cells = [
        [name_of(row.label), *_middle_and_ends(row.advised, measure), *_middle_and_ends(row.today, measure)]
        for row in rows
    ]
    return figure(title, _rows(title, drawn, end, measure), table(heads, cells), note=note, kind="ranges")


def dumbbells(title: str, rows: Sequence[MoveRow], measure: Measure, *, note: str = "") -> Markup:
    """Moves on one shared axis from 0: a hollow mark before, a full one after, joined by a line."""
    end = upper_end([value for row in rows for value in (row.before, row.after) if value is not None])
    drawn = [
        bar_row(row.label, move_strip(row.before, row.after, end), or_dash(row.after, measure.short)) for row in rows
    ]
    heads = [Column(measure.name), Column("Today", figures=True), Column("Advised", figures=True)]
    cells = [[name_of(row.label), or_dash(row.before, measure.full), or_dash(row.after, measure.full)] for row in rows]
    return figure(title, _rows(title, drawn, end, measure), table(heads, cells), note=note, kind="moves")


def range_strip(advised: Span | None, today: Span | None, end: float, start: float = 0.0) -> Markup:
    """A range in a table's cell on an axis from `start` to `end`: today's as a thin line below the advised bar."""
    scale = Scale(start, end)
    parts = [bar(0, 100, _STRIP - 1.5, 1, "track")] if start == 0 else []
    if advised:
        low, mid, high = (scale(value) for value in advised)
        parts += [bar(low, high - low, 2, 7, "span", radius=2), rule(mid, 0, 11, "middle")]
    if today:
        low, mid, high = (scale(value) for value in today)
        top = 11 if high > low else 0  # a mark without extent would be lost below the bar
        parts += [bar(low, high - low, 12.5, 2, "span-today", radius=1), rule(mid, top, 16, "middle-today")]
    return ornament(_STRIP, *parts, kind="strip")


def move_strip(before: float | None, after: float | None, end: float) -> Markup:
    """A move in a table's cell on an axis from 0 to `end`."""
    scale, y = Scale(0, end, 2, 98), _STRIP / 2
    parts = [bar(0, 100, y - 0.5, 1, "track")]
    if before is not None and after is not None:
        left, right = sorted((scale(before), scale(after)))
        parts.append(bar(left, right - left, y - 1.5, 3, "move"))
    if before is not None:
        parts.append(dot(scale(before), y, "today", 4))
    if after is not None:
        parts.append(dot(scale(after), y, "advised", 4.5))
    return ornament(_STRIP, *parts, kind="strip")


def _rows(title: str, drawn: Sequence[Markup], end: float, measure: Measure) -> Markup:
    axis = drawing(
        f"{title}: scale",
        f"{measure.name} from 0 to {measure.full(end)}",
        16,
        *values_below(Scale(0, end), measure, 12, 3),
    )
    return tag("div", *drawn, bar_row("", axis, ""), class_="bars", role="img", aria_label=title)


def _span(span: Span | None, measure: Measure) -> str:
    if span is None:
        return or_dash(None, measure.full)
    write = measure.full if max(abs(end) for end in span) < _IN_FULL else measure.short  # 926 beside 1K reads badly
    return f"{write(span[1])} ({write(span[0])} to {write(span[2])})"


def _middle_and_ends(span: Span | None, measure: Measure) -> list[str]:
    if span is None:
        return [or_dash(None, measure.full), ""]
    return [measure.full(span[1]), f"{measure.full(span[0])} to {measure.full(span[2])}"]
