"""One stage of the funnel, fitted for all lines at once: level, calendar, shared shocks and saturation.

The log rate of line i on day t is

    level[i, t] + calendar[t] @ beta[platform] + shock[platform, t] + shape(drive[i, t]) - drive[i, t]

with a level that drifts, effects of the calendar pooled between platforms, a shock for each day that the
platform's lines share, and a saturating shape. Demand that moves spend and outcome together is so taken out
before spend gets any credit: what is shared by the shock, of which each line sees only what the other lines say; what
is slow by the level; what is left are the steps of a line's own budget. Counts enter through the working response of a
log-linear model (McCullagh and Nelder 1989), so that small counts need no logarithm of zero.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.level import Gains, gains, innovations, smoothed
from marketmover.budget.models.noise import noise_and_step
from marketmover.budget.models.posterior import drawn_to_kin, shape_likelihood, shape_posterior, shared_effects
from marketmover.budget.models.problem import SATURATING, StageInput, low_shape, shape_of
from marketmover.budget.models.shapes import FAMILIES
from marketmover.budget.models.shared import innovation_products, joint_ridge, shared_shocks
from marketmover.budget.models.taken import Taken

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

_ROUNDS, _ROUNDS_BEFORE_TAKING = 4, 2
_COARSE = np.linspace(-2.75, 4.75, 16)
_FINE = np.linspace(-3.2, 3.2, 11)
_SLOW_STEP = 0.003
_ODD = 6.0


@dataclass(frozen=True)
class StageFit:
    """A stage's posterior, before draws.

    Attributes:
        log_odds: Grid of each line's log odds of elasticity, (L, G), with `family` (G,).
        weights: Posterior of the grid under each hyper-draw, (hypers, L, G).
        level: Level after the last day given the grid point, (L, G), with `level_variance` (L,).
        step: Variance of the level's daily step, (L,).
        noise: Variance of a day's own noise, (L,); `shock` of the platform's shared noise, (platforms,).
        beta: Calendar effects, (platforms, K), with `beta_root`: a root of their joint covariance.
        drift_scale: By how much past forecasts erred more (or less) than the level's steps foretold (variance).
        shared_drift: Share of that error that lines have in common.
        low_level: Level at the low spend that is the same for all, (L,).
        own_share: How far each line's shape and level rest on its own data, (L,).
        shared: By how much each line's log odds move with each of the pool's unknowns (a standard deviation), (C, L).
        taken: What wear and other lines take, which levels and residuals are without.
    """

    log_odds: Floats
    family: Integers
    weights: Floats
    level: Floats
    level_variance: Floats
    step: Floats
    noise: Floats
    shock: Floats
    beta: Floats
    beta_root: Floats
    residual: Floats = field(repr=False)
    gain: Gains = field(repr=False)
    low_level: Floats = field(repr=False)
    own_share: Floats = field(repr=False)
    shared: Floats = field(repr=False)
    taken: Taken = field(default_factory=Taken, repr=False)

    @property
    def mean_log_odds(self) -> Floats:
        """Posterior mean of each line's log odds of elasticity, (L,)."""
        return (self.weights.mean(axis=0) * self.log_odds).sum(axis=1)


@dataclass(frozen=True)
class State:
    """What a round of the fit hands to the next."""

    log_odds: Floats
    beta: Floats
    level: Floats
    shock: Floats
    shock_variance: Floats
    start: tuple[Floats, Floats]
    inflation: Floats
    weights: Floats


def fit_stage(problem: StageInput) -> StageFit:
    """Fit one stage; a handful of rounds of backfitting, each exact given the others (deterministic)."""
    state, parts = rounds(problem, _ROUNDS_BEFORE_TAKING)
    whole, taken = problem, Taken()
    for _ in range(_ROUNDS - _ROUNDS_BEFORE_TAKING):
        if problem.seen is not None or problem.pressed is not None:
            gain = gains(parts.variance, problem.valid, parts.step, state.start[1])
            rest = parts.working - shape_of(problem, state.log_odds) - parts.seasonal - state.shock
            former, taken = whole, taken.again(problem, rest, gain, state.start[0])
            whole = taken.out_of(problem)
            parts = parts if whole is former else Parts.of(whole, state)
        state = _round(whole, state, parts)
        parts = Parts.of(whole, state)
    return replace(_final(whole, state, parts), taken=taken)


