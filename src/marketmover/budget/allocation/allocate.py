"""The split of a budget that maximises an expected outcome under limits, exact to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.bounds import Members, bounds
from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.solver import Tree, solve, sums
from marketmover.budget.response import Response, doubt_of_moving
from marketmover.errors import InputError
from marketmover.kit import apportion, from_cents, to_cents
from marketmover.plans import CostLimit, Limits

Floats = NDArray[np.float64]
_POINTS = 72
_TAIL = 0.1  # the share of outcomes that counts as bad in CVaR
_QUIET = 0.2  # changes up to this share of a budget start no learning phase
_LEARNING_DAYS = 7.0  # what the platforms say of their learning phases
_LEARNING_LOSS = 0.2  # share of its outcome that a line loses while it learns
_SURE = 1.2816  # the gain that decides how far to go is the one reached nine times in ten
_CAP_SEEN = 8.0  # a line may get this many times its highest seven-day spend


@dataclass(frozen=True)
class Allocation:
    """A split and what it rests on.

    Attributes:
        objective: What was maximised.
        cents: Budget over the window in whole cents, by line; they add up to the total.
        marginal: Expected objective per further unit of money, by line.
        binding: Lines, campaigns and platforms that a limit holds, each with the limit in words.
        evidence_caps: Lines held back because the history says nothing of such spend, with the cap in money.
        notes: What could not be kept or was decided on the way, in words.
    """

    objective: str
    cents: dict[str, int]
    marginal: dict[str, float]
    binding: dict[str, str]
    evidence_caps: dict[str, float]
    notes: tuple[str, ...] = ()

    @property
    def budgets(self) -> dict[str, float]:
        """Budgets in major units, by line."""
        return {line: from_cents(cents) for line, cents in self.cents.items()}


def allocate(
    response: Response,
    total: float,
    *,
    objective: str,
    limits: Limits | None = None,
    candidates: Sequence[str] | None = None,
    current: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Allocation:
    """Split `total` over the candidates so that the expected objective is greatest.

    Args:
        response: The fitted response.
        total: Budget over the window in account currency; the cents add up to it exactly.
        objective: A metric of the response, or `profit`.
        limits: Bounds, a cost ceiling, risk aversion; see `Limits`.
        candidates: Lines that may get money (by default all); the others get none and are left out.
        current: Budget of each line at today's split, scaled to `total`: what `weekly_change` counts from.
        seed: Kept for callers that repeat a run; the split itself draws nothing.

    Raises:
        InputError: The metric is not supported, no line may get money, or limits contradict (the message names which).
    """
    del seed
    limits = limits or Limits()
    lines = list(candidates) if candidates is not None else list(response.line_ids)
    if not lines:
        raise InputError("No line may get any of the budget.", "Let at least one line or platform take part.")
    if not np.isfinite(total) or total < 0:
        raise InputError(f"A budget of {total} cannot be split.", "Give a budget of 0 or more.")
    rows = np.array([response.row(line) for line in lines], dtype=np.int64)
    today = dict(current or {})
    members = Members(
        tuple(lines), tuple(response.campaigns[row] for row in rows), tuple(response.platforms[row] for row in rows)
    )
    caps = evidence_caps(response, rows, total)
    tree = bounds(members, limits, total, current=today, caps=caps)
    problem = _Problem(response, rows, total, metric_of(objective), tree, limits)
    budgets, notes = problem.best()
    if total > 0 and sum(today.values()) > 0:
        now = np.array([today.get(line, 0.0) for line in lines])
        budgets = problem.as_far_as_is_sure(problem.without_idle_changes(budgets, now), now)
    cents = _to_cents(budgets, tree, to_cents(total))
    slopes = problem.even_curves.slope_at(budgets)
    held = {line: caps[line] for row, line in enumerate(lines) if _at_cap(budgets[row], tree, row, caps[line])}
    return Allocation(
        objective=objective,
        cents=dict(zip(lines, cents, strict=True)),
        marginal={line: float(slope) for line, slope in zip(lines, slopes, strict=True)},
        binding=_binding(members, limits, tree, budgets),
        evidence_caps=held,
        notes=tuple(notes),
    )


def metric_of(objective: str) -> str:
    """The metric that an objective maximises: at a fixed total, profit is greatest where revenue is."""
    return "revenue" if objective == "profit" else objective


def evidence_caps(response: Response, rows: NDArray[np.int64], total: float) -> dict[str, float]:
    """The most that a line may get on the evidence there is: a generous multiple of the spend that was ever seen.

    Beyond a few times the highest spend, curves rest on their form alone. A line that never spent may have as much as
    its kind usually spends.
    """
    highest = np.maximum(response.facts.highest_daily, 0.0)[rows]
    usual = response.reference[rows]
    daily = np.where(highest > 0, np.maximum(_CAP_SEEN * highest, usual), 2.0 * usual)
    caps = np.minimum(daily * response.days, total)
    return {response.line_ids[row]: float(cap) for row, cap in zip(rows, caps, strict=True)}


def _at_cap(budget: float, tree: Tree, row: int, cap: float) -> bool:
    return bool(abs(tree.line_high[row] - cap) < 0.005 and budget >= cap - 0.01 and tree.line_low[row] < cap)


@dataclass(frozen=True)
class _Problem:
    response: Response
    rows: NDArray[np.int64]
    total: float
    metric: str
    tree: Tree
    limits: Limits

    @cached_property
    def even_curves(self) -> DemandCurves:
        """Demand by the plain mean over draws."""
        return self.curves(self.even_weights())

    def even_weights(self) -> Floats:
        return np.full(self.response.draws, 1.0 / self.response.draws)

    def curves(self, weights: Floats, metric: str | None = None) -> DemandCurves:
        budgets, gains = self.table(weights, metric or self.metric)
        return DemandCurves.from_gains(budgets, gains)

    def table(self, weights: Floats, metric: str) -> tuple[Floats, Floats]:
        """Weighted mean outcome of each line at a geometric grid of budgets, both (lines, points)."""
        top = max(self.total, 0.01)
        grid = np.concatenate([[0.0], np.geomspace(top * 1e-6, top, _POINTS - 1)])
        return np.tile(grid, (len(self.rows), 1)), self.response.gains(self.rows, grid, metric, weights)

    def best(self) -> tuple[Floats, list[str]]:
        if self.total <= 0:
            return np.zeros(len(self.rows)), []
        weights, budgets = self.even_weights(), solve(self.even_curves, self.tree, self.total)
        aversion = self.limits.risk_aversion
        if aversion > 0:
            weights, budgets = self._averse(aversion, budgets)
        if self.limits.cost_per is None:
            return budgets, []
        return self._under_ceiling(self.limits.cost_per, weights, budgets)

    def _solved(self, weights: Floats) -> Floats:
        return solve(self.curves(weights), self.tree, self.total)

    def without_idle_changes(self, budgets: Floats, current: Floats) -> Floats:
        """The split without the changes that would earn less than the learning phase they start.

        A platform learns anew after a change of more than about a fifth; while it does, a line earns less. A line whose
        change is not worth that stays within a fifth of today's budget, and the rest is split again.
        """
        tree, curves = self.tree, self.even_curves
        cost = _LEARNING_LOSS * min(1.0, _LEARNING_DAYS / self.response.days)
        for _ in range(4):
            price = float(np.median(curves.slope_at(budgets)))
            gain = curves.gain(budgets) - curves.gain(current) - price * (budgets - current)
            moved = np.abs(budgets - current) > _QUIET * current
            idle = moved & (gain < cost * np.maximum(curves.gain(budgets), curves.gain(current)))
            held = _held_near(tree, idle, current, self.total)
            if not idle.any() or held is None:
                break
            tree = held
            budgets = solve(curves, tree, self.total)
        return budgets

    def as_far_as_is_sure(self, budgets: Floats, current: Floats) -> Floats:
        """The point on the way from today's split to `budgets` whose gain is greatest nine times out of ten.

        Where the gain is sure that is the whole way; where today's split may be as good, most of the money stays.
        """
        current = current * (self.total / current.sum())
        if not self.tree.keeps(current) or self.limits.cost_per is not None:
            return budgets
        today = self._outcomes(current, self.metric)
        ways = [current + share * (budgets - current) for share in np.linspace(0.0, 1.0, 21)]
        sure = [self._sure_gain(way, current, today) for way in ways]
        return ways[int(np.argmax(sure))]

    def _sure_gain(self, budgets: Floats, current: Floats, today: Floats) -> float:
        """The gain over today's outcomes that is reached nine times out of ten (normal approximation)."""
        gain = self._outcomes(budgets, self.metric) - today
        moved = float(np.abs(budgets - current).sum()) / 2.0 / self.total
        doubt = doubt_of_moving(moved) * float(today.mean())
        return float(gain.mean() - _SURE * np.hypot(gain.std(), doubt))

    def _outcomes(self, budgets: Floats, metric: str) -> Floats:
        return self.response.totals(self.rows, budgets, metric)

    def _averse(self, aversion: float, budgets: Floats) -> tuple[Floats, Floats]:
        """Maximise (1 - aversion) mean + aversion CVaR by averaging the weights of the worst draws over rounds."""
        even, weights = self.even_weights(), self.even_weights()
        best, best_score, best_weights = budgets, -np.inf, weights
        for turn in range(1, 13):
            outcomes = self._outcomes(budgets, self.metric)
            bad = _worst(outcomes)
            score = (1 - aversion) * float(outcomes.mean()) + aversion * float(bad @ outcomes)
            if score > best_score:
                best, best_score, best_weights = budgets, score, weights
            target = (1 - aversion) * even + aversion * bad
            weights = weights + (target - weights) * (2.0 / (turn + 2.0))
            budgets = self._solved(weights)
        return best_weights, best

    def _under_ceiling(self, limit: CostLimit, weights: Floats, budgets: Floats) -> tuple[Floats, list[str]]:
        """Mix the objective with the ceiling's metric until the expected cost per outcome keeps to the ceiling."""
        due = self.total / limit.at_most
        name = f"cost per {limit.metric} of {limit.at_most:g}"
        if float(self._outcomes(budgets, limit.metric).mean()) >= due:
            return budgets, []
        grid, gains = self.table(weights, self.metric)
        _, counted = self.table(self.even_weights(), limit.metric)
        scale = max(float(gains.max()), 1e-12) / max(float(counted.max()), 1e-12)

        def mixed(share: float) -> Floats:
            table = (1.0 - share) * gains + share * scale * counted
            return solve(DemandCurves.from_gains(grid, table), self.tree, self.total)

        low, high, found = 0.0, 1.0, mixed(1.0)
        reached = float(self._outcomes(found, limit.metric).mean())
        if reached < due:
            price = self.total / reached if reached > 0 else float("inf")
            return found, [f"A {name} cannot be reached at this budget; the best expected is {price:.2f}."]
        for _ in range(25):
            middle = (low + high) / 2
            trial = mixed(middle)
            if float(self._outcomes(trial, limit.metric).mean()) >= due:
                high, found = middle, trial
            else:
                low = middle
        return found, [f"A {name} is kept; without it the objective would be higher."]


