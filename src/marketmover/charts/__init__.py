"""Charts and tables for pages that people keep, print and sign: static SVG and HTML, no script, light and dark.

A page is put together from parts, each a string of safe markup:

>>> from marketmover.charts import Formats, RangeRow, page, range_bars
>>> formats = Formats("USD")
>>> leads = range_bars("Leads", [RangeRow("Plan", (540, 612, 690))], formats.count_measure("Leads"))
>>> text = page("Plan", leads, simulated=True)

Every chart carries its title, a description for screen readers and, folded away, the table of its figures.
The same input gives the same text.
"""

from marketmover.charts.bars import MoveRow, RangeRow, dumbbells, move_strip, range_bars, range_strip
from marketmover.charts.curve import BandPoint, response_curve
from marketmover.charts.formats import Formats, Measure, or_dash
from marketmover.charts.heat import CoverageRow, correlation_table, coverage
from marketmover.charts.histogram import histogram
from marketmover.charts.markup import clean, join, name_of, tag
from marketmover.charts.page import page, save_page, theme
from marketmover.charts.series import DaySeries, sparkline, time_series
from marketmover.charts.table import Column, table

__all__ = [
    "BandPoint",
    "Column",
    "CoverageRow",
    "DaySeries",
    "Formats",
    "Measure",
    "MoveRow",
    "RangeRow",
    "clean",
    "correlation_table",
    "coverage",
    "dumbbells",
    "histogram",
    "join",
    "move_strip",
    "name_of",
    "or_dash",
    "page",
    "range_bars",
    "range_strip",
    "response_curve",
    "save_page",
    "sparkline",
    "table",
    "tag",
    "theme",
    "time_series",
]
