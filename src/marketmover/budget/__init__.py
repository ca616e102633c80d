"""What a unit of money earns on each line, how sure that is, and the best split of a budget.

`fit_response` learns from a `Panel`; `allocate` splits; `expectation` and `compare` say what to expect. Arrays in,
arrays out: no store, no settings.
"""

from marketmover.budget.allocation.allocate import Allocation, allocate
from marketmover.budget.fit import fit_response
from marketmover.budget.ranges import Comparison, Expectation, compare, expectation, range_of
from marketmover.budget.response import METRICS, LineSummary, NewLine, Response

__all__ = [
    "METRICS",
    "Allocation",
    "Comparison",
    "Expectation",
    "LineSummary",
    "NewLine",
    "Response",
    "allocate",
    "compare",
    "expectation",
    "fit_response",
    "range_of",
]
