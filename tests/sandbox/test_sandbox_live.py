"""Live windows: one world whatever is run, troubles that do what they say, changes that count from the next day."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from marketmover.errors import UsageError
from marketmover.sandbox import Live, Market, Trouble, create_market, start_live
from marketmover.sandbox.live.drawing import LEAST_SIGNAL, usual_count
from marketmover.sandbox.live.plans import InForce
from marketmover.sandbox.live.record import cost_of, record
from marketmover.sandbox.live.troubles import KINDS, trouble_of


@pytest.fixture(scope="module")
def wide() -> Market:
    """A market of fourteen lines, as troubles are counted on."""
    return create_market(lines=14, days=150, seed=21, sells="leads")


def quo(market: Market) -> dict[str, float]:
    return {line: round(amount, 2) for line, amount in market.status_quo().items()}


def begun(market: Market, *troubles: Trouble, seed: int = 1) -> Live:
    return start_live(market, quo(market), seed=seed, troubles=troubles, shifts=False)


def lived(market: Market, *troubles: Trouble, seed: int = 1) -> Live:
    live = begun(market, *troubles, seed=seed)
    live.live_until(live.last_date)
    return live


def largest(market: Market) -> str:
    budgets = market.status_quo()
    return max(budgets, key=lambda line: budgets[line])


def trouble(market: Market, kind: str, size: float, *, first: int = 8, last: int = 17, ramp: int = 1) -> Trouble:
    """One on the market's largest line, from and to a day of the window, counted from 0."""
    start = market.last_date + timedelta(1)
    return Trouble("T1", kind, (largest(market),), start + timedelta(first), start + timedelta(last), (size,), ramp)


def flow_of(live: Live, name: str) -> np.ndarray:
    return np.stack([getattr(flow, name) for flow in live.flows], axis=-1)


def test_with_nothing_but_what_is_expected_a_window_earns_what_the_market_says(wide: Market) -> None:
    live = begun(wide)
    expected = replace(live.world, truth=wide.truth)
    flow = expected.run(np.where(live._paused, 0.0, live._budgets), ())  # pyright: ignore[reportPrivateUsage] - what is to be run
    told = wide.evaluate(quo(wide), live.first_date, live.last_date)
    assert flow.conversions.sum() == pytest.approx(told.total("conversions"), rel=1e-9)
    assert flow.spend.sum() == pytest.approx(told.total("cost"), rel=1e-9)


def test_chance_moves_windows_apart_but_not_on_average(wide: Market) -> None:
    expected = wide.evaluate(quo(wide), wide.last_date + timedelta(1), wide.last_date + timedelta(28)).total("leads")
    found = np.array([lived(wide, seed=seed).outcome().total("leads") for seed in range(30)]) / expected
    assert 0.01 < found.std() < 0.25
    assert abs(found.mean() - 1.0) < 4.0 * found.std() / np.sqrt(len(found))


def test_the_same_arguments_give_the_same_window(wide: Market) -> None:
    one, two = (start_live(wide, quo(wide), seed=4) for _ in range(2))
    for live in (one, two):
        live.live_until(live.last_date)
    assert one.troubles == two.troubles
    assert record(one) == record(two)
    assert record(one) != record(lived(wide, seed=5))


def test_what_is_changed_on_one_line_leaves_the_chance_of_the_others_alone(wide: Market) -> None:
    left, tuned = begun(wide), begun(wide)
    lonely = np.flatnonzero(wide.truth.overlap.sum(axis=1) == 0.0)
    changed = next(line for place, line in zip(wide.enabled, wide.line_ids, strict=True) if place in lonely)
    tuned.live_until(tuned.first_date + timedelta(6))
    tuned.apply([{"line_id": changed, "action": "set_daily_budget", "to": 3.0 * quo(wide)[changed]}])
    for live in (left, tuned):
        live.live_until(live.last_date)
    one, two = (live.books.as_of(27) for live in (left, tuned))
    place = left.world.line_ids.index(changed)
    for name in ("cost_cents", "impressions", "clicks", "reported_leads"):
        before, after = getattr(one, name), getattr(two, name)
        assert (np.delete(before, place, axis=0) == np.delete(after, place, axis=0)).all()
        assert (before[place, :8] == after[place, :8]).all()
    assert one.cost_cents[place, 8:].sum() * 1.5 < two.cost_cents[place, 8:].sum()


