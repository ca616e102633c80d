from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marketmover.campaigns.tuning.money import Slot, settle

STEP = 0.3


def slot(line: str, now: float, wished: float, low: float, high: float, **more: Any) -> Slot:
    """A line that may change by three tenths."""
    return Slot(line, now, wished, low, high, (1.0 - STEP) * now, (1.0 + STEP) * now, **more)


_amounts = st.integers(0, 5000).map(float)


@st.composite
def _slots(draw: st.DrawFn) -> list[Slot]:
    found: list[Slot] = []
    for place in range(draw(st.integers(1, 12))):
        now = draw(_amounts)
        held = draw(st.booleans())
        low, high = (now, now) if held else (round(now * 0.7, 2), round(now * 1.3, 2))
        wished = now if held else draw(st.floats(low, high))
        found.append(slot(f"L{place}", now, wished, low, high, held=held, worth=draw(st.floats(0.0, 1.0))))
    return found


@given(
    slots=_slots(),
    left=st.integers(0, 10**6).map(float),
    days=st.integers(1, 90),
    currency=st.sampled_from(["USD", "JPY"]),
)
def test_budgets_times_days_left_are_what_is_left_as_far_as_steps_let_them(
    slots: list[Slot], left: float, days: int, currency: str
) -> None:
    settled = settle(slots, left, days, currency)
    coin = 1.0 if currency == "JPY" else 0.01
    assert set(settled.budgets) == {slot.line for slot in slots}
    gap = left / days - sum(settled.budgets.values()) - settled.unplaced + settled.over
    assert abs(gap) <= coin * (len(slots) + 2) + 1e-6  # a coin of the day's sum, and what coins of lines leave over


def test_what_coins_leave_over_is_not_called_unplaced() -> None:
    lines = [slot(f"L{place}", 9.0, 7.0, 6.3, 11.7) for place in range(2)] + [slot("none", 0.0, 0.0, 0.0, 0.0)]
    settled = settle(lines, 343.0, 19, "JPY")
    assert (sum(settled.budgets.values()), settled.unplaced, settled.over) == (18.0, 0.0, 0.0)


@given(
    slots=_slots(),
    left=st.integers(0, 10**6).map(float),
    days=st.integers(1, 90),
    currency=st.sampled_from(["USD", "JPY"]),
)
def test_no_line_ever_goes_beyond_its_largest_step_but_to_stop(
    slots: list[Slot], left: float, days: int, currency: str
) -> None:
    settled = settle(slots, left, days, currency)
    coin = 1.0 if currency == "JPY" else 0.01
    for one in slots:
        budget = settled.budgets[one.line]
        assert budget == 0 or one.least - coin / 2 <= budget <= one.most + coin / 2


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
    slots = [slot(f"L{place}", 100.0, 100.0, 70.0, 130.0) for place in range(5)]
    budgets = settle(slots, 5030.0, 10, "USD").budgets
    assert sorted(budgets.values()) == [100.0, 100.0, 100.0, 100.0, 103.0]


def test_held_lines_stay_as_long_as_others_can_take_what_is_over() -> None:
    slots = [slot("held", 100.0, 100.0, 100.0, 100.0, held=True), slot("free", 100.0, 100.0, 70.0, 130.0)]
    assert settle(slots, 2200.0, 10, "USD").budgets == {"held": 100.0, "free": 120.0}


def test_where_all_are_held_one_of_them_takes_what_is_over() -> None:
    slots = [slot(f"L{place}", 100.0, 100.0, 100.0, 100.0, held=True) for place in range(4)]
    assert sorted(settle(slots, 4050.0, 10, "USD").budgets.values()) == [100.0, 100.0, 100.0, 105.0]


def test_lines_that_change_anyway_take_what_is_missing_first() -> None:
    slots = [slot("grows", 100.0, 120.0, 70.0, 130.0), slot("stays", 100.0, 100.0, 70.0, 130.0)]
    assert settle(slots, 2250.0, 10, "USD").budgets == {"grows": 125.0, "stays": 100.0}


def test_nothing_left_leaves_nothing() -> None:
    assert settle([slot("L", 10.0, 10.0, 7.0, 13.0)], 0.0, 5, "USD").budgets == {"L": 0.0}


def test_what_finds_no_room_within_the_steps_is_left_unspent() -> None:
    slots = [slot("a", 100.0, 100.0, 70.0, 130.0), slot("b", 50.0, 50.0, 35.0, 65.0)]
    settled = settle(slots, 3000.0, 10, "USD")
    assert settled.budgets == {"a": 130.0, "b": 65.0}
    assert settled.unplaced == 105.0


