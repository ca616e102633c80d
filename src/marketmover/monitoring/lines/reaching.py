"""How likely a total is still reached by the end, from what came in so far."""

import math
from dataclasses import dataclass

_SCATTER = 0.08  # squared scatter of a day's mean beside chance, shared by days of a week
_SURE_BELOW = 0.8  # share of the expected rate below which a line is really behind, not unlucky


@dataclass(frozen=True)
class Course:
    """A total on its way.

    Attributes:
        seen: Counted so far.
        worth_days: Days so far, each by the share of it that is known yet.
        days: Days so far.
        left: Days to come.
        rate: What a day was expected to bring.
        doubt: Standard deviation of that expectation, log scale.
    """

    seen: float
    worth_days: float
    days: int
    left: int
    rate: float
    doubt: float

    @property
    def posterior(self) -> tuple[float, float]:
        """Mean and standard deviation of a day's rate: gamma prior with the doubt, counts with scatter."""
        prior = 1.0 / max(self.doubt, 0.05) ** 2
        heavier = 1.0 + _SCATTER * max(self.rate, 0.0)
        shape = prior + self.seen / heavier
        mean = shape / (prior / max(self.rate, 1e-9) + self.worth_days / heavier)
        return mean, mean / math.sqrt(shape)

    def forecast(self) -> tuple[float, float]:
        """Mean and standard deviation of the total at the end, late ones of the days so far included."""
        mean, spread = self.posterior
        ahead = self.left + max(self.days - self.worth_days, 0.0)
        chance = ahead * mean * (1.0 + _SCATTER * mean)
        return self.seen + ahead * mean, math.sqrt(max((ahead * spread) ** 2 + chance, 1e-9))

    def chance_of(self, total: float) -> float:
        """Probability that the total at the end is `total` or more."""
        mean, spread = self.forecast()
        return _above((total - 0.5 - mean) / spread)

    def really_behind(self) -> float:
        """Probability that a day's real rate is below four fifths of what was expected."""
        mean, spread = self.posterior
        return 1.0 - _above((_SURE_BELOW * self.rate - mean) / max(spread, 1e-9))


def _above(z: float) -> float:
    return 0.5 * math.erfc(z / math.sqrt(2.0))