@pytest.mark.parametrize(
    ("kind", "size", "figure", "ratio"),
    [
        ("click_rate", 0.4, "clicks", 0.4),
        ("click_rate", 0.4, "conversions", 0.4),
        ("conversion_rate", 0.3, "conversions", 0.3),
        ("conversion_rate", 0.3, "clicks", 1.0),
        ("delivery", 0.0, "spend", 0.0),
        ("delivery", 0.0, "impressions", 0.0),
        ("pacing", 0.5, "spend", 0.5),
        ("price", 2.0, "spend", 1.0),
        ("tracking", 0.0, "conversions", 1.0),
    ],
)
def test_a_trouble_does_what_it_says_on_its_line_and_its_days(
    wide: Market, kind: str, size: float, figure: str, ratio: float
) -> None:
    hit, plain = lived(wide, trouble(wide, kind, size)), lived(wide)
    place, days = plain.world.line_ids.index(largest(wide)), slice(8, 18)
    was, now = flow_of(plain, figure), flow_of(hit, figure)
    assert now[place, days].sum() / was[place, days].sum() == pytest.approx(ratio, abs=0.03)
    assert (now[:, :8] == was[:, :8]).all()


def test_dearer_impressions_are_fewer_impressions_for_the_money(wide: Market) -> None:
    hit, plain = lived(wide, trouble(wide, "price", 2.0)), lived(wide)
    place, days = plain.world.line_ids.index(largest(wide)), slice(8, 18)
    price = [
        1000.0 * flow_of(live, "spend")[place, days].sum() / flow_of(live, "impressions")[place, days].sum()
        for live in (plain, hit)
    ]
    assert 1.7 < price[1] / price[0] <= 2.0
    assert cost_of(hit, hit.troubles[0])["lost"] > 0.0


def test_broken_tracking_loses_what_comes_in_while_it_is_broken_and_the_crm_knows_better(wide: Market) -> None:
    hit, plain = lived(wide, trouble(wide, "tracking", 0.0)), lived(wide)
    place, broken = plain.world.line_ids.index(largest(wide)), slice(9, 19)  # the eve comes first
    was, now = plain.books.as_of(27), hit.books.as_of(27)
    assert now.clicks[place, broken].sum() == was.clicks[place, broken].sum() > 0
    assert now.reported_leads[place, broken].sum() < 0.6 * was.reported_leads[place, broken].sum()
    known = hit.books.as_of(17)
    assert known.reported_leads[place, broken].sum() == 0
    assert hit.books.leads == plain.books.leads
    assert cost_of(hit, hit.troubles[0])["lost"] == 0.0
    assert cost_of(hit, hit.troubles[0])["uncounted"] > 1.0


def test_conversions_of_earlier_days_come_in_late_and_none_is_taken_back(wide: Market) -> None:
    live = lived(wide)
    seen = [live.books.as_of(day).reported_leads[:, 1:8] for day in range(6, 28)]
    assert all((later >= earlier).all() for earlier, later in pairwise(seen))
    assert seen[-1].sum() > seen[0].sum()
    first, last = (live.late.as_of(day, wide.truth.order_value, 1).reported_leads for day in (0, 27))
    assert (last >= first).all()
    assert wide.ledger.reported_leads.sum() < last.sum() <= wide.ledger.leads.sum()


