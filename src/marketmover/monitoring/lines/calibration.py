"""How far each line's figures stray over some days when nothing is wrong, learnt from its own past."""

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.lines.figures import LONGEST_LAG, Figures
from marketmover.monitoring.lines.signals import WINDOWS, Signal, driver_of, parts_of
from marketmover.monitoring.lines.weekdays import weekday_factors
from marketmover.monitoring.lines.windows import compare, explained, shared_change

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_DAYS, _STEP = 360, 2
_FLOOR = {"pace": 0.03, "cpm": 0.03, "ctr": 0.05, "conversion_rate": 0.08, "value": 0.06}
_OWN_AFTER = 8.0  # independent windows for which a line's own scatter counts half
_DEFAULT = 0.12
_LONG = 4  # windows from this place on are long
_MAD, _Q90, _Q75 = 1.4826, 1.0 / 1.645, 1.0 / 1.1503


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
    changes, chance = np.full((2, len(columns), lines, len(WINDOWS)), np.nan)
    for place, column in enumerate(columns):
        found = compare(signal, top, base * weekdays[:, : last + 1], spend, ok, ok, column)
        shared = shared_change(found, np.full(found.seen.shape, _DEFAULT), signal.counted)
        low, high = explained(signal, found, shared, np.zeros_like(found.seen), np.zeros_like(found.seen))
        beyond = found.change - np.clip(found.change, low + signal.margin, high - signal.margin)
        changes[place] = np.where(found.usable, beyond, np.nan)
        chance[place] = 1.0 / np.maximum(found.due, 0.5) if signal.counted else 0.0
    spread = _pooled(changes, chance, signal)
    if signal.counted:  # short windows hold too few counts to tell scatter from chance
        spread[:, :_LONG] = np.median(spread[:, _LONG:], axis=1, keepdims=True)
    return spread


def _pooled(changes: Floats, chance: Floats, signal: Signal) -> Floats:
    """Own and common scatter joined, from shape (days, lines, windows)."""
    upper = (0.75, _Q75) if signal.name == "cpm" else (0.9, _Q90)  # rivals of the past year are in a tenth of its weeks
    lines, windows = changes.shape[1:]
    spread = np.full((lines, windows), _DEFAULT)
    for place in range(windows):
        own = np.array([_variance(changes[:, row, place], chance[:, row, place], *upper) for row in range(lines)])
        days = np.isfinite(changes[:, :, place]).sum(axis=0) * _STEP / WINDOWS[place]
        common = float(np.average(own, weights=days)) if days.sum() > 0 else _DEFAULT**2
        spread[:, place] = np.sqrt((days * own + _OWN_AFTER * common) / (days + _OWN_AFTER))
    return np.maximum(spread, _FLOOR[signal.name])


def _variance(changes: Floats, chance: Floats, share: float, scale_of: float) -> float:
    seen = np.isfinite(changes)
    if seen.sum() < 10:
        return 0.0
    away = np.abs(changes[seen])
    scale = max(_MAD * float(np.median(away)), scale_of * float(np.quantile(away, share)))
    return max(scale**2 - float(np.median(chance[seen])), 0.0)


def _median(values: Floats) -> float:
    return float(np.median(values)) if values.size else 0.0
