"""Which changes are likely better: what each is expected to earn, how sure that is, and which go together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.parameters.candidates import Candidate
from marketmover.campaigns.parameters.learned import Taught, gains, own_values
from marketmover.campaigns.parameters.settings import Values

Floats = NDArray[np.float64]

_LIKELY = 0.8  # how likely a change must be for the better to be proposed
_WORTH_IT = 0.01  # a gain of less is not worth anybody's work
_MOST_CHANGES = 2  # of one line at once: more could not be told apart afterwards
_LEARNING_DAYS, _LEARNING_LOSS = 7.0, 0.2  # as the allocation has it: what a learning phase costs
_NO_TRANSFER = 0.25  # of a gain: how far what held elsewhere, or before, may not hold here
_UNFORESEEN = 0.02
_OF_FORMS = 0.4  # forms differ between lines alone: what lines differ by besides is most of what is seen
_ONE_KIND = {"message": "creative", "ad_type": "creative"}  # a line's ads are changed once


@dataclass(frozen=True)
class Weighed:
    """A candidate and what it would do.

    Attributes:
        candidate: The change.
        by_rate: Draws of what it does to the log of each rate (`rate`, `quality`), (draws,) each.
        gain: Draws of what it does to the log of the outcome at the line's budget, what learning costs included.
    """

    candidate: Candidate
    by_rate: Mapping[str, Floats]
    gain: Floats

    @property
    def probability(self) -> float:
        """How likely it is for the better."""
        return float((self.gain > 0).mean())

    @property
    def expected(self) -> float:
        """Expected gain as a share of the outcome."""
        return float(np.expm1(self.gain).mean())


@dataclass(frozen=True)
class Chooser:
    """Weighs candidates of an account.

    Attributes:
        taught: What was learned of each rate.
        elasticity: Of each line at its planned spend.
        days: Days of the plan.
        seed: Of all draws.
        draws: How many, as many as the response has.
    """

    taught: Sequence[Taught]
    elasticity: Mapping[str, float]
    days: int
    seed: int
    draws: int

    def weigh(self, now: Values, candidates: Sequence[Candidate]) -> list[Weighed]:
        """What each candidate of one line would do, against what the line has now."""
        if not candidates:
            return []
        line = candidates[0].line_id
        pairs = [(own_values(line, now), own_values(line, one.values)) for one in candidates]
        trust = np.array([_OF_FORMS if one.parameter == "ad_type" else 1.0 for one in candidates])
        by_rate = {one.rate: trust * gains([one], pairs, self.seed, self.draws) for one in self.taught}
        total = np.sum(list(by_rate.values()), axis=0)
        luck = np.random.default_rng([self.seed, *line.encode(), 7]).standard_normal(total.shape)
        total = total + luck * np.hypot(_NO_TRANSFER * np.abs(total.mean(axis=0)), _UNFORESEEN)
        kept = 1.0 - self.elasticity[line]
        return [
            Weighed(
                one,
                {rate: drawn[:, at] for rate, drawn in by_rate.items()},
                total[:, at] + kept * np.log(one.room) - self._learning(one),
            )
            for at, one in enumerate(candidates)
        ]

    def _learning(self, candidate: Candidate) -> float:
        return _LEARNING_LOSS * min(1.0, _LEARNING_DAYS / self.days) if candidate.relearns else 0.0

    def choose(self, now: Values, candidates_of: Callable[[Values], Sequence[Candidate]]) -> list[Weighed]:
        """The changes of one line that are likely better, the best first; each next one upon those before it.

        Args:
            now: What the line has.
            candidates_of: All candidates of the line, given what it has.
        """
        chosen: list[Weighed] = []
        while len(chosen) < _MOST_CHANGES:
            done = {_kind(one.candidate) for one in chosen}
            left = [one for one in candidates_of(now) if _kind(one) not in done]
            likely = [one for one in self.weigh(now, left) if is_likely(one)]
            if not likely:
                break
            best = max(likely, key=lambda one: one.expected)
            chosen.append(best)
            now = best.candidate.values
        return chosen


def _kind(candidate: Candidate) -> str:
    return _ONE_KIND.get(candidate.parameter, candidate.parameter)


def is_likely(one: Weighed) -> bool:
    """Whether a change is likely for the better and worth the work."""
    return one.probability >= _LIKELY and one.expected >= _WORTH_IT
