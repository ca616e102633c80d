"""Lift tests as evidence: draws of a line's curve that foretell its tests badly give way to those that do it well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.response import Response
from marketmover.errors import InputError
from marketmover.history import LiftTest

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_Array = TypeVar("_Array", Floats, Integers)

_AROUND_DAYS = 28  # on both sides of a test: what the line counted per spend then sets its level
_FORM_ERROR = 0.1  # of the lift: a curve of constant days is not the test's own days
_CONTRADICTS = -4.5  # log likelihood of a test that even the best draw misses by three standard errors
_LEAST_SHARE = 0.1  # of the draws, as many equal ones as their weights are worth


@dataclass(frozen=True)
class Past:
    """What the history holds: days (days,), spend (lines, days), and counts by metric (lines, days)."""

    dates: NDArray[np.datetime64]
    cost: Floats
    counts: Mapping[str, Floats]


def with_lift_tests(response: Response, tests: Sequence[LiftTest], past: Past) -> tuple[Response, tuple[str, ...]]:
    """The response with each tested line's draws resampled by how well they foretell its tests.

    Sampling and importance resampling (Rubin 1988, "Using the SIR algorithm to simulate posterior distributions"),
    systematic, so that nothing is drawn. Where a test contradicts nearly all draws it is tempered until a tenth of them
    is left.

    Returns:
        The response, and in words which tests contradict the history.

    Raises:
        InputError: A test is of a line or metric that the response does not know.
    """
    said: list[str] = []
    for line in sorted({test.line_id for test in tests}):
        own = [test for test in tests if test.line_id == line]
        fit = np.sum([_log_likelihood(response, test, past) for test in own], axis=0)
        weights, tempered = _tempered(fit)
        if tempered or float(fit.max()) < _CONTRADICTS * len(own):
            said.append(
                f"The lift tests of {line} lie far from what its history says: they count only as far as the two can "
                "both be true. Check the tests' units and dates."
            )
        response = _resampled(response, response.row(line), weights)
    return response, tuple(said)


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


def _resampled(response: Response, row: int, weights: Floats) -> Response:
    """The response with one line's draws taken by their weights, in their own order."""
    draws = len(weights)
    places = (np.arange(draws) + 0.5) / draws
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), places), draws - 1)
    stages = {
        name: replace(
            stage,
            level=_taken(stage.level, row, chosen),
            family=_taken(stage.family, row, chosen),
            elasticity=_taken(stage.elasticity, row, chosen),
        )
        for name, stage in response.stages.items()
    }
    return replace(response, stages=stages)


def _taken(values: _Array, row: int, chosen: Integers) -> _Array:
    changed = values.copy()
    changed[:, row] = values[chosen, row]
    return changed
