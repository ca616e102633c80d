"""What the platforms have, beside what the plan says is in force: differences in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.publishing.platform import LiveLine
from marketmover.kit import coin_of
from marketmover.plans import Plan, PlanLine, State

_ON = frozenset({"ENABLED", "ACTIVE"})
_GONE = frozenset({"REMOVED", "DELETED", "ARCHIVED"})
_SAME_TARGET = 0.005


@dataclass(frozen=True)
class Difference:
    """What a platform has other than the plan."""

    line_id: str
    what: str
    asked: str
    found: str
    words: str


def is_on(status: str) -> bool:
    """Whether a platform's word for a line's state says that it runs."""
    return status in _ON


def differences(
    plan: Plan,
    state: State,
    live: Mapping[str, LiveLine],
    *,
    started: Collection[str],
    lines: Sequence[str] | None = None,
) -> list[Difference]:
    """How lines on the platforms differ from what is in force.

    Args:
        plan: The plan.
        state: What is in force.
        live: The lines as read back, by the plan's ids.
        started: The platforms on which what the plan makes anew was switched on.
        lines: The lines to compare; by default all of the plan.
    """
    found: list[Difference] = []
    for line in plan.lines:
        if lines is None or line.id in lines:
            found.extend(_of_line(line, plan, state, live.get(line.id), started=line.platform in started))
    return found


def _of_line(line: PlanLine, plan: Plan, state: State, there: LiveLine | None, *, started: bool) -> list[Difference]:
    budget = state.daily_budgets.get(line.id, line.daily_budget)
    runs = budget > 0 and line.id not in state.paused
    name = line.name or line.id
    if there is None or there.status in _GONE:
        if not runs and (line.is_new or there is None):
            return []
        return [Difference(line.id, "line", "there", "missing", f"{name} is not on the platform.")]
    told: list[Difference | None] = [_status(line, there, on=runs and (started or not line.is_new))]
    if runs:
        told.append(_budget(line, plan, budget, there))
    told.append(_bidding(line, state, there))
    if line.is_new:
        told.append(_dates(line, plan, there))
    return [one for one in told if one is not None]


def _status(line: PlanLine, there: LiveLine, *, on: bool) -> Difference | None:
    if is_on(there.status) == on:
        return None
    asked = "running" if on else "paused"
    return _difference(line, "status", asked, there.status.lower())


def _budget(line: PlanLine, plan: Plan, asked: float, there: LiveLine) -> Difference | None:
    # Coins that the platform does not take are shared out among the lines, so one may have a coin more or less.
    coin = coin_of(plan.currency) / 100.0
    if there.daily_budget is None or abs(there.daily_budget - asked) < (coin if coin < 1 else coin + 1e-6):
        return None
    return _difference(
        line, "daily budget", f"{asked:,.2f} {plan.currency}", f"{there.daily_budget:,.2f} {plan.currency}"
    )


def _bidding(line: PlanLine, state: State, there: LiveLine) -> Difference | None:
    asked: Mapping[str, Any] = state.settings.get(line.id, {}).get("bidding") or line.bidding.model_dump()
    strategy, target = asked.get("strategy"), asked.get("target")
    has = there.bidding.get("strategy")
    if strategy in (None, "", "UNKNOWN", "UNSPECIFIED") or has in (None, "", "UNKNOWN", "UNSPECIFIED"):
        return None
    at = there.bidding.get("target")
    near = target is None or (at is not None and abs(at - target) <= max(_SAME_TARGET * target, 0.01))
    if has == strategy and near:
        return None
    return _difference(line, "bidding", _bid(strategy, target), _bid(has, at))


def _bid(strategy: Any, target: Any) -> str:
    return str(strategy) if target is None else f"{strategy} at {target:g}"


def _dates(line: PlanLine, plan: Plan, there: LiveLine) -> Difference | None:
    asked = (plan.start_date, plan.end_date)
    has = (there.start or asked[0], there.end or asked[1])
    if has == asked:
        return None
    return _difference(line, "dates", f"{asked[0]} to {asked[1]}", f"{has[0]} to {has[1]}")


def _difference(line: PlanLine, what: str, asked: str, found: str) -> Difference:
    name = line.name or line.id
    return Difference(
        line.id, what, asked, found, f"{name}: the plan asks for {what} {asked}, the platform has {found}."
    )
