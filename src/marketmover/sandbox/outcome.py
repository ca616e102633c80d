"""What a plan earns in the simulated market."""

from dataclasses import dataclass

import numpy as np

from marketmover.sandbox.arrays import Floats

METRICS = ("impressions", "clicks", "cost", "conversions", "leads", "qualified_leads", "sales", "revenue")
"""What an outcome counts; `cost` and `revenue` in account currency."""


@dataclass(frozen=True)
class Outcome:
    """What a constant plan earns over a window, simulated.

    Attributes:
        line_ids: The lines, in the order of the arrays.
        expected: For each of `METRICS` the expected figure by line, shape (lines,). Deeds count on the day that the
            click was paid for, however late they come in; qualified leads and deals won likewise.
        sampled: For each of `METRICS` drawn figures by line, shape (samples, lines); empty without samples.
    """

    line_ids: tuple[str, ...]
    expected: dict[str, Floats]
    sampled: dict[str, Floats]

    def total(self, metric: str) -> float:
        """The expected figure of all lines together."""
        return float(self.expected[metric].sum())

    def total_samples(self, metric: str) -> Floats:
        """The drawn figures of all lines together, shape (samples,)."""
        return np.asarray(self.sampled[metric].sum(axis=1), np.float64)

    def line(self, line_id: str, metric: str) -> float:
        """The expected figure of one line."""
        return float(self.expected[metric][self.line_ids.index(line_id)])
