"""Which of several carry-overs each line has: by how well each foretells the past, pooled over platform and stage."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import Carry, CarryOver
from marketmover.budget.models.level import gains, innovations
from marketmover.budget.models.pooling import Kinship
from marketmover.budget.models.problem import StageInput, shape_of
from marketmover.budget.models.stage import State, rounds

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LINES, _DAYS = 24, 300  # are enough to tell ways apart
_PRIOR_LINES = 4.0  # what is known before counts as this many lines: for a stage, and for a platform within it
_LEAST = 0.1  # of a way's weight in a line is doubt rather than evidence
_ROUNDS = 30


def pooled_carry(ways: Sequence[Carry], problem_of: Callable[[Carry], StageInput]) -> CarryOver:
    """How the past shows in each line, mixed of some ways by how well each foretells the line's days.

    Args:
        ways: The ways that are considered.
        problem_of: The stage as each of them sees it.
    """
    problems = [problem_of(way) for way in ways]
    rows = busiest(problems[0], _LINES)
    scores = np.zeros((len(problems[0].counts), len(ways)))
    parts = [part_of(problem, rows, _DAYS) for problem in problems]
    rough, _ = rounds(parts[0], 1)
    scores[rows] = np.stack([prediction_scores(part, rough) for part in parts], axis=1)
    prior = np.exp([way.prior for way in ways])
    chances = pooled_chances(scores, rows, prior / prior.sum(), problems[0].kinship.platform)
    weights = np.maximum(_posterior(scores, chances) - _LEAST, 0.0)
    return CarryOver(tuple(ways), weights / weights.sum(axis=1, keepdims=True))


def pooled_chances(scores: Floats, rows: Integers, prior: Floats, platform: Integers) -> Floats:
    """How often each way is the one among lines like each line, (lines, ways), by empirical Bayes (EM).

    A platform's lines are drawn to the stage's, and these to what is usual.

    Args:
        scores: Log likelihood of each line's days in each way, shape (lines, ways).
        rows: The lines that have scores.
        prior: How often each way is the one in general, shape (ways,).
        platform: Platform of each line.
    """
    member = (platform[rows] == np.arange(int(platform.max(initial=0)) + 1)[:, None]).astype(np.float64)
    stage, own = prior, np.tile(prior, (len(member), 1))
    for _ in range(_ROUNDS):
        found = _posterior(scores[rows], own[platform[rows]])
        stage = (found.sum(axis=0) + _PRIOR_LINES * prior) / (len(rows) + _PRIOR_LINES)
        own = (member @ found + _PRIOR_LINES * stage) / (member.sum(axis=1, keepdims=True) + _PRIOR_LINES)
    return own[platform]


def _posterior(scores: Floats, chances: Floats) -> Floats:
    weights = chances * np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def prediction_scores(problem: StageInput, rough: State) -> Floats:
    """How well a quick fit foretells each line's days from the days before, (lines,), as log likelihoods.

    Counts are told by their roots, which have nearly the same variance whatever the mean (Anscombe 1948), so that fits
    with other exposures or drives can be compared on the same counts.

    Args:
        problem: What is fitted.
        rough: Where to start from.
    """
    state, parts = rounds(problem, 1, rough)
    gain = gains(parts.variance, problem.valid, parts.step, state.start[1])
    fixed = shape_of(problem, state.log_odds) + parts.seasonal + state.shock
    surprise, _ = innovations(parts.working - fixed, gain, state.start[0])
    eta = np.clip(parts.working - surprise, -40.0, 40.0)
    mean = np.where(problem.valid, problem.exposure * np.exp(eta), 1.0)
    roots = 2.0 * (np.sqrt(problem.counts + 0.375) - np.sqrt(mean + 0.375))
    spread = 1.0 + mean * np.maximum(np.where(problem.valid, gain.variance, 1.0) - parts.counting, 0.0)
    told = -0.5 * (np.minimum(roots**2 / spread, 16.0) + np.log(spread))
    settled = np.cumsum(problem.valid, axis=1) > 28
    return np.where(problem.valid & settled, told, 0.0).sum(axis=1)


def busiest(problem: StageInput, lines: int) -> Integers:
    """The lines with most counts, in their order."""
    return np.sort(np.argsort(-problem.counts.sum(axis=1), kind="stable")[:lines])


def part_of(problem: StageInput, rows: Integers, days: int) -> StageInput:
    """Some lines and the last days of a problem, for quick comparisons."""
    late = slice(max(0, problem.counts.shape[1] - days), None)
    by_day = {
        name: getattr(problem, name)[rows, late] for name in ("counts", "exposure", "valid", "drive", "wobble", "ahead")
    }
    by_line = {name: getattr(problem, name)[rows] for name in ("low_drive", "design")}
    platform = np.unique(problem.kinship.platform[rows], return_inverse=True)[1]
    kind = np.unique(problem.kinship.kind[rows], return_inverse=True)[1]
    typical, accounts, between = problem.market
    beside = problem.covariates
    covariates = replace(beside, size=beside.size[rows], cheapness=beside.cheapness[rows])
    return replace(
        problem, **by_day, **by_line, curves=(), seen=None, pressed=None, calendar=problem.calendar[late],
        kinship=Kinship(platform, kind),
        covariates=covariates,
        market=(typical[rows], accounts[rows], between[rows]),
    )  # fmt: skip
