"""Lines whose results cost far more than was planned or asked for: they get no more money."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Running, Standing
from marketmover.plans import Limits

FAR = 1.5
"""A line whose results cost this many times what they should gets no more money."""

_SURE = 0.8
_AS_PLANNED = 1.1  # a line that keeps to its plan is not held against a target that the plan itself gave up there
_BETTER_PART = 0.25  # if less of the money than this runs at its planned cost, the market is dear, not the line

COST_OF = {
    "leads": "cost_per_lead",
    "qualified_leads": "cost_per_qualified_lead",
    "conversions": "cost_per_acquisition",
    "sales": "cost_per_acquisition",
}
"""By what is counted, the name of its cost in a plan."""


@dataclass(frozen=True)
class Dear:
    """What a line's results will cost beside what they should.

    Attributes:
        times: Cost over what was planned or asked for (median).
        than: `plan` or `target`.
        sure: How likely it is that they cost `FAR` times that.
    """

    times: float
    than: str
    sure: float


def dear_lines(standing: Standing, lesson: Lesson, limits: Limits) -> dict[str, Dear]:
    """Running lines whose results will cost far more than planned, beside the others; or than the target."""
    ratios = dict(_ratios(standing, lesson))
    usual = _usual(standing, ratios)
    asked = asked_cost(standing, lesson, limits)
    found: dict[str, Dear] = {}
    for line in standing.lines:
        if line.id not in ratios:
            continue
        planned, ahead = ratios[line.id]
        over = {"plan": ahead / planned / usual}
        if asked is not None and np.median(ahead) > _AS_PLANNED * planned:
            over["target"] = ahead / asked
        worst = {than: Dear(float(np.median(own)), than, float((own > FAR).mean())) for than, own in over.items()}
        dearest = max(worst.values(), key=lambda one: one.sure)
        if dearest.sure >= _SURE:
            found[line.id] = dearest
    return found


def planned_cost(line: Running, lesson: Lesson) -> float | None:
    """What a result of the line was planned to cost; `None` where the plan does not say."""
    planned = line.plan_line.expected.get(COST_OF.get(lesson.counted or "", ""))
    return planned.mid if planned is not None and planned.mid > 0 else None


def cost_ahead(line: Running, lesson: Lesson, days: int) -> np.ndarray | None:
    """Draws of what a result will cost over the days left at today's budget; `None` where nothing is counted."""
    name = lesson.counted
    if name is None or name not in lesson.response.metrics or line.now <= 0:
        return None
    money = line.now * days
    return money / np.maximum(lesson.response.draws_of_line(line.id, name, np.array([money]))[:, 0], 1e-6)


def _ratios(standing: Standing, lesson: Lesson) -> Iterator[tuple[str, tuple[float, np.ndarray]]]:
    for line in standing.lines:
        planned, ahead = planned_cost(line, lesson), cost_ahead(line, lesson, standing.days_left)
        if planned is not None and ahead is not None:
            yield line.id, (planned, ahead)


def _usual(standing: Standing, ratios: Mapping[str, tuple[float, np.ndarray]]) -> float:
    """How far the better part of the money is off its planned cost: what befell all lines; 1 or more."""
    running = [(float(np.median(ratios[line.id][1])) / ratios[line.id][0], line.now)
               for line in standing.lines if line.id in ratios]  # fmt: skip
    money, whole = 0.0, sum(now for _, now in running)
    for times, now in sorted(running):
        money += now
        if money >= _BETTER_PART * whole:
            return max(times, 1.0)
    return 1.0


def asked_cost(standing: Standing, lesson: Lesson, limits: Limits) -> float | None:
    """The most that a result may cost, where the limits or the brief say so."""
    most = [limits.cost_per.at_most] if limits.cost_per is not None and limits.cost_per.metric == lesson.counted else []
    wanted = COST_OF.get(lesson.counted or "")
    for one in standing.plan.brief.targets:
        most += [one.value] if one.metric == wanted and one.comparison == "at_most" and one.value > 0 else []
    return min(most, default=None)
