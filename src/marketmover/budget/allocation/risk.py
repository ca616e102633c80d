"""Risk-averse by choice: the mean of the bad outcomes counts beside the mean of all (CVaR)."""

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.problem import Problem
from marketmover.budget.allocation.solver import solve

Floats = NDArray[np.float64]
_TAIL = 0.1  # the share of outcomes that counts as bad
_ROUNDS = 24


def score(outcomes: Floats, aversion: float) -> float:
    """What draws of an outcome (draws,) are worth: `(1 - aversion)` of their mean, `aversion` of the worst tenth's."""
    if aversion <= 0:
        return float(outcomes.mean())
    return float((1 - aversion) * outcomes.mean() + aversion * (worst(outcomes) @ outcomes))


def worst(outcomes: Floats) -> Floats:
    """Weights (draws,) that average the worst tenth of the draws (CVaR at 10%; Rockafellar and Uryasev 2000)."""
    count = max(1, round(_TAIL * len(outcomes)))
    weights = np.zeros(len(outcomes))
    weights[np.argsort(outcomes, kind="stable")[:count]] = 1.0 / count
    return weights


def averse_weights(problem: Problem) -> Floats | None:
    """Weights of draws under which the plain optimum is the risk-averse one, `None` where all count alike.

    The risk-averse score is the least mean over a set of weights, so it has a saddle point in budgets and weights.
    Fictitious play finds it: each round answers the weights so far, and the worst draws of that answer join them
    (Robinson 1951). The weights of the best answer seen are kept.
    """
    aversion = problem.limits.risk_aversion
    if aversion <= 0 or problem.total <= 0:
        return None
    table = problem.table
    even = np.full(table.draws, 1.0 / table.draws)
    weights = best = even
    highest = -np.inf
    for turn in range(1, _ROUNDS + 1):
        outcomes = table.totals(solve(table.curves(weights), problem.tree, problem.total))
        reached = score(outcomes, aversion)
        if reached > highest:
            best, highest = weights, reached
        target = (1 - aversion) * even + aversion * worst(outcomes)
        weights = weights + (target - weights) * (2.0 / (turn + 2.0))
    return best
