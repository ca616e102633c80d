"""What the next row should be: level, patterns of hour, day and week, and what the last row left over."""

from typing import NamedTuple

from marketmover.monitoring.models.arithmetic import Arithmetic, Value
from marketmover.monitoring.models.parameters import Parameters

_HOUR_S, _DAY_S = 3600, 86400
_HOUR_SLOTS, _DAY_SLOTS, _WEEK_SLOTS = 12, 48, 168
_HOUR_PRIOR, _DAY_PRIOR, _WEEK_PRIOR = 2.0, 1.0, 0.5
_YOUNG_ROWS = 4
_TRUSTED_ROWS = 50.0
_MOST_AUTOCORRELATION = 0.98
_TINY = 1e-300


class Slots(NamedTuple):
    """Where a moment stands in the hour (of 5 minutes), the day (of 30 minutes) and the week (of hours)."""

    hour: int
    day: int
    week: int


def slots_of(time_s: float) -> Slots:
    """A moment's slots, by the clock that its timestamp shows. Weeks begin on Monday."""
    second = int(time_s // 1)
    of_day = second % _DAY_S
    weekday = (second // _DAY_S + 3) % 7  # 1 January 1970 was a Thursday
    return Slots(second % _HOUR_S // 300, of_day // 1800, weekday * 24 + of_day // _HOUR_S)


class Forecast(NamedTuple):
    """What a row should be.

    Attributes:
        parts: Level alone; with the day's pattern; with the week's as well; with the hour's as well.
        slow: The parts, weighted by how well each has forecast.
        fast: `slow` and what is carried over from the last row.
    """

    parts: tuple[Value, Value, Value, Value]
    slow: Value
    fast: Value


class Expectation:
    """Level and seasonal patterns by robust exponential smoothing.

    Patterns that a series does not have lose their weight, which goes by the forecasts' discounted errors (a power of
    the mean absolute error: what exponential weighting of forecasters comes to under Laplace errors, Vovk 1990,
    Aggregating Strategies), so nobody names the season. Each residual teaches at most `clip` scales (Huber 1964). The
    level's gain rises while residuals lie on one side (Trigg and Leach 1967, Exponential Smoothing with an Adaptive
    Response Rate), so a level shift is followed.
    """

    def __init__(self, o: Arithmetic, p: Parameters) -> None:
        self._o, self._p = o, p
        self.level, self.scale, self.rows = o.full(0.0), o.full(0.0), o.full(0.0)
        self.autocorrelation, self.left_over = o.full(0.0), o.full(0.0)
        self._product, self._square = o.full(0.0), o.full(0.0)
        self._signed, self._unsigned = o.full(0.0), o.full(0.0)
        self._errors = [o.full(0.0) for _ in range(4)]
        self._day_mean, self._day_slots = o.full(0.0), o.full(0.0)
        self._hour, self._day, self._week = o.table(_HOUR_SLOTS), o.table(_DAY_SLOTS), o.table(_WEEK_SLOTS)
        self._hour_rows, self._day_rows = o.table(_HOUR_SLOTS), o.table(_DAY_SLOTS)
        self._week_rows = o.table(_WEEK_SLOTS)

    def start(self, value: Value, first: Value) -> None:
        """Begin at the value, where it is the first there is."""
        self.level = self._o.where(first, value, self.level)

    def forecast(self, at: Slots) -> Forecast:
        """What the row at these slots should be, from the rows before it."""
        with_day = self.level + self._day[at.day]
        parts = (self.level + self._day_mean, with_day, with_day + self._week[at.week], with_day + self._hour[at.hour])
        slow = self._weighted(parts)
        return Forecast(parts, slow, slow + self.autocorrelation * self.left_over)

    def flat_level(self) -> Value:
        """The level without patterns: what a slot of the day holds on average is the level's."""
        return self.level + self._day_mean

    def forget_last_row(self) -> None:
        """After a gap, nothing is carried over from the row before it."""
        self.left_over = self.left_over * 0.0

    def _weighted(self, parts: tuple[Value, Value, Value, Value]) -> Value:
        """The level alone for two rows, then each part by its error."""
        o = self._o
        best = o.minimum(o.minimum(self._errors[0], self._errors[1]), o.minimum(self._errors[2], self._errors[3]))
        power = self._p.trust * o.minimum(1.0, self.rows / _TRUSTED_ROWS)
        total, joined = 0.0, 0.0
        for error, part in zip(self._errors, parts, strict=True):
            weight = o.exp(-power * o.log((error + _TINY) / (best + _TINY)))
            total = total + weight
            joined = joined + weight * part
        return o.where(self.rows > 2, joined / total, parts[0])

    def learn(self, value: Value, forecast: Forecast, at: Slots, seen: Value) -> None:
        """Learn from a row."""
        o, p = self._o, self._p
        residual = value - forecast.slow
        size = abs(residual)
        limit = p.clip * self.scale + 0.05 * size + o.where(self.rows < _YOUNG_ROWS, size, 0.0)
        self.rows = self.rows + seen
        share = seen / o.maximum(self.rows, 1.0)
        taught = o.maximum(-limit, o.minimum(limit, residual))
        self._learn_errors(value, forecast, limit, o.maximum(o.minimum(1.0, 2.0 * share), seen * p.error_gain))
        self._learn_patterns(value, forecast, at, limit, seen)
        self._learn_level(taught, share, seen)
        gain = o.maximum(o.minimum(1.0, 2.0 * share), seen * p.scale_gain)
        self.scale = self.scale + gain * (1.25 * o.minimum(size, limit) - self.scale)
        self._learn_autocorrelation(taught, limit, o.maximum(share, seen * p.autocorrelation_gain))
        self.left_over = o.where(seen > 0, residual, self.left_over)

    def _learn_errors(self, value: Value, forecast: Forecast, limit: Value, gain: Value) -> None:
        o = self._o
        self._errors = [
            error + gain * (o.minimum(abs(value - part), 2.0 * limit) - error)
            for error, part in zip(self._errors, forecast.parts, strict=True)
        ]

    def _learn_patterns(self, value: Value, forecast: Forecast, at: Slots, limit: Value, seen: Value) -> None:
        """Each pattern learns what the parts before it leave over; a prior keeps a slot's first rows small."""
        o, p = self._o, self._p
        for table, counts, slot, part, prior, least in (
            (self._day, self._day_rows, at.day, forecast.parts[1], _DAY_PRIOR, p.season_gain),
            (self._week, self._week_rows, at.week, forecast.parts[2], _WEEK_PRIOR, p.season_gain),
            (self._hour, self._hour_rows, at.hour, forecast.parts[3], _HOUR_PRIOR, p.hour_gain),
        ):
            counts[slot] = counts[slot] + seen
            gain = seen * o.maximum(1.0 / (counts[slot] + prior), least)
            step = gain * o.maximum(-limit, o.minimum(limit, value - part))
            if table is self._day:
                self._learn_day_mean(counts[slot], step, seen)
            table[slot] = table[slot] + step

    def _learn_day_mean(self, count: Value, step: Value, seen: Value) -> None:
        """What the slots of the day that were ever seen hold on average."""
        o = self._o
        slots = self._day_slots + o.where(count <= 1.0, seen, 0.0)
        self._day_mean = (self._day_mean * self._day_slots + step) / o.maximum(slots, 1.0)
        self._day_slots = slots

    def _learn_level(self, taught: Value, share: Value, seen: Value) -> None:
        o, p = self._o, self._p
        gain = o.maximum(share, seen / p.one_sided_rows)
        self._signed = self._signed + gain * (taught - self._signed)
        self._unsigned = self._unsigned + gain * (abs(taught) - self._unsigned)
        sided = abs(self._signed) / (self._unsigned + _TINY)
        rise = o.maximum(0.0, sided - p.one_sided) / (1.0 - p.one_sided)
        risen = p.level_gain + (p.fastest_level_gain - p.level_gain) * rise
        level_gain = o.where(self.rows > p.one_sided_rows, risen, p.level_gain)
        self.level = self.level + o.maximum(share, seen * level_gain) * taught

    def _learn_autocorrelation(self, taught: Value, limit: Value, gain: Value) -> None:
        o = self._o
        before = o.maximum(-limit, o.minimum(limit, self.left_over))
        self._product = self._product + gain * (before * taught - self._product)
        self._square = self._square + gain * (before * before - self._square)
        ratio = self._product / (self._square + _TINY)
        self.autocorrelation = o.maximum(0.0, o.minimum(_MOST_AUTOCORRELATION, ratio))
