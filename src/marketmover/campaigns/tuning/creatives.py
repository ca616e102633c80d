"""Lines whose ads are clicked much less than foretold, and what new ads are expected to bring."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from marketmover.budget import LineChange
from marketmover.campaigns.tuning.cures import CureRate, cure_rate
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Running, Standing
from marketmover.history import Panel

_FALLEN = 0.8  # of the click rate that was foretold
_SURE = 0.9
_AGAIN_DAYS = 14
_NEW_DAYS = 7


@dataclass(frozen=True)
class Tired:
    """A line whose click rate has fallen.

    Attributes:
        line: Its id.
        share: Click rate over what was foretold (median).
        change: What new ads are expected to do.
        sure: How likely it is that the click rate has fallen by a fifth or more.
        cure: How often new ads bring it back.
    """

    line: str
    share: float
    change: LineChange
    sure: float
    cure: CureRate


def tired_lines(standing: Standing, lesson: Lesson, now: InForce, panel: Panel) -> dict[str, Tired]:
    """Lines whose ads should be replaced: the click rate has fallen by a fifth or more, and its ads are not new."""
    stages = lesson.followed.stages
    if not {"clicks", "impressions"} <= set(stages):
        return {}
    clicks, shown = stages["clicks"].offsets, stages["impressions"].offsets
    found: dict[str, Tired] = {}
    draws, cure = lesson.response.draws, cure_rate(standing, lesson, now, panel)
    for line in standing.lines:
        if line.paused or line.id not in panel.line_ids or _renewed(line, now, panel, standing):
            continue
        row = lesson.response.row(line.id)
        generator = np.random.default_rng([lesson.response.seed, *line.id.encode(), 11])
        fallen = (clicks.draws(draws, generator) - shown.draws(draws, generator))[:, row]
        sure = float((fallen < np.log(_FALLEN)).mean())
        if sure >= _SURE:
            back = np.where(cure.draws(len(fallen), generator), np.maximum(-fallen, 0.0), 0.0)
            share = float(np.exp(np.median(fallen)))
            found[line.id] = Tired(line.id, share, LineChange({"clicks": back}), sure, cure)
    return found


def _renewed(line: Running, now: InForce, panel: Panel, standing: Standing) -> bool:
    """Whether its ads are new, or were replaced a short while ago."""
    since = standing.as_of - timedelta(_AGAIN_DAYS)
    ids = {line.id, line.plan_line.id}
    if any(
        entry.as_of > since and any(one.action == "rotate_creative" and one.line_id in ids for one in entry.changes)
        for entry in now.log
    ):
        return True
    if panel.refreshed is None:
        return False
    return bool(np.nan_to_num(panel.refreshed[panel.line_ids.index(line.id), -_NEW_DAYS:]).any())
