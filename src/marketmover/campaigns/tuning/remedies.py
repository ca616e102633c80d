"""What can be done at once about an alert of a running plan, in one go, and what takes a person's own hands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from marketmover.campaigns.tuning.changing import changed
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.errors import MarketmoverError
from marketmover.kit import round_to_cent
from marketmover.plans import Change, Changes, PlanLine

if TYPE_CHECKING:
    from marketmover.monitoring import Alert

Way = Literal["change", "tuning", "tune", "by_hand", "wait", "none"]
"""Make a change; apply a proposal; ask for one; do it by hand; wait for the next days; nothing is to be done."""

_MOVES_MONEY = frozenset({"set_daily_budget", "set_bidding", "rotate_creative"})
_LEAST = 0.05  # smaller changes of a budget are not worth it
_DAYS = 7


@dataclass(frozen=True)
class Remedy:
    """What to do about an alert.

    Attributes:
        way: How it is done.
        words: What would be done and why, in words.
        changes: What would be put into force; `None` where the way is another.
        tuning_id: The open proposal that would be applied.
        by_hand: What only a person can do, in words.
    """

    way: Way
    words: str
    changes: Changes | None = None
    tuning_id: str | None = None
    by_hand: list[str] = field(default_factory=list[str])


def remedy_of(alert: "Alert", now: InForce, proposals: Sequence[tuple[str, Changes]]) -> Remedy:
    """What can be done about an alert, as the plan stands now.

    A line that spends beyond its plan is brought back towards it, by the plan's largest step at most; one that should
    be paused is paused. Where money, bids or ads are to move, tuning says how: the latest open proposal that was made
    since the alert was found and still fits what is in force, else a new one is to be asked for.

    Args:
        alert: With its evidence.
        now: The plan, and what of it is in force.
        proposals: Those of tuning that nobody has decided, the newest first, by id.
    """
    lines = _lines_of(alert, now)
    by_hand = [one.reason for one in alert.recommendations if one.action == "check"]
    if alert.resolved_on is not None:
        return Remedy("none", "It is over: there is nothing to do.", by_hand=by_hand)
    since = _changed_since(now, {line.id for line in lines.values()}, date.fromisoformat(alert.updated_on))
    if since is not None:
        words = f"Its lines were changed after {alert.updated_on}, which this alert does not know yet: see what comes."
        return Remedy("wait", words, by_hand=by_hand)
    made = [
        change
        for one in alert.recommendations
        if (line := lines.get(one.line_id)) is not None
        and (change := _change(alert, one.action, one.reason, line, now)) is not None
    ]
    if made:
        day = max(date.fromisoformat(alert.updated_on), now.state.as_of or now.plan.start_date)
        return Remedy("change", _in_words(made, now), Changes(as_of=day, changes=made), by_hand=by_hand)
    if not lines or all(one.action not in _MOVES_MONEY for one in alert.recommendations):
        return Remedy("by_hand", "No change of the plan mends this.", by_hand=by_hand)
    return _tuned(alert, now, proposals, by_hand)


def _tuned(alert: "Alert", now: InForce, proposals: Sequence[tuple[str, Changes]], by_hand: list[str]) -> Remedy:
    for name, proposal in proposals[:1]:
        if str(proposal.as_of) >= alert.detected_on and _fits(now, proposal):
            words = f"Apply what tuning proposed on the figures up to {proposal.as_of}, for the plan as a whole."
            return Remedy("tuning", words, proposal, name, by_hand)
    return Remedy(
        "tune", "Let tuning work out where the money does most now; nothing changes by that.", None, None, by_hand
    )


def _fits(now: InForce, proposal: Changes) -> bool:
    if not proposal.changes or proposal.as_of > now.plan.end_date:
        return False
    try:
        changed(now.plan, now.state, proposal)
    except MarketmoverError:  # it was made for another state
        return False
    return True


def _lines_of(alert: "Alert", now: InForce) -> dict[str, PlanLine]:
    """The plan's lines by the ids that the alert has for them; the plan's new lines have others on the platforms."""
    own = {line.id: line for line in now.plan.lines}
    named = {theirs: ours for entry in now.life for ours, theirs in entry.lines.items()}
    found = {name: own.get(name) or own.get(named.get(name, "")) for name in alert.line_ids}
    return {name: line for name, line in found.items() if line is not None}


def _changed_since(now: InForce, lines: set[str], day: date) -> date | None:
    """The day after which one of the lines was changed, if that is none that the alert has seen."""
    days = [
        entry.as_of
        for entry in now.standing()
        if entry.as_of >= day and any(change.line_id in lines for change in entry.changes)
    ]
    return max(days, default=None)


def _change(alert: "Alert", action: str, reason: str, line: PlanLine, now: InForce) -> Change | None:
    """What a recommendation asks for, as a change; `None` where it takes more than is known here."""
    if line.id in now.state.paused:
        return None
    if action == "pause":
        return Change(line_id=line.id, action="pause", reason=reason)
    if action != "set_daily_budget" or alert.kind != "pacing" or alert.direction != "up":
        return None
    budget = now.state.daily_budgets.get(line.id, line.daily_budget)
    share = _back_to_plan(alert, line, now)
    to = round_to_cent(budget * share, now.plan.currency)
    if share > 1.0 - _LEAST or to >= budget:
        return None
    return Change(line_id=line.id, action="set_daily_budget", before=budget, to=to, reason=reason)


def _back_to_plan(alert: "Alert", line: PlanLine, now: InForce) -> float:
    """The share of its budget at which a line would spend what was due, no less than a step takes it to."""
    from marketmover.campaigns.tuning.bounds import step_of
    from marketmover.plans import Limits

    seen = {one.line_id: one for one in alert.evidence}
    named = {ours: theirs for entry in now.life for ours, theirs in entry.lines.items()}
    one = seen.get(line.id) or seen.get(named.get(line.id, ""))
    if one is None or one.expected is None:
        return 1.0
    spent = [day.cost for day in one.days if day.in_trouble][-_DAYS:]
    mean = sum(spent) / len(spent) if spent else 0.0
    if mean <= 0 or one.expected.mid <= 0:
        return 1.0
    least = 1.0 - step_of(now.plan.limits or Limits())
    return max(min(one.expected.mid / mean, 1.0), least)


def _in_words(made: Sequence[Change], now: InForce) -> str:
    names: Mapping[str, str] = {line.id: line.name or line.id for line in now.plan.lines}
    currency = now.plan.currency
    parts = [
        f"{names[one.line_id]} is paused"
        if one.action == "pause"
        else f"{names[one.line_id]} gets {one.to:,.2f} {currency} a day instead of {one.before:,.2f}"
        for one in made
    ]
    return f"{'; '.join(parts)}. The platforms get it at once, and it can be taken back."
