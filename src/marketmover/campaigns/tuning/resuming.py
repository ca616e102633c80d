"""Paused lines that may run again: the reason of the pause is gone, or a small trial is worth finding out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import LineChange, with_changes
from marketmover.campaigns.compose.words import day
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.rails import judged
from marketmover.campaigns.tuning.standing import Running, Standing
from marketmover.campaigns.tuning.worth import Worth, price_elsewhere, relearning_cost
from marketmover.history import MoneyChange, Panel
from marketmover.kit import counted, round_to_cent
from marketmover.plans import Change, LogEntry

Floats = NDArray[np.float64]
_LEAST_LEFT = 3
_CLEARED = 0.5  # a pause for cost stands while what is known by now still makes twice the cost as likely as not
_MENDED_DAYS = 3  # days on which others must count, or deliver
_UNDELIVERED = 0.15  # of its budget: a line that spent less than that was paused while it did not deliver
_LOOKED_AT = 5
_TRIAL = 0.3  # of its former daily budget
_TRIAL_AFTER = 14  # days; twice as many after a trial that failed
_TRIAL_LEFT = 14
_HALF_LIFE = 14.0  # days in which half of all troubles are over: an assumption, nobody has counted them


@dataclass(frozen=True)
class Return:
    """A paused line that runs again: its daily budget in major units, why, and what that is worth.

    `trial` says that it is to show whether the reason of the pause is gone.
    """

    line: str
    daily: float
    reason: str
    worth: Worth
    trial: bool = False


@dataclass(frozen=True)
class _Pause:
    """A pause that stands: the entry that made it, and the change in it."""

    entry: LogEntry
    change: Change

    @property
    def since(self) -> date:
        return self.entry.as_of


def returns_of(
    standing: Standing, lesson: Lesson, now: InForce, panel: Panel, money: Sequence[MoneyChange] = ()
) -> tuple[dict[str, Return], dict[str, str]]:
    """Lines that should run again, and of every other paused line why it stays paused, both by line.

    Args:
        standing: The plan and its lines.
        lesson: What the live days taught.
        now: Its log says who paused them, and why.
        panel: What is known up to the day of tuning.
        money: The platforms' own log of pauses, oldest first.
    """
    back: dict[str, Return] = {}
    stays: dict[str, str] = {}
    for line in (one for one in standing.lines if one.paused):
        found = _judge(line, standing, lesson, now, panel, money)
        if isinstance(found, str):
            stays[line.id] = found
        else:
            back[line.id] = found
    return back, stays


def _judge(
    line: Running, standing: Standing, lesson: Lesson, now: InForce, panel: Panel, money: Sequence[MoneyChange]
) -> "Return | str":
    pause = _pause_of(line, now)
    since = now.state.as_of if pause is None else pause.since
    resumed = _resumed_there(line, since, money, standing.as_of)
    if resumed is not None:
        return (
            f"it is paused here, and was switched on again on the platform on {day(resumed)}: switch it off there, or "
            "resume it here in a file of changes"
        )
    if since is not None and _spends(line, since, panel, standing.as_of):
        return "it is paused here, yet the exports show that it spends money: pause it on the platform"
    if pause is None:
        return "it is paused, and the log does not say why: a person may resume it in a file of changes"
    if standing.days_left < _LEAST_LEFT or line.daily <= 0:
        return f"it is paused since {day(pause.since)}"
    case = _Case(line, pause, standing, lesson, panel)
    if case.was_silent:
        return case.after_tracking()
    if case.was_stuck:
        return case.after_delivery()
    if pause.change.rail == "cost":
        return case.after_cost(now)
    return _persons(pause)


def _persons(pause: _Pause) -> str:
    why = f' ("{pause.entry.why}")' if pause.entry.why else ""
    return f"{pause.entry.who} paused it after {day(pause.since)}{why}: a person decides when it runs again"


@dataclass(frozen=True)
class _Case:
    line: Running
    pause: _Pause
    standing: Standing
    lesson: Lesson
    panel: Panel

    @property
    def days_paused(self) -> int:
        return (self.standing.as_of - self.pause.since).days

    @property
    def _lived(self) -> int:
        """Followed days up to the pause."""
        return max(self.lesson.followed.days - self.days_paused, 0)

    @property
    def was_silent(self) -> bool:
        """Whether its results were not counted before the pause, though many were due."""
        name = self.lesson.counted
        if name is None or not self._lived:
            return False
        silent = self.lesson.followed.stages[name].silent[self.lesson.response.row(self.line.id)]
        return bool(silent[max(0, self._lived - _LOOKED_AT) : self._lived].any())

    @property
    def was_stuck(self) -> bool:
        """Whether it was paused while it spent next to nothing."""
        spent = self.lesson.followed.cost[self.lesson.response.row(self.line.id)]
        last = spent[max(0, self._lived - _MENDED_DAYS) : self._lived]
        return len(last) == _MENDED_DAYS and float(last.mean()) < _UNDELIVERED * self.line.daily

    def after_tracking(self) -> "Return | str":
        others = self._others()
        name = self.lesson.counted or ""
        stage = self.lesson.followed.stages[name]
        counting = [row for row in others if not stage.silent[row, -_MENDED_DAYS:].any()
                    and stage.counts[row, -_MENDED_DAYS:].sum() > 0]  # fmt: skip
        if not counting or len(counting) < len(others):
            return "it was paused while its results were not counted, and nothing shows yet that the tracking is mended"
        why = (
            "It was paused while its results were not counted; on the platform's other lines they come in again, so "
            "that its tracking should be mended, too."
        )
        return self._whole(why)

    def after_delivery(self) -> "Return | str":
        others = self._others()
        running = [row for row in others if self.lesson.followed.cost[row, -_MENDED_DAYS:].sum() > 0]
        if self.days_paused < _MENDED_DAYS or (others and not running):
            return "it was paused while it did not deliver, which may still be so"
        why = "It was paused while it spent next to nothing. Running it again costs nothing until it delivers."
        return self._whole(why)

    def after_cost(self, now: InForce) -> "Return | str":
        again = judged(self.line, self.lesson, lived=self._lived)
        if all(one.probability < _CLEARED for one in again):
            return self._whole(
                "It was paused because its results cost twice what was planned. With what has come in since, that is "
                "no longer likely."
            )
        tried = sum(one.action == "resume" and one.trial and one.line_id in self._names
                    for entry in now.standing() for one in entry.changes)  # fmt: skip
        waits = _TRIAL_AFTER * 2**tried
        if self.days_paused < waits or self.standing.days_left < _TRIAL_LEFT:
            return f"it is paused since {day(self.pause.since)}, because its results cost twice what was planned"
        return self._trial()

    @property
    def _names(self) -> set[str]:
        return {self.line.id, self.line.plan_line.id}

    def _others(self) -> list[int]:
        """Rows of the platform's lines that run."""
        return [
            self.lesson.response.row(one.id)
            for one in self.standing.lines
            if one.now > 0 and one.plan_line.platform == self.line.plan_line.platform
        ]

    def _whole(self, why: str) -> "Return | str":
        """Back at its former budget, unless its money clearly earns more elsewhere."""
        daily = round_to_cent(self.line.daily, self.standing.plan.currency)
        worth = self._worth(daily, self._outcome(daily, {}))
        if worth.mean <= 0 and any(one.now > 0 for one in self.standing.lines):
            return "the reason of its pause is gone, but its money is expected to earn more elsewhere"
        return Return(self.line.id, daily, why, worth)

    def _trial(self) -> "Return | str":
        """A small budget to find out whether the trouble is over, where that is worth it."""
        daily = round_to_cent(_TRIAL * self.line.daily, self.standing.plan.currency)
        over = 1.0 - 0.5 ** (self.days_paused / _HALF_LIFE)
        generator = np.random.default_rng([self.lesson.response.seed, *self.line.id.encode(), 17])
        well = generator.random(self.lesson.response.draws) < over
        brought = np.where(well, self._outcome(daily, self._as_foretold()), self._outcome(daily, {}))
        worth = self._worth(daily, brought)
        if worth.mean <= 0:
            return f"it is paused since {day(self.pause.since)}, and a trial is not worth its money yet"
        why = (
            f"It was paused {counted(self.days_paused, 'day')} ago, because its results cost twice what was planned. A "
            f"trial at {_TRIAL:.0%} of its former budget shows whether that is over, of which the odds are {over:.0%}."
        )
        return Return(self.line.id, daily, why, worth, trial=True)

    def _as_foretold(self) -> Mapping[str, Floats]:
        """What brings each of its stages back to what was foretold before its trouble."""
        row, draws = self.lesson.response.row(self.line.id), self.lesson.response.draws
        return {
            name: np.full(draws, -float(stage.offsets.mean[row])) for name, stage in self.lesson.followed.stages.items()
        }

    def _outcome(self, daily: float, by_stage: Mapping[str, Floats]) -> Floats:
        lesson = self.lesson
        response = with_changes(lesson.response, {self.line.id: LineChange(by_stage)} if by_stage else {})
        return lesson.outcome(self.line.id, np.array([daily * self.standing.days_left]), response)[:, 0]

    def _worth(self, daily: float, brought: Floats) -> Worth:
        days = self.standing.days_left
        price = price_elsewhere(self.standing, self.lesson)
        return Worth(brought - price * daily * days - relearning_cost(brought, days))


def _pause_of(line: Running, now: InForce) -> _Pause | None:
    """The change that paused it, if the log knows it."""
    names = {line.id, line.plan_line.id}
    for entry in reversed(now.standing()):
        for change in entry.changes:
            if change.action == "pause" and change.line_id in names:
                return _Pause(entry, change)
    return None


def _resumed_there(line: Running, since: date | None, money: Sequence[MoneyChange], as_of: date) -> date | None:
    """The day on which somebody switched it on again on the platform after its pause; `None` where nobody did."""
    told = [one for one in money if one.kind == "status" and one.line_id == line.id and one.after is not None
            and one.date <= as_of and (since is None or one.date > since)]  # fmt: skip
    return told[-1].date if told and told[-1].after else None


def _spends(line: Running, since: date, panel: Panel, as_of: date) -> bool:
    """Whether money went into it on the last days, from the second day of its pause on."""
    days = min(_MENDED_DAYS, (as_of - since).days - 1)
    if line.id not in panel.line_ids or days <= 0:
        return False
    return bool(panel.cost[panel.line_ids.index(line.id), -days:].sum() > 0)
