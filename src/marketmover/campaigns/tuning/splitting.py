"""Where the money that is left should go, within the lines' room."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from marketmover.budget import Allocation, Response, allocate, smallest_daily
from marketmover.campaigns.tuning.bounds import Room, limits_left, step_of
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Standing
from marketmover.campaigns.tuning.worth import step_loss
from marketmover.errors import InputError
from marketmover.plans import Limits

_CENTS = 0.001  # of the money left: bounds that miss it by less reach


@dataclass(frozen=True)
class Laying:
    """What is to be laid out: a plan's money that is left, less what lines that come back get of it."""

    standing: Standing
    lesson: Lesson
    response: Response
    limits: Limits
    reserved: float = 0.0

    @property
    def money(self) -> float:
        """Money for the days left."""
        return max(self.standing.left - self.reserved * self.standing.days_left, 0.0)


def wishes(laying: Laying, found: Mapping[str, Room], notes: list[str]) -> dict[str, float]:
    """Daily budgets by line that are expected to bring most, changes held back as far as they are unsure.

    Where steps, learning phases and limits leave no way to spend what is left, they are widened, and `notes` says so.
    """
    standing = laying.standing
    as_is = {line.id: line.now for line in standing.lines}
    for widened, trial in enumerate(_wider(found, laying)):
        try:
            allocation = _split(laying, trial)
        except InputError as error:
            if widened == 0:
                notes.append(f"Within all steps and limits the money that is left cannot be laid out: {error.message}")
            continue
        return as_is | {line: budget / standing.days_left for line, budget in allocation.budgets.items()}
    return as_is


def again(laying: Laying, found: Mapping[str, Room], kept: Mapping[str, float]) -> dict[str, float]:
    """The wishes once some of them were dropped: their money laid out anew over those that are left.

    Args:
        laying: What is to be laid out.
        found: The lines' room, narrowed to what each of them may still do.
        kept: The wishes that are left, which stand where the money cannot be laid out within that room.
    """
    try:
        allocation = _split(laying, found)
    except InputError:
        return dict(kept)
    return dict(kept) | {line: budget / laying.standing.days_left for line, budget in allocation.budgets.items()}


def _wider(found: Mapping[str, Room], laying: Laying) -> list[Mapping[str, Room]]:
    """The rooms, made wide enough for the money that is left; then without lower bounds."""
    daily = laying.money / laying.standing.days_left
    free = {line for line, room in found.items() if not room.held}
    held = sum(room.high for line, room in found.items() if line not in free)
    low, high = (sum(getattr(found[line], side) for line in free) for side in ("low", "high"))
    room = max(daily - held, 0.0)
    rooms = dict(found)
    more = {line for line in free if found[line].dear is None} or free
    widest = sum(found[line].high for line in more)
    for line in free:
        one = found[line]
        if room > high * (1 - _CENTS) > 0:
            if line in more:
                rooms[line] = replace(one, high=one.high * (room - high + widest) / max(widest, 1e-9) * (1 + _CENTS))
        elif room < low * (1 + _CENTS) and low > 0:
            rooms[line] = replace(one, low=one.low * room / low * (1 - _CENTS))
    every = {line: replace(one, low=0.0, high=max(one.high, daily), held="") for line, one in found.items()}
    cheap = {line: one if found[line].dear is None else found[line] for line, one in every.items()}
    return [rooms, cheap, every]


def _split(laying: Laying, found: Mapping[str, Room]) -> Allocation:
    standing, lesson = laying.standing, laying.lesson
    running = [line for line in standing.lines if line.now > 0]
    currency, days = standing.plan.currency, standing.days_left
    smallest = smallest_daily(currency, laying.money / days) | laying.limits.smallest_daily
    asked = limits_left(laying.limits, standing, found)
    lines = {line.id: asked.lines[line.id] for line in running}
    pools = {line.id: line.source.shared_budget for line in running if line.source and line.source.shared_budget}
    shared = list(pools.values())
    return allocate(
        laying.response,
        laying.money,
        objective=lesson.weights if len(lesson.weights) > 1 else lesson.metric,
        limits=asked.model_copy(update={"smallest_daily": smallest, "lines": lines}),
        candidates=[line.id for line in running],
        current={line.id: line.now * days for line in running},
        pools={line: pool for line, pool in pools.items() if shared.count(pool) > 1},
        currency=currency,
        learning_loss=step_loss(step_of(laying.limits)),
    )
