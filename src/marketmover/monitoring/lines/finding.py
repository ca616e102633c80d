"""A trouble as the watcher keeps it, from the day that it was found to the day that it is over."""

from dataclasses import dataclass, field
from typing import Literal

What = Literal["pace", "cpm", "ctr", "conversion_rate", "value", "delivery", "tracking"]


@dataclass(frozen=True)
class Reading:
    """A figure over the days of a trouble: what it was, what was due, and the scatter of that (log scale)."""

    column: int
    observed: float
    expected: float
    spread: float
    change: float


@dataclass
class Finding:
    """One trouble.

    Attributes:
        what: The figure that shows it.
        direction: 1 up, -1 down.
        opened: Column of the day that it was found.
        onsets: By row of a line, the column that it seems to have begun in.
        changes: By row, the change on the log scale when it was found.
        deviation: Standard deviations beyond what is no trouble, the largest so far.
        platform: Whose lines it may still spread to.
        resolved: Column of the day that it was over, by row.
        readings: By row what each figure said on the day that it was found, and since, until it was over.
        closed: Column of the day that all of it was over.
    """

    what: What
    direction: int
    opened: int
    platform: str
    onsets: dict[int, int] = field(default_factory=dict[int, int])
    changes: dict[int, float] = field(default_factory=dict[int, float])
    deviation: float = 0.0
    resolved: dict[int, int] = field(default_factory=dict[int, int])
    readings: dict[int, dict[str, "Reading"]] = field(default_factory=dict[int, dict[str, "Reading"]])
    closed: int | None = None

    @property
    def began(self) -> int:
        """Column that it began in, on the first of its lines."""
        return min(self.onsets.values())
