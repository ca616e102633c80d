"""Lines whose results are no longer counted, though they come in: by silence, and by what the CRM knows."""

import numpy as np

from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Running, Standing
from marketmover.history import Panel

_SILENT_DAYS = 3
_SPANS = (3, 5, 7, 10)
_USUAL_DAYS = 120
_LEAST_USUAL = 20.0  # leads in the CRM over these days, below which the account says more than the line
_COUNTED = 0.35  # of the leads that the CRM has: so few are more than a form that the CRM leaves out
_SURE = 0.001


def untracked_lines(standing: Standing, lesson: Lesson, panel: Panel, then: Panel) -> set[str]:
    """Running lines whose results are not counted: nothing at all for days, or far fewer than the CRM has."""
    return {
        line.id
        for line in standing.lines
        if line.now > 0 and (_is_silent(line, lesson) or _crm_has_more(line, lesson, panel, then))
    }


def _is_silent(line: Running, lesson: Lesson) -> bool:
    name = lesson.counted
    if name is None:
        return False
    silent = lesson.followed.stages[name].silent[lesson.response.row(line.id)]
    return bool(silent[-_SILENT_DAYS:].any())


def _crm_has_more(line: Running, lesson: Lesson, panel: Panel, then: Panel) -> bool:
    """Whether far fewer leads were counted on the last days than the CRM's leads of the same days make due."""
    from scipy.stats import poisson

    stage = lesson.followed.stages.get("leads")
    if stage is None or not panel.has_crm or not {line.id} <= {*then.line_ids} & {*panel.line_ids}:
        return False
    each = _counted_for_each(line, then)
    row, known = panel.line_ids.index(line.id), lesson.response.row(line.id)
    if each is None:
        return False
    for days in (span for span in _SPANS if span <= stage.counts.shape[1]):
        arrived = np.where(stage.known[known, -days:] > 0, stage.known[known, -days:], 0.0)
        due = float((panel.crm_leads[row, -days:] * arrived).sum()) * each
        counted = float(stage.counts[known, -days:].sum())
        if counted < _COUNTED * due and poisson.cdf(counted, due) < _SURE:
            return True
    return False


def _counted_for_each(line: Running, then: Panel) -> float | None:
    """Leads that the platform counted for each one in the CRM, before the plan; the account's where few are known."""
    rows = slice(None)
    own = then.line_ids.index(line.id)
    crm, counted = (values[:, -_USUAL_DAYS:] for values in (then.crm_leads, then.leads))
    if crm[own].sum() >= _LEAST_USUAL:
        rows = slice(own, own + 1)
    known = float(crm[rows].sum())
    return float(counted[rows].sum()) / known if known >= _LEAST_USUAL else None
