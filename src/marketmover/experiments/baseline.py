"""What a test starts from: the metric today, how much it varies, and how much of it a day brings."""

import math
from dataclasses import dataclass
from typing import Literal

from marketmover.errors import UsageError

Kind = Literal["proportion", "mean", "count", "ratio"]


@dataclass(frozen=True)
class Baseline:
    """A metric before a test. Make one by `proportion`, `mean`, `count` or `ratio`.

    Attributes:
        kind: What is measured.
        value: The metric today: a share, a mean per person, a count a day, a ratio.
        spread: Variance of one piece over the metric's square, where a piece is a person, or for counts one expected
            outcome (so that it is the dispersion: variance over mean).
        per_day: Pieces a day over all arms together.
        pieces: What a piece is called.
        by_days: Whether the analysis will learn the variance from days rather than from people.
    """

    kind: Kind
    value: float
    spread: float
    per_day: float
    pieces: str
    by_days: bool = False

    @classmethod
    def proportion(cls, rate: float, per_day: float, pieces: str = "people") -> "Baseline":
        """Of `per_day` people, the share `rate` does it.

        Raises:
            UsageError: The rate does not lie between 0 and 1.
        """
        _need(0 < rate < 1, f"a proportion of {rate:g}", "Write it between 0 and 1: 0.03 for 3%.")
        return cls("proportion", rate, (1.0 - rate) / rate, _busy(per_day), pieces)

    @classmethod
    def mean(cls, value: float, sd: float, per_day: float, pieces: str = "people") -> "Baseline":
        """`per_day` people bring `value` each, with standard deviation `sd` from person to person.

        Raises:
            UsageError: The mean or its spread is not above 0.
        """
        _need(value > 0 and sd > 0, f"a mean of {value:g} with a spread of {sd:g}", "Both are above 0.")
        return cls("mean", value, (sd / value) ** 2, _busy(per_day), pieces)

    @classmethod
    def count(cls, per_day: float, dispersion: float = 1.0, pieces: str = "outcomes") -> "Baseline":
        """`per_day` outcomes come a day; their variance is `dispersion` times their mean (1 for pure chance).

        Raises:
            UsageError: The dispersion is not above 0.
        """
        _need(dispersion > 0, f"a dispersion of {dispersion:g}", "It is above 0, and 1 for pure chance.")
        return cls("count", _busy(per_day), dispersion, per_day, pieces, by_days=True)

    @classmethod
    def ratio(
        cls,
        means: tuple[float, float],
        variances: tuple[float, float],
        covariance: float,
        per_day: float,
        pieces: str = "people",
    ) -> "Baseline":
        """A ratio of sums, such as cost per lead or revenue per visit, by the delta method.

        Args:
            means: Numerator and denominator of one piece.
            variances: Of both, from piece to piece.
            covariance: Of both.
            per_day: Pieces a day.
            pieces: What a piece is called.

        Raises:
            UsageError: A mean is not above 0, or the figures contradict each other.
        """
        top, bottom = means
        _need(top > 0 and bottom > 0, f"a ratio of {top:g} to {bottom:g}", "Both means are above 0.")
        spread = variances[0] / top**2 + variances[1] / bottom**2 - 2.0 * covariance / (top * bottom)
        _need(spread > 0, "a ratio that does not vary", "Check the variances and the covariance.")
        return cls("ratio", top / bottom, spread, _busy(per_day), pieces)

    def arm_spread(self, effect: float) -> float:
        """The spread of the arm whose metric is `1 + effect` times today's."""
        level = 1.0 + effect
        if self.kind == "proportion":
            return max(1.0 - self.value * level, 0.0) / (self.value * level)
        if self.kind == "count":
            return self.spread / level
        return self.spread / level**2 if self.kind == "mean" else self.spread

    def variance(self, days: float, share: float, effect: float) -> float:
        """Variance of the log ratio of the arms after `days`, where the new arm has `share` of the traffic."""
        pieces = days * self.per_day
        return self.spread / (pieces * (1.0 - share)) + self.arm_spread(effect) / (pieces * share)

    def most_effect(self) -> float:
        """The largest effect that can be: a share cannot exceed 1."""
        return 1.0 / self.value - 1.0 if self.kind == "proportion" else math.inf


def _busy(per_day: float) -> float:
    _need(0 < per_day < math.inf, f"{per_day:g} a day", "A test needs something to count: give a number above 0.")
    return per_day


def _need(met: bool, what: str, remedy: str) -> None:
    if not met:
        raise UsageError(f"A test cannot be sized from {what}.", remedy)
