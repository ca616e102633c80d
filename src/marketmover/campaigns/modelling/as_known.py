"""A history as it was known on a day, laid out as the whole history is."""

from dataclasses import replace

import numpy as np

from marketmover.campaigns.backtest import Tally
from marketmover.campaigns.modelling.past import Past
from marketmover.history import Panel

_FIGURES = (
    "cost",
    "clicks",
    "impressions",
    "conversions",
    "leads",
    "crm_leads",
    "crm_qualified",
    "search_impression_share",
    "budget_lost_share",
    "rank_lost_share",
)


def past_as_known(panel: Panel, then: Panel, metric: str, origin: int) -> Past:
    """What a forecast made on a day saw, by the imports of that day, for the lines and days of the whole history.

    Args:
        panel: The whole history.
        then: What was known on that day; its last day is the day, or one before it.
        metric: The outcome that is foretold.
        origin: Place of the day in the whole history.
    """
    rows = {line: row for row, line in enumerate(then.line_ids)}
    known = np.array([rows.get(line, -1) for line in panel.line_ids], dtype=np.int64)
    shift = int((then.dates[0] - panel.dates[0]).astype(int))
    first, days = max(shift, 0), min(shift + len(then.dates), origin + 1)
    figures = {}
    for name in _FIGURES:
        values = np.zeros((len(panel.lines), origin + 1))
        values[known >= 0, first:days] = getattr(then, name)[known[known >= 0], first - shift : days - shift]
        figures[name] = values
    seen = replace(panel, dates=panel.dates[: origin + 1], **figures)
    return Past.of(seen, Tally.of(seen, metric))
