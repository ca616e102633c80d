"""A forecast followed: what the days since have shown of each line, and the response for the days that are left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import CarryOver
from marketmover.budget.models.counted import completeness, silent_spells
from marketmover.budget.models.funnel import StageDraws
from marketmover.budget.models.offset import GRID, Offsets, follow_offsets
from marketmover.budget.response import Response
from marketmover.budget.stages import StageCounts, supported_stages
from marketmover.budget.summary import LineFacts
from marketmover.history import Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_RECENT_DAYS = 7
_LEAST_KNOWN = 0.25  # as in the fit: days of which less is known are left out
_PRIOR_COUNTS = 30.0  # so many late counts weigh as much as the lag that the history's own last days suggest
_SILENT = 25.0  # results due: a rate that fell to a fifth brings none at all once in 150 times
_LEAST_DOUBT = 0.05  # a forecast that missed by less is as good as one that hit
_ANY_DRAW = 0.1  # so many of all draws stay whatever they foretold
_SPAN = 30  # days back to which counts may be incomplete


@dataclass(frozen=True)
class FollowedStage:
    """One stage over the days that were lived, all of shape (lines, days); rows as in the response.

    Attributes:
        counts: What was counted so far.
        foretold: What the forecast gives for the exposure that there was.
        known: Share of each day's counts that is known by now; 0 on days that do not count.
        valid: Days that count.
        silent: Days on which nothing was counted though much was due: tracking, not the market.
        offsets: How far each line stands off its forecast (log).
    """

    counts: Floats
    foretold: Floats
    known: Floats
    valid: Bools
    silent: Bools
    offsets: Offsets


@dataclass(frozen=True)
class Followed:
    """What live days have shown.

    Attributes:
        response: For the days that are left; `None` where none is.
        stages: By name.
        days: How many days were lived.
        cost: Spend on them, rows as in the response, shape (lines, days).
    """

    response: Response | None
    stages: Mapping[str, FollowedStage]
    days: int
    cost: Floats


def follow(response: Response, panel: Panel, first: date, *, then: Panel | None = None) -> Followed:
    """Hold a response against the days since, and bring it to the last of them.

    Each line's level is corrected by how far its counts stand off what was foretold for its real spend; late
    conversions are allowed for. Breaks are believed as fast as counts allow. Of the response's draws and their
    curves, those that foretold the days better are believed more.

    Args:
        response: Fitted to the days before `first`, for a window that begins on `first`.
        panel: All that is known by now, its last day the last one lived.
        first: First day of the window.
        then: What was known at the end of the past, which tells how late counts come in; without it that is estimated.
    """
    lived = np.asarray(panel.dates >= np.datetime64(first))
    lived[lived] = np.arange(int(lived.sum())) < response.days
    arrays = _Arrays.of(response, panel, lived)
    stages: dict[str, FollowedStage] = {}
    changed: dict[str, StageDraws] = {}
    left = response.days - arrays.days
    counted = {stage.name: stage for stage in supported_stages(panel)[0]}
    before = {} if then is None else {stage.name: stage for stage in supported_stages(then)[0]}
    for name, draws in response.stages.items():
        chain = next(chain for chain in response.chains.values() if name in chain)
        above = [response.stages[one] for one in chain[: chain.index(name)]]
        told = counted.get(name)
        if told is None or not arrays.days:
            changed[name] = _ahead(draws, arrays, left)
            continue
        known = _known(told, before.get(name), panel, then, arrays)
        rates = _log_rates(draws, above, arrays)
        found, off = _followed(response, name, told, rates, known, arrays)
        stages[name] = found
        learned = replace(draws, level=draws.level + off(left))
        changed[name] = _ahead(off.believed(learned), arrays, left)
    ahead = None
    if left > 0:
        ahead = replace(response, days=left, stages=changed, facts=arrays.facts(response))
    return Followed(ahead, stages, arrays.days, arrays.cost[:, arrays.lived])


@dataclass(frozen=True)
class _Arrays:
    """The panel in the rows of a response: cost and relative spend of all days, (lines, days)."""

    cost: Floats
    relative: Floats
    lived: Bools
    rows: NDArray[np.int64]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, response: Response, panel: Panel, lived: Bools) -> "_Arrays":
        places = {line: row for row, line in enumerate(panel.line_ids)}
        rows = np.array([places.get(line, -1) for line in response.line_ids], dtype=np.int64)
        cost = _in_rows(panel.cost, rows)
        return cls(cost, cost / response.reference[:, None], lived, rows, response.groups)

    @property
    def days(self) -> int:
        return int(self.lived.sum())

    def facts(self, response: Response) -> LineFacts:
        """Counted facts, the live days included."""
        facts, live = response.facts, self.cost[:, self.lived]
        if live.shape[1] < 3:
            return facts
        recent = live[:, -2 * _RECENT_DAYS :].mean(axis=1)
        return replace(
            facts,
            days=facts.days + (live > 0).sum(axis=1),
            spend=facts.spend + live.sum(axis=1),
            recent_daily=recent,
            highest_daily=np.maximum(facts.highest_daily, recent),
        )


def _in_rows(array: Floats, rows: NDArray[np.int64]) -> Floats:
    """A panel's array in the response's rows; nothing where the panel has no such line."""
    found = np.zeros((len(rows), array.shape[1]))
    found[rows >= 0] = array[rows[rows >= 0]]
    return found


def _log_rates(stage: StageDraws, above: list[StageDraws], arrays: _Arrays) -> Floats:
    """Draws of the log rate that was foretold for each lived day at the spend that there was, (draws, lines, days)."""
    drive = np.log(np.maximum(stage.carry.drive(arrays.relative), 1e-9))[:, arrays.lived]
    rates = np.empty((len(stage.level), *drive.shape))
    for day in range(drive.shape[1]):
        own = np.broadcast_to(drive[:, day], stage.level.shape)
        for one in above:
            own = one.log_shape(own)
        rates[:, :, day] = stage.level + stage.season[:, arrays.groups, day] + stage.log_shape(own) - own
    return rates


def _known(told: StageCounts, before: StageCounts | None, panel: Panel, then: Panel | None, arrays: _Arrays) -> Floats:
    """Share of each lived day's counts that is known by now, (days,)."""
    days = arrays.days
    if not told.longest_lag:
        return np.ones(days)
    if before is None or then is None or not then.dates.size:
        valid = (told.exposure > 0) & (panel.cost > 0)
        return completeness(told.counts, told.exposure, valid, told.longest_lag)[arrays.lived]
    by_age = _by_age(told, before, panel, then)
    ages = np.minimum(np.arange(days)[::-1], len(by_age) - 1)
    return by_age[ages]


