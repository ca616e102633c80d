"""Bidding targets and cost caps that stand in a line's way, or that aim past what the client asked for."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.compose.words import money
from marketmover.campaigns.tuning.bounds import Room
from marketmover.campaigns.tuning.costs import asked_cost
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.settings import lately_set
from marketmover.campaigns.tuning.standing import TARGET_STEP, Running, Standing
from marketmover.campaigns.tuning.worth import Worth, price_elsewhere
from marketmover.history import Panel
from marketmover.kit import counted, round_to_cent
from marketmover.plans import Bidding, Change, Limits

Floats = NDArray[np.float64]
COST_TARGETS = frozenset({"TARGET_CPA", "MAXIMIZE_CONVERSIONS", "COST_CAP"})
RETURN_TARGETS = frozenset({"TARGET_ROAS", "MAXIMIZE_CONVERSION_VALUE", "LOWEST_COST_WITH_MIN_ROAS"})
_SHORT = 0.85
_DELIVERS = 0.3  # a line that spends less of its budget has another trouble than its target
_BINDS = 0.9  # a target is in the way where results cost nearly as much as it allows; else nobody more is to be had
_LEAST_RESULTS = 30  # in 30 days: with fewer, platforms bid by guesswork, and so should we not judge
_MONTH, _TOO_LATE = 30, 3
_LEAST_LEFT = 7
_LIKELY = 0.7
_OVER = 1.1


@dataclass(frozen=True)
class _Bid:
    """How a line bids, beside what it got on the last days; costs per result, or the inverse of returns."""

    line: Running
    bidding: Bidding
    target: float
    got: float
    by_return: bool

    def moved(self, share: float, currency: str) -> Bidding:
        """The bidding with a target that allows `share` more (or less) to be paid for a result."""
        target = self.bidding.target or 0.0
        to = target / (1.0 + share) if self.by_return else target * (1.0 + share)
        return self.bidding.model_copy(
            update={"target": round(to, 2) if self.by_return else round_to_cent(to, currency)}
        )

    def words(self, bidding: Bidding, currency: str) -> str:
        target = bidding.target or 0.0
        return f"a return of {target:.2f}" if self.by_return else f"{money(target, currency)} a result"


def target_changes(
    standing: Standing,
    lesson: Lesson,
    panel: Panel,
    now: InForce,
    limits: Limits,
    rooms: Mapping[str, Room],
    *,
    besides: Collection[str],
) -> list[Change]:
    """Targets that are let out where they keep a line from spending, and drawn in where they aim past the client's.

    A step is at most `TARGET_STEP`, which starts no learning phase; none follows within two weeks of another.

    Args:
        standing: The plan and its lines.
        lesson: What the live days taught.
        panel: What is known up to the day of tuning.
        now: Its log says what was changed lately.
        limits: May ask to keep settings.
        rooms: Lines that are held are left alone.
        besides: Lines whose money or ads change.
    """
    if limits.settings == "keep" or standing.days_left < _LEAST_LEFT:
        return []
    made: list[Change] = []
    price = price_elsewhere(standing, lesson)
    for bid in _bids(standing, panel, now):
        line, room = bid.line, rooms[bid.line.id]
        if room.held or lately_set(line.id, now, standing):
            continue
        asked = _asked(bid, lesson, standing, limits)
        change = None
        if asked is not None and bid.target > asked and bid.got > _OVER * asked:
            change = _drawn_in(bid, asked, standing, lesson, price)
        elif _in_the_way(bid, panel, standing) and room.dear is None and line.id not in besides:
            change = _let_out(bid, standing, lesson, price)
        made += [change] if change is not None else []
    return made


def _bids(standing: Standing, panel: Panel, now: InForce) -> Iterator[_Bid]:
    """Running lines that bid towards a target, with enough results to judge it by."""
    days = slice(max(0, len(panel.dates) - _MONTH), max(0, len(panel.dates) - _TOO_LATE))
    for line in standing.lines:
        bidding = _bidding(line, now)
        if line.now <= 0 or line.id not in panel.line_ids or not bidding.target or bidding.target <= 0:
            continue
        row = panel.line_ids.index(line.id)
        spent, results = float(panel.cost[row, days].sum()), float(panel.conversions[row, days].sum())
        value = float(panel.revenue[row, days].sum())
        if results < _LEAST_RESULTS:
            continue
        if bidding.strategy in COST_TARGETS:
            yield _Bid(line, bidding, bidding.target, spent / results, by_return=False)
        elif bidding.strategy in RETURN_TARGETS and value > 0:
            yield _Bid(line, bidding, 1.0 / bidding.target, spent / value, by_return=True)


def _bidding(line: Running, now: InForce) -> Bidding:
    """What is in force: what was changed since, else what the exports say, else the plan's."""
    names = (line.id, line.plan_line.id)
    changed = next((now.state.settings[name].get("bidding") for name in names if name in now.state.settings), None)
    if isinstance(changed, Mapping):
        return Bidding.model_validate(changed)
    if line.source is not None and line.source.bidding_strategy != "UNKNOWN":
        return Bidding(strategy=line.source.bidding_strategy, target=line.source.bidding_target)
    return line.plan_line.bidding


