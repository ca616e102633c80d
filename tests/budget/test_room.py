"""Impression shares and frequency say how much room a line has, and nobody can buy more than there is."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from synthetic import market

from marketmover.budget import allocate, fit_response
from marketmover.budget.models.room import reach_score, room_score, share_had, share_reached
from marketmover.history import Panel

Floats = NDArray[np.float64]
START, END = date(2026, 4, 6), date(2026, 5, 3)


def shares(shown: float, budget: float, rank: float, days: int = 60) -> tuple[Floats, Floats, Floats]:
    return np.full((1, days), shown), np.full((1, days), budget), np.full((1, days), rank)


@pytest.mark.parametrize(
    ("shown", "budget", "rank", "had"),
    [
        (0.4, 0.4, 0.2, 0.5),
        (0.6, 0.0, 0.4, 0.98),
        (0.0999, 0.72, 0.2, 0.1),  # the platform tells no shares below a tenth: the lost one says more
    ],
)
def test_what_was_had_is_of_what_budget_could_bring(shown: float, budget: float, rank: float, had: float) -> None:
    assert share_had(*shares(shown, budget, rank))[0] == pytest.approx(had)


def test_a_few_days_of_shares_say_nothing() -> None:
    shown, budget, rank = shares(0.4, 0.4, 0.2)
    shown[:, :50] = np.nan
    had = share_had(shown, budget, rank)
    assert np.isnan(had[0])
    assert room_score(had)[0] == 0.0


def test_the_less_was_had_the_more_room() -> None:
    assert (np.diff(room_score(np.array([0.1, 0.3, 0.6, 0.95]))) < 0).all()


def with_shares(panel: Panel, row: int, shown: float) -> Panel:
    """The history with shares of one line: nothing lost to rank, the rest to the budget."""
    known = {name: getattr(panel, name).copy() for name in ("search_impression_share", "budget_lost_share")}
    known["search_impression_share"][row], known["budget_lost_share"][row] = shown, 1.0 - shown
    return replace(panel, **known)


def test_a_line_that_has_nearly_all_gets_no_more_than_there_is() -> None:
    panel = market(7, lines=6, days=300)[0]
    line, total = panel.line_ids[0], float(panel.cost[:, -28:].sum())
    free = fit_response(panel, START, END, seed=1)
    full = fit_response(with_shares(panel, 0, 0.95), START, END, seed=1)
    some = fit_response(with_shares(panel, 0, 0.15), START, END, seed=1)

    capped = allocate(full, 3 * total, objective="leads").budgets[line]

    assert capped <= 1.25 * panel.cost[0, -28:].sum() / 0.95 + 0.01
    assert capped < allocate(free, 3 * total, objective="leads").budgets[line]
    assert full.summary(line, "leads").elasticity[1] < some.summary(line, "leads").elasticity[1]


def people(impressions: Floats, audience: float) -> Floats:
    """How many of an audience some impressions meet by chance."""
    return -audience * np.expm1(-impressions / audience)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.8])
def test_frequency_says_how_much_of_an_audience_is_reached(share: float) -> None:
    impressions = np.full((1, 60), -np.log1p(-share) * 20_000.0)

    assert share_reached(impressions / people(impressions, 20_000.0), impressions)[0] == pytest.approx(share, rel=0.01)


@pytest.mark.parametrize(
    ("reach", "impressions"),
    [
        (np.nan, 1_500.0),
        (1_600.0, 1_500.0),  # more people than impressions: not counted alike
        (10.0, 12.0),
    ],
)
def test_reach_that_is_unknown_impossible_or_of_a_handful_says_nothing(reach: float, impressions: float) -> None:
    shown = np.full((1, 60), impressions)
    reached = share_reached(shown / np.full((1, 60), reach), shown)

    assert np.isnan(reached[0])
    assert reach_score(reached)[0] == 0.0


def test_the_more_of_an_audience_is_reached_the_less_room_and_what_is_typical_says_nothing() -> None:
    scores = reach_score(np.array([0.05, 0.2, 0.5, np.nan]))

    assert scores[0] > scores[1] > scores[2]
    assert scores[3] == 0.0
    assert reach_score(np.array([0.2, 0.2])) == pytest.approx(0.0)
    assert abs(reach_score(np.full(20, 0.5))).max() < 0.2  # all lines alike: hardly any has more room than the others


def test_a_line_that_meets_the_same_people_again_has_less_room_than_one_that_does_not() -> None:
    panel = market(7, lines=6, days=200)[0]
    row = 4  # the last three are on Meta

    def elasticity(share: float) -> float:
        reach = np.full_like(panel.cost, np.nan)
        for line in (3, 4, 5):
            shown = panel.impressions[line]
            audience = float(shown.mean()) / -np.log1p(-(share if line == row else 0.2))
            reach[line] = people(shown, audience)
        told = fit_response(replace(panel, frequency=panel.impressions / reach), START, END, seed=1, draws=100)
        return told.summary(panel.line_ids[row], "leads").elasticity[1]

    assert elasticity(0.8) < elasticity(0.05) - 0.01
