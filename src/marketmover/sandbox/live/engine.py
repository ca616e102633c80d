"""A live window of a simulated market: lived day by day, changed on the way, and asked what it was worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.errors import UsageError
from marketmover.sandbox.arrays import Bools, Floats
from marketmover.sandbox.live.books import Books, LateOnes
from marketmover.sandbox.live.changing import read_change
from marketmover.sandbox.live.events import Shift
from marketmover.sandbox.live.settings import Settings
from marketmover.sandbox.live.troubles import Benign, Trouble
from marketmover.sandbox.live.world import World
from marketmover.sandbox.market import Market, worth
from marketmover.sandbox.models.market_day import Flow
from marketmover.sandbox.outcome import METRICS, Outcome


class Live:
    """A window of a market after its history. All its figures are simulated.

    Made by `start_live`. Days are lived once, in order; what is applied counts from the day after the last one lived.

    Attributes:
        market: The market, with lines that the plan adds.
        world: What would happen, whatever is run.
        seed: Of the window.
        troubles: What goes wrong; one that a change cured ends the day before it.
        planned: The plan's lines: their ids in the plan, and as the platforms name them (new lines get ids of theirs).
        lived: How many days have been lived.
    """

    def __init__(
        self, market: Market, world: World, settings: Settings, *, seed: int, troubles: Sequence[Trouble],
        shifts: Sequence[Shift], pace: tuple[float, float], planned: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.market, self.world, self.seed = market, world, seed
        self.troubles: list[Trouble] = list(troubles)
        self.settings = settings
        self.planned = dict(planned)
        self.lived = 0
        self.flows: list[Flow] = []
        self._budgets = np.repeat(settings.budgets[:, None], world.days, axis=1)
        self._paused = np.repeat(settings.paused[:, None], world.days, axis=1)
        self._state = world.begin
        self._shifts = list(shifts)
        self._happened: list[Benign] = []
        counted = world.effects(self.troubles).counted
        key = (market.setting.seed, seed)
        self.books = Books(world.line_ids, world.days, counted, market.setting.currency, pace, key)
        gap = world.at - market.setting.days
        self.late = LateOnes(market.ledger, world.truth.lag, gap, counted, key)

    @property
    def first_date(self) -> date:
        """The window's first day."""
        return self.world.first

    @property
    def last_date(self) -> date:
        """The window's last day."""
        return self.world.first + timedelta(self.world.days - 1)

    @property
    def budgets(self) -> Floats:
        """Daily budgets as set, of the days lived, shape (all lines, days lived); paused lines keep theirs."""
        return self._budgets[:, : self.lived]

    @property
    def paused(self) -> Bools:
        """Whether a line was paused, shape as `budgets`."""
        return self._paused[:, : self.lived]

    def set_until(self, day: int) -> tuple[Floats, Bools]:
        """Budgets and pauses from the first day to `day`, shape (all lines, day + 1); ahead, as they are set now."""
        return self._budgets[:, : day + 1], self._paused[:, : day + 1]

    @property
    def line_ids(self) -> list[str]:
        """Lines that can be given money."""
        return self.market.line_ids

    def day_of(self, day: date) -> int:
        """A day of the window as its place in it.

        Raises:
            UsageError: It lies outside of the window.
        """
        place = (day - self.first_date).days
        if not 0 <= place < self.world.days:
            raise UsageError(f"{day} is not in the live window, {self.first_date} to {self.last_date}.")
        return place

    def live_until(self, day: date) -> None:
        """Live all days up to `day`, which is included; those that were lived stay as they were."""
        for _ in range(self.day_of(day) + 1 - self.lived):
            self._live_day()

    def apply(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """Change what runs from the next day on; all of `changes` or, where one is wrong, none.

        Args:
            changes: As in `changes.json` (contract: plan): `line_id`, `action`, `to`. `rotate_creative` without `to` is
                a fresh ad that says what the old one said: it starts a learning phase, and ends a decay of the click
                rate.

        Raises:
            UsageError: A line or an action is not known, or a value cannot be what it is; or the window is over.
        """
        if self.lived >= self.world.days:
            raise UsageError(f"The live window ended on {self.last_date}: nothing can be changed any more.")
        named = [
            {**change, "line_id": self.planned.get(str(change.get("line_id")), change.get("line_id"))}
            for change in changes
        ]
        asked = [read_change(change, self.line_ids) for change in named]
        settings, world = self.settings.changed(asked, self.world, self.market, self.world.at + self.lived)
        self.settings, self.world = settings, world
        self._set_ahead()
        day = self.first_date + timedelta(self.lived)
        fresh = [one.line_id for one in asked if one.action == "rotate_creative"]
        self.troubles = [_cured(one, fresh, day) for one in self.troubles]

    def export(self, day: date, folder: Path, *, whole: bool = False) -> dict[str, int]:
        """Write what can be pulled at the end of `day`: see `exporting.write_pull`."""
        from marketmover.sandbox.live.exporting import write_pull

        return write_pull(self, day, folder, whole=whole)

    def state(self) -> dict[str, Any]:
        """What is in force for the plan's lines, in the form of `state.json` (contract: plan), under the plan's ids."""
        places = [(line, self.world.line_ids.index(name)) for line, name in self.planned.items()]
        day = self.first_date + timedelta(self.lived - 1)
        return {
            "as_of": day.isoformat(),
            "daily_budgets": {line: round(float(self.settings.budgets[at]), 2) for line, at in places},
            "paused": [line for line, at in places if self.settings.paused[at]],
        }

    def outcome(self) -> Outcome:
        """What was really to be expected of what was run in the days lived, chance of the world and troubles included.

        Conversions count on the day of their click, however late they come in, and whether they were counted or not.
        """
        return self._outcome(self.flows)

    def without(self, troubles: Iterable[Trouble]) -> Outcome:
        """What the same budgets would have been expected to earn had some of the window's troubles not come."""
        spared = {one.name for one in troubles}
        rest = [one for one in self.troubles if one.name not in spared]
        flow = self.world.run(np.where(self.paused, 0.0, self.budgets), rest)
        return self._outcome([Flow(*(values[:, day] for values in flow)) for day in range(self.lived)])

    def benign(self) -> list[Benign]:
        """What happened in the days lived and is no trouble, apart from the calendar."""
        return list(self._happened)

    def _live_day(self) -> None:
        day, at = self.lived, self.world.at + self.lived
        for shift in (one for one in self._shifts if one.day == day):
            self._shift(shift)
        self._refresh(at)
        budgets = np.where(self._paused[:, day], 0.0, self._budgets[:, day])
        effects = self.world.effects(self.troubles)
        self._state, flow = self.world.day(self._state, budgets, effects, day)
        self.flows.append(flow)
        self.books.keep(self.world.truth, flow, day, at)
        self.lived += 1

    def _shift(self, shift: Shift) -> None:
        """The client moves money from one line to another, as was planned all along."""
        giver, taker = (self.world.line_ids.index(line) for line in (shift.giver, shift.taker))
        budgets = self.settings.budgets
        if self.settings.paused[[giver, taker]].any() or budgets[giver] <= 0.0:
            return
        moved = round(float(shift.share * budgets[giver]), 0 if self.books.unit > 1 else 2)
        new = budgets.copy()
        new[giver], new[taker] = new[giver] - moved, new[taker] + moved
        self.settings = replace(self.settings, budgets=new)
        self._set_ahead()
        day = self.first_date + timedelta(self.lived)
        words = f"the client moves {moved:,.2f} a day from one line to another; both may learn for some days"
        lines = (shift.giver, shift.taker)
        self._happened.append(Benign("budget_change", lines, day, day + timedelta(6), words))

    def _refresh(self, at: int) -> None:
        """Lines whose creative is new on this day get new ads that say what theirs said."""
        fresh = np.flatnonzero(self.world.truth.refresh[:, at])
        running = [int(place) for place in fresh if place in self.market.enabled]
        self.settings = self.settings.refreshed(running, at)
        day = self.first_date + timedelta(at - self.world.at)
        for place in running:
            if not self.settings.paused[place]:
                words = "a new ad takes the place of the old one"
                self._happened.append(Benign("creative_refresh", (self.world.line_ids[place],), day, day, words))

    def _set_ahead(self) -> None:
        """What is set now holds for all days ahead."""
        self._budgets[:, self.lived :] = self.settings.budgets[:, None]
        self._paused[:, self.lived :] = self.settings.paused[:, None]

    def _outcome(self, flows: Sequence[Flow]) -> Outcome:
        enabled = self.market.enabled
        expected = {
            metric: sum((worth(self.world.truth, flow, metric)[enabled] for flow in flows), np.zeros(len(enabled)))
            for metric in METRICS
        }
        return Outcome(tuple(self.line_ids), expected, {})


def _cured(trouble: Trouble, fresh: Sequence[str], day: date) -> Trouble:
    """A decay of the click rate ends on lines whose creative is fresh; one to come is of another creative."""
    hit = trouble.kind == "click_rate" and trouble.first < day <= trouble.last
    return trouble.cured_from(fresh, day) if hit and set(fresh).intersection(trouble.lines) else trouble
