"""What the platforms themselves predict for other budgets: the truth, seen through a biased and noisy model."""

from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.exports.account import budget_at
from marketmover.sandbox.market import Market, averaged
from marketmover.sandbox.models.market_day import live_day, settled
from marketmover.sandbox.streams import stream

LEVELS = np.array([0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0])
"""Budgets over the present one at which platforms predict."""

_BIAS, _NOISE = 0.08, 0.02
_ROSY, _BENT = 0.03, 0.08  # platforms promise a little too much of more budget, and get the curve's slope wrong


class Prediction(NamedTuple):
    """Figures a day at each budget, arrays of shape (levels,)."""

    budget: Floats
    spend: Floats
    impressions: Floats
    clicks: Floats
    conversions: Floats


def predicted(market: Market, place: int) -> Prediction:
    """What the platform predicts for one line over the last week's conditions, all other lines as they are.

    The truth with a wrong level and a wrong slope (elasticity) by line, and noise by point.
    """
    days = market.setting.days
    truth = averaged(market.truth, slice(max(days - 7, 0), days))
    now = market.spendable[:, -7:].mean(axis=1)
    plans = np.repeat(now[None, :], len(LEVELS), axis=0)
    budget = LEVELS * budget_at(market, place, days - 1)
    plans[:, place] = budget
    _, flow = live_day(truth, truth.curves, settled(truth, plans), plans, 0)
    rng = stream(market.setting.seed, "predicted", market.lines[place].id)
    bias, noise = np.exp(rng.normal(0.0, _BIAS)), np.exp(rng.normal(0.0, _NOISE, len(LEVELS)))
    bent = LEVELS ** rng.normal(_ROSY, _BENT)
    seen = np.maximum.accumulate(flow.conversions[:, place] * bias * noise * bent)
    return Prediction(budget, flow.spend[:, place], flow.impressions[:, place], flow.clicks[:, place], seen)
