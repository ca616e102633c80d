"""The people who set the budgets: ordinary ones starve some lines and overfeed others, good ones stay near the best."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Bools, Floats

MANAGERS = ("ordinary", "good")
"""Kinds of manager."""


class Habits(NamedTuple):
    """How a manager sets budgets: days between looks, drift, how far demand is followed, what weekends get, tests."""

    review_days: float
    drift_sd: float
    follows_demand: float
    weekend: float
    tests_a_year: float
    growth: float


def draw_habits(manager: str, rng: np.random.Generator) -> Habits:
    """Habits of one kind of manager."""
    growth = rng.uniform(-0.1, 0.6)
    if manager == "good":
        return Habits(rng.uniform(5.0, 12.0), 0.05, rng.uniform(0.1, 0.4), 1.0, 0.3, growth)
    weekend = rng.uniform(0.55, 0.9) if rng.random() < 0.35 else 1.0
    return Habits(rng.uniform(7.0, 25.0), rng.uniform(0.12, 0.3), rng.uniform(0.4, 1.2), weekend, 1.2, growth)


BELIEFS = {"habit": 0.4, "cheapest": 0.4, "even": 0.2}
"""What ordinary managers go by, and how common each is: habit, cost per result as platforms count it, equal parts."""


_OTHER_HABITS = 3


def misjudgements(best: Floats, costs: Floats, rng: np.random.Generator) -> tuple[Floats, ...]:
    """How an ordinary manager misjudges each line on the log scale: starved below 0, overfed above, shape (lines,).

    First by what the manager goes by, then by habits alone: where money poured into cheap lines soon comes to their
    ends, lines are much alike, or those that are misjudged hardly matter, that cannot waste what ordinary managers do.

    Args:
        best: The best split, shape (lines,).
        costs: What a result costs on average in it, shape (lines,).
        rng: Draws what the manager goes by, and what nobody can explain.
    """
    own, *others = (_habit(len(best), rng) for _ in range(1 + _OTHER_HABITS))
    belief = str(rng.choice(list(BELIEFS), p=list(BELIEFS.values())))
    if belief == "habit" or len(best) == 1:
        return own, *others
    seen = np.log(costs if belief == "cheapest" else best)
    return 0.5 * own - (seen - seen.mean()) / max(float(seen.std()), 1e-9), own, *others


def _habit(lines: int, rng: np.random.Generator) -> Floats:
    """What came to be: of every four lines one is overfed, two are starved, and one is about right."""
    kind = rng.permutation(np.arange(lines) % 8)
    starved, overfed = rng.uniform(-1.6, -0.7, lines), rng.uniform(0.5, 1.2, lines)
    return np.select([kind % 4 == 0, kind % 4 < 3], [overfed, starved], rng.normal(0.0, 0.25, lines))


def budget_paths(plan: Floats, demand: Floats, habits: Habits, rng: np.random.Generator, least: float = 0.5) -> Floats:
    """Daily budgets as set, shape (lines, days): steps at each review, rounded, around `plan` of the same shape.

    `demand` is what the manager sees of demand, shape (lines, days): budgets go up with the last week's, which is what
    confounds spend with demand. `least` is the smallest step of a budget.
    """
    lines, days = plan.shape
    drift = np.cumsum(rng.normal(0.0, habits.drift_sd / 8.0, (lines, days)), axis=1)
    drift -= 0.8 * np.linspace(0.0, 1.0, days) * drift[:, -1:]
    drift *= habits.drift_sd / (float(drift.std()) or habits.drift_sd)  # one line on one day has no spread
    seen = np.stack([np.convolve(np.pad(row, (6, 0), "edge"), np.full(7, 1 / 7), "valid") for row in demand])
    wish = plan * np.exp(drift) * seen**habits.follows_demand * _tests(lines, days, habits, rng)
    held = np.empty_like(wish)
    for line in range(lines):
        reviews = np.flatnonzero(rng.random(days) < 1.0 / habits.review_days)
        steps = np.concatenate([[0], reviews])
        held[line] = np.repeat(wish[line, steps], np.diff(np.append(steps, days)))
    return _rounded(held, least)


def _tests(lines: int, days: int, habits: Habits, rng: np.random.Generator) -> Floats:
    """Now and then a budget is doubled or halved for a fortnight to see what happens, but not in the last month."""
    factor = np.ones((lines, days))
    for line in range(lines):
        for _ in range(rng.poisson(habits.tests_a_year * days / 365.0)):
            start, size = int(rng.integers(0, max(days - 45, 1))), float(rng.uniform(np.log(0.5), np.log(2.0)))
            factor[line, start : start + int(rng.integers(8, 21))] *= np.exp(size)
    return factor


def _rounded(budgets: Floats, least: float) -> Floats:
    """As people set them: two significant figures and a half, never below 1."""
    magnitude = 10.0 ** np.floor(np.log10(np.maximum(budgets, 1.0)) - 1.0)
    step = np.maximum(magnitude * 0.5, least)
    return np.maximum(np.round(budgets / step) * step, 1.0)


def weekend_factor(weekdays: Sequence[int], habits: Habits) -> Floats:
    """What share of the set budget runs on each day, shape (days,)."""
    return np.where(np.asarray(weekdays) >= 5, habits.weekend, 1.0)


def running(
    first: Sequence[int], last: Sequence[int], pauses: Sequence[tuple[tuple[int, int], ...]], days: int
) -> Bools:
    """Which lines run on which days, shape (lines, days)."""
    day = np.arange(days)
    live = (np.array(first)[:, None] <= day) & (day <= np.array(last)[:, None])
    for line, spells in enumerate(pauses):
        for start, end in spells:
            live[line, start : end + 1] = False
    return live
