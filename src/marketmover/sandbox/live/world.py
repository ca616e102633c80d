"""The world of a live window: the market's truth with the chance that came, under any budgets and troubles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.live.troubles import Effects, Trouble, effects_of
from marketmover.sandbox.models.bid_targets import spendable_share
from marketmover.sandbox.models.market_day import Flow, State, live_day
from marketmover.sandbox.models.shocks import Process, draw_after
from marketmover.sandbox.streams import stream
from marketmover.sandbox.truth import Truth


@dataclass(frozen=True)
class World:
    """What would happen in a window, whatever is run in it: equal budgets and troubles give equal figures.

    Attributes:
        truth: The market's truth, with the chance of the window in `shock`.
        begin: The state at the start of the window's first day.
        line_ids: All lines, ended ones included.
        first: The window's first day.
        at: Its place on the time axis of the truth.
        days: How many days it has.
        most: What a conversion may cost on average by the targets set in the window, shape (all lines, days); infinite
            where none binds.
    """

    truth: Truth
    begin: State
    line_ids: tuple[str, ...]
    first: date
    at: int
    days: int
    most: Floats

    def effects(self, troubles: Sequence[Trouble]) -> Effects:
        """What troubles do in this window."""
        return effects_of(troubles, self.line_ids, self.first, self.days)

    def day(self, state: State, budgets: Floats, effects: Effects, day: int) -> tuple[State, Flow]:
        """One day of the window (from 0 on) under budgets of shape (lines,), shocks and troubles included."""
        at, part = self.at + day, slice(self.at + day, self.at + day + 1)
        clicks = effects.clicks[:, day]
        truth = replace(
            self.truth,
            price=_with(self.truth.price, part, effects.price[:, day]),
            shock=_with(self.truth.shock, part, clicks * effects.conversions[:, day]),
        )
        paced = effects.paced[:, day]

        def cost(shares: Floats) -> Floats:
            _, tried = live_day(truth, truth.curves, state, budgets, at, paced=paced * shares)
            return tried.spend / np.maximum(tried.conversions, 1e-9)

        paced = paced * spendable_share(self.most[:, day], cost)
        state, flow = live_day(truth, truth.curves, state, budgets, at, paced=paced)
        return state, flow._replace(clicks=flow.clicks * clicks)

    def run(self, budgets: Floats, troubles: Sequence[Trouble]) -> Flow:
        """The window's first days under budgets of shape (lines, days), flows of the same shape."""
        effects, state, flows = self.effects(troubles), self.begin, list[Flow]()
        for day in range(budgets.shape[1]):
            state, flow = self.day(state, budgets[:, day], effects, day)
            flows.append(flow)
        return Flow(*(np.stack(parts, axis=-1) for parts in zip(*flows, strict=True)))


def _with(path: Floats, part: slice, factor: Floats) -> Floats:
    """A path of shape (lines, all days) times a factor on the days of `part`."""
    changed = path.copy()
    changed[:, part] *= factor[:, None]
    return changed


def with_chance(truth: Truth, platform: Ints, after: int, days: int, seed: tuple[int, int]) -> Truth:
    """The truth with what chance brings in the `days` after the place `after`: platforms, lines, and slow drift.

    The same processes as in the history, drawn from there on; rivals are troubles, and are not drawn here.

    Args:
        truth: The truth, in which the future is as expected.
        platform: Each line's platform, as its place in `PLATFORMS`.
        after: The first day of the future.
        days: How far chance is drawn.
        seed: The market's and the window's.
    """
    names = ("platform_shock", "line_shock", "drift")
    paths: list[Floats] = []
    for name in names:
        process = Process(float(getattr(truth, f"{name}_sd")[()]), float(getattr(truth, f"{name}_memory")[()]))
        series = 2 if name == "platform_shock" else len(platform)
        paths.append(draw_after(process, (series, days), stream(seed[0], "live", str(seed[1]), name)))
    shared, own, drift = paths
    shock = truth.shock.copy()
    shock[:, after : after + days] *= shared[platform] * own * drift
    return replace(truth, shock=shock)