def _held_near(tree: Tree, idle: NDArray[np.bool_], current: Floats, total: float) -> Tree | None:
    """The tree with idle lines held near today's budget, `None` where the total could not be spent then."""
    near_low = np.clip(current * (1.0 - _QUIET), tree.line_low, tree.line_high)
    near_high = np.clip(current * (1.0 + _QUIET), tree.line_low, tree.line_high)
    held = replace(
        tree,
        line_low=np.where(idle, near_low, tree.line_low),
        line_high=np.where(idle, near_high, tree.line_high),
    )
    return held if held.allows(total) else None


def _worst(outcomes: Floats) -> Floats:
    """Weights that average the worst tenth of the draws."""
    count = max(1, round(_TAIL * len(outcomes)))
    weights = np.zeros(len(outcomes))
    weights[np.argsort(outcomes, kind="stable")[:count]] = 1.0 / count
    return weights


def _to_cents(budgets: Floats, tree: Tree, total: int) -> list[int]:
    """Whole cents that add up to the total, each line within its own bounds."""
    low = np.ceil(tree.line_low * 100 - 1e-6).astype(np.int64)
    high = np.maximum(low, np.floor(tree.line_high * 100 + 1e-6).astype(np.int64))
    cents = np.clip(np.floor(budgets * 100 + 1e-6).astype(np.int64), low, high)
    left = total - int(cents.sum())
    remainder = budgets * 100 - cents
    for row in np.argsort(-remainder if left > 0 else remainder, kind="stable"):
        room = int(high[row] - cents[row]) if left > 0 else int(low[row] - cents[row])
        step = int(np.clip(left, -1, 1)) if room else 0
        cents[row] += step
        left -= step
        if left == 0:
            break
    if left:  # bounds finer than a cent: what is left goes where it hurts least, in proportion
        extra = apportion(abs(left), [float(max(budget, 1e-9)) for budget in budgets])
        cents += np.sign(left) * np.array(extra, dtype=np.int64)
    return [int(value) for value in cents]


