"""Stretches of a line's past within which its settings and its ads stood: what changes of a line teach."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from marketmover.campaigns.parameters.settings import Values, with_interactions
from marketmover.campaigns.parameters.spells import Spell
from marketmover.campaigns.parameters.stood import stood_before
from marketmover.history import Panel, SettingChange

_FEWEST_DAYS = 7
_HALF_YEAR = 183
_OF_MESSAGE = re.compile(r"\b(theme|text)\b")


@dataclass(frozen=True)
class Period:
    """Columns `first` to before `after` of the panel's days, and what the line had then.

    `stretches` names the half-year and the settings that the period shares with others of its line: what else happened
    in them happened to all.
    """

    first: int
    after: int
    values: Values
    stretches: Values


@dataclass(frozen=True)
class _Stood:
    """Columns within which settings stood."""

    first: int
    after: int
    values: Values


def periods_of(
    panel: Panel, row: int, now: Values, changes: Sequence[SettingChange], spells: Sequence[Spell] = ()
) -> list[Period]:
    """The periods of one line, oldest first; its whole past where no change is known.

    Settings are walked back from today's: a change tells what stood before it. What its ads said is told by spells;
    outside of them it is not known and left out.

    Args:
        panel: The history.
        row: The line's.
        now: What the line has today.
        changes: Its changes.
        spells: When its ads said what.
    """
    line = panel.lines[row]
    settings = _settings(panel, row, now, changes)
    halves = range(0, len(panel.dates), _HALF_YEAR)
    edges = sorted({*(edge for one in (*settings, *spells) for edge in (one.first, one.after)), *halves})
    return [
        Period(first, after, _values_on(first, settings, spells), _stretch(line.id, first, settings))
        for first, after in itertools.pairwise(edges)
        if after - first >= _FEWEST_DAYS
    ]


def _settings(panel: Panel, row: int, now: Values, changes: Sequence[SettingChange]) -> list[_Stood]:
    line, days = panel.lines[row], len(panel.dates)
    periods: list[_Stood] = []
    after, values = days, dict(now)
    for change in sorted(changes, key=lambda one: one.date, reverse=True):
        before = stood_before(line, values, change)
        first = int(np.searchsorted(panel.dates, np.datetime64(change.date)))
        if before is None or not 0 < first <= after:
            continue
        if first < after:
            periods.append(_Stood(first, after, values))
        after, values = first, before
    return [_Stood(0, after, values), *reversed(periods)]


def _stretch(line: str, column: int, settings: Sequence["_Stood"]) -> Values:
    place = next(place for place, one in enumerate(settings) if one.first <= column < one.after)
    return {
        "line settings": {f"{line} {place}": 1.0},
        "line half-year": {f"{line} {column // _HALF_YEAR}": 1.0},
    }


def _values_on(column: int, settings: Iterable[_Stood], spells: Iterable[Spell]) -> Values:
    stood = next(one.values for one in settings if one.first <= column < one.after)
    said = next((one.message for one in spells if one.first <= column < one.after), {})
    kept = {name: found for name, found in stood.items() if not _OF_MESSAGE.search(name)}
    return with_interactions({**kept, **said})
