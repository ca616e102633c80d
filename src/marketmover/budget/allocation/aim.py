"""What a split is to maximise: one metric, profit, or a weighted mix, as a value for each metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketmover.errors import InputError

Objective = str | Mapping[str, float]
"""A metric, `profit`, or what one of each is worth beside one of another: `{"leads": 1, "qualified_leads": 3}`."""


@dataclass(frozen=True)
class Aim:
    """The value of an outcome: so much for one of each metric, less so much for each unit of money spent.

    Attributes:
        weights: What one of each metric is worth.
        spend: What a unit of money spent takes away: 1 where money itself is the goal (profit), else 0.
    """

    weights: dict[str, float]
    spend: float = 0.0

    @classmethod
    def of(cls, objective: Objective, margin: float | None = None) -> "Aim":
        """Read an objective.

        Args:
            objective: A metric, `profit`, or a mix of them.
            margin: Profit before media per unit of revenue, which `profit` counts; 1 where none is given.

        Raises:
            InputError: A weight is not positive, or there is none.

        >>> Aim.of({"leads": 1, "profit": 2}, margin=0.3)
        Aim(weights={'leads': 1.0, 'revenue': 0.6}, spend=2.0)
        """
        mix = {objective: 1.0} if isinstance(objective, str) else dict(objective)
        if not mix or min(mix.values()) <= 0:
            raise InputError(
                "A mix of objectives needs a weight above 0 for each.", "Write for example leads=1,qualified_leads=3."
            )
        weights: dict[str, float] = {}
        for metric, weight in mix.items():
            counted, worth = ("revenue", margin or 1.0) if metric == "profit" else (metric, 1.0)
            weights[counted] = weights.get(counted, 0.0) + float(weight) * worth
        return cls(weights, float(mix.get("profit", 0.0)))

    @property
    def metrics(self) -> Sequence[str]:
        """The metrics that count."""
        return list(self.weights)

    def sole(self) -> str | None:
        """The metric, where there is only one."""
        return self.metrics[0] if len(self.weights) == 1 else None
