"""How far each line's daily budget may go: steps, learning phases, delivery, and what a person asks for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from marketmover.campaigns.compose.words import day
from marketmover.campaigns.tuning.costs import Dear
from marketmover.campaigns.tuning.rails import OVER_PACE, Breach
from marketmover.campaigns.tuning.standing import Running, Standing
from marketmover.kit import counted
from marketmover.plans import CampaignLimit, Limits, LineLimit, PlatformLimit

USUAL_STEP = 0.3
"""The largest change of a daily budget within a week, unless the limits say otherwise."""

_SURENESS = 0.7  # a step within a running plan can be taken back next week, a plan cannot
_WAIT_DAYS = 10  # a stop that lasts longer is taken to last


@dataclass(frozen=True)
class Room:
    """How far a line's daily budget may go, in major units.

    Attributes:
        low, high: Bounds.
        least, most: Bounds of the largest step, which not even the sum may break.
        held: Why it stays as it is; empty where it may move.
        may_stop: Whether it may be paused.
        short: What it really spends over its budget, where it cannot spend it.
        locked: Whether not even the sum may move it.
        dear: What its results cost, where that is so much that it gets no more money.
    """

    low: float
    high: float
    held: str = ""
    may_stop: bool = False
    short: float | None = None
    locked: bool = False
    dear: Dear | None = None
    least: float = 0.0
    most: float = 0.0


def step_of(limits: Limits) -> float:
    """The largest change of a daily budget within a week, as a share."""
    return USUAL_STEP if limits.weekly_change is None else limits.weekly_change


def rooms(
    standing: Standing,
    limits: Limits,
    untracked: Collection[str],
    breaches: Mapping[str, Breach],
    dear: Mapping[str, Dear],
) -> dict[str, Room]:
    """The room of each line. Those in `dear` may give money, and get none; those in `untracked` stay."""
    step = step_of(limits)
    found: dict[str, Room] = {}
    for line in standing.lines:
        off = line.id in untracked and line.now > 0
        breach = breaches.get(line.id)
        room = _untracked(line, limits) if off else _room(line, limits, breach, step)
        least, most = line.step(step)
        if off or room.locked or line.unseen or line.stalled or breach:  # not even the sum may add to it
            most = max(min(room.high, line.now), least)
        found[line.id] = replace(room, least=least, most=most, low=max(room.low, least), high=max(room.high, least))
    for line in standing.lines:
        pool = line.source.shared_budget if line.source is not None else None
        if pool is not None and found[line.id].held:
            for other in standing.lines:
                if other.source is not None and other.source.shared_budget == pool and not found[other.id].held:
                    why = "it shares a budget with a line that is held"
                    found[other.id] = Room(other.now, other.now, why)
    for line in standing.lines:
        if line.id in dear:
            room = found[line.id]
            found[line.id] = replace(room, high=min(room.high, line.now), dear=dear[line.id])
    return found


def unseen_words(line: Running) -> str:
    """That a line waits until the exports show it deliver."""
    what = (
        "the exports do not know it yet: look whether it is published"
        if line.source is None
        else "it has not delivered yet: look whether it is switched on"
    )
    return f"{what}; it gets no more money until it is seen to deliver"


def _untracked(line: Running, limits: Limits) -> Room:
    limit = limits.lines.get(line.id) or limits.lines.get(line.plan_line.id)
    why = "its results stopped being counted while clicks go on: look at the tracking first"
    return Room(line.now, line.now, why, locked=limit is not None and limit.locked is not None)


def _room(line: Running, limits: Limits, breach: Breach | None, step: float) -> Room:
    limit = limits.lines.get(line.id) or limits.lines.get(line.plan_line.id)
    if line.paused:
        return Room(0.0, 0.0, "it is paused")
    if line.now <= 0:
        return Room(0.0, 0.0, "the plan gives it no money")
    if limit is not None and limit.locked is not None:
        return Room(line.now, line.now, "the limits lock its budget", locked=True)
    may_stop = breach is not None and breach.rail == "cost" and (limit is None or not limit.min)
    if line.unseen and line.stalled <= _WAIT_DAYS:
        return Room(line.now, line.now, unseen_words(line))
    if line.learning_until is not None and not may_stop:
        return Room(line.now, line.now, f"in its learning phase until {day(line.learning_until)}")
    low, high = line.step(step)
    if line.learning_until is not None:
        high = line.now
    if 0 < line.stalled <= _WAIT_DAYS:
        why = f"it has hardly delivered for {counted(line.stalled, 'day')}: look into it; its budget waits for it"
        return Room(line.now, line.now, why)
    if line.short is not None:
        top = max(line.short * line.now * 1.1, low)
        return Room(low, min(high, top), may_stop=may_stop, short=line.short)
    if breach is not None and breach.rail == "pace":
        high = max(line.now / max(line.pace or OVER_PACE, 1.0), low)
    return Room(low, high, may_stop=may_stop)


def limits_left(limits: Limits, standing: Standing, found: Mapping[str, Room], stops: bool = True) -> Limits:
    """The limits for the money and days that are left, with every line's room among them.

    Args:
        limits: A person's, for the whole plan.
        standing: What was spent so far.
        found: The lines' room.
        stops: Whether lines that may stop may do so.
    """
    days = standing.days_left
    lines: dict[str, LineLimit] = {}
    for line in standing.lines:
        room = found[line.id]
        asked = limits.lines.get(line.id) or limits.lines.get(line.plan_line.id) or LineLimit()
        low = 0.0 if room.may_stop and stops else room.low * days
        low = max(low, min((asked.min or 0.0) - line.spent, room.high * days))
        high = room.high * days if asked.max is None else min(room.high * days, max(asked.max - line.spent, 0.0))
        lines[line.id] = LineLimit(min=round(max(min(low, high), 0.0), 4), max=round(high, 4))
    return limits.model_copy(
        update={
            "lines": lines,
            "campaigns": _campaigns(limits, standing),
            "platforms": _platforms(limits, standing),
            "weekly_change": None,
            "spend": None,
            "weekly_results": 0.0,
            "even_platforms": 0.0,
            "sureness": _SURENESS if limits.sureness is None else limits.sureness,
        }
    )


def _campaigns(limits: Limits, standing: Standing) -> dict[str, CampaignLimit]:
    found: dict[str, CampaignLimit] = {}
    for line in standing.lines:
        name = ":".join(line.id.split(":")[:2])
        asked = limits.campaigns.get(name) or limits.campaigns.get(line.plan_line.campaign_id or "")
        if asked is None or name in found:
            continue
        members = [one for one in standing.lines if one.id.startswith(f"{name}:")]
        spent = sum(one.spent for one in members)
        low, high = (asked.locked, asked.locked) if asked.locked is not None else (asked.min, asked.max)
        found[name] = CampaignLimit(
            min=None if low is None else max(low - spent, 0.0), max=None if high is None else max(high - spent, 0.0)
        )
    return found


def _platforms(limits: Limits, standing: Standing) -> dict[str, PlatformLimit]:
    left, total = standing.left, standing.plan.total_budget
    found: dict[str, PlatformLimit] = {}
    for name, asked in limits.platforms.items():
        members = [line for line in standing.lines if line.plan_line.platform == name]
        spent = sum(line.spent for line in members)
        if not members or left <= 0:
            continue
        low, high = (
            None if share is None else min(max((share * total - spent) / left, 0.0), 1.0)
            for share in (asked.min_share, asked.max_share)
        )
        found[name] = PlatformLimit(min_share=low, max_share=high)
    return found
