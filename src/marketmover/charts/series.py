"""Series over days: a line with its range and marked days, and a sparkline for a table's cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from marketmover.charts.axes import days_below, level_values, value_lines
from marketmover.charts.figure import area_path, dot, drawing, figure, line_path, ornament, stretched
from marketmover.charts.formats import Formats, Measure, or_dash
from marketmover.charts.scale import Scale, ticks, upper_end
from marketmover.charts.table import Column, table
from marketmover.kit import counted

_TOP, _FLOOR, _HEIGHT = 18.0, 178.0, 202.0

Run = list[int]


@dataclass(frozen=True)
class DaySeries:
    """A series over consecutive or skipping days, ascending.

    Attributes:
        days: The days, shape (n,).
        values: Their values; `None` breaks the line, so that a gap is seen.
        low, high: The range around it, where there is one.
        marked: Days to mark on the line (outliers, changes), with a word on each.
    """

    days: Sequence[date]
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    marked: Sequence[tuple[date, str]] = ()


def time_series(title: str, series: DaySeries, measure: Measure, formats: Formats, *, note: str = "") -> Markup:
    """A line over days with its band; gaps stay open, marked days carry a dot.

    Raises:
        ValueError: There is no day, or days and values are not as many.
    """
    if not series.days or len(series.days) != len(series.values):
        raise ValueError(f"the series '{title}' needs as many values as days, and at least one")
    start, end = series.days[0], series.days[-1]
    across = Scale(0, max((end - start).days, 1))
    places = [across((day - start).days) for day in series.days]
    upright = _upright([value for value in (*series.values, *series.low, *series.high) if value is not None])
    parts = [*value_lines(upright), stretched(_FLOOR, *_paths(series, places, upright))]
    at = dict(zip(series.days, zip(places, series.values, strict=True), strict=True))
    marks = [at[day] for day, _ in series.marked if day in at]
    parts += [dot(x, upright(value), "flag", 3.5) for x, value in marks if value is not None]
    parts += level_values(upright, measure)
    parts += days_below(start, end, formats, _FLOOR, _HEIGHT - 4)
    known = [value for value in series.values if value is not None]
    words = (
        f"{measure.name}, {formats.dates(start, end)}: {_extent(known, measure)}. {counted(len(marks), 'day')} marked."
    )
    return figure(
        title, drawing(title, words, _HEIGHT, *parts), _figures(series, measure, formats), note=note, kind="series"
    )


def sparkline(values: Sequence[float | None]) -> Markup:
    """A line for a table's cell, from the lowest to the highest value; its figures stand in the table beside it.

    >>> sparkline([1.0, 3.0, 2.0]).count("<path")
    1
    """
    known = [value for value in values if value is not None]
    if not known:
        return Markup("")
    across, upright = Scale(0, max(len(values) - 1, 1), 2, 98), Scale(min(known), max(known), 20, 3)
    paths = [
        line_path([(across(index), upright(values[index] or 0.0)) for index in run], "line") for run in _runs(values)
    ]
    return ornament(24, stretched(24, *paths), kind="spark")


def _upright(known: Iterable[float]) -> Scale:
    values = list(known)
    low = min([0.0, *values])
    high = upper_end(values, 3)
    if low < 0:
        steps = ticks(low, max(high, 0.0), 4)
        low = min(low, steps[0] - (steps[1] - steps[0])) if len(steps) > 1 and steps[0] > low else low
    return Scale(low, high, _FLOOR, _TOP)


def _paths(series: DaySeries, places: Sequence[float], upright: Scale) -> list[Markup]:
    paths: list[Markup] = []
    if series.low and series.high:
        for run in _runs([None if None in pair else 1.0 for pair in zip(series.low, series.high, strict=True)]):
            upper = [(places[index], upright(series.high[index] or 0.0)) for index in run]
            lower = [(places[index], upright(series.low[index] or 0.0)) for index in run]
            paths.append(area_path(upper, lower, "band"))
    lines = ([(places[index], upright(series.values[index] or 0.0)) for index in run] for run in _runs(series.values))
    return [*paths, *(line_path(points, "line") for points in lines)]


def _runs(values: Sequence[float | None]) -> list[Run]:
    """Stretches of indices without a gap."""
    runs: list[Run] = []
    for index, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _extent(known: Sequence[float], measure: Measure) -> str:
    return f"from {measure.full(min(known))} to {measure.full(max(known))}" if known else "no values"


def _figures(series: DaySeries, measure: Measure, formats: Formats) -> Markup:
    """By day up to ten weeks, by month beyond: a table that nobody reads to its end helps nobody."""
    words = dict(series.marked)
    if len(series.days) <= 70:
        heads = [Column("Day"), Column(measure.name, figures=True), Column("Remark")]
        pairs = zip(series.days, series.values, strict=True)
        return table(
            heads, [[formats.day(day), or_dash(value, measure.full), words.get(day, "")] for day, value in pairs]
        )
    months: dict[date, list[float]] = {}
    for day, value in zip(series.days, series.values, strict=True):
        if value is not None:
            months.setdefault(day.replace(day=1), []).append(value)
    heads = [Column("Month"), *(Column(head, figures=True) for head in ("Days", "Lowest", "Mean", "Highest"))]
    rows = [
        [
            formats.month(month),
            str(len(known)),
            measure.full(min(known)),
            measure.full(sum(known) / len(known)),
            measure.full(max(known)),
        ]
        for month, known in months.items()
    ]
    return table(heads, rows)
