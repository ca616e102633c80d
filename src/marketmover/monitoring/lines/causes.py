"""What may lie behind a trouble: what was changed, how old the creative is, rivals, the calendar, tracking."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from marketmover.kit import counted
from marketmover.monitoring.lines.days import spoken
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.finding import Finding
from marketmover.monitoring.lines.outages import leads_go_on

_JUST_BEFORE = 3  # days
_OLD_CREATIVE = 28  # days
_RIVALS_LINES = 2
_CHANGES_TOLD = 3  # by themselves; more are counted


@dataclass(frozen=True)
class Cause:
    """Something that fits: `change_log`, `creative_age`, `rival`, `season`, `tracking`, `learning`; and it in words."""

    kind: str
    words: str


def causes_of(finding: Finding, figures: Figures, column: int) -> list[Cause]:
    """What fits a finding as known on a day, likeliest first; empty where nothing does."""
    found: list[Cause] = []
    if finding.what == "tracking":
        found.append(Cause("tracking", "people click as before, so the fault is probably in the tag or the import"))
    elif finding.what == "conversion_rate" and finding.direction < 0:
        found += _lost_in_counting(finding, figures, column)
    found += _changed(finding, figures, column)
    if finding.what == "cpm" and finding.direction > 0 and len(finding.onsets) >= _RIVALS_LINES:
        lines = counted(len(finding.onsets), "line")
        found.append(
            Cause(
                "rival",
                f"{lines} of one platform became dearer at once, so a rival is probably bidding against them",
            )
        )
    if finding.what == "ctr" and finding.direction < 0:
        found += _worn(finding, figures, column)
    found += _calendar(finding, figures, column)
    if finding.what in {"delivery", "tracking"} and len(finding.onsets) > _RIVALS_LINES:
        lines = counted(len(finding.onsets), "line")
        found.append(
            Cause(
                "account",
                f"{lines} of one platform at once, so look at the account and not at each line",
            )
        )
    return found


def _lost_in_counting(finding: Finding, figures: Figures, column: int) -> list[Cause]:
    """A platform that counts fewer where the CRM has as many."""
    change = max(finding.changes.values())
    if not leads_go_on(figures, finding.onsets, column, change):
        return []
    words = "the CRM has about as many leads as before, so conversions are probably lost in the tag or the import"
    return [Cause("tracking", words)]


def _changed(finding: Finding, figures: Figures, column: int) -> list[Cause]:
    """Entries of the log of changes on the lines just before."""
    ids = {figures.panel.lines[row].id: begun for row, begun in finding.onsets.items()}
    words, days = list[str](), list[date]()
    for line, day, what in figures.changes:
        if line in ids:
            begun = figures.day(ids[line])
            if begun - timedelta(_JUST_BEFORE) <= day <= min(begun, figures.day(column)):
                words.append(f"{what} on {spoken(day)}")
                days.append(day)
    for row, begun in finding.onsets.items():
        fresh = np.flatnonzero(figures.refreshed[row, max(0, begun - _JUST_BEFORE) : begun + 1])
        if fresh.size:
            days.append(figures.day(max(0, begun - _JUST_BEFORE) + int(fresh[-1])))
            words.append(f"a new ad on {spoken(days[-1])}")
    told = list(dict.fromkeys(words))
    if len(told) > _CHANGES_TOLD:
        told = [f"{counted(len(words), 'change')} of these lines just before, the last on {spoken(max(days))}"]
    return [Cause("change_log", "; ".join(told))] if told else []


def _worn(finding: Finding, figures: Figures, column: int) -> list[Cause]:
    row = next(iter(finding.onsets))
    fresh = np.flatnonzero(figures.refreshed[row, : column + 1] > 0.0)
    age = column - int(fresh[-1]) if fresh.size else None
    if age is not None and age < _OLD_CREATIVE:
        return []
    seen = f"the ad has run for {counted(age, 'day')}" if age is not None else "no newer ad is known of"
    return [Cause("creative_age", f"{seen}: people may have seen it too often")]


def _calendar(finding: Finding, figures: Figures, column: int) -> list[Cause]:
    row, begun = next(iter(finding.onsets.items()))
    odd = int(figures.odd[row, begun : column + 1].sum())
    learning = bool(figures.learning[row, begun])
    found = (
        [Cause("season", f"{counted(odd, 'day')} of it {'is' if odd == 1 else 'are'} a holiday or sales week")]
        if odd
        else []
    )
    return found + ([Cause("learning", "the platform is still adapting to a change")] if learning else [])
