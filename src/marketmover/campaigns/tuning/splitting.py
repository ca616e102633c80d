"""Where the money that is left should go, within the lines' room."""

from collections.abc import Mapping
from dataclasses import replace

from marketmover.budget import Allocation, Response, allocate, smallest_daily
from marketmover.campaigns.tuning.bounds import Room, limits_left
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Standing
from marketmover.errors import InputError
from marketmover.plans import Limits

_CENTS = 0.001  # of the money left: bounds that miss it by less reach


def wishes(
    standing: Standing, lesson: Lesson, response: Response, limits: Limits, found: Mapping[str, Room], notes: list[str]
) -> dict[str, float]:
    """Daily budgets by line that are expected to bring most, changes held back as far as they are unsure.

    Where steps, learning phases and limits leave no way to spend what is left, they are widened, and `notes` says so.
    """
    as_is = {line.id: line.now for line in standing.lines}
    for widened, trial in enumerate(_wider(found, standing)):
        try:
            allocation = _split(standing, lesson, response, limits, trial)
        except InputError as error:
            if widened == 0:
                notes.append(f"Within all steps and limits the money that is left cannot be laid out: {error.message}")
            continue
        return as_is | {line: budget / standing.days_left for line, budget in allocation.budgets.items()}
    return as_is


def _wider(found: Mapping[str, Room], standing: Standing) -> list[Mapping[str, Room]]:
    """The rooms, made wide enough for the money that is left; then without lower bounds."""
    daily = standing.left / standing.days_left
    free = {line for line, room in found.items() if not room.held}
    held = sum(room.high for line, room in found.items() if line not in free)
    low, high = (sum(getattr(found[line], side) for line in free) for side in ("low", "high"))
    room = max(daily - held, 0.0)
    rooms = dict(found)
    for line in free:
        one = found[line]
        if room > high * (1 - _CENTS) > 0:
            rooms[line] = replace(one, high=one.high * room / high * (1 + _CENTS))
        elif room < low * (1 + _CENTS) and low > 0:
            rooms[line] = replace(one, low=one.low * room / low * (1 - _CENTS))
    every = {line: replace(one, low=0.0, high=max(one.high, daily), held="") for line, one in found.items()}
    return [rooms, every]


def _split(
    standing: Standing, lesson: Lesson, response: Response, limits: Limits, found: Mapping[str, Room]
) -> Allocation:
    running = [line for line in standing.lines if line.now > 0]
    currency, days = standing.plan.currency, standing.days_left
    smallest = smallest_daily(currency, standing.left / days) | limits.smallest_daily
    asked = limits_left(limits, standing, found)
    lines = {line.id: asked.lines[line.id] for line in running}
    pools = {line.id: line.source.shared_budget for line in running if line.source and line.source.shared_budget}
    shared = list(pools.values())
    return allocate(
        response,
        standing.left,
        objective=lesson.weights if len(lesson.weights) > 1 else lesson.metric,
        limits=asked.model_copy(update={"smallest_daily": smallest, "lines": lines}),
        candidates=[line.id for line in running],
        current={line.id: line.now * days for line in running},
        pools={line: pool for line, pool in pools.items() if shared.count(pool) > 1},
        currency=currency,
    )
