"""Small counts, judged by their own distribution: negative binomial, or Poisson where they vary no more than that."""

from marketmover.monitoring.models.arithmetic import Arithmetic, Value
from marketmover.monitoring.models.parameters import Parameters

_LEAST_DISPERSION, _MOST_DISPERSION = 1e-4, 50.0
_FARTHEST_VARIANCES = 36.0
_LEAST_TAIL = 1e-300


class Counts:
    """Whether a series holds counts, and how much they vary beyond Poisson.

    Variance is `mean + dispersion * mean**2` (NB2; Cameron and Trivedi 1998, Regression Analysis of Count Data),
    with the dispersion by discounted moments.
    """

    def __init__(self, o: Arithmetic, p: Parameters) -> None:
        self._o, self._p = o, p
        self.are = o.full(1.0)
        self.rows = o.full(0.0)
        self._size = o.full(0.0)
        self._beyond, self._squares = o.full(0.0), o.full(0.0)

    def small(self, value: Value) -> Value:
        """Whether this row is to be judged as a small count, from it and the rows before."""
        o = self._o
        whole = o.whole(value) & (value >= 0)
        self.are = o.where(whole, self.are, 0.0)
        size = o.where(self.rows > 0, self._size, value)
        return (self.are > 0) & (size <= self._p.few)

    def mean(self, forecast: Value) -> Value:
        """The mean that a forecast stands for: above 0, since what never came may come yet."""
        return self._o.maximum(forecast, 0.5 / (1.0 + self._o.minimum(self.rows, 100.0)))

    def deviation(self, forecast: Value) -> Value:
        """Standard deviation of the count that a forecast stands for."""
        mean = self.mean(forecast)
        return self._o.sqrt(mean + self.dispersion() * mean * mean)

    def least_deviation(self) -> Value:
        """As `deviation`, of a series in which nothing came yet: a first 1 is no break."""
        return self._o.sqrt(self.mean(0.0))

    def dispersion(self) -> Value:
        """NB2 dispersion; near 0 is Poisson."""
        o = self._o
        ratio = o.maximum(self._beyond, 0.0) / (self._squares + 1e-9)
        return o.minimum(_MOST_DISPERSION, o.maximum(_LEAST_DISPERSION, ratio))

    def surprise(self, value: Value, mean: Value) -> Value:
        """The normal quantile of where `value` stands in its distribution, half of its own mass on each side."""
        from scipy.special import betainc, ndtri

        o = self._o
        dispersion = self.dispersion()
        r = 1.0 / dispersion
        chance = 1.0 / (1.0 + dispersion * mean)
        count = o.maximum(value, 0.0)
        below = o.where(count > 0, betainc(r, o.maximum(count, 0.5), chance), 0.0)
        lower = 0.5 * (betainc(r, count + 1.0, chance) + below)
        above = o.where(count > 0, betainc(o.maximum(count, 0.5), r, 1.0 - chance), 1.0)
        upper = 0.5 * (betainc(count + 1.0, r, 1.0 - chance) + above)
        tail = o.maximum(o.minimum(lower, upper), _LEAST_TAIL)
        return o.where(lower < upper, 1.0, -1.0) * ndtri(tail)

    def learn(self, value: Value, mean: Value, seen: Value) -> None:
        """Learn from a row."""
        o = self._o
        self.rows = self.rows + seen
        gain = seen * o.maximum(1.0 / o.maximum(self.rows, 1.0), self._p.error_gain)
        self._size = self._size + gain * (o.minimum(abs(value), 1e150) - self._size)
        error = o.minimum(abs(value - mean), 1e150)
        variance = mean + self.dispersion() * mean * mean
        square = o.minimum(error * error, _FARTHEST_VARIANCES * variance)
        self._beyond = self._beyond + gain * (square - mean - self._beyond)
        self._squares = self._squares + gain * (o.minimum(mean * mean, 1e300) - self._squares)
