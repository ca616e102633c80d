"""What a change of the cost of an outcome, or of the outcome itself, is made of: exact shares that add to 1."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from marketmover.monitoring.lines.figures import Figures

FACTORS = ("cpm", "ctr", "conversion_rate", "value")
_NEXT_TO_NOTHING = 0.02
_BEFORE = 28


def cost_shares(changes: Mapping[str, float]) -> dict[str, float]:
    """Shares of the factors in the change of the cost per outcome; empty where that cost has not changed.

    Cost per outcome is cost per impression / (click rate x conversion rate x value), so the logs of the factors'
    changes add up to the log of its own: nothing is left over, in whatever order (the logarithmic mean Divisia index:
    Ang 2004, "Decomposition analysis for policymaking in energy").

    Args:
        changes: Log changes of `cpm`, `ctr`, `conversion_rate` and, where outcomes have one, `value`.
    """
    return _shares({name: change if name == "cpm" else -change for name, change in changes.items() if name in FACTORS})


def outcome_shares(changes: Mapping[str, float]) -> dict[str, float]:
    """Shares in the change of the outcome: spend (`pace`) too, and dearer impressions bring less of it."""
    known = ("pace", *FACTORS)
    return _shares({name: -change if name == "cpm" else change for name, change in changes.items() if name in known})


def changes_since(figures: Figures, rows: Sequence[int], column: int) -> dict[str, float]:
    """Log changes of the factors of some lines together: the live days up to one, beside the four weeks before."""
    panel, live = figures.panel, slice(figures.first, column + 1)
    before = slice(max(0, figures.first - _BEFORE), figures.first)
    known, shares = figures.conversions(column), figures.completeness(column)
    counted = known / shares
    worth = panel.revenue[:, : column + 1] * counted / np.maximum(panel.conversions[:, : column + 1], 1e-9)
    sums = [
        [
            float(values[list(rows)][:, days].sum()) + 0.5
            for values in (panel.cost, panel.impressions, panel.clicks, counted, worth)
        ]
        for days in (before, live)
    ]
    old, new = (
        [cost / shown, clicks / shown, results / clicks, value / results]
        for cost, shown, clicks, results, value in sums
    )
    changes = {name: math.log(now / was) for name, was, now in zip(FACTORS, old, new, strict=True)}
    if panel.revenue_source != "platform":
        del changes["value"]
    return changes


def _shares(terms: Mapping[str, float]) -> dict[str, float]:
    total = math.fsum(terms.values())
    if abs(total) < _NEXT_TO_NOTHING:
        return {}
    shares = {name: term / total for name, term in terms.items()}
    rounded = {name: round(share, 4) for name, share in shares.items()}
    largest = max(rounded, key=lambda name: abs(rounded[name]))
    rounded[largest] = round(rounded[largest] + 1.0 - math.fsum(rounded.values()), 4)
    return rounded
