"""How often values fall where."""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from marketmover.charts.axes import level_values, value_lines, values_below
from marketmover.charts.figure import bar, drawing, figure
from marketmover.charts.formats import Formats, Measure
from marketmover.charts.scale import Scale, upper_end
from marketmover.charts.table import Column, table

_TOP, _FLOOR, _HEIGHT = 18.0, 138.0, 160.0


def histogram(
    title: str, edges: Sequence[float], counts: Sequence[float], measure: Measure, formats: Formats, *, note: str = ""
) -> Markup:
    """How often values fall between edges.

    Args:
        title: What is counted.
        edges: Ends of the bins, ascending, one more than counts.
        counts: How many values fall in each bin.
        measure: How the values are written.
        formats: How counts are written.
        note: One sentence below the title.

    Raises:
        ValueError: Edges and counts do not fit.
    """
    if len(edges) != len(counts) + 1 or not counts:
        raise ValueError(f"the histogram '{title}' needs one more edge than counts, and at least one count")
    how_many = formats.count_measure("How often")
    across, upright = Scale(edges[0], edges[-1]), Scale(0, upper_end(counts, 3), _FLOOR, _TOP)
    bars = [
        bar(across(left), across(right) - across(left) - 0.3, upright(count), _FLOOR - upright(count), "column")
        for (left, right), count in zip(pairwise(edges), counts, strict=True)
    ]
    parts = [
        *value_lines(upright),
        *bars,
        *level_values(upright, how_many),
        *values_below(across, measure, _HEIGHT - 4),
    ]
    extent = f"{measure.full(edges[0])} to {measure.full(edges[-1])}"
    words = f"{measure.name} from {extent}, {formats.count(sum(counts))} values."
    heads = [Column(measure.name), Column(how_many.name, figures=True)]
    rows = [
        [f"{measure.full(left)} to {measure.full(right)}", formats.count(count)]
        for (left, right), count in zip(pairwise(edges), counts, strict=True)
    ]
    return figure(title, drawing(title, words, _HEIGHT, *parts), table(heads, rows), note=note, kind="histogram")
