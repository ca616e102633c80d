"""What could be gained by tuning: tuners who are told the truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.judge.tuning import WEEK, TuneScore, planned_budgets, tune_knowing
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.troubles import Trouble
from marketmover.sandbox.market import averaged, worth
from marketmover.sandbox.models.best_split import Problem, best_split, best_within, overlap_groups
from marketmover.sandbox.models.market_day import live_day, settled

STEP = 0.3
"""The largest change of a daily budget in a week, as `marketmover tune` has it."""


def with_possible(score: TuneScore, begin: Callable[[], Live], *, every: int = WEEK) -> TuneScore:
    """A score beside what a tuner who knows all but the future gains in the same window."""
    return replace(score, possible=tune_knowing(begin, best_steps, every=every).gain)


def best_budgets(live: Live) -> list[dict[str, Any]]:
    """What an all-knowing tuner does: the best split of the money left, by what the days to come will really be like.

    All-knowing of troubles and chance, not of learning phases and carry-over: days count as if all had settled.
    """
    if live.lived >= live.world.days:
        return []
    put = _put(live, live.troubles, foresight=True)
    return put.changes(live, best_split(put.problem, [put.now]))


def best_steps(live: Live, step: float = STEP) -> list[dict[str, Any]]:
    """What a tuner does who knows how lines respond and what has happened, not what will, and who keeps to steps.

    Troubles that have begun go on as they will, chance stays as it is. New ads end every decay of a click rate. Lines
    are not paused; where no steps spend what is left, all go beyond them by as much.
    """
    day = live.first_date + timedelta(live.lived)
    known = [one for one in live.troubles if one.first < day]
    if live.lived >= live.world.days:
        return []
    fresh = sorted({line for one in known if one.kind == "click_rate" and day <= one.last for line in one.lines}
                   - {line for one in known for line, _ in one.cured})  # fmt: skip
    ahead = [one.cured_from(fresh, day) if one.kind == "click_rate" and {*fresh} & {*one.lines} else one
             for one in known]  # fmt: skip
    put = _put(live, ahead, foresight=False)
    best = best_within(put.problem, put.now, (1.0 - step) * put.now, (1.0 + step) * put.now)
    ads = [{"line_id": line, "action": "rotate_creative", "to": None} for line in fresh]
    return [*ads, *put.changes(live, best)]


@dataclass(frozen=True)
class _Put:
    """The split of the money left as a problem: the running lines' places and their budgets now."""

    problem: Problem
    places: Ints
    now: Floats

    def changes(self, live: Live, budgets: Floats) -> list[dict[str, Any]]:
        ids = live.world.line_ids
        return [
            {"line_id": ids[at], "action": "set_daily_budget", "to": round(float(amount), 2)}
            for at, amount in zip(self.places, budgets, strict=True)
        ]


def _put(live: Live, troubles: Sequence[Trouble], *, foresight: bool) -> _Put:
    world, truth = live.world, live.world.truth
    ahead, days = slice(world.at + live.lived, world.at + world.days), slice(live.lived, world.days)
    effects, mean = world.effects(troubles), averaged(truth, ahead)
    if not foresight:
        mean = replace(mean, shock=truth.shock[:, ahead.start - 1 : ahead.start])
    changes = {"price": effects.price, "shock": effects.clicks * effects.conversions}
    paths = {
        name: getattr(mean, name) * factor[:, days].mean(axis=1, keepdims=True) for name, factor in changes.items()
    }
    mean, paced = replace(mean, **paths), effects.paced[:, days].mean(axis=1)
    enabled, off = live.market.enabled, live.settings.paused
    places = enabled[~off[enabled]]

    def gain(plans: Floats) -> Floats:
        budgets = np.zeros((len(plans), truth.lines))
        budgets[:, places] = plans
        _, flow = live_day(mean, mean.curves, settled(mean, budgets * paced), budgets, 0, paced=paced)
        return worth(mean, flow, live.market.main_metric)[:, places]

    group, place = overlap_groups(truth.overlap[np.ix_(places, places)])
    total = _money_left(live) / (world.days - live.lived)
    return _Put(Problem(gain, total, group, place), places, live.settings.budgets[places])


def _money_left(live: Live) -> float:
    """The plan's money less what was spent."""
    spent = sum(float(flow.spend.sum()) for flow in live.flows)
    return max(live.world.days * sum(planned_budgets(live).values()) - spent, 0.0)
