"""How unusual a running statistic is, measured against its own past, in nats."""

import math

from marketmover.monitoring.models.arithmetic import Arithmetic, Value
from marketmover.monitoring.models.parameters import Parameters

_GAUSSIAN = 1.25
"""Standard deviations in a mean absolute deviation, for a normal distribution: sqrt(pi / 2)."""
_TEACHING_ROWS = 4
_SMALLEST = 0.3
_QUICK, _QUICK_ROWS = 20.0, 200.0
_LARGEST_EXCESS = 12.0


class Gauge:
    """Centre, scale and tail of a statistic, learnt as it goes.

    The deviation from the centre, in scales, is put on the yardstick of Student's t distribution: its log density,
    which turns a Gaussian and a heavy tail alike into something near an exponential. Beyond a threshold that a share of
    `tail` of all rows exceeds, the excess is taken as exponential with its own running mean, so the tail is as heavy as
    the series' own: peaks over threshold (Pickands 1975, Statistical Inference Using Extreme Order Statistics; for
    streams Siffer et al. 2017, Anomaly Detection in Streams with Extreme Value Theory). The threshold follows its
    quantile by stochastic approximation (Robbins and Monro 1951, A Stochastic Approximation Method).
    """

    __slots__ = (
        "_o",
        "_p",
        "_tail_nats",
        "centre",
        "centre_gain",
        "exceedances",
        "excess",
        "rows",
        "scale",
        "scale_gain",
        "threshold",
    )

    def __init__(self, o: Arithmetic, p: Parameters, centre_gain: float, scale_gain: float) -> None:
        self._o, self._p = o, p
        self._tail_nats = -math.log(p.tail)
        self.centre_gain, self.scale_gain = centre_gain, scale_gain
        self.centre, self.scale, self.rows = o.full(0.0), o.full(0.0), o.full(0.0)
        self.threshold = o.full(self._tail_nats * p.first_threshold)
        self.excess = o.full(p.first_excess)
        self.exceedances = o.full(p.excess_prior)

    def spread(self, smallest: Value) -> Value:
        """The predictive scale: wider while few rows were seen."""
        return self._o.maximum(self.scale * self._o.sqrt(1.0 + 4.0 / (self.rows + 1.0)), smallest)

    def step(self, value: Value, seen: Value, smallest: Value) -> Value:
        """Evidence against `value` in nats, minus the log of its tail probability; then learn from it.

        Args:
            value: The statistic now.
            seen: 1 where there is a value, 0 where it is missing and teaches nothing.
            smallest: The least scale there can be, above 0.
        """
        o, p = self._o, self._p
        deviation = value - self.centre
        size = abs(deviation)
        distance = o.minimum(size / self.spread(smallest), 1e9)
        freedom = p.degrees_of_freedom
        yard = 0.5 * (freedom + 1.0) * o.log1p(distance * distance / freedom)
        over = yard - self.threshold
        nats = o.where(over < 0.0, yard * self._tail_nats / self.threshold, self._tail_nats + over / self.excess)
        nats = nats * o.maximum(0.0, self.rows - _TEACHING_ROWS) / (self.rows + p.warm_rows)
        self._learn(deviation, size, over, seen)
        return nats

    def _learn(self, deviation: Value, size: Value, over: Value, seen: Value) -> None:
        o, p = self._o, self._p
        young = self.rows < _TEACHING_ROWS
        limit = p.clip * self.scale + 0.05 * size + o.where(young, size, 0.0)
        self.rows = self.rows + seen
        share = seen / (self.rows + 1.0)
        self.centre = self.centre + o.maximum(share, seen * self.centre_gain) * o.maximum(
            -limit, o.minimum(limit, deviation)
        )
        taught = _GAUSSIAN * o.minimum(size, limit) - self.scale
        self.scale = self.scale + o.maximum(2.0 * share, seen * self.scale_gain) * taught
        known = o.where(young, 0.0, seen)
        beyond = o.where(over > 0.0, known, 0.0)
        self.exceedances = self.exceedances + beyond
        gain = beyond * o.maximum(1.0 / self.exceedances, p.excess_gain)
        new = self.excess + gain * (o.minimum(over, _LARGEST_EXCESS) - self.excess)
        self.excess = o.maximum(new, _SMALLEST)
        step = o.maximum(_QUICK / (self.rows + _QUICK_ROWS), p.threshold_gain)
        self.threshold = o.maximum(self.threshold + step * (beyond - known * p.tail), _SMALLEST)
