"""What lines are for: where average and marginal cost part, and where exports show it."""

from datetime import timedelta

import numpy as np
import pytest

from marketmover.sandbox import Market, create_market
from marketmover.sandbox.exports.account import account_of
from marketmover.sandbox.exports.meta import AdSets
from marketmover.sandbox.exports.shares import impression_shares
from marketmover.sandbox.models.managers import misjudgements
from marketmover.sandbox.models.roles import draw_role


@pytest.fixture(scope="module")
def many() -> list[Market]:
    return [create_market(lines=24, days=60, seed=seed, sells="leads", manager="good") for seed in range(60, 64)]


def of_role(market: Market, role: str) -> list[int]:
    return [place for place, line in enumerate(market.lines) if line.role == role]


def test_those_who_know_the_advertiser_buy_cheaply_and_are_few(many: list[Market]) -> None:
    price, room = {}, {}
    for role in ("brand", "retargeting", "core", "prospecting"):
        found = [(one.truth, place) for one in many for place in of_role(one, role)]
        price[role] = np.median([truth.scale[place] / truth.yields[place] / _usual(truth) for truth, place in found])
        room[role] = np.median([truth.inventory[place] / np.median(truth.scale) for truth, place in found])
    assert price["brand"] < 0.6 * price["core"] < 0.6 * price["prospecting"]
    assert price["retargeting"] < 0.5 * price["prospecting"]
    assert room["brand"] < room["retargeting"] < room["core"] < room["prospecting"]


def _usual(truth: object) -> float:
    return float(np.median(truth.scale / truth.yields))  # pyright: ignore[reportAttributeAccessIssue] - a Truth


def test_reach_and_frequency_show_small_audiences(many: list[Market]) -> None:
    frequency: dict[str, list[float]] = {"retargeting": [], "prospecting": []}
    for market in many:
        for role, found in frequency.items():
            for place in of_role(market, role):
                if market.lines[place].platform == "meta_ads":
                    sets = AdSets(market, account_of(market), place)
                    found.append(float(sets.impressions.sum() / sets.reach.sum()))
    assert np.median(frequency["retargeting"]) > np.median(frequency["prospecting"]) + 0.1


def test_impression_shares_show_that_searches_for_the_name_are_nearly_bought_up(many: list[Market]) -> None:
    shown: dict[str, list[float]] = {"brand": [], "prospecting": []}
    for market in many:
        for role, found in shown.items():
            for place in of_role(market, role):
                shares = impression_shares(market.truth, place, market.spendable[place], np.random.default_rng(0))
                found.append(float(shares.shown[market.spendable[place] > 0].mean()))
    assert np.median(shown["brand"]) > 0.5 > np.median(shown["prospecting"])


def test_a_small_account_has_core_lines_alone() -> None:
    rng = np.random.default_rng(0)
    assert {draw_role("META", 3, rng) for _ in range(50)} == {"core"}
    assert {draw_role("META", 4, rng) for _ in range(50)} == {"retargeting", "core", "prospecting"}


def test_some_managers_pour_money_into_what_is_cheap_on_average() -> None:
    best, costs = np.full(16, 10.0), np.geomspace(5.0, 60.0, 16)
    first = [misjudgements(best, costs, np.random.default_rng(seed))[0] for seed in range(60)]
    together = [float(np.corrcoef(bend, np.log(costs))[0, 1]) for bend in first]
    assert 0.2 < np.mean(np.array(together) < -0.8) < 0.6


def test_the_rule_that_goes_by_average_cost_leaves_much_of_the_gain() -> None:
    left = list[float]()
    for seed in range(51, 54):
        market = create_market(lines=12, days=120, seed=seed)
        window = market.last_date + timedelta(1), market.last_date + timedelta(28)
        today = market.evaluate(market.status_quo(), *window)
        total, metric = today.total("cost") / 28.0, market.main_metric
        counted = market.ledger.leads + (market.ledger.sales if metric == "conversions" else 0)
        cost, leads = (ledger[market.enabled, -90:].sum(axis=1) for ledger in (market.ledger.cost_cents, counted))
        weight = np.sqrt(cost) * (leads / np.maximum(cost, 1)) ** 0.7
        rule = market.evaluate(weight / weight.sum() * total, *window).total(metric)
        best = market.optimum(total, *window, effort=25)[1].total(metric)
        left.append((best - rule) / today.total(metric))
    assert np.median(left) > 0.05
