"""How content clients are: the mean of their answers, with a range that small numbers keep wide."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SCORES = (1, 2, 3, 4, 5)
ENOUGH = 5
_Z = 1.2815515655446004  # of a range that holds four times in five


@dataclass(frozen=True)
class Satisfaction:
    """What answers from one to five come to; `mean`, `low` and `high` are `None` where they are too few."""

    answers: int
    counts: dict[int, int]
    mean: float | None
    low: float | None
    high: float | None


def satisfaction(scores: Sequence[int]) -> Satisfaction:
    """The mean of scores from one to five, with its 80% range; none below five answers.

    The range is Wilson's with a correction for continuity (Newcombe 1998, Two-sided confidence intervals for the single
    proportion, method 4) for the mean as a share of the way from one to five. A score between the ends varies less than
    a share of ones and zeros with the same mean, so that it holds at least as often as it says.

    >>> satisfaction([5, 4, 4, 5, 3]).mean
    4.2
    >>> satisfaction([5, 5]).mean is None
    True
    """
    many = len(scores)
    told = Counter(scores)
    counts = {score: told.get(score, 0) for score in SCORES}
    if many < ENOUGH:
        return Satisfaction(many, counts, None, None, None)
    mean = sum(scores) / many
    low, high = _range((mean - 1) / 4, many)
    return Satisfaction(many, counts, mean, 1 + 4 * low, 1 + 4 * high)


def _range(share: float, many: int) -> tuple[float, float]:
    square, twice = _Z * _Z, 2 * (many + _Z * _Z)
    middle = 2 * many * share + square
    down = _Z * math.sqrt(max(0.0, square - 2 - 1 / many + 4 * share * (many * (1 - share) + 1))) + 1
    up = _Z * math.sqrt(max(0.0, square + 2 - 1 / many + 4 * share * (many * (1 - share) - 1))) + 1
    low = 0.0 if share <= 0 else max(0.0, (middle - down) / twice)
    high = 1.0 if share >= 1 else min(1.0, (middle + up) / twice)
    return min(low, share), max(high, share)
