"""Begins a live window of a market."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np

from marketmover.errors import UsageError
from marketmover.plans import Plan
from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.exports.account import budget_at
from marketmover.sandbox.exports.crm import Leads
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.live.drawing import Draw, usual_count
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.events import Shift, draw_shifts
from marketmover.sandbox.live.plans import InForce, plan_in_force, read_plan
from marketmover.sandbox.live.settings import Settings, budgets_of, opened
from marketmover.sandbox.live.troubles import Trouble
from marketmover.sandbox.live.world import World, with_chance
from marketmover.sandbox.market import Market
from marketmover.sandbox.new_lines import with_new_lines
from marketmover.sandbox.streams import stream
from marketmover.sandbox.world import FUTURE_DAYS, platform_index

DAYS = 28
"""Days of a window where no plan says how many."""

MOST_DAYS = 200
"""Days that a window has at most where its troubles are drawn, which takes ever longer; given ones may be of more."""


def start_live(
    market: Market,
    plan: Plan | InForce | Mapping[str, float] | Path,
    start: date | None = None,
    days: int | None = None,
    seed: int = 1,
    *,
    troubles: int | Sequence[Trouble] | None = None,
    shock: bool = False,
    shifts: bool = True,
) -> Live:
    """A live window of `market` on a plan. The same arguments give the same world, whatever is then changed in it.

    Args:
        market: The market; it stays as it is.
        plan: A plan, a folder with `plan.json` (and `state.json`), or daily budgets by line. Lines that get nothing are
            paused on the first day.
        start: The first day; by default the plan's, else the day after the history. Between the history and it the
            status quo goes on.
        days: How many days; by default the plan's, else 28.
        seed: Of the window's chance and troubles.
        troubles: How many, or which; by default three to five for 14 lines over 28 days, in proportion for others.
        shock: One large trouble that lasts, instead of the usual ones.
        shifts: Whether the client moves money between lines now and then, as was planned; no trouble.

    Raises:
        UsageError: A line or a budget is wrong, or the window lies before the history's end or too far after it.
        NotFoundError, InputError: The plan's folder cannot be read.
    """
    asked = _in_force(plan)
    first = start or asked.first or market.last_date + timedelta(1)
    length = days or _days_of(asked, first)
    at = (first - market.setting.first_date).days
    _check(market, first, at, length, FUTURE_DAYS if isinstance(troubles, Sequence) else MOST_DAYS)
    grown, named = _with_new_lines(market, asked)
    world = _world(grown, at, length, seed)
    settings, world = _settings(grown, world, asked, named)
    budgets = np.repeat(np.where(settings.paused, 0.0, settings.budgets)[:, None], length, axis=1)
    planted = _troubles(grown, world, budgets, troubles, shock=shock, seed=seed)
    world = _without_refresh(world, planted)
    moved = _shifts(world, budgets[:, 0], planted, (market.setting.seed, seed)) if shifts else []
    pace = Leads(market).pace
    ids = {line: named.get(line, line) for line in asked.daily_budgets}
    return Live(grown, world, settings, seed=seed, troubles=planted, shifts=moved, pace=pace, planned=ids)


def _in_force(plan: Plan | InForce | Mapping[str, float] | Path) -> InForce:
    if isinstance(plan, InForce):
        return plan
    if isinstance(plan, Path):
        return read_plan(plan)
    return plan_in_force(plan) if isinstance(plan, Plan) else InForce(dict(plan))


def _days_of(asked: InForce, first: date) -> int:
    return (asked.last - first).days + 1 if asked.last is not None and asked.last >= first else DAYS


def _check(market: Market, first: date, at: int, days: int, most_days: int) -> None:
    if at < market.setting.days:
        raise UsageError(
            f"A live window cannot begin on {first}: the history goes to {market.last_date}.",
            f"Begin on {market.last_date + timedelta(1)} or later.",
        )
    if not 1 <= days <= most_days or at + days > market.setting.days + FUTURE_DAYS:
        last = market.last_date + timedelta(FUTURE_DAYS)
        raise UsageError(
            f"A live window of {days} days from {first} on cannot be simulated.",
            f"Choose 1 to {most_days} days that end by {last}.",
        )


def _with_new_lines(market: Market, asked: InForce) -> tuple[Market, dict[str, str]]:
    """The market with the lines that a plan adds, under ids as the platforms give them, and these by the plan's ids."""
    new = [line for line in asked.lines if line.get("is_new")]
    grown = with_new_lines(market, new) if new else market
    lines, named = [*grown.lines], dict[str, str]()
    for place in range(len(market.lines), len(lines)):
        line = lines[place]
        campaign, group = (numeric_id(line.id, what, digits=11) for what in ("campaign", "group"))
        told = {
            "id": f"{line.platform}:{campaign}:{group}",
            "campaign_id": campaign,
            "group_ids": (group,),
            "group_names": ("New",),
            "budget_id": numeric_id(line.id, "budget", digits=11),
            "budget_level": "campaign" if line.platform == "google_ads" else "ad_set",
            **asked.served.get(line.id, {}),
        }
        named[line.id] = str(told["id"])
        lines[place] = replace(line, **cast("dict[str, Any]", told))
    return replace(grown, lines=tuple(lines)), named


