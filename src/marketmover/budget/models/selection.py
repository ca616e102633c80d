"""Which of several carry-overs a stage has: by how well each foretells the past."""

from dataclasses import replace

import numpy as np

from marketmover.budget.models.level import gains, innovations
from marketmover.budget.models.pooling import Kinship
from marketmover.budget.models.problem import StageInput, shape_of
from marketmover.budget.models.stage import rounds


def prediction_score(problem: StageInput) -> float:
    """How well a quick fit foretells each day from the days before, as a log likelihood of roots of counts.

    Roots of counts have nearly the same variance whatever the mean (Anscombe 1948), so that fits with other exposures
    or drives can be compared on the same counts.
    """
    state, parts = rounds(problem, 2)
    gain = gains(parts.variance, problem.valid, parts.step, state.start[1])
    fixed = shape_of(problem, state.log_odds) + parts.seasonal + state.shock
    surprise, _ = innovations(parts.working - fixed, gain, state.start[0])
    eta = np.clip(parts.working - surprise, -40.0, 40.0)
    mean = np.where(problem.valid, problem.exposure * np.exp(eta), 1.0)
    roots = 2.0 * (np.sqrt(problem.counts + 0.375) - np.sqrt(mean + 0.375))
    spread = 1.0 + mean * np.maximum(np.where(problem.valid, gain.variance, 1.0) - parts.counting, 0.0)
    told = -0.5 * (np.minimum(roots**2 / spread, 16.0) + np.log(spread))
    settled = np.cumsum(problem.valid, axis=1) > 28
    return float(told[problem.valid & settled].sum())


def part_of(problem: StageInput, lines: int, days: int) -> StageInput:
    """The lines with most counts and the last days of a problem, for quick comparisons."""
    rows = np.sort(np.argsort(-problem.counts.sum(axis=1), kind="stable")[:lines])
    late = slice(max(0, problem.counts.shape[1] - days), None)
    by_day = {name: getattr(problem, name)[rows, late] for name in ("counts", "exposure", "valid", "drive", "wobble")}
    by_line = {name: getattr(problem, name)[rows] for name in ("low_drive", "design")}
    platform = np.unique(problem.kinship.platform[rows], return_inverse=True)[1]
    kind = np.unique(problem.kinship.kind[rows], return_inverse=True)[1]
    typical, accounts, between = problem.market
    beside = problem.covariates
    covariates = replace(beside, size=beside.size[rows], cheapness=beside.cheapness[rows])
    return replace(
        problem, **by_day, **by_line, curves=(), calendar=problem.calendar[late], kinship=Kinship(platform, kind),
        covariates=covariates,
        market=(typical[rows], accounts[rows], between[rows]),
    )  # fmt: skip
