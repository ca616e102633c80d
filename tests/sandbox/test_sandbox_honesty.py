"""What keeps the sandbox an honest judge: the product is never told the truth itself, and quality is not price."""

import numpy as np
import pytest

from marketmover.sandbox import Market, create_market
from marketmover.sandbox.exports.curves import LEVELS, predicted
from marketmover.sandbox.market import averaged
from marketmover.sandbox.models.market_day import live_day, settled
from marketmover.sandbox.models.quality import qualification_rate


@pytest.fixture(scope="module")
def many() -> Market:
    return create_market(lines=24, days=60, seed=6, sells="leads", manager="good")


def true_conversions(market: Market, place: int, budgets: np.ndarray) -> np.ndarray:
    """Conversions a day of one line at `budgets`, settled, in the last week's conditions."""
    days = market.setting.days
    truth = averaged(market.truth, slice(days - 7, days))
    plans = np.repeat(market.spendable[:, -7:].mean(axis=1)[None, :], len(budgets), axis=0)
    plans[:, place] = budgets
    _, flow = live_day(truth, truth.curves, settled(truth, plans), plans, 0)
    return flow.conversions[:, place]


def test_what_platforms_predict_is_wrong_in_level_and_in_slope(many: Market) -> None:
    level, slope = [], []
    for place in many.enabled:
        seen = predicted(many, int(place))
        wrong = np.log(seen.conversions / true_conversions(many, int(place), seen.budget))
        level.append(wrong[list(LEVELS).index(1.0)])
        slope.append((wrong[-1] - wrong[0]) / np.log(LEVELS[-1] / LEVELS[0]))
    assert 0.03 < np.std(level) < 0.2
    assert 0.04 < np.std(slope) < 0.15
    assert np.abs(slope).max() < 0.4


def test_lines_differ_in_quality_which_falls_where_they_are_pushed_and_does_not_follow_price(many: Market) -> None:
    truth = many.truth
    assert truth.qualification.max() / truth.qualification.min() > 1.5
    usual, pushed = (qualification_rate(truth.qualification, truth.quality_drop, np.full(24, e)) for e in (1.0, 6.0))
    assert (pushed < usual).all()
    price = truth.scale / truth.yields
    assert abs(np.corrcoef(np.log(price), np.log(truth.qualification))[0, 1]) < 0.5


def test_the_smallest_market_can_be_made() -> None:
    for seed in range(1, 5):
        market = create_market(lines=1, days=1, seed=seed)
        assert 1.0 <= sum(market.status_quo().values()) < 1e9
