"""All that is known of one series, or of many, and one step of it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from marketmover.monitoring.models.arithmetic import Arithmetic, Value
from marketmover.monitoring.models.counts import Counts
from marketmover.monitoring.models.expectation import Expectation, Forecast, slots_of
from marketmover.monitoring.models.gauge import Gauge
from marketmover.monitoring.models.novelty import Novelty
from marketmover.monitoring.models.parameters import Parameters
from marketmover.monitoring.models.scoring import change_probability, score_of

_LARGEST = 1e150
_LEAST_SHARE = 1e-12
_LEAST_SCALE = 1e-150
_LEAST_COUNT_SCALE = 0.7
_GAP = 3.0
_TENTH = 1.2816
_YOUNG_ROWS = 4
_RECORD_AGE = math.log(10.0)


class Score(NamedTuple):
    """What one row says; from `score_many` each is an array of shape (series, rows).

    Attributes:
        score: From 0 to 1. On a quiet series about one row in a hundred is above 0.99, one in a thousand above 0.999.
            One trouble scores high where it begins, not for as long as it lasts.
        tail_probability: Two-sided probability of a row as far from what was expected, by the series' own tails.
        change_probability: Probability that the level has changed of late.
        residual: Value less `mid`; NaN where the value is missing.
        low: 10th percentile of what was expected, from the rows before.
        mid: Its 50th percentile.
        high: Its 90th percentile.
        level_before: The level without patterns, as it was before this row.
        level_after: The level that the last dozen rows speak for.
    """

    score: Value
    tail_probability: Value
    change_probability: Value
    residual: Value
    low: Value
    mid: Value
    high: Value
    level_before: Value
    level_after: Value


class _Row(NamedTuple):
    nats: Value
    low: Value
    mid: Value
    high: Value


class State:
    """One state, whatever the series: the parts are told in their own files."""

    def __init__(self, o: Arithmetic, p: Parameters) -> None:
        self.o, self.p = o, p
        self.expectation, self.counts, self.novelty = Expectation(o, p), Counts(o, p), Novelty(o, p)
        self.row = Gauge(o, p, p.centre_gain, p.scale_gain)
        self.runs = [Gauge(o, p, p.centre_gain, p.scale_gain) for _ in p.running_rows]
        self.bare = Gauge(o, p, p.lasting_gain, p.lasting_gain)
        self.means = [o.full(0.0) for _ in p.running_rows]
        self.least, self.most, self.size = o.full(0.0), o.full(0.0), o.full(0.0)
        self.records, self.chance_records, self.since_record = o.full(0.0), o.full(0.0), o.full(0.0)
        self.never_negative = o.full(1.0)
        self.last_time: float | None = None
        self.spacing = 0.0

    def step(self, time_s: float, value: Value, seen: Value) -> Score:
        """Score a row from it and the rows before, then learn from it.

        Args:
            time_s: Seconds since 1970.
            value: Finite; anything where it is missing.
            seen: 1.0 where there is a value, 0.0 where it is missing.
        """
        o, at = self.o, slots_of(time_s)
        self._mind_gap(time_s)
        value = o.maximum(-_LARGEST, o.minimum(_LARGEST, value))
        self._begin(value, seen)
        least = _LEAST_SHARE * self.size + _LEAST_SCALE
        forecast = self.expectation.forecast(at)
        value = o.where(seen > 0, value, forecast.fast)
        later = o.where(self.expectation.rows > 0, seen, 0.0)
        few = self.counts.small(value)
        row = self._row(value, forecast, later, few, least)
        least = o.maximum(least, o.where(few, self.counts.least_deviation(), 0.0))
        change = self._change(value, forecast, later, least)
        nats = self._joined(value, row.nats, change, later, least)
        before = self.expectation.flat_level()
        after = before + self.means[1]
        self.expectation.learn(value, forecast, at, seen)
        self.size = self.size + 0.01 * seen * (abs(value) - self.size)
        news = self.novelty.step(nats, seen)
        return Score(
            o.where(seen > 0, score_of(o, news), 0.0),
            o.where(seen > 0, o.exp(-row.nats), 1.0),
            change_probability(o, self.p, change),
            o.where(seen > 0, value - row.mid, math.nan),
            row.low,
            row.mid,
            row.high,
            before,
            after,
        )

    def _begin(self, value: Value, seen: Value) -> None:
        """The first value sets the level, the range and the size."""
        o = self.o
        first = (self.expectation.rows == 0) & (seen > 0)
        if o.any(first):
            self.expectation.start(value, first)
            self.least, self.most = o.where(first, value, self.least), o.where(first, value, self.most)
            self.size = o.where(first, abs(value), self.size)
            self.bare.centre = o.where(first, value, self.bare.centre)

    def _mind_gap(self, time_s: float) -> None:
        """After a gap of several usual steps, the last row says nothing of this one."""
        if self.last_time is None:
            self.last_time = time_s
            return
        step = time_s - self.last_time
        if self.spacing and step > _GAP * self.spacing:
            self.expectation.forget_last_row()
        elif step > 0:
            self.spacing += (step - self.spacing) * (0.05 if self.spacing else 1.0)
        self.last_time = max(time_s, self.last_time)

    def _row(self, value: Value, forecast: Forecast, seen: Value, few: Value, least: Value) -> _Row:
        """Evidence of the row alone, and what was expected of it."""
        o, counts = self.o, self.counts
        residual = value - forecast.fast
        mid, reach = forecast.fast + self.row.centre, _TENTH * self.row.spread(least)
        if o.any(few):
            mean, deviation = counts.mean(forecast.fast), counts.deviation(forecast.fast)
            residual = o.where(few, counts.surprise(value, mean), residual)
            mid, reach = o.where(few, mean, mid), o.where(few, _TENTH * deviation, reach)
            least = o.where(few, _LEAST_COUNT_SCALE, least)
        if o.any(counts.are):
            counts.learn(value, counts.mean(forecast.fast), seen)
        nats = self.row.step(residual, seen, least)
        self.never_negative = o.where(value < 0, 0.0, self.never_negative)
        floor = o.where(self.never_negative > 0, 0.0, -math.inf)
        return _Row(nats, o.maximum(floor, mid - reach), o.maximum(floor, mid), o.maximum(floor, mid + reach))

    def _change(self, value: Value, forecast: Forecast, seen: Value, least: Value) -> list[Value]:
        """Evidence of changes that last: running means of residuals, short to long (EWMA charts, Roberts 1959).

        A running mean over k rows strays by 1 / sqrt(2 k - 1) of what a row strays by.
        """
        o, p, rows = self.o, self.p, self.expectation.rows
        residual = value - forecast.slow
        size = abs(residual)
        limit = p.slow_clip * self.expectation.scale + 0.05 * size + o.where(rows < _YOUNG_ROWS, size, 0.0)
        taught = o.maximum(-limit, o.minimum(limit, residual))
        found: list[Value] = []
        for index, over in enumerate(p.running_rows):
            gain = seen * o.maximum(1.0 / (rows + 1.0), 1.0 / over)
            self.means[index] = self.means[index] + gain * (taught - self.means[index])
            found.append(self.runs[index].step(self.means[index], seen, least / math.sqrt(2.0 * over - 1.0)))
        return found

    def _joined(self, value: Value, row: Value, change: Sequence[Value], seen: Value, least: Value) -> Value:
        """All evidence in one figure, which counts less and less above the knee."""
        o, p = self.o, self.p
        bare = self.bare.step(value, seen, least)
        total = (p.record * self._record(value, seen, least)) ** p.norm
        for weight, nats in zip(p.weights, (row, *change, bare), strict=True):
            total = total + (weight * nats) ** p.norm
        joined = total ** (1.0 / p.norm)
        soft = 0.2 * p.knee
        return o.where(joined > p.knee, p.knee + soft * o.log1p(o.maximum(0.0, joined - p.knee) / soft), joined)

    def _record(self, value: Value, seen: Value, least: Value) -> Value:
        """How far a value lies beyond all before it, as a share of the margin, at most 1."""
        o, p = self.o, self.p
        span = self.most - self.least
        beyond = o.maximum(0.0, o.maximum(value - self.most, self.least - value))
        share = o.minimum(1.0, beyond / (span * p.record_margin + least))
        known = (self.expectation.rows > p.record_rows) & (span > 0)
        self.least = o.where(seen > 0, o.minimum(self.least, value), self.least)
        self.most = o.where(seen > 0, o.maximum(self.most, value), self.most)
        age = o.log(o.maximum(self.expectation.rows / p.record_rows, 1.0)) / _RECORD_AGE
        return o.where(known, share * o.minimum(1.0, age) * self._rarity((beyond > 0) & (seen > 0), seen), 0.0)

    def _rarity(self, record: Value, seen: Value) -> Value:
        """What a record counts for after those of late: less where a series keeps setting them, as it does on its rise.

        Of n rows without a trend the last is the highest or the lowest with probability 2 / n (Renyi 1962); a few more
        are left to chance. Records that follow each other closely are one step, and count once.
        """
        o, p = self.o, self.p
        rarity = o.minimum(1.0, (p.spare_records + self.chance_records) / (1.0 + self.records))
        due = 2.0 / o.maximum(self.expectation.rows, 2.0)
        alone = record & (self.since_record >= p.record_apart)
        kept = 1.0 - seen / p.record_memory
        self.chance_records = kept * self.chance_records + seen * due
        self.records = kept * self.records + o.where(alone, seen, 0.0)
        self.since_record = o.where(record, 0.0, self.since_record + seen)
        return rarity
