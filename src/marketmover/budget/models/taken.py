"""What is taken out of a stage's rates beside season and shocks: wear of creatives, and what other lines take."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.level import Gains
from marketmover.budget.models.overlap import Overlap, find_overlap
from marketmover.budget.models.problem import StageInput
from marketmover.budget.models.wear import Wear, find_wear

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Taken:
    """Wear and overlap as found so far; `None` where there is none."""

    wear: Wear | None = None
    overlap: Overlap | None = None

    def out_of(self, problem: StageInput) -> StageInput:
        """The problem as if creatives were new and no other line there: its exposure is as much smaller."""
        if self.wear is None and self.overlap is None:
            return problem
        return replace(problem, exposure=problem.exposure * np.exp(-_loss(self.wear) - _loss(self.overlap)))

    def again(self, problem: StageInput, rest: Floats, gain: Gains, start: Floats) -> "Taken":
        """What is found anew, each given the other.

        Args:
            problem: The stage.
            rest: Log rates without shape, season, shocks, and what is taken out so far, (L, T).
            gain: The level filter's gains.
            start: Level before the first day, (L,).
        """
        wear, overlap = self.wear, self.overlap
        whole = rest - _loss(wear) - _loss(overlap)
        if problem.seen is not None:
            wear = find_wear(problem.seen, whole + _loss(overlap), gain, start)
        if problem.pressed is not None:
            overlap = find_overlap(problem.pressed, whole + _loss(wear), problem.drive, gain, start)
        return Taken(wear, overlap)


def _loss(found: Wear | Overlap | None) -> Floats:
    return np.zeros((1, 1)) if found is None else found.loss
