"""Which stretches of the past are replayed."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from marketmover.history import Panel

LEAST_KNOWN_DAYS = 90
MOST_WINDOWS = 8


@dataclass(frozen=True)
class Span:
    """A stretch of days that is judged; both days count. Advice for it was given on the evening of `origin`."""

    start: date
    end: date

    @property
    def origin(self) -> date:
        """The last day that the advice knew."""
        return self.start - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def columns(self, panel: Panel) -> slice:
        """Its days in a panel's arrays."""
        first = int((np.datetime64(self.start) - panel.dates[0]).astype(int))
        return slice(first, first + self.days)


def replayable(panel: Panel, weeks: int, settling: int) -> list[Span]:
    """Windows of `weeks` through the second half of the history, ascending; none overlaps another.

    Args:
        panel: The whole history.
        weeks: Length of a window.
        settling: Days at the end that are not judged, since counts of them are still to come.

    Returns:
        At most `MOST_WINDOWS`, the last days first served; where more would fit, evenly among them.
    """
    if not len(panel.dates):
        return []
    first: date = panel.dates[0].astype(object)
    last: date = panel.dates[-1].astype(object) - timedelta(days=settling)
    soonest = first + timedelta(days=max(len(panel.dates) // 2, LEAST_KNOWN_DAYS))
    length = timedelta(days=7 * weeks)
    spans: list[Span] = []
    end = last
    while end - length + timedelta(days=1) >= soonest:
        spans.append(Span(end - length + timedelta(days=1), end))
        end -= length
    spans.reverse()
    if len(spans) <= MOST_WINDOWS:
        return spans
    kept = np.unique(np.linspace(0, len(spans) - 1, MOST_WINDOWS).round().astype(int))
    return [spans[place] for place in kept]


def least_days(weeks: int, settling: int) -> int:
    """How long a history must be for two windows to be replayed."""
    known = LEAST_KNOWN_DAYS + 14 * weeks + settling
    return max(known, 2 * (14 * weeks + settling) - 1)
