import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.campaigns.tuning.money import Slot, settle

_amounts = st.integers(0, 5000).map(float)


@st.composite
def _slots(draw: st.DrawFn) -> list[Slot]:
    found: list[Slot] = []
    for place in range(draw(st.integers(1, 12))):
        now = draw(_amounts)
        held = draw(st.booleans())
        low, high = (now, now) if held else (round(now * 0.7, 2), round(now * 1.3, 2))
        wished = now if held else draw(st.floats(low, high))
        found.append(Slot(f"L{place}", now, wished, low, high, held))
    return found


@given(
    slots=_slots(),
    left=st.integers(0, 10**6).map(float),
    days=st.integers(1, 90),
    currency=st.sampled_from(["USD", "JPY"]),
)
def test_budgets_times_days_left_are_what_is_left(slots: list[Slot], left: float, days: int, currency: str) -> None:
    budgets = settle(slots, left, days, currency).budgets
    coin = 1.0 if currency == "JPY" else 0.01
    assert set(budgets) == {slot.line for slot in slots}
    assert all(budget >= 0 for budget in budgets.values())
    assert -1e-6 <= left - sum(budgets.values()) * days <= coin * days * len(slots) + 1e-6


@given(slots=_slots(), share=st.floats(0.0, 1.0), days=st.integers(1, 60))
def test_no_step_is_wider_than_it_may_be_where_all_can_be_kept(slots: list[Slot], share: float, days: int) -> None:
    free = [slot for slot in slots if not slot.held]
    low, high = (sum(getattr(slot, side) for slot in slots) for side in ("low", "high"))
    daily = low + share * (high - low)
    budgets = settle(slots, daily * days, days, "USD").budgets
    if sum(slot.high for slot in free) <= 0:
        return
    for slot in free:
        assert slot.low - 0.02 <= budgets[slot.line] <= slot.high + 0.02


def test_a_few_coins_too_many_move_one_line_alone() -> None:
    slots = [Slot(f"L{place}", 100.0, 100.0, 70.0, 130.0) for place in range(5)]
    budgets = settle(slots, 5030.0, 10, "USD").budgets
    assert sorted(budgets.values()) == [100.0, 100.0, 100.0, 100.0, 103.0]


def test_held_lines_stay_as_long_as_others_can_take_what_is_over() -> None:
    slots = [Slot("held", 100.0, 100.0, 100.0, 100.0, held=True), Slot("free", 100.0, 100.0, 70.0, 130.0)]
    assert settle(slots, 2200.0, 10, "USD").budgets == {"held": 100.0, "free": 120.0}


def test_where_all_are_held_one_of_them_takes_what_is_over() -> None:
    slots = [Slot(f"L{place}", 100.0, 100.0, 100.0, 100.0, held=True) for place in range(4)]
    assert sorted(settle(slots, 4050.0, 10, "USD").budgets.values()) == [100.0, 100.0, 100.0, 105.0]


def test_lines_that_change_anyway_take_what_is_missing_first() -> None:
    slots = [Slot("grows", 100.0, 120.0, 70.0, 130.0), Slot("stays", 100.0, 100.0, 70.0, 130.0)]
    assert settle(slots, 2250.0, 10, "USD").budgets == {"grows": 125.0, "stays": 100.0}


def test_nothing_left_leaves_nothing() -> None:
    assert settle([Slot("L", 10.0, 10.0, 7.0, 13.0)], 0.0, 5, "USD").budgets == {"L": 0.0}


@pytest.mark.parametrize("left", [1.0, 1e7])
def test_where_no_step_reaches_the_sum_wins(left: float) -> None:
    slots = [Slot("a", 100.0, 100.0, 70.0, 130.0), Slot("b", 50.0, 50.0, 35.0, 65.0)]
    settled = settle(slots, left, 10, "USD")
    assert settled.beyond
    assert sum(settled.budgets.values()) * 10 == pytest.approx(left, abs=0.2)


def test_a_line_that_costs_too_much_gets_none_of_what_others_leave() -> None:
    slots = [
        Slot("dear", 100.0, 100.0, 70.0, 100.0, full=True),
        Slot("learns", 100.0, 100.0, 100.0, 100.0, held=True),
        Slot("cut", 100.0, 80.0, 70.0, 130.0),
    ]
    assert settle(slots, 3050.0, 10, "USD").budgets == {"dear": 100.0, "learns": 110.0, "cut": 95.0}
    beyond = settle(slots, 4500.0, 10, "USD")
    assert beyond.beyond
    assert beyond.budgets["dear"] == 100.0


def test_a_locked_line_never_moves_while_another_can() -> None:
    slots = [Slot("locked", 100.0, 100.0, 100.0, 100.0, held=True, locked=True), Slot("a", 10.0, 10.0, 7.0, 13.0)]
    assert settle(slots, 2000.0, 10, "USD").budgets == {"locked": 100.0, "a": 100.0}


def test_what_is_over_is_taken_from_the_line_that_costs_too_much_first() -> None:
    slots = [Slot("good", 200.0, 200.0, 140.0, 260.0), Slot("dear", 100.0, 100.0, 70.0, 100.0, full=True)]
    assert settle(slots, 2800.0, 10, "USD").budgets == {"good": 200.0, "dear": 80.0}
