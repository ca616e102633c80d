"""What changes earned, measured afterwards: the days since, beside what was to be expected without the change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Followed, follow
from marketmover.campaigns.compose.words import amount, day, metric_words
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.known import Known, until
from marketmover.campaigns.tuning.learning import Lesson, learn
from marketmover.campaigns.tuning.standing import Running, Standing, standing_of
from marketmover.campaigns.tuning.tracking import untracked_lines
from marketmover.campaigns.tuning.words import spread
from marketmover.kit import counted
from marketmover.plans import Change, ExpectedGain, LogEntry

Floats = NDArray[np.float64]
Verdict = Literal["earned", "cost", "not enough data"]
_LEAST_DAYS = 4
_SURE = 0.9
_ALL_ALIKE = 0.1  # how far all lines of an account stray together within weeks, season apart (log)
_ONE_LINE = 0.25  # and one line by itself
_MOST_PACE = 1.5


@dataclass(frozen=True)
class Effect:
    """What an entry of the log did.

    Attributes:
        id: The entry.
        as_of: The last day before it.
        lines: Lines that it changed.
        days: Days since that are counted: up to the next entry that stands, or the last day known.
        metric: What is counted.
        expected: What was said of it.
        measured: What it really brought beside leaving the lines as they were; `None` with too little to say.
        probability: Of its having been for the better; `None` likewise.
        verdict: In a word.
        words: In a sentence.
    """

    id: str
    as_of: date
    lines: list[str]
    days: int
    metric: str
    expected: ExpectedGain | None
    measured: ExpectedGain | None
    probability: float | None
    verdict: Verdict
    words: str

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        form = {"expected": self.expected, "measured": self.measured}
        told = {name: None if one is None else one.model_dump() for name, one in form.items()}
        return {**self.__dict__, **told, "as_of": self.as_of.isoformat()}


def effects_of(now: InForce, known: Known) -> list[Effect]:
    """What each entry that stands did, oldest first.

    Without the change each changed line would have gone on at its old budget: that is foretold from the days before,
    and corrected by how far the lines that were not changed stood off their own forecasts on the same days.
    """
    standing = [entry for entry in now.standing() if entry.changes]
    found: list[Effect] = []
    for place, entry in enumerate(standing):
        after = standing[place + 1].as_of if place + 1 < len(standing) else known.last
        found.append(_effect(now, known, entry, min(after, known.last, now.plan.end_date)))
    return found


def _effect(now: InForce, known: Known, entry: LogEntry, last: date) -> Effect:
    lines = sorted({one.line_id for one in entry.changes})
    days = max((last - entry.as_of).days, 0)
    if days < _LEAST_DAYS:
        why = f"{counted(days, 'day')} since, {_LEAST_DAYS} are the least"
        return _unknown(entry, lines, days, now.plan.objective, why)
    before = until(known.panel, entry.as_of)
    standing = standing_of(now, before, known.then, entry.as_of)
    lesson = learn(standing, before, known.then)
    since = _followed_since(lesson, known, entry.as_of, last)
    name = lesson.metric
    untold = untracked_lines(standing, lesson, before, known.then)
    told = _Since.of(lesson, since, entry, standing, untold)
    if told is None:
        return _unknown(entry, lines, days, name, "its results are not counted on these days")
    gain = told.gain()
    low, mid, high = (round(float(one), 2) for one in np.percentile(gain, [10, 50, 90]))
    probability = float((gain > 0).mean())
    sure: Verdict = "earned" if probability >= _SURE else "cost" if probability <= 1 - _SURE else "not enough data"
    measured = ExpectedGain(metric=name, mid=mid, low=low, high=high)
    words = _words(entry, measured, sure, days, now.plan.currency)
    return Effect(
        entry.id, entry.as_of, lines, days, name, _said(entry.changes), measured, round(probability, 3), sure, words
    )


@dataclass(frozen=True)
class _Since:
    """The days since a change.

    Attributes:
        lesson: What was known on the day of the change.
        counts: Results by now, late ones made up for, and what is known of them, (lines,) each.
        share: Share of the days that count, by line, (lines,).
        days: Days since.
        spent: Daily spend since, (lines,).
        changed: Each changed line's old daily spend, by row.
        untold: Rows of lines whose results were not counted when the change was made, so that their forecast is wrong.
    """

    lesson: Lesson
    counts: tuple[Floats, Floats]
    share: Floats
    days: int
    spent: Floats
    changed: Mapping[int, float]
    untold: frozenset[int]

    @classmethod
    def of(
        cls, lesson: Lesson, since: Followed, entry: LogEntry, standing: Standing, untold: Collection[str]
    ) -> "_Since | None":
        """The days since an entry; `None` where nothing of its lines is counted."""
        stage = since.stages.get(lesson.metric)
        changed = {one.line_id for one in entry.changes}
        rows = {
            lesson.response.row(line.id): _old_spend(line, entry)
            for line in standing.lines
            if line.plan_line.id in changed and line.id in lesson.response.line_ids
        }
        if stage is None or not rows or not stage.known.any():
            return None
        usable = stage.known > 0
        unit = lesson.response.stages[lesson.metric].unit
        got = np.where(usable, stage.counts / np.maximum(stage.known, 1e-3), 0.0).sum(axis=1) * unit
        spread = np.where(usable, stage.counts / np.maximum(stage.known, 1e-3) ** 2, 0.0).sum(axis=1) * unit**2
        share = usable.mean(axis=1)
        left_out = frozenset(lesson.response.row(line) for line in untold)
        return cls(lesson, (got, spread), share, since.days, since.cost.mean(axis=1), rows, left_out)

    def gain(self) -> Floats:
        """Draws of what the changed lines brought beside what they would have brought."""
        rows = list(self.changed)
        got, spread = (values[rows].sum() for values in self.counts)
        generator = np.random.default_rng([self.lesson.response.seed, self.days, 13])
        actual = got + np.sqrt(max(spread, 1.0)) * generator.standard_normal(self.lesson.response.draws)
        without = np.sum([self._foretold(row, daily) for row, daily in self.changed.items()], axis=0)
        return np.asarray(actual - without * self._market(), np.float64)

    def _market(self) -> Floats:
        """Draws of what befell all lines: how far those that were not changed stood off their own forecasts.

        Each of them tells of all only as far as its counts, its forecast and its own chance let it (normal, log).
        """
        weight, told = 1.0 / _ALL_ALIKE**2, 0.0
        for row in (row for row in range(len(self.spent)) if row not in self.changed and row not in self.untold):
            got, foretold = self.counts[0][row], self._foretold(row, float(self.spent[row]))
            if self.spent[row] <= 0 or foretold.mean() <= 0:
                continue
            doubt = (foretold.std() / foretold.mean()) ** 2 + 1.0 / (got + 1.0) + _ONE_LINE**2
            weight += 1.0 / doubt
            told += float(np.log((got + 1.0) / (foretold.mean() + 1.0))) / doubt
        generator = np.random.default_rng([self.lesson.response.seed, self.days, 19])
        drawn = told / weight + generator.standard_normal(self.lesson.response.draws) / np.sqrt(weight)
        return np.asarray(np.exp(drawn), np.float64)

    def _foretold(self, row: int, daily: float) -> Floats:
        """Draws of what a line was to bring on these days at a daily spend."""
        response = self.lesson.response
        drawn = response.draws_of_line(response.line_ids[row], self.lesson.metric, np.array([daily * response.days]))
        return np.asarray(drawn[:, 0] * self.share[row] * self.days / response.days, np.float64)


def _old_spend(line: Running, entry: LogEntry) -> float:
    """What a line would have gone on spending a day."""
    name = line.plan_line.id
    if name in entry.before.paused:
        return 0.0
    return entry.before.daily_budgets.get(name, line.daily) * min(line.pace or 1.0, _MOST_PACE)


def _followed_since(lesson: Lesson, known: Known, as_of: date, last: date) -> Followed:
    """The forecast of the day of the change, held against the days since."""
    return follow(lesson.response, until(known.panel, last), as_of + timedelta(1), then=known.then)


def _said(changes: Sequence[Change]) -> ExpectedGain | None:
    """What was expected of the changes together; ranges add up as if independent."""
    gains = [one.expected_gain for one in changes if one.expected_gain is not None]
    if not gains:
        return None
    mid = sum(one.mid for one in gains)
    below = float(np.sqrt(sum((one.mid - one.low) ** 2 for one in gains)))
    above = float(np.sqrt(sum((one.high - one.mid) ** 2 for one in gains)))
    return ExpectedGain(
        metric=gains[0].metric, mid=round(mid, 3), low=round(mid - below, 3), high=round(mid + above, 3)
    )


def _unknown(entry: LogEntry, lines: list[str], days: int, metric: str, why: str) -> Effect:
    words = f"{entry.id}: not enough data yet ({why})."
    return Effect(
        entry.id, entry.as_of, lines, days, metric, _said(entry.changes), None, None, "not enough data", words
    )


def _words(entry: LogEntry, measured: ExpectedGain, verdict: Verdict, days: int, currency: str) -> str:
    mid = amount(abs(measured.mid), measured.metric, currency)
    ends = spread(measured.low, measured.high, measured.metric, currency)
    since = f"over the {counted(days, 'day')} from {day(entry.as_of + timedelta(1))} on"
    if verdict == "not enough data":
        return f"{entry.id}: not enough data: {ends} {metric_words(measured.metric)} {since}."
    return f"{entry.id}: {verdict} {mid} {since} (a gain of {ends})."


def in_json(effects: Sequence[Effect]) -> Mapping[str, Any]:
    """All effects for machines."""
    return {"effects": [one.to_json() for one in effects]}
