"""What a fitted history says: outcome at any budget, in draws, with chance and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.chance import count_quantile, share_quantile
from marketmover.budget.models.funnel import StageDraws, expected_outcome
from marketmover.budget.models.overlap import Rivals
from marketmover.budget.summary import RATIOS, LineFacts, LineSummary, deepest, summarise
from marketmover.errors import InputError
from marketmover.plans import Platform

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

METRICS = (
    "clicks",
    "impressions",
    "reach",
    "installs",
    "leads",
    "qualified_leads",
    "conversions",
    "sales",
    "revenue",
)
_NEXT_TO_NOTHING = 1e-9  # of a line's reference spend
_SLACK = 1.25
_FOLLOWS = 0.5  # a late outcome that is more than this share of the window's parents comes mostly from earlier ones


@dataclass(frozen=True)
class NewLine:
    """A line with no history: it learns from the lines it is `like`, or from its platform, or from market priors.

    `usual_daily` is the daily spend, in account currency, at which typical prices hold where its platform has no
    history. `like` names the line first whose kind it shares. `likeness` says how like it (0 to 1) single lines of the
    history are in what they sell and to whom: where such a line does better than its kind, so, in part, will this one.
    """

    id: str
    platform: Platform
    ad_type: str
    like: tuple[str, ...] = ()
    usual_daily: float | None = None
    likeness: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class Response:
    """The posterior of outcome over the plan's window as a function of the lines' budgets.

    Attributes:
        line_ids: All lines of the panel, then new lines.
        platforms: Platform of each line.
        campaigns: Campaign key of each line (`platform:campaign_id`), the line's own id where it is new.
        metrics: What the history supports.
        days: Days of the window.
        reference: Reference daily spend of each line, shape (lines,).
        chains: Metric to its stages' names from the root.
        stages: Stage name to draws.
        groups: Season group of each line.
        facts: Counted facts.
        seed: Seed of all that is drawn here.
        assumptions: What the fit took for granted, in words.
        steps: Stage name to the variance (log) by which each line's level moves in a day, shape (lines,), as far as the
            fit says.
        rivals: Which lines court the same people, where that shows; `None` where it does not.
    """

    line_ids: list[str]
    platforms: tuple[Platform, ...]
    campaigns: tuple[str, ...]
    metrics: tuple[str, ...]
    days: int
    reference: Floats
    chains: Mapping[str, tuple[str, ...]]
    stages: Mapping[str, StageDraws]
    groups: Integers
    facts: LineFacts
    seed: int
    assumptions: tuple[str, ...] = ()
    steps: Mapping[str, Floats] = field(default_factory=dict[str, Floats], repr=False)
    rivals: Rivals | None = None
    _index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {line_id: row for row, line_id in enumerate(self.line_ids)})

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return len(next(iter(self.stages.values())).level)

    def row(self, line: str) -> int:
        """Row of a line.

        Raises:
            InputError: No such line.
        """
        if line not in self._index:
            raise InputError(f"The history has no line {line!r}.", f"Known lines: {', '.join(self.line_ids[:10])}.")
        return self._index[line]

    @cached_property
    def most_daily(self) -> Floats:
        """Daily spend beyond which there is nothing left to buy on each line, shape (lines,); infinite where unknown.

        Impression shares say so. They are estimates, and ranks move, so that a quarter more is thought possible; what
        is spent today is possible as well.
        """
        return np.maximum(_SLACK * self.facts.most_daily, self.facts.recent_daily)

    def chain(self, metric: str) -> list[StageDraws]:
        """The stages of a metric from the root.

        Raises:
            InputError: The history does not support the metric.
        """
        if metric not in self.chains:
            known = ", ".join(self.metrics) or "nothing"
            raise InputError(f"This history says nothing of {metric}.", f"It supports {known}.")
        return [self.stages[name] for name in self.chains[metric]]

    def expected(self, budgets: Floats, metric: str) -> Floats:
        """Draws of the mean outcome over the window at `budgets` (lines,), shape (draws, lines).

        Where outcomes come late, a line without a budget still has what the spend of the past brings (`left_over`).
        """
        return self._together(self.chain(metric), budgets)

    def alone(self, budgets: Floats, metric: str, others: Floats | None = None) -> Floats:
        """The same for each line while all others keep to their budgets in `others`, by default to recent spend."""
        pressure = self.pressure_today
        if others is not None and self.rivals is not None:
            pressure = self.rivals.pressure(_checked(others, len(self.line_ids)) / self.days)
        checked = _checked(budgets, len(self.line_ids))
        return self._outcome(self.chain(metric), np.arange(len(self.line_ids)), checked, pressure)

    @cached_property
    def pressure_today(self) -> Floats:
        """Log of 1 plus what presses on each line at recent spend, shape (lines,)."""
        if self.rivals is None:
            return np.zeros(len(self.line_ids))
        return self.rivals.pressure(self.facts.recent_daily)

    def left_over(self, metric: str) -> Floats | None:
        """Draws of what past spend brings over the window whatever is spent in it, shape (draws, lines).

        `None` where nothing comes late. It is no budget's doing: who weighs budgets takes it off.
        """
        late = any(stage.carry.late.any() for stage in self.chain(metric))
        return self.alone(np.zeros(len(self.line_ids)), metric) if late else None

    def sample(
        self, budgets: Floats, metrics: Sequence[str] | str, means: dict[str, Floats] | None = None
    ) -> dict[str, Floats]:
        """Draws of what will be counted, chance included, each of shape (draws, lines).

        Joint across metrics (leads follow the sampled clicks, qualified leads never exceed leads), and with common
        luck: two calls differ only by their budgets. `means` is given the draws of each stage's mean.
        """
        wanted = [metrics] if isinstance(metrics, str) else list(metrics)
        sampled: dict[str, Floats] = {}
        means = {} if means is None else means
        for metric in wanted:
            self.chain(metric)
        for metric in wanted:
            for position, name in enumerate(self.chains[metric]):
                if name not in sampled:
                    means[name] = self._stage_mean(self.chains[metric][: position + 1], budgets)
                    parent = self.chains[metric][position - 1] if position else None
                    sampled[name] = self._sample_stage(name, means, None if parent is None else sampled[parent], parent)
        return {metric: sampled[self.chains[metric][-1]] for metric in wanted}

    def _stage_mean(self, names: Sequence[str], budgets: Floats) -> Floats:
        return self._together([self.stages[name] for name in names], budgets)

    def _together(self, chain: Sequence[StageDraws], budgets: Floats) -> Floats:
        spent = _checked(budgets, len(self.line_ids))
        pressure = None if self.rivals is None else self.rivals.pressure(spent / self.days)
        return self._outcome(chain, np.arange(len(self.line_ids)), spent, pressure)

    def _outcome(self, chain: Sequence[StageDraws], rows: Integers, budgets: Floats, pressure: Floats | None) -> Floats:
        reference = self.reference[rows]
        budgets = np.minimum(budgets, self.most_daily[rows] * self.days)
        past = np.any([(stage.carry.late > 0) & (stage.carried > 0).any(axis=0) for stage in chain], axis=0)
        if past.any():
            budgets = np.maximum(budgets, np.where(past, _NEXT_TO_NOTHING * reference * self.days, 0.0))
        return expected_outcome(chain, reference, self.days, self.groups[rows], budgets, pressure)

    def _sample_stage(
        self, name: str, means: Mapping[str, Floats], counted: Floats | None, parent: str | None
    ) -> Floats:
        stage = self.stages[name]
        own, shared, luck = self._luck(name, int(self.groups.max(initial=0)) + 1)
        shock = stage.noise * own + stage.common_noise * shared[:, self.groups]
        wobble = np.exp(shock - 0.5 * (stage.noise**2 + stage.common_noise**2))
        if counted is None or parent is None:
            return count_quantile(means[name] * wobble / stage.unit, stage.dispersion, luck) * stage.unit
        expected_parent = means[parent]
        rate = np.divide(means[name], expected_parent, out=np.zeros_like(expected_parent), where=expected_parent > 0)
        lost = (stage.carry.late > 0) & ((expected_parent <= 0) | (rate > _FOLLOWS))
        due = np.where(lost, means[name], counted * rate)
        if stage.binomial and not lost.any():
            return share_quantile(counted, rate * wobble, luck)
        drawn = count_quantile(due * wobble / stage.unit, stage.dispersion, luck) * stage.unit
        return np.where(lost, drawn, share_quantile(counted, rate * wobble, luck)) if stage.binomial else drawn

    def _luck(self, name: str, groups: int) -> tuple[Floats, Floats, Floats]:
        generator = np.random.default_rng([self.seed, *name.encode()])
        shape = (self.draws, len(self.line_ids))
        own, luck = generator.standard_normal(shape), generator.standard_normal(shape)
        return own, generator.standard_normal((self.draws, groups)), luck

    def curve(self, line: str, metric: str, budgets: Floats) -> tuple[Floats, Floats, Floats]:
        """Low, mid and high (10th, 50th, 90th percentile) of the mean outcome of one line at each budget (points,)."""
        drawn = self.draws_of_line(line, metric, budgets)
        low, mid, high = np.percentile(drawn, [10, 50, 90], axis=0)
        return low, mid, high

    def draws_of_line(self, line: str, metric: str, budgets: Floats) -> Floats:
        """Draws of one line's mean outcome at each budget, shape (draws, points)."""
        row = np.array([self.row(line)])
        chain = [stage.take(row) for stage in self.chain(metric)]
        return self._outcome(chain, row, np.asarray(budgets, np.float64), self.pressure_today[row])

    def gains(self, rows: Integers, grid: Floats, metric: str, weights: Floats) -> Floats:
        """Weighted mean over draws of each line's outcome at each budget of a grid, shape (rows, points)."""
        chain = [stage.take(rows) for stage in self.chain(metric)]
        pressure = self.pressure_today[rows]
        columns = [weights @ self._outcome(chain, rows, np.full(len(rows), budget), pressure) for budget in grid]
        return np.stack(columns, axis=1)

    def totals(self, rows: Integers, budgets: Floats, metric: str) -> Floats:
        """Draws of the mean outcome of some lines together at their budgets, shape (draws,)."""
        chain = [stage.take(rows) for stage in self.chain(metric)]
        spent = np.asarray(budgets, dtype=np.float64)
        pressure = None if self.rivals is None else self.rivals.among(rows).pressure(spent / self.days)
        return self._outcome(chain, rows, spent, pressure).sum(axis=1)

    def worn(self, line: str, metric: str) -> tuple[float, float, float] | None:
        """Share of a line's outcome that its worn creatives cost at the end of the past: 10th, 50th, 90th percentile.

        `None` where the exports do not say when it got new ones, or nothing says that its platform's creatives wear.
        """
        row = self.row(line)
        wears = [stage.wear for stage in self.chain(metric) if stage.wear is not None]
        if not wears or self.facts.recent_daily[row] <= 0 or not any(wear.depth[:, row].any() for wear in wears):
            return None
        share = -np.expm1(-np.sum([wear.lost[:, row] for wear in wears], axis=0))
        low, mid, high = (float(value) for value in np.percentile(share, [10, 50, 90]))
        return low, mid, high

    def summary(self, line: str, metric: str | None = None) -> LineSummary:
        """What is known of a line, for `metric` (by default the deepest that the history supports)."""
        row = self.row(line)
        chosen = metric or deepest(self.metrics)
        daily = float(self.facts.recent_daily[row] or self.reference[row])
        budgets = daily * self.days * RATIOS
        return summarise(line, chosen, self.facts.of(row), budgets, self.draws_of_line(line, chosen, budgets))


DRAWS_TOO_SURE = 1.4
"""How much wider gains of moved money spread than draws say: over simulated markets, elasticities of lines erred by 1.4
times the spread of their draws."""


def doubt_of_moving(moved: float) -> float:
    """Spread of a gain beyond what draws know, as a share of the outcome, when a share `moved` of the budget moves.

    Learning phases, overlap between lines and the optimiser's own choice among draws stand in no draw. Over simulated
    markets gains were off by about 1.5% beyond what draws knew where a tenth of the money moved, and by about 3%
    where two fifths did. A small move risks no more than a part of what it moves, else no step of a few per cent would
    ever be worth taking.
    """
    return min(0.05 * float(np.sqrt(moved)), 0.2 * moved)


def _checked(budgets: Floats, lines: int) -> Floats:
    """Budgets as floats.

    Raises:
        InputError: Not one budget for each line, or one that is negative or no number.
    """
    array = np.asarray(budgets, dtype=np.float64)
    if array.shape != (lines,):
        raise InputError(f"Expected {lines} budgets, one for each line, and got shape {array.shape}.")
    if not np.isfinite(array).all() or (array < 0).any():
        raise InputError("A budget is negative or no number.", "Give each line a budget of 0 or more.")
    return array