def rounds(problem: StageInput, count: int, start: "State | None" = None) -> "tuple[State, Parts]":
    """`count` rounds of backfitting from a rough start, or from where a problem much like it ended."""
    state = start or _initial(problem)
    parts = Parts.of(problem, state)
    for _ in range(count):
        state = _round(problem, state, parts)
        parts = Parts.of(problem, state)
    return state, parts


@dataclass(frozen=True)
class Parts:
    """Working response (shape included) and variances at a state."""

    working: Floats
    counting: Floats
    noise: Floats
    step: Floats
    variance: Floats
    seasonal: Floats
    inflation: Floats

    @classmethod
    def of(cls, problem: StageInput, state: State) -> "Parts":
        """Linearise at a state, and estimate noise and drift there."""
        seasonal = (problem.calendar @ state.beta.T).T[problem.kinship.platform]
        shape = shape_of(problem, state.log_odds)
        eta = state.level + seasonal + state.shock + shape
        mean = np.where(problem.valid, problem.exposure * np.exp(np.clip(eta, -40.0, 40.0)), 1.0)
        mean = np.maximum(mean, 1e-6)
        surprise = (problem.counts - mean) / mean
        bound = 6.0 * np.sqrt(1.0 / mean + 0.2) + 2.0 / mean
        working = np.where(problem.valid, eta + np.clip(surprise, -1.0, bound), 0.0)
        counting = 1.0 / mean
        clean = working - shape - seasonal - state.shock
        known = counting * state.inflation + state.shock_variance
        noise, step = noise_and_step(clean, known, problem.valid, state.start)
        # Square roots of counts are close to normal even where counts are few (Anscombe 1948): an odd day is one
        # that is odd on that scale, and it counts for less.
        roots = 2.0 * (np.sqrt(problem.counts + 0.375) - np.sqrt(mean + 0.375))
        odd = roots**2 / (1.0 + mean * (noise[:, None] + state.shock_variance)) / _ODD
        inflation = np.where(problem.valid, np.maximum(1.0, odd), 1.0)
        variance = (counting + noise[:, None]) * inflation + state.shock_variance
        return cls(working, counting, noise, step, variance, seasonal, inflation)


def _initial(problem: StageInput) -> State:
    typical, between_accounts, between_lines = problem.market
    log_odds = problem.design @ problem.coefficients[0]
    expected = np.where(problem.valid, problem.exposure * np.exp(shape_of(problem, log_odds)), 0.0)
    counted = np.where(problem.valid, problem.counts, 0.0)
    overall = (counted.sum(axis=1) + 0.5) / (expected.sum(axis=1) + 0.5 * np.exp(-typical))
    near, near_expected = _kernel(counted), _kernel(expected)
    level = np.log((near + 2.0) / (near_expected + 2.0 / overall[:, None]))
    zeros = np.zeros(problem.counts.shape)
    platforms = int(problem.kinship.platform.max(initial=0)) + 1
    return State(
        log_odds=log_odds,
        beta=np.zeros((platforms, problem.calendar.shape[1])),
        level=level,
        shock=zeros,
        shock_variance=zeros,
        start=(typical, 4.0 * (between_accounts**2 + between_lines**2)),
        inflation=np.ones(problem.counts.shape),
        weights=np.full((len(level), len(_COARSE)), 1.0 / len(_COARSE)),
    )


def _kernel(series: Floats, fade: float = 0.93) -> Floats:
    """Two-sided exponentially weighted sums along days."""
    before, after = series.copy(), series.copy()
    for day in range(1, series.shape[1]):
        before[:, day] += fade * before[:, day - 1]
        after[:, -1 - day] += fade * after[:, -day]
    return before + after - series


def _round(problem: StageInput, state: State, parts: Parts) -> State:
    gain = gains(parts.variance, problem.valid, parts.step, state.start[1])
    shape = shape_of(problem, state.log_odds)
    beta, _ = _calendar_effects(problem, parts.working - shape, gain, state)
    seasonal = (problem.calendar @ beta.T).T[problem.kinship.platform]
    clean = parts.working - shape - seasonal
    level = smoothed(innovations(clean - state.shock, gain, state.start[0])[1], gain)
    shock, shock_variance, _ = shared_shocks(
        problem.kinship.platform,
        problem.valid,
        clean - _slow(problem, state, parts, clean - state.shock),
        parts.counting + parts.noise[:, None],
    )
    grid, family = np.tile(_COARSE, (len(level), 1)), np.full(len(_COARSE), SATURATING)
    told = shape_likelihood(problem, parts.working - seasonal - shock, gain, state.start[0], (grid, family))
    weights, _, _ = shape_posterior(problem, told, gain.last_variance, grid, family, state.weights)
    mean = weights.mean(axis=0)
    return replace(
        state, log_odds=(mean * grid).sum(axis=1), beta=beta, level=level, shock=shock,
        shock_variance=shock_variance, inflation=parts.inflation, weights=mean,
    )  # fmt: skip


