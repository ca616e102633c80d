"""What a unit of money earns on each line, how sure that is, and the best split of a budget.

`fit_response` learns from a `Panel`; `allocate` splits; `expectation` and `compare` say what to expect. `fit_mix`
learns from totals by period, where nothing is known by line. Arrays in, arrays out: no store, no settings.
"""

from marketmover.budget.allocation.aim import Objective
from marketmover.budget.allocation.allocate import Allocation, allocate, budget_that_pays, worth_spending
from marketmover.budget.allocation.fairness import Evenness
from marketmover.budget.allocation.paying import Paying
from marketmover.budget.allocation.smallest import smallest_daily
from marketmover.budget.changed import LineChange, with_changes
from marketmover.budget.fit import fit_response
from marketmover.budget.following import Followed, follow
from marketmover.budget.knowing import Doubt, doubts
from marketmover.budget.mix import MixResponse, fit_mix
from marketmover.budget.models.counted import completeness
from marketmover.budget.packing import pack_responses, unpack_responses
from marketmover.budget.ranges import Comparison, Expectation, Forecast, compare, expectation, range_of
from marketmover.budget.response import DRAWS_TOO_SURE, METRICS, NewLine, Response
from marketmover.budget.summary import LineSummary

__all__ = [
    "DRAWS_TOO_SURE",
    "METRICS",
    "Allocation",
    "Comparison",
    "Doubt",
    "Evenness",
    "Expectation",
    "Followed",
    "Forecast",
    "LineChange",
    "LineSummary",
    "MixResponse",
    "NewLine",
    "Objective",
    "Paying",
    "Response",
    "allocate",
    "budget_that_pays",
    "compare",
    "completeness",
    "doubts",
    "expectation",
    "fit_mix",
    "fit_response",
    "follow",
    "pack_responses",
    "range_of",
    "smallest_daily",
    "unpack_responses",
    "with_changes",
    "worth_spending",
]
