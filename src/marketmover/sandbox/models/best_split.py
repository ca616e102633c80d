"""The best constant split of a sum over lines that may overlap and need not be concave.

Lines of one overlap group are valued together; groups do not touch, so one line of each group can be varied at the same
time. The search starts from several splits (among them the greedy one on the concave hull of every line's curve), evens
out the marginal returns, and ends with exchanges between pairs of lines until none gains.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints

Gain = Callable[[Floats], Floats]
"""Outcome by line of plans: budgets of shape (plans, lines) in, values of the same shape out."""

_FEW_LINES = 8
_LEVELS = np.concatenate([[0.0], np.geomspace(2e-4, 1.0, 47)])


@dataclass(frozen=True)
class Problem:
    """What is to be split: `gain`, the sum, and the overlap groups (`group`, `place` within it), shape (lines,)."""

    gain: Gain
    total: float
    group: Ints
    place: Ints

    def value(self, budgets: Floats) -> float:
        """The outcome of one split."""
        return float(self.gain(budgets[None, :]).sum())

    def by_group(self, plans: Floats) -> Floats:
        """Outcome by group for plans of shape (plans, lines), shape (plans, groups)."""
        values = self.gain(plans)
        sums = np.zeros((len(plans), int(self.group.max()) + 1))
        np.add.at(sums.T, self.group, values.T)
        return sums

    def varied(self, budgets: Floats, levels: Floats) -> Floats:
        """The outcome of a line's group when only that line moves to `levels` (shape (levels, lines))."""
        places = int(self.place.max()) + 1
        plans = np.repeat(budgets[None, None, :], places, axis=0).repeat(len(levels), axis=1)
        for place in range(places):
            here = self.place == place
            plans[place, :, here] = levels[:, here].T
        sums = self.by_group(plans.reshape(-1, len(budgets))).reshape(places, len(levels), -1)
        return sums[self.place, :, self.group].T


def overlap_groups(overlap: Floats) -> tuple[Ints, Ints]:
    """Lines that touch by `overlap`, directly or through others: their group, and a number within it."""
    from scipy.sparse.csgraph import connected_components

    _, group = connected_components(overlap > 0.0, directed=False)
    place = np.array([int(np.sum(group[:line] == group[line])) for line in range(len(group))])
    return np.asarray(group, np.int64), place


def best_split(problem: Problem, starts: Sequence[Floats], *, effort: int = 250) -> Floats:
    """The split of `problem.total` with the highest outcome found, shape (lines,); `effort` bounds the exchanges."""
    lines = len(problem.group)
    if lines == 1 or problem.total <= 0.0:
        return np.full(lines, problem.total / lines)
    equal = np.full(lines, problem.total / lines)
    scaled = [start * problem.total / start.sum() for start in starts if start.sum() > 0.0]
    candidates = [*scaled, equal, _on_hull(problem, scaled[0] if scaled else equal)]
    balanced = sorted((_balance(problem, candidate) for candidate in candidates), key=problem.value, reverse=True)
    tries = balanced[: 2 if lines <= _FEW_LINES else 1]
    return max((_exchange(problem, one, effort) for one in tries), key=problem.value)


def best_within(problem: Problem, start: Floats, low: Floats, high: Floats, *, effort: int = 200) -> Floats:
    """The best split found from `start` on within bounds of shape (lines,); they give way where the sum misses them."""
    if high.sum() <= problem.total or low.sum() >= problem.total:
        edge = high if high.sum() <= problem.total else low
        return edge * problem.total / max(float(edge.sum()), 1e-9)
    return _exchange(problem, _filled(start, low, high, problem.total), effort, low, high)


def _filled(start: Floats, low: Floats, high: Floats, total: float) -> Floats:
    """`start` within bounds, and up or down by an equal share of each line's room until it adds up to `total`."""
    begun = np.clip(start, low, high)
    missing = total - float(begun.sum())
    room = high - begun if missing > 0.0 else low - begun
    return begun + room * (missing / float(room.sum()) if missing else 0.0)


def _on_hull(problem: Problem, budgets: Floats) -> Floats:
    """Give the sum away along the concave hulls of the lines' curves, steepest first; twice, for the overlaps' sake."""
    for _ in range(2):
        levels = np.repeat(_LEVELS[:, None] * problem.total, len(budgets), axis=1)
        values = problem.varied(budgets, levels)
        steps = [step for line in range(len(budgets)) for step in _hull_steps(levels[:, line], values[:, line], line)]
        filled = np.zeros(len(budgets))
        left = problem.total
        for _, line, size in sorted(steps, reverse=True):
            filled[line] += min(size, left)
            left -= min(size, left)
        budgets = filled + left / len(budgets)
    return budgets


