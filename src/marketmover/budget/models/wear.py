"""Creative fatigue: what a line loses as its people see the same ads again, and wins back with a new creative.

A line's exposure is its spend over reference spend, cumulated since its creatives were new; a new ad that takes over a
share of the line takes that share of the exposure away. At an exposure of `x` days at reference spend the log rate is
lower by `depth * (1 - exp(-x / span))`, where depths are nothing unless the account says otherwise. What speaks for it
are the jumps at refreshes and the falls between them, through the filter of the level, so that a level that merely
drifts is not taken for wear.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.level import Gains, innovations
from marketmover.budget.models.spiked import TRUST, Spike, Spiked, spiked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

_SPANS = np.array([8.0, 16.0, 32.0, 64.0])
_DEPTHS = np.linspace(0.04, 0.64, 16)
_SPIKE = Spike.of(np.repeat(_DEPTHS, len(_SPANS)), usual=0.25, nothing=0.7, convincing=0.5)
_USUAL_INTERVAL = 60.0  # days between refreshes, where little is known
_PRIOR_REFRESHES = 3.0
_NEW = 0.3  # a share of new ads from which a day counts as one that tells of wear


@dataclass(frozen=True)
class Exposure:
    """How long a line's people have seen its creatives; L lines, T days.

    Attributes:
        since: Days at reference spend since the creatives were new, as last known before the exports say, (L, T).
        rate: Refreshes a day, (L,).
        known: Lines of which a refresh is known, (L,).
        group: Platform of each line, (L,).
    """

    since: Floats
    rate: Floats
    known: Bools
    group: Integers

    @classmethod
    def of(cls, refreshed: Floats | None, spend: Floats, group: Integers) -> "Exposure | None":
        """Exposure by line and day; `None` where no refresh is known.

        Args:
            refreshed: Share of the line's ads that were new, NaN where unknown, of the first lines, shape (lines, T).
            spend: Spend over reference spend, shape (L, T).
            group: Platform of each line.
        """
        if refreshed is None:
            return None
        told = np.full(spend.shape, np.nan)
        told[: len(refreshed)] = refreshed
        seen = np.isfinite(told)
        first = np.where(seen.any(axis=1), seen.argmax(axis=1), spend.shape[1])
        later = np.arange(spend.shape[1]) > first[:, None]
        new = np.where(seen & later, told, 0.0)
        known: Bools = np.any(new > _NEW, axis=1)
        if not known.any():
            return None
        rate = _rates(new.sum(axis=1), (seen & later).sum(axis=1), group)
        return cls(_cumulated(told, first, spend, rate), rate, known, group)

    def worn(self, spans: Floats) -> Floats:
        """Wear from 0 (new) to 1, for each span, shape (L, T, spans)."""
        return -np.expm1(-self.since[:, :, None] / spans)


def _rates(new: Floats, days: Integers, group: Integers) -> Floats:
    """Refreshes a day of each line, drawn to its platform's, (L,)."""
    rate = np.empty(len(new))
    for one in np.unique(group):
        rows = group == one
        usual = (new[rows].sum() + 1.0) / (days[rows].sum() + _USUAL_INTERVAL)
        rate[rows] = (new[rows] + _PRIOR_REFRESHES) / (days[rows] + _PRIOR_REFRESHES / usual)
    return rate


def _cumulated(told: Floats, first: Integers, spend: Floats, rate: Floats) -> Floats:
    """Exposure after each day; where nothing is said of refreshes any more they go on at their usual rate."""
    lines, days = spend.shape
    fades = np.where(np.isfinite(told), told, rate[:, None])
    at_first = np.minimum(first, days - 1)
    usual = np.array([spend[row, max(0, day - 28) : day + 28].mean() for row, day in enumerate(at_first)])
    fresh = np.nan_to_num(told[np.arange(lines), at_first]) > _NEW
    out = np.repeat(np.where(fresh, 0.0, usual / rate)[:, None], days, axis=1)
    for row in np.flatnonzero(first < days):
        now = out[row, 0]
        for day in range(first[row], days):
            now = now * (1.0 - fades[row, day]) + spend[row, day]
            out[row, day] = now
    return out


