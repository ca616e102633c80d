"""Judging a split that was not made: against known truth, and where it must not claim to know."""

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from pasts import LAST, Past, past

from marketmover.campaigns.backtest.counted import Tally
from marketmover.campaigns.backtest.models.curves import ELASTICITIES, log_response
from marketmover.campaigns.backtest.models.evidence import evidence
from marketmover.campaigns.backtest.models.off_policy import OffPolicy
from marketmover.campaigns.backtest.models.pooled import draw_curves
from marketmover.campaigns.backtest.models.weeks import Weeks, in_weeks
from marketmover.campaigns.backtest.replaying import judge
from marketmover.campaigns.backtest.windows import Span

Floats = NDArray[np.float64]
SPAN = Span(LAST - timedelta(days=111), LAST - timedelta(days=84))


def weeks_of(made: Past, origin: int = 210) -> Weeks:
    platform = np.array([line.platform == "meta_ads" for line in made.panel.lines]).astype(np.int64)
    return in_weeks(made.panel.cost, made.panel.leads, platform, origin)


def drawn(made: Past, origin: int = 210) -> Floats:
    weeks = weeks_of(made, origin)
    mean_spend = np.exp(np.log(weeks.cost).mean(axis=1))
    rows = np.arange(len(mean_spend))
    return draw_curves(evidence(weeks, mean_spend), weeks.own_blocks, np.zeros(len(rows)), rows, 1).elasticity


def judged(made: Past, factors: Floats, seed: int = 1, span: Span = SPAN) -> tuple[OffPolicy, float]:
    """The estimate for spends multiplied by factors, at the same total, and the true gain.

    In truth a line whose budget jumps loses up to 15% in its first week: nothing up to a fifth, all from twice as much.
    """
    days = span.columns(made.panel)
    spent = made.panel.cost[:, days].sum(axis=1)
    split = spent * factors
    split *= spent.sum() / split.sum()
    rows = np.arange(len(spent))
    jump = np.clip((np.abs(np.log(np.maximum(split / spent, 1e-9))) - np.log(1.2)) / np.log(2.0 / 1.2), 0.0, 1.0)
    learned = 1.0 - 0.15 * 7 / span.days * jump
    advised = (made.mean_leads(split / span.days, days) * learned).sum()
    truth = advised / made.mean_leads(spent / span.days, days).sum() - 1.0
    return judge(made.panel, Tally("leads", made.panel.leads, 1.0, 0), rows, span, split, seed), float(truth)


def gain(estimate: OffPolicy) -> Floats:
    return estimate.advised.sum(axis=1) / estimate.made.sum(axis=1) - 1.0


def test_every_family_has_the_elasticity_asked_for_at_1_rises_and_bends() -> None:
    step = 1e-4
    slope = (log_response(ELASTICITIES, np.asarray(step)) - log_response(ELASTICITIES, np.asarray(-step))) / (2 * step)
    assert slope == pytest.approx(np.broadcast_to(ELASTICITIES, slope.shape), abs=5e-3)
    spends = np.linspace(0.05, 8.0, 200)
    for elasticity in (0.2, 0.6, 0.95):
        response = np.exp(log_response(np.asarray(elasticity), np.log(spends)))
        assert (np.diff(response, axis=1) > 0).all()
        assert (np.diff(response, 2, axis=1) < 1e-12).all()


def test_weeks_keep_every_count_and_no_block_holds_both_sides_of_the_origin() -> None:
    made = past(days=400)
    weeks = weeks_of(made, 203)
    assert weeks.counted.sum() == made.panel.leads[:, 0 : 203 + 28 * 7].sum()
    assert weeks.after.sum() == 28
    for block in range(weeks.blocks):
        assert len(set(weeks.after[weeks.block == block])) == 1


@pytest.mark.parametrize("true", [0.4, 0.85])
def test_elasticities_are_learned_from_steps_of_budgets(true: float) -> None:
    found = drawn(past(3, elasticities=(true,) * 6, scale=8.0, days=560), origin=280).mean()
    assert found == pytest.approx(true, abs=0.08)


def test_demand_that_all_budgets_follow_is_not_credited_to_spend() -> None:
    calm, chasing = (drawn(past(4, chased=chased, scale=8.0, days=560), 280).mean() for chased in (0.0, 1.5))
    assert chasing == pytest.approx(calm, abs=0.08)


def test_a_season_of_one_line_alone_that_its_budget_follows_is_not_credited_to_spend() -> None:
    """Each line has a season of its own, no other shows it, and its manager spends along with it."""
    made = past(4, scale=8.0, days=560, elasticities=(0.5,) * 6)
    days = np.arange(made.panel.cost.shape[1])
    own = np.exp(0.35 * np.sin(2 * np.pi * (days / 182.0 + np.arange(6)[:, None] / 6)))
    made.panel.cost[:] *= own
    made.panel.leads[:] = np.random.default_rng(4).poisson(
        made.level[:, None] * made.panel.cost**0.5 * made.demand * own
    )
    assert drawn(made, 280).mean() == pytest.approx(0.5, abs=0.1)


def test_lines_that_spend_more_than_their_like_are_found_more_saturated() -> None:
    """Six lines on one curve: those far up on it answer less, though few steps say so of each line alone."""
    made = past(8, days=560, steps=0.15, spends=(30.0, 300.0, 60.0, 600.0, 40.0, 500.0))
    half = 150.0
    brought = made.panel.cost / (half + made.panel.cost)
    made.panel.leads[:] = np.random.default_rng(8).poisson(60.0 * brought * made.demand)
    weeks = weeks_of(made, 280)
    spend = np.exp(np.log(weeks.cost).mean(axis=1))
    size = np.log(spend) - np.log(spend).mean()
    found = draw_curves(evidence(weeks, spend), weeks.own_blocks, size, np.arange(6), 1).elasticity.mean(axis=0)
    truth = half / (half + spend / 7.0)
    assert found == pytest.approx(truth, abs=0.2)
    assert np.corrcoef(found, truth)[0, 1] > 0.9


