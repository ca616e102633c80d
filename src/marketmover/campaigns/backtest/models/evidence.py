"""What weeks say of each line's elasticity, whatever its level: the conditional Poisson likelihood, tabled on a grid.

Within a block of weeks a line's level is conditioned away: given the block's total, counts fall on its weeks in
proportion to `week effect * drift * f(spend)` (Hausman, Hall, Griliches 1984, "Econometric models for count data with
an application to the patents-R&D relationship"). The week's effect, shared demand, is read off all other lines, so that
a line's own response is never taken for it; the drift is the line's own (`drift`). What spend explains is then what a
line does when its spend moves against the others' and against its own trend.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.backtest.models.curves import ELASTICITIES, FAMILIES, log_response
from marketmover.campaigns.backtest.models.drift import block_likelihood, fitted
from marketmover.campaigns.backtest.models.weeks import BLOCK_WEEKS, Weeks

Floats = NDArray[np.float64]

_START = 0.6
_OWN_PLATFORM = 40.0  # counts of other platforms weigh as this many of the line's own
_ROUNDS = 3
_USUAL_SCATTER = 2.0
_PRIOR_WEEKS = 10.0


@dataclass(frozen=True)
class Evidence:
    """The table of what each block says.

    Attributes:
        log_likelihood: Shape (blocks, lines, families, elasticities).
        week_effect: Demand of a week as the other lines show it, shape (lines, weeks).
        scatter: Variance of weekly counts over their mean, shape (lines,).
        log_u: Log spend over the reference, shape (lines, weeks); 0 where a line did not run.
    """

    log_likelihood: Floats
    week_effect: Floats
    scatter: Floats
    log_u: Floats


def evidence(weeks: Weeks, reference: Floats) -> Evidence:
    """Table the evidence of all blocks.

    Args:
        weeks: The history.
        reference: Weekly spend at which elasticities are told, shape (lines,).
    """
    with np.errstate(divide="ignore"):
        log_u = np.where(weeks.valid, np.log(weeks.cost / reference[:, None]), 0.0)
    effect = _week_effects(weeks, np.exp(_START * log_u))
    log_effect = np.log(effect)
    scatter = _scatter(weeks, _START * log_u + log_effect)
    table = np.zeros((weeks.blocks, len(reference), FAMILIES, len(ELASTICITIES)))
    for place, elasticity in enumerate(ELASTICITIES):
        told = block_likelihood(weeks, log_response(np.asarray(elasticity), log_u) + log_effect, scatter)
        table[:, :, :, place] = np.moveaxis(told, -1, 0).swapaxes(1, 2)
    return Evidence(table, effect, scatter, log_u)


def _levels(weeks: Weeks, effect: Floats, shape: Floats) -> Floats:
    """Each line's level in each week's block: counts over what effect and shape explain, shape (lines, weeks)."""
    counted = weeks.by_block(np.where(weeks.valid, weeks.counted, 0.0))
    explained = weeks.by_block(np.where(weeks.valid, effect * shape, 0.0))
    return np.divide(counted, explained, out=np.zeros_like(counted), where=explained > 0)[:, weeks.block]


def _week_effects(weeks: Weeks, shape: Floats) -> Floats:
    """Demand of each week as the platform's other lines show it, drawn towards all lines', shape (lines, weeks)."""
    effect = np.ones(weeks.cost.shape)
    counted = np.where(weeks.valid, weeks.counted, 0.0)
    for _ in range(_ROUNDS):
        due = np.where(weeks.valid, _levels(weeks, effect, shape) * shape, 0.0)
        everyone = _others(counted, np.ones(len(counted)), 5.0, due, np.ones(counted.shape))
        effect = _others(counted, weeks.group, _OWN_PLATFORM, due, everyone)
    return effect


def _others(counted: Floats, group: NDArray[np.generic], weight: float, due: Floats, centre: Floats) -> Floats:
    """Counts over what was due, of each line's group without the line itself, drawn towards `centre`."""
    member = (group[:, None] == group[None, :]).astype(np.float64)
    np.fill_diagonal(member, 0.0)
    return (member @ counted + weight * centre) / (member @ due + weight)


def _scatter(weeks: Weeks, expected: Floats) -> Floats:
    """Variance of weekly counts over their mean (Pearson), drawn towards a usual one, at least 1, shape (lines,)."""
    due = fitted(weeks, expected, np.full(len(expected), _USUAL_SCATTER))
    counts = np.where(weeks.valid & (due > 0), (weeks.counted - due) ** 2 / np.maximum(due, 0.5), 0.0)
    used = (weeks.valid & (due > 0)).sum(axis=1) * (1.0 - 2.0 / BLOCK_WEEKS)  # each block's level and trend were fitted
    return np.maximum(1.0, (counts.sum(axis=1) + _USUAL_SCATTER * _PRIOR_WEEKS) / (used + _PRIOR_WEEKS))
