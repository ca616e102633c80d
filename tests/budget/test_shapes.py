from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.budget.models.carry import Carry, CarryOver, adstock, carries, week_mean
from marketmover.budget.models.mixed import MixedShapes
from marketmover.budget.models.shapes import FAMILIES, SLOPE, best_log_return, log_response

SIGMOIDAL = FAMILIES.index("sigmoidal")
families = st.integers(0, len(FAMILIES) - 1)
concave = st.integers(0, SIGMOIDAL - 1)
elasticities = st.floats(0.03, 0.98)


@given(families, elasticities)
def test_every_family_is_one_at_the_reference_and_has_its_elasticity_there(family: int, elasticity: float) -> None:
    step = 1e-4
    low, here, high = log_response(family, np.array(elasticity), np.array([-step, 0.0, step]))

    assert here == pytest.approx(0.0, abs=1e-9)
    due = SLOPE * elasticity**1.5 if family == SIGMOIDAL else elasticity
    assert (high - low) / (2 * step) == pytest.approx(due, abs=2e-3)


@given(elasticities)
def test_the_sigmoidal_family_has_a_threshold_and_a_ceiling(elasticity: float) -> None:
    spend = np.geomspace(1e-4, 1e4, 400)
    response = log_response(SIGMOIDAL, np.array(elasticity), np.log(spend))

    slopes = np.diff(response) / np.diff(np.log(spend))
    assert slopes[0] == pytest.approx(SLOPE, abs=0.05)
    assert (np.diff(slopes) <= 1e-9).all()
    assert slopes[-1] < 0.2


@given(families, elasticities)
def test_nowhere_does_a_line_earn_more_for_its_money_than_where_it_is_said_to(family: int, elasticity: float) -> None:
    spend = np.linspace(-4.0, 4.0, 300)
    returns = log_response(family, np.array(elasticity), spend) - spend

    best = best_log_return(family, np.array(elasticity), np.array(-4.0))
    assert best >= returns.max() - 1e-9
    assert best == pytest.approx(returns.max(), abs=1e-3) or best > returns[-1]


@given(concave, elasticities)
def test_more_spend_brings_more_but_ever_less_for_the_next_unit(family: int, elasticity: float) -> None:
    spend = np.linspace(0.01, 20.0, 300)
    response = np.exp(log_response(family, np.array(elasticity), np.log(spend)))

    slopes = np.diff(response)
    assert (slopes >= -1e-9).all()
    assert (np.diff(slopes) <= 1e-9).all()


def test_families_of_one_elasticity_part_beyond_the_reference_from_power_to_a_hard_ceiling() -> None:
    at_ten = [float(log_response(family, np.array(0.6), np.array(np.log(10.0)))) for family in range(SIGMOIDAL)]

    assert at_ten == sorted(at_ten, reverse=True)


def test_a_mix_of_families_is_each_family_at_its_place() -> None:
    which = np.array([[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
    elasticity = np.array([[0.1, 0.3, 0.5, 0.7, 0.9], [0.9, 0.01, 0.5, 0.999, 0.2]])
    spend = np.array([-90.0, -3.0, 0.0, 1.0, 6.0])

    alone = [
        [float(log_response(int(one), odds, at)) for one, odds, at in zip(row, own, spend, strict=True)]
        for row, own in zip(which, elasticity, strict=True)
    ]
    np.testing.assert_allclose(MixedShapes.of(which, elasticity).log_response(spend), alone, rtol=1e-9, atol=1e-9)


def test_shapes_of_one_line_are_read_at_many_points() -> None:
    which, elasticity, spend = (
        np.array([[1], [3], [3]]),
        np.array([[0.2], [0.5], [0.8]]),
        np.array([-2.0, 0.0, 0.5, 3.0]),
    )

    shapes = MixedShapes.of(which, elasticity)
    wide = MixedShapes.of(np.tile(which, 4), np.tile(elasticity, 4))
    assert shapes.log_response(spend) == pytest.approx(wide.log_response(spend))


@given(st.floats(0.0, 0.95))
def test_constant_spend_is_its_own_stock(decay: float) -> None:
    spend = np.full((2, 40), 7.0)

    assert adstock(spend, decay) == pytest.approx(spend)


def test_a_burst_is_carried_over_and_fades_by_its_decay() -> None:
    spend = np.zeros((1, 20))
    spend[0, 15] = 10.0
    stock = cast("list[float]", adstock(spend, 0.5)[0].tolist())

    assert stock[15:18] == pytest.approx([5.0, 2.5, 1.25])


@pytest.mark.parametrize("carry", carries("leads"))
def test_however_the_past_shows_a_constant_stays_itself(carry: Carry) -> None:
    spend = np.full((2, 60), 7.0)

    assert carry.drive(spend) == pytest.approx(spend)
    assert carry.exposure(spend) == pytest.approx(spend)
    mixed = CarryOver((*carries("clicks"), carry), np.array([[0.2, 0.3, 0.5], [0.0, 0.0, 1.0]]))
    assert mixed.drive(spend) == pytest.approx(spend)
    assert mixed.ahead(mixed.stocks(spend), spend[:, -1], 3.0) == pytest.approx(spend[:, -1])
    assert mixed.paid_ahead(mixed.stocks(spend), spend[:, -1], 3.0) == pytest.approx(spend[:, -1])


def test_a_week_mean_passes_over_days_without_spend() -> None:
    spend = np.array([[0.0, 0.0, 6.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0]])

    assert week_mean(spend)[0].tolist() == [0.0, 0.0, 4.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0]
