"""The market as a whole: its truth, its managers, what plans earn in it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from marketmover.errors import UsageError
from marketmover.sandbox import Market, create_market
from marketmover.sandbox.calibration import share_of_optimum


def after(market: Market, days: int = 28) -> tuple[date, date]:
    return market.last_date + timedelta(1), market.last_date + timedelta(days)


def test_the_same_seed_gives_the_same_market_and_another_seed_another() -> None:
    first, again, other = (create_market(lines=4, days=60, seed=seed, manager="good") for seed in (5, 5, 6))
    assert first.status_quo() == again.status_quo()
    assert np.array_equal(first.ledger.leads, again.ledger.leads)
    assert first.line_ids != other.line_ids


def test_more_budget_on_a_line_never_earns_it_less(market: Market) -> None:
    budgets = np.array([*market.status_quo().values()])
    earned = [
        market.evaluate(budgets * factor, *after(market, 90)).expected["conversions"] for factor in (0.7, 1.0, 1.05)
    ]
    alone = replace(
        market.truth, overlap=np.zeros_like(market.truth.overlap), learning_loss=np.zeros(market.truth.lines)
    )
    free = replace(market, truth=replace(alone, fatigue_floor=np.ones(market.truth.lines)))
    earned = [free.evaluate(budgets * factor, *after(free)).expected["conversions"] for factor in (0.5, 1.0, 2.0, 4.0)]
    assert (np.diff(earned, axis=0) >= 0.0).all()


def test_doubling_all_budgets_brings_less_than_double(market: Market) -> None:
    budgets = np.array([*market.status_quo().values()])
    single, double = (market.evaluate(budgets * factor, *after(market)).total("leads") for factor in (1.0, 2.0))
    assert single < double < 2.0 * single


def test_one_lines_spend_takes_from_the_lines_it_overlaps_with() -> None:
    market = create_market(lines=8, days=60, seed=3, manager="good")
    loser, taker = np.argwhere(market.truth.overlap[np.ix_(market.enabled, market.enabled)] > 0.0)[0]
    budgets = np.array([*market.status_quo().values()])
    more = budgets.copy()
    more[taker] *= 5.0
    before, now = (market.evaluate(plan, *after(market)).expected["conversions"] for plan in (budgets, more))
    assert now[loser] < before[loser]
    assert now[taker] > before[taker]


def test_spend_before_the_window_still_works_in_it(market: Market) -> None:
    quiet = replace(market, states=market.states._replace(stock=type(market.states.stock)(
        np.zeros_like(market.states.stock.first), np.zeros_like(market.states.stock.second))))  # fmt: skip
    budgets = market.status_quo()
    with_past, without = (one.evaluate(budgets, *after(one, 3)).total("conversions") for one in (market, quiet))
    assert with_past > 1.01 * without


@pytest.mark.parametrize("seed", [21, 22, 23, 24])
def test_an_ordinary_manager_reaches_70_to_85_percent_of_the_optimum(seed: int) -> None:
    assert 0.70 <= share_of_optimum(create_market(lines=12, days=400, seed=seed)) <= 0.86


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_good_manager_stays_near_the_optimum(seed: int) -> None:
    assert share_of_optimum(create_market(lines=12, days=400, seed=seed, manager="good")) >= 0.96


def test_ordinary_managers_spend_more_when_demand_is_high() -> None:
    followed: dict[str, list[float]] = {"ordinary": [], "good": []}
    for manager, found in followed.items():
        for seed in range(30, 33):
            market = create_market(lines=6, days=400, seed=seed, manager=manager)
            demand = (market.truth.demand * market.truth.shock)[:, :400].mean(axis=0)
            week = np.convolve(demand, np.full(28, 1 / 28), "valid")
            spend = np.convolve(market.daily_budgets.sum(axis=0), np.full(28, 1 / 28), "valid")
            trend = np.linspace(-1.0, 1.0, len(week))
            found.append(float(np.corrcoef(week - np.polyval(np.polyfit(trend, week, 1), trend),
                                           spend - np.polyval(np.polyfit(trend, spend, 1), trend))[0, 1]))  # fmt: skip
    assert np.mean(followed["ordinary"]) > 0.25


def test_cheap_leads_are_not_the_good_ones() -> None:
    markets = [create_market(lines=12, days=30, seed=seed, sells="leads", manager="good") for seed in range(40, 46)]
    price = np.concatenate([np.log(market.truth.scale / market.truth.yields) for market in markets])
    quality = np.concatenate([market.truth.qualification for market in markets])
    assert abs(np.corrcoef(price, quality)[0, 1]) < 0.35
    assert quality.std() > 0.1


def test_sampled_outcomes_have_the_expected_mean(market: Market) -> None:
    outcome = market.evaluate(market.status_quo(), *after(market), samples=4000, seed=1)
    for metric in ("leads", "qualified_leads", "clicks", "cost", "revenue"):
        assert outcome.total_samples(metric).mean() == pytest.approx(outcome.total(metric), rel=0.02), metric


def test_equal_plans_meet_equal_chance_and_better_ones_win_in_every_draw(market: Market) -> None:
    budgets = np.array([*market.status_quo().values()])
    one, again, less = (
        market.evaluate(plan, *after(market), samples=200, seed=7) for plan in (budgets, budgets, 0.6 * budgets)
    )
    assert np.array_equal(one.sampled["leads"], again.sampled["leads"])
    assert (one.total_samples("leads") > less.total_samples("leads")).mean() > 0.98


def test_counts_vary_more_than_chance_alone(market: Market) -> None:
    leads = market.evaluate(market.status_quo(), *after(market), samples=2000).total_samples("leads")
    assert leads.var() > 1.5 * leads.mean()


def test_a_window_within_the_history_earns_what_the_history_earned(market: Market) -> None:
    first, last = 200, 320
    start = market.setting.first_date
    window = start + timedelta(first), start + timedelta(last)
    outcome = market.evaluate(market.spendable[market.enabled, first : last + 1], *window)
    counted = market.ledger.leads[market.enabled, first : last + 1].sum()
    assert outcome.total("leads") == pytest.approx(counted, rel=0.1)


def test_a_window_may_begin_later_and_needs_the_days_between(market: Market) -> None:
    later = market.last_date + timedelta(29), market.last_date + timedelta(56)
    outcome = market.evaluate(market.status_quo(), *later, samples=10)
    assert outcome.total("leads") > 0.0
    straddling = market.last_date - timedelta(13), market.last_date + timedelta(14)
    assert market.evaluate(market.status_quo(), *straddling, samples=10).total_samples("leads").min() > 0.0


def test_the_optimum_beats_random_splits_of_the_same_money(market: Market) -> None:
    total = sum(market.status_quo().values())
    budgets, best = market.optimum(total, *after(market))
    assert sum(budgets.values()) == pytest.approx(total)
    rng = np.random.default_rng(0)
    for split in rng.dirichlet(np.full(len(market.line_ids), 2.0), 60):
        assert market.evaluate(total * split, *after(market)).total("leads") <= best.total("leads") * (1.0 + 1e-9)


def test_the_optimum_of_a_small_market_is_that_of_brute_force() -> None:
    market = create_market(lines=3, days=60, seed=8, sells="leads", manager="good")
    total = sum(market.status_quo().values())
    _, best = market.optimum(total, *after(market, 14), "qualified_leads")
    steps = np.linspace(0.0, 1.0, 26)
    grid = [(a, b, max(1.0 - a - b, 0.0)) for a in steps for b in steps if a + b <= 1.0 + 1e-12]
    brute = max(market.evaluate(total * np.array(split), *after(market, 14)).total("qualified_leads") for split in grid)
    assert best.total("qualified_leads") >= 0.9995 * brute


def test_lines_that_ended_cannot_be_given_money() -> None:
    market = create_market(lines=20, days=300, seed=2, manager="good")
    ended = [line.id for line in market.lines if line.last_day < 299]
    assert ended
    assert not set(ended) & set(market.line_ids)
    with pytest.raises(UsageError, match="no running line"):
        market.evaluate({ended[0]: 10.0}, *after(market))


def test_wrong_plans_and_windows_are_told(market: Market) -> None:
    with pytest.raises(UsageError, match="truth covers"):
        market.evaluate(market.status_quo(), market.last_date, market.last_date + timedelta(4000))
    with pytest.raises(UsageError, match="negative"):
        market.evaluate({market.line_ids[0]: -1.0}, *after(market))
    with pytest.raises(UsageError, match="Choose one of"):
        market.optimum(100.0, *after(market), "happiness")


@pytest.mark.parametrize(
    "wrong", [{"family": "cubic"}, {"manager": "lazy"}, {"lines": 0}, {"countries": ["XX"]}, {"currency": "euro"}]
)
def test_wrong_wishes_are_told(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        create_market(**wrong)  # pyright: ignore[reportArgumentType] - wrong on purpose


@pytest.mark.parametrize(("lines", "days"), [(1, 1), (1, 40), (2, 7), (3, 10)])
def test_the_smallest_markets_work(lines: int, days: int) -> None:
    market = create_market(lines=lines, days=days, seed=1, manager="good")
    assert market.evaluate(market.status_quo(), *after(market), samples=3).total("cost") > 0.0


def test_lines_have_the_forms_that_the_contract_names() -> None:
    lines = create_market(lines=16, days=60, seed=1, manager="good").lines
    google = [line for line in lines if line.platform == "google_ads"]
    meta = [line for line in lines if line.platform == "meta_ads"]
    assert {min(len(line.group_ids), 2) for line in google} == {0, 1, 2}
    assert {line.budget_level for line in meta} == {"campaign", "ad_set"}
    for line in lines:
        own = line.group_ids[0] if len(line.group_ids) == 1 else "-"
        assert line.id == f"{line.platform}:{line.campaign_id}:{own}"
