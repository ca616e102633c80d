"""What a part of a line brought, in the metric that the plan is judged by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Panel, Part

Floats = NDArray[np.float64]
_COUNTED = ("leads", "conversions", "sales", "installs", "clicks", "impressions")
_FEW = 20.0  # leads' worth of all lines' rate that a line's own is held against


@dataclass(frozen=True)
class Counting:
    """How a part's outcomes are counted: by what the platform counts, times what each of it is worth on the line.

    Attributes:
        count: What is counted of a part.
        worth: By line id, how much of the metric one of it stands for; 1 where the count is the metric itself.
        remark: What that takes for granted, in words; empty where nothing.
    """

    count: str
    worth: dict[str, float]
    remark: str

    def of(self, part: Part) -> Floats:
        """The part's outcomes by day, shape (days,)."""
        return getattr(part, self.count) * self.worth.get(part.line_id, 1.0)


def counting(panel: Panel, metric: str) -> Counting:
    """How a metric is counted by group; platforms do not say which group a qualified lead or a CRM sale came from."""
    if metric in _COUNTED:
        return Counting(metric, {}, "")
    if metric == "reach":
        return Counting("impressions", {}, "Views stand for people reached.")
    if metric in ("revenue", "profit"):
        if panel.revenue_source == "platform":
            return Counting("value", {}, "")
        worth = _pooled(panel, panel.revenue, panel.leads)
        return Counting("leads", worth, "A group's leads count by what a lead of their line is worth.")
    worth = _pooled(panel, panel.crm_qualified, panel.crm_decided)
    return Counting("leads", worth, "A group's leads count by how many of their line's qualify.")


def _pooled(panel: Panel, top: Floats, bottom: Floats) -> dict[str, float]:
    """Each line's rate over all days, drawn towards that of all lines where it has few."""
    tops, bottoms = top.sum(axis=1), bottom.sum(axis=1)
    common = float(tops.sum() / bottoms.sum()) if bottoms.sum() > 0 else 1.0
    rates = (tops + _FEW * common) / (bottoms + _FEW)
    return dict(zip(panel.line_ids, (float(rate) for rate in rates), strict=True))
