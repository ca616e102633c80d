"""What single changes of budgets are worth: each against what its money does elsewhere, and what learning costs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import DRAWS_TOO_SURE, Response
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import LEARNING_DAYS, QUIET, Standing
from marketmover.plans import ExpectedGain

Floats = NDArray[np.float64]
_LEARNING_LOSS = 0.2  # share of its outcome that a line loses while it learns, as the allocation has it
_FULL = 2.0  # a budget that is doubled or halved makes a platform learn all anew, a smaller change in part
_LESS = 0.1


@dataclass(frozen=True)
class Worth:
    """Draws of what a change earns over the days left.

    Attributes:
        draws: What it earns.
        here, elsewhere: Of a change of money, what a unit of the money that moves brings on this line, and on others.
    """

    draws: Floats
    here: Floats | None = None
    elsewhere: Floats | None = None

    @property
    def mean(self) -> float:
        """Expected gain."""
        return float(self.draws.mean())

    @property
    def probability(self) -> float:
        """How likely it is for the better."""
        return float((self.draws > 0).mean() + 0.5 * (self.draws == 0).mean())

    def as_gain(self, metric: str) -> ExpectedGain:
        """In the contract's form."""
        low, mid, high = (round(float(one), 3) for one in np.percentile(self.draws, [10, 50, 90]))
        return ExpectedGain(metric=metric, mid=mid, low=low, high=high)


def budget_worth(
    standing: Standing, lesson: Lesson, response: Response, budgets: Mapping[str, float]
) -> dict[str, Worth]:
    """What each changed daily budget earns.

    Money that a line gets is missing elsewhere: a change is valued against the mean of what the same money brings to
    those who get it and to those who give it, so that the gains of all changes add up to the whole.
    """
    days = standing.days_left
    pairs = {
        line.id: lesson.outcome(
            line.id, np.array([line.spends(line.now), line.spends(budgets[line.id])]) * days, response
        )
        for line in standing.lines
        if abs(budgets.get(line.id, line.now) - line.now) > 1e-9
    }
    moved = {line.id: (budgets[line.id] - line.now) * days for line in standing.lines if line.id in pairs}
    price = _price(pairs, moved)
    found: dict[str, Worth] = {}
    for line in standing.lines:
        if line.id in pairs:
            change = pairs[line.id][:, 1] - pairs[line.id][:, 0]
            gain = change - price * moved[line.id]
            middle = float(np.median(gain))
            gain = middle + DRAWS_TOO_SURE * (gain - middle)
            gain = gain - learning_cost(line.now, budgets[line.id], pairs[line.id][:, 1], days)
            found[line.id] = Worth(gain, here=change / moved[line.id], elsewhere=price)
    return found


def budgets_outcome(standing: Standing, lesson: Lesson, response: Response, budgets: Mapping[str, float]) -> float:
    """What the running lines are expected to bring over the days left, less what their learning phases cost."""
    days, total = standing.days_left, 0.0
    for line in standing.lines:
        to = budgets.get(line.id, line.now)
        outcome = lesson.outcome(line.id, np.array([line.spends(to)]) * days, response)[:, 0]
        total += float((outcome - learning_cost(line.now, to, outcome, days)).mean())
    return total


def learning_cost(before: float, after: float, outcome: Floats, days: int) -> Floats:
    """What the learning phase of a changed budget costs; one that stops, or moves little, learns nothing."""
    if after <= 0 or abs(after - before) <= QUIET * before + 0.01:
        return np.zeros_like(outcome)
    share = step_loss(after / before - 1.0) / _LEARNING_LOSS if before > 0 else 1.0
    return share * relearning_cost(outcome, days)


def step_loss(step: float) -> float:
    """Share of its outcome that a line loses in the week after its budget changed by the share `step`.

    The platforms say that the size of a change decides whether a line learns anew, and name no figures; here it goes
    by the log of the change, up to the full loss for twice or half the budget.
    """
    return _LEARNING_LOSS * min(abs(math.log(max(1.0 + step, 1e-9))) / math.log(_FULL), 1.0)


def relearning_cost(outcome: Floats, days: int) -> Floats:
    """What a learning phase costs a line that is to bring `outcome` over so many days."""
    return _LEARNING_LOSS * min(1.0, LEARNING_DAYS / max(days, 1)) * outcome


def price_elsewhere(standing: Standing, lesson: Lesson) -> Floats:
    """Draws of what the last unit of money brings on the running lines: what a tenth less of it would cost."""
    days = standing.days_left
    running = [line for line in standing.lines if line.now > 0]
    money = sum(line.now for line in running) * days
    if money <= 0:
        return np.zeros(lesson.response.draws)
    lost = np.zeros(lesson.response.draws)
    for line in running:
        pair = lesson.outcome(line.id, np.array([line.now, (1.0 - _LESS) * line.now]) * days)
        lost += pair[:, 0] - pair[:, 1]
    return lost / (_LESS * money)


def _price(pairs: Mapping[str, Floats], moved: Mapping[str, float]) -> Floats:
    """What a unit of moved money brings, draw by draw: the mean of receivers' and givers'."""
    sides: list[Floats] = []
    for sign in (1.0, -1.0):
        lines = [line for line, money in moved.items() if money * sign > 0]
        money = sum(abs(moved[line]) for line in lines)
        if money > 0:
            sides.append(np.sum([np.abs(pairs[line][:, 1] - pairs[line][:, 0]) for line in lines], axis=0) / money)
    return np.mean(sides, axis=0) if sides else np.zeros(1)
