"""One code for one series and for a thousand: the same formulas on plain floats and on arrays of one value a series.

Plain floats make a single series fast in a stream; arrays make a thousand fast in one call.
"""

import math
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Value = Any
"""A float, or an array with one value a series: which of both is the arithmetic's choice."""


class Arithmetic(ABC):
    """What the formulas need beyond `+ - * /` and comparisons.

    Attributes:
        minimum, maximum, log, log1p, exp, sqrt, where: As in numpy; `where` computes both its branches.
    """

    minimum: Callable[[Value, Value], Value]
    maximum: Callable[[Value, Value], Value]
    log: Callable[[Value], Value]
    log1p: Callable[[Value], Value]
    exp: Callable[[Value], Value]
    sqrt: Callable[[Value], Value]
    where: Callable[[Value, Value, Value], Value]

    @abstractmethod
    def full(self, value: float) -> Value:
        """One value for each series."""

    @abstractmethod
    def table(self, rows: int) -> Any:
        """Zeros, `rows` for each series; a row is read and written by its index."""

    @abstractmethod
    def any(self, condition: Value) -> bool:
        """Whether it holds for any series."""

    @abstractmethod
    def whole(self, value: Value) -> Value:
        """Whether values are whole numbers."""

    @abstractmethod
    def interpolate(self, value: Value, places: Sequence[float], heights: Sequence[float]) -> Value:
        """The height of a line through points at a value; flat beyond its ends."""

    @abstractmethod
    def at_or_above(self, table: Any, row: Value, happened: Value) -> Value:
        """Sum of a table's rows from `row` on, then 1 more in `row`, both only where it `happened`; else 0."""


class Floats(Arithmetic):
    """One series: plain floats, lists."""

    minimum = staticmethod(min)
    maximum = staticmethod(max)
    log = staticmethod(math.log)
    log1p = staticmethod(math.log1p)
    exp = staticmethod(math.exp)
    sqrt = staticmethod(math.sqrt)

    @staticmethod
    def where(condition: Value, a: Value, b: Value) -> Value:
        """`a` if it holds, else `b`."""
        return a if condition else b

    def full(self, value: float) -> Value:
        """The value itself."""
        return value

    def table(self, rows: int) -> Any:
        """A list."""
        return [0.0] * rows

    def any(self, condition: Value) -> bool:
        """The condition itself."""
        return bool(condition)

    def whole(self, value: Value) -> Value:
        """Whether it is a whole number."""
        return value == math.floor(value)

    def interpolate(self, value: Value, places: Sequence[float], heights: Sequence[float]) -> Value:
        """As said above."""
        right = bisect_right(places, value)
        if right in {0, len(places)}:
            return heights[max(right - 1, 0)]
        share = (value - places[right - 1]) / (places[right] - places[right - 1])
        return heights[right - 1] + share * (heights[right] - heights[right - 1])

    def at_or_above(self, table: Any, row: Value, happened: Value) -> Value:
        """As said above."""
        if not happened:
            return 0.0
        place = int(row)
        found = sum(table[place:])
        table[place] += 1.0
        return found


class Arrays(Arithmetic):
    """Many series at once: arrays of shape (series,)."""

    minimum = staticmethod(np.minimum)
    maximum = staticmethod(np.maximum)
    log = staticmethod(np.log)
    log1p = staticmethod(np.log1p)
    exp = staticmethod(np.exp)
    sqrt = staticmethod(np.sqrt)
    where = staticmethod(np.where)

    def __init__(self, series: int) -> None:
        self.series = series

    def full(self, value: float) -> Value:
        """An array of it."""
        return np.full(self.series, value)

    def table(self, rows: int) -> Any:
        """An array of shape (rows, series)."""
        return np.zeros((rows, self.series))

    def any(self, condition: Value) -> bool:
        """Whether any holds."""
        return bool(np.any(condition))

    def whole(self, value: Value) -> Value:
        """Whether they are whole numbers."""
        return value == np.floor(value)

    def interpolate(self, value: Value, places: Sequence[float], heights: Sequence[float]) -> Value:
        """As said above."""
        return np.interp(value, places, heights)

    def at_or_above(self, table: Any, row: Value, happened: Value) -> Value:
        """As said above."""
        found = np.zeros(self.series)
        columns = np.flatnonzero(happened)
        if columns.size:
            rows = row[columns].astype(np.intp)
            above = np.cumsum(table[::-1, columns], axis=0)[::-1]
            found[columns] = above[rows, np.arange(columns.size)]
            table[rows, columns] += 1.0
        return found
