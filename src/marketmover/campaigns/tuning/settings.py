"""Settings that the account's own history speaks for: whom to reach, how to bid, what to say."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import numpy as np

from marketmover.campaigns.compose.settings import reset
from marketmover.campaigns.parameters import Asked, Weighed, learn_parameters, propose
from marketmover.campaigns.tuning.bounds import Room
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.known import Known
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Standing
from marketmover.campaigns.tuning.worth import Worth
from marketmover.history import Panel
from marketmover.plans import Action, Change, Limits

_LEAST_DAYS = 14  # a change that is learned for a week has to earn that back
_SURE = 0.9
_AGAIN_DAYS = 14
_ACTIONS: dict[str, Action] = {
    "audience": "set_audience",
    "bidding": "set_bidding",
    "message": "rotate_creative",
    "ad_type": "rotate_creative",
}


def setting_changes(
    standing: Standing,
    lesson: Lesson,
    known: Known,
    panel: Panel,
    now: InForce,
    limits: Limits,
    rooms: Mapping[str, Room],
    *,
    besides: Collection[str],
) -> list[Change]:
    """Changes of settings that are at least nine times in ten for the better, learning included; at most one a line.

    Args:
        standing: The plan and its lines.
        lesson: What the live days taught.
        known: Holds what settings are learned from.
        panel: What is known up to the day of tuning.
        now: Its log says what was changed lately.
        limits: May ask to keep settings.
        rooms: Lines that are held are left alone.
        besides: Lines that change otherwise.
    """
    if limits.settings == "keep" or not known.details or standing.days_left < _LEAST_DAYS:
        return []
    budgets = {
        line.id: line.now * standing.days_left
        for line in standing.lines
        if line.source is not None and line.now > 0 and not rooms[line.id].held and line.id not in besides
    }
    budgets = {line: budget for line, budget in budgets.items() if not lately_set(line, now, standing)}
    sources = {line.id: line.source for line in standing.lines if line.source is not None and line.id in budgets}
    if not sources:
        return []
    lessons = learn_parameters(panel, known.details, lesson.response, lesson.metric)
    asked = Asked(list(sources.values()), standing.plan.brief, lesson.response, lesson.metric, budgets, 0.0)
    proposals = propose(lessons, known.details, asked)
    made: list[Change] = []
    for line in standing.lines:
        best = max(proposals.changes.get(line.id, ()), key=lambda one: one.expected, default=None)
        if best is not None and best.probability >= _SURE:
            made.append(_change(best, standing, lesson, known, line.id, budgets[line.id]))
    return made


def _change(one: Weighed, standing: Standing, lesson: Lesson, known: Known, name: str, budget: float) -> Change:
    line = next(line for line in standing.lines if line.id == name)
    assert line.source is not None  # noqa: S101 - only lines that the exports know are asked about
    set_so = reset(line.plan_line, line.source, [one], known.details, lesson.metric, standing.plan.currency)
    outcome = lesson.outcome(name, np.array([budget]))[:, 0]
    field = {"set_audience": "audience", "set_bidding": "bidding"}.get(_ACTIONS[one.candidate.parameter], "creative")
    before, after = (getattr(source, field) for source in (line.plan_line, set_so))
    return Change(
        line_id=name,
        action=_ACTIONS[one.candidate.parameter],
        before=None if before is None else before.model_dump(mode="json"),
        to=None if after is None else after.model_dump(mode="json"),
        reason=set_so.changes[-1].words,
        expected_gain=Worth(outcome * np.expm1(one.gain)).as_gain(lesson.metric),
        confidence=round(one.probability, 3),
    )


def lately_set(line: str, now: InForce, standing: Standing) -> bool:
    """Whether a setting of the line was changed within the last two weeks."""
    since = standing.as_of - timedelta(_AGAIN_DAYS)
    kinds = set(_ACTIONS.values())
    own = {line, *(old for old, new in standing.new_lines.items() if new == line)}
    return any(
        one.line_id in own and one.action in kinds for entry in now.log if entry.as_of > since for one in entry.changes
    )
