"""Scales and ticks: from values to positions, and the round values that an axis names."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MONTH_STEPS = (1, 2, 3, 4, 6, 12, 24, 60, 120)
_DAY_STEPS = (1, 2, 7, 14)


@dataclass(frozen=True)
class Scale:
    """A linear scale from values `low` to `high` to positions `start` to `end`; without extent it maps to `start`."""

    low: float
    high: float
    start: float = 0.0
    end: float = 100.0

    def __call__(self, value: float) -> float:
        """The position of `value`, held within the scale's ends."""
        if self.high <= self.low:
            return self.start
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten apart) within `low` to `high`, some `about` of them.

    After Paul Heckbert, "Nice numbers for graph labels", Graphics Gems (1990).

    >>> ticks(0, 87)
    [0.0, 20.0, 40.0, 60.0, 80.0]
    """
    span = high - low
    if not math.isfinite(span) or span <= 1e-9 * max(abs(low), abs(high)):
        return [low]
    step = _nice(span / about)
    digits = 1 - math.floor(math.log10(step))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, digits) for index in range(first, last + 1)]


def upper_end(values: Sequence[float], about: int = 4) -> float:
    """A round end of an axis from 0 that holds all `values`; 1 where they are all nought or none is finite."""
    highest = max((value for value in values if math.isfinite(value)), default=0.0)
    if highest <= 1e-300:  # too small to be divided
        return 1.0
    step = _nice(highest / about)
    return float(f"{math.ceil(highest / step - 1e-9) * step:.10g}")


def day_ticks(start: date, end: date, about: int = 5) -> list[date]:
    """Days that an axis from `start` to `end` names: firsts of months, or days and weeks on a short axis."""
    days = (end - start).days
    if days <= 45:
        step = next((step for step in _DAY_STEPS if days / step <= about), _DAY_STEPS[-1])
        return [start + timedelta(days=offset) for offset in range(0, days + 1, step)]
    step = next((step for step in _MONTH_STEPS if days / 30.4 / step <= about), _MONTH_STEPS[-1])
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    firsts = [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
    return [first for first in firsts if start <= first <= end] or [start]


def _nice(rough: float) -> float:
    """Heckbert's rounding of `rough` to 1, 2, 5 or 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(step for step, below in ((1, 1.5), (2, 3), (5, 7), (10, math.inf)) if rough / power < below)
