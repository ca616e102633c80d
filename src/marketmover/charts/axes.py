"""Axes: quiet level lines with their values written upon them, and values or days below."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from marketmover.charts.figure import label, level, rule
from marketmover.charts.formats import Formats, Measure
from marketmover.charts.scale import Scale, day_ticks, ticks


def value_lines(scale: Scale, about: int = 3) -> list[Markup]:
    """Level lines of an upright scale at its round values: drawn first, below everything."""
    return [
        level(scale(value), "axis" if value in (scale.low, 0) else "grid")
        for value in ticks(scale.low, scale.high, about)
    ]


def level_values(scale: Scale, measure: Measure, about: int = 3) -> list[Markup]:
    """The values of the level lines, each just above its line's left end: drawn last, over lines."""
    named = [value for value in ticks(scale.low, scale.high, about) if value != scale.low or scale.low != 0]
    return [label(0, scale(value) - 4, measure.short(value), anchor="start") for value in named]


def values_below(scale: Scale, measure: Measure, y: float, about: int = 4) -> list[Markup]:
    """The round values of a scale across, written at height `y`."""
    return _spread([(scale(value), measure.short(value)) for value in ticks(scale.low, scale.high, about)], y)


def days_below(start: date, end: date, formats: Formats, top: float, y: float, about: int = 5) -> list[Markup]:
    """Days or months of an axis of time, written at height `y`, with small strokes at `top`."""
    scale = Scale(0, max((end - start).days, 1))
    short = (end - start).days <= 45
    marks = day_ticks(start, end, about)
    places = [scale((day - start).days) for day in marks]
    names = [formats.short_day(day) if short else formats.month(day) for day in marks]
    strokes = [rule(place, top, top + 4, "axis") for place in places]
    return strokes + _spread(list(zip(places, names, strict=True)), y)


def _spread(marks: Sequence[tuple[float, str]], y: float) -> list[Markup]:
    """Labels, leaving out those that would run into the one before (some 6 px a letter on a phone's 300 px)."""
    parts: list[Markup] = []
    free_from = -1.0
    for x, text in marks:
        width = len(text) * 1.9
        begins = x if x < 8 else x - width if x > 92 else x - width / 2
        if begins >= free_from:
            parts.append(label(x, y, text))
            free_from = begins + width + 1
    return parts