def _by_age(told: StageCounts, before: StageCounts, panel: Panel, then: Panel) -> Floats:
    """Share that is known of a day that lies so many days back, (ages,): by the past's last days, and their sequel."""
    valid = (before.exposure > 0) & (then.cost > 0)
    guess = completeness(before.counts, before.exposure, valid, before.longest_lag)[::-1][:_SPAN]
    places = {day: at for at, day in enumerate(panel.dates)}
    rows = {line: at for at, line in enumerate(panel.line_ids)}
    shared = [line for line in then.line_ids if line in rows]
    old = [then.line_ids.index(line) for line in shared]
    new = [rows[line] for line in shared]
    share = guess.copy()
    for age, day in enumerate(then.dates[::-1][: len(guess)]):
        if day not in places:
            continue
        later = min(age + int((panel.dates[-1] - then.dates[-1]).astype(int)), len(guess) - 1)
        first = float(before.counts[old, -1 - age].sum() * before.unit)
        in_all = float(told.counts[new, places[day]].sum() * told.unit) / max(float(guess[later]), 0.05)
        unit = max(told.unit, 1e-9)
        share[age] = (first / unit + _PRIOR_COUNTS * guess[age]) / (max(in_all, first) / unit + _PRIOR_COUNTS)
    return np.clip(np.maximum.accumulate(share), 0.02, 1.0)


def _followed(
    response: Response, name: str, told: StageCounts, rates: Floats, known: Floats, arrays: _Arrays
) -> tuple[FollowedStage, "_Shift"]:
    """A stage's offsets, and by how much they move each draw's level."""
    draws = response.stages[name]
    counts = _in_rows(told.counts, arrays.rows)[:, arrays.lived] * told.unit / draws.unit
    exposure = _exposure(told, draws.carry, arrays)
    middle = np.log(np.exp(np.clip(rates, -40.0, 40.0)).mean(axis=0))
    foretold = exposure * np.exp(middle)
    live = (exposure > 0) & (arrays.cost[:, arrays.lived] > 0)
    silent = _silent(counts, foretold * known * live, response) if told.longest_lag else np.zeros_like(live)
    valid = live & ~silent & (known > _LEAST_KNOWN)[None, :]
    noise = (draws.noise**2 + draws.common_noise**2) * response.days
    step = response.steps.get(name, np.full(len(live), 1e-4))
    own = rates - middle
    start = own.mean(axis=2).std(axis=0)
    shares = np.broadcast_to(known, counts.shape)
    offsets = follow_offsets(counts, foretold, shares, valid, noise, step, start)
    found = FollowedStage(counts, foretold, np.where(valid, known, 0.0), valid, silent, offsets)
    return found, _Shift(
        offsets,
        _recent(own, valid),
        np.asarray(valid.any(axis=1)),
        step,
        arrays.days,
        [response.seed, *name.encode(), 9],
    )


