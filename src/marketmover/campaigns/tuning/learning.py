"""What the live days teach: the response before them, held against them."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Followed, NewLine, Response, fit_response, follow
from marketmover.campaigns.tuning.known import until
from marketmover.campaigns.tuning.standing import Standing
from marketmover.errors import InputError
from marketmover.history import Panel

Floats = NDArray[np.float64]
_LONGEST_FOLLOWED = 56  # days; what lies further back is learned like any history
_COUNTED = {"qualified_leads": "leads", "revenue": "sales", "profit": "sales"}


@dataclass(frozen=True)
class Lesson:
    """What is expected of the days that are left.

    Attributes:
        response: For these days, brought up to date.
        followed: What the live days showed.
        weights: What one of each metric is worth; of a plan with one metric that alone.
        metric: The metric that is spoken of.
    """

    response: Response
    followed: Followed
    weights: dict[str, float]
    metric: str

    @property
    def counted(self) -> str | None:
        """The stage of results that costs are judged by, where there is one."""
        wanted = (self.metric, _COUNTED.get(self.metric, ""), "leads", "conversions", "sales", "installs")
        return next((name for name in wanted if name in self.followed.stages), None)

    def outcome(self, line: str, budgets: Floats, response: Response | None = None) -> Floats:
        """Draws of what a line brings over the days left at each budget, shape (draws, budgets)."""
        asked = response or self.response
        return np.sum(
            [worth * asked.draws_of_line(line, name, budgets) for name, worth in self.weights.items()], axis=0
        )


def learn(standing: Standing, panel: Panel, then: Panel) -> Lesson:
    """Fit the days before the plan (of a long plan, all but its last eight weeks), and follow what came since.

    Args:
        standing: The plan and its lines.
        panel: All that is known, up to the day of tuning.
        then: The history as it was known when it ended.

    Raises:
        InputError: The plan's objective cannot be learned from these exports.
    """
    plan = standing.plan
    first = max(plan.start_date, standing.as_of - timedelta(_LONGEST_FOLLOWED - 1))
    missing = [
        NewLine(
            line.id, line.plan_line.platform, line.plan_line.ad_type, usual_daily=line.plan_line.daily_budget or None
        )
        for line in standing.lines
        if line.id not in panel.line_ids
    ]
    before = until(panel, first - timedelta(1))
    response = fit_response(before, first, plan.end_date, seed=plan.seed or 0, new_lines=missing)
    weights = _weights(standing, response)
    followed = follow(response, panel, first, then=then)
    if followed.response is None:
        raise InputError(f"The plan ended on {plan.end_date}: there is nothing left to tune.")
    return Lesson(followed.response, followed, weights, max(weights, key=lambda name: weights[name]))


def _weights(standing: Standing, response: Response) -> dict[str, float]:
    plan = standing.plan
    margin = plan.limits.margin if plan.limits is not None else None
    wanted = plan.objective_weights or {plan.objective: 1.0}
    weights: dict[str, float] = {}
    for name, worth in wanted.items():
        counted, times = ("revenue", margin or 1.0) if name == "profit" else (name, 1.0)
        if counted in response.metrics:
            weights[counted] = weights.get(counted, 0.0) + worth * times
    if not weights:
        known = ", ".join(response.metrics) or "nothing"
        raise InputError(
            f"The plan maximises {plan.objective}, of which these exports say nothing.", f"They say {known}."
        )
    return weights