def test_without_firm_steps_the_sum_is_reached_and_lines_share_what_is_beyond() -> None:
    slots = [
        slot("a", 100.0, 100.0, 70.0, 130.0),
        slot("b", 50.0, 50.0, 35.0, 65.0),
        Slot("railed", 50.0, 50.0, 35.0, 50.0, 35.0, 50.0, full=True),
    ]
    settled = settle(slots, 3500.0, 10, "USD", firm=False)
    assert settled.budgets == {"a": 200.0, "b": 100.0, "railed": 50.0}
    assert (settled.unplaced, settled.beyond) == (0.0, {"a", "b"})


def test_without_firm_steps_the_last_line_comes_down_to_what_is_left() -> None:
    settled = settle([slot("only", 100.0, 100.0, 70.0, 130.0)], 500.0, 10, "USD", firm=False)
    assert settled.budgets == {"only": 50.0}
    assert (settled.over, settled.beyond) == (0.0, {"only"})


def test_where_too_little_is_left_the_line_that_brings_least_stops() -> None:
    slots = [slot("good", 100.0, 100.0, 70.0, 130.0, worth=2.0), slot("poor", 50.0, 50.0, 35.0, 65.0, worth=1.0)]
    settled = settle(slots, 900.0, 10, "USD")
    assert settled.budgets == {"good": 90.0, "poor": 0.0}
    assert (settled.stopped, settled.over) == ({"poor"}, 0.0)


def test_the_last_line_is_lowered_by_a_step_rather_than_stopped() -> None:
    settled = settle([slot("only", 100.0, 100.0, 70.0, 130.0)], 500.0, 10, "USD")
    assert settled.budgets == {"only": 70.0}
    assert (settled.over, settled.unplaced) == (20.0, 0.0)


def test_coins_of_a_small_budget_keep_to_the_step() -> None:
    settled = settle([slot("a", 5.0, 5.0, 3.5, 6.5), slot("b", 5.0, 5.0, 3.5, 6.5)], 140.0, 10, "JPY")
    assert settled.budgets == {"a": 6.0, "b": 6.0}


def test_a_held_line_is_not_moved_twice_within_a_week_beyond_the_step() -> None:
    slots = [Slot("held", 130.0, 130.0, 130.0, 130.0, 91.0, 130.0, held=True), slot("b", 100.0, 100.0, 70.0, 130.0)]
    settled = settle(slots, 2700.0, 10, "USD")
    assert settled.budgets == {"held": 130.0, "b": 130.0}
    assert settled.unplaced == 10.0


def test_a_line_that_costs_too_much_gets_none_of_what_others_leave() -> None:
    slots = [
        slot("dear", 100.0, 100.0, 70.0, 100.0, full=True),
        slot("learns", 100.0, 100.0, 100.0, 100.0, held=True),
        slot("cut", 100.0, 80.0, 70.0, 130.0),
    ]
    assert settle(slots, 3050.0, 10, "USD").budgets == {"dear": 100.0, "learns": 110.0, "cut": 95.0}
    more = settle(slots, 3600.0, 10, "USD")
    assert more.budgets == {"dear": 100.0, "learns": 130.0, "cut": 130.0}


def test_only_where_nobody_else_has_room_the_dear_line_gets_some() -> None:
    slots = [
        slot("dear", 100.0, 100.0, 70.0, 100.0, full=True),
        Slot("railed", 50.0, 50.0, 35.0, 50.0, 35.0, 50.0, full=True),  # not even then
        slot("free", 100.0, 100.0, 70.0, 130.0),
    ]
    settled = settle(slots, 4000.0, 10, "USD")
    assert settled.budgets == {"dear": 130.0, "railed": 50.0, "free": 130.0}
    assert settled.unplaced == 90.0


def test_a_locked_line_never_moves() -> None:
    slots = [slot("locked", 100.0, 100.0, 100.0, 100.0, held=True, locked=True), slot("a", 10.0, 10.0, 7.0, 13.0)]
    assert settle(slots, 2000.0, 10, "USD").budgets == {"locked": 100.0, "a": 13.0}


def test_what_is_over_is_taken_from_the_line_that_costs_too_much_first() -> None:
    slots = [slot("good", 200.0, 200.0, 140.0, 260.0), slot("dear", 100.0, 100.0, 70.0, 100.0, full=True)]
    assert settle(slots, 2800.0, 10, "USD").budgets == {"good": 200.0, "dear": 80.0}