def _silent(counts: Floats, due: Floats, response: Response) -> Bools:
    """Days on which nothing was counted though so much was due that no drop of a rate explains it, (lines, days)."""
    silent = np.stack([silent_spells(own <= 0, waited, _SILENT) for own, waited in zip(counts, due, strict=True)])
    for group in np.unique(response.groups):
        rows = response.groups == group
        many = (due[rows].sum(axis=1) > 0).sum() > 1
        silent[rows] |= many & silent_spells(counts[rows].sum(axis=0) <= 0, due[rows].sum(axis=0), _SILENT)
    return silent


def _exposure(told: StageCounts, carry: CarryOver, arrays: _Arrays) -> Floats:
    series = arrays.relative if told.parent is None else _in_rows(told.exposure, arrays.rows)
    return carry.exposure(series)[:, arrays.lived]


def _recent(own: Floats, valid: Bools) -> Floats:
    """Each draw's own deviation over a line's last valid days, (draws, lines)."""
    late = valid & (np.cumsum(valid[:, ::-1], axis=1)[:, ::-1] <= _RECENT_DAYS)
    return (own * late).sum(axis=2) / np.maximum(late.sum(axis=1), 1)


@dataclass(frozen=True)
class _Shift:
    """By how much each draw's level moves: its own deviation goes, and what was learned comes."""

    offsets: Offsets
    own: Floats
    seen: Bools
    step: Floats
    days: int
    key: list[int]

    def __call__(self, left: int) -> Floats:
        generator = np.random.default_rng(self.key)
        drawn = self.offsets.draws(len(self.own), generator)
        wander = np.sqrt(self.step * max(left, 0) / 3.0) * generator.standard_normal(drawn.shape)
        return np.where(self.seen, drawn - self.own + wander - 0.5 * self.step * max(left, 0) / 3.0, 0.0)

    def believed(self, stage: StageDraws) -> StageDraws:
        """The stage with each line's draws as often as they foretold what was counted (importance resampling).

        A draw whose curve and level foretold the days' counts needs no drift to explain them, and is the likelier for
        it. All draws meet at what was counted; from there on they bend each by its own curve.
        """
        mean = self.offsets.mean
        doubt = np.maximum(self.offsets.weights @ GRID**2 - mean**2, 0.0) + self.step * self.days + _LEAST_DOUBT**2
        fit = np.exp(-0.5 * (self.own - mean) ** 2 / doubt)
        share = (1.0 - _ANY_DRAW) * fit / np.maximum(fit.sum(axis=0), 1e-12) + _ANY_DRAW / len(fit)
        generator = np.random.default_rng([*self.key, 1])
        rows = np.stack([_resampled(own, generator) for own in share.T], axis=1)
        rows = np.where(self.seen, rows, np.arange(len(rows))[:, None])
        taken = {name: np.take_along_axis(getattr(stage, name), rows, axis=0) for name in ("level", "elasticity")}
        return replace(stage, family=np.take_along_axis(stage.family, rows, axis=0), **taken)


def _resampled(share: Floats, generator: np.random.Generator) -> NDArray[np.int64]:
    """As many places as there are, each as often as its share asks (systematic), in no order."""
    at = (np.arange(len(share)) + generator.random()) / len(share)
    places = np.searchsorted(np.cumsum(share) / share.sum(), at).clip(0, len(share) - 1)
    return generator.permutation(places)


def _ahead(stage: StageDraws, arrays: _Arrays, left: int) -> StageDraws:
    """A stage for the days that are left."""
    days = stage.season.shape[2]
    if left <= 0:
        return stage
    longer = np.sqrt(days / left)
    return replace(
        stage.on(slice(days - left, days)),
        noise=stage.noise * longer,
        common_noise=stage.common_noise * float(longer),
        carried=stage.carry.stocks(arrays.relative),
    )