def test_troubles_are_as_many_and_as_plain_as_stated(wide: Market) -> None:
    rng = np.random.default_rng(1)
    assert {usual_count(14, 28, rng) for _ in range(60)} == {3, 4, 5}
    kinds: set[str] = set()
    for seed in range(8):
        live = start_live(wide, quo(wide), seed=seed)
        kinds |= {one.kind for one in live.troubles}
        assert 2 <= len(live.troubles) <= 6
        for one in live.troubles:
            assert one.signal >= LEAST_SIGNAL
            assert live.first_date <= one.first <= one.last <= live.last_date
            assert (live.last_date - one.first).days >= 4
        hits = [(line, one) for one in live.troubles for line in one.lines]
        assert all(
            one.last < two.first or two.last < one.first
            for line, one in hits
            for other, two in hits
            if line == other and one is not two
        )
    assert len(kinds) >= len(KINDS) - 1  # not each market has lines on which each kind matters


def test_a_benign_window_has_no_trouble_but_what_happens_anyway(wide: Market) -> None:
    live = start_live(wide, quo(wide), seed=2, troubles=0)
    live.live_until(live.last_date)
    told = record(live)
    assert told["troubles"] == []
    kinds = {one["kind"] for one in told["benign"]}
    assert {"weekend", "season", "creative_refresh", "budget_change"} <= kinds
    assert told["outcome"] == told["outcome_without_troubles"]
    total = live.budgets.sum(axis=0)
    assert np.allclose(total, total[0])  # money is moved, not added


def test_a_shock_is_one_trouble_that_lasts_on_a_third_to_a_half_of_the_outcome(wide: Market) -> None:
    for seed in range(6):
        live = start_live(wide, quo(wide), seed=seed, shock=True)
        (one,) = live.troubles
        assert one.last == live.last_date
        assert one.first < live.first_date + timedelta(10)
        plain = lived(wide, seed=seed).outcome()
        share = sum(plain.line(line, "conversions") for line in one.lines) / plain.total("conversions")
        assert 0.2 < share < 0.65


def test_a_fresh_creative_ends_a_decay_of_the_click_rate(wide: Market) -> None:
    decay = trouble(wide, "click_rate", 0.4, first=2, last=27, ramp=5)
    left, cured = begun(wide, decay), begun(wide, decay)
    for live in (left, cured):
        live.live_until(live.first_date + timedelta(13))
    cured.apply([{"line_id": largest(wide), "action": "rotate_creative"}])
    for live in (left, cured):
        live.live_until(live.last_date)
    place = left.world.line_ids.index(largest(wide))
    before, after = (flow_of(live, "clicks")[place, 14:].sum() for live in (left, cured))
    assert after > 2.0 * before
    assert cured.troubles[0].last == cured.first_date + timedelta(13)
    newest = cured.settings.lines[place].ads[-1]
    assert newest.first == cured.world.at + 14


def test_a_fresh_creative_cures_its_own_line_alone(wide: Market) -> None:
    start, lines = wide.last_date + timedelta(1), tuple(wide.line_ids[:2])
    decay = Trouble("T1", "click_rate", lines, start, start + timedelta(27), (0.3, 0.3))
    live = begun(wide, decay)
    for place, line in ((3, lines[0]), (5, lines[1])):
        live.live_until(start + timedelta(place))
        live.apply([{"line_id": line, "action": "rotate_creative"}])
        (one,) = live.troubles
        assert one.factor(line, start + timedelta(place + 1)) == 1.0
        assert one.factor(lines[1], start + timedelta(place)) == pytest.approx(0.3)
    assert live.troubles[0].last == start + timedelta(5)
    assert trouble_of(live.troubles[0].to_json()) == live.troubles[0]


