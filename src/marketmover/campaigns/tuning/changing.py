"""A state with changes made to it, each checked against what is in force."""

import math

from marketmover.errors import ConflictError, InputError
from marketmover.plans import Change, Changes, Plan, State

_CENT = 0.005
_SETTING = {"set_bidding": "bidding", "set_audience": "audience", "rotate_creative": "creative"}


def changed(plan: Plan, state: State, changes: Changes) -> State:
    """The state after all changes; the given one stays as it was.

    Raises:
        ConflictError: A change was made for another state than this.
        InputError: A line is not the plan's, or a value cannot be.
    """
    budgets, paused = dict(state.daily_budgets), set(state.paused)
    settings = {line: dict(values) for line, values in state.settings.items()}
    known = {*(line.id for line in plan.lines), *state.daily_budgets}
    done: set[tuple[str, str]] = set()
    for change in changes.changes:
        line = change.line_id
        if (line, change.action) in done:
            raise InputError(f"The changes name {line} twice with {change.action}.", "Leave one of them.")
        done.add((line, change.action))
        if line not in known:
            raise InputError(f"The changes name the line {line}, which is not in the plan.", "Tune this plan anew.")
        if change.action == "set_daily_budget":
            _check_before(change, budgets.get(line))
            budgets[line] = _amount(change, plan)
        elif change.action in {"pause", "resume"}:
            if (line in paused) == (change.action == "pause"):
                raise ConflictError(f"{line} is {'paused' if line in paused else 'running'} already.", _ANEW)
            paused ^= {line}
        else:
            settings.setdefault(line, {})[_SETTING[change.action]] = change.to
    return State(as_of=changes.as_of, daily_budgets=budgets, paused=sorted(paused), settings=settings)


_ANEW = "The changes were made for another state than the one in force: tune anew."


def _check_before(change: Change, now: float | None) -> None:
    if isinstance(change.before, int | float) and now is not None and abs(change.before - now) > _CENT:
        raise ConflictError(f"{change.line_id} has a daily budget of {now:,.2f}, not of {change.before:,.2f}.", _ANEW)


def _amount(change: Change, plan: Plan) -> float:
    to = change.to
    if isinstance(to, bool) or not isinstance(to, int | float) or not math.isfinite(to) or to < 0:
        raise InputError(f"{change.line_id}: {to!r} is no daily budget.", "Give an amount of 0 or more.")
    if to > plan.total_budget:
        raise InputError(
            f"{change.line_id}: a daily budget of {to:,.2f} is more than the whole plan has ({plan.total_budget:,.2f} "
            f"{plan.currency}).",
            "Give an amount that the plan can pay.",
        )
    return float(to)
