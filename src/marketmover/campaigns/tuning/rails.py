"""The rails of a running plan: what may be stopped without asking."""

from dataclasses import dataclass
from typing import Literal

from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Running

OVER_PACE = 1.2
"""Spend over this share of its pace is brought back to it."""

TWICE = 2.0
"""A line whose results cost this many times what was planned is paused."""

_SURE = 0.9
_PRIOR_RESULTS = 2.0  # the plan's own expectation counts as much as so many results
_DAYS = 14
_COST_OF = {
    "leads": "cost_per_lead",
    "qualified_leads": "cost_per_qualified_lead",
    "conversions": "cost_per_acquisition",
    "sales": "cost_per_acquisition",
}


@dataclass(frozen=True)
class Breach:
    """A rail that a line has run over: which, by how much, and how sure that is."""

    rail: Literal["pace", "cost"]
    times: float
    probability: float


def breach_of(line: Running, lesson: Lesson) -> Breach | None:
    """The rail that a line has run over, if any; the cost of results comes first."""
    if line.paused:
        return None
    found = _cost(line, lesson)
    if found is not None:
        return found
    if line.pace is not None and line.pace > OVER_PACE:
        return Breach("pace", line.pace, 1.0)
    return None


def _cost(line: Running, lesson: Lesson) -> Breach | None:
    """Whether results cost twice what was planned, late ones allowed for: gamma-Poisson, a prior at the plan's cost."""
    from scipy.stats import gamma

    name = lesson.counted
    planned = line.plan_line.expected.get(_COST_OF.get(name or "", ""))
    if name is None or planned is None or planned.mid <= 0:
        return None
    stage, row = lesson.followed.stages[name], lesson.response.row(line.id)
    days = slice(max(0, stage.counts.shape[1] - _DAYS), None)
    valid = stage.valid[row, days]
    if not valid.any():
        return None
    spent = float((lesson.followed.cost[row, days] * stage.known[row, days]).sum())
    counted = float(stage.counts[row, days][valid].sum())
    shape, rate = _PRIOR_RESULTS + counted, _PRIOR_RESULTS * planned.mid + spent
    probability = float(gamma.cdf(1.0 / (TWICE * planned.mid), shape, scale=1.0 / rate))
    return Breach("cost", rate / shape / planned.mid, probability) if probability >= _SURE else None
