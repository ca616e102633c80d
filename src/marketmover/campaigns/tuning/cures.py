"""How often new ads bring a fallen click rate back: by the account's own past, and by what was measured of changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Standing
from marketmover.history import Panel

Floats = NDArray[np.float64]
_PRIOR = 1.0, 1.0  # cured, not cured: a uniform prior (Laplace's rule of succession); no published rate is fit for use
_FALLEN = 0.8
_BACK = 0.5  # of the fall (log): so much must be made up for to count as cured
_NEW = 0.3  # share of new ads from which on a day counts as their beginning
_WEEK = 7
_USUAL = 42  # days before the week before
_LEAST_CLICKS = 100.0  # due in a week: a fifth less is then two standard deviations
_MOST = 20.0  # past cases count as so many at most, since what made them fall may have been something else


@dataclass(frozen=True)
class CureRate:
    """How often new ads helped.

    Attributes:
        cured, not_cured: Cases, the prior's included.
        cases: How many of them were seen in this account.
    """

    cured: float
    not_cured: float
    cases: int

    @property
    def mean(self) -> float:
        """Expected share."""
        return self.cured / (self.cured + self.not_cured)

    def draws(self, count: int, generator: np.random.Generator) -> NDArray[np.bool_]:
        """Whether new ads help, draw by draw, the doubt about the rate included."""
        return generator.random(count) < generator.beta(self.cured, self.not_cured, count)


def cure_rate(standing: Standing, lesson: Lesson, now: InForce, panel: Panel) -> CureRate:
    """The share of fallen click rates that new ads brought back, from a uniform prior on."""
    past = [*_in_the_past(panel)]
    since = [*_since_changes(standing, lesson, now)]
    weight = min(1.0, _MOST / max(len(past), 1))
    cured = _PRIOR[0] + weight * sum(past) + sum(since)
    lost = _PRIOR[1] + weight * (len(past) - sum(past)) + len(since) - sum(since)
    return CureRate(cured, lost, len(past) + len(since))


def _in_the_past(panel: Panel) -> Iterator[bool]:
    """Of each time when new ads came after the click rate had fallen: whether it came back."""
    if panel.refreshed is None:
        return
    fresh = np.nan_to_num(panel.refreshed) >= _NEW
    for row, day in np.argwhere(fresh):
        if day < _WEEK + _USUAL or day + _WEEK > panel.cost.shape[1]:
            continue
        clicks, shown = panel.clicks[row], panel.impressions[row]
        usual = _rate(clicks, shown, slice(day - _WEEK - _USUAL, day - _WEEK))
        before = _rate(clicks, shown, slice(day - _WEEK, day))
        after = _rate(clicks, shown, slice(day, day + _WEEK))
        due = usual * float(shown[day - _WEEK : day].sum())
        if min(usual, before, after) <= 0 or due < _LEAST_CLICKS or before > _FALLEN * usual:
            continue
        yield bool(np.log(after / usual) > (1.0 - _BACK) * np.log(before / usual))


def _rate(clicks: Floats, shown: Floats, days: slice) -> float:
    return float(clicks[days].sum() / max(shown[days].sum(), 1.0))


def _since_changes(standing: Standing, lesson: Lesson, now: InForce) -> Iterator[bool]:
    """Of each time when this plan's ads were replaced: whether the click rate came back within a week."""
    stages = lesson.followed.stages
    if not {"clicks", "impressions"} <= set(stages):
        return
    paths = stages["clicks"].offsets.path - stages["impressions"].offsets.path
    rows = {name: lesson.response.row(line.id) for line in standing.lines for name in (line.id, line.plan_line.id)}
    for entry in now.standing():
        at = paths.shape[1] - 1 - (standing.as_of - entry.as_of).days
        if at < 0 or entry.as_of > standing.as_of - timedelta(_WEEK):
            continue
        for change in entry.changes:
            if change.action == "rotate_creative" and change.line_id in rows:
                fallen = float(paths[rows[change.line_id], at])
                later = float(paths[rows[change.line_id], at + _WEEK])
                if fallen < np.log(_FALLEN):
                    yield later > (1.0 - _BACK) * fallen
