"""The history in weeks from an origin, in blocks of weeks within which a line's level is taken to stand still."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

BLOCK_WEEKS = 8
_DAYS_OF_A_WEEK_THAT_COUNTS = 4


@dataclass(frozen=True)
class Weeks:
    """Whole weeks before and after an origin; arrays of shape (lines, weeks) unless said otherwise.

    Attributes:
        cost: Spend a week.
        counted: Outcomes a week, in units of one count.
        valid: Weeks that a line ran in.
        block: The block of each week, shape (weeks,); no block holds weeks of both sides of the origin.
        after: Whether the week lies after the origin, shape (weeks,).
        group: The lines' platform as a code, shape (lines,).
    """

    cost: Floats
    counted: Floats
    valid: Bools
    block: Integers
    after: Bools
    group: Integers

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return int(self.block.max(initial=-1)) + 1

    @property
    def own_blocks(self) -> Bools:
        """Which blocks lie after the origin, shape (blocks,)."""
        after = np.zeros(self.blocks, dtype=np.bool_)
        after[self.block[self.after]] = True
        return after

    @property
    def time(self) -> Floats:
        """Weeks from the middle of each week's block, shape (weeks,)."""
        week = np.arange(len(self.block), dtype=np.float64)
        length = np.maximum(np.bincount(self.block, minlength=self.blocks), 1)
        middle = np.bincount(self.block, weights=week, minlength=self.blocks) / length
        return week - middle[self.block]

    def by_block(self, values: Floats) -> Floats:
        """Sums of (..., weeks) over the weeks of each block, shape (..., blocks)."""
        member = (self.block[:, None] == np.arange(self.blocks)).astype(np.float64)
        return values @ member


def in_weeks(cost: Floats, counted: Floats, group: Integers, first_day: int) -> Weeks:
    """Weeks counted from `first_day` to both sides; days at the ends that fill no week are left out.

    Args:
        cost: Spend a day, shape (lines, days).
        counted: Outcomes a day, same shape.
        group: The lines' platform as a code, shape (lines,).
        first_day: Index of the first day after the origin.
    """
    lines, days = cost.shape
    before, after = first_day // 7, (days - first_day) // 7
    span = slice(first_day - 7 * before, first_day + 7 * after)

    def weekly(values: Floats) -> Floats:
        return values[:, span].reshape(lines, before + after, 7).sum(axis=2)

    week = np.arange(-before, after)
    block = np.where(week >= 0, week // BLOCK_WEEKS, -((-week - 1) // BLOCK_WEEKS) - 1)
    spent = weekly((cost > 0).astype(np.float64))
    return Weeks(
        weekly(cost),
        weekly(counted),
        spent >= _DAYS_OF_A_WEEK_THAT_COUNTS,
        block - block.min(initial=0),
        week >= 0,
        group,
    )