def _asked(bid: _Bid, lesson: Lesson, standing: Standing, limits: Limits) -> float | None:
    """The most that a result (or a unit of revenue) may cost, by the limits or the brief."""
    if bid.by_return:
        least = [limits.roas.at_least] if limits.roas is not None else []
        least += [one.value for one in standing.plan.brief.targets
                  if one.metric == "roas" and one.comparison == "at_least" and one.value > 0]  # fmt: skip
        return 1.0 / max(least) if least else None
    return asked_cost(standing, lesson, limits)


def _in_the_way(bid: _Bid, panel: Panel, standing: Standing) -> bool:
    """Whether the line leaves money lying all along while its results cost what the target allows."""
    line = bid.line
    if line.pace is None or not _DELIVERS <= line.pace < _SHORT or bid.got < _BINDS * bid.target:
        return False
    lived = (standing.as_of - standing.plan.start_date).days + 1
    cost = panel.cost[panel.line_ids.index(line.id), -min(max(lived, 1), 14) :]
    first, last = (float(half.mean()) for half in np.array_split(cost, 2)) if len(cost) >= 6 else (1.0, 0.0)
    return last > (1.0 - _DELIVERS) * first  # a sudden break is another trouble


def _let_out(bid: _Bid, standing: Standing, lesson: Lesson, price: Floats) -> Change | None:
    """The target a step wider: the line is taken to spend as much more as its results may cost more, at most."""
    line, days, pace = bid.line, standing.days_left, bid.line.pace or 1.0
    more = min(TARGET_STEP * pace, 1.0 - pace) * line.now
    pair = lesson.outcome(line.id, np.array([pace * line.now, pace * line.now + more]) * days)
    worth = Worth(pair[:, 1] - pair[:, 0] - price * more * days)
    if worth.mean <= 0 or worth.probability < _LIKELY:
        return None
    to = bid.moved(TARGET_STEP, standing.plan.currency)
    return _change(
        bid, to, worth, lesson,
        f"It spends only {pace:.0%} of its budget, while its results cost what its target allows: with "
        f"{bid.words(to, standing.plan.currency)} in the place of {bid.words(bid.bidding, standing.plan.currency)} it "
        "can spend more of it, and that money earns more here than elsewhere.",
    )  # fmt: skip


def _drawn_in(bid: _Bid, asked: float, standing: Standing, lesson: Lesson, price: Floats) -> Change | None:
    """The target a step nearer to what the client asked for; what is saved goes elsewhere."""
    line, days = bid.line, standing.days_left
    share = max(asked / bid.target - 1.0, -TARGET_STEP)
    spent = min(line.pace or 1.0, 1.0) * line.now
    pair = lesson.outcome(line.id, np.array([spent, spent * (1.0 + share)]) * days)
    worth = Worth(pair[:, 1] - pair[:, 0] - price * spent * share * days)
    to = bid.moved(share, standing.plan.currency)
    currency = standing.plan.currency
    wanted = f"a return of {1.0 / asked:.2f}" if bid.by_return else f"at most {money(asked, currency)} a result"
    return _change(
        bid, to, worth, lesson,
        f"It bids towards {bid.words(bid.bidding, currency)}, where {wanted} is asked for: "
        f"{bid.words(to, currency)} is a step towards that ({counted(standing.days_left, 'day')} are left).",
    )  # fmt: skip


def _change(bid: _Bid, to: Bidding, worth: Worth, lesson: Lesson, reason: str) -> Change:
    return Change(
        line_id=bid.line.id,
        action="set_bidding",
        before=bid.bidding.model_dump(mode="json"),
        to=to.model_dump(mode="json"),
        reason=reason,
        expected_gain=worth.as_gain(lesson.metric),
        confidence=round(worth.probability, 3),
    )
