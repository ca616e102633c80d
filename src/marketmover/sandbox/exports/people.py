"""Who saw a line's ads, and who became a lead: what breakdowns and facts by ad follow from, day by day."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.exports.creatives import ShownAd
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.parameters import CELLS, Parameters, meaning_of, message_yields
from marketmover.sandbox.models.spells import parameters_on
from marketmover.sandbox.streams import stream

_UNEVEN = 0.1


class Parts(NamedTuple):
    """Parts of a line by day, shape (days, parts): weight of impressions, and how well they convert over the mean."""

    shown: Floats
    converting: Floats

    def together(self, groups: Sequence[Sequence[int]]) -> "Parts":
        """Parts added up."""
        shown = np.stack([self.shown[:, list(group)].sum(axis=1) for group in groups], axis=1)
        took = np.stack([(self.shown * self.converting)[:, list(group)].sum(axis=1) for group in groups], axis=1)
        return Parts(shown, took / np.maximum(shown, 1e-12))


def cells_of(market: Market, place: int, days: range) -> Parts:
    """A line's parts by age and gender, in the order of `CELLS`; delivery is uneven beyond what any rule says."""
    line, plain = market.lines[place], float(market.truth.plain_yields[place])
    uneven = np.exp(stream(market.setting.seed, "cells of people", line.id).normal(0.0, _UNEVEN, len(CELLS)))

    @lru_cache(maxsize=64)
    def of(asked: Parameters) -> tuple[Floats, Floats]:
        meant = meaning_of(asked, market.effects, plain)
        return meant.shown * uneven, meant.converting

    found = [of(parameters_on(line, _within(market, place, day))) for day in days]
    return Parts(*(np.stack(one) for one in zip(*found, strict=True)))


def ads_of_days(market: Market, place: int, ads: Sequence[ShownAd], days: range) -> Parts:
    """A group's parts by ad: those that run on a day share it equally, and convert as what they say does."""
    line = market.lines[place]
    shown, converting = np.zeros((len(days), len(ads))), np.ones((len(days), len(ads)))
    for row, day in enumerate(days):
        run = [at for at, ad in enumerate(ads) if ad.first <= day <= ad.last]
        if run:
            shown[row, run] = 1.0
            converting[row, run] = message_yields(parameters_on(line, _within(market, place, day)), market.effects)
    return Parts(shown, converting)


def _within(market: Market, place: int, day: int) -> int:
    """The day, or the nearest one on which the line ran."""
    line = market.lines[place]
    return int(np.clip(day, line.first_day, min(line.last_day, market.setting.days - 1)))
