"""How the lines of a live window are set: budgets, pauses, audiences, bidding, ads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from marketmover.errors import UsageError
from marketmover.sandbox.arrays import Bools, Floats
from marketmover.sandbox.asked import PlanLine, asked_of
from marketmover.sandbox.changed import changed_from
from marketmover.sandbox.lines import Ad, Run, SimulatedLine
from marketmover.sandbox.live.changing import Asked
from marketmover.sandbox.live.targets import bid_asked, bidding_towards
from marketmover.sandbox.live.world import World
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.parameters import Parameters
from marketmover.sandbox.models.spells import parameters_on

OPEN_END = 10_000
"""A last day that has not come yet, on the time axis of the history."""


@dataclass(frozen=True)
class Settings:
    """What is set now.

    Attributes:
        budgets: Daily budgets, shape (all lines,); paused lines keep theirs.
        paused: Whether a line is paused, shape (all lines,).
        lines: All lines with their ads and spells so far; days on the time axis of the history.
    """

    budgets: Floats
    paused: Bools
    lines: tuple[SimulatedLine, ...]

    def changed(self, changes: Iterable[Asked], world: World, market: Market, day: int) -> tuple["Settings", World]:
        """What is set after `changes`, and the world in which that is so from `day` (on the time axis) on.

        Raises:
            UsageError: A line cannot be what is asked of it.
        """
        budgets, paused, settings = self.budgets.copy(), self.paused.copy(), self
        for change in changes:
            place = world.line_ids.index(change.line_id)
            if change.action == "set_daily_budget":
                budgets[place] = change.to
            elif change.action in {"pause", "resume"}:
                paused[place] = change.action == "pause"
            else:
                wanted: PlanLine = {"id": change.line_id, **_part(change)}
                settings, world = settings.asked(wanted, world, market, day)
            if change.action == "rotate_creative":
                world = _marked(_marked(world, "refresh", place, day), "retargeted", place, day)
        return replace(settings, budgets=budgets, paused=paused), world

    def asked(self, wanted: PlanLine, world: World, market: Market, day: int) -> tuple["Settings", World]:
        """One line set as a plan's line asks from `day` on, budgets apart."""
        place = world.line_ids.index(str(wanted["id"]))
        line = self.lines[place]
        seen = replace(market, lines=self.lines, setting=replace(market.setting, days=day))
        now, then = parameters_on(line, day - 1), asked_of(seen, place, wanted)
        bid = bid_asked(seen, place, wanted, then.bidding)
        if now == then and bid == line.runs[-1].target:
            return self, world
        world = bidding_towards(bid, world, seen, place, then.bidding, self.budgets)
        truth = changed_from(world.truth, market.effects, place, (now, then), day)
        lines = [*self.lines]
        lines[place] = _set(line, now, then, day, bid)
        return replace(self, lines=tuple(lines)), replace(world, truth=truth)

    def refreshed(self, places: Iterable[int], day: int) -> "Settings":
        """New ads from `day` on that say what the ones before said; where they are new already they stay."""
        lines = [*self.lines]
        for place in places:
            newest = [ad for ad in lines[place].ads if ad.first == day]
            messages = tuple(ad.message for ad in lines[place].ads if ad.first < day <= ad.last)
            lines[place] = lines[place] if newest else _with_ads(lines[place], messages, day)
        return replace(self, lines=tuple(lines))


def _part(change: Asked) -> dict[str, Any]:
    """What a change asks for, as the part of a plan's line."""
    if change.action == "set_bidding":
        return {"bidding": change.to}
    if change.action == "set_audience":
        return {"audience": change.to}
    return {"creative": {"headline": change.to} if isinstance(change.to, str) else change.to}


def _marked(world: World, name: str, place: int, day: int) -> World:
    path = getattr(world.truth, name).copy()
    path[place, day] = True
    return replace(world, truth=replace(world.truth, **{name: path}))


def _set(line: SimulatedLine, now: Parameters, then: Parameters, day: int, target: float | None) -> SimulatedLine:
    """A line with a new spell where its people or bidding change, and new ads where they say something else."""
    if (then.messages, then.ad_type) != (now.messages, now.ad_type):
        line = _with_ads(line, then.messages, day)
    run = Run(day, then.age_min, then.age_max, then.genders, then.bidding, target)
    if run != line.runs[-1]._replace(first=day):
        line = replace(line, runs=(*(one for one in line.runs if one.first < day), run))
    topics = {"keywords" if then.ad_type == "SEARCH" else "interests": then.topics} if then.topics != now.topics else {}
    return replace(line, ad_type=then.ad_type, **cast("Mapping[str, Any]", topics))


def _with_ads(line: SimulatedLine, messages: tuple[str, ...], day: int) -> SimulatedLine:
    """New ads from `day` on; those that ran until then end."""
    ended = tuple(ad._replace(last=day - 1) if ad.first < day <= ad.last else ad for ad in line.ads if ad.first < day)
    return replace(line, ads=(*ended, *(Ad(day, OPEN_END, message) for message in messages)), messages=messages)


def opened(market: Market, at: int) -> tuple[SimulatedLine, ...]:
    """All lines of a market; of those that run, ads and the line itself go on with no end yet."""
    enabled = {int(place) for place in market.enabled}
    return tuple(_opened(line, at) if place in enabled else line for place, line in enumerate(market.lines))


def _opened(line: SimulatedLine, at: int) -> SimulatedLine:
    newest = max((ad.last for ad in line.ads), default=0)
    ads = tuple(ad._replace(last=OPEN_END) if ad.last == newest else ad for ad in line.ads)
    return replace(line, ads=ads, last_day=OPEN_END, first_day=min(line.first_day, at))


def budgets_of(market: Market, given: Mapping[str, float], eve: Floats, paused: Iterable[str]) -> tuple[Floats, Bools]:
    """Daily budgets and pauses of all lines, shape (lines,); lines that get nothing keep what they had and are paused.

    Args:
        market: The market.
        given: Daily budgets by line.
        eve: What was set on the day before, shape (lines,).
        paused: Lines that have a budget and do not run.

    Raises:
        UsageError: A line is not known, or a budget is negative or not a number.
    """
    places = dict(zip(market.line_ids, (int(place) for place in market.enabled), strict=True))
    paused = set(paused)
    unknown = sorted((set(given) | paused) - set(places))
    if unknown:
        raise UsageError(f"The sandbox has no running line '{unknown[0]}'.", "Is the plan for this market?")
    budgets, off = eve.copy(), np.ones(len(market.lines), np.bool_)
    for line, amount in given.items():
        if not np.isfinite(amount) or amount < 0.0:
            raise UsageError(f"{line}: {amount} is no daily budget.", "Give an amount of 0 or more.")
        if amount > 0.0:
            budgets[places[line]], off[places[line]] = amount, line in paused
    return budgets, off