def _slow(problem: StageInput, state: State, parts: Parts, clean: Floats) -> Floats:
    """The part of each line's level that moves over months: what lines share within weeks is left to the shocks."""
    gain = gains(parts.variance, problem.valid, np.minimum(parts.step, _SLOW_STEP**2), state.start[1])
    return smoothed(innovations(clean, gain, state.start[0])[1], gain)


def _calendar_effects(problem: StageInput, series: Floats, gain: Gains, state: State) -> tuple[Floats, Floats]:
    """Calendar effects of each platform about a common one, (platforms, K), and a root of their covariance.

    Generalised least squares on innovations, with a ridge by `calendar_spread`. Lines of a platform share their shocks,
    so that together they count for fewer than they are.
    """
    platform = problem.kinship.platform
    moved, _ = innovations(series, gain, state.start[0])
    _, _, shared = shared_shocks(platform, problem.valid, moved, gain.variance)
    products, sides = innovation_products(problem.calendar, moved, gain, platform)
    weight = (1.0 / gain.variance).mean(axis=1)
    crowd = [1.0 + shared[one] * float(weight[platform == one].sum()) for one in range(len(products))]
    blocks = [product / many for product, many in zip(products, crowd, strict=True)]
    sides = [side / many for side, many in zip(sides, crowd, strict=True)]
    return joint_ridge(blocks, sides, problem.calendar_spread)


def _final(problem: StageInput, state: State, parts: Parts) -> StageFit:
    gain = gains(parts.variance, problem.valid, parts.step, state.start[1])
    shape = shape_of(problem, state.log_odds)
    beta, beta_root = _calendar_effects(problem, parts.working - shape, gain, state)
    seasonal = (problem.calendar @ beta.T).T[problem.kinship.platform]
    clean = parts.working - seasonal - state.shock
    residual = parts.working - shape - seasonal - state.level
    _, _, shock = shared_shocks(
        problem.kinship.platform, problem.valid, residual, parts.counting + parts.noise[:, None]
    )
    coarse, coarse_family = np.tile(_COARSE, (len(clean), 1)), np.full(len(_COARSE), SATURATING)
    first = shape_likelihood(problem, clean, gain, state.start[0], (coarse, coarse_family))
    rough, _, _ = shape_posterior(problem, first, gain.last_variance, coarse, coarse_family, state.weights)
    centre, width = _moments(rough.mean(axis=0), coarse)
    family = np.repeat(np.arange(len(FAMILIES)), len(_FINE))
    log_odds = centre[:, None] + np.hypot(width, 0.15)[:, None] * np.tile(_FINE, len(FAMILIES))
    told = shape_likelihood(problem, clean, gain, state.start[0], (log_odds, family))
    even = np.full(log_odds.shape, 1.0 / len(family))
    weights, prior, pool = shape_posterior(problem, told, gain.last_variance, log_odds, family, even)
    low = low_shape(problem, log_odds, family)
    level, variance = drawn_to_kin(told[1], gain.last_variance, prior, low)
    return StageFit(
        log_odds=log_odds, family=family, weights=weights, level=level, level_variance=variance,
        step=parts.step, noise=parts.noise, shock=shock, beta=beta, beta_root=beta_root,
        residual=np.where(problem.valid, parts.working - shape - seasonal, np.nan), gain=gain,
        low_level=(weights.mean(axis=0) * (level + low)).sum(axis=1),
        own_share=np.clip(1.0 - (_moments(weights.mean(axis=0), log_odds)[1] / pool.spread) ** 2, 0.0, 1.0),
        shared=shared_effects((weights * log_odds).sum(axis=2), problem.hyper_normals),
    )  # fmt: skip


def _moments(weights: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each line's grid, (L,) each."""
    mean = (weights * values).sum(axis=1)
    return mean, np.sqrt((weights * (values - mean[:, None]) ** 2).sum(axis=1))