def test_changes_count_from_the_next_day_and_learning_phases_cost(wide: Market) -> None:
    live, plain = begun(wide), lived(wide)
    live.live_until(live.first_date + timedelta(4))
    line, places = largest(wide), live.world.line_ids
    young = {"age_min": 18, "age_max": 34}
    other = next(
        one.id for one in wide.lines
        if one.id in wide.line_ids and one.id != line and (one.age_min, one.age_max) != (18, 34)
    )  # fmt: skip
    live.apply([{"line_id": line, "action": "pause"}, {"line_id": other, "action": "set_audience", "to": young}])
    live.live_until(live.first_date + timedelta(9))
    live.apply([{"line_id": line, "action": "resume"}])
    live.live_until(live.last_date)
    spend = flow_of(live, "spend")[places.index(line)]
    assert (spend[5:10] == 0.0).all()
    assert (spend[:5] == flow_of(plain, "spend")[places.index(line), :5]).all()
    assert spend[10] > 0.0
    assert live.world.truth.retargeted[places.index(other), live.world.at + 5]
    assert live.state()["daily_budgets"][line] == quo(wide)[line]
    assert live.state()["paused"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"line_id": "google_ads:1:1", "action": "pause"},
        {"action": "explode"},
        {"action": "set_daily_budget", "to": -1.0},
        {"action": "set_daily_budget", "to": "plenty"},
        {"action": "set_bidding", "to": {"strategy": "HOPE"}},
        {"action": "set_audience", "to": "women"},
        {"action": "rotate_creative", "to": 3},
    ],
)
def test_where_one_change_is_wrong_none_is_made(wide: Market, wrong: dict[str, object]) -> None:
    live = begun(wide)
    live.live_until(live.first_date)
    before = live.state()
    fine = {"line_id": largest(wide), "action": "set_daily_budget", "to": 1.0}
    with pytest.raises(UsageError):
        live.apply([fine, {"line_id": largest(wide), **wrong}])
    assert live.state() == before


def test_a_plan_sets_budgets_audiences_and_new_lines(wide: Market) -> None:
    line = largest(wide)
    wanted = {"id": line, "audience": {"age_min": 25, "age_max": 44}}
    new = {"id": "meta_ads:new:1", "platform": "meta_ads", "is_new": True, "ad_type": "IMAGE"}
    plan = InForce({line: 100.0, "meta_ads:new:1": 50.0}, frozenset(), (wanted, new))
    live = start_live(wide, plan, days=10, troubles=0)
    live.live_until(live.last_date)
    outcome, place = live.outcome(), live.world.line_ids.index(line)
    fresh = next(one for one in live.line_ids if one not in wide.line_ids)
    assert live.planned == {line: line, "meta_ads:new:1": fresh}
    live = start_live(wide, plan, days=10, troubles=0)
    live.live_until(live.first_date)
    live.apply([{"line_id": "meta_ads:new:1", "action": "set_daily_budget", "to": 60.0}])
    assert live.state()["daily_budgets"] == {line: 100.0, "meta_ads:new:1": 60.0}
    assert "new" not in fresh
    assert outcome.line(fresh, "cost") > 0.0
    assert sum(outcome.line(one, "cost") > 0.0 for one in live.line_ids) == 2
    assert (live.settings.lines[place].runs[-1].age_min, live.settings.lines[place].runs[-1].age_max) == (25, 44)


def test_a_window_that_begins_later_is_reached_on_the_status_quo(wide: Market) -> None:
    start = wide.last_date + timedelta(15)
    live = start_live(wide, quo(wide), start, 7, troubles=0, shifts=False)
    live.live_until(live.last_date)
    assert live.outcome().total("cost") == pytest.approx(
        wide.evaluate(quo(wide), start, start + timedelta(6)).total("cost"), rel=1e-9
    )


@pytest.mark.parametrize(("start", "days"), [(date(1999, 1, 1), 28), (None, 0), (None, 300), (date(2030, 1, 1), 28)])
def test_windows_that_cannot_be_are_told(wide: Market, start: date | None, days: int) -> None:
    with pytest.raises(UsageError):
        start_live(wide, quo(wide), start, days or -1)


def test_budgets_that_cannot_be_are_told(wide: Market) -> None:
    for budgets in ({"google_ads:1:1": 5.0}, {largest(wide): -5.0}, {largest(wide): float("nan")}):
        with pytest.raises(UsageError):
            start_live(wide, budgets)
