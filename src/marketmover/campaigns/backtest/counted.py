"""What was counted of a metric, by line and day, and how many of the last days still miss some."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Panel

Floats = NDArray[np.float64]

_AT_ONCE = ("clicks", "impressions", "reach")
_LATE_DAYS = 14
_MOST_LATE_DAYS = 90
_NEARLY = 0.9


@dataclass(frozen=True)
class Tally:
    """What a history counted of a metric.

    Attributes:
        metric: The metric.
        counts: Counts, or money, by line and day, shape (lines, days).
        unit: How much of the metric one count stands for: 1, or of revenue the mean value of what earns it.
        settling: Days at the end whose counts are still to grow.
    """

    metric: str
    counts: Floats
    unit: float
    settling: int

    @classmethod
    def of(cls, panel: Panel, metric: str) -> "Tally":
        """Count a metric in a history."""
        counts = counted(panel, metric)
        bought = max(float(panel.sales.sum()), float(panel.crm_won.sum()), 1.0)
        unit = max(float(counts.sum()) / bought, 1e-9) if metric == "revenue" else 1.0
        return cls(metric, counts, unit, settling_days(panel, metric))


def counted(panel: Panel, metric: str) -> Floats:
    """Counts (or money) of a metric as the history holds them, shape (lines, days)."""
    if metric == "leads":
        return panel.leads if panel.leads.sum() > 0 or not panel.has_crm else panel.crm_leads
    if metric == "qualified_leads":
        return panel.crm_qualified
    if metric == "sales":
        return panel.sales if panel.sales.sum() > 0 or not panel.has_crm else panel.crm_won
    if metric == "reach":
        return np.nan_to_num(panel.reach)
    return np.asarray(getattr(panel, metric), dtype=np.float64)


def settling_days(panel: Panel, metric: str) -> int:
    """For how many of the last days the counts of a metric are still to grow.

    Clicks are known at once; conversions come in for two weeks; what a CRM decides is late for as long as the share of
    decided leads lies below nine tenths of what it is on older days.
    """
    if metric in _AT_ONCE:
        return 1
    by_crm = metric == "qualified_leads" or (metric == "revenue" and panel.revenue_source == "crm")
    by_crm = by_crm or (metric == "sales" and panel.sales.sum() <= 0)
    return max(_LATE_DAYS, _undecided_days(panel)) if by_crm else _LATE_DAYS


def _undecided_days(panel: Panel) -> int:
    days = len(panel.dates)
    leads, decided = panel.crm_leads.sum(axis=0), panel.crm_decided.sum(axis=0)
    old = slice(0, max(days - _MOST_LATE_DAYS, days // 2))
    usual = decided[old].sum() / max(leads[old].sum(), 1.0)
    for age in range(0, min(_MOST_LATE_DAYS, days // 2), 7):
        week = slice(days - age - 14, days - age)
        if decided[week].sum() >= _NEARLY * usual * leads[week].sum():
            return age + 7
    return _MOST_LATE_DAYS
