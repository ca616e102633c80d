"""Creative fatigue: found where it is, nothing where it is not, and answering to the budget."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from synthetic import market

from marketmover.budget import Response, allocate, fit_response
from marketmover.budget.models.wear import Exposure, WearDraws
from marketmover.history import Panel

Floats = NDArray[np.float64]
START, END = date(2026, 4, 1), date(2026, 4, 28)
SPAN = 20.0
_LINES, _DAYS = 8, 300


def refreshed(panel: Panel, seed: int) -> Floats:
    """A new creative every five to ten weeks on each line, all of them known."""
    rng = np.random.default_rng(seed)
    told = np.zeros_like(panel.cost)
    for row in told:
        days = np.cumsum(rng.integers(30, 70, 40))
        row[days[days < len(row)]] = 1.0
    return told


def losses(panel: Panel, told: Floats, depth: Floats) -> Floats:
    """True log losses by line and day: exposure since the last refresh, in days at the line's mean spend."""
    u = panel.cost / panel.cost.mean(axis=1, keepdims=True)
    exposure, now = np.zeros_like(u), np.full(len(u), 30.0)
    for day in range(u.shape[1]):
        now = now * (1.0 - told[:, day]) + u[:, day]
        exposure[:, day] = now
    return depth[:, None] * -np.expm1(-exposure / SPAN)


def worn_market(seed: int, depth: float) -> tuple[Panel, Floats]:
    """A market whose clicks wear, and its true log losses."""
    panel, _ = market(seed, lines=_LINES, days=_DAYS)
    told = refreshed(panel, seed)
    rng = np.random.default_rng([seed, 1])
    loss = losses(panel, told, depth * np.exp(rng.normal(0.0, 0.3, _LINES)))
    kept = np.exp(-loss)
    counted = {name: rng.binomial(getattr(panel, name).astype(int), kept).astype(float) for name in ("clicks", "leads")}
    qualified = rng.binomial(panel.crm_qualified.astype(int), kept).astype(float)
    known = dict.fromkeys(("conversions", "crm_leads", "crm_decided"), counted["leads"])
    return replace(panel, refreshed=told, **counted, **known, crm_qualified=qualified), loss


def fitted(panel: Panel) -> Response:
    return fit_response(panel, START, END, seed=1, draws=200)


def lost(response: Response, stage: str) -> Floats:
    """Expected log loss at the end of the past, by line."""
    wear = response.stages[stage].wear
    return np.zeros(len(response.line_ids)) if wear is None else wear.lost.mean(axis=0)


@pytest.fixture(scope="module")
def worn() -> tuple[Panel, Floats, Response]:
    panel, truth = worn_market(1, 0.3)
    return panel, truth, fitted(panel)


def test_wear_is_found_line_by_line(worn: tuple[Panel, Floats, Response]) -> None:
    _, truth, response = worn
    found = lost(response, "clicks")

    assert found.mean() == pytest.approx(truth[:, -1].mean(), rel=0.3)
    assert np.corrcoef(found, truth[:, -1])[0, 1] > 0.7
    assert lost(response, "leads").max() < 0.03


def test_without_wear_hardly_any_is_found() -> None:
    for seed in (1, 2):
        panel, _ = market(seed, lines=_LINES, days=_DAYS)
        response = fitted(replace(panel, refreshed=refreshed(panel, seed)))
        assert all(lost(response, stage).max() < 0.03 for stage in ("clicks", "leads"))


def test_without_known_refreshes_the_response_is_what_it_was() -> None:
    panel, _ = worn_market(2, 0.3)
    budgets = panel.cost[:, -28:].sum(axis=1)
    nothing = fitted(replace(panel, refreshed=None)).expected(budgets, "leads")

    never = fitted(replace(panel, refreshed=np.zeros(panel.cost.shape)))

    assert (never.expected(budgets, "leads") == nothing).all()
    assert never.worn(panel.line_ids[0], "leads") is None


def test_refreshes_known_for_the_last_weeks_alone_tell_of_wear_too() -> None:
    panel, truth = worn_market(3, 0.4)
    assert panel.refreshed is not None
    late = panel.refreshed.copy()
    late[:, :-90] = np.nan
    found = lost(fitted(replace(panel, refreshed=late)), "clicks")
    known = np.nansum(late, axis=1) > 0

    assert found[known].mean() == pytest.approx(truth[known, -1].mean(), rel=0.5)
    assert (found[~known] == 0).all()


def test_more_budget_wears_creatives_faster(worn: tuple[Panel, Floats, Response]) -> None:
    panel, _, response = worn
    wear = response.stages["clicks"].wear
    assert wear is not None
    line, budgets = panel.line_ids[0], panel.cost[0, -28:].sum() * np.array([1.0, 4.0])
    stage = replace(response.stages["clicks"], wear=replace(wear, depth=np.zeros_like(wear.depth)))
    fresh = replace(response, stages={**response.stages, "clicks": stage})

    kept = (response.draws_of_line(line, "clicks", budgets) / fresh.draws_of_line(line, "clicks", budgets)).mean(axis=0)
    assert 0.5 < kept[1] < kept[0] < 1.0


def test_the_mean_over_the_window_is_that_of_refreshes_by_chance() -> None:
    rng = np.random.default_rng(1)
    depth, span, since, rate, u, days, many = 0.4, 15.0, 25.0, 1 / 40, 1.7, 28, 20_000
    drawn = WearDraws(np.full((1, 1), depth), np.full((1, 1), span), np.array([since]), np.array([rate]), 0)
    exposure, loss = np.full(many, since), np.zeros(many)
    steps = 20
    for _ in range(days * steps):
        exposure = np.where(rng.random(many) < rate / steps, 0.0, exposure + u / steps)
        loss += depth * -np.expm1(-exposure / span) / (days * steps)

    assert drawn.ahead(np.array([u]), 0, days)[0, 0] == pytest.approx(loss.mean(), rel=0.01)


def test_a_new_ad_among_several_takes_away_a_part_of_the_exposure() -> None:
    told = np.zeros((1, 20))
    told[0, 10] = 0.5
    exposure = Exposure.of(told, np.ones((1, 20)), np.zeros(1, dtype=np.int64))

    assert exposure is not None
    assert exposure.since[0, 10] == pytest.approx(0.5 * exposure.since[0, 9] + 1.0)
    assert Exposure.of(np.zeros((1, 20)), np.ones((1, 20)), np.zeros(1, dtype=np.int64)) is None


def test_what_worn_ads_cost_is_said_with_a_range(worn: tuple[Panel, Floats, Response]) -> None:
    panel, truth, response = worn
    row = int(truth[:, -1].argmax())
    told = response.worn(panel.line_ids[row], "leads")

    assert told is not None
    assert told[0] < -np.expm1(-truth[row, -1]) < told[2]


def test_a_split_still_adds_up_to_the_cent(worn: tuple[Panel, Floats, Response]) -> None:
    panel, _, response = worn
    today = dict(zip(panel.line_ids, panel.cost[:, -28:].sum(axis=1).tolist(), strict=True))

    assert sum(allocate(response, 12_345.67, objective="leads", current=today).cents.values()) == 1_234_567
