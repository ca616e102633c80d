"""What each line would take at a price of money, from its table of expected gains."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DemandCurves:
    """Marginal return of each line as a falling, piecewise linear function of its budget.

    Attributes:
        budgets: Knots, ascending, shape (lines, knots); the first is 0.
        slopes: Marginal return at the knots, strictly falling, shape (lines, knots).
    """

    budgets: Floats
    slopes: Floats

    @classmethod
    def from_gains(cls, budgets: Floats, gains: Floats) -> "DemandCurves":
        """Curves from expected gains at ascending budgets.

        Slopes are taken between points and made to fall by pooling those that do not (the concave envelope of the
        table). Each stands at its interval's middle.

        Args:
            budgets: Ascending, starting at 0, shape (lines, points).
            gains: Expected outcome at them, shape (lines, points).
        """
        widths = np.diff(budgets, axis=1)
        raw = np.diff(gains, axis=1) / widths
        pooled = np.stack([_falling(row, weight) for row, weight in zip(raw, widths, strict=True)])
        floor = max(float(pooled.max(initial=0.0)), 1e-9) * 1e-12  # a price of nothing must still have an answer
        slopes = np.concatenate([pooled[:, :1] * 1.02, pooled, pooled[:, -1:] * 0.98], axis=1)
        middles = (budgets[:, 1:] + budgets[:, :-1]) / 2
        knots = np.concatenate([budgets[:, :1], middles, budgets[:, -1:]], axis=1)
        tilt = 1.0 - 1e-9 * np.arange(slopes.shape[1])  # strict, so that every price has one answer
        return cls(knots, np.maximum(slopes, floor) * tilt)

    def take(self, rows: NDArray[np.int64]) -> "DemandCurves":
        """The curves of some lines."""
        return DemandCurves(self.budgets[rows], self.slopes[rows])

    def at_price(self, price: Floats) -> Floats:
        """Budget at which each line's marginal return is `price` (lines,), shape (lines,)."""
        lines, knots = self.slopes.shape
        above = (self.slopes > price[:, None]).sum(axis=1)
        right = np.clip(above, 1, knots - 1)
        rows = np.arange(lines)
        high, low = self.slopes[rows, right - 1], self.slopes[rows, right]
        share = np.clip((high - price) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
        left = self.budgets[rows, right - 1]
        inside = left + share * (self.budgets[rows, right] - left)
        return np.where(above == 0, 0.0, np.where(above >= knots, self.budgets[:, -1], inside))

    def slope_at(self, budgets: Floats) -> Floats:
        """Marginal return of each line at `budgets` (lines,), shape (lines,)."""
        pairs = zip(budgets, self.budgets, self.slopes, strict=True)
        return np.array([np.interp(budget, knots, slopes) for budget, knots, slopes in pairs])

    def gain(self, budgets: Floats) -> Floats:
        """Gain of each line at `budgets` (lines,): the area under its marginal return, shape (lines,)."""
        widths = np.diff(self.budgets, axis=1)
        areas = np.cumsum(widths * (self.slopes[:, 1:] + self.slopes[:, :-1]) / 2, axis=1)
        below = np.concatenate([np.zeros((len(areas), 1)), areas], axis=1)
        knot = np.clip((self.budgets <= budgets[:, None]).sum(axis=1) - 1, 0, self.budgets.shape[1] - 1)
        rows = np.arange(len(budgets))
        slope = (self.slopes[rows, knot] + self.slope_at(budgets)) / 2
        return below[rows, knot] + (budgets - self.budgets[rows, knot]) * slope


def _falling(slopes: Floats, weights: Floats) -> Floats:
    """The closest falling sequence in weighted least squares (pool adjacent violators; Ayer et al. 1955)."""
    if (np.diff(slopes) <= 0).all():
        return slopes
    blocks: list[tuple[float, float, int]] = []
    for slope, weight in zip(slopes, weights, strict=True):
        mean, mass, count = float(slope), float(weight), 1
        while blocks and blocks[-1][0] < mean:
            before, before_mass, before_count = blocks.pop()
            mean = (mean * mass + before * before_mass) / (mass + before_mass)
            mass, count = mass + before_mass, count + before_count
        blocks.append((mean, mass, count))
    return np.concatenate([np.full(count, mean) for mean, _, count in blocks])
