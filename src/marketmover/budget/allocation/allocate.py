"""The split of a budget that maximises an expected outcome under limits, exact to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.aim import Aim, Objective
from marketmover.budget.allocation.ceiling import curves_under_ceilings
from marketmover.budget.allocation.cents import of_lines, to_whole_cents
from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.fairness import Evenness, even_out
from marketmover.budget.allocation.paying import Paying, Worth, what_is_worth, what_pays
from marketmover.budget.allocation.problem import Problem, put_problem
from marketmover.budget.allocation.risk import averse_weights
from marketmover.budget.allocation.smallest import knees, settled, with_least
from marketmover.budget.allocation.solver import solve, sums
from marketmover.budget.allocation.steps import LEARNING_LOSS, as_far_as_is_sure, without_idle_changes
from marketmover.budget.response import Response
from marketmover.kit import coin_of, from_cents, to_cents
from marketmover.plans import Limits

Floats = NDArray[np.float64]
_ENOUGH = 0.98
_QUIET = 0.2  # changes up to this share of a budget leave a line where it is
# A split and what its units take from each other are brought together in some rounds, fewer where units are many.
_ROUNDS, _WORK, _SETTLED = (3, 8), 3000, 0.002


@dataclass(frozen=True)
class Allocation:
    """A split and what it rests on.

    Attributes:
        objective: What was maximised: a metric, `profit`, or a mix.
        cents: Budget over the window in whole cents, by line; they add up to the total. Hundreds of them in currencies
            without cents.
        marginal: Expected objective per further unit of money, by line.
        binding: Lines, campaigns and platforms that a limit holds, each with the limit in words.
        evidence_caps: Lines held back because the history says nothing of such spend, with the cap in money.
        stopped: Lines that get nothing because their best budget is less than they can run on, with what they need.
        at_least: Lines that get just what they need to run on.
        thin: Lines that get less than they can run on, since there is no more, with what they need.
        notes: What could not be kept or was decided on the way, in words.
        evenness: What an outcome costs on each platform, `None` where there is nothing to compare.
        boldest: The split that is expected to earn most, before anything was held back for want of sureness.
        problem: What was solved, for those who ask on.
    """

    objective: Objective
    cents: dict[str, int]
    marginal: dict[str, float]
    binding: dict[str, str]
    evidence_caps: dict[str, float]
    stopped: dict[str, float] = field(default_factory=dict[str, float])
    at_least: dict[str, float] = field(default_factory=dict[str, float])
    thin: dict[str, float] = field(default_factory=dict[str, float])
    notes: tuple[str, ...] = ()
    evenness: Evenness | None = None
    boldest: dict[str, float] = field(default_factory=dict[str, float])
    problem: Problem | None = field(default=None, repr=False, compare=False)

    @property
    def budgets(self) -> dict[str, float]:
        """Budgets in major units, by line."""
        return {line: from_cents(cents) for line, cents in self.cents.items()}


def allocate(  # noqa: PLR0913 - what to split and over whom, and what holds it back: each is independent of the others
    response: Response,
    total: float,
    *,
    objective: Objective,
    limits: Limits | None = None,
    candidates: Sequence[str] | None = None,
    current: Mapping[str, float] | None = None,
    pools: Mapping[str, str] | None = None,
    currency: str | None = None,
    learning_loss: float = LEARNING_LOSS,
) -> Allocation:
    """Split `total` over the candidates so that the expected objective is greatest.

    Args:
        response: The fitted response.
        total: Budget over the window in account currency; the cents add up to it exactly (in currencies without cents,
            to its whole units).
        objective: A metric of the response, `profit`, or a mix of them with what one of each is worth. At a fixed
            total, profit is greatest where revenue is.
        limits: Bounds, cost ceilings, risk aversion; see `Limits`.
        candidates: Lines that may get money (by default all); the others get none and are left out.
        current: Budget of each line at today's split, scaled to `total`: what `weekly_change` counts from.
        pools: Name of the shared budget of each line that draws on one; the platform splits it as it does today.
        currency: ISO 4217: where it has no cents, budgets are whole units.
        learning_loss: Share of its outcome that a line loses in the week after a change of more than a fifth.

    Raises:
        InputError: The metric is not supported, no line may get money, or limits contradict (the message names which).
    """
    limits = limits or Limits()
    lines = list(candidates) if candidates is not None else list(response.line_ids)
    aim = Aim.of(objective, limits.margin)
    problem = put_problem(
        response, total, aim, limits, lines=lines, current=current or {}, pools=pools or {}, currency=currency
    )
    if problem.total <= 0:
        return _nothing(problem, objective)
    problem = _around_its_best(problem)
    curves, notes = curves_under_ceilings(problem, averse_weights(problem))
    least = np.minimum(knees(*problem.means(), problem.least), problem.tree.line_high)
    budgets, tree = with_least(curves, problem.tree, total, least)
    boldest = problem.lines(budgets)
    if problem.current.sum() > 0:
        budgets = as_far_as_is_sure(problem, without_idle_changes(problem, curves, tree, budgets, learning_loss))
    budgets, evenness = even_out(problem, curves, tree if tree.keeps(budgets) else problem.tree, budgets)
    moved = np.abs(budgets - problem.current) > _QUIET * problem.current
    budgets = settled(budgets, curves, problem.tree, total, np.where(moved, least, problem.least))
    found = _allocation(problem, objective, budgets, tuple(notes), evenness)
    thin = (budgets > 1e-6) & (budgets < problem.needed * _ENOUGH)
    return replace(
        found,
        boldest=boldest,
        stopped=_needing(problem, _is_stopped(problem, curves, budgets, least), least),
        at_least=_needing(problem, (problem.least > 0) & (np.abs(budgets - least) <= 0.01 * least), least),
        thin=_needing(problem, thin, problem.needed),
    )


def _around_its_best(problem: Problem) -> Problem:
    """The problem with curves taken around its best split, where units take from each other.

    The split around which they are taken follows the answers, later half of the way: so it settles in a few rounds.
    """
    if problem.table.crossing is None:
        return problem
    here = problem.current if problem.current.sum() > 0 else _answer(problem)
    for turn in range(int(np.clip(_WORK // len(here), *_ROUNDS))):
        away = (1.0 if turn == 0 else 0.5) * (_answer(problem.around(here)) - here)
        here = here + away
        if float(np.abs(away).sum()) < _SETTLED * problem.total:
            break
    return problem.around(here)


def _answer(problem: Problem) -> Floats:
    curves, _ = curves_under_ceilings(problem, averse_weights(problem))
    return with_least(curves, problem.tree, problem.total, problem.least)[0]


def _is_stopped(problem: Problem, curves: DemandCurves, budgets: Floats, least: Floats) -> NDArray[np.bool_]:
    """Whether each unit gets nothing because its best budget is less than it can run on, shape (units,)."""
    wished = solve(curves, problem.tree, problem.total)
    return (budgets <= 1e-6) & (wished > 1e-6) & (wished < least)


def _needing(problem: Problem, units: NDArray[np.bool_], needed: Floats) -> dict[str, float]:
    of_lines = needed[problem.units.unit] * problem.units.share
    chosen = units[problem.units.unit]
    return {line: float(of_lines[row]) for row, line in enumerate(problem.members.lines) if chosen[row]}


def budget_that_pays(
    response: Response,
    most: float,
    *,
    objective: Objective,
    limits: Limits,
    candidates: Sequence[str] | None = None,
    current: Mapping[str, float] | None = None,
    pools: Mapping[str, str] | None = None,
    currency: str | None = None,
) -> Paying:
    """How much of `most` to spend at the target cost or return of the limits, or for the most profit.

    Args: as of `allocate`, whose `total` it finds.

    Raises:
        InputError: No target and no profit says what pays, or as `allocate`.
    """
    lines = list(candidates) if candidates is not None else list(response.line_ids)
    aim = Aim.of(objective, limits.margin)
    return what_pays(
        put_problem(
            response, most, aim, limits, lines=lines, current=current or {}, pools=pools or {}, currency=currency
        )
    )


def worth_spending(allocation: Allocation) -> Worth | None:
    """How much of a split's total is worth spending, where that is far more than is spent today; `None` if unknown."""
    problem = allocation.problem
    return None if problem is None else what_is_worth(problem)


