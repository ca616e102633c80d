"""Daily budgets that add up: moved as little as need be, within bounds, in whole coins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from marketmover.campaigns.tuning.standing import QUIET
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
        locked: Whether it must stay as it is.
        full: Whether it should get no more: its results cost too much, or it cannot spend what it has.
    """

    line: str
    now: float
    wished: float
    low: float
    high: float
    held: bool = False
    locked: bool = False
    full: bool = False

    @property
    def moves(self) -> bool:
        """Whether it is to change."""
        return abs(self.wished - self.now) > 1e-9


@dataclass(frozen=True)
class Settled:
    """Daily budgets by line, and whether they had to go beyond the steps."""

    budgets: dict[str, float]
    beyond: bool = False


def settle(slots: Sequence[Slot], left: float, days: int, currency: str) -> Settled:
    """Daily budgets by line whose sum times the days is what is left, to a coin a day.

    What is over or missing goes to lines that change that way anyway; then to as few others as will do, the largest
    first; then to held ones, and to those that change the other way. Lines that are full get more only where nothing
    else is left. Only where all steps do not reach, it goes beyond them, in proportion.

    Args:
        slots: The lines.
        left: Money that is left.
        days: Days that are left.
        currency: Says how small a sum can be.
    """
    coin = coin_of(currency)
    total = to_cents(left) // coin // days
    if total <= 0 or not slots:
        return Settled({slot.line: 0.0 for slot in slots})
    unit = 100.0 / coin
    wishes = {slot.line: slot.wished for slot in slots}
    up = total / unit >= sum(wishes.values())
    widest = {line: (wish, wish) for line, wish in wishes.items()}
    for bounds in _levels(slots, up=up):
        widest = bounds
        if _reaches(bounds, total / unit):
            amounts = _filled(wishes, bounds, total / unit)
            movable = {slot.line for slot in slots if slot.moves or bounds[slot.line][0] < bounds[slot.line][1]}
            return Settled(_in_coins(amounts, movable, total, coin))
    amounts = _in_proportion(slots, widest, total / unit, up=up)
    return Settled(_in_coins(amounts, _moved(slots, amounts), total, coin), beyond=True)


def _moved(slots: Sequence[Slot], amounts: Mapping[str, float]) -> set[str]:
    moved = {slot.line for slot in slots if abs(amounts[slot.line] - slot.now) > 1e-9}
    return moved or {slot.line for slot in slots}


def _levels(slots: Sequence[Slot], *, up: bool) -> Iterator[Bounds]:
    """Bounds within which the sum is sought, each wider than the one before."""
    bounds = {slot.line: (slot.wished, slot.wished) for slot in slots}
    yield dict(bounds)
    for widened in _order(slots, up=up):
        for slot, to in widened:
            low, high = bounds[slot.line]
            bounds[slot.line] = (low, max(high, to)) if up else (min(low, to), high)
        if widened:
            yield dict(bounds)


def _order(slots: Sequence[Slot], *, up: bool) -> Iterator[list[tuple[Slot, float]]]:
    """Which lines may move next, and how far, in the order of how little it matters."""
    running = sorted((slot for slot in slots if slot.now > 0 and not slot.locked), key=lambda slot: -slot.now)
    fit = [slot for slot in running if not (up and slot.full)]
    onward, back = (
        [one for one in fit if one.moves and ((one.wished > one.now) == up) is way] for way in (True, False)
    )
    free, held = ([slot for slot in fit if not slot.moves and slot.held is kind] for kind in (False, True))

    def edge(slot: Slot) -> float:
        return slot.high if up else slot.low

    def nearer(slot: Slot, to: float) -> float:
        return min(to, slot.high) if up else max(to, slot.low)

    def by(slot: Slot, share: float) -> float:
        return slot.now * (1.0 + share if up else 1.0 - share)

    yield [(slot, edge(slot)) for slot in onward]
    if not up:
        yield [(slot, edge(slot)) for slot in free if slot.full]
    yield from ([(slot, nearer(slot, by(slot, _PACING)))] for slot in free)
    yield [(slot, edge(slot)) for slot in free]
    if not up:  # a rise that is smaller loses little; a cut that is smaller goes on paying for what costs too much
        yield [(slot, nearer(slot, slot.now)) for slot in back]
    yield from ([(slot, by(slot, _PACING))] for slot in held)
    yield [(slot, nearer(slot, slot.now)) for slot in back]
    yield [(slot, edge(slot)) for slot in back]
    yield [(slot, nearer(slot, slot.now)) for slot in running if slot not in fit]
    yield [(slot, by(slot, QUIET)) for slot in held]


def _reaches(bounds: Bounds, total: float) -> bool:
    low, high = (sum(pair[side] for pair in bounds.values()) for side in (0, 1))
    return low <= total + 1e-9 and total <= high + 2e-9


def _filled(wishes: Mapping[str, float], bounds: Bounds, total: float) -> dict[str, float]:
    """The wishes, scaled within the bounds until all adds up (bisection on one factor)."""

    def at(factor: float) -> dict[str, float]:
        return {line: min(max(wish * factor, bounds[line][0]), bounds[line][1]) for line, wish in wishes.items()}

    low, high = 0.0, 1.0
    while sum(at(high).values()) < total - 1e-9 and high < 1e9:
        high *= 2.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if sum(at(middle).values()) < total else (low, middle)
    found = at(high)
    # A wish of nothing cannot be scaled: what is missing then goes to whoever has room.
    missing = total - sum(found.values())
    for line, (_, top) in sorted(bounds.items(), key=lambda pair: found[pair[0]] - pair[1][1]):
        step = min(max(missing, 0.0), top - found[line])
        found[line] += step
        missing -= step
    return found


def _in_proportion(slots: Sequence[Slot], widest: Bounds, total: float, *, up: bool) -> dict[str, float]:
    """No step reaches: lines at the bound that comes nearest, scaled; those that are full or locked last."""
    nearest = {line: pair[1 if up else 0] for line, pair in widest.items()}
    running = [slot for slot in slots if slot.now > 0]
    free = [slot for slot in running if not slot.locked]
    for group in ([slot for slot in free if not (up and slot.full)], free, running, list(slots)):
        weights = {slot.line: nearest[slot.line] or slot.now for slot in group}
        room = total - sum(amount for line, amount in nearest.items() if line not in weights)
        whole = sum(weights.values())
        if room >= 0 and whole > 0:
            return nearest | {line: room * weight / whole for line, weight in weights.items()}
    return {slot.line: total / len(slots) for slot in slots}


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
