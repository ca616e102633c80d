"""The rails of a running plan: what may be stopped without asking."""

from dataclasses import dataclass
from typing import Literal

from marketmover.campaigns.tuning.costs import planned_cost
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Running

OVER_PACE = 1.2
"""Spend over this share of its pace is brought back to it."""

TWICE = 2.0
"""A line whose results cost this many times what was planned is paused."""

_SURE = 0.9
_PRIOR_RESULTS = 2.0  # the plan's own expectation counts as much as so many results
_DAYS = (7, 14)  # a break is plain in the shorter one, a small line in the longer one


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
    """Whether results cost over twice what was planned on the last days, late ones allowed for."""
    found = [one for one in judged(line, lesson) if one.probability >= _SURE]
    return max(found, key=lambda one: one.probability, default=None)


def judged(line: Running, lesson: Lesson, *, lived: int | None = None) -> list[Breach]:
    """How far results cost more than planned, by each of the spans that are looked at, whether that is a breach or not.

    Args:
        line: The line.
        lesson: What is known by now, late results included.
        lived: Judge the days up to this many of those followed; by default all.
    """
    planned, name = planned_cost(line, lesson), lesson.counted
    if planned is None or name is None:
        return []
    row = lesson.response.row(line.id)
    last = lesson.followed.days if lived is None else lived
    tried = [_over(lesson, name, row, planned, slice(max(0, last - days), max(0, last))) for days in _DAYS]
    return [one for one in tried if one is not None]


def _over(lesson: Lesson, name: str, row: int, planned: float, days: slice) -> Breach | None:
    """Gamma-Poisson, with a prior at the plan's cost."""
    from scipy.stats import gamma

    stage = lesson.followed.stages[name]
    valid = stage.valid[row, days]
    if not valid.any():
        return None
    spent = float((lesson.followed.cost[row, days] * stage.known[row, days]).sum())
    counted = float(stage.counts[row, days][valid].sum())
    shape, rate = _PRIOR_RESULTS + counted, _PRIOR_RESULTS * planned + spent
    probability = float(gamma.cdf(1.0 / (TWICE * planned), shape, scale=1.0 / rate))
    return Breach("cost", rate / shape / planned, probability)
