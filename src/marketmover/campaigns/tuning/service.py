"""Tune a running plan: learn from its live days, lay out what is left of its money anew, and say why."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from marketmover.budget import Response, compare, with_changes
from marketmover.campaigns.tuning import words
from marketmover.campaigns.tuning.bounds import Room, rooms, step_of
from marketmover.campaigns.tuning.costs import Dear, dear_lines
from marketmover.campaigns.tuning.creatives import Tired, tired_lines
from marketmover.campaigns.tuning.feelings import feelings_of
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.known import Known, until
from marketmover.campaigns.tuning.learning import Lesson, learn
from marketmover.campaigns.tuning.money import Settled, Slot, settle
from marketmover.campaigns.tuning.rails import Breach, breach_of
from marketmover.campaigns.tuning.resuming import Return, returns_of
from marketmover.campaigns.tuning.rotation import Rested, next_creative, put_off
from marketmover.campaigns.tuning.settings import setting_changes
from marketmover.campaigns.tuning.signs import signs_of
from marketmover.campaigns.tuning.splitting import Laying, again, wishes
from marketmover.campaigns.tuning.standing import QUIET, Running, Standing, standing_of
from marketmover.campaigns.tuning.targets import target_changes
from marketmover.campaigns.tuning.telling import as_changes, by_the_plans_ids, money_spent, notes_of
from marketmover.campaigns.tuning.tracking import untracked_lines
from marketmover.campaigns.tuning.worth import Worth, budget_worth, budgets_outcome, learning_cost
from marketmover.history import Panel
from marketmover.kit import from_cents, to_cents
from marketmover.language.sentiment import DefaultEngine
from marketmover.plans import Change, Changes, ExpectedGain, Held, Limits

_SMALL = 0.05  # a change of less is not worth anybody's work, unless the sum asks for it
_LIKELY = 0.6
_HARDLY_MORE = 0.03  # a change that is hardly too large to be quiet is made quiet
_NO_MONEY = "the plan gives it no money"


def tune(now: InForce, known: Known, *, as_of: date | None = None, limits: Limits | None = None) -> Changes:
    """What to change on a running plan from the day after `as_of` on. The same arguments give the same changes.

    The daily budgets after all changes, times the days left, are the plan's budget less what was spent, to a coin a
    day; a paused line counts 0. Nothing is put into force here.

    Args:
        now: The plan and what is in force.
        known: The history and the live exports.
        as_of: The last day to use; by default the last one known.
        limits: Instead of those that the plan was made with.

    Raises:
        InputError: The plan's objective cannot be learned, or limits contradict.
    """
    day = min(as_of or known.last, known.last)
    panel = until(known.panel, day)
    standing = standing_of(now, panel, known.then, day)
    notes = notes_of(standing, as_of, known)
    if standing.days_left == 0:
        return as_changes(
            standing, [], [Held(line_id=one.plan_line.id, reason="the plan is over") for one in standing.lines], notes
        )
    if to_cents(standing.left) < standing.days_left:
        return as_changes(standing, [money_spent(line) for line in standing.lines if line.now > 0], [], notes)
    lesson = learn(standing, panel, known.then)
    tuning = _Tuning(standing, lesson, limits or now.plan.limits or Limits(), notes)
    tuning.back, tuning.paused = returns_of(standing, lesson, now, panel, known.money)
    if not tuning.back and not any(line.now > 0 for line in standing.lines):
        notes.append("Every line is paused: nothing is tuned until one of them is resumed.")
        why = [Held(line_id=one.id, reason=tuning.paused.get(one.id, _NO_MONEY)) for one in standing.lines]
        return by_the_plans_ids(as_changes(standing, [], why, notes))
    tuning.untracked = untracked_lines(standing, lesson, panel, known.then)
    tuning.tired = tired_lines(standing, lesson, now, panel)
    tuning.look_at_ads(known, day)
    tuning.lay_rooms(panel, now)
    found = tuning.changes(simulated=panel.simulated)
    besides = {change.line_id for change in [*found.changes, *tuning.targets]}
    settings = setting_changes(standing, lesson, known, panel, now, tuning.limits, tuning.rooms, besides=besides)
    settings = [*tuning.targets, *settings]
    touched = {change.line_id for change in settings}
    held = [one for one in found.held if one.line_id not in touched]
    return by_the_plans_ids(found.model_copy(update={"changes": [*found.changes, *settings], "held": held}))


@dataclass(frozen=True)
class _Laid:
    """The room that lines had, what was wished for, the daily budgets that came of it, and what is to be said of it."""

    found: Mapping[str, Room]
    wished: Mapping[str, float]
    settled: Settled
    notes: list[str]


@dataclass
class _Tuning:
    standing: Standing
    lesson: Lesson
    limits: Limits
    notes: list[str]
    tired: dict[str, Tired] = field(default_factory=dict[str, Tired])
    rested: dict[str, Rested] = field(default_factory=dict[str, Rested])
    rooms: dict[str, Room] = field(default_factory=dict[str, Room])
    back: dict[str, Return] = field(default_factory=dict[str, Return])
    paused: dict[str, str] = field(default_factory=dict[str, str])
    untracked: set[str] = field(default_factory=set[str])
    breaches: dict[str, Breach] = field(default_factory=dict[str, Breach])
    targets: list[Change] = field(default_factory=list[Change])
    stopped: frozenset[str] = frozenset()
    unplaced: float = 0.0

    def look_at_ads(self, known: Known, day: date) -> None:
        """Which creative comes in where ads are tired, and which running ads put people off."""
        ads, feelings = known.details.ads, feelings_of(known.reactions, DefaultEngine(), day)
        self.notes += [words.put_off_words(ad, feelings[ad.id]) for ad in put_off(ads, feelings)]
        for line in self.standing.lines:
            if line.id in self.tired and line.source is not None:
                seed = [self.lesson.response.seed, *line.id.encode(), 12]
                found = next_creative(line.source, ads, feelings, seed)
                if found is not None:
                    self.rested[line.id] = found

    def lay_rooms(self, panel: Panel, now: InForce) -> None:
        """How far each line may go, and which targets change; a line whose target is let out keeps its budget."""
        standing, lesson = self.standing, self.lesson
        told = [line for line in standing.lines if line.id not in self.untracked]
        self.breaches = {line.id: found for line in told if (found := breach_of(line, lesson)) is not None}
        dear = dear_lines(standing, lesson, self.limits)
        dear |= {line: Dear(one.times, "plan", one.probability) for line, one in self.breaches.items()
                 if one.rail == "cost"}  # fmt: skip
        dear = {line: one for line, one in dear.items() if line not in self.untracked}
        self.rooms = rooms(standing, self.limits, self.untracked, self.breaches, dear)
        self.targets = target_changes(standing, lesson, panel, now, self.limits, self.rooms, besides=self.tired)
        for line in standing.lines:
            if line.short is not None and any(one.line_id == line.id for one in self.targets):
                self.rooms[line.id] = replace(self.rooms[line.id], low=line.now, high=line.now, short=None)

    def changes(self, *, simulated: bool) -> Changes:
        """The changes of money, pauses and ads, and what is held."""
        standing, lesson, breaches = self.standing, self.lesson, self.breaches
        fresh = self._fresh_ads()
        response = with_changes(lesson.response, {line: self.tired[line].change for line in fresh})
        laid = self._best_laid(response)
        found, wished, budgets = laid.found, laid.wished, laid.settled.budgets
        self.notes += laid.notes
        self._tell_of_the_sum(laid.settled)
        worth = budget_worth(standing, lesson, response, budgets)
        made = [
            change
            for line in standing.lines
            if line.id not in self.back
            for change in self._of_line(line, budgets[line.id], wished[line.id], found[line.id], breaches, worth)
        ]
        made += [one for line in standing.lines for one in self._resumed(line, budgets[line.id])]
        made += [self._new_ads(line, fresh[line.id]) for line in standing.lines if line.id in fresh]
        touched = {change.line_id for change in made}
        held = [
            Held(line_id=line.id, reason=self._why_held(line, found[line.id]))
            for line in standing.lines
            if line.id not in touched
        ]
        told = as_changes(standing, made, held, self.notes, unplaced=self.unplaced, simulated=simulated)
        return self._with_total(told, response, budgets, fresh)

    def _best_laid(self, response: Response) -> "_Laid":
        """The money laid out; with pauses only where that earns more than to cut these lines by a step.

        What a pause sets free can push all others beyond what they use well, or into learning phases.
        """
        ways = [self.rooms]
        if any(room.may_stop for room in self.rooms.values()):
            ways.append({line: replace(room, may_stop=False) for line, room in self.rooms.items()})
        laid = [self._laid(found, response) for found in ways]

        def brings(one: _Laid) -> tuple[float, float]:  # what spends more than is left is no better for bringing more
            return -one.settled.over, budgets_outcome(self.standing, self.lesson, response, one.settled.budgets)

        return max(laid, key=brings)

    def _laid(self, found: Mapping[str, Room], response: Response) -> "_Laid":
        standing, notes = self.standing, list[str]()
        reserved = sum(one.daily for one in self.back.values())
        laying = Laying(standing, self.lesson, response, self.limits, reserved)
        wished = wishes(laying, found, notes) if any(line.now > 0 for line in standing.lines) else {}
        wished = {line.id: wished.get(line.id, line.now) for line in standing.lines}
        wished = self._worth_their_while(wished, found, response)
        wished = self._kept(again(laying, self._narrowed(wished, found), wished), found)
        firm = self.limits.weekly_change is not None
        settled = settle(
            self._slots(wished, found), standing.left, standing.days_left, standing.plan.currency, firm=firm
        )
        return _Laid(found, wished, settled, notes)

    def _tell_of_the_sum(self, settled: Settled) -> None:
        """Notes where the sum cannot be reached."""
        step = step_of(self.limits)
        self.stopped = settled.stopped
        if settled.beyond:
            self.notes.append(words.beyond_words(self.standing, settled.beyond, step))
        if settled.unplaced > 0:
            self.unplaced = settled.unplaced * self.standing.days_left
            self.notes.append(words.unplaced_words(self.standing, settled.unplaced, step))
        if settled.over > 0:
            self.notes.append(words.over_words(self.standing, settled.over, step))

    def _fresh_ads(self) -> dict[str, Worth]:
        """Lines that get new ads, with what these are worth."""
        found: dict[str, Worth] = {}
        for line in self.standing.lines:
            tired = self.tired.get(line.id)
            if tired is None or line.now <= 0:
                continue
            budget = np.array([line.now * self.standing.days_left])
            after = with_changes(self.lesson.response, {line.id: tired.change})
            outcomes = [self.lesson.outcome(line.id, budget, one)[:, 0] for one in (self.lesson.response, after)]
            relearns = line.plan_line.platform == "meta_ads"
            cost = learning_cost(0.0, 1.0, outcomes[0], self.standing.days_left) if relearns else 0.0
            worth = Worth(outcomes[1] - outcomes[0] - cost)
            if worth.mean > 0:
                found[line.id] = worth
        return found

    def _worth_their_while(
        self, wished: Mapping[str, float], found: Mapping[str, Room], response: Response
    ) -> dict[str, float]:
        """The wishes without changes that are small, or that are not likely to earn what they cost."""
        standing = self.standing
        kept = self._kept(wished, found)
        worth = budget_worth(standing, self.lesson, response, kept)
        for line in standing.lines:
            gain, room = worth.get(line.id), found[line.id]
            forced = not room.low - 1e-9 <= line.now <= room.high + 1e-9
            if gain is not None and not forced and (gain.mean <= 0 or gain.probability < _LIKELY):
                kept[line.id] = min(max(kept[line.id], line.now * (1.0 - QUIET)), line.now * (1.0 + QUIET))
        return kept

    def _kept(self, wished: Mapping[str, float], found: Mapping[str, Room]) -> dict[str, float]:
        """The wishes without small changes, and without those that are hardly too large to be quiet."""
        kept = dict(wished)
        for line in self.standing.lines:
            room = found[line.id]
            if room.may_stop and kept[line.id] < room.low:
                kept[line.id] = 0.0 if kept[line.id] < room.low / 2.0 else room.low
            if abs(kept[line.id] - line.now) < _SMALL * line.now and line.now <= room.high:
                kept[line.id] = line.now
            if abs(kept[line.id] - line.now) < (QUIET + _HARDLY_MORE) * line.now:
                kept[line.id] = min(max(kept[line.id], line.now * (1.0 - QUIET)), line.now * (1.0 + QUIET))
        return kept

    def _narrowed(self, wished: Mapping[str, float], found: Mapping[str, Room]) -> dict[str, Room]:
        """The lines' room, those that are to stay or to move a little held to that."""
        narrow = dict(found)
        for line in self.standing.lines:
            room, wish = found[line.id], wished[line.id]
            moved = abs(wish - line.now) / line.now if line.now > 0 else 0.0
            if room.may_stop and moved > QUIET:
                stops = wish <= 0
                narrow[line.id] = replace(room, low=0.0 if stops else room.low, high=0.0 if stops else room.high,
                                          may_stop=stops)  # fmt: skip
            elif moved <= 1e-9:
                narrow[line.id] = replace(room, low=line.now, high=line.now, may_stop=False)
            elif moved <= QUIET + 1e-9:
                low, high = line.now * (1.0 - QUIET), line.now * (1.0 + QUIET)
                narrow[line.id] = replace(room, low=max(room.low, low), high=min(room.high, high), may_stop=False)
        return narrow

    def _slots(self, wished: Mapping[str, float], found: Mapping[str, Room]) -> list[Slot]:
        slots: list[Slot] = []
        for line in self.standing.lines:
            room = found[line.id]
            low = 0.0 if room.may_stop and wished[line.id] <= 0 else room.low
            high = 0.0 if room.may_stop and wished[line.id] <= 0 else room.high
            if abs(wished[line.id] - line.now) <= QUIET * line.now + 1e-9:
                low, high = max(low, line.now * (1.0 - QUIET)), min(high, line.now * (1.0 + QUIET))
            full = room.dear is not None or high < line.now or line.stalled > 0 or line.id in self.untracked
            slots.append(Slot(line.id, line.now, min(max(wished[line.id], low), high), low, high, room.least, room.most,
                              held=bool(room.held), locked=room.locked, full=full,
                              worth=self._brings(line)))  # fmt: skip
        return [self._as_resumed(slot) if slot.line in self.back else slot for slot in slots]

    def _as_resumed(self, slot: Slot) -> Slot:
        daily = self.back[slot.line].daily
        return Slot(slot.line, daily, daily, daily, daily, daily, daily, held=True, full=True)

    def _brings(self, line: Running) -> float:
        """What a unit of a line's money brings over the days left."""
        if line.now <= 0:
            return 0.0
        money = np.array([line.now * self.standing.days_left])
        return float(self.lesson.outcome(line.id, money).mean() / money[0])

    def _resumed(self, line: Running, to: float) -> list[Change]:
        """The changes that bring a paused line back."""
        back = self.back.get(line.id)
        if back is None or to <= 0:
            return []
        gain, sure = back.worth.as_gain(self.lesson.metric), round(back.worth.probability, 3)
        resume = Change(line_id=line.id, action="resume", before="paused", to="running", reason=back.reason,
                        expected_gain=gain, confidence=sure, trial=back.trial)  # fmt: skip
        if to_cents(to) == to_cents(line.daily):
            return [resume]
        why = "The budget with which it runs again."
        before = from_cents(to_cents(line.daily))
        return [resume, Change(line_id=line.id, action="set_daily_budget", before=before, to=to, reason=why,
                               confidence=sure)]  # fmt: skip

    def _why_held(self, line: Running, room: Room) -> str:
        if line.id in self.back:
            return "the reason of its pause is gone, but too little money is left for it to run again"
        if line.paused:
            return self.paused.get(line.id, room.held)
        return room.held or words.held_words(line, self.lesson, room.dear)

    def _of_line(
        self,
        line: Running,
        to: float,
        wished: float,
        room: Room,
        breaches: Mapping[str, Breach],
        worth: Mapping[str, Worth],
    ) -> list[Change]:
        """The changes of one line's money."""
        if to_cents(to) == to_cents(line.now):
            return []
        gain = worth.get(line.id)
        breach = breaches.get(line.id)
        reason = self._reason(line, to, wished, room, gain)
        stops = to <= 0
        return [
            Change(
                line_id=line.id,
                action="pause" if stops else "set_daily_budget",
                before="running" if stops else from_cents(to_cents(line.now)),
                to="paused" if stops else to,
                reason=reason,
                expected_gain=None if gain is None else gain.as_gain(self.lesson.metric),
                confidence=0.5 if gain is None else round(gain.probability, 3),
                rail=breach.rail if breach is not None and to < line.now else None,
            )
        ]

    def _reason(self, line: Running, to: float, wished: float, room: Room, gain: Worth | None) -> str:
        """Why a line's money changes: what calls for it, what it is expected to bring, and what speaks against it."""
        if line.id in self.stopped:
            return words.stopped_words(self.standing, step_of(self.limits))
        signs, breach = signs_of(line, self.lesson), self.breaches.get(line.id)
        told = ""
        if to < line.now and breach is not None:
            told = words.breach_words(line, breach, self.standing, self.lesson)
        elif to < line.now and room.short is not None:
            told = words.short_words(line, room.short)
        if gain is not None and words.is_gain(gain, self.lesson.metric) and abs(wished - line.now) > 1e-9:
            return words.budget_words(line, to, gain, told, signs, self.standing, self.lesson)
        pacing = words.pacing_words(line, to, gain, signs, self.standing, self.lesson.metric, room.dear)
        return f"{told} {pacing}".strip()

    def _new_ads(self, line: Running, worth: Worth) -> Change:
        tired, rested, old = self.tired[line.id], self.rested.get(line.id), line.plan_line.creative
        new = rested.creative(line.plan_line.ad_type).model_dump(mode="json") if rested else None
        return Change(
            line_id=line.id,
            action="rotate_creative",
            before=None if old is None else old.model_dump(mode="json") if rested else old.headline,
            to=new,
            reason=words.tired_words(tired, rested),
            expected_gain=worth.as_gain(self.lesson.metric),
            confidence=round(worth.probability, 3),
        )

    def _with_total(
        self, told: Changes, response: Response, budgets: Mapping[str, float], fresh: Mapping[str, Worth]
    ) -> Changes:
        """The changes with what they bring together, beside leaving all as it is with the same money."""
        days = self.standing.days_left
        daily = sum(line.now for line in self.standing.lines)
        if not told.changes or daily <= 0:
            return told
        scale = min(self.standing.left / days, sum(budgets.values())) * days / daily
        lines = {line.id: line for line in self.standing.lines}
        after = {line: lines[line].spends(budget) * days for line, budget in budgets.items() if budget > 0}
        as_is = {
            line.id: min(line.spends(line.now) * days, line.now * scale) if line.spends(line.now) < line.now
            else line.now * scale
            for line in self.standing.lines if line.now > 0
        }  # fmt: skip
        compared = compare(response, after, as_is, self.lesson.weights, before=self.lesson.response if fresh else None)
        gain = compared.difference
        total = ExpectedGain(
            metric=self.lesson.metric, mid=round(gain.mid, 3), low=round(gain.low, 3), high=round(gain.high, 3)
        )
        return told.model_copy(update={"expected_gain": total, "confidence": round(compared.probability, 3)})
