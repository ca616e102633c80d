"""What one further unit of money brings on each line, at today's split of the plan's budget and at the advised one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from marketmover.campaigns.compose.advice import Advice
from marketmover.kit import from_cents

_STEP = 0.02
_LEAST_STEP = 1e-4  # of the whole budget: lines that stand at nothing are asked for their first money


@dataclass(frozen=True)
class Further:
    """Expected outcome of the metric that the plan speaks of for one more unit of money.

    Both splits spend the same, so figures at the one may be held against figures at the other. What a line brings at
    the spend of its past may not, where the plan's budget is another.

    Attributes:
        today: At today's split of the plan's budget, by line.
        advised: At the advised split, by line.
        across: Over the advised split, the mean weighted by budget.
    """

    today: dict[str, float]
    advised: dict[str, float]
    across: float


def further(advice: Advice) -> Further:
    """What further money brings, line by line; whatever is maximised, in the metric that the plan speaks of."""
    today, advised = _returns(advice, advice.today.cents), _returns(advice, advice.split)
    spent = sum(advice.split.values())
    across = sum(advised[line] * cents for line, cents in advice.split.items()) / max(spent, 1)
    return Further(today, advised, across)


def _returns(advice: Advice, cents: Mapping[str, int]) -> dict[str, float]:
    response = advice.response
    budgets = np.zeros(len(response.line_ids))
    for line, amount in cents.items():
        budgets[response.row(line)] = from_cents(amount)
    step = np.maximum(_STEP * budgets, _LEAST_STEP * max(float(budgets.sum()), 1.0))
    more, now = (response.alone(spent, advice.metric, budgets).mean(axis=0) for spent in (budgets + step, budgets))
    gained = more - now
    return {line: float(gained[response.row(line)] / step[response.row(line)]) for line in cents}
