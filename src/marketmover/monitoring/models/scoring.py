"""From evidence to a score whose complement is a false alarm rate, and to the probability of a change."""

import math
from collections.abc import Sequence

from marketmover.monitoring.models.arithmetic import Arithmetic, Value
from marketmover.monitoring.models.novelty import News
from marketmover.monitoring.models.parameters import Parameters

# How often quiet series exceed a piece of news: between what thirteen kinds of simulated series show (Gaussian,
# heavy-tailed, skewed, autocorrelated, seasonal, trending; counts of all sizes), each of 120 and of 2,000 rows
# (`benchmarks.detector`). Below 0 stands evidence that is no event, as its share of what an event must exceed, less 1.
_NEWS = (-1.0, -0.9, -0.8, -0.6, -0.45, -0.3, -0.1, 0.0, 5.0, 7.0, 10.0, 14.0, 18.0, 24.0, 30.0, 60.0)
_EXCEEDED = (1.0, 0.6, 0.35, 0.15, 0.08, 0.05, 0.025, 0.02, 0.0115, 0.0065, 0.003, 0.0017, 0.001, 2e-4, 5e-5, 1e-7)
_LOG_EXCEEDED = tuple(map(math.log, _EXCEEDED))


def score_of(o: Arithmetic, news: News) -> Value:
    """One less the share of rows of quiet series that bring news as strong."""
    strength = o.where(news.nats > 0, news.nats, news.share - 1.0)
    return 1.0 - o.exp(o.interpolate(strength, _NEWS, _LOG_EXCEEDED))


def change_probability(o: Arithmetic, p: Parameters, change: Sequence[Value]) -> Value:
    """Posterior probability of a change from its evidence.

    The largest of the running means' evidence, taken as the best of two since they overlap, gives a p-value;
    `-e p log p` is the least Bayes factor for "no change" that it allows (Sellke, Bayarri and Berger 2001,
    Calibration of p Values for Testing Precise Null Hypotheses).
    """
    nats = o.maximum(o.maximum(change[0], change[1]), change[2]) - math.log(2.0)
    counted = o.minimum(o.maximum(nats, 1.0), 300.0)  # from p = 1/e on, the bound is 1
    odds = p.prior_change / (1.0 - p.prior_change) * o.exp(counted - 1.0) / counted
    return odds / (1.0 + odds)
