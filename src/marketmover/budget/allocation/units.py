"""What is decided on: lines, and the groups of lines that draw on one shared budget and are one decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.solver import Tree
from marketmover.errors import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_CENT = 0.01


@dataclass(frozen=True)
class Members:
    """The lines that may get money, with where they belong."""

    lines: tuple[str, ...]
    campaigns: tuple[str, ...]
    platforms: tuple[str, ...]


@dataclass(frozen=True)
class Units:
    """Lines gathered into decisions.

    A platform splits a shared budget between its campaigns as it sees fit, so a plan can set the sum alone. Its lines
    are taken to go on sharing as they do today.

    Attributes:
        names: The line's id, or the pool's name.
        unit: Unit of each line, shape (lines,).
        share: Share of the unit's budget that each line gets, shape (lines,).
    """

    names: tuple[str, ...]
    unit: Integers
    share: Floats

    @classmethod
    def of(cls, lines: Sequence[str], pools: Mapping[str, str], current: Mapping[str, float]) -> "Units":
        """Gather lines.

        Args:
            lines: All lines that may get money.
            pools: Name of the shared budget of each line that has one.
            current: Budget of each line today, which says how a pool is shared; evenly where it spends nothing.
        """
        keys = [pools.get(line, line) for line in lines]
        names = list(dict.fromkeys(keys))
        unit = np.array([names.index(key) for key in keys], dtype=np.int64)
        weight = np.array([max(current.get(line, 0.0), 0.0) for line in lines])
        spent = np.bincount(unit, weight, minlength=len(names))
        weight = np.where(spent[unit] > 0, weight, 1.0)
        return cls(tuple(names), unit, weight / np.bincount(unit, weight, minlength=len(names))[unit])

    @property
    def pooled(self) -> bool:
        """Whether any unit holds more than one line."""
        return len(self.names) < len(self.unit)

    def sums(self, of_lines: Floats) -> Floats:
        """Sum of the lines' values by unit; the last axis is lines, then units."""
        if not self.pooled:
            return of_lines
        member = (self.unit[:, None] == np.arange(len(self.names))).astype(np.float64)
        return of_lines @ member

    def lines(self, budgets: Floats) -> Floats:
        """Budgets of lines from budgets of units (units,), shape (lines,)."""
        return budgets[self.unit] * self.share

    def tree(self, tree: Tree, lines: Sequence[str]) -> Tree:
        """Bounds of units from bounds of lines: a pool may spend what lets every one of its lines keep its bounds.

        Raises:
            InputError: Bounds of lines that share a budget contradict each other.
        """
        if not self.pooled:
            return tree
        low = np.maximum(tree.line_low, np.where(self._alone(), 0.0, tree.campaign_low[tree.campaign]))
        high = np.minimum(tree.line_high, np.where(self._alone(), np.inf, tree.campaign_high[tree.campaign]))
        lows, highs = (np.zeros(len(self.names)), np.full(len(self.names), np.inf))
        with np.errstate(divide="ignore", invalid="ignore"):
            np.maximum.at(lows, self.unit, np.where(low > 0, low / self.share, 0.0))
            np.minimum.at(highs, self.unit, np.where(self.share > 0, high / self.share, np.inf))
        for row in np.flatnonzero(lows > highs + _CENT):
            members = [line for line, unit in zip(lines, self.unit, strict=True) if unit == row]
            raise InputError(
                f"Limits contradict: {', '.join(members)} draw on one shared budget, which the platform splits between "
                "them as today, and no sum of it keeps the limits of each.",
                "Limit one of them only, or give each a budget of its own on the platform.",
            )
        first = np.array([int(np.flatnonzero(self.unit == row)[0]) for row in range(len(self.names))])
        folded = tree.campaign[~self._alone()]
        campaign_low, campaign_high = tree.campaign_low.copy(), tree.campaign_high.copy()
        campaign_low[folded], campaign_high[folded] = 0.0, np.inf
        return replace(
            tree,
            line_low=lows,
            line_high=np.maximum(lows, highs),
            campaign=tree.campaign[first],
            campaign_low=campaign_low,
            campaign_high=campaign_high,
        )

    def _alone(self) -> NDArray[np.bool_]:
        """Whether each line is a unit of its own, shape (lines,)."""
        return np.bincount(self.unit)[self.unit] == 1
