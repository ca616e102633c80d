"""Counts drawn by inverse distribution are those of scipy's quantiles, wherever they are few."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom, poisson

from marketmover.budget.models.chance import count_quantile, share_quantile

_MANY = 4_000


@pytest.mark.parametrize("most", [0.01, 1.0, 8.0, 39.9])
def test_few_counts_are_poisson_quantiles(most: float) -> None:
    generator = np.random.default_rng(3)
    mean, normal = generator.uniform(1e-9, most, _MANY), generator.standard_normal(_MANY)
    assert np.array_equal(count_quantile(mean, 1.0, normal), poisson.ppf(ndtr(normal), mean))


@pytest.mark.parametrize(("trials", "low", "high"), [(1, 0, 1), (30, 0, 1), (900, 0, 0.01), (900, 0.99, 1)])
def test_few_shares_are_binomial_quantiles(trials: int, low: float, high: float) -> None:
    generator = np.random.default_rng(4)
    many = generator.integers(1, trials, _MANY, endpoint=True).astype(float)
    share, normal = generator.uniform(low, high, _MANY), generator.standard_normal(_MANY)
    few = many * share * (1 - share) < 10
    drawn = share_quantile(many, share, normal)
    assert np.array_equal(drawn[few], binom.ppf(ndtr(normal), many, share)[few])


def test_certainty_leaves_nothing_to_chance() -> None:
    luck = np.array([-9.0, 0.0, 9.0])
    assert np.array_equal(share_quantile(np.full(3, 7.0), np.ones(3), luck), np.full(3, 7.0))
    assert np.array_equal(share_quantile(np.full(3, 7.0), np.zeros(3), luck), np.zeros(3))
    assert np.array_equal(share_quantile(np.zeros(3), np.full(3, 0.5), luck), np.zeros(3))
    assert np.array_equal(count_quantile(np.zeros(3), 1.0, luck), np.zeros(3))