def _nothing(problem: Problem, objective: Objective) -> Allocation:
    lines = problem.members.lines
    return Allocation(objective, dict.fromkeys(lines, 0), dict.fromkeys(lines, 0.0), {}, {}, problem=problem)


def _allocation(
    problem: Problem, objective: Objective, budgets: Floats, notes: tuple[str, ...], evenness: Evenness | None
) -> Allocation:
    members, units = problem.members, problem.units
    coin = coin_of(problem.currency)
    cents = of_lines(to_whole_cents(budgets, problem.tree, to_cents(problem.total) // coin * coin, coin), units, coin)
    slopes = DemandCurves.from_gains(*problem.means()).slope_at(budgets)[units.unit]
    capped = _at_cap(problem, budgets)[units.unit]
    caps = problem.caps[units.unit] * units.share
    return Allocation(
        objective=objective,
        cents=dict(zip(members.lines, cents, strict=True)),
        marginal={line: float(slope) for line, slope in zip(members.lines, slopes, strict=True)},
        binding=_binding(problem, units.lines(budgets)),
        evidence_caps={line: float(caps[row]) for row, line in enumerate(members.lines) if capped[row]},
        notes=notes,
        evenness=evenness,
        problem=problem,
    )


def _at_cap(problem: Problem, budgets: Floats) -> NDArray[np.bool_]:
    """Whether each unit is held at what evidence supports, shape (units,)."""
    tree, caps = problem.tree, problem.caps
    held = (np.abs(tree.line_high - caps) < 0.005) & (budgets >= caps - 0.01) & (tree.line_low < caps)
    return held & (caps < problem.total - 0.01)


def _binding(problem: Problem, budgets: Floats) -> dict[str, str]:
    """Limits that hold a line, campaign or platform at its bound, in words; `budgets` are of lines."""
    words: dict[str, str] = {}
    members, limits, tree = problem.members, problem.limits, problem.line_tree
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
