"""How far a trouble stands out of chance: what a perfect watcher, who knows every distribution, could hope to see."""

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.live.troubles import Trouble
from marketmover.sandbox.live.world import World
from marketmover.sandbox.models.market_day import Flow

_DAYS = 10
_SPEND_SD, _PRICE_SD, _CLICK_SD, _RATE_SD = 0.06, 0.07, 0.1, 0.1  # of a day's log figure, beside what counts add
_MOST = 3.0  # a figure that falls to nothing


def signals_of(world: World, budgets: Floats, plain: Flow, trouble: Trouble) -> Floats:
    """Standard deviations by line of the trouble, shape (lines of the trouble,).

    Over its first ten days, the mean of the daily change of a figure (spend, cost per thousand, clicks an impression,
    conversions a click) over the standard deviation of that mean; the plainest figure counts.

    Args:
        world: The window.
        budgets: What is to be spent, shape (all lines, days).
        plain: Its flow without the trouble.
        trouble: The trouble.
    """
    hit, counted = world.run(budgets, (trouble,)), world.effects((trouble,)).counted
    places = [world.line_ids.index(line) for line in trouble.lines]
    begin = (trouble.first - world.first).days
    days = slice(max(begin, 0), min(begin + _DAYS, (trouble.last - world.first).days + 1))
    was, now = (Flow(*(values[places, days] for values in flow)) for flow in (plain, hit))
    seen = now.conversions * counted[places, days]
    spread = float(world.truth.dispersion[()])
    changes = (
        _log_change(was.spend, now.spend) / np.hypot(_SPEND_SD, 1.0 / np.sqrt(np.maximum(was.impressions, 1.0))),
        _log_change(_per(was.spend, was.impressions), _per(now.spend, now.impressions), now.impressions)
        / np.hypot(_PRICE_SD, 1.0 / np.sqrt(np.maximum(now.impressions, 1.0))),
        _counted_change(was.clicks, was.impressions, now.clicks, now.impressions, _CLICK_SD),
        _counted_change(was.conversions, was.clicks, seen, now.clicks, float(np.hypot(_RATE_SD, np.sqrt(spread)))),
    )
    length = max(days.stop - days.start, 1)
    strengths = [np.abs(change.sum(axis=1)) / np.sqrt(length) for change in changes]
    return np.max(strengths, axis=0)


def _per(what: Floats, by: Floats) -> Floats:
    return what / np.maximum(by, 1e-9)


def _log_change(was: Floats, now: Floats, weight: Floats | None = None) -> Floats:
    """Change on the log scale, at most `_MOST` either way; none on days without anything to see."""
    change = np.clip(np.log(np.maximum(now, 1e-9) / np.maximum(was, 1e-9)), -_MOST, _MOST)
    seen = was > 0.0 if weight is None else (was > 0.0) & (weight >= 1.0)
    return np.where(seen, change, 0.0)


def _counted_change(was: Floats, was_of: Floats, now: Floats, now_of: Floats, spread: float) -> Floats:
    """Change of a count beside what was due of what it is counted of, in its standard deviations."""
    due = _per(was, was_of) * now_of
    return (now - due) / np.sqrt(np.maximum(due + (spread * due) ** 2, 1e-9)) * (due > 0.0)
