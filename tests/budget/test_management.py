"""How far marginal returns differ is read off the account: a good manager's hardly do, a bad one's do a lot."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from synthetic import market

from marketmover.budget import Response, allocate, fit_response
from marketmover.budget.management import as_managed

Floats = NDArray[np.float64]
START, END = date(2026, 4, 6), date(2026, 5, 3)


@pytest.fixture(scope="module")
def fitted() -> Response:
    return fit_response(market(5, lines=10, days=300)[0], START, END, seed=1)


def spending(response: Response, daily: Floats) -> Response:
    """The response as if today's split were another."""
    return replace(response, facts=replace(response.facts, recent_daily=daily))


def best_daily(response: Response) -> Floats:
    total = float(response.facts.recent_daily.sum()) * response.days
    best = allocate(response, total, objective="leads").budgets
    return np.maximum([best[line] for line in response.line_ids], 1.0) / response.days


def margins(response: Response) -> Floats:
    """Median log marginal return of each line at today's split, about their mean."""
    now = response.facts.recent_daily * response.days
    gain = response.expected(now * 1.1, "leads") - response.expected(now * 0.9, "leads")
    margin = np.log(np.median(gain, axis=0) / (0.2 * now))
    return margin - margin.mean()


def test_where_marginal_returns_hardly_differ_they_are_drawn_together(fitted: Response) -> None:
    near = best_daily(fitted) * np.exp(np.resize([0.15, -0.15], len(fitted.line_ids)))
    before = spending(fitted, near)

    after = as_managed(before)

    assert np.median(np.abs(margins(after))) < 0.6 * np.median(np.abs(margins(before)))


def test_in_an_account_far_from_its_best_they_stay_apart(fitted: Response) -> None:
    far = best_daily(fitted) * np.exp(np.resize([2.0, -2.0], len(fitted.line_ids)))
    before = spending(fitted, far)

    after = as_managed(before)

    assert margins(after).std() > 0.85 * margins(before).std()
    assert np.corrcoef(margins(after), margins(before))[0, 1] > 0.9  # no line moves beyond what its own days allow


def test_levels_stay_what_was_counted(fitted: Response) -> None:
    now = fitted.facts.recent_daily * fitted.days
    after = as_managed(fitted)

    told, before = (np.median(one.expected(now, "leads"), axis=0) for one in (after, fitted))
    assert told == pytest.approx(before, rel=0.12)


def test_two_lines_say_nothing_of_a_manager() -> None:
    response = fit_response(market(6, lines=2, days=200)[0], START, END, seed=1)
    assert as_managed(response) is response
