import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.kit import apportion, coin_of, from_cents, round_to_cent, to_cents, to_micros

cents = st.integers(min_value=0, max_value=10**13)


@given(cents)
def test_cents_survive_the_way_to_major_units_and_back(amount: int) -> None:
    assert to_cents(from_cents(amount)) == amount


@given(cents)
def test_micros_hold_exactly_ten_thousand_a_cent(amount: int) -> None:
    assert to_micros(from_cents(amount)) == amount * 10_000


@given(cents, st.lists(st.floats(min_value=0, max_value=1e12), min_size=1, max_size=300))
def test_a_split_loses_no_cent_and_no_part_is_negative(total: int, shares: list[float]) -> None:
    parts = apportion(total, shares)
    assert sum(parts) == total
    assert min(parts) >= 0
    assert len(parts) == len(shares)


@given(cents, st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=50))
def test_a_part_is_within_a_cent_of_its_exact_share(total: int, shares: list[int]) -> None:
    for part, share in zip(apportion(total, [float(s) for s in shares]), shares, strict=True):
        assert abs(part - total * share / sum(shares)) < 1 + total * 1e-12


def test_shares_of_nothing_are_split_evenly() -> None:
    assert apportion(10, [0, 0, 0, 0]) == [3, 3, 2, 2]


@pytest.mark.parametrize(("total", "shares"), [(1, []), (1, [-1.0]), (-1, [1.0])])
def test_a_split_that_makes_no_sense_is_refused(total: int, shares: list[float]) -> None:
    with pytest.raises(ValueError, match="not negative"):
        apportion(total, shares)


def test_half_a_cent_is_rounded_as_people_write_it_not_as_binary_holds_it() -> None:
    assert round_to_cent(2.675) == 2.68
    assert round_to_cent(0.125) == 0.12


@given(st.floats(min_value=0, max_value=1e9), st.sampled_from(["JPY", "KRW", "HUF", "KWD", "USD"]))
def test_a_sum_is_rounded_to_the_smallest_coin_of_its_currency(amount: float, currency: str) -> None:
    rounded = to_cents(round_to_cent(amount, currency))
    assert rounded % coin_of(currency) == 0
    assert abs(rounded - amount * 100) <= coin_of(currency) / 2 + 1e-3
