"""What a line is for: brand search, remarketing, core lines, prospecting. In them average and marginal cost part.

People who look for the name or have been on the site buy cheaply, but there are only so many of them: soon more money
finds nobody new. Broad lines are dear from the start and have room. What each figure leans on is in docs/sandbox.md.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats


class Role(NamedTuple):
    """How lines of one role differ from the market's usual line.

    Attributes:
        label: What people who name campaigns by role call it.
        size: Spend a day at effort 1, over that of a core line.
        price: Cost per conversion at effort 1, over that of a core line.
        conversion_rate, click_rate: Conversions per click and clicks per impression, over those of a core line.
        inventory: Range of the most that can be spent, over spend at effort 1.
        people: Range of people over impressions a day at effort 1.
        rank: Range of the share of searches that are not lost to rank.
    """

    label: str
    size: float
    price: float
    conversion_rate: float
    click_rate: float
    inventory: tuple[float, float]
    people: tuple[float, float]
    rank: tuple[float, float]


ROLES: dict[str, Role] = {
    "brand": Role("Brand", 0.6, 0.35, 2.0, 2.5, (1.3, 2.5), (1.5, 4.0), (0.85, 0.98)),
    "retargeting": Role("Retargeting", 0.7, 0.45, 2.0, 1.4, (2.5, 6.0), (1.2, 4.0), (0.55, 0.9)),
    "core": Role("Core", 1.0, 1.0, 1.0, 1.0, (4.0, 12.0), (2.0, 8.0), (0.55, 0.9)),
    "prospecting": Role("Prospecting", 2.0, 1.5, 0.7, 0.9, (6.0, 16.0), (3.0, 10.0), (0.4, 0.8)),
}
"""The roles by name."""

_LIKELY: dict[str, dict[str, float]] = {
    "FIRST_SEARCH": {"brand": 0.75, "core": 0.25},
    "SEARCH": {"core": 0.75, "prospecting": 0.25},
    "PERFORMANCE_MAX": {"core": 1.0},
    "DISPLAY": {"retargeting": 0.6, "prospecting": 0.4},
    "DEMAND_GEN": {"core": 0.3, "prospecting": 0.7},
    "VIDEO": {"core": 0.3, "prospecting": 0.7},
    "META": {"retargeting": 0.22, "core": 0.38, "prospecting": 0.4},
}
_FEW_LINES = 4


def draw_role(kind: str, lines: int, rng: np.random.Generator) -> str:
    """The role of a line: Google's by campaign type (`FIRST_SEARCH` for an account's first), `META` for Meta's.

    In accounts of fewer than four lines every line is a core one: there is no money for anything else.
    """
    likely = _LIKELY[kind]
    drawn = str(rng.choice(list(likely), p=list(likely.values())))
    return "core" if lines < _FEW_LINES else drawn


def factor(roles: Sequence[str], name: str) -> Floats:
    """One of the roles' figures by line, shape (lines,)."""
    return np.array([getattr(ROLES[role], name) for role in roles], np.float64)


def drawn_within(roles: Sequence[str], name: str, rng: np.random.Generator) -> Floats:
    """A draw from one of the roles' ranges by line, shape (lines,)."""
    bounds = np.array([getattr(ROLES[role], name) for role in roles], np.float64)
    return np.asarray(rng.uniform(bounds[:, 0], bounds[:, 1]), np.float64)
