"""How far each line's figures stray over some days when nothing is wrong, learnt from its own past."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.lines.figures import LONGEST_LAG, Figures
from marketmover.monitoring.lines.signals import WINDOWS, Signal, driver_of, parts_of
from marketmover.monitoring.lines.weekdays import weekday_factors
from marketmover.monitoring.lines.windows import Compared, compare, count_deviation, explained, shared_change

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_DAYS, _STEP = 360, 2
_FLOOR = {"pace": 0.03, "cpm": 0.03, "ctr": 0.05, "conversion_rate": 0.08, "value": 0.06}
_OWN_AFTER = 20.0  # independent windows for which a line's own scatter counts half
_DEFAULT = 0.12
_LONG = 4  # windows from this place on are long
_LEAST_PAST = 10  # windows below which a line's own scatter is not known
_Q50, _Q75, _Q90 = 0.6745, 1.1503, 1.6449  # of the absolute value of a standard normal variable
_SPREADS = np.geomspace(0.02, 1.0, 40)


def usual_days(figures: Figures) -> Bools:
    """Days that can teach what is usual: the line ran and spent, on no odd day, shape (lines, days)."""
    panel = figures.panel
    ran = figures.runs & (panel.cost > 0) & (panel.impressions > 0) & ~figures.odd
    past = panel.cost[:, : figures.first]
    mean = np.array([_median(cost[cost > 0]) for cost in past])
    return ran & (panel.cost > 0.05 * mean[:, None])


def weekdays_of(signal: Signal, figures: Figures, usual: Bools) -> Floats:
    """Weekday factors of a figure from the history alone, laid out on all days, shape (lines, days)."""
    first = figures.first
    if first == 0:
        return np.ones_like(figures.panel.cost)
    days = (figures.panel.dates.astype("datetime64[D]").astype(np.int64) + 3) % 7
    top, base = parts_of(signal, figures, first - 1)
    if signal.name == "pace":  # budgets that are known hold the weekdays
        known = np.isfinite(figures.budgets)
        weekly = weekday_factors(top, np.ones_like(base), usual[:, :first], days[:first])[:, days]
        return np.where(known, 1.0, weekly)
    return weekday_factors(top, base, usual[:, :first], days[:first])[:, days]


def spreads_of(signal: Signal, figures: Figures, usual: Bools, weekdays: Floats) -> Floats:
    """Standard deviation by line and window beside chance of counts, on the log scale, shape (lines, windows).

    Each line's own is drawn towards that of all lines; both are the larger of what the median and an upper quantile
    of past changes say, so that old troubles hardly matter.
    """
    last = figures.first - 1 - (LONGEST_LAG if signal.name in {"conversion_rate", "value"} else 0)
    columns = range(max(40, last - _DAYS), last + 1, _STEP)
    lines = len(figures.panel.lines)
    if len(columns) < 10 or last < 40:
        return np.full((lines, len(WINDOWS)), _DEFAULT)
    top, base = parts_of(signal, figures, last)
    if signal.name == "pace":
        known = np.isfinite(figures.budgets)
        usual = usual & (known == known[:, figures.first, None])
    spend, ok = driver_of(signal, figures, last), usual[:, : last + 1] & ~figures.learning[:, : last + 1]
    past = [
        _past(signal, compare(signal, top, base * weekdays[:, : last + 1], spend, ok, ok, column)) for column in columns
    ]
    spread = _pooled(_Past(*(np.stack(side) for side in zip(*past, strict=True))), signal)
    if signal.counted:  # short windows hold too few counts to tell scatter from chance
        spread[:, :_LONG] = np.median(spread[:, _LONG:], axis=1, keepdims=True)
    return spread


class _Past(NamedTuple):
    """Windows of the past, arrays of shape (days, lines, windows); `beyond` are changes less what explains them."""

    beyond: Floats
    seen: Floats
    due: Floats
    base: Floats
    chance: Floats
    usable: Bools


def _past(signal: Signal, found: Compared) -> _Past:
    shared = shared_change(found, np.full(found.seen.shape, _DEFAULT), signal.counted)
    low, high = explained(signal, found, shared, np.zeros_like(found.seen), np.zeros_like(found.seen))
    explains = np.clip(found.change, low + signal.margin, high - signal.margin)
    return _Past(
        found.change - explains, found.seen, found.due * np.exp(explains), found.base, found.chance, found.usable
    )


def _pooled(past: _Past, signal: Signal) -> Floats:
    """Own and common scatter joined."""
    upper = (0.75, _Q75) if signal.name == "cpm" else (0.9, _Q90)  # rivals of the past year are in a tenth of its weeks
    days = past.usable.sum(axis=0)
    own = _of_counts(past, *upper) if signal.counted else _of_sums(past, *upper)
    own = np.where(days >= _LEAST_PAST, own, 0.0)
    weight = days * _STEP / np.array(WINDOWS)
    common = np.array([_weighted_median(*both) for both in zip(own.T, weight.T, strict=True)])
    spread = np.sqrt((weight * own + _OWN_AFTER * common) / (weight + _OWN_AFTER))
    return np.maximum(spread, _FLOOR[signal.name])


def _of_sums(past: _Past, share: float, normal: float) -> Floats:
    """Variance of changes of sums beside chance, shape (lines, windows)."""
    away = np.abs(past.beyond)
    scale = np.maximum(_quantile(away, past.usable, 0.5) / _Q50, _quantile(away, past.usable, share) / normal)
    return np.maximum(np.square(scale) - _quantile(past.chance, past.usable, 0.5), 0.0)


def _of_counts(past: _Past, share: float, normal: float) -> Floats:
    """Variance beside chance with which deviations of counts stray as far as they should, shape (lines, windows)."""
    found = np.zeros(past.seen.shape[1:])
    for spread in _SPREADS:  # from small to large: the first that is enough stays
        away = np.abs(count_deviation(past.seen, past.due, spread, past.base))
        wide = (_quantile(away, past.usable, 0.5) > _Q50) | (_quantile(away, past.usable, share) > normal)
        found = np.where(wide, spread**2, found)
    return found


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2.0)]) if total[-1] > 0 else _DEFAULT**2


def _quantile(values: Floats, known: Bools, share: float) -> Floats:
    """Quantile over the days that are known, by line and window; 0 where none is."""
    order = np.sort(np.where(known, values, np.inf), axis=0)
    count = known.sum(axis=0)
    place = np.clip(np.ceil(share * count).astype(np.int64) - 1, 0, None)
    return np.where(count > 0, np.take_along_axis(order, place[None], axis=0)[0], 0.0)


def _median(values: Floats) -> float:
    return float(np.median(values)) if values.size else 0.0
