import numpy as np
from scipy.stats import nbinom, poisson

from marketmover.learning import Forecast
from marketmover.learning.forecast import deviance, fitted_spread


def test_the_log_score_is_the_negative_binomials() -> None:
    forecast = Forecast.of(np.array([4.0, 30.0]), np.array([0.5, 0.2]))
    shape = forecast.spread**-2.0
    expected = nbinom.logpmf([3, 41], shape, shape / (shape + forecast.mean))
    assert np.allclose(forecast.log_score(np.array([3.0, 41.0])), expected)


def test_without_spread_a_forecast_is_of_poisson_counts() -> None:
    forecast = Forecast.of(np.array([9.0]), 0.0)
    assert np.allclose(forecast.log_score(np.array([7.0])), poisson.logpmf(7, 9.0), atol=1e-3)
    assert forecast.quantile(0.9)[0] == poisson.ppf(0.9, 9.0)


def test_a_forecast_from_draws_has_their_mean_and_a_range_as_wide_as_theirs() -> None:
    generator = np.random.default_rng(3)
    draws = generator.poisson(60.0 * generator.gamma(16.0, 1.0 / 16.0, (4000, 1))).astype(np.float64)
    forecast = Forecast.of_draws(draws)
    assert abs(forecast.mean[0] - 60.0) < 1.5
    assert abs(forecast.spread[0] - 0.25) < 0.02


def test_ranges_hold_four_times_in_five_when_the_spread_is_right_and_less_when_it_is_too_small() -> None:
    generator = np.random.default_rng(4)
    mean = np.full(4000, 80.0)
    target = generator.poisson(mean * generator.gamma(11.1, 1.0 / 11.1, 4000)).astype(np.float64)
    assert 0.78 < Forecast.of(mean, 0.3).covers(target).mean() < 0.83
    assert Forecast.of(mean, 0.1).covers(target).mean() < 0.6
    assert abs(fitted_spread(mean, target) - 0.3) < 0.02


def test_deviance_is_nought_where_the_mean_is_what_was_counted() -> None:
    found = deviance(np.array([5.0, 5.0, 1e-9]), np.array([5.0, 8.0, 0.0]))
    assert np.allclose(found[[0, 2]], 0.0, atol=1e-5)
    assert found[1] > 0
