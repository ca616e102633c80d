"""Daily budgets that add up: moved as little as need be, within bounds, in whole coins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from marketmover.campaigns.tuning.coins import in_coins
from marketmover.campaigns.tuning.standing import QUIET
from marketmover.kit import coin_of, to_cents

_PACING = 0.1  # lines that have no other reason to change are moved by no more than this, if that will do

Bounds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Slot:
    """A line's daily budget in the making, in major units.

    Attributes:
        line: The line.
        now: What it may spend a day now.
        wished: What it should.
        low, high: Bounds within which it should stay.
        least, most: Bounds of the largest step, beyond which it never goes, but to stop.
        held: Whether it should rather stay as it is.
        locked: Whether it must stay as it is.
        full: Whether it should get no more: its results cost too much, or it cannot spend what it has.
        worth: What its money brings: where steps do not reach the sum, lines that bring least are stopped first.
    """

    line: str
    now: float
    wished: float
    low: float
    high: float
    least: float
    most: float
    held: bool = False
    locked: bool = False
    full: bool = False
    worth: float = 0.0

    @property
    def moves(self) -> bool:
        """Whether it is to change."""
        return abs(self.wished - self.now) > 1e-9


@dataclass(frozen=True)
class Settled:
    """Daily budgets by line.

    Attributes:
        budgets: In major units; 0 is a line that stops.
        unplaced: Money a day for which no line has room within its largest step; it is left unspent.
        over: Money a day that lines spend beyond the sum, as even the smallest of their largest steps do not reach it.
        stopped: Lines that stop because no steps reach the sum.
        beyond: Lines that go beyond their largest step, as no steps reach the sum.
    """

    budgets: dict[str, float]
    unplaced: float = 0.0
    over: float = 0.0
    stopped: frozenset[str] = frozenset()
    beyond: frozenset[str] = frozenset()


def settle(slots: Sequence[Slot], left: float, days: int, currency: str, *, firm: bool = True) -> Settled:
    """Daily budgets by line whose sum times the days is what is left, to a coin a day.

    What is over or missing goes to lines that change that way anyway; then to as few others as will do, the largest
    first; then to held ones, and to those that change the other way. Lines that are full get more only where nothing
    else is left. Where too little is left for all lines, those that bring least are stopped. Where even so no steps
    reach the sum, all lines with room go beyond their largest step alike; or, where steps are firm, what finds no room
    is left unspent.

    Args:
        slots: The lines.
        left: Money that is left.
        days: Days that are left.
        currency: Says how small a sum can be.
        firm: Whether no line may go beyond its largest step, not even for the sum.
    """
    found = _within_steps(slots, left, days, currency)
    if firm or not (found.unplaced or found.over):
        return found
    most = left / days
    able = [slot.line for slot in slots if slot.now > 0 and not slot.locked and slot.most > slot.now * (1.0 + 1e-9)]
    wider = [
        replace(
            slot, most=max(slot.most, most) if slot.line in able else slot.most, least=0.0 if found.over else slot.least
        )
        for slot in slots
    ]
    again = _within_steps(wider, left, days, currency)
    beyond = frozenset(
        slot.line for slot in slots if again.budgets[slot.line] and not _in_step(slot, again.budgets[slot.line])
    )
    return replace(again, beyond=beyond)


def _in_step(slot: Slot, budget: float) -> bool:
    return slot.least * (1.0 - 1e-6) <= budget <= slot.most * (1.0 + 1e-6) or budget == slot.now


def _within_steps(slots: Sequence[Slot], left: float, days: int, currency: str) -> Settled:
    coin = coin_of(currency)
    unit = 100.0 / coin
    total = to_cents(left) // coin // days
    if total <= 0 or not slots:
        return Settled({slot.line: 0.0 for slot in slots})
    running, stopped = _enough(slots, total / unit)
    bounds = _bounds(running, total / unit)
    wishes = {slot.line: slot.wished for slot in running}
    amounts = _filled(wishes, bounds, total / unit)
    movable = {slot.line for slot in running if slot.moves or abs(amounts[slot.line] - slot.now) > 1e-9}
    steps = {slot.line: (slot.least, slot.most) for slot in running}
    budgets = {slot.line: 0.0 for slot in slots} | in_coins(amounts, steps, movable, total, coin)
    gap = total / unit - sum(budgets.values())
    least = (len(slots) + 1) / unit  # what coins leave over
    return Settled(budgets, gap if gap > least else 0.0, -gap if gap < -least else 0.0, frozenset(stopped))


def _enough(slots: Sequence[Slot], total: float) -> tuple[list[Slot], set[str]]:
    """The lines for which the sum is enough, each at its smallest, the most worth first; and those that stop for it."""
    running = [slot for slot in slots if _smallest(slot) > 0]
    kept = {slot.line for slot in slots if slot.locked or _smallest(slot) <= 0}
    needed = sum(_smallest(slot) for slot in running if slot.locked)
    for slot in sorted(running, key=lambda slot: (slot.full, -slot.worth)):
        if slot.line not in kept and needed + _smallest(slot) <= total + 1e-9:
            kept.add(slot.line)
            needed += _smallest(slot)
    if running and not any(slot.line in kept for slot in running):
        kept.add(min(running, key=_smallest).line)  # too little for any: one goes on until the money is spent
    return [slot for slot in slots if slot.line in kept], {slot.line for slot in slots} - kept


def _smallest(slot: Slot) -> float:
    return slot.now if slot.locked else min(slot.least, slot.wished)


def _bounds(slots: Sequence[Slot], total: float) -> Bounds:
    """The narrowest bounds within which the sum can be reached; else the widest."""
    up = total >= sum(slot.wished for slot in slots)
    bounds: Bounds = {}
    for bounds in _levels(slots, up=up):
        if _reaches(bounds, total):
            break
    return bounds


def _levels(slots: Sequence[Slot], *, up: bool) -> Iterator[Bounds]:
    """Bounds within which the sum is sought, each wider than the one before."""
    bounds = {slot.line: (slot.wished, slot.wished) for slot in slots}
    yield dict(bounds)
    for widened in _order(slots, up=up):
        for slot, asked in widened:
            low, high = bounds[slot.line]
            to = min(max(asked, slot.least), slot.most)
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
    for group in (fit, running):
        yield [(slot, slot.most if up else slot.least) for slot in group]


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
