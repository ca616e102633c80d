"""Lift tests as evidence: draws of a line's curve that foretell its tests badly give way to those that do it well.

Where a test finds another curve than its line's history and kin foretold, the pool of all lines was wrong in part. So
lines that lean on the same pool move too, as far as they share what was not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.shapes import logit
from marketmover.budget.response import Response
from marketmover.errors import InputError
from marketmover.history import LiftTest

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_AROUND_DAYS = 28  # on both sides of a test: what the line counted per spend then sets its level
_FORM_ERROR = 0.1  # of the lift: a curve of constant days is not the test's own days
_CONTRADICTS = -4.5  # log likelihood of a test that even the best draw misses by three standard errors
_LEAST_SHARE = 0.1  # of the draws, as many equal ones as their weights are worth
_LEAST_NEWS = 0.01  # precision (of what is known already) that a test adds at least: resampling has chance of its own


@dataclass(frozen=True)
class Past:
    """What the history holds: days (days,), spend (lines, days), and counts by metric (lines, days)."""

    dates: NDArray[np.datetime64]
    cost: Floats
    counts: Mapping[str, Floats]


def with_lift_tests(
    response: Response, tests: Sequence[LiftTest], past: Past, kin: Mapping[str, Floats]
) -> tuple[Response, tuple[str, ...]]:
    """The response with draws resampled by how well they foretell the tests of their line, and of its kin.

    Sampling and importance resampling (Rubin 1988, "Using the SIR algorithm to simulate posterior distributions"),
    systematic, so that nothing is drawn. Where a test contradicts nearly all draws it is tempered until a tenth of them
    is left.

    Args:
        response: As the history alone tells it.
        tests: Of its lines.
        past: The history.
        kin: For each stage the loadings of lines on what they share, each of shape (causes, lines).

    Returns:
        The response, and in words which tests contradict the history.

    Raises:
        InputError: A test is of a line or metric that the response does not know.
    """
    said: list[str] = []
    found: dict[int, _Tested] = {}
    for line in sorted({test.line_id for test in tests}):
        own = [test for test in tests if test.line_id == line]
        fit = np.sum([_log_likelihood(response, test, past) for test in own], axis=0)
        weights, tempered = _tempered(fit)
        if tempered or float(fit.max()) < _CONTRADICTS * len(own):
            said.append(
                f"The lift tests of {line} lie far from what its history says: they count only as far as the two can "
                "both be true. Check the tests' units and dates."
            )
        found[response.row(line)] = _Tested(weights, {name for test in own for name in response.chains[test.metric]})
    heard = _heard_from_kin(response, found, kin)
    columns = [_chosen(found[row].weights if row in found else None, told) for row, told in enumerate(heard.T)]
    return _with_draws(response, np.stack(columns, axis=1)), tuple(said)


@dataclass(frozen=True)
class _Tested:
    """A tested line: weights of its draws by its tests, (draws,), and the stages that these speak of."""

    weights: Floats
    stages: set[str]


def _log_likelihood(response: Response, test: LiftTest, past: Past) -> Floats:
    """Log likelihood of each draw, (draws,): the lift stated against the one foretold from the level at the time."""
    row = response.row(test.line_id)
    counts = past.counts.get(test.metric)
    if counts is None:
        raise InputError(
            f"A lift test counts {test.metric}, which this history does not.", f"It counts {', '.join(past.counts)}."
        )
    first, last = (int(np.searchsorted(past.dates, np.datetime64(day))) for day in (test.start, test.end))
    days = last - first + 1
    around = slice(max(0, first - _AROUND_DAYS), last + 1 + _AROUND_DAYS)
    if not past.cost[row, around].any():
        around = slice(None)
    spent = past.cost[row, around] > 0
    if not spent.any():
        return np.zeros(response.draws)
    usual, counted = float(past.cost[row, around][spent].mean()), float(counts[row, around][spent].mean())
    made = float(past.cost[row, first : last + 1].mean())
    without = made - test.spend_change / days
    if without < 0:  # the history does not hold the money of the test: it was spent elsewhere, beside it
        made, without = made + test.spend_change / days, made
    outcome = response.draws_of_line(test.line_id, test.metric, np.array([made, without, usual]) * response.days)
    lift = days * counted * (outcome[:, 0] - outcome[:, 1]) / np.maximum(outcome[:, 2], 1e-12)
    variance = test.standard_error**2 + (_FORM_ERROR * test.lift) ** 2
    return -0.5 * (test.lift - lift) ** 2 / variance


def _tempered(fit: Floats) -> tuple[Floats, bool]:
    """Weights that add up to 1 and are worth a tenth of the draws; whether they were tempered much for that."""
    power = 1.0
    while True:
        weights = np.exp(power * (fit - fit.max()))
        weights /= weights.sum()
        if 1.0 / float((weights**2).sum()) >= _LEAST_SHARE * len(fit):
            return weights, power < 0.5
        power *= 0.8


def _heard_from_kin(response: Response, tested: Mapping[int, _Tested], kin: Mapping[str, Floats]) -> Floats:
    """Log weight of each line's draws from the tests of other lines, (draws, lines).

    A test is news on its own line's log odds of elasticity, of known precision. What it says of another line follows
    from their correlation (Gaussian conditioning); draws are then tilted, so that their mean moves by as much.
    """
    told = np.zeros((response.draws, len(response.line_ids)))
    for name, loadings in kin.items():
        rows = [row for row, one in tested.items() if name in one.stages]
        if not rows:
            continue
        odds = logit(response.stages[name].elasticity)
        spread = np.maximum(odds.std(axis=0), 1e-9)
        away = (odds - odds.mean(axis=0)) / spread
        weights = np.stack([tested[row].weights for row in rows], axis=1)
        moved = (weights * away[:, rows]).sum(axis=0)
        left = (weights * away[:, rows] ** 2).sum(axis=0) - moved**2
        news = np.maximum(1.0 / np.maximum(left, 1e-9) - 1.0, _LEAST_NEWS)
        means = _means_by_kin(loadings, rows, moved * (1.0 + news) / news, news)
        most = float(np.abs(moved * spread[rows]).max()) / spread
        told += away * np.clip(means, -most, most)
    return told


def _means_by_kin(loadings: Floats, rows: Sequence[int], seen: Floats, precision: Floats) -> Floats:
    """What each line's mean, in its spreads, is by the tests of the others, (lines,).

    Args:
        loadings: Of lines on what they share, (causes, lines).
        rows: The tested lines, each with what was `seen` of it, in its spreads, at a `precision` over what was known.
        seen: Shape (rows,).
        precision: Shape (rows,).
    """
    means = np.zeros(loadings.shape[1])
    for line in range(len(means)):
        others = np.array([place for place, row in enumerate(rows) if row != line], dtype=np.int64)
        own = loadings[:, np.asarray(rows, dtype=np.int64)[others]]
        between = own.T @ own
        np.fill_diagonal(between, 1.0 + 1.0 / precision[others])
        means[line] = loadings[:, line] @ own @ np.linalg.solve(between, seen[others])
    return means


def _chosen(own: Floats | None, heard: Floats) -> Integers:
    """Which draw of a line stands in each draw's place, by its own tests and its kin's, (draws,)."""
    places = (np.arange(len(heard)) + 0.5) / len(heard)
    if own is not None:
        weights = own * np.exp(heard - heard.max())
        return np.minimum(np.searchsorted(np.cumsum(weights / weights.sum()), places), len(heard) - 1)
    # Each draw keeps its rank, so that lines stay as dependent as they were, and little news moves little.
    order = np.argsort(heard, kind="stable")
    weights = np.exp(heard[order] - heard.max())
    chosen = np.empty(len(heard), dtype=np.int64)
    taken = np.minimum(np.searchsorted(np.cumsum(weights / weights.sum()), places), len(heard) - 1)
    chosen[order] = order[taken]
    return chosen


def _with_draws(response: Response, chosen: Integers) -> Response:
    """The response with each line's draws taken as `chosen`, (draws, lines)."""
    stages = {
        name: replace(
            stage,
            level=np.take_along_axis(stage.level, chosen, axis=0),
            family=np.take_along_axis(stage.family, chosen, axis=0),
            elasticity=np.take_along_axis(stage.elasticity, chosen, axis=0),
            wear=None if stage.wear is None else stage.wear.with_draws(chosen),
            overlap=None if stage.overlap is None else np.take_along_axis(stage.overlap, chosen, axis=0),
        )
        for name, stage in response.stages.items()
    }
    return replace(response, stages=stages)