def _binding(members: Members, limits: Limits, tree: Tree, budgets: Floats) -> dict[str, str]:
    """Limits that hold a line, campaign or platform at its bound, in words."""
    words: dict[str, str] = {}
    for row, line in enumerate(members.lines):
        limit = limits.lines.get(line)
        if limit is not None and limit.locked is not None:
            words[line] = f"locked at {limit.locked:.2f}"
        elif limit is not None or limits.weekly_change is not None:
            words.update(_held(line, float(budgets[row]), float(tree.line_low[row]), float(tree.line_high[row])))
    by_campaign = sums(tree.campaign, budgets, len(tree.campaign_low))
    for row, name in enumerate(dict.fromkeys(members.campaigns)):
        if name in limits.campaigns:
            words.update(_held(name, by_campaign[row], tree.campaign_low[row], tree.campaign_high[row]))
    by_platform = sums(tree.platform, by_campaign, len(tree.platform_low))
    for row, name in enumerate(dict.fromkeys(members.platforms)):
        if name in limits.platforms:
            words.update(_held(name, by_platform[row], tree.platform_low[row], tree.platform_high[row]))
    return words


def _held(name: str, spent: float, low: float, high: float) -> dict[str, str]:
    if spent >= high - 0.01:
        return {name: f"at its most, {high:.2f}"}
    if low > 0 and spent <= low + 0.01:
        return {name: f"at its least, {low:.2f}"}
    return {}
