"""Lines that stopped showing, and platforms that stopped counting."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.signals import WINDOWS
from marketmover.monitoring.lines.windows import Compared

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_STOPPED = 0.1  # share of the usual impressions below which a line does not show
_HALF, _BY_CHANCE = 0.5, 1e-3  # how probable so few may be, at most, if half of what is usual were due
_USUAL_DAYS = 14
_RARE = 0.004  # how often, at most, a line may have had such a day before one of them says enough
_OFF = ("PAUSED", "REMOVED", "ARCHIVED", "DELETED", "ENDED")
_UNCOUNTED, _LEAST_DUE, _LEAST_OTHERS = 0.2, 8.0, 3.0
_CRM_DAYS = 56
_AS_MANY, _LEADS_CHANCE = (
    0.8,
    1e-3,
)  # share of the leads due that is as many as before; chance of them at the lower rate
_CHANCE = 1e-5


def silent_lines(figures: Figures, usual: Bools, column: int) -> list[int]:
    """Rows of lines that should have shown on a day and did not."""
    found: list[int] = []
    for row, line in enumerate(figures.panel.lines):
        if not figures.runs[row, column] or line.status in _OFF or not _budgeted(figures, row, column):
            continue
        shown = shown_for_budget(figures, row, column)
        if not _stopped(shown, usual[row], column):
            continue
        past = range(max(60, column - 240), column - _USUAL_DAYS, 1)
        before = sum(_stopped(shown, usual[row], day) for day in past) / max(len(past), 1)
        again = 1 if before <= _RARE else 3
        if all(_stopped(shown, usual[row], column - back) for back in range(1, again)):
            found.append(row)
    return found


def shown_for_budget(figures: Figures, row: int, column: int) -> Floats:
    """A line's impressions up to a day as that day's budget would have brought them, shape (column + 1,)."""
    budgets, now = figures.budgets[row, : column + 1], figures.budgets[row, column]
    shown = figures.panel.impressions[row, : column + 1]
    known = np.isfinite(budgets) & (budgets > 0)
    return np.where(known, shown * now / np.where(known, budgets, 1.0), shown) if np.isfinite(now) else shown


def silent_platforms(compared: Compared, rows: NDArray[np.int64]) -> int | None:
    """The window's width over which next to nothing was counted on all lines of a platform; none where that is not so.

    What is left without the largest line must say so too, and few lines may contradict.
    """
    for place, width in enumerate(WINDOWS[:5]):
        mine = rows[compared.usable[rows, place]] if rows.size else rows
        if mine.size < 2:
            continue
        seen, due = compared.seen[mine, place], compared.due[mine, place]
        others = np.arange(mine.size) != int(np.argmax(due))
        against = (due >= 2.0) & (seen > 0.45 * due)
        sure = _poisson_below(float(seen.sum()), 0.4 * float(due.sum())) < _CHANCE
        if due.sum() < _LEAST_DUE or due[others].sum() < _LEAST_OTHERS or not sure:
            continue
        if (
            seen.sum() <= _UNCOUNTED * due.sum()
            and seen[others].sum() <= 0.3 * due[others].sum()
            and against.mean() <= 0.2
        ):
            return width
    return None


def leads_fell(figures: Figures, row: int, begun: int, column: int) -> bool:
    """Whether the CRM, which no broken tag touches, has clearly fewer leads of a line too; no where it cannot say."""
    due, seen = _crm_leads(figures, row, begun, column)
    return due >= _LEAST_OTHERS and seen < 0.5 * due


def leads_go_on(figures: Figures, onsets: Mapping[int, int], column: int, change: float) -> bool:
    """Whether the CRM has as many leads as before although the platform counts fewer conversions.

    Args:
        figures: What is watched.
        onsets: By row of a line, the column that it began in.
        column: The last day.
        change: Of the conversion rate, on the log scale.
    """
    sums = [_crm_leads(figures, row, begun, column) for row, begun in onsets.items()]
    due, seen = (sum(one[place] for one in sums) for place in (0, 1))
    as_many = due >= _LEAST_DUE and seen >= _AS_MANY * due
    return as_many and 1.0 - _poisson_below(seen - 1.0, due * math.exp(change)) < _LEADS_CHANCE


def _crm_leads(figures: Figures, row: int, begun: int, column: int) -> tuple[float, float]:
    """Leads that were due in the CRM for the clicks since a day, and those that came; none due where it has none.

    Days that it has not told of are left out of both.
    """
    until = column if not figures.leads_known.size else int(figures.leads_known[column - figures.first, row])
    panel, before, since = figures.panel, slice(max(0, begun - _CRM_DAYS), begun), slice(begun, until + 1)
    clicks = float(panel.clicks[row, before].sum())
    if not panel.has_crm or clicks <= 0:
        return 0.0, 0.0
    due = float(panel.crm_leads[row, before].sum()) / clicks * float(panel.clicks[row, since].sum())
    return due, float(panel.crm_leads[row, since].sum())


def _poisson_below(seen: float, due: float) -> float:
    """P(N <= seen) for N ~ Poisson(due)."""
    terms = [-due + k * math.log(max(due, 1e-12)) - math.lgamma(k + 1) for k in range(int(seen) + 1)]
    return min(1.0, sum(math.exp(term) for term in terms))


def _stopped(shown: Floats, usual: Bools, column: int) -> bool:
    days = np.flatnonzero(usual[:column])[-_USUAL_DAYS:]
    if days.size < 3 or column - days[-1] > 3 * _USUAL_DAYS:
        return False
    due = float(np.median(shown[days]))
    seen = float(shown[column])
    return seen <= _STOPPED * due and _poisson_below(seen, _HALF * due) <= _BY_CHANCE


def _budgeted(figures: Figures, row: int, column: int) -> bool:
    budget = figures.budgets[row, column]
    return not np.isfinite(budget) or budget > 0