def _hull_steps(levels: Floats, values: Floats, line: int) -> list[tuple[float, int, float]]:
    """Slope, line and width of each piece of the upper concave hull that rises."""
    hull = [0]
    for point in range(1, len(levels)):
        while len(hull) > 1 and _slope(levels, values, hull[-1], point) >= _slope(levels, values, hull[-2], hull[-1]):
            hull.pop()
        hull.append(point)
    steps = [(_slope(levels, values, a, b), line, float(levels[b] - levels[a])) for a, b in pairwise(hull)]
    return [step for step in steps if step[0] > 0.0]


def _slope(levels: Floats, values: Floats, a: int, b: int) -> float:
    return float((values[b] - values[a]) / (levels[b] - levels[a]))


def _balance(problem: Problem, budgets: Floats, rounds: int = 25) -> Floats:
    """Even out marginal returns: move each line by its marginal return over the mean one, keep the best."""
    best, best_value, pull, pace = budgets, -np.inf, np.ones_like(budgets), 0.9
    for _ in range(rounds):
        value, ratio = _marginal_ratio(problem, budgets)
        if value > best_value * (1.0 + 1e-7):
            best, best_value, pull = budgets, value, np.clip(ratio, 0.2, 5.0)
        elif pace < 0.06:
            break
        else:
            pace *= 0.5
        budgets = np.maximum(best, 1e-6 * problem.total) * pull**pace
        budgets = budgets * problem.total / budgets.sum()
    return best


def _marginal_ratio(problem: Problem, budgets: Floats) -> tuple[float, Floats]:
    """The outcome of a split, and every line's marginal return over the mean one (ones where nothing more pays)."""
    step = np.maximum(0.01 * budgets, 1e-5 * problem.total)
    low = np.maximum(budgets - step, 0.0)
    around = problem.varied(budgets, np.stack([low, budgets, budgets + step]))
    marginal = np.maximum((around[2] - around[0]) / (budgets + step - low), 0.0)
    mean = float(marginal @ budgets) / problem.total
    value = float(around[1][problem.place == 0].sum())
    return value, marginal / mean if mean > 0.0 else np.ones_like(budgets)


def _exchange(
    problem: Problem, budgets: Floats, effort: int, low: Floats | float = 0.0, high: Floats | float = np.inf
) -> Floats:
    """Move money from the line that loses least to the line that gains most, in ever smaller amounts, three times."""
    value, steps = problem.value(budgets), 0
    for shrink in (0.5, 0.7, 0.62):
        amount = 0.35 * problem.total
        while amount > 2e-4 * problem.total and steps < effort:
            steps += 1
            given, taken = np.minimum(amount, budgets - low), np.minimum(amount, high - budgets)
            around = problem.varied(budgets, np.stack([budgets - given, budgets, budgets + taken]))
            loss = np.where(given > 0.0, (around[1] - around[0]) / np.maximum(given, 1e-12), np.inf)
            moved = _best_exchange(budgets, loss, around[2] - around[1], (taken, low))
            if moved is not None and (better := problem.value(moved)) > value * (1.0 + 1e-9):
                budgets, value = moved, better
            else:
                amount *= shrink
    return budgets


def _best_exchange(budgets: Floats, loss: Floats, gain: Floats, room: tuple[Floats, Floats | float]) -> Floats | None:
    """The split after as many simultaneous exchanges as there are clear ones, at most an eighth of the lines.

    `room` is what each line can take, and what it keeps: `loss` is by unit of money, `gain` that of all it can take.
    """
    moved, taken, least = budgets.copy(), room[0], np.broadcast_to(room[1], budgets.shape)
    pairs = zip(np.argsort(-gain, kind="stable"), np.argsort(loss, kind="stable"), strict=True)
    limit = max(1, len(budgets) // 8)
    for count, (taker, giver) in enumerate(pairs):
        if count == limit or taker == giver or gain[taker] <= loss[giver] * taken[taker]:
            break
        sum_moved = min(float(taken[taker]), float(moved[giver] - least[giver]))
        moved[giver] -= sum_moved
        moved[taker] += sum_moved
    return None if np.array_equal(moved, budgets) else moved
