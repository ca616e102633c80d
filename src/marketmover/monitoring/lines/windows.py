"""A figure of the last days beside the time before, and how far chance alone would take it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.lines.signals import LEAST_SOLD, WINDOWS, Signal

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LOOK_BACK = 120
MOST = 5.0  # log change of what stopped altogether
_TRUST = np.array([0.7, 0.95, *([1.0] * (len(WINDOWS) - 2))])  # single days have longer tails than sums of them
_LEAST_DAYS = 10  # of the time before, to say anything
_SEASON_SD = 0.1  # by which seasons move all lines over some days
_OF_MEDIAN = np.pi / 2.0  # variance of a median beside that of a mean
_SPENDS_ALL, _DEMAND_FALLS = 0.9, 0.4  # what a line that has more budget than demand may lose on a holiday, log scale
_SHARED_MOST = 0.25  # how much of a change all lines may share and be taken for the season's


@dataclass(frozen=True)
class Compared:
    """One figure's last days, for each line and each of `WINDOWS`; arrays of shape (lines, windows).

    Attributes:
        seen: Numerator over the window.
        due: What it would be at the level of the time before.
        spend: Mean log spend of the window less that of the time before.
        base: Numerator of the time before, as far as it still counts.
        rate: Level of the time before, numerator over denominator.
        chance: Variance of the change on the log scale from the number of impressions that a price rests on.
        usable: Whether it says anything.
    """

    seen: Floats
    due: Floats
    spend: Floats
    base: Floats
    rate: Floats
    chance: Floats
    usable: Bools
    counted: bool

    @property
    def change(self) -> Floats:
        """Log of `seen` over `due`, at most `MOST` either way; half a count is added to both where they are counts."""
        more = 0.5 if self.counted else 1e-9
        return np.clip(np.log((self.seen + more) / (self.due + more)), -MOST, MOST)


def compare(
    signal: Signal, numerator: Floats, denominator: Floats, spend: Floats, before: Bools, now: Bools, column: int
) -> Compared:
    """Compare the days up to `column` with those before them.

    Args:
        signal: The figure.
        numerator: Of the figure, shape (lines, days).
        denominator: The same; weekdays and lateness are in it.
        spend: Spend, shape (lines, days).
        before: Days that may teach what is usual.
        now: Days that may speak for a window.
        column: The last day.
    """
    start = max(0, column - LOOK_BACK)
    log_spend = np.log(np.maximum(spend[:, start : column + 1], 1e-9))
    top, base = numerator[:, start : column + 1], denominator[:, start : column + 1]
    ages = np.arange(column - start, -1, -1)
    found: list[tuple[Floats, ...]] = []
    for width in WINDOWS:
        inside = now[:, start : column + 1] & (ages < width)
        weight = np.where(before[:, start : column + 1] & (ages >= width), 0.5 ** (ages / signal.half_life), 0.0)
        total, days = (weight * base).sum(axis=1), (weight * base > 0).sum(axis=1)
        rate = (weight * top).sum(axis=1) / np.maximum(total, 1e-12)
        exposed = np.where(inside, base, 0.0).sum(axis=1)
        seen, count = np.where(inside, top, 0.0).sum(axis=1), inside.sum(axis=1)
        usual = (weight * log_spend).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)
        recent = np.where(inside, log_spend, 0.0).sum(axis=1) / np.maximum(count, 1)
        enough = (days >= _LEAST_DAYS) & inside[:, -width:].any(axis=1) & (rate > 0) & (exposed > 0)
        enough &= inside[:, -1] & (count >= (width + 1) // 2)
        enough &= (exposed >= LEAST_SOLD) | (signal.name != "value")
        chance = 1.0 / np.maximum(exposed, 1.0) if signal.name == "cpm" else np.zeros_like(exposed)
        found.append((seen, rate * exposed, recent - usual, (weight * top).sum(axis=1), rate, chance, enough))
    seen, due, moved, counts, rates, chances, usable = (np.stack(side, axis=1) for side in zip(*found, strict=True))
    due, usable = np.where(usable, due, 1.0), usable.astype(np.bool_)
    return Compared(seen, due, moved, counts, rates, chances, usable, signal.counted)


def explained(
    signal: Signal, compared: Compared, shared: Floats, learning: Floats, odd: Floats
) -> tuple[Floats, Floats]:
    """Lowest and highest log change that is no trouble: spend, the season, a learning phase, and the margin.

    Args:
        signal: The figure.
        compared: Its windows.
        shared: What all lines share, shape (windows,).
        learning: Share of each window within learning phases, shape (lines, windows).
        odd: Share of each window on odd days, the same shape.
    """
    moved = np.maximum(compared.spend, 0.0) if signal.name == "pace" else compared.spend
    ways = np.stack([power * moved for power in signal.by_spend])
    common = np.clip(shared, -_SHARED_MOST, _SHARED_MOST)[None, :]
    low = ways.min(axis=0) + np.minimum(common, 0.0) - signal.margin
    high = ways.max(axis=0) + np.maximum(common, 0.0) + signal.margin
    new, calendar = signal.learning * learning, signal.odd * odd
    quieter = _DEMAND_FALLS * odd * (compared.rate < _SPENDS_ALL) if signal.name == "pace" else 0.0
    return low - calendar - quieter - new * (signal.bad <= 0), high + calendar + new * (signal.bad >= 0)


def deviations(signal: Signal, compared: Compared, low: Floats, high: Floats, spread: Floats) -> Floats:
    """Standard deviations beyond the nearer of two bounds, 0 between them; shape (lines, windows).

    Counts by the signed root of their deviance, which holds for small ones too.

    Args:
        signal: The figure.
        compared: Its windows.
        low: From `explained`.
        high: From `explained`.
        spread: Standard deviation of a window's change on the log scale beside chance of counts.
    """
    within = signal.margin * (1.0 - signal.tested)
    bound = np.clip(compared.change, np.minimum(low + within, high), np.maximum(high - within, low))
    out = compared.usable & ((compared.change < low) | (compared.change > high))
    if not signal.counted:
        return np.where(out, (compared.change - bound) / np.hypot(spread, np.sqrt(compared.chance)), 0.0) * _TRUST
    signed = count_deviation(compared.seen, compared.due * np.exp(bound), spread, compared.base)
    return np.where(out, signed, 0.0) * _TRUST


def count_deviation(seen: Floats | float, due: Floats | float, spread: Floats | float, base: Floats | float) -> Floats:
    """Signed root of the deviance of a negative binomial law: chance of counts, scatter beside it, chance in `due`.

    Its variance is `due + due^2 (spread^2 + 1 / base)` (NB2; McCullagh and Nelder 1989, "Generalized linear models",
    and Hilbe 2011, "Negative binomial regression"), so that few counts where many are due say as much as they do.

    Args:
        seen: Counts.
        due: Expected counts.
        spread: Standard deviation of the change on the log scale beside chance of counts.
        base: Counts that `due` rests on.
    """
    seen, due = np.asarray(seen, dtype=np.float64), np.maximum(np.asarray(due, dtype=np.float64), 1e-12)
    shape = 1.0 / (np.square(spread) + 1.0 / np.maximum(base, 1.0))
    own = np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-12) / due), 0.0)
    deviance = 2.0 * (own - (seen + shape) * np.log((seen + shape) / (due + shape)))
    return np.sign(seen - due) * np.sqrt(np.maximum(deviance, 0.0))


def shared_change(compared: Compared, spread: Floats, counts: bool, quiet: Bools | None = None) -> Floats:
    """The weighted median change of all lines, drawn towards none as far as chance can have made it, shape (windows,).

    Args:
        compared: A figure's windows.
        spread: As in `deviations`.
        counts: Whether the figure counts something.
        quiet: Lines that may speak, shape (lines,): not those in a trouble that is known. All, by default.
    """
    noise = spread**2 + (1.0 / np.maximum(compared.due, 0.5) if counts else compared.chance)
    speaks = compared.usable if quiet is None else compared.usable & quiet[:, None]
    weight = np.where(speaks, 1.0 / (noise + 0.02), 0.0)
    found = np.zeros(compared.seen.shape[1])
    for place in range(found.size):
        order = np.argsort(compared.change[:, place])
        total = np.cumsum(weight[order, place])
        if total.size and total[-1] > 0:
            middle = order[int(np.searchsorted(total, total[-1] / 2.0))]
            speaking = int((weight[:, place] > 0).sum())
            chance = _OF_MEDIAN / total[-1]
            trust = _SEASON_SD**2 / (_SEASON_SD**2 + chance) * max(speaking - 2, 0) / (speaking + 2)
            found[place] = trust * compared.change[middle, place]
    return found
