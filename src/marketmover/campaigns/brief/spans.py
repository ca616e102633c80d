"""Stretches of a text in order, so that those near a place are found without going through them all."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import accumulate

Span = tuple[int, int]
"""Where a stretch of `Document.text` begins and ends."""


class Spans:
    """Stretches that are asked again and again which of them stand near another.

    >>> spans = Spans([(40, 46), (10, 16)])
    >>> spans.near(12, 14), spans.near(16, 20), spans.near(18, 20, behind=5), (10, 16) in spans
    ([(10, 16)], [], [(10, 16)], True)
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(set(spans))
        self._known = frozenset(self._spans)
        self._starts = [start for start, _ in self._spans]
        self._reach = list(accumulate((end for _, end in self._spans), max))  # how far those up to each one go

    def __len__(self) -> int:
        return len(self._spans)

    def __contains__(self, span: Span) -> bool:
        return span in self._known

    def near(self, start: int, end: int, behind: int = 0, ahead: int = 0) -> Sequence[Span]:
        """Those that end after `start - behind` and begin before `end + ahead`; without these: those that overlap."""
        first = bisect_right(self._reach, start - behind)
        last = bisect_left(self._starts, end + ahead)
        return [span for span in self._spans[first:last] if span[1] > start - behind]


class Apart:
    """Stretches of which no two overlap, put in one after the other.

    >>> apart = Apart()
    >>> apart.add(10, 16), apart.add(15, 20), apart.add(16, 20)
    (True, False, True)
    """

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> bool:
        """Put a stretch in if it overlaps none that is there; whether it was put in."""
        if self.near(start, end):
            return False
        insort(self._starts, start)
        insort(self._ends, end)
        return True

    def near(self, start: int, end: int, reach: int = 0) -> Sequence[Span]:
        """Those that end after `start - reach` and begin before `end + reach`, in order."""
        first, last = bisect_right(self._ends, start - reach), bisect_left(self._starts, end + reach)
        return list(zip(self._starts[first:last], self._ends[first:last], strict=True))