@dataclass(frozen=True)
class Wear:
    """What is known of wear in one stage.

    Attributes:
        depth: Posterior of depths over pairs of mean depth and span.
        loss: Expected log loss by line and day, (L, T).
        exposure: What it rests on.
    """

    depth: Spiked
    loss: Floats
    exposure: Exposure


def find_wear(exposure: Exposure, series: Floats, gain: Gains, start: Floats) -> Wear | None:
    """Learn how lines of a stage wear; `None` where nothing convinces.

    Args:
        exposure: Of each line and day.
        series: Log rates without shape, season and shocks, wear not taken out, shape (L, T).
        gain: The level filter's gains.
        start: Level before the first day, (L,).
    """
    worn = exposure.worn(_SPANS)
    worn -= worn[:, :1]
    surprise, _ = innovations(series, gain, start)
    moved, _ = innovations(worn, gain, np.zeros((len(series), len(_SPANS))))
    weight = TRUST / gain.variance
    told = -np.einsum("lt,lts->ls", weight * surprise, moved)
    precision = np.einsum("lt,lts->ls", weight, moved**2)
    many = len(_DEPTHS)
    depth = spiked(_SPIKE, np.tile(told, many), np.tile(precision, many), exposure.group, exposure.known)
    if depth is None:
        return None
    by_span = depth.expected.reshape(len(series), many, len(_SPANS)).sum(axis=1)
    return Wear(depth, (exposure.worn(_SPANS) * by_span[:, None, :]).sum(axis=2), exposure)


@dataclass(frozen=True)
class WearDraws:
    """Draws of wear, for a plan's window.

    Attributes:
        depth: Log loss of a line whose creatives are wholly worn, shape (draws, lines).
        span: Exposure, in days at reference spend, over which it wears, shape (draws, lines).
        since: Exposure at the end of the past, shape (lines,).
        rate: Refreshes a day, as they used to be, shape (lines,).
        gap: Days between the past and the window.
    """

    depth: Floats
    span: Floats
    since: Floats
    rate: Floats
    gap: int

    @property
    def lost(self) -> Floats:
        """Log loss at the end of the past, shape (draws, lines)."""
        return self.depth * -np.expm1(-self.since / self.span)

    def ahead(self, u: Floats, first: int, after: int) -> Floats:
        """Mean log loss over days of the window at a constant `u`, spend over reference spend, (draws, lines).

        Refreshes come by chance at their usual rate: with rate `h` what is left of freshness, `exp(-x / span)`, moves
        from what it is towards `h / k`, at a speed of `k = h + u / span` a day.
        """
        speed = self.rate + u / self.span
        begin, end = self.gap + first, self.gap + after
        left = (np.exp(-speed * begin) - np.exp(-speed * end)) / (speed * (end - begin))
        steady = self.rate / speed
        fresh = steady + (np.exp(-self.since / self.span) - steady) * left
        return self.depth * (1.0 - fresh)

    def take(self, rows: Integers) -> "WearDraws":
        """The draws of some lines."""
        return replace(
            self, depth=self.depth[:, rows], span=self.span[:, rows], since=self.since[rows], rate=self.rate[rows]
        )

    def picked(self, draws: Integers) -> "WearDraws":
        """Some of the draws."""
        return replace(self, depth=self.depth[draws], span=self.span[draws])

    def with_draws(self, chosen: Integers) -> "WearDraws":
        """The same with each line's draws taken as `chosen`, (draws, lines)."""
        depth, span = (np.take_along_axis(values, chosen, axis=0) for values in (self.depth, self.span))
        return replace(self, depth=depth, span=span)


def draw_wear(wear: Wear, gap: int, draws: int, generator: np.random.Generator) -> WearDraws:
    """Draw depths and spans: the pair is common to a platform's lines, a line's depth is its own."""
    depth, pair = wear.depth.draw(draws, generator)
    span = np.tile(_SPANS, len(_DEPTHS))[pair]
    return WearDraws(depth, span, wear.exposure.since[:, -1], wear.exposure.rate, gap)
