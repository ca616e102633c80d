"""A media mix learned from totals by period: truth recovered, ranges, seeds, units, errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from marketmover.budget import MixResponse, fit_mix
from marketmover.budget.mix.features import channel_shapes, shape_grid
from marketmover.budget.mix.products import inverse, product
from marketmover.errors import InputError, UsageError

Floats = NDArray[np.float64]
WEEKS = 120


def market(seed: int, noise: float = 300.0) -> tuple[Floats, dict[str, Floats], Floats]:
    """Two channels in bursts and one that is always on, with a season; outcome, spend, true contributions."""
    rng = np.random.default_rng(seed)
    on = np.convolve(rng.uniform(size=(2, WEEKS)).ravel() < 0.15, np.ones(3))[: 2 * WEEKS].reshape(2, WEEKS) > 0
    bursts = np.where(on, rng.uniform(400, 1600, (2, WEEKS)), 0.0)
    spend = np.vstack([bursts, 300 * np.exp(0.5 * rng.normal(size=WEEKS))])
    kept = np.array([0.5, 0.2, 0.0])[:, None] ** np.arange(12)
    carried = np.array([np.convolve(row, lags / lags.sum())[:WEEKS] for row, lags in zip(spend, kept, strict=True)])
    truth = np.array([4000.0, 3000.0, 2500.0])[:, None] * carried / (carried + np.array([[900.0], [700.0], [300.0]]))
    season = 600 * np.cos(2 * np.pi * np.arange(WEEKS) / 52.18)
    outcome = 6000 + season + truth.sum(axis=0) + noise * rng.normal(size=WEEKS)
    return outcome, dict(zip(("tv", "radio", "search"), spend, strict=True)), truth


@pytest.fixture(scope="module")
def fitted() -> tuple[MixResponse, Floats]:
    outcome, spend, truth = market(1)
    return fit_mix(outcome, spend, seed=3), truth


def test_each_channel_is_credited_with_about_what_it_brought(fitted: tuple[MixResponse, Floats]) -> None:
    found, truth = fitted
    missed = np.abs(found.expected().sum(axis=1) - truth.sum(axis=1)).sum() / truth.sum()
    assert missed < 0.15
    assert np.abs(found.expected() - truth).sum() / truth.sum() < 0.2


def test_ranges_hold_the_truth_about_as_often_as_they_claim() -> None:
    held: list[bool] = []
    for seed in range(10, 20):
        outcome, spend, truth = market(seed)
        low, mid, high = fit_mix(outcome, spend, draws=256).totals()
        assert (low < mid).all()
        assert (mid < high).all()
        held += list((low <= truth.sum(axis=1)) & (truth.sum(axis=1) <= high))
    assert 0.62 <= np.mean(held) <= 0.95  # 30 ranges of 80%


def test_more_noise_widens_the_ranges() -> None:
    calm, rough = (fit_mix(*market(5, noise)[:2]).totals() for noise in (100.0, 1500.0))
    assert (rough[2] - rough[0]).sum() > 1.5 * (calm[2] - calm[0]).sum()


def test_a_channel_that_does_nothing_is_credited_with_little() -> None:
    outcome, spend, truth = market(4)
    idle = {**spend, "posters": np.random.default_rng(9).uniform(0, 1000, WEEKS)}
    brought = fit_mix(outcome, idle).expected().sum(axis=1)
    assert brought[3] < 0.05 * outcome.sum()
    assert brought[:3].sum() == pytest.approx(truth.sum(), rel=0.25)


def test_spend_that_follows_the_season_is_not_credited_with_it() -> None:
    rng = np.random.default_rng(2)
    season = 1 + 0.5 * np.cos(2 * np.pi * np.arange(156) / 52.18)
    spend = 1000 * season * np.exp(0.3 * rng.normal(size=156))
    truth = 800 * spend / (spend + 1000)
    outcome = 5000 * season + truth + 150 * rng.normal(size=156)
    low, _, high = fit_mix(outcome, {"video": spend}).totals()[:, 0]
    assert low <= truth.sum() <= high
    assert high < 0.5 * np.cov(spend, outcome)[0, 1] / spend.var() * spend.sum()  # what a bare regression credits


def test_a_control_takes_what_is_its_own() -> None:
    outcome, spend, truth = market(6)
    promotion = (spend["tv"] > 0).astype(float) * (np.arange(WEEKS) % 2)
    found = fit_mix(outcome + 2000 * promotion, spend, controls={"promotion": promotion, "constant": np.ones(WEEKS)})
    assert found.expected().sum(axis=1) == pytest.approx(truth.sum(axis=1), rel=0.3)


def test_the_same_seed_gives_the_same_bytes_and_another_nearly_the_same_figures() -> None:
    outcome, spend, _ = market(1)
    first, again, other = (fit_mix(outcome, spend, seed=seed) for seed in (3, 3, 4))
    assert first.draws.tobytes() == again.draws.tobytes()
    assert first.draws.tobytes() != other.draws.tobytes()
    assert other.expected().sum(axis=1) == pytest.approx(first.expected().sum(axis=1), rel=0.06)


@pytest.mark.parametrize(("money", "unit"), [(1e-4, 1.0), (1e5, 1.0), (1.0, 1e-5), (1.0, 1e6)])
def test_neither_currency_nor_unit_of_the_outcome_matters(money: float, unit: float) -> None:
    outcome, spend, _ = market(1)
    plain = fit_mix(outcome, spend, draws=64)
    other = fit_mix(unit * outcome, {name: money * row for name, row in spend.items()}, draws=64)
    assert other.totals() / unit == pytest.approx(plain.totals(), rel=1e-3)


def test_a_curve_starts_at_nothing_rises_and_agrees_with_what_was_brought(fitted: tuple[MixResponse, Floats]) -> None:
    found, truth = fitted
    assert truth.shape == found.spend.shape
    low, mid, high = found.curve("search", np.linspace(0, 1000, 30))
    assert mid[0] == 0
    assert (np.diff(mid) > 0).all()
    assert (low <= mid).all()
    assert (mid <= high).all()
    typical = np.median(found.spend[2])
    assert found.curve("search", typical)[1, 0] == pytest.approx(np.median(found.expected()[2]), rel=0.15)


def test_shares_returns_and_base_add_up(fitted: tuple[MixResponse, Floats]) -> None:
    found, _ = fitted
    assert found.roas() * found.spend.sum(axis=1) == pytest.approx(found.totals())
    assert found.draws.sum(axis=(1, 2)).mean() == pytest.approx(found.expected().sum())
    low, mid, high = found.base()
    assert low < mid < high
    assert mid + found.expected().sum() == pytest.approx(found.outcome.sum(), rel=0.02)
    assert (found.marginal_roas()[1] < found.roas()[1] * 1.2).all()


def test_the_fit_says_how_good_it_is(fitted: tuple[MixResponse, Floats]) -> None:
    found, _ = fitted
    assert 0.9 < found.fit.r_squared < 1
    assert abs(found.fit.residual_autocorrelation) < 0.3
    assert found.fit.noise == pytest.approx(300, rel=0.35)
    assert found.fit.convergence < 1.1


def test_months_and_days_are_learned_from_as_well() -> None:
    outcome, spend, truth = market(7)
    found = fit_mix(outcome, spend, periods_per_year=365.25)
    assert found.expected().sum() == pytest.approx(truth.sum(), rel=0.3)
    assert fit_mix(outcome[:40], {name: row[:40] for name, row in spend.items()}, periods_per_year=12).fit.noise > 0


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 1e9), min_size=30, max_size=60).filter(lambda found: sum(found) > 0),
    st.sampled_from([12.0, 52.18, 365.25]),
)
def test_every_shape_of_any_spend_has_mean_1_and_no_negative(spend: list[float], periods_per_year: float) -> None:
    found = channel_shapes(np.array(spend), shape_grid(periods_per_year))
    assert found.features.mean(axis=1) == pytest.approx(np.ones(len(found.features)))
    assert (found.features >= 0).all()


GOOD = np.random.default_rng(0).uniform(1, 2, 60)


@pytest.mark.parametrize(
    ("outcome", "spend", "words"),
    [
        (GOOD[:20], {"tv": GOOD[:20]}, "20 periods.*at least 26"),
        (np.ones(5000), {"tv": np.ones(5000)}, "5000 periods.*at most"),
        (np.ones(60), {"tv": GOOD}, "outcome never changes"),
        (-GOOD, {"tv": GOOD}, "not above 0 on average"),
        (GOOD, {}, "No channel"),
        (GOOD, {"tv": GOOD[:50]}, "Spend on tv has 50 periods and the outcome 60"),
        (GOOD, {"tv": np.full(60, 7.0)}, "Spend on tv hardly changes"),
        (GOOD, {"tv": np.where(np.arange(60) == 4, np.nan, GOOD)}, "Spend on tv is missing.*first in period 5"),
        (GOOD, {"tv": np.where(np.arange(60) == 4, -3.0, GOOD)}, r"negative in period 5 \(-3\)"),
        (GOOD, {"tv": np.where(np.arange(60) < 2, GOOD, 0.0)}, "above 0 in 2 periods only"),
        (GOOD, {"tv": ["a"] * 60}, "not a number"),
        (GOOD, {"tv": GOOD.reshape(2, 30)}, "one value for each period"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_with_a_remedy(
    outcome: Floats, spend: dict[str, Floats], words: str
) -> None:
    with pytest.raises(InputError, match=words) as refused:
        fit_mix(outcome, spend)
    assert refused.value.remedy


@pytest.mark.parametrize("size", [3, 64, 131, 300])
def test_products_and_inverses_in_blocks_are_those_of_the_whole(size: int) -> None:
    rng = np.random.default_rng(size)
    left, right = rng.normal(size=(500, size)), rng.normal(size=(size, 70))
    assert product(left, right) == pytest.approx(left @ right)
    matrix = np.eye(size) + left.T @ left / 500
    inverted, log_determinant = inverse(matrix)
    assert inverted @ matrix == pytest.approx(np.eye(size), abs=1e-9)
    assert log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1])


def test_a_year_and_a_half_of_days_and_channels_that_move_together_are_sampled_soundly() -> None:
    rng = np.random.default_rng(0)
    shared = rng.lognormal(0, 0.6, 520)
    spend = np.stack([shared * rng.lognormal(0, 0.3, 520) for _ in range(2)])
    weekend = 0.3 * (np.arange(520) % 7 >= 5)
    outcome = 5 + weekend + 0.5 * spend.sum(axis=0) + 0.3 * rng.normal(size=520)
    found = fit_mix(outcome, {"a": spend[0], "b": spend[1]}, periods_per_year=365.25, draws=64)
    assert np.isfinite(found.draws).all()
    assert found.fit.r_squared > 0.6
    assert found.expected().sum() == pytest.approx(0.5 * spend.sum(), rel=0.35)


def test_an_unknown_channel_or_a_negative_spend_has_no_curve(fitted: tuple[MixResponse, Floats]) -> None:
    found, _ = fitted
    with pytest.raises(UsageError, match="Did you mean 'radio'"):
        found.curve("raido", 1.0)
    with pytest.raises(UsageError, match="negative"):
        found.curve("radio", -1.0)
    with pytest.raises(UsageError, match="Periods per year"):
        fit_mix(GOOD, {"tv": GOOD}, periods_per_year=0)
