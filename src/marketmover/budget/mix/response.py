"""What a media mix has learned: contributions, curves and returns, each as a low, middle and high."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marketmover.budget.mix.diagnostics import MixFit
from marketmover.errors import UsageError
from marketmover.kit import did_you_mean

Floats = NDArray[np.float64]
_LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Curves:
    """Hill curves in money, draw by channel.

    Attributes:
        ceiling: The most that a channel brings in a period, in units of the outcome.
        half_spend: Steady spend a period that brings half of it.
        slope: Hill's slope.
        mean_lag: Mean delay of the effect, in periods.
    """

    ceiling: Floats
    half_spend: Floats
    slope: Floats
    mean_lag: Floats


@dataclass(frozen=True)
class MixResponse:
    """A fitted media mix. Ranges are the 10th, 50th and 90th percentile, on the first axis.

    Attributes:
        channels: Names.
        spend: Channel by period.
        outcome: By period.
        draws: Contributions in units of the outcome: draw by channel by period.
        curves: Each channel's curve, draw by channel.
        fit: Diagnostics.
    """

    channels: tuple[str, ...]
    spend: Floats
    outcome: Floats
    draws: Floats
    curves: Curves
    fit: MixFit

    def expected(self) -> Floats:
        """What each channel brought in each period, at the mean of draws, so that sums add up: channel by period."""
        return self.draws.mean(axis=0)

    def contributions(self) -> Floats:
        """What each channel brought in each period: range by channel by period."""
        return np.quantile(self.draws, _LEVELS, axis=0)

    def totals(self) -> Floats:
        """What each channel brought in all periods: range by channel."""
        return np.quantile(self.draws.sum(axis=2), _LEVELS, axis=0)

    def base(self) -> Floats:
        """What would have come without media, in all periods: range."""
        return np.quantile(self.outcome.sum() - self.draws.sum(axis=(1, 2)), _LEVELS)

    def roas(self) -> Floats:
        """What each channel brought over what was spent on it: range by channel."""
        return self.totals() / self.spend.sum(axis=1)

    def curve(self, channel: str, spend: ArrayLike) -> Floats:
        """What a steady spend a period would bring in a period: range by spend.

        Args:
            channel: Its name.
            spend: Amounts, at least 0. Far beyond what was ever spent, a curve is more prior than evidence.

        Raises:
            UsageError: The channel is unknown or a spend is negative.
        """
        index = self._index(channel)
        amounts = np.atleast_1d(np.asarray(spend, dtype=np.float64))
        if (amounts < 0).any():
            raise UsageError("A curve cannot be read at a negative spend.")
        slope = self.curves.slope[:, index, None]
        relative = (amounts / self.curves.half_spend[:, index, None]) ** slope
        return np.quantile(self.curves.ceiling[:, index, None] * relative / (1.0 + relative), _LEVELS, axis=0)

    def marginal_roas(self) -> Floats:
        """What one more unit of money a period brings, at a channel's mean active spend: range by channel."""
        active = np.array([row[row > 0].mean() for row in self.spend])
        relative = (active / self.curves.half_spend) ** self.curves.slope
        steepness = self.curves.ceiling * self.curves.slope * relative / (active * (1.0 + relative) ** 2)
        return np.quantile(steepness, _LEVELS, axis=0)

    def _index(self, channel: str) -> int:
        if channel not in self.channels:
            raise UsageError(f"The media mix has no channel {channel!r}.", did_you_mean(channel, list(self.channels)))
        return self.channels.index(channel)
