"""What a trouble costs: what it has cost so far, and what it puts at risk over the rest of the plan."""

import math

import numpy as np

from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.finding import Finding

_USUAL_DAYS = 14
_NO_PLAN_DAYS = 28


def daily_loss(finding: Finding, figures: Figures, row: int) -> float:
    """Money a day that a line in trouble spends for nothing, fails to spend, or spends beyond its budget.

    Of dearer impressions, fewer clicks or fewer conversions it is the spend that would not have been needed for what
    still comes in; of tracking, the spend that nobody can judge. Changes for the better lose nothing.
    """
    usual = usual_spend(figures, row, finding.onsets[row])
    size = abs(finding.changes[row])
    if finding.what in {"delivery", "tracking"}:
        return usual
    if finding.what == "pace":
        return usual * abs(math.expm1(finding.changes[row]))
    bad = 1 if finding.what == "cpm" else -1
    return usual * -math.expm1(-size) if finding.direction == bad else 0.0


def usual_spend(figures: Figures, row: int, before: int) -> float:
    """Mean daily spend of the last two weeks before a day."""
    spent = figures.panel.cost[row, max(0, before - _USUAL_DAYS) : before]
    return float(np.mean(spent[spent > 0])) if (spent > 0).any() else 0.0


def at_risk(finding: Finding, figures: Figures, row: int, column: int) -> float:
    """Money of a line at risk from the day after `column` to the end of the plan; without one, over four weeks."""
    return daily_loss(finding, figures, row) * days_left(figures, column)


def days_left(figures: Figures, column: int) -> int:
    """Days of the plan after a day; four weeks where there is no plan."""
    return _NO_PLAN_DAYS if figures.end is None else max((figures.end - figures.day(column)).days, 0)


def lost(finding: Finding, figures: Figures, row: int, column: int) -> float:
    """Money of a line lost from the trouble's first day to `column`, or to the day that it was over."""
    end = min(finding.resolved.get(row, column + 1), column + 1)
    return daily_loss(finding, figures, row) * max(end - finding.onsets[row], 1)