def _world(market: Market, at: int, days: int, seed: int) -> World:
    first, ahead = market.setting.days, at + days - market.setting.days
    key = (market.setting.seed, seed)
    truth = with_chance(market.truth, platform_index(market.lines), first, ahead, key)
    begin = replace(market, truth=truth).state_before(at)
    ids = tuple(line.id for line in market.lines)
    most = np.full((len(ids), days), np.inf)
    return World(truth, begin, ids, market.setting.first_date + timedelta(at), at, days, most)


def _settings(market: Market, world: World, asked: InForce, named: Mapping[str, str]) -> tuple[Settings, World]:
    """What is set on the first day, and the world in which the plan's audiences, bidding and messages are so."""
    eve = np.array([_eve(market, place) for place in range(len(market.lines))])
    budgets = {named.get(line, line): amount for line, amount in asked.daily_budgets.items()}
    off = {named.get(line, line) for line in asked.paused}
    settings = Settings(*budgets_of(market, budgets, eve, off), opened(market, world.at))
    for line in asked.lines:
        if not line.get("is_new"):
            settings, world = settings.asked(line, world, market, world.at)
    return settings, world


def _eve(market: Market, place: int) -> float:
    """The budget that stood on a line at the end of the history."""
    return budget_at(market, place, market.setting.days - 1)


def _troubles(
    market: Market, world: World, budgets: Floats, wanted: int | Sequence[Trouble] | None, *, shock: bool, seed: int
) -> list[Trouble]:
    if isinstance(wanted, Sequence):
        return list(wanted)
    rng = stream(market.setting.seed, "live troubles", str(seed))
    draw = Draw(world, budgets, platform_index(market.lines), rng)
    if shock:
        return draw.shock()
    return draw.some(usual_count(len(draw.running), world.days, rng) if wanted is None else wanted)


def _without_refresh(world: World, troubles: Sequence[Trouble]) -> World:
    """The world in which nobody happens to refresh a creative whose click rate is decaying."""
    refresh = world.truth.refresh.copy()
    for one in troubles:
        if one.kind == "click_rate":
            places = [world.line_ids.index(line) for line in one.lines]
            days = slice(
                world.at + max((one.first - world.first).days, 0), world.at + (one.last - world.first).days + 1
            )
            refresh[places, days] = False
    return replace(world, truth=replace(world.truth, refresh=refresh))


def _shifts(world: World, budgets: Floats, troubles: Sequence[Trouble], seed: tuple[int, int]) -> list[Shift]:
    rng = stream(seed[0], "live shifts", str(seed[1]))
    return draw_shifts(world.line_ids, budgets, world.days, troubles, world.first, rng)
