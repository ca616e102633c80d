"""Daily budgets that add up: moved as little as need be, within bounds, in whole coins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketmover.kit import apportion, coin_of, from_cents, to_cents

_PACING = 0.1  # lines that have no other reason to change are moved by no more than this, if that will do


Bounds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Slot:
    """A line's daily budget in the making, in major units.

    Attributes:
        line: The line.
        now: What it may spend a day now.
        wished: What it should.
        low, high: Bounds of a step.
        held: Whether it should rather stay as it is.
    """

    line: str
    now: float
    wished: float
    low: float
    high: float
    held: bool = False

    @property
    def moves(self) -> bool:
        """Whether it is to change."""
        return abs(self.wished - self.now) > 1e-9


def settle(slots: Sequence[Slot], left: float, days: int, currency: str) -> dict[str, float]:
    """Daily budgets by line whose sum times the days is what is left, to a coin a day.

    What is over or missing goes to lines that change anyway; then to as few others as will do, the largest first;
    then to held ones; and only where all steps do not reach, beyond the steps, in proportion.

    Args:
        slots: The lines.
        left: Money that is left.
        days: Days that are left.
        currency: Says how small a sum can be.
    """
    coin = coin_of(currency)
    total = to_cents(left) // coin // days
    if total <= 0 or not slots:
        return {slot.line: 0.0 for slot in slots}
    fixed = {slot.line: slot.now for slot in slots}
    unit = 100.0 / coin
    groups = _groups(slots)
    chosen = next((group for group in groups if _reaches(slots, group, total / unit)), None)
    amounts = _in_proportion(slots, total / unit) if chosen is None else fixed | _filled(slots, chosen, total / unit)
    movable = set(amounts) if chosen is None else set(chosen)
    return _in_coins(amounts, movable, total, coin)


def _groups(slots: Sequence[Slot]) -> list[Bounds]:
    """Lines that may move, with their bounds: first few, in the end all."""
    own = {slot.line: (slot.low, slot.high) for slot in slots if slot.moves}
    rest = sorted((slot for slot in slots if not slot.moves and slot.now > 0), key=lambda slot: (slot.held, -slot.now))
    groups: list[Bounds] = [own] if own else []
    free = [slot for slot in rest if not slot.held]
    gentle = dict(own)
    for slot in free:
        gentle = gentle | {slot.line: _near(slot)}
        groups.append(gentle)
    whole = own | {slot.line: (slot.low, slot.high) for slot in free}
    groups.append(whole)
    for slot in (slot for slot in rest if slot.held):
        whole = whole | {slot.line: _near(slot)}
        groups.append(whole)
    return groups


def _near(slot: Slot) -> tuple[float, float]:
    """Bounds of a move that nobody minds."""
    low, high = slot.now * (1.0 - _PACING), slot.now * (1.0 + _PACING)
    return (low, high) if slot.held else (max(low, min(slot.low, slot.now)), min(high, max(slot.high, slot.now)))


def _reaches(slots: Sequence[Slot], group: Bounds, total: float) -> bool:
    still = sum(slot.now for slot in slots if slot.line not in group)
    low, high = (sum(bounds[side] for bounds in group.values()) for side in (0, 1))
    return bool(group) and still + low <= total + 1e-9 <= still + high + 2e-9


def _filled(slots: Sequence[Slot], group: Bounds, total: float) -> dict[str, float]:
    """The group's wishes, scaled within its bounds until all adds up (bisection on one factor)."""
    wishes = {slot.line: slot.wished for slot in slots if slot.line in group}
    room = total - sum(slot.now for slot in slots if slot.line not in group)

    def at(factor: float) -> dict[str, float]:
        return {line: min(max(wish * factor, group[line][0]), group[line][1]) for line, wish in wishes.items()}

    low, high = 0.0, 1.0
    while sum(at(high).values()) < room - 1e-9 and high < 1e9:
        high *= 2.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if sum(at(middle).values()) < room else (low, middle)
    found = at(high)
    # A wish of nothing cannot be scaled: what is missing then goes to whoever has room.
    missing = room - sum(found.values())
    for line, (_, top) in sorted(group.items(), key=lambda pair: found[pair[0]] - pair[1][1]):
        step = min(max(missing, 0.0), top - found[line])
        found[line] += step
        missing -= step
    return found


def _in_proportion(slots: Sequence[Slot], total: float) -> dict[str, float]:
    """No step reaches: all lines at the bound that comes nearest, scaled."""
    side = "high" if total > sum(slot.high for slot in slots) else "low"
    weights = {slot.line: float(getattr(slot, side)) for slot in slots}
    if sum(weights.values()) <= 0:
        weights = {slot.line: slot.now or 1.0 for slot in slots}
    return {line: total * weight / sum(weights.values()) for line, weight in weights.items()}


def _in_coins(amounts: Mapping[str, float], movable: set[str], total: int, coin: int) -> dict[str, float]:
    """Whole coins: lines that stay keep theirs, the others take what is left."""
    unit = 100.0 / coin
    still = {line: to_cents(amount) for line, amount in amounts.items() if line not in movable}
    rest = total - sum(still.values()) // coin
    moving = [line for line in amounts if line in movable]
    floors = {line: int(amounts[line] * unit + 1e-6) for line in moving}
    over = rest - sum(floors.values())
    if over < 0 or over > len(moving):
        parts = apportion(max(rest, 0), [amounts[line] for line in moving])
        floors = dict(zip(moving, parts, strict=True))
    else:
        order = sorted(moving, key=lambda line: (amounts[line] <= 0, floors[line] - amounts[line] * unit))
        for line in order[:over]:
            floors[line] += 1
    cents = still | {line: count * coin for line, count in floors.items()}
    return {line: from_cents(cents[line]) for line in amounts}