def test_budgets_that_only_ever_follow_demand_teach_nothing() -> None:
    """Without steps of their own lines cannot be told from demand: what is assumed beforehand stands, and widely."""
    spread = drawn(past(5, steps=0.0, chased=1.0, scale=8.0)).std(axis=0)
    assert (spread > 0.12).all()


def test_what_a_line_did_before_the_origin_does_not_judge_it_after() -> None:
    """A line whose leads answered spend far more before than after is judged by what came after."""
    made = past(6, scale=8.0, days=560, elasticities=(0.5,) * 6)
    weeks = weeks_of(made, 280)
    cheated = weeks.counted.copy()
    early = ~weeks.after
    cheated[0, early] = np.round(weeks.cost[0, early] ** 1.0)
    mean_spend, rows = np.exp(np.log(weeks.cost).mean(axis=1)), np.arange(6)
    first, second = (
        draw_curves(
            evidence(Weeks(weeks.cost, counted, weeks.valid, weeks.block, weeks.after, weeks.group), mean_spend),
            weeks.own_blocks, np.zeros(6), rows, 1,
        ).elasticity[:, 0].mean()
        for counted in (weeks.counted, cheated)
    )  # fmt: skip
    assert second == pytest.approx(first, abs=0.1)


def test_the_estimate_agrees_with_the_truth_within_its_range() -> None:
    """Of 10 pasts, 80% ranges hold at least 7, and the middle is off by less than 4 points on average."""
    factors = np.array([2.5, 0.6, 2.0, 0.5, 1.8, 0.7])
    held, errors = 0, []
    for seed in range(10):
        estimate, truth = judged(past(seed, days=500), factors, seed)
        low, mid, high = np.percentile(gain(estimate), [10, 50, 90])
        held += low <= truth <= high
        errors.append(mid - truth)
    assert held >= 7
    assert abs(np.mean(errors)) < 0.04


def test_a_split_that_is_worse_is_found_worse() -> None:
    made = past(2, spends=(200.0,) * 6)
    estimate, truth = judged(made, np.array([4.0, 0.25, 4.0, 0.25, 4.0, 0.25]))
    assert truth < -0.05
    assert np.percentile(gain(estimate), 90) < 0


def test_the_split_that_was_made_gains_nothing() -> None:
    estimate, _ = judged(past(), np.ones(6))
    assert gain(estimate) == pytest.approx(np.zeros(512), abs=1e-9)
    assert estimate.overlap == 1.0


def test_a_line_that_is_stopped_counts_nothing() -> None:
    made = past()
    estimate, _ = judged(made, np.array([0.0, 1.0, 1.0, 1.0, 1.0, 1.0]))
    assert (estimate.advised[:, 0] == 0).all()


def test_spend_that_was_never_made_is_no_overlap_and_widens_the_range() -> None:
    made = past(steps=0.1)
    near, _ = judged(made, np.array([1.1, 1.0, 1.1, 1.0, 1.1, 1.0]))
    far, _ = judged(made, np.array([8.0, 0.3, 8.0, 0.3, 8.0, 0.3]))
    assert near.overlap == 1.0
    assert far.overlap < 0.2
    assert (far.effective_weeks == 0).all()
    assert gain(far).std() > 5 * gain(near).std()


def test_weeks_near_the_advised_spend_correct_a_curve_that_has_the_wrong_form() -> None:
    """A line that counts nothing more above a ceiling which it has often crossed: no family knows that."""
    made = past(7, days=560, steps=0.5, scale=10.0)
    panel = made.panel
    ceiling = float(np.median(panel.cost[0]))
    capped = np.minimum(panel.cost[0], ceiling) ** 0.95 * made.level[0] * made.demand
    panel.leads[0] = np.random.default_rng(1).poisson(capped * 4.0)
    factors = np.array([1.6, 1.0, 1.0, 1.0, 1.0, 1.0])
    estimate, _ = judged(made, factors)
    assert estimate.effective_weeks[0] > 2
    ratio = estimate.advised[:, 0].mean() / estimate.made[:, 0].mean()
    assert ratio < 1.6**0.7


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    made, factors = past(), np.array([2.0, 0.5, 2.0, 0.5, 2.0, 0.5])
    first, again, other = (gain(judged(made, factors, seed)[0]) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_a_window_at_the_very_end_is_judged_by_its_own_weeks_and_the_pool() -> None:
    made = past(days=500)
    end: date = made.panel.dates[-1].astype(object)
    estimate, truth = judged(made, np.array([2.0, 0.7, 2.0, 0.6, 2.0, 0.7]), span=Span(end - timedelta(days=27), end))
    low, high = np.percentile(gain(estimate), [5, 95])
    assert low <= truth <= high


def test_money_is_judged_as_the_counts_that_earn_it() -> None:
    """Revenue of 50 a lead has the same gain as the leads, whatever a unit of money is."""
    made, factors = past(), np.array([2.0, 0.5, 2.0, 0.5, 2.0, 0.5])
    leads, _ = judged(made, factors)
    days = SPAN.columns(made.panel)
    spent = made.panel.cost[:, days].sum(axis=1)
    split = spent * factors * spent.sum() / (spent * factors).sum()
    revenue = judge(made.panel, Tally("revenue", made.panel.leads * 50, 50.0, 0), np.arange(6), SPAN, split, 1)
    assert gain(revenue) == pytest.approx(gain(leads))
    assert revenue.made == pytest.approx(leads.made * 50)
