"""The budgets that a person tries: some lines, whole platforms, the total; the rest follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketmover.errors import InputError, NotFoundError
from marketmover.kit import apportion, coin_of, did_you_mean, from_cents, to_cents
from marketmover.plans import Plan, PlanLine

_MOST = 1e12


@dataclass(frozen=True)
class Wishes:
    """What is tried, in major units of the plan's currency.

    Attributes:
        lines: Budgets of lines by their ids.
        platforms: Sums of platforms; lines that are not named share what is left in proportion to the plan's split.
        total: The whole; platforms and lines that are not named share what is left in the same way. Without it the rest
            stays as the plan has it.
    """

    lines: Mapping[str, float] = field(default_factory=dict[str, float])
    platforms: Mapping[str, float] = field(default_factory=dict[str, float])
    total: float | None = None


def wished_cents(plan: Plan, wishes: Wishes) -> dict[str, int]:
    """The budget of each of the plan's lines, in cents.

    Raises:
        NotFoundError: The plan has no such line or platform.
        InputError: The sums contradict each other, or one is no sum of money.
    """
    _check(plan, wishes)
    coin = coin_of(plan.currency)
    own = {line.id: to_cents(line.budget) for line in plan.lines}
    fixed = {line: _cents(amount, coin) for line, amount in wishes.lines.items()}
    for platform, amount in wishes.platforms.items():
        lines = [line for line in plan.lines if line.platform == platform]
        fixed |= _shared(lines, own, fixed, _cents(amount, coin), (coin, f"of {platform}"))
    if wishes.total is None:
        return own | fixed
    shared = _shared(plan.lines, own, fixed, _cents(wishes.total, coin), (coin, "of the whole"))
    return {line: shared[line] for line in own}


def _shared(
    lines: Sequence[PlanLine], own: Mapping[str, int], fixed: Mapping[str, int], total: int, unit: tuple[int, str]
) -> dict[str, int]:
    """A sum laid on lines: the fixed ones have theirs, the others share the rest."""
    coin, name = unit
    free = [line.id for line in lines if line.id not in fixed]
    taken = {line.id: fixed[line.id] for line in lines if line.id in fixed}
    left = total - sum(taken.values())
    if left < 0 or (left > 0 and not free):
        raise InputError(
            f"The sum {name} is {from_cents(total):,.2f}, and what is set within it comes to "
            f"{from_cents(sum(taken.values())):,.2f}.",
            "Leave a line free, or change one of both.",
        )
    shares = [float(own[line]) for line in free]
    parts = apportion(left // coin, shares if any(shares) else [1.0] * len(free)) if free else []
    return taken | {line: part * coin for line, part in zip(free, parts, strict=True)}


def _cents(amount: float, coin: int) -> int:
    return round(to_cents(amount) / coin) * coin


def _check(plan: Plan, wishes: Wishes) -> None:
    known = {line.id for line in plan.lines}
    platforms = {line.platform for line in plan.lines}
    for names, there, what in ((wishes.lines, known, "line"), (wishes.platforms, platforms, "platform")):
        strange = [name for name in names if name not in there]
        if strange:
            hint = did_you_mean(strange[0], sorted(there)) or f"It has {', '.join(sorted(there)[:10])}."
            raise NotFoundError(f"The plan has no {what} {strange[0]!r}.", hint)
    amounts = [*wishes.lines.values(), *wishes.platforms.values(), *([] if wishes.total is None else [wishes.total])]
    if not all(0 <= amount <= _MOST for amount in amounts):
        raise InputError("A budget is negative, no number, or too large.", "Give each line 0 or more.")
